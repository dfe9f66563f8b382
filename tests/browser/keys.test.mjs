// Single keys: only for whoever wants them, never while somebody writes, and each with a control that is seen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { startDemo } from "./product.mjs";

let demo, browser, page;

before(async () => {
  demo = await startDemo(process.env.BANSOU_BIN);
  browser = await launch();
  const context = await browser.newContext({ locale: "ja-JP" });
  page = await openStart(context, demo.address, "ja");
  await enterAs(page, "staff", "ja");
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const goTo = (path) => page.goto(new URL(path, demo.address).href);
const path = () => new URL(page.url()).pathname;
const rowOfFocus = () => page.evaluate(() => [...document.querySelectorAll("main .row")].indexOf(document.activeElement.closest(".row")));

test("nothing happens until somebody switches keys on", async () => {
  await goTo("/inbox?show=all");
  for (const key of ["j", "g", "t", "?"]) await page.keyboard.press(key);
  assert.equal(path(), "/inbox");
  assert.equal(await rowOfFocus(), -1);
});

test("somebody switches them on, and the page lists them", async () => {
  await goTo("/account/display");
  await page.check("input[name=keys]");
  await page.locator("main form button").last().click();
  await page.waitForLoadState();
  assert.equal(await page.locator("html").getAttribute("data-keys"), "");
  await goTo("/keys");
  assert.ok((await page.locator("#key-list kbd").count()) >= 11);
});

test("j and k go from person to person, Enter opens one", async () => {
  await goTo("/inbox?show=all");
  await page.keyboard.press("j");
  assert.equal(await rowOfFocus(), 0);
  await page.keyboard.press("j");
  assert.equal(await rowOfFocus(), 1);
  await page.keyboard.press("k");
  assert.equal(await rowOfFocus(), 0);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/inbox\/./);
});

test("r goes to the answer's box, where keys are letters again", async () => {
  await page.keyboard.press("r");
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "TEXTAREA");
  await page.keyboard.type("grunsekj");
  assert.equal(await page.locator("textarea:focus").inputValue(), "grunsekj");
  assert.match(path(), /^\/inbox\/./);
});

test("a key that is held down presses once; only the step from row to row goes on", async () => {
  await goTo("/inbox?show=all");
  await page.evaluate(() => {
    window.pressed = 0;
    const control = document.createElement("button");
    control.dataset.key = "u";
    control.addEventListener("click", () => (window.pressed += 1));
    document.querySelector("main").prepend(control);
  });
  for (let held = 0; held < 4; held += 1) await page.keyboard.down("u");
  await page.keyboard.up("u");
  assert.equal(await page.evaluate(() => window.pressed), 1);
  for (let held = 0; held < 3; held += 1) await page.keyboard.down("j");
  await page.keyboard.up("j");
  assert.equal(await rowOfFocus(), 2);
});

test("kana that are being converted and keys with a modifier do nothing", async () => {
  await goTo("/inbox?show=all");
  await page.evaluate(() => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }, { ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, ...init }));
    }
  });
  assert.equal(await rowOfFocus(), -1);
});

test("g t and g i go, and g alone doesn't", async () => {
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.waitForURL(/\/today/);
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.waitForURL(/\/inbox/);
  await page.keyboard.press("t");
  assert.equal(path(), "/inbox");
});

test("? opens the list, Escape closes it, and the focus is where it was", async () => {
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  const dialog = page.locator("#keys-dialog");
  await dialog.waitFor({ state: "visible" });
  assert.ok((await dialog.locator("kbd").count()) >= 11);
  await page.keyboard.press("g");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await rowOfFocus(), 0);
});

test("a reading above a name is no part of what a control is called", async () => {
  await goTo("/account/display");
  await page.check("input[name=furigana][value=all]");
  await page.locator("main form button").last().click();
  await goTo("/inbox?show=all");
  assert.ok((await page.locator("ruby").count()) > 0);
  const names = await page.locator(".row-name a").evaluateAll((links) => links.map((link) => link.querySelector("rt")?.textContent));
  const row = page.locator(".row-name a").first();
  const seen = await row.evaluate((link) => [...link.querySelectorAll("rt")].every((rt) => rt.getAttribute("aria-hidden") === "true"));
  assert.ok(seen && names.some(Boolean));
  const reading = names.find(Boolean);
  assert.equal(await page.getByRole("link", { name: new RegExp(reading, "u") }).count(), 0);
  assert.equal(await page.locator("button ruby, title ruby, option ruby").count(), 0);
});
