// Pages stay true by themselves and touch nothing in which somebody writes: a half-written text, its selection and a conversion of kana
// survive, and a new message waits behind a button.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { listen } from "./look.mjs";
import { startDemo } from "./product.mjs";

const CRISIS = "もう消えてしまいたいです";
const NEWS = "あたらしいメッセージの見本です";

let demo, browser;

before(async () => {
  demo = await startDemo(process.env.BANSOU_BIN);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("two colleagues see a new message without loading the page, and nothing that is written is touched", async () => {
  const problems = [];
  const [one, other] = [await colleague("staff", problems), await colleague("manager", problems)];
  const thread = await openThread(one);
  await other.goto(`${demo.address}${thread}`);

  // Half a sentence, and a conversion of kana that goes on.
  const box = one.locator("textarea#body");
  await box.fill("書きかけの文");
  await box.focus();
  const keys = await one.context().newCDPSession(one);
  await keys.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
  await other.locator("textarea#body").fill("ほかの人の文");
  await other.locator("textarea#body").evaluate((field) => field.setSelectionRange(1, 3));
  const before = await one.locator(".message").count();
  const place = await top(box);

  await says(thread, NEWS);
  for (const page of [one, other]) await page.locator("#live-new button").waitFor({ state: "visible", timeout: 60_000 });
  assert.equal(await one.locator(".message").count(), before, "the new message waits");
  assert.equal(await one.evaluate(() => document.activeElement.id), "body");
  assert.ok(Math.abs((await top(box)) - place) < 2, `the box moved from ${place} to ${await top(box)}`);
  assert.equal(await other.locator("textarea#body").evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), "かの");

  // The conversion goes on to its end as if nothing had happened.
  await keys.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await keys.send("Input.insertText", { text: "日本" });
  assert.equal(await box.inputValue(), "書きかけの文日本");

  await one.locator("#live-new button").click();
  await one.locator(".message").filter({ hasText: NEWS }).waitFor();
  assert.equal(await box.inputValue(), "書きかけの文日本");

  // What is written is kept, and colleagues see that somebody writes.
  await one.locator("#draft-kept").filter({ hasText: /\S/ }).waitFor();
  await other.locator("#writing").filter({ hasText: /\S/ }).waitFor({ timeout: 60_000 });
  await one.reload();
  assert.equal(await box.inputValue(), "書きかけの文日本");
  assert.deepEqual(problems, []);
});

test("a row comes to an open Today by itself, and waits behind a button while a hand is on the list", async () => {
  const problems = [];
  const page = await colleague("manager", problems);
  await page.goto(`${demo.address}/inbox?show=all`);
  const all = await page.locator("main a[href^='/inbox/']").evaluateAll((links) => links.map((link) => link.pathname));
  await page.goto(`${demo.address}/today?whose=all`);
  const names = () => page.locator("#today-list [id]").evaluateAll((items) => items.map((item) => item.id));
  const rowOf = (thread) => `row-${thread.split("/").pop()}-reply`;
  const quiet = [];
  for (const thread of all) if ((await page.locator(`#today-list a[href='/graduates/${thread.split("/").pop()}']`).count()) === 0) quiet.push(thread);
  assert.ok(quiet.length > 1, `of ${all.length} people two aren't on Today`);
  await page.evaluate(() => (window.sameLoad = true));

  // The pointer that signed in rests wherever the button was.
  await page.mouse.move(0, 0);
  await says(quiet[0], NEWS);
  await page.locator(`[id="${rowOf(quiet[0])}"]`).waitFor({ timeout: 60_000 });
  assert.ok(await page.evaluate(() => window.sameLoad), "nobody loaded the page");

  await page.locator("#today-list .row").first().hover();
  const before = await names();
  await says(quiet[1], NEWS);
  const button = page.locator("#live-new button");
  await button.waitFor({ state: "visible", timeout: 60_000 });
  assert.deepEqual(await names(), before, "nothing moves under the hand");
  await button.click();
  await page.locator(`[id="${rowOf(quiet[1])}"]`).waitFor();
  assert.ok(await page.evaluate(() => window.sameLoad && document.activeElement.matches("h1")));
  assert.deepEqual(problems, []);
});

test("new words of crisis show behind older ones that are closed meanwhile, also while a hand is on the list", async () => {
  const problems = [];
  const [page, other] = [await colleague("manager", problems), await colleague("staff", problems)];
  await page.goto(`${demo.address}/inbox?show=all`);
  const all = await page.locator("main a[href^='/inbox/']").evaluateAll((links) => links.map((link) => link.pathname));
  const crisisOf = (thread) => `[id="crisis-${thread.split("/").pop()}"]`;
  await page.goto(`${demo.address}/today?whose=all`);
  const calm = [];
  for (const thread of all) if ((await page.locator(crisisOf(thread)).count()) === 0) calm.push(thread);
  const [first, second] = calm;
  await page.mouse.move(0, 0);
  await says(first, CRISIS);
  await page.locator(crisisOf(first)).waitFor({ timeout: 60_000 });

  await page.locator(crisisOf(first)).hover();
  await other.goto(`${demo.address}${first}`);
  await other.locator("form[action$='/crisis/take'] button").click();
  const button = page.locator("#live-new button");
  await button.waitFor({ state: "visible", timeout: 60_000 });
  assert.equal(await page.locator(crisisOf(first)).locator("xpath=..").locator("form[action$='/crisis/take']").count(), 1, "nothing moves under the hand");
  await other.locator("#what").fill("電話で話した");
  await other.locator("form.crisis-close button").click();
  await other.waitForLoadState();

  const told = page.waitForResponse(async (answer) => answer.request().headers()["x-bansou"] === "live" && (await answer.text()).includes(`id="crisis-${second.split("/").pop()}"`), { timeout: 60_000 });
  await says(second, CRISIS);
  await told;
  // The second person's words wait behind the button.
  await button.filter({ hasText: "緊急" }).waitFor({ state: "visible", timeout: 60_000 });
  await button.click();
  await page.locator(crisisOf(second)).waitFor();
  assert.equal(await page.locator(crisisOf(first)).count(), 0);
  assert.deepEqual(problems, []);
});

test("a slow answer never comes over a newer one, and what could not be loaded is asked for again", async () => {
  const [page, other] = [await colleague("staff", []), await colleague("manager", [])];
  const thread = await openThread(page);
  await other.goto(`${demo.address}${thread}`);
  const news = (of, n) => of.locator("#live-new button").filter({ hasText: n }).waitFor({ state: "visible", timeout: 60_000 });
  let asked = 0;
  let [hold, release] = [];
  const isHeld = new Promise((resolve) => (hold = resolve));
  const isReleased = new Promise((resolve) => (release = resolve));
  await page.route(`**${thread}`, async (route) => {
    if (route.request().headers()["x-bansou"] !== "live") return route.continue();
    asked += 1;
    if (asked === 2) return route.fulfill({ status: 503, body: "" });
    const first = asked === 1;
    const answer = await route.fetch();
    if (first) {
      hold();
      await isReleased;
    }
    await route.fulfill({ response: answer });
  });

  // The first answer knows of one message and takes its time, while a colleague's page already shows three.
  await says(thread, "ひとつめの見本です");
  await isHeld;
  for (const [text, n] of [["ふたつめの見本です", "2"], ["みっつめの見本です", "3"]]) {
    await says(thread, text);
    await news(other, n);
  }
  assert.equal(asked, 1, "one load at a time");
  release();
  // The second fails.
  await news(page, "3");
  assert.ok(asked >= 3, "it was asked for again");
});

test("a picture is loaded when somebody opens it, and stays open while new messages come", async () => {
  const problems = [];
  const page = await colleague("staff", problems);
  const thread = await openThread(page);
  const asked = [];
  page.on("request", (request) => request.url().includes("/files/") && asked.push(request.url()));
  await onPhone(thread, (phone) => phone.locator("button[name=picture]").click());
  await page.reload();
  const picture = page.locator(".message details.media").last();
  await picture.waitFor();
  assert.deepEqual(asked, [], "nobody has opened it");
  await picture.locator("summary").click();
  await page.waitForFunction(() => document.querySelector("details.media[open] img")?.naturalWidth === 320);
  assert.equal(asked.length, 1);

  await says(thread, NEWS);
  const button = page.locator("#live-new button");
  await button.waitFor({ state: "visible", timeout: 60_000 });
  await button.click();
  await page.locator(".message").filter({ hasText: NEWS }).last().waitFor();
  assert.ok(await page.locator("details.media[open] img").isVisible(), "somebody is still looking at it");
  assert.deepEqual(problems, []);
});

test("a voice that somebody listens to goes on while new messages come", async () => {
  const problems = [];
  const page = await colleague("staff", problems);
  const thread = await openThread(page);
  await says(thread, "この下に声があるつもりの見本です");
  // The demo's phone has no microphone: every load of the page has a voice below the person's last word of now.
  await page.reload();
  const words = await page.locator(".message-in").last().getAttribute("id");
  await page.route("**/voice-of-a-sample.wav", (route) => route.fulfill({ contentType: "audio/wav", body: wave(60) }));
  await page.route(`**${thread}`, async (route) => {
    const answer = await route.fetch();
    const voice = '<audio class="media" src="/voice-of-a-sample.wav" controls preload="none" aria-label="見本の声"></audio>';
    const [before, rest] = (await answer.text()).split(`id="${words}">`);
    await route.fulfill({ response: answer, body: `${before}id="${words}">${rest.replace('<div class="bubble">', `<div class="bubble">${voice}`)}` });
  });
  await page.reload();
  const voice = page.locator(`[id="${words}"] audio`);
  await voice.evaluate((element) => element.play());
  await page.waitForFunction((id) => document.querySelector(`[id="${id}"] audio`).currentTime > 0.2, words);
  await voice.evaluate((element) => (element.dataset.same = "yes"));

  await says(thread, NEWS);
  const button = page.locator("#live-new button");
  await button.waitFor({ state: "visible", timeout: 60_000 });
  const heard = await voice.evaluate((element) => element.currentTime);
  await button.click();
  await page.locator(".message").filter({ hasText: NEWS }).last().waitFor();
  await page.waitForFunction(([id, heard]) => document.querySelector(`[id="${id}"] audio[data-same]`)?.currentTime > heard + 0.5, [words, heard]);
  assert.ok(await voice.evaluate((element) => !element.paused), "somebody is still listening");
  assert.deepEqual(problems, []);
});

test("whoever has switched live pages off hears nothing", async () => {
  const page = await colleague("admin", []);
  let asked = 0;
  page.on("request", (request) => (asked += request.url().includes("/events") ? 1 : 0));
  await page.route("**/inbox*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace("<html ", '<html data-live="off" ') });
  });
  await page.goto(`${demo.address}/inbox`);
  assert.equal(asked, 0);
});

/** So many seconds of silence, as a file that a browser plays. */
function wave(seconds) {
  const rate = 8_000;
  const file = Buffer.alloc(44 + seconds * rate, 128);
  file.write("RIFF");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write("data", 36);
  file.writeUInt32LE(file.length - 44, 40);
  return file;
}

/** Where something stands on the screen. */
const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);

/** Somebody of the office in a browser of their own. */
async function colleague(role, problems) {
  const context = await browser.newContext({ locale: "ja-JP", viewport: { width: 1280, height: 900 } });
  const page = await openStart(context, demo.address, "ja");
  listen(page, demo.address, problems);
  await enterAs(page, role, "ja");
  return page;
}

/** Opens the thread of somebody who can be written to; gives its path. */
async function openThread(page) {
  await page.goto(`${demo.address}/inbox?show=all`);
  const threads = await page.locator("main a[href^='/inbox/']").evaluateAll((links) => links.map((link) => link.href));
  for (const thread of threads) {
    await page.goto(thread);
    if (await page.locator("textarea#body:not([readonly])").isVisible()) return new URL(thread).pathname;
  }
  throw new Error("nobody in the demo can be written to");
}

/** The person of a thread writes from the demo's phone. */
async function says(thread, text) {
  await onPhone(thread, async (page) => {
    await page.locator("#text").fill(text);
    // The page is shut only after it has left.
    const left = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.locator(".phone-write button").click();
    await left;
  });
}

/** The person of a thread does something on the demo's phone. */
async function onPhone(thread, act) {
  const context = await browser.newContext({ locale: "ja-JP" });
  const page = await openStart(context, demo.address, "ja");
  await page.goto(`${demo.address}/demo/phone/${thread.split("/").pop()}`);
  await act(page);
  await page.waitForLoadState();
  await context.close();
}
