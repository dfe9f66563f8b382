// After a refused form the summary is read first.
document.querySelector("[data-focus]")?.focus();

// A row that was dealt with is gone from its list: the focus goes to the row that took its place, not back to the top (ux.md C2).
const here = location.pathname;
document.addEventListener("submit", (event) => {
  const row = event.target.closest(".row");
  if (row) sessionStorage.setItem("row", JSON.stringify({ here, at: all("main .row").indexOf(row) }));
});
const left = JSON.parse(sessionStorage.getItem("row"));
sessionStorage.removeItem("row");
if (left?.here === here && document.querySelector(".status-text")) {
  const names = all("main .row").map((row) => row.querySelector(".row-name a"));
  (names[left.at] ?? names.at(-1))?.focus();
}

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
