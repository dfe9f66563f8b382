// Somebody who walks through the product by what the pages show, and says in plain words where it doesn't go on.
import { listen } from "./look.mjs";
import { words } from "./words.mjs";

/** So long something may take to appear. */
const PATIENCE_MS = 60_000;
/** So long a page may take to open. */
const OPENS_WITHIN_MS = 20_000;

export class Walker {
  constructor(context, address, language) {
    this.context = context;
    this.address = address;
    this.language = language;
    this.says = words(language);
    /** Everything that was read on the way. */
    this.read = "";
    /** What the browser complained of. */
    this.problems = [];
  }

  /** One step; what breaks it is told with its name and the page. */
  async step(name, walked) {
    try {
      await walked();
      await this.#remember();
    } catch (error) {
      throw new Error(`“${name}” broke: ${error.message}\n    on ${this.where()}`, { cause: error });
    }
    if (this.problems.length > 0) throw new Error(`“${name}”: ${this.problems.join("; ")}\n    on ${this.where()}`);
  }

  where() {
    return this.page ? new URL(this.page.url()).pathname : "no page";
  }

  /** Opens the start page, in the walk's language. */
  async start() {
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(OPENS_WITHIN_MS);
    listen(this.page, new URL(this.address).origin, this.problems);
    await this.page.goto(this.address);
    await this.#remember();
    if ((await this.page.locator("html").getAttribute("lang")) !== this.language) {
      throw new Error(`the start page isn't in the browser's language (${this.language})`);
    }
  }

  /** Presses the button or link with this name: the key of a sentence, or the words themselves. */
  async press(name, within = this.page.locator("body")) {
    const target = await this.#find(name, within);
    await this.#remember();
    await target.click();
    await this.page.waitForLoadState();
  }

  /** Whether there is such a button or link. */
  async has(name, within = this.page.locator("body")) {
    return (await this.#candidates(name, within)).length > 0;
  }

  /** Looks until it is so, and presses what shows the newest in between; without a name, the browser's own button. */
  async until(isSo, refresh) {
    const end = Date.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error(`it didn't appear within ${PATIENCE_MS / 1000} seconds; the page says:\n${await this.#text()}`);
      await (refresh ? this.press(refresh) : this.page.reload());
    }
  }

  async shows(text, within = "main") {
    return (await this.page.locator(within).filter({ hasText: text }).count()) > 0;
  }

  async sees(text) {
    if (!(await this.shows(text))) throw new Error(`the page doesn't show “${text}”; it says:\n${await this.#text()}`);
  }

  /** The sentence with this key, whatever is filled into it. */
  async seesSentence(key) {
    if (!(await this.saysSentence(key))) throw new Error(`the page doesn't say “${this.#somewhere(key).source}”; it says:\n${await this.#text()}`);
  }

  async saysSentence(key) {
    return this.#somewhere(key).test(await this.#text());
  }

  /** Fills the field with this label. */
  async fill(key, text) {
    await (await this.#field(key)).fill(text);
  }

  async fillIfEmpty(key, text) {
    const field = await this.#field(key);
    if ((await field.inputValue()).trim() === "") await field.fill(text);
  }

  /** A day so many days from now. */
  async fillDate(key, days) {
    await this.fill(key, new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  }

  /** Marks the first choice of the group with this legend. */
  async checkFirst(key) {
    await this.page.getByRole("group", { name: this.#loosely(key) }).getByRole("radio").first().check();
  }

  /** Marks the choice with this label. */
  async checkLabel(key) {
    await this.page.getByLabel(this.says(key)).first().check();
  }

  /** The first person of the phone page, or the one named. Gives the name. */
  async choosePerson(name) {
    const people = this.page.locator(".demo-people a");
    const chosen = name ? people.filter({ hasText: name }).first() : people.first();
    const text = (await chosen.innerText()).trim();
    await this.#remember();
    await chosen.click();
    await this.page.waitForLoadState();
    return text;
  }

  rowOfPerson() {
    return this.page.locator("li.row").filter({ hasText: this.person }).first();
  }

  /** The sign of this person whose quote has these words. */
  signOfPerson(quote) {
    return this.page.locator("article.sign").filter({ hasText: this.person }).filter({ has: this.page.locator("blockquote", { hasText: quote }) }).first();
  }

  async #field(key) {
    // A section may have the same name as the field in it.
    const fields = this.page.locator("input, textarea, select");
    const field = fields.and(this.page.getByLabel(this.#loosely(key))).first();
    if ((await field.count()) === 0) throw new Error(`there is no field called ${this.#loosely(key).source}`);
    return field;
  }

  #somewhere(key) {
    return new RegExp(this.says(key).source.replace(/^\^\\s\*/, "").replace(/\\s\*\$$/, ""), "u");
  }

  // A label also holds what stands behind it, such as 「任意」.
  #loosely(key) {
    return new RegExp(this.says(key).source.replace(/\\s\*\$$/, ""), "u");
  }

  async #candidates(name, within) {
    const isKey = /^[a-z][\w-]*$/.test(name);
    // Buttons of a row have its person's name in their own, unseen.
    const exact = isKey ? { name: this.says(name) } : { name, exact: true };
    const begins = { name: isKey ? this.#loosely(name) : name };
    for (const wanted of [exact, begins]) {
      for (const role of ["button", "link"]) {
        const found = await within.getByRole(role, wanted).all();
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  async #find(name, within) {
    const [first] = await this.#candidates(name, within);
    if (!first) throw new Error(`there is nothing to press called “${name}”; the page says:\n${await this.#text()}`);
    return first;
  }

  async #text() {
    return (await this.page.locator("main").innerText()).replaceAll(/\n\s*\n/g, "\n");
  }

  async #remember() {
    if (this.page) this.read += `${await this.page.locator("body").innerText()}\n`;
  }
}
