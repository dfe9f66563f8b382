// What the pages call things, read from the same files as the product reads it.
import { readdirSync, readFileSync } from "node:fs";

/**
 * The sentence with this key, as a pattern: what the page fills in (a name, a time) may be anything.
 * Only sentences on one line are known; pages call nothing by a longer one.
 */
export function words(language) {
  const folder = new URL(`../../locales/${language}/`, import.meta.url);
  const known = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ftl"))) {
    for (const [, key, text] of readFileSync(new URL(file, folder), "utf8").matchAll(/^([a-z][\w-]*) = (.+)$/gm)) {
      known.set(key, text.replace(/\{([^{}|]*)\|[^}]*\}/g, "$1"));
    }
  }
  return (key) => {
    const text = known.get(key);
    if (text === undefined) throw new Error(`locales/${language} have no sentence "${key}" on one line`);
    const parts = text.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^\\s*${parts.join(".+")}\\s*$`, "u");
  };
}
