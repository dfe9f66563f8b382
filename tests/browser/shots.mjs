// Pictures of every kind of page, to be looked at by people: `run --shots FOLDER`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { crawl, kindOf } from "./crawl.mjs";
import { employerPages, enterAs, enterOwnPage, openStart } from "./demo.mjs";
import { linksOf, open } from "./look.mjs";
import { startDemo } from "./product.mjs";

const WIDTHS = [390, 1280];
/** Longer pages are cut off: nobody looks at the hundredth row of a list. */
const MOST_PX = 6000;

const [folder, address] = process.argv.slice(2);
if (!folder) {
  console.error("shots.mjs FOLDER [ADDRESS of a demo that runs]");
  process.exit(2);
}

const demo = address ? { address, stop: async () => {} } : await startDemo(process.env.BANSOU_BIN);
const browser = await launch();
const openRequest = employerPages(browser, demo.address);

/** Who looks: each becomes that from the start page, and gives the paths from which the pages are found. */
const VISITORS = {
  everybody: async () => ["/", "/login"],
  staff: async (page, language) => {
    await enterAs(page, "admin", language);
    return ["/today", "/signs?show=open"];
  },
  graduate: async (page, language) => [await enterOwnPage(page, language)],
  employer: async (page) => [await openRequest(page.context())],
};

try {
  for (const language of ["ja", "en"]) {
    for (const width of WIDTHS) await mkdir(join(folder, `${language}-${width}`), { recursive: true });
    for (const [visitor, become] of Object.entries(VISITORS)) {
      const prepare = async (context) => {
        const page = await openStart(context, demo.address, language);
        const paths = await become(page, language);
        await page.close();
        return paths;
      };
      const visit = (context, link) => show(context, link, `${visitor}${nameOf(link)}`, language);
      const found = await crawl(browser, demo.address, [], { language, script: true }, prepare, visit);
      console.log(`${language}, ${visitor}: ${found.size} kinds of page`);
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}

async function show(context, link, name, language) {
  const page = await context.newPage();
  try {
    if ((await open(page, link)) === null) return { problems: [], links: [], page: false };
    for (const width of WIDTHS) await picture(page, width, join(folder, `${language}-${width}`, `${name}.png`));
    return { problems: [], links: await linksOf(page), page: true };
  } finally {
    await page.close();
  }
}

function nameOf(link) {
  const url = new URL(link);
  return kindOf(url.pathname + url.search).replaceAll("*", "x").replaceAll(/[/?&]/g, "_");
}

async function picture(page, width, path) {
  await page.setViewportSize({ width, height: width < 600 ? 844 : 800 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, MOST_PX) } });
}
