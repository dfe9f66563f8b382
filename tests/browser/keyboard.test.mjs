// Whoever has no mouse: that each thing they need can be found missing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { Keyboard } from "./keyboard.mjs";

const FRAME = (main, style = "") => `<!doctype html><style>:focus-visible { outline: 4px solid blue } ${style}</style>
<a href="#main">skip</a><a href="#1">menu</a><a href="#2">menu</a><main id="main" tabindex="-1">${main}</main>`;

let browser, page;

before(async () => {
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 600, height: 400 } });
});

after(() => browser?.close());

const open = async (main, style) => {
  await page.goto("about:blank");
  await page.setContent(FRAME(main, style));
  return new Keyboard(page);
};

test("the menu is skipped, what is wanted is pressed, and each step is counted", async () => {
  const keyboard = await open(`<a href="#3">other</a> <label><input type="checkbox" id="wanted"> wanted</label>`);
  await keyboard.press("wanted", page.locator("#wanted"));
  assert.ok(await page.locator("#wanted").isChecked());
  assert.deepEqual([keyboard.actions.length, keyboard.moves], [1, 4]);
});

test("a choice, a list, a time and words are given by keys", async () => {
  const keyboard = await open(
    `<label><input type="radio" name="r" value="a"> a</label><label><input type="radio" name="r" value="b"> b</label>
     <select><option value="">-</option><option value="x">x</option></select><input type="time"><textarea>old</textarea>`,
  );
  await keyboard.press("b", page.locator("[value=b]"));
  await keyboard.choose("x", page.locator("select"), "x");
  await keyboard.type("time", page.locator("[type=time]"), "17:45");
  await keyboard.type("words", page.locator("textarea"), "新しい");
  assert.ok(await page.locator("[value=b]").isChecked());
  assert.deepEqual(await page.locator("select, [type=time], textarea").evaluateAll((all) => all.map((one) => one.value)), ["x", "17:45", "新しい"]);
});

test("what Tab never comes to is out of reach", async () => {
  const keyboard = await open(`<button tabindex="-1">wanted</button>`);
  await assert.rejects(keyboard.press("wanted", page.locator("button")), /out of reach by Tab; passed/);
});

test("a focus that nothing shows is a defect", async () => {
  const keyboard = await open(`<button>other</button><button>wanted</button>`, "button { outline: none !important }");
  await assert.rejects(keyboard.press("wanted", page.locator("button").last()), /nothing shows where the focus is: button “other”/);
});

test("a focus behind something that stays where it is is a defect", async () => {
  const over = `<div style="position: fixed; inset: 0; background: white"></div>`;
  const keyboard = await open(`<button>other</button><button>wanted</button>${over}`);
  await assert.rejects(keyboard.press("wanted", page.locator("button").last()), /the focus is hidden/);
});
