// Words that are selected in a message are what its link copies into a note. The address names places of letters, never words. The
// selection is kept until another one is made or somebody presses elsewhere: pressing the link itself would take it away.
let picked;
const unpick = () => {
  if (!picked) return;
  picked.link.href = picked.href;
  picked.link.textContent = picked.text;
  picked = undefined;
};
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const box = range.commonAncestorContainer.parentElement?.closest("[data-words]") ?? range.commonAncestorContainer.closest?.("[data-words]");
  const link = box && document.querySelector(`[data-quote="${box.dataset.words}"]`);
  if (link !== picked?.link) unpick();
  if (!link) return;
  picked ??= { link, href: link.href, text: link.textContent };
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const words = [...range.toString()];
  const from = [...before.toString()].length;
  link.href = `${picked.href}&from=${from}&to=${from + words.length}`;
  link.textContent = link.dataset.selected.replace("{words}", () => words.slice(0, 12).join("") + (words.length > 12 ? "…" : ""));
});
document.addEventListener("pointerdown", (event) => {
  if (picked && !event.target.closest(`[data-quote], [data-words]`)) unpick();
});
