// Every page of the product: for everybody who can sign in, in both languages, with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { crawl } from "./crawl.mjs";
import { employerPages, enterOwnPage, openStart } from "./demo.mjs";
import { WAYS } from "./look.mjs";
import { startDemo } from "./product.mjs";
import { weigh } from "./weigh.mjs";

/** What anybody can open; `/` leads on to wherever this visitor belongs. */
const OUTSIDE = ["/", "/login"];
/** What every member of staff has in the menu. Everything else is reached through links, as a person would. */
const STAFF = ["/today", "/inbox", "/graduates", "/signs", "/signs?show=open"];

let demo, accounts, browser, openRequest;

before(async () => {
  demo = await startDemo(process.env.BANSOU_BIN);
  accounts = accountsIn(demo.printed);
  browser = await launch();
  openRequest = employerPages(browser, demo.address);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("the demo says with whom one can sign in", () => {
  assert.ok(accounts.length > 0, `no line with an e-mail address and a password in:\n${demo.printed}`);
});

for (const way of WAYS) {
  test(`pages for everybody (${way.name})`, async (t) => {
    report(t, await crawl(browser, demo.address, OUTSIDE, way), OUTSIDE.length);
  });
}

for (const way of WAYS) {
  test(`pages for staff (${way.name})`, async (t) => {
    for (const account of accounts) {
      // Whoever may see most sees every page in every look; the others' are the same ones with less on them.
      const looks = way.looks && account === accounts.at(-1);
      const prepare = (context) => signIn(context, account, way.language);
      const found = await crawl(browser, demo.address, STAFF, { ...way, looks }, prepare);
      report(t, found, STAFF.length, account.email);
    }
  });

  test(`a graduate's own pages (${way.name})`, async (t) => {
    const prepare = async (context) => {
      const page = await openStart(context, demo.address, way.language);
      const path = await enterOwnPage(page, way.language);
      await page.close();
      return [path];
    };
    report(t, await crawl(browser, demo.address, [], way, prepare), 5, "a graduate");
  });
}

// After those for everybody else in every way: a link from a mail that an employer has opened is gone for them, whichever mail they come to.
for (const way of WAYS) {
  test(`the page of an employer contact (${way.name})`, async (t) => {
    const prepare = async (context) => [await openRequest(context)];
    report(t, await crawl(browser, demo.address, [], way, prepare), 1, "an employer contact");
  });
}

test("a staff page with style and script is at most 60 kB over the wire", async (t) => {
  const context = await browser.newContext({ locale: "ja-JP" });
  await signIn(context, accounts.at(-1), "ja");
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await context.close();
  const heavy = [];
  let heaviest = 0;
  for (const path of [...STAFF, "/retention", "/settings", "/settings/office", "/account/display"]) {
    const { whole, parts } = await weigh(demo.address, path, cookie);
    t.diagnostic(`${path}: ${whole} B (${parts.join(", ")})`);
    heaviest = Math.max(heaviest, whole);
    if (whole > 60_000) heavy.push(path);
  }
  assert.deepEqual(heavy, [], `the heaviest has ${heaviest} B`);
});

// Every problem of every page at once: whoever mends one wants to see the others.
function report(t, found, atLeast, who = "everybody") {
  t.diagnostic(`${found.size} kinds of page for ${who}`);
  assert.ok(found.size >= atLeast, `only ${found.size} pages were found for ${who}: ${[...found.keys()].join(" ")}`);
  const wrong = [...found].filter(([, problems]) => problems.length > 0);
  const lines = wrong.map(([path, problems]) => `${path}\n${problems.map((problem) => `    ${problem}`).join("\n")}`);
  assert.equal(wrong.length, 0, `for ${who}:\n${lines.join("\n")}`);
}

async function signIn(context, { email, password }, language) {
  const page = await context.newPage();
  await page.goto(`${demo.address}/login`);
  await page.fill("input[name=email]", email);
  await page.fill("input[name=password]", password);
  await page.click("main button[type=submit], main form button");
  await page.waitForURL((url) => url.pathname !== "/login", { timeout: 20_000 });
  // An account has a language of its own; whoever wants another presses the button on every page.
  if ((await page.locator("html").getAttribute("lang")) !== language) {
    await page.click("form.languages button");
    await page.waitForLoadState();
  }
  await page.close();
}

// The demo prints one line for each made-up member of staff: `… name@example.jp  password`.
function accountsIn(printed) {
  const lines = printed.matchAll(/([\w.+-]+@[\w.-]+)[^\S\n]+(\S+)/g);
  return [...lines].map(([, email, password]) => ({ email, password }));
}
