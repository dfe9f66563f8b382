// A Monday morning, from the first look at Today to a promise that is moved in time: by mouse, by keyboard alone, and without JavaScript.
// After each task it is asked what really came of it, on the pages of a colleague and on the phones of those who were written to; and no
// task may cost more than it did when this was written.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { enterAs, openStart } from "./demo.mjs";
import { Effort } from "./effort.mjs";
import { Keyboard } from "./keyboard.mjs";
import { listen, lookAt, visitor } from "./look.mjs";
import { arrange, arrives, somewhere } from "./morning.mjs";
import { startDemo } from "./product.mjs";
import { words } from "./words.mjs";

const REPLY = "話してくれてありがとうございます。今日の午後に電話をします。";
const REMARK = "面談の時間を決めて、伝えてください。";
const REASON = "人事の方に聞いているためです。";
const NEW_TIME = "17:45";

/** Most actions of each task (and most steps of the focus, by keyboard). */
const MOST = {
  reply: { actions: 3, moves: 16 },
  promise: { actions: 2, moves: 18 },
  call: { actions: 4, moves: 32 },
  summary: { actions: 3, moves: 16 },
  sign: { actions: 2, moves: 18 },
  "hand over": { actions: 5, moves: 30 },
  "move a promise": { actions: 7, moves: 38 },
};

const WAYS = [
  { name: "by mouse, ja", language: "ja", script: true, looks: true, hands: () => new Effort() },
  { name: "by keyboard alone, ja", language: "ja", script: true, looks: true, keys: true, hands: (page) => new Keyboard(page) },
  { name: "without JavaScript, en", language: "en", script: false, hands: () => new Effort() },
];

let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

for (const way of WAYS) {
  test(`a Monday morning (${way.name})`, async (t) => {
    const demo = await startDemo(process.env.BANSOU_BIN);
    try {
      await new Morning(demo.address, way, t, await arrange(browser, demo.address)).walk();
    } finally {
      await demo.stop();
    }
  });
}

class Morning {
  constructor(address, way, t, { wrote, toCall }) {
    Object.assign(this, { address, way, t, toCall });
    [this.sad, this.asking, this.waiting] = wrote;
    this.says = words(way.language);
    this.problems = [];
  }

  async walk() {
    const context = await visitor(browser, this.way);
    try {
      this.page = await openStart(context, this.address, this.way.language);
      listen(this.page, this.address, this.problems);
      await enterAs(this.page, "staff", this.way.language);
      if (this.way.keys) await this.switchKeysOn();
      await this.page.goto(`${this.address}/today`);
      await this.sound();
      await this.reply();
      await this.promise();
      await this.call();
      await this.confirm();
      await this.handOver();
      await this.move();
    } finally {
      await context.close();
    }
  }

  /** One of the seven tasks, counted; then what came of it. */
  async task(name, done, outcome) {
    const hands = this.way.hands(this.page);
    try {
      await done(hands);
    } catch (error) {
      throw new Error(`“${name}” broke after ${hands} on ${this.page.url()}: ${error.message}`, { cause: error });
    }
    this.t.diagnostic(`${name}: ${hands}`);
    await outcome();
    assert.deepEqual(this.problems, [], name);
    assert.ok(hands.actions.length <= MOST[name].actions, `${name}: ${hands}`);
    assert.ok((hands.moves ?? 0) <= MOST[name].moves, `${name}: ${hands}`);
  }

  async reply() {
    const row = this.row(this.sad);
    await this.task(
      "reply",
      async (hands) => {
        await hands.press("row", row.getByRole("link", { name: this.names("row-reply") }), { row, key: "r" });
        await this.arrived(`/inbox/${this.sad.id}`);
        await hands.type("words", this.page.locator("textarea#body"), REPLY, { via: "r" });
        await hands.press("send", this.page.locator("#channel button").first());
        await this.told("done-reply-sent");
      },
      async () => {
        await this.page.locator("#waiting, #messages").filter({ hasText: REPLY }).first().waitFor();
        await arrives(browser, this.address, this.sad, REPLY);
        await this.page.goto(`${this.address}/inbox/${this.sad.id}`);
        await this.page.locator(".message-out").filter({ hasText: REPLY }).waitFor();
      },
    );
  }

  async promise() {
    await this.today();
    const row = this.row(this.asking);
    let words, at;
    await this.task(
      "promise",
      async (hands) => {
        await hands.press("row", row.getByRole("link", { name: this.names("row-reply") }), { row, key: "r" });
        await this.arrived(`/inbox/${this.asking.id}`);
        const option = this.page.locator("#hold form").first();
        words = (await option.locator("blockquote").textContent()).trim();
        at = new Date(await option.locator("button").getAttribute("value"));
        await hands.press("promise", option.locator("button"), { via: "r" });
        await this.told("done-holding-sent");
      },
      async () => {
        await arrives(browser, this.address, this.asking, words);
        await this.page.goto(`${this.address}/promises`);
        const line = this.promiseOf(this.asking);
        assert.equal(+(await this.timeOf(line)), +at);
        await this.page.goto(`${this.address}/inbox/${this.asking.id}`);
        await this.page.locator(".message-out").filter({ hasText: words }).waitFor();
      },
    );
  }

  async call() {
    await this.today();
    const row = this.row(this.toCall);
    const fact = this.page.locator(".press").first();
    let seen, text;
    await this.task(
      "call",
      async (hands) => {
        await hands.press("row", row.locator("form[action$='/start'] button"), { row, key: "r" });
        await this.told("done-call-started");
        await hands.press("spoke", this.page.locator("input[name=outcome][value=spoke]"), { via: "n" });
        seen = (await fact.innerText()).trim();
        await hands.press("fact", fact.locator("input"));
        await hands.press("save", this.page.getByRole("button", { name: this.says("call-submit") }));
        await this.told("done-note-saved");
      },
      async () => {
        const page = await this.beside(`/graduates/${this.toCall.id}?show=note`);
        await page.locator(".entry-note").first().filter({ hasText: seen }).waitFor();
        await page.close();
      },
    );
    await this.task(
      "summary",
      async (hands) => {
        await hands.press("choose", this.page.locator(".pick input[type=checkbox]").first());
        await hands.press("text", this.page.getByRole("button", { name: this.says("summary-make") }));
        await this.page.locator("textarea#body").waitFor();
        await this.sound();
        text = await this.page.locator("textarea#body").inputValue();
        assert.ok(text.includes(seen), `${seen} in ${text}`);
        await hands.press("send", this.page.locator("#channel button").first());
        await this.told("done-summary-sent");
      },
      () => arrives(browser, this.address, this.toCall, text),
    );
  }

  async confirm() {
    const row = this.row(this.sad);
    await this.task(
      "sign",
      async (hands) => {
        await hands.press("row", row.getByRole("link", { name: this.names("row-sign") }), { row, key: "r" });
        await this.arrived("/signs");
        await hands.press("confirm", this.signOf(this.sad).getByRole("button", { name: this.says("sign-confirm") }));
        await this.told("done-sign-confirmed");
      },
      async () => {
        const page = await this.beside("/signs?show=open");
        const sign = this.signOf(this.sad, page);
        await sign.getByText(this.says("sign-step-confirmed"), { exact: true }).waitFor();
        assert.equal(await sign.getByRole("button", { name: this.says("sign-confirm") }).count(), 0);
        await page.close();
      },
    );
  }

  async handOver() {
    await this.today();
    const row = this.row(this.waiting);
    const colleague = await this.colleague();
    await this.task(
      "hand over",
      async (hands) => {
        await hands.press("row", row.getByRole("link", { name: this.names("row-reply") }), { row, key: "r" });
        await this.arrived(`/inbox/${this.waiting.id}`);
        await hands.press("hand over", this.page.locator("details:has(#to) > summary"), { via: "r" });
        const value = await this.page.locator("#to option").filter({ hasText: colleague.name }).getAttribute("value");
        await hands.choose("colleague", this.page.locator("#to"), value);
        await hands.type("remark", this.page.locator("#remark"), REMARK);
        await hands.press("hand over", this.page.getByRole("button", { name: this.says("hand-over-submit") }));
        await this.told("done-handed-over");
      },
      async () => {
        const thread = colleague.page.locator(".thread-row").filter({ hasText: this.waiting.name });
        await colleague.page.goto(`${this.address}/inbox`);
        await thread.filter({ hasText: somewhere(words("ja")("inbox-handed")) }).waitFor();
        await thread.locator(".row-name a").click();
        await colleague.page.locator("#handed").filter({ hasText: REMARK }).waitFor();
        assert.match((await colleague.page.locator("#handed strong").innerText()).trim(), words("ja")("handed-to-me"));
        await colleague.page.context().close();
      },
    );
  }

  async move() {
    await this.today();
    let text, before;
    await this.task(
      "move a promise",
      async (hands) => {
        await hands.press("inbox", this.page.locator("nav.menu a[href='/inbox']"), { key: "gi" });
        await this.arrived("/inbox");
        await hands.press("promises", this.page.locator("main a[href='/promises']"));
        await this.arrived("/promises");
        before = await this.timeOf(this.promiseOf(this.asking));
        await hands.press("promise", this.promiseOf(this.asking).locator(".row-name a"));
        await this.page.locator("#move").waitFor();
        await this.sound();
        await hands.type("time", this.page.locator("#time"), NEW_TIME);
        await hands.type("reason", this.page.locator("#reason"), REASON);
        await hands.press("look", this.page.locator("button[name=step][value=look]"));
        await this.page.locator(".hold-words").waitFor();
        await this.sound();
        text = (await this.page.locator(".hold-words").textContent()).trim();
        assert.ok(text.includes(REASON), text);
        await hands.press("send", this.page.locator("button[name=step][value=move]"));
        await this.told("done-promise-moved");
      },
      async () => {
        const after = await this.timeOf(this.page.locator("section.card").first());
        assert.equal(after.toISOString().slice(0, 10), before.toISOString().slice(0, 10));
        assert.equal(clock(after), NEW_TIME);
        await this.page.goto(`${this.address}/promises`);
        assert.equal(clock(await this.timeOf(this.promiseOf(this.asking))), NEW_TIME);
        await arrives(browser, this.address, this.asking, text);
      },
    );
  }

  async switchKeysOn() {
    await this.page.goto(`${this.address}/account/display`);
    const keyboard = this.way.hands(this.page);
    await keyboard.press("keys", this.page.locator("input[name=keys]"));
    await keyboard.press("save", this.page.getByRole("button", { name: this.says("display-save") }));
    await this.told("done-display-saved");
  }

  today() {
    return this.page.goto(`${this.address}/today`);
  }

  row(person) {
    return this.page.locator("main .row").filter({ hasText: person.name }).first();
  }

  signOf(person, page = this.page) {
    return page.locator("article.sign").filter({ hasText: person.name }).filter({ hasText: "指示" }).first();
  }

  promiseOf(person) {
    return this.page.locator("section[aria-labelledby=open-title] .row").filter({ hasText: person.name }).first();
  }

  async timeOf(locator) {
    return new Date(await locator.locator("time").first().getAttribute("datetime"));
  }

  /** The name of a control that goes on with the person's. */
  names(key) {
    return somewhere(this.says(key));
  }

  /** A page of the same person in another tab, so that the work goes on where it was. */
  async beside(path) {
    const page = await this.page.context().newPage();
    await page.goto(`${this.address}${path}`);
    return page;
  }

  /** A colleague at their own desk who isn't on leave. */
  async colleague() {
    const context = await browser.newContext({ locale: "ja-JP" });
    const page = await openStart(context, this.address, "ja");
    await enterAs(page, "admin", "ja");
    const name = (await page.locator("a.account-name[href='/account']").evaluate((link) => link.firstChild.textContent)).trim();
    return { page, name };
  }

  async arrived(path) {
    await this.page.waitForURL((url) => url.pathname === path);
    await this.sound();
  }

  async told(key) {
    await this.page.locator(".status-text").filter({ hasText: this.says(key) }).waitFor();
    await this.sound();
  }

  /** Nothing may be wrong with what stands on the screen. Without scripts nothing could be pressed after a look; the pages are the same. */
  async sound() {
    await this.page.waitForLoadState();
    if (this.way.looks) await lookAt(this.page.context(), this.page, this.way, this.problems);
  }
}

/** The time of day in the office. */
function clock(at) {
  return at.toLocaleTimeString("en-GB", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" });
}
