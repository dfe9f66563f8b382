// From a press to the next paint, among a thousand people, on a processor four times slower: figures for docs/PERFORMANCE.md, no test.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { startDemo } from "./product.mjs";

const MORE_PEOPLE = 1000;
const SLOWER = 4;
const program = process.env.BANSOU_BIN;
if (!program) {
  console.error("BANSOU_BIN=program node paint.mjs");
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), "bansou-paint-"));
const data = join(folder, "data");
const demo = await startDemo(program, ["--data", data]);
const browser = await launch();
try {
  await importMore();
  const context = await browser.newContext({ locale: "ja-JP", viewport: { width: 1280, height: 900 } });
  const page = await openStart(context, demo.address, "ja");
  await enterAs(page, "staff", "ja");
  await goTo(page, "/account/display");
  await page.check("input[name=keys]");
  await page.locator("main form button").last().click();
  await page.waitForLoadState();
  await page.addInitScript(watchEvents);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await goTo(page, "/inbox?show=all");
  const thread = await page.locator("main .row a").first().getAttribute("href");
  const person = thread.split("?")[0].split("/").pop();
  for (const [name, path, box] of [
    ["Today, the reader's people", "/today", null],
    ["Today, the team's", "/today?whose=all", null],
    ["inbox, all", "/inbox?show=all", null],
    ["graduates", "/graduates", null],
    ["one thread, an answer being typed", `/inbox/${person}`, "textarea#body"],
    ["a new note", `/graduates/${person}/notes/new`, "textarea"],
  ]) {
    await goTo(page, path);
    await useIt(page, box);
    const { longest, of, events } = await page.evaluate(() => globalThis.watched);
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    console.log(`${name}: longest ${longest} ms (${of}), ${events} events over 16 ms, ${elements} elements`);
  }
} finally {
  await browser.close();
  await demo.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The demo's office grows by people of a roster, who all have a job and a plan, and are owed a meeting: Today is full. */
async function importMore() {
  const rows = Array.from({ length: MORE_PEOPLE }, (_, n) => {
    const number = String(n + 1).padStart(4, "0");
    return `P${number},見本${number} 太郎,みほん たろう,株式会社見本${n % 40},2026-0${1 + (n % 4)}-01,2026-10-01,open`;
  });
  const roster = join(folder, "roster.csv");
  await writeFile(roster, `external_id,name,kana,employer,hired_on,service_started_on,disclosure\n${rows.join("\n")}\n`);
  const env = {
    ...process.env,
    BANSOU__DATABASE__URL: `sqlite://${join(data, "bansou.db")}`,
    BANSOU__DATABASE__KEY_FILE: join(data, "bansou.key"),
  };
  const { status, stdout, stderr } = spawnSync(program, ["import", "graduates", roster], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the import ended with status ${status}: ${stdout}${stderr}`);
}

function watchEvents() {
  globalThis.watched = { longest: 0, of: "", events: 0 };
  new PerformanceObserver((list) => {
    for (const event of list.getEntries()) {
      globalThis.watched.events += 1;
      if (event.duration > globalThis.watched.longest) Object.assign(globalThis.watched, { longest: event.duration, of: event.name });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}

async function goTo(page, path) {
  await page.goto(new URL(path, demo.address).href);
  await page.waitForLoadState("load");
}

/** Single keys, folding, a press beside everything, and some twenty letters where there is a box for them. */
async function useIt(page, box) {
  for (const key of ["j", "j", "k", "?"]) await page.keyboard.press(key);
  await page.locator("#keys-dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#keys-dialog[open]").waitFor({ state: "hidden" });
  const folds = page.locator("main details > summary:visible");
  for (let n = 0; n < Math.min(3, await folds.count()); n++) await folds.nth(n).click();
  await page.locator("main h1").click();
  if (box) {
    await page.locator(box).first().click();
    await page.keyboard.type("きのうはありがとうございました。水曜に。");
  }
  // Two frames later every event has been told.
  await page.evaluate(() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told))));
}
