// The filter panel: the key wheel and the two thumbs of the tempo range. Values live in form fields.
import { get } from "./app.js";

// ── Key wheel: the segments stand for checkboxes, which keys and screen readers use ──

const boxes = () => [...document.querySelectorAll("#key-boxes input[name=key]")];
const segment = (key) => document.querySelector(`#wheel [data-key="${key}"]`);

function changed(box) { box.dispatchEvent(new Event("change", { bubbles: true })); }

/** Choose one key, or with Shift one more; a second press gives it up. */
function press(key, several) {
  const all = boxes();
  const box = all.find(({ value }) => value === key);
  const wanted = !(box.checked && (several || all.filter(({ checked }) => checked).length === 1));
  for (const other of all) if (!several) other.checked = false;
  box.checked = wanted;
  changed(box);
}

/** Walk the ring: left and right round it, up and down between its two rows. */
function walk(event) {
  const all = boxes(); // 1B … 12B, then 1A … 12A
  const here = all.indexOf(event.target);
  const ring = here < 12 ? 0 : 12;
  const to = {
    ArrowRight: ring + ((here + 1) % 12),
    ArrowLeft: ring + ((here + 11) % 12),
    ArrowUp: here % 12,
    ArrowDown: 12 + (here % 12),
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.forEach((box, index) => { box.tabIndex = index === to ? 0 : -1; });
  all[to].focus();
}

function oneTabStop() {
  const all = boxes();
  const open = all.find(({ checked }) => checked) ?? all[0];
  for (const box of all) box.tabIndex = box === open ? 0 : -1;
}

document.addEventListener("click", (event) => {
  const key = event.target.closest?.("#wheel [data-key]")?.dataset.key;
  if (key) press(key, event.shiftKey || event.pointerType === "touch"); // a finger has no Shift
});
document.addEventListener("keydown", (event) => { if (event.target.closest?.("#key-boxes")) walk(event); });
for (const [kind, on] of [["focusin", true], ["focusout", false]]) {
  document.addEventListener(kind, ({ target }) => {
    if (target.matches?.("#key-boxes input")) segment(target.value)?.classList.toggle("at", on && target.matches(":focus-visible"));
  });
}

// ── Tempo: a thumb at its end means no limit ────────────────────────────────

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-thumb]")) slide(target);
  else if (target.matches("#tempo-lo, #tempo-hi")) place(target);
});

function slide(thumb) {
  const isLow = thumb.dataset.thumb === "tempo-lo";
  const other = document.querySelector(`[data-thumb="${isLow ? "tempo-hi" : "tempo-lo"}"]`);
  if (isLow ? +thumb.value > +other.value : +thumb.value < +other.value) thumb.value = other.value;
  const end = isLow ? thumb.min : thumb.max;
  document.getElementById(thumb.dataset.thumb).value = thumb.value === end ? "" : thumb.value;
  paint();
}

function place(field) {
  const thumb = document.querySelector(`[data-thumb="${field.id}"]`);
  thumb.value = field.value || (field.id === "tempo-lo" ? thumb.min : thumb.max);
  paint();
}

/** Light the bars between the thumbs while they move; the server draws them the same way. */
function paint() {
  const [low, high] = ["tempo-lo", "tempo-hi"].map((id) => Number(document.querySelector(`[data-thumb="${id}"]`).value));
  for (const bar of document.querySelectorAll("#tempo-bars rect")) {
    const at = Number(bar.dataset.bpm);
    bar.classList.toggle("in", at + 4 > low && at <= high);
  }
}

// ── Links that change the list: chips, crates, lengths, jumps ───────────────

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-filter]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById("results")) return;
  event.preventDefault();
  document.getElementById("q")?.blur(); // the fields follow what the link asks for
  get(link.href, { target: "#results", swap: "innerHTML" }).catch(() => { /* the frame has told it */ });
});

/** The field that finds a tag is a checkbox from then on. */
function emptyFinder() {
  const finder = document.getElementById("tag-find");
  if (finder && finder !== document.activeElement) finder.value = "";
}
document.addEventListener("change", ({ target }) => { if (target.id === "tag-find") target.blur(); });
document.addEventListener("swapped", emptyFinder);

/** The names of all folders come when somebody is about to type one. */
document.addEventListener("focusin", ({ target }) => {
  const list = document.getElementById("folder-list");
  if (target.id !== "folder" || !list?.dataset.url) return;
  const { url } = list.dataset;
  delete list.dataset.url;
  get(url, { target: "#folder-list", swap: "innerHTML" }).catch(() => { list.dataset.url = url; });
});
document.addEventListener("swapped", oneTabStop);
oneTabStop();
