// Comfort on top of pages that work without it: focus on errors, counters, copying, staying signed in, Ctrl+Enter.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// After a refused form the summary is read first.
document.querySelector("[data-focus]")?.focus();

// How many characters are left. Counted as people count them, not in UTF-16 units.
for (const field of all("[data-counter]")) {
  const note = document.getElementById(field.dataset.counter);
  const show = () => {
    const left = Number(field.dataset.max) - [...field.value].length;
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace("{n}", Math.abs(left));
    note.classList.toggle("counter-over", left < 0);
  };
  field.addEventListener("input", show);
  show();
}

// Whoever writes stays signed in: the page says so, once a minute at most. Pages of guests have nobody to sign out.
let told = Date.now();
document.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLTextAreaElement) || !document.querySelector("form.account")) return;
  if (Date.now() - told < 60_000) return;
  told = Date.now();
  fetch("/alive").catch(() => {});
});

// Ctrl+Enter (or ⌘+Enter) sends. Enter alone never does, and nothing happens while kana are being converted.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
  if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  const form = event.target.form;
  form?.requestSubmit(form.querySelector("button:not([type=button], [formaction])"));
});

// While somebody writes, one line says how much there is to remark; the remarks themselves come when they are asked for, so that
// nothing moves under the hand. An answer that comes too late is about other words and is dropped.
for (const line of all("[data-look]")) {
  const form = line.closest("form");
  const box = form.querySelector("textarea");
  let pause;
  const look = async () => {
    const words = box.value;
    if (!words.trim()) return void (line.textContent = "");
    const answer = await fetch(line.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("remarks-title")?.textContent ?? "";
    if (answer.ok && box.value === words && line.textContent !== said) line.textContent = said;
  };
  box.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (!event.isComposing) pause = setTimeout(() => look().catch(() => {}), 1500);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(pause);
    pause = setTimeout(() => look().catch(() => {}), 1500);
  });
}

for (const button of all("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    say(button.dataset.copied);
  });
}

for (const button of all("button[data-dialog]")) {
  button.addEventListener("click", () => document.getElementById(button.dataset.dialog)?.showModal());
}

function say(text) {
  const status = document.getElementById("status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "status-text";
  line.textContent = text;
  status.replaceChildren(line);
}
