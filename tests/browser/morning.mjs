// What a Monday morning begins with: people who wrote from the demo's phone, somebody who is to be called, and a look at their phones afterwards.
// The demo's clock begins at ten on a working morning, at whatever hour it is started, so whoever can be written to gets it at once.
import { enterAs, openStart } from "./demo.mjs";
import { words } from "./words.mjs";

/** So long a message may take to a phone: the ten seconds in which it can be taken back, and its way. */
const ARRIVES_WITHIN_MS = 60_000;

const NEW_NUMBER = "090-1200-0777";

/** Their words in the order in which they write: the first has a sign in it. */
export const WROTE = [
  "新しい上司の指示が分からない",
  "来月の休みの取り方を教えてください。",
  "次の面談は何時からですか。",
];

/** Makes the morning: gives `wrote`, who wrote what, and `toCall`, each with name, path of the thread and phone. */
export async function arrange(browser, address) {
  const context = await browser.newContext({ locale: "ja-JP" });
  try {
    const page = await openStart(context, address, "ja");
    await enterAs(page, "staff", "ja");
    const toCall = await somebodyToCall(page, address);
    await page.goto(`${address}/today`);
    // Whoever stands there for something else would be met for that first.
    const busy = await idsOf(page, "main .row:not(:has(.row-actions a[href$='/notes/new'])) .row-name a");
    await page.goto(`${address}/inbox?show=all`);
    const ids = await idsOf(page, "main .row-name a");
    const wrote = [];
    for (const text of WROTE) {
      const person = await firstWritable(page, ids, [...busy, ...wrote.map((known) => known.id)]);
      if (!person) throw new Error("too few people of the demo can be written to");
      await page.goto(`${address}/demo/phone/${person.id}`);
      await page.locator("#text").fill(text);
      await page.locator(".phone-write button").click();
      await page.locator(".phone-mine").filter({ hasText: text }).first().waitFor();
      wrote.push(person);
    }
    return { wrote, toCall };
  } finally {
    await context.close();
  }
}

/** Waits until words stand on somebody's phone, as the office's. */
export async function arrives(browser, address, person, text) {
  const context = await browser.newContext({ locale: "ja-JP" });
  try {
    const page = await context.newPage();
    const end = Date.now() + ARRIVES_WITHIN_MS;
    const line = page.locator(".phone-line:not(.phone-mine)").filter({ hasText: text });
    do await page.goto(`${address}/demo/phone/${person.id}`);
    while ((await line.count()) === 0 && Date.now() < end);
    if ((await line.count()) === 0) throw new Error(`“${text}” didn't come to ${person.name}'s phone`);
  } finally {
    await context.close();
  }
}

/** Whose number was gone: it is put right, and somebody decided that they are called. */
async function somebodyToCall(page, address) {
  await page.goto(`${address}/today`);
  const failed = page.locator("section[aria-labelledby=failed-title] .row").first();
  const id = new URL(await failed.locator(".row-name a").getAttribute("href"), address).pathname.split("/").pop();
  await failed.locator("button[name=decision][value=call]").click();
  await page.waitForLoadState();
  await page.goto(`${address}/graduates/${id}/edit`);
  await page.locator("#phone").fill(NEW_NUMBER);
  await page.locator("main form:has(#phone) button").last().click();
  await page.waitForURL(`**/graduates/${id}?**`);
  const person = await firstWritable(page, [id], []);
  if (!person) throw new Error("whose number was put right can't be written to");
  return person;
}

/** A sentence with other words around it. */
export function somewhere(sentence) {
  return new RegExp(sentence.source.replace(/^\^\\s\*/, "").replace(/\\s\*\$$/, ""), "u");
}

async function idsOf(page, links) {
  return page.locator(links).evaluateAll((all) => all.map((link) => new URL(link.href).pathname.split("/").pop()));
}

/** The first who can be written to now, to whom nothing is owed and about whom nobody has to worry. */
async function firstWritable(page, ids, not) {
  const goesLater = somewhere(words("ja")("reply-goes-at"));
  for (const id of ids) {
    if (not.includes(id)) continue;
    await page.goto(new URL(`/inbox/${id}`, page.url()).href);
    const form = page.locator("form[action$='/reply#reply']");
    if ((await form.locator("button[name=channel]").count()) === 0) continue;
    if ((await page.locator("main .card-crisis, main .clock").count()) > 0) continue;
    if (await page.getByText(goesLater).count() > 0) continue;
    const name = await page.locator("h1 .person").evaluate((person) => person.firstChild.textContent.trim().replace(/(さん)$/u, ""));
    return { id, name };
  }
  return undefined;
}
