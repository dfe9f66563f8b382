// What something costs whoever does it: actions and seconds by the keystroke-level model, so that no machine's speed plays a part.

/** A key or a button of the mouse. */
const KEY_S = 0.28;
/** Pointing at something. */
const POINT_S = 1.1;
/** Making up one's mind before an action. */
const MIND_S = 1.35;

export class Effort {
  constructor() {
    this.actions = [];
    this.seconds = 0;
  }

  /** Points at something and presses it. */
  async press(name, locator) {
    await locator.click();
    this.#count(name, 1);
  }

  /** Points at a field and types. */
  async type(name, locator, text) {
    await locator.fill(text);
    this.#count(name, 1 + [...text].length);
  }

  toString() {
    return `${this.actions.length} actions, ${this.seconds.toFixed(1)} s: ${this.actions.join(" → ")}`;
  }

  #count(name, keys) {
    this.actions.push(name);
    this.seconds += MIND_S + POINT_S + keys * KEY_S;
  }
}
