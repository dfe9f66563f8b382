// A half-written reply is kept on the server while it is written: after a pause of typing, and every now and then without one. Never in
// the middle of a conversion of kana. What is on its way when the reply is sent is dropped here, and by the server.
for (const line of all("[data-draft]")) {
  const form = line.closest("form");
  const box = form.querySelector("textarea");
  let pause, way;
  let kept = box.value;
  let keptAt = Date.now();

  const keep = async (keepalive = false) => {
    const words = box.value;
    if (words === kept || kept === undefined) return;
    keptAt = Date.now();
    way = new AbortController();
    const body = new URLSearchParams(["csrf", "once", "body"].map((name) => [name, form.elements[name].value]));
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
  box.addEventListener("input", (event) => (event.isComposing ? clearTimeout(pause) : later()));
  box.addEventListener("compositionend", later);
  const drop = () => {
    clearTimeout(pause);
    way?.abort();
    kept = box.value;
  };
  form.addEventListener("submit", drop);
  addEventListener("pagehide", () => keep(true).catch(() => {}));
}
