// One look at one page: everything that has to hold for every page, as a list of what doesn't.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };
/** At twice the text's size as much fits here as at 320 px otherwise. */
const TWICE_NARROW = { width: 640, height: 800 };

/** What a reader's device may ask for. The page stays as it is; only its colours change. */
const DEVICES = [
  ["dark", { colorScheme: "dark" }],
  ["high contrast", { contrast: "more" }],
  ["dark high contrast", { colorScheme: "dark", contrast: "more" }],
  ["forced colours", { forcedColors: "active" }],
];
// Without transitions: half-way between two colours nothing can be said about either.
const AS_USUAL = { colorScheme: "light", contrast: "no-preference", forcedColors: "none", reducedMotion: "reduce" };

const html = new HtmlValidate({
  root: true,
  // What the HTML standard asks for; the other presets add taste.
  extends: ["html-validate:standard"],
  rules: {
    // How Tera leaves blank lines and quotes is no matter of validity.
    "no-trailing-whitespace": "off",
    "attr-quotes": "off",
    "void-style": "off",
    "doctype-style": "off",
    // Long titles are read out whole; a Japanese one is short in letters anyway.
    "long-title": "off",
  },
});

/** The ways in which each page is looked at. With JavaScript also in every look; those are a matter of style alone. */
export const WAYS = ["ja", "en"].flatMap((language) =>
  [true, false].map((script) => ({ language, script, looks: script, name: `${language}, JavaScript ${script ? "on" : "off"}` })),
);

/** A visitor: a browser context with this language, with or without JavaScript. */
export function visitor(browser, way) {
  const locale = way.language === "ja" ? "ja-JP" : "en-GB";
  return browser.newContext({ locale, javaScriptEnabled: way.script, viewport: WIDE, timezoneId: "Asia/Tokyo" });
}

/**
 * Opens the address and returns what is wrong with it, each as one line, the addresses it links to, and whether it is a
 * page at all: a link can also lead to a file to keep. An empty list of problems means: found, in the right language,
 * valid, accessible, fits 320 px, and quiet.
 */
export async function look(context, address, way) {
  const page = await context.newPage();
  const problems = [];
  listen(page, new URL(address).origin, problems);
  try {
    const response = await open(page, address);
    if (response === null) return { problems, links: [], page: false };
    if (response.status() !== 200) problems.push(`status ${response.status()}`);
    await validate(await response.text(), problems);
    const links = await linksOf(page);
    await lookAt(context, page, way, problems);
    return { problems, links, page: true };
  } finally {
    await page.close();
  }
}

/** The same for what stands on the screen, e.g. after a button was pressed; nothing can be pressed there afterwards without scripts. */
export async function lookAt(context, page, way, problems) {
  await readBasics(page, way, problems);
  await page.setViewportSize(NARROW);
  await findOverflow(page, "320 px", problems);
  if (!way.script) await letAxeRun(context, page);
  await runAxe(page, "320 px", problems);
  await page.setViewportSize(WIDE);
  if (way.looks) await lookInEveryLook(page, problems);
}

/** Wide, in every set of colours, and at twice the text's size. */
async function lookInEveryLook(page, problems) {
  await page.emulateMedia(AS_USUAL);
  await runAxe(page, "1280 px", problems);
  for (const [name, media] of DEVICES) {
    await page.emulateMedia({ ...AS_USUAL, ...media });
    await runAxe(page, name, problems, ["color-contrast"]);
  }
  await page.emulateMedia(AS_USUAL);
  const usual = await page.evaluate(() => document.documentElement.dataset.text);
  await page.evaluate(() => void (document.documentElement.dataset.text = "200"));
  await findOverflow(page, "1280 px and 200 % text", problems);
  await page.setViewportSize(TWICE_NARROW);
  await findOverflow(page, "640 px and 200 % text", problems);
  await runAxe(page, "640 px and 200 % text", problems, ["target-size", "scrollable-region-focusable"]);
  await page.evaluate((text) => void (document.documentElement.dataset.text = text ?? "100"), usual);
  await page.setViewportSize(WIDE);
}

/** Opens an address; null for a file that the browser keeps instead of showing it. */
export async function open(page, address) {
  try {
    return await page.goto(address, { waitUntil: "load", timeout: 20_000 });
  } catch (error) {
    if (error.message.includes("Download is starting")) return null;
    throw error;
  }
}

/** Where the links of a page lead. The bar on every page of the demo leads to what its start page leads to as well. */
export function linksOf(page) {
  return page.evaluate(() => [...document.querySelectorAll("a[href]:not(.demo-bar a)")].map((link) => link.href));
}

/** Collects what the browser itself complains of: scripts, refused content, files not found, calls to other places. */
export function listen(page, origin, problems) {
  page.on("pageerror", (error) => problems.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    // A refused script or style (CSP) is logged as an error too, with and without JavaScript.
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) problems.push(`calls another place: ${url.origin}`);
  });
}

async function validate(text, problems) {
  const report = await html.validateString(text);
  for (const message of report.results.flatMap((result) => result.messages)) {
    problems.push(`html ${message.ruleId}, line ${message.line}: ${message.message}`);
  }
}

async function readBasics(page, way, problems) {
  const { lang, text } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    text: document.querySelector("main")?.innerText.trim() ?? "",
  }));
  if (lang.split("-")[0] !== way.language) problems.push(`language: asked for ${way.language}, the page says "${lang}"`);
  if (text === "") problems.push("nothing to read: <main> is missing or empty");
}

async function findOverflow(page, where, problems) {
  const wide = await page.evaluate((where) => {
    const room = document.documentElement.clientWidth;
    const needed = document.scrollingElement.scrollWidth;
    if (needed <= room) return null;
    const over = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > room + 1);
    const names = over.slice(0, 5).map((it) => it.tagName.toLowerCase() + (it.id ? `#${it.id}` : "") + (it.className?.trim ? `.${it.className}` : ""));
    return `scrolls sideways at ${where}: needs ${needed} px (${names.join(", ")})`;
  }, where);
  if (wide) problems.push(wide);
}

// The page was read and laid out without scripts, and its own are not run afterwards; only axe needs them.
async function letAxeRun(context, page) {
  const session = await context.newCDPSession(page);
  // Switching off first: taking back is heeded only from a session that has asked for it.
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await session.send("Emulation.setScriptExecutionDisabled", { value: false });
}

async function runAxe(page, width, problems, rules = null) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    return (await window.axe.run(document, { resultTypes: ["violations"], ...only })).violations;
  }, rules);
  for (const { id, help, nodes } of violations) {
    problems.push(`axe ${id} at ${width}: ${help} (${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")})`);
  }
}
