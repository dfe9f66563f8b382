// Comfort on top of pages that work without it: focus on errors, counters, drafts, copying, live lists, Ctrl+Enter.

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

// Drafts go to the server, never into the browser's storage: computers in an office are shared.
for (const field of all("[data-draft]")) {
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => saveDraft(field), 1500);
  });
}

function saveDraft(field) {
  const token = field.form?.elements.csrf?.value ?? "";
  const body = new URLSearchParams({ csrf: token, name: field.name, text: field.value });
  fetch(field.dataset.draft, { method: "POST", body, keepalive: true }).catch(() => {});
}

// Ctrl+Enter (or ⌘+Enter) sends. Enter alone never does, and nothing happens while kana are being converted.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
  if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  const form = event.target.form;
  form?.requestSubmit(form.querySelector("button:not([type=button])"));
});

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

// The server says "changed"; the lists are then fetched again like any page, so permissions stay in one place. A list
// in which somebody types or stands is left alone, and nothing moves while the page is in the background.
const source = document.body.dataset.live;
if (source && all("[data-live-region]").length > 0) listen();

function listen() {
  let stream;
  let timer;
  const open = () => {
    stream = new EventSource(source);
    stream.addEventListener("changed", () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, 1000 + Math.random() * 2000);
    });
  };
  document.addEventListener("visibilitychange", () => {
    stream?.close();
    if (!document.hidden) {
      refresh();
      open();
    }
  });
  open();
}

async function refresh() {
  const regions = all("[data-live-region]");
  for (const region of regions) region.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of regions) {
      const next = fresh.getElementById(region.id);
      const inUse = region.contains(document.activeElement) || region.querySelector("details[open]");
      if (next && !inUse && next.innerHTML !== region.innerHTML) region.replaceChildren(...next.childNodes);
    }
  } catch {
    // Out of reach for a moment: the page stays as it is, and the next event tries again.
  } finally {
    for (const region of regions) region.removeAttribute("aria-busy");
  }
}
