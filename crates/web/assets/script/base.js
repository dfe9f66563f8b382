// Comfort on top of pages that work without it. What more than one file uses stands here; every other file is a block of its own.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function say(text) {
  const status = document.getElementById("status");
  if (!status) return;
  const line = document.createElement("p");
  line.className = "status-text";
  line.textContent = text;
  status.replaceChildren(line);
}
