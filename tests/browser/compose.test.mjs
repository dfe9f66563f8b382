// Writing to a graduate: the words are looked over, a proposal is taken, and nothing goes out by that.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { WAYS, listen, lookAt, visitor } from "./look.mjs";
import { startDemo } from "./product.mjs";
import { words } from "./words.mjs";

const HARD = "なぜ休んだのですか。ちゃんと連絡してください。";

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
  test(`an answer is looked over and a proposal is taken (${way.name})`, async () => {
    const says = words(way.language);
    const context = await visitor(browser, way);
    const problems = [];
    const page = await openStart(context, demo.address, way.language);
    listen(page, demo.address, problems);
    await enterAs(page, "staff", way.language);
    const box = await openAnswer(page);
    const sent = await page.locator(".message").count();
    await box.fill(HARD);
    if (way.script) await page.locator("#body-look", { hasText: /\d/ }).waitFor();
    await page.getByRole("button", { name: says("lint-look") }).click();
    await page.locator("#remarks button[name=take]").first().click();
    await page.getByText(says("lint-taken")).waitFor();
    assert.notEqual(await box.inputValue(), HARD);
    assert.equal(await page.locator(".message").count(), sent, "nothing was sent");
    await box.fill(HARD);
    await page.getByRole("button", { name: says("lint-look") }).click();
    await page.locator("#remarks button[name=take]").first().waitFor();
    assert.equal(await box.inputValue(), HARD);
    await lookAt(context, page, way, problems);
    await context.close();
    assert.deepEqual(problems, []);
  });
}

/** Opens the thread of somebody who can be written to; gives the box for the answer. */
async function openAnswer(page) {
  await page.goto(`${demo.address}/inbox?show=all`);
  const threads = await page.locator("main a[href^='/inbox/']").evaluateAll((links) => links.map((link) => link.href));
  for (const thread of threads) {
    await page.goto(thread);
    const box = page.locator("textarea#body:not([readonly])");
    if (await box.isVisible()) return box;
  }
  throw new Error("nobody in the demo can be written to");
}
