// While somebody writes, one line says how much there is to remark and another how long it is for each way; the remarks themselves
// come when they are asked for, so that nothing moves under the hand. An answer that comes too late is about other words and is dropped.
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
    if (!answer.ok || box.value !== words) return;
    if (line.textContent !== said) line.textContent = said;
    const [now, then] = [document, page].map((one) => one.getElementById(`${box.id}-lengths`));
    if (now && then) now.textContent = then.textContent;
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
