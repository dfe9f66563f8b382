// Pages that stay true by themselves. The server says only that something changed; the regions marked `data-live` are then taken
// from a normal load of the page. Nothing is touched in which somebody works, nothing scrolls, and new messages wait behind a button
// (`data-live="ask"`). So does a list with buttons (`data-live="list"`) while a hand is on it: a row that moves under it is somebody else's.
const root = document.documentElement;
const regions = all("[data-live][id]");
const notice = document.getElementById("live-new");
const button = notice?.querySelector("button");
const lists = regions.filter((region) => region.dataset.live === "list");
let since = root.dataset.changes;
let stream, planned, missed, retry, waiting;
let [toldAt, loadedAt, tries, fails] = [0, 0, 0, 0];

// Keys of forms differ in every load.
const bare = (element) => element.innerHTML.replace(/name="once" value="\w*"/g, "");
const fill = (text, n) => text.replace("{n}", n);

function isBusy(region) {
  const { anchorNode, isCollapsed } = getSelection();
  const isHeard = (voice) => !voice.paused || voice.currentTime > 0;
  return region.contains(document.activeElement) || (!isCollapsed && region.contains(anchorNode)) || region.querySelector("details[open]") || all("audio", region).some(isHeard);
}

function swap(region, next) {
  if (isBusy(region) || bare(region) === bare(next)) return false;
  // What stands below stays where it is.
  if (region.firstElementChild) region.style.minHeight = `${region.offsetHeight}px`;
  region.replaceChildren(...next.childNodes);
  return true;
}

// One sentence in ten seconds at most.
function tell(text) {
  if (Date.now() - toldAt < 10_000) return;
  toldAt = Date.now();
  say(text);
}

// New messages wait; how older ones went is shown at once.
function offer(region, next, page) {
  const known = new Set(all(":scope > [id]", region).map((item) => item.id));
  for (const item of all(":scope > [id]", region)) {
    const now = next.querySelector(`#${CSS.escape(item.id)}`);
    if (now) swap(item, now.cloneNode(true));
  }
  const n = all(":scope > [id]", next).filter((item) => !known.has(item.id)).length;
  notice.hidden = n === 0;
  if (n === 0) return;
  const seen = page.querySelector("#reply input[name=seen]")?.value;
  waiting = () => {
    // What somebody looks at or hears goes on.
    region.replaceChildren(...[...next.childNodes].map((item) => {
      const now = item.id && document.getElementById(item.id);
      return now && isBusy(now) ? now : item;
    }));
    // Every form below that acts on what was read; the red card's own word of what was seen stays.
    if (seen) for (const field of all("#reply input[name=seen]")) field.value = seen;
    focusOn(all(":scope > [id]", region).find((item) => !known.has(item.id)));
  };
  button.textContent = fill(notice.dataset.one, n);
  tell(fill(notice.dataset.told, n));
}

button?.addEventListener("click", () => {
  notice.hidden = true;
  waiting();
});

function focusOn(item) {
  item.tabIndex = -1;
  item.focus();
}

// Lists that wait do so together. What calls for everybody (`data-see`) also says so where it would come in out of sight.
function wait(held) {
  notice.hidden = held.length === 0;
  if (notice.hidden) return;
  waiting = () => {
    for (const [region, next] of held) region.replaceChildren(...next.childNodes);
    focusOn(document.querySelector("h1"));
  };
  button.textContent = held.map(([region, next]) => calls(region, next)).find(Boolean) ?? notice.dataset.list;
  tell(button.textContent);
}

const calls = (region, next) => (next.firstElementChild ? region.dataset.see : undefined);
const names = (region) => all("[id]", region).map((item) => item.id).join();

// Whoever writes keeps their place: what grows above moves the page, not the box.
function inPlace(change) {
  const field = document.activeElement;
  const { top } = field.getBoundingClientRect();
  change();
  if (field !== document.body) scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
}

// Whether there was an answer.
async function load() {
  const answer = await fetch(root.dataset.path, { headers: { "x-bansou": "live" } });
  if (answer.status >= 500) return false;
  // Whoever isn't signed in any more loads nothing by themselves.
  if (!answer.ok || answer.redirected) return end() ?? true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  since = page.documentElement.dataset.changes;
  inPlace(() => show(page));
  return true;
}

function show(page) {
  let told;
  const held = [];
  // Once it is said that a list has changed, it waits for the button.
  const hand = !notice.hidden || lists.some((region) => isBusy(region) || region.matches(":hover"));
  for (const region of regions) {
    const next = page.getElementById(region.id);
    if (!next) continue;
    const isList = lists.includes(region);
    const isNew = isList ? names(region) !== names(next) : region.id.endsWith("list");
    if (region.dataset.live === "ask") offer(region, next, page);
    else if (isList && (hand || (isNew && calls(region, next) && scrollY > region.offsetTop))) isNew && held.push([region, next]);
    else if (swap(region, next) && isNew) told ??= calls(region, next) ?? notice.dataset.page;
  }
  if (lists.length) wait(held);
  if (told) tell(told);
}

// Not all pages at the same moment, none more often than every three seconds, and one load at a time: an older answer would come over a
// newer one. What could not be loaded is asked for again, ever more rarely.
function soon() {
  missed = true;
  if (planned) return;
  planned = true;
  const pause = fails && Math.min(60_000, 2_500 * 2 ** fails);
  setTimeout(async () => {
    missed = false;
    loadedAt = Date.now();
    const went = await load().catch(() => false);
    fails = went ? 0 : fails + 1;
    planned = false;
    if (missed || (!went && !document.hidden)) soon();
  }, Math.max(300 + Math.random() * 900, loadedAt + 3_000 - Date.now(), pause));
}

function open() {
  if (stream || document.hidden) return;
  stream = new EventSource(`/events?since=${since}`);
  stream.onopen = () => (tries = 0);
  stream.addEventListener("changed", soon);
  stream.onerror = () => {
    close();
    retry = setTimeout(open, Math.min(60_000, 2_000 * 2 ** tries++) * (0.5 + Math.random()));
  };
}

function close() {
  clearTimeout(retry);
  stream?.close();
  stream = undefined;
}

function end() {
  close();
  clearInterval(poll);
  document.removeEventListener("visibilitychange", look);
}

const look = () => (document.hidden ? close() : open());
// Where no stream gets through, a look each minute. Where one does, every five: time passes, and nothing tells of that.
let minutes = 0;
const poll = setInterval(() => document.hidden || (stream?.readyState === EventSource.OPEN && ++minutes % 5) || soon(), 60_000);
if (regions.length && notice && root.dataset.live !== "off") {
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", close);
  open();
} else {
  clearInterval(poll);
}
