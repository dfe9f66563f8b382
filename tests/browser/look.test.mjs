// The look itself can fail: a small server shows one good page, and pages with one fault each.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { crawl, kindOf } from "./crawl.mjs";
import { look, visitor, WAYS } from "./look.mjs";

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'";
const [JA] = WAYS;

const GOOD = {
  ja: page("ja", "きょうの連絡", "<h1>きょうの連絡</h1><p>見本 花子さんに電話します。</p><p><a href=\"/other\">次の人へ</a></p>"),
  en: page("en", "Today", "<h1>Today</h1><p>Call Hanako Mihon.</p><p><a href=\"/other\">The next person</a></p>"),
};

const LIST = page("ja", "一覧", `<h1>一覧</h1><p><a href="/people/1">一人目</a> <a href="/people/2">二人目</a> <a href="/file">保存</a>
<a href="http://127.0.0.1:9/">よその頁</a> <a href="mailto:a@example.jp">手紙</a></p>`);

// Each fault, and the words by which it has to be reported.
const FAULTS = {
  "/unlabelled": [page("ja", "入力", "<h1>入力</h1><form action=\"/\"><input type=\"text\" name=\"a\"></form>"), /axe label/],
  "/pale": [page("ja", "色", "<h1>色</h1><p class=\"pale\">うすい文字</p>"), /axe color-contrast/],
  "/wide": [page("ja", "幅", "<h1>幅</h1><p class=\"wide\">ひろい</p>"), /scrolls sideways at 320 px: needs 500 px/],
  "/pale-in-the-dark": [page("ja", "夜", "<h1>夜</h1><p class=\"night\">うすい文字</p>"), /axe color-contrast at dark/],
  "/pale-when-strong": [page("ja", "強", "<h1>強</h1><p class=\"weak\">うすい文字</p>"), /axe color-contrast at high contrast/],
  "/pale-when-forced": [page("ja", "色", "<h1>色</h1><p class=\"forced\">うすい文字</p>"), /axe color-contrast at forced colours/],
  "/large": [page("ja", "大", "<h1>大</h1><p class=\"large\">大きい文字</p>"), /scrolls sideways at 1280 px and 200 % text: needs 2000 px/],
  "/invalid": [page("ja", "形", "<h1>形</h1><p><div>段落の中の箱</div></p>"), /html (close-order|element-permitted-content)/],
  "/inline": [page("ja", "直書き", "<h1>直書き</h1><p>本文</p><script>document.title = 'x'</script>"), /console: .*Content Security Policy/],
  "/broken": [page("ja", "故障", "<h1>故障</h1><p>本文</p><script src=\"/broken.js\"></script>"), /script error: .*nowhere/],
  "/lost": [page("ja", "紛失", "<h1>紛失</h1><p>本文</p><script src=\"/lost.js\"></script>"), /console: Failed to load resource/],
  "/elsewhere": [page("ja", "外", "<h1>外</h1><p>本文</p><script src=\"http://127.0.0.1:9/x.js\"></script>"), /calls another place: http:\/\/127\.0\.0\.1:9/],
  "/english": [GOOD.en, /language: asked for ja, the page says "en"/],
  "/empty": [page("ja", "空", ""), /nothing to read/],
};

let server, browser, origin;

before(async () => {
  server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.close();
});

for (const way of WAYS) {
  test(`a good page has nothing wrong with it (${way.name})`, async () => {
    const found = await lookAt("/good", way);
    assert.deepEqual(found.problems, []);
    assert.deepEqual(found.links, [`${origin}/other`]);
  });
}

for (const [path, [, words]] of Object.entries(FAULTS)) {
  test(`the fault of ${path} is reported`, async () => {
    const { problems } = await lookAt(path, JA);
    assert.match(problems.join("\n"), words);
  });
}

for (const path of ["/unlabelled", "/pale", "/wide", "/invalid", "/english", "/empty"]) {
  test(`the fault of ${path} is reported without JavaScript too`, async () => {
    const { problems } = await lookAt(path, { ...JA, script: false });
    assert.match(problems.join("\n"), FAULTS[path][1]);
  });
}

test("a page that only a script fills is empty for somebody without JavaScript", async () => {
  assert.deepEqual((await lookAt("/scripted", JA)).problems, []);
  assert.match((await lookAt("/scripted", { ...JA, script: false })).problems.join("\n"), /nothing to read/);
});

test("a page that isn't there is a problem", async () => {
  assert.match((await lookAt("/nowhere", JA)).problems.join("\n"), /status 404/);
});

test("a crawl follows the links of one site, one page of each kind, and keeps files out", async () => {
  const found = await crawl(browser, origin, ["/list"], JA);
  assert.deepEqual([...found.keys()], ["/list", "/people/1"]);
  assert.deepEqual([...found.values()].flat(), []);
});

test("pages of one kind are told from pages of another", () => {
  assert.equal(kindOf("/graduates/0190a7c2-0000-7000-8000-000000000001"), kindOf("/graduates/0190a7c2-0000-7000-8000-000000000002"));
  assert.equal(kindOf("/retention?month=2026-04"), kindOf("/retention?month=2026-05"));
  assert.notEqual(kindOf("/retention"), kindOf("/retention?month=2026-05"));
  assert.notEqual(kindOf("/graduates/new"), kindOf("/graduates/0190a7c2-0000-7000-8000-000000000001"));
});

async function lookAt(path, way) {
  const context = await visitor(browser, way);
  try {
    return await look(context, origin + path, way);
  } finally {
    await context.close();
  }
}

function answer(request, response) {
  const path = request.url;
  const language = /^ja/.test(request.headers["accept-language"] ?? "") ? "ja" : "en";
  const send = (status, type, body) => {
    response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "content-security-policy": CSP });
    response.end(body);
  };
  if (path === "/good") return send(200, "text/html", GOOD[language]);
  if (path === "/list") return send(200, "text/html", LIST);
  if (path === "/file") return response.writeHead(200, { "content-disposition": "attachment; filename=a.csv" }).end("a,b");
  if (/^\/people\/\d+$/.test(path)) return send(200, "text/html", GOOD.ja.replaceAll("/other", "/list"));
  if (path === "/scripted") return send(200, "text/html", page("ja", "後から", "", "<script src=\"/fill.js\" defer></script>"));
  if (path === "/fill.js") return send(200, "text/javascript", "document.querySelector('main').innerHTML = '<h1>後から</h1>'");
  if (path === "/broken.js") return send(200, "text/javascript", "nowhere.near()");
  if (path === "/style.css") return send(200, "text/css", "body { color: #111; background: #fff } .pale { color: #ddd } .wide { width: 500px; margin: 0 } body { margin: 0 } @media (prefers-color-scheme: dark) { .night { color: #444; background: #000 } } @media (prefers-contrast: more) { .weak { color: #ccc } } @media (forced-colors: active) { .forced { forced-color-adjust: none; color: #ccc; background: #fff } } [data-text=\"200\"] .large { width: 2000px; margin: 0 }");
  if (path === "/favicon.ico") return send(204, "image/x-icon", "");
  if (FAULTS[path]) return send(200, "text/html", FAULTS[path][0]);
  return send(404, "text/html", page("ja", "ありません", "<h1>ありません</h1>"));
}

function page(language, title, main, head = "") {
  return `<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/style.css">${head}</head>
<body><main>${main}</main></body>
</html>
`;
}
