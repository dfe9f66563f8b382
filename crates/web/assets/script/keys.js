// Single keys, for whoever has switched them on (`/account/display`; WCAG 2.1.4). A key does what a visible control does: the one that
// carries it in `data-key`, in the row that has the focus, else outside the rows. Nothing happens in a field, together with Ctrl, Alt or ⌘, or
// while kana are being converted.
if (document.documentElement.hasAttribute("data-keys")) {
  const PLACES = { t: "/today", i: "/inbox" };
  let isGoing = false;

  const row = () => document.activeElement?.closest(".row");

  const step = (by) => {
    const names = all("main .row-name a");
    const now = names.findIndex((name) => name.closest(".row") === row());
    names[now < 0 ? 0 : now + by]?.focus();
  };

  const press = (key) => {
    const own = row()?.querySelector(`[data-key="${key}"]`);
    const control = own ?? all(`[data-key="${key}"]`).find((one) => !one.closest(".row"));
    if (!control) return false;
    const details = control.matches("summary") && control.closest("details");
    if (details) details.open = true;
    else if (control.matches("input, textarea, select")) control.focus();
    else control.click();
    const place = details || (control.hash && document.getElementById(control.hash.slice(1)));
    place?.querySelector?.("textarea, select, input:not([type=hidden])")?.focus();
    return true;
  };

  // The same list as on its own page, which is also what opens when it can't be fetched.
  const help = async (link) => {
    const dialog = document.getElementById("keys-dialog") ?? (await fetched(link));
    dialog.showModal();
  };

  const fetched = async (link) => {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.id = "keys-dialog";
    dialog.setAttribute("aria-labelledby", "keys-dialog-title");
    const title = document.createElement("h2");
    title.id = "keys-dialog-title";
    title.textContent = page.querySelector("h1").textContent;
    const close = document.createElement("button");
    close.className = "button button-plain";
    close.textContent = link.dataset.close;
    close.addEventListener("click", () => dialog.close());
    dialog.append(title, page.getElementById("key-list"), close);
    document.body.append(dialog);
    return dialog;
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    // A key that is held down, by whoever can't let go of it quickly, is pressed once; only the step from row to row goes on.
    if (event.repeat && key !== "j" && key !== "k") return;
    if (event.defaultPrevented || target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const place = isGoing ? PLACES[key] : undefined;
    isGoing = key === "g";
    let isDone = true;
    if (place) location.assign(place);
    else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "?") help(document.querySelector("a[data-key='?']")).catch(() => location.assign("/keys"));
    else if (key === "/") press("/") || location.assign("/graduates");
    else isDone = "rnseu".includes(key) && press(key);
    if (isDone) event.preventDefault();
  });
}
