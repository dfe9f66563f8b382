// Writing down what was said: how much it costs from Today on, words taken from a message, and a call put in writing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { Effort } from "./effort.mjs";
import { WAYS, listen, lookAt, visitor } from "./look.mjs";
import { startDemo } from "./product.mjs";
import { words } from "./words.mjs";

/** From Today to the saved note of somebody known (issue: staff's day). */
const MOST_ACTIONS = 4;
const MOST_SECONDS = 20;

let demo, browser;

before(async () => {
  demo = await startDemo(process.env.BANSOU_BIN);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const way of WAYS) {
  test(`from Today to a saved note of somebody known (${way.name})`, async (t) => {
    const { page, says, done } = await staff(way);
    const person = page.locator(".row-name a").first();
    if (!(await person.isVisible())) {
      await done();
      return t.skip("nobody stands on the demo's Today");
    }
    const effort = new Effort();
    await effort.press("person", person);
    await effort.press("note", page.locator("a[href$='/notes/new']").first());
    await effort.press("fact", page.locator(".press input").first());
    await effort.press("save", page.getByRole("button", { name: says("note-submit") }));
    await page.getByText(says("done-note-saved")).waitFor();
    t.diagnostic(`Today → note: ${effort}`);
    within(effort);
    const summary = new Effort();
    if (!new URL(page.url()).pathname.endsWith("/summary")) return done();
    // Without scripts nothing can be pressed after a look; the pages are the same.
    if (way.script) await lookAt(page.context(), page, way, done.problems);
    await summary.press("choose", page.locator(".pick input[type=checkbox]").first());
    await summary.press("text", page.getByRole("button", { name: says("summary-make") }));
    await page.locator("textarea#body").waitFor();
    if (way.script) await lookAt(page.context(), page, way, done.problems);
    await summary.press("send", page.locator("#channel button").first());
    await page.getByText(says("done-summary-sent")).waitFor();
    t.diagnostic(`note → in writing: ${summary}`);
    await done();
  });

  test(`from Today to a call that was made and written down (${way.name})`, async (t) => {
    const { page, says, done } = await staff(way);
    const start = page.locator("form[action$='/start'] button").first();
    if (!(await start.isVisible())) {
      await done();
      return t.skip("nobody on the demo's Today is to be called");
    }
    const effort = new Effort();
    await effort.press("call", start);
    await effort.press("spoke", page.locator("input[name=outcome][value=spoke]"));
    await effort.press("fact", page.locator(".press input").first());
    await effort.press("save", page.getByRole("button", { name: says("call-submit") }));
    await page.getByText(says("done-note-saved")).waitFor();
    t.diagnostic(`Today → call → note: ${effort}`);
    within(effort);
    await done();
  });

  test(`words of a message are copied into a note (${way.name})`, async () => {
    const { page, says, done } = await staff(way);
    await openThreadWithWords(page);
    const box = page.locator(".message-in [data-words]").last();
    const link = page.locator(`[data-quote="${await box.getAttribute("data-words")}"]`);
    const whole = (await box.textContent()).trim();
    if (way.script) {
      await box.evaluate((element) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        range.setStart(walker.nextNode(), 0);
        range.setEnd(walker.currentNode, Math.min(4, walker.currentNode.length));
        document.getSelection().removeAllRanges();
        document.getSelection().addRange(range);
      });
      await page.waitForFunction((name) => document.querySelector(`[data-quote="${name}"]`).href.includes("from="), await box.getAttribute("data-words"));
      assert.doesNotMatch(decodeURIComponent(await link.getAttribute("href")), /[^\x20-\x7e]/, "no words in the address");
    }
    await link.click();
    await page.waitForLoadState();
    const said = await page.locator("textarea#said").inputValue();
    const quoted = way.script ? [...whole].slice(0, 4).join("").trim() : whole;
    assert.ok(said.includes(quoted), `${quoted} in ${said}`);
    if (way.script && [...whole].length > 6) assert.ok(!said.includes(whole), said);
    await page.getByText(says("note-private"), { exact: true }).first().waitFor();
    await lookAt(page.context(), page, way, done.problems);
    await done();
  });
}

function within(effort) {
  assert.ok(effort.actions.length <= MOST_ACTIONS, `${effort}`);
  assert.ok(effort.seconds <= MOST_SECONDS, `${effort}`);
}

/** Somebody of the staff on Today; `done` ends the visit and wants nothing to have been wrong. */
async function staff(way) {
  const context = await visitor(browser, way);
  const page = await openStart(context, demo.address, way.language);
  const problems = [];
  listen(page, demo.address, problems);
  await enterAs(page, "staff", way.language);
  await page.goto(`${demo.address}/today`);
  const done = async () => {
    await context.close();
    assert.deepEqual(problems, []);
  };
  done.problems = problems;
  return { page, says: words(way.language), done };
}

async function openThreadWithWords(page) {
  await page.goto(`${demo.address}/inbox?show=all`);
  const threads = await page.locator("main a[href^='/inbox/']").evaluateAll((links) => links.map((link) => link.href));
  for (const thread of threads) {
    await page.goto(thread);
    if ((await page.locator(".message-in [data-words]").count()) > 0) return;
  }
  throw new Error("nobody in the demo has written anything");
}
