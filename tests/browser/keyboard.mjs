// Somebody without a mouse: Tab, Shift+Tab, arrows, Enter, Space, typing, and the single keys of /keys. Wherever the focus comes to stand
// it has to be seen.
import { Effort } from "./effort.mjs";

/** So many steps to one control, and it counts as out of reach. */
const MOST_MOVES = 80;

export class Keyboard extends Effort {
  constructor(page) {
    super();
    this.page = page;
    this.moves = 0;
  }

  /**
   * Goes to something and presses it. `key` is the single key that does the same, `row` the row of a list in which it stands, `via` a single
   * key that leads near it.
   */
  async press(name, locator, { row, key, via } = {}) {
    if (row) await this.#toRow(row);
    if (via) await this.#press(via);
    if (key) {
      for (const one of key) await this.page.keyboard.press(one);
      return this.count(name, key.length);
    }
    await this.reach(locator);
    const isChosen = await locator.evaluate((control) => control.type === "radio" && control.checked);
    const isTicked = await locator.evaluate((control) => ["radio", "checkbox"].includes(control.type));
    if (!isChosen) await this.page.keyboard.press(isTicked ? "Space" : "Enter");
    this.count(name, 1);
  }

  /** Goes to a field and types over what stands in it. */
  async type(name, locator, text, { via } = {}) {
    if (via) await this.#press(via);
    await this.reach(locator);
    const kind = await locator.getAttribute("type");
    // In the parts of a time digits go on to the next part by themselves.
    const keys = kind === "time" ? text.replaceAll(/\D/g, "") : text;
    if (kind !== "time") await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(keys);
    this.count(name, [...keys].length);
  }

  /** Goes to a list and down to a choice. */
  async choose(name, locator, value) {
    await this.reach(locator);
    await this.#move("ArrowDown", () => locator.evaluate((list, value) => list.value === value, value));
    this.count(name, 0);
  }

  /** Moves the focus to a control, over the skip link where that is shorter. */
  async reach(locator) {
    if ((await this.#where(locator)).isStart && (await locator.evaluate((it) => Boolean(it.closest("main"))))) await this.#skip();
    const { isThere, isBefore } = await this.#where(locator);
    if (isThere) return;
    await this.#move(isBefore ? "Shift+Tab" : "Tab", async () => (await this.#where(locator)).isThere);
    const isArrow = await locator.evaluate((it) => it !== document.activeElement);
    if (isArrow) await this.#move("ArrowDown", () => locator.evaluate((it) => it === document.activeElement));
  }

  toString() {
    return `${this.actions.length} actions and ${this.moves} moves, ${this.seconds.toFixed(1)} s: ${this.actions.join(" → ")}`;
  }

  async #skip() {
    await this.#press("Tab");
    const isSkip = await this.page.evaluate(() => document.activeElement.matches("a[href='#main']"));
    if (!isSkip) throw new Error("the first Tab doesn't lead to the link that skips the menu");
    await this.#press("Enter");
  }

  /** A key that moves the focus. Gives where it is then. */
  async #press(key) {
    await this.page.keyboard.press(key);
    this.moves += 1;
    this.countMove();
    return this.#seen();
  }

  async #toRow(row) {
    const index = () => this.page.evaluate(() => [...document.querySelectorAll("main .row")].indexOf(document.activeElement.closest(".row")));
    const wanted = await row.evaluate((row) => [...document.querySelectorAll("main .row")].indexOf(row));
    await this.#move((await index()) > wanted ? "k" : "j", async () => (await index()) === wanted);
  }

  /** Presses a key until it is so. */
  async #move(key, isSo) {
    const passed = [];
    while (!(await isSo())) {
      if (passed.length >= MOST_MOVES) throw new Error(`out of reach by ${key}; passed ${passed.join(", ")}`);
      passed.push(await this.#press(key));
    }
  }

  /** Where the focus is, seen from a control: there, on the same group of choices, behind it, or at the start of the page. */
  #where(locator) {
    return locator.evaluate((control) => {
      const now = document.activeElement;
      const isGroup = control.type === "radio" && now.type === "radio" && now.name === control.name && now.form === control.form;
      const from = now === document.body ? (location.hash && document.getElementById(location.hash.slice(1))) || now : now;
      return {
        isThere: now === control || isGroup,
        isBefore: from !== document.body && Boolean(from.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_PRECEDING),
        isStart: from === document.body,
      };
    });
  }

  /** What has the focus, which has to be seen: with a mark around it, and not behind something that stays where it is. */
  async #seen() {
    const { name, problem } = await this.page.evaluate(() => {
      const it = document.activeElement;
      const name = `${it.tagName.toLowerCase()} “${(it.innerText || it.getAttribute("aria-label") || it.name || it.id || "").trim().slice(0, 30)}”`;
      if (it === document.body || it.id === "main") return { name };
      // The small button of a date has the browser's own mark: the field around it then says that it hasn't the focus itself.
      if (it.matches("[type=date], [type=time]") && !it.matches(":focus")) return { name };
      const isMarked = (one) => getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
      if (![it, it.closest("label")].some((one) => one && isMarked(one))) return { name, problem: "nothing shows where the focus is" };
      const boxes = [...it.getClientRects()];
      const points = boxes.flatMap((box) => [0.1, 0.5, 0.9].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [box.x + x * box.width, box.y + y * box.height])));
      const isOnTop = ([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit && (it.contains(hit) || hit.closest("label")?.contains(it));
      };
      return { name, problem: points.some(isOnTop) ? undefined : "the focus is hidden" };
    });
    if (problem) throw new Error(`${problem}: ${name} on ${new URL(this.page.url()).pathname}`);
    return name;
  }
}
