// README's five steps, walked as somebody new would: only what the pages show is pressed, from the start page on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { look, visitor } from "./look.mjs";
import { startDemo } from "./product.mjs";
import { Walker } from "./walker.mjs";
import { words } from "./words.mjs";

const SAID = "新しい上司の指示が分からない";
const REPLY = "話してくれてありがとうございます。今日の午後に電話をします。";
const NOTED = "指示が2人から来て、どちらが先か迷うと話していた。";
const REQUEST = "仕事の指示は、一人の方からお願いできますか。";
const ANSWERED = "来週から班長が一人で伝えます。";

/** The subject of a mail to a made-up employer is Japanese, whoever looks at it. */
const inMail = words("ja");

/** Once in each language, once with and once without JavaScript. */
const WAYS = [
  { language: "ja", script: true, readme: "README.ja.md", name: "ja, JavaScript on" },
  { language: "en", script: false, readme: "README.md", name: "en, JavaScript off" },
];

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

for (const way of WAYS) {
  test(`the five steps of the README (${way.name})`, async (t) => {
    const demo = await startDemo(process.env.BANSOU_BIN);
    const context = await visitor(browser, way);
    try {
      const walk = new Walker(context, demo.address, way.language);
      await fiveSteps(walk, t, (address) => look(context, address, way));
      readmeSays(way, walk);
    } finally {
      await context.close();
      await demo.stop();
    }
  });
}

async function fiveSteps(walk, t, lookAt) {
  // Pages that the crawl can't reach, because somebody has to do something first.
  const sound = async () => {
    const { problems } = await lookAt(walk.page.url());
    assert.deepEqual(problems, [], `on ${walk.where()}`);
  };
  const step = async (name, walked) => {
    await walk.step(name, walked);
    t.diagnostic(name);
  };

  await step("1. the start page leads to a phone, and somebody is chosen", async () => {
    await walk.start();
    await walk.press("demo-phone");
    walk.person = await walk.choosePerson();
  });
  await step("1. a check-in comes within a minute, with answers to press", async () => {
    await walk.press("demo-phone-ask");
    await walk.until(() => walk.page.locator(".phone-choices button").first().isVisible(), "demo-phone-refresh");
    await sound();
  });
  await step("1. the answer in one's own words stands on the phone", async () => {
    await walk.fill("demo-phone-write", SAID);
    await walk.press("demo-phone-send");
    await walk.until(() => walk.shows(SAID, ".phone-mine"), "demo-phone-refresh");
  });

  await step("2. staff see the person and the reason on Today", async () => {
    await walk.press("demo-home");
    await walk.press("demo-enter-staff");
    await walk.until(() => walk.rowOfPerson().isVisible(), "refresh");
  });
  await step("2. the reply is written in the conversation", async () => {
    await walk.press("row-reply", walk.rowOfPerson());
    await walk.sees(SAID);
    await walk.fill("reply-body", REPLY);
    await walk.press("reply-submit");
    await walk.seesSentence("done-reply-sent");
    await walk.sees(REPLY);
  });
  await step("2. a note is written and stands on the person's page", async () => {
    await walk.press("thread-to-note");
    await walk.fill("lane-said", NOTED);
    await walk.press("note-submit");
    await walk.seesSentence("done-note-saved");
    await walk.sees(NOTED);
  });
  await step("2. the person gets the reply on the phone", async () => {
    await walk.press("demo-phone");
    await walk.choosePerson(walk.person);
    await walk.until(() => walk.shows(REPLY, ".phone-lines"), "demo-phone-refresh");
  });

  await step("3. the sign is there with the person's words, and is confirmed", async () => {
    await walk.press("demo-home");
    await walk.press("demo-enter-signs");
    await walk.until(() => walk.signOfPerson("指示").isVisible(), "menu-signs");
    await walk.press("sign-confirm", walk.signOfPerson("指示"));
    await walk.seesSentence("done-sign-confirmed");
    await sound();
  });
  await step("3. the person's consent is recorded, if there is none", async () => {
    const sign = walk.signOfPerson("指示");
    if (!(await walk.has("sign-need-consent", sign))) return;
    await walk.press("sign-need-consent", sign);
    await walk.checkFirst("consent-contact");
    await walk.checkLabel("topic-instructions");
    await walk.checkLabel("means-email");
    await walk.checkLabel("given-oral");
    await walk.fillDate("consent-until", 180);
    await walk.press("consent-submit");
    await walk.seesSentence("done-consent-given");
    await walk.press("menu-signs");
    await walk.press("signs-show-open");
  });
  await step("3. one small request is written", async () => {
    await walk.press("sign-escalate", walk.signOfPerson("指示"));
    await sound();
    await walk.checkLabel("topic-instructions");
    await walk.fill("escalate-request", REQUEST);
    await walk.fillIfEmpty("escalate-purpose", "迷わずに仕事を進めるためです。");
    await walk.fillIfEmpty("escalate-fact-text-n", "指示が2人から来て、どちらが先か迷う日があった。");
    await walk.fillIfEmpty("escalate-question", "できそうですか。");
    await walk.press("escalate-submit");
    await walk.seesSentence("done-request-saved");
    await walk.sees(REQUEST);
    await sound();
  });
  await step("3. the person is asked to read it", async () => {
    await walk.press("read-how-own_page");
    await walk.seesSentence("done-request-asked");
  });
  await step("3. the person reads the very words on their own page and agrees", async () => {
    await walk.press("demo-phone");
    await walk.choosePerson(walk.person);
    await walk.press("demo-phone-me");
    await walk.press("me-open-button");
    await walk.press("me-to-read-button");
    await walk.sees(REQUEST);
    await sound();
    await walk.press("me-read-yes");
    await walk.seesSentence("done-me-read");
  });
  await step("3. staff send it", async () => {
    await walk.press("demo-home");
    await walk.press("demo-enter-signs");
    await walk.press("escalations-title");
    await walk.press(walk.person);
    await walk.sees(REQUEST);
    await walk.press("escalation-send");
    await walk.seesSentence("done-request-sent");
    await walk.until(() => walk.saysSentence("delivery-accepted"));
    await sound();
  });

  await step("4. the mail is in the mailbox, and its link opens the request", async () => {
    await walk.press("demo-mailbox");
    await walk.press(inMail("mail-escalation-subject"));
    await walk.press("mail-escalation-button");
    await walk.press("employer-open-button");
    await walk.sees(REQUEST);
    await sound();
  });
  await step("4. the employer answers once", async () => {
    await walk.checkLabel("employer-kind-yes");
    await walk.fill("employer-text", ANSWERED);
    await walk.checkLabel("employer-may-show-yes");
    await walk.press("employer-submit");
    await walk.seesSentence("employer-sent-title");
    await sound();
  });
  await step("4. the answer stands on the person's timeline", async () => {
    await walk.press("demo-home");
    await walk.press("demo-enter-staff");
    await walk.until(() => walk.rowOfPerson().isVisible(), "refresh");
    await walk.press(walk.person, walk.rowOfPerson());
    await walk.seesSentence("event-request-answer");
    await walk.seesSentence("answer-kind-yes");
    await walk.sees(REQUEST);
  });
  await step("4. a follow-up is planned", async () => {
    await walk.seesSentence("graduate-follow-up");
  });

  await step("5. a manager sees who stays", async () => {
    await walk.press("demo-home");
    await walk.press("demo-enter-manager");
    await walk.seesSentence("retention-title");
    await walk.seesSentence("retention-official");
    await walk.seesSentence("retention-curve-title");
    await walk.seesSentence("retention-people");
  });
}

// What the README calls things is what stood on the pages of the walk; its headings are the start page's.
function readmeSays({ readme, language }, walk) {
  const text = readFileSync(new URL(`../../${readme}`, import.meta.url), "utf8");
  const steps = [...text.matchAll(/^\d\. \*\*(.+?)[。.]?\*\*(.*(?:\n {3}.*)*)/gm)];
  assert.equal(steps.length, 5, `${readme} has five steps`);
  for (const [n, [, heading, words]] of steps.entries()) {
    assert.ok(walk.read.includes(heading), `step ${n + 1} of ${readme} is called “${heading}”, and no page says so`);
    const quoted = language === "ja" ? words.matchAll(/「(.+?)」/g) : words.matchAll(/“(.+?)”/g);
    for (const [, name] of quoted) {
      assert.ok(walk.read.includes(name) || name === SAID, `${readme} speaks of “${name}”, and no page of the walk says that`);
    }
  }
}
