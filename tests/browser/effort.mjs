// What something costs whoever does it: actions and seconds by the keystroke-level model, so that no machine's speed plays a part.

/** A key or a button of the mouse. */
const KEY_S = 0.28;
/** Pointing at something. */
const POINT_S = 1.1;
/** Making up one's mind before an action. */
const MIND_S = 1.35;

/** Somebody with a mouse. Whatever is told about keys is for whoever has none (`keyboard.mjs`). */
export class Effort {
  constructor() {
    this.actions = [];
    this.seconds = 0;
  }

  /** Points at something and presses it. */
  async press(name, locator) {
    await locator.click();
    this.count(name, 1, POINT_S);
  }

  /** Points at a field and types. */
  async type(name, locator, text) {
    await locator.fill(text);
    this.count(name, 1 + [...text].length, POINT_S);
  }

  /** Unfolds a list and points at a choice. */
  async choose(name, locator, value) {
    await locator.selectOption(value);
    this.count(name, 2, 2 * POINT_S);
  }

  toString() {
    return `${this.actions.length} actions, ${this.seconds.toFixed(1)} s: ${this.actions.join(" → ")}`;
  }

  /** One action: making up one's mind, so many keys, and what the way there costs. */
  count(name, keys, wayThere = 0) {
    this.actions.push(name);
    this.seconds += MIND_S + wayThere + keys * KEY_S;
  }

  /** A step on the way to something, about which nobody has to think. */
  countMove() {
    this.seconds += KEY_S;
  }
}
