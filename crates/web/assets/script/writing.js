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
