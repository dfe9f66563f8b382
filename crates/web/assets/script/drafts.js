// A half-written reply is kept on the server while it is written: after a pause of typing, and every now and then without one. Never in
// the middle of a conversion of kana. What is on its way when the reply is sent is dropped here, and by the server.
for (const line of all("[data-draft]")) {
  const form = line.closest("form");
  const box = form.querySelector("textarea");
  const fields = ["csrf", "once", "body", "number"].map((name) => form.elements[name]).filter(Boolean);
  const written = () => fields.slice(2).map((field) => field.value).join("\n");
  let pause, way, after;
  let kept = written();
  let keptAt = Date.now();

  const keep = async (keepalive = false) => {
    const words = written();
    if (words === kept || kept === undefined) return;
    keptAt = Date.now();
    way = new AbortController();
    const body = new URLSearchParams(fields.map((field) => [field.name, field.value]));
    if (after) body.set("after", "yes");
    const headers = { "x-bansou": "draft" };
    const answer = await fetch(line.dataset.draft, { method: "POST", body, headers, keepalive, signal: way.signal });
    // Whoever isn't signed in any more has been told by the page that opens then; the words went with this form.
    if (answer.redirected) kept = undefined;
    if (!answer.ok || answer.redirected) return;
    kept = words;
    line.textContent = await answer.text();
  };
  const later = () => {
    clearTimeout(pause);
    const rest = Date.now() - keptAt > 15_000 ? 0 : 1_500;
    pause = setTimeout(() => keep().catch(() => {}), rest);
  };
  for (const field of fields.slice(2)) field.addEventListener("input", (event) => (event.isComposing ? clearTimeout(pause) : later()));
  box.addEventListener("compositionend", later);
  // The answer may open elsewhere; what is written here then is a draft of its own, but not a letter typed while the page goes.
  const drop = () => {
    clearTimeout(pause);
    way?.abort();
    kept = written();
    after = true;
  };
  form.addEventListener("submit", drop);
  // Whichever other form of the page is sent finds these words kept: its answer is a page that shows them.
  let isAsked = false;
  document.addEventListener("submit", (event) => {
    if (event.target === form || isAsked || written() === kept) return;
    event.preventDefault();
    isAsked = true;
    setTimeout(() => way?.abort(), 2_000);
    keep().catch(() => {}).then(() => event.target.requestSubmit(event.submitter));
  });
  addEventListener("pagehide", () => after || keep(true).catch(() => {}));
}
