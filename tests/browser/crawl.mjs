// From a list of routes onwards: every page of the site that a link leads to is looked at once per kind.
import { look, visitor } from "./look.mjs";

/**
 * Looks at the given paths and at whatever they link to on the same site. Returns a map from path to problems.
 * Pages that differ only in the thing they show (an id, a date, a number) are one kind, and one of them is looked at.
 * `prepare` gets the fresh visitor first, to sign in; it may give more paths. `visit` is what is done with a page, `look` unless told otherwise.
 */
export async function crawl(browser, origin, paths, way, prepare = async () => {}, visit = look) {
  const context = await visitor(browser, way);
  const found = new Map();
  try {
    const more = (await prepare(context)) ?? [];
    const seen = new Set();
    const waiting = [...paths, ...more];
    while (waiting.length > 0) {
      const path = waiting.shift();
      if (seen.has(kindOf(path))) continue;
      seen.add(kindOf(path));
      const { problems, links, page } = await visit(context, new URL(path, origin).href, way);
      if (page || problems.length > 0) found.set(path, problems);
      waiting.push(...links.filter((link) => new URL(link).origin === origin).map(pathOf));
    }
  } finally {
    await context.close();
  }
  return found;
}

/** The path with ids, dates, tokens and numbers replaced by a star. Names of parameters count, their values don't. */
export function kindOf(path) {
  const url = new URL(path, "http://here");
  const parts = url.pathname.split("/").map((part) => (isName(part) ? part : "*"));
  const names = [...new Set(url.searchParams.keys())].sort();
  return parts.join("/") + (names.length > 0 ? `?${names.join("&")}` : "");
}

function pathOf(link) {
  const url = new URL(link);
  return url.pathname + url.search;
}

// Routes are words in small letters; ids have digits, and tokens are long or mixed.
function isName(part) {
  return /^[a-z-]*(\.[a-z]+)?$/.test(part) && part.length <= 30;
}
