// The list of sounds: the cursor that plays, and what is selected.
import { announce, closeDialog, get, on, openDialog, post, toast } from "./app.js";
import { belongsElsewhere } from "./deck.js";
import { prefetch, settings, silence, sounding } from "./player.js";

const PREFETCH_AFTER = 60; // ms without a move
const MOST_ROWS = 3000; // in the page; beyond that scrolling would stutter
const TRAY_STAYS = 30_000; // ms, when all went well

let cursor = null; // id of the current row
let anchor = null; // where a range begins
let prefetching = 0;
let waiting = null; // moves made while a search is under way: they count from its first row

const grid = () => document.getElementById("rows");
const rows = () => [...document.querySelectorAll("#rows [data-sample-id]")];
const places = () => [...document.querySelectorAll("#rows .row[tabindex]")]; // of the cursor: rows, and those that are no sound of the library
const rowOf = (id) => document.getElementById(`sample-${id}`);
const current = () => (cursor ? rowOf(cursor) : null);
const idOf = ({ dataset }) => dataset.sampleId ?? dataset.place;
const soundOf = ({ dataset }) => dataset.sound ?? dataset.sampleId; // what the player calls it; "" where there is none
const isSample = (id) => Boolean(id) && !id.includes("-"); // UUIDs are generations
const bar = () => document.getElementById("chosen");

// ── The cursor ──────────────────────────────────────────────────────────────

function mark(row, isCurrent) {
  row.classList.toggle("cur", isCurrent);
  if (isCurrent) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
  setTab(row, isCurrent);
}

/** Only the current row and what is in it can be reached with Tab. */
function setTab(row, reachable) {
  row.tabIndex = reachable ? 0 : -1;
  for (const control of row.querySelectorAll("a, button, input")) control.tabIndex = reachable ? 0 : -1;
}

function moveTo(row, { audible = settings.autoPlay, focus = true } = {}) {
  const old = current();
  if (old && old !== row) mark(old, false);
  for (const reachable of grid().querySelectorAll(".row[tabindex='0']")) {
    if (reachable !== row) setTab(reachable, false);
  }
  cursor = idOf(row);
  mark(row, true);
  if (focus && !row.contains(document.activeElement)) row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (soundOf(row)) document.dispatchEvent(new CustomEvent("sample:current", { detail: sampleOf(row) }));
  if (audible) hear(row);
  clearTimeout(prefetching);
  prefetching = setTimeout(() => prefetchAround(row), PREFETCH_AFTER);
}

function sampleOf(row) {
  const { title, c: kind, tempo, key, seconds, lufs, facts, loop } = row.dataset;
  return { id: soundOf(row), title, class: kind, tempo, key, seconds, lufs, facts, loop: loop === "1" };
}

function hear(row) {
  if ("missing" in row.dataset || !soundOf(row)) { silence(); return; }
  const { id, loop } = sampleOf(row);
  document.dispatchEvent(new CustomEvent("sample:play", { detail: { id, loop } }));
}

function prefetchAround(row) {
  const loaded = places().filter(soundOf);
  const here = loaded.indexOf(row);
  prefetch([here + 1, here + 2, here - 1].filter((at) => loaded[at] && !("missing" in loaded[at].dataset)).map((at) => soundOf(loaded[at])));
}

/** Move the cursor by rows; without a cursor the first step lands on the first row. */
function step(by) {
  if (waiting !== null) { waiting += by; return; }
  const loaded = places();
  if (!loaded.length) return;
  const here = loaded.indexOf(current());
  const start = here < 0 ? (by > 0 ? -1 : loaded.length) : here;
  const next = loaded[Math.min(Math.max(start + by, 0), loaded.length - 1)];
  if (next !== loaded[here]) moveTo(next);
  else next.scrollIntoView({ block: "nearest" });
}

function jump(place) {
  const loaded = places();
  if (loaded.length) moveTo(loaded.at(place));
}

function pageful() {
  const row = places()[0];
  const seen = grid().clientHeight < innerHeight ? grid().clientHeight : innerHeight - 260;
  return row ? Math.max(1, Math.floor(seen / row.offsetHeight) - 1) : 1;
}

// ── Which sounds are selected: some by id, or all that match the search but a few ─────

let all = null; // {query, total} when everything that matches is selected
const picked = new Set(); // ids of the selected ones, or with `all` of the exceptions

const isPicked = (id) => (all ? !picked.has(id) : picked.has(id));
const pickedCount = () => (all ? all.total - picked.size : picked.size);

function pick(id, on) {
  if (!isSample(id) || on === isPicked(id)) return;
  if (on === Boolean(all)) picked.delete(id);
  else picked.add(id);
}

function pickNone() {
  picked.clear();
  all = null;
}

/** Remember the selection; the function that is returned brings it back. */
function rememberPicked() {
  const before = [all, [...picked]];
  return () => {
    pickNone();
    all = before[0];
    for (const id of before[1]) picked.add(id);
    paintAll();
  };
}

/** The selection, or else the sound under the cursor, as form fields; null when there is neither. */
function targets() {
  if (all) return { all: "1", query: all.query, except: [...picked].join(",") };
  const ids = picked.size ? [...picked] : [isSample(cursor) ? cursor : current() && soundOf(current())].filter(isSample);
  return ids.length ? { ids: ids.join(",") } : null;
}

/** What dragging this sound takes along: the selection, if it is one of it. */
export function along(id) {
  return isPicked(id) ? { sounds: targets(), count: pickedCount() } : { sounds: { ids: id }, count: 1 };
}

// ── How the selection looks and changes ─────────────────────────────────────

function paint(row) {
  const on = isPicked(idOf(row));
  row.setAttribute("aria-selected", String(on));
  row.querySelector("[name=ids]").checked = on;
}

function paintAll() {
  const loaded = rows();
  loaded.forEach(paint);
  paintBar(loaded);
}

function paintBar(loaded) {
  const box = bar();
  if (!box) return;
  const count = pickedCount();
  const total = Number(grid()?.dataset.total || 0);
  box.classList.toggle("on", count > 0 || document.body.classList.contains("selecting"));
  box.querySelector("[data-count]").textContent = `${grouped(count)} selected`;
  const everything = box.querySelector("[data-act=select-matching]");
  everything.hidden = count >= total;
  everything.textContent = `Select all ${grouped(total)}`;
  for (const button of box.querySelectorAll("[data-needs-some]")) button.disabled = count === 0;
  const head = document.getElementById("select-page");
  if (!head) return;
  const here = loaded.filter((row) => isPicked(idOf(row))).length;
  head.checked = here > 0 && here === loaded.length;
  head.indeterminate = here > 0 && here < loaded.length;
}

function grouped(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f"); }

function toggle(row, on = !isPicked(idOf(row))) {
  if (!row.dataset.sampleId) return;
  anchor = idOf(row);
  pick(idOf(row), on);
  paintAll();
  announce(on ? `${row.dataset.title} selected` : `${row.dataset.title} not selected`);
}

function pickRows(some) {
  for (const row of some) pick(idOf(row), true);
  paintAll();
}

function range(to) {
  const loaded = places();
  const end = loaded.indexOf(to);
  const from = loaded.indexOf(anchor ? rowOf(anchor) : current());
  const begin = from < 0 ? end : from;
  pickRows(loaded.slice(Math.min(begin, end), Math.max(begin, end) + 1));
}

function extend(by) {
  const row = current();
  step(by);
  pickRows([row, current()].filter(Boolean));
}

function selectLoaded() {
  const loaded = rows();
  const total = Number(grid().dataset.total);
  if (loaded.length < total && loaded.every((row) => isPicked(idOf(row)))) selectMatching();
  else {
    pickRows(loaded);
    announce(`${pickedCount()} selected`);
  }
}

function selectMatching() {
  const { query, total, listed } = grid().dataset;
  if (listed !== undefined) { pickRows(rows()); return; } // no search finds these
  picked.clear();
  all = { query, total: Number(total) };
  paintAll();
  announce(`All ${total} selected`);
}

function clearSelection() {
  document.body.classList.remove("selecting");
  pickNone();
  paintAll();
}

// ── What is done with it ────────────────────────────────────────────────────

function open(name, label, chosen = targets()) {
  const url = bar()?.dataset[name];
  if (!chosen || !url) return false;
  return openDialog(`${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(chosen)}`, label);
}

/** Go to the export form; a selection too long for an address goes as a form. */
function exportThem() {
  const chosen = targets();
  if (!chosen) return;
  const address = `${bar().dataset.export}?${new URLSearchParams(chosen)}`;
  if (address.length < 4000) {
    location.href = address;
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = bar().dataset.export;
  const csrfmiddlewaretoken = document.querySelector("meta[name=csrf-token]").content;
  for (const [name, value] of Object.entries({ ...chosen, open: "1", csrfmiddlewaretoken })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

function details(row) {
  const link = row.querySelector("a.more");
  if (link) openDialog(link.href, row.dataset.title);
}

/** Show the sounds that are like one, in the place of the list. */
async function similar(id = cursor ?? [...picked][0]) {
  if (!isSample(id)) return;
  if (document.body.dataset.page !== "library") { location.href = `/samples/${id}/similar/`; return; } // there it has its place
  closeDialog();
  await get(`/samples/${id}/similar/`, { target: "#results", swap: "innerHTML show:none" }).catch(() => { /* the frame has told it */ });
  document.getElementById("near-head")?.focus({ preventScroll: true });
}

/** Change all that is selected; the answer brings rows that can be seen, at most sixty. */
let going = []; // the rows that the last bulk change was about
function bulk(values, chosen = targets()) {
  if (!chosen) return false;
  const named = new Set(chosen.ids?.split(","));
  going = rows().filter((row) => (chosen.ids ? named.has(idOf(row)) : isPicked(idOf(row))));
  const visible = going.slice(0, 60).map(idOf).join(",");
  return post(bar().dataset.bulk, { ...values, ...chosen, visible, list: grid().dataset.query });
}

/** Make favourites of the selection, or of the current sound; of favourites, no favourites. */
function favour(some = pickedCount() ? rows().filter((row) => isPicked(idOf(row))) : [current()].filter(Boolean), chosen = targets()) {
  const are = some.length > 0 && some.every((row) => row.querySelector(".star[aria-pressed=true]"));
  return bulk({ action: are ? "unfavourite" : "favourite" }, chosen);
}

/** Take rows that went to the trash out of the list; the cursor goes to the next one left. */
function drop() {
  const loaded = rows();
  const lost = new Set(going);
  const here = loaded.indexOf(current());
  const left = (row) => !lost.has(row);
  const next = loaded.slice(here + 1).find(left) ?? loaded.slice(0, Math.max(here, 0)).findLast(left);
  const moving = lost.has(current());
  for (const row of lost) {
    pick(idOf(row), false);
    row.remove();
  }
  if (all) pickNone();
  if (moving) {
    silence();
    cursor = null;
    if (next) moveTo(next, { audible: false });
  }
  settle();
  if (!rows().length) refresh();
}

// ── When the list changes ───────────────────────────────────────────────────

let shown = null; // the search that is listed
let begins = ""; // the place where the list begins, when that is not its start

function toTop() {
  grid()?.scrollTo(0, 0);
  if (innerWidth < 1024) scrollTo(0, 0); // there the page scrolls, not the list
}

function endHere(count) {
  const cell = document.querySelector("#more-rows [role=gridcell]");
  if (!cell || "ended" in cell.dataset) return;
  cell.dataset.ended = "";
  cell.textContent = `Showing ${grouped(count)}. Narrow the search, or jump to`;
  bring(`${location.pathname}jumps/?${grid().dataset.query}`, { target: "#more-rows [role=gridcell]", swap: "beforeend" });
}

/** New rows came in: give them their state. */
function settle() {
  if (!grid()) return;
  const loaded = places();
  loaded.forEach((row, index) => {
    const place = String(index + 1);
    if (row.getAttribute("aria-rowindex") !== place) row.setAttribute("aria-rowindex", place);
    if ("settled" in row.dataset) return; // the mark goes when the server's row replaces this one
    mark(row, idOf(row) === cursor);
    if (row.dataset.sampleId) paint(row);
    row.dataset.settled = "";
  });
  if (!current() && loaded[0]) setTab(loaded[0], true);
  if (loaded.length >= MOST_ROWS) endHere(loaded.length);
  paintBar(rows());
  if (sounding()) rowOf(sounding())?.classList.add("sounding");
}

function reset() {
  const { query = "", after = "" } = document.querySelector("#results [data-query]")?.dataset ?? {};
  const moves = waiting;
  waiting = null;
  if (shown !== null && query === shown && after !== begins) {
    cursor = anchor = null;
    toTop();
  }
  begins = after;
  if (shown !== null && query !== shown) {
    const undo = rememberPicked();
    const count = pickedCount();
    cursor = anchor = null;
    clearSelection();
    if (count > 20) toast(`${grouped(count)} sounds were selected.`, { undo: { label: "Select them again", act: undo } });
    toTop();
    fillFields(query);
  }
  shown = query;
  settle();
  countAnew(query);
  if (moves) step(moves);
}

function bring(address, where) {
  get(address, where).catch(() => { /* the frame has told it */ });
}

/** In a large library the counts beside the filters come after the rows. */
function countAnew(query) {
  if (!document.querySelector("#facets[data-late]")) return;
  bring(`/library/?${query}&facets=1`, { target: "#facets", swap: "morph:outerHTML" });
}

/** Fields outside the filter panel follow the address, unless somebody is typing in them. */
function fillFields(query) {
  const wanted = new URLSearchParams(query);
  for (const field of document.querySelectorAll("#q, #sort")) {
    if (field !== document.activeElement) field.value = wanted.get(field.name) ?? field.dataset.default ?? "";
  }
}

/** Fetch the list again, keeping rows, focus and place; a long list is left as it is. */
let refreshing = 0;
function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    if (!grid()) bring(location.href, { target: "#main", swap: "outerHTML" });
    else if (rows().length <= 60) bring(location.href, { target: "#results", swap: "morph:innerHTML" });
  }, 250);
}

document.addEventListener("list:reset", () => requestAnimationFrame(reset));
document.addEventListener("cursor:to", ({ detail }) => {
  const row = rowOf(detail.id);
  if (row) moveTo(row, { audible: false, focus: false });
});
document.addEventListener("restored", () => {
  cursor = anchor = shown = null;
  reset();
if (history.state?.place) import("./place.js");
});
document.addEventListener("library:changed", refresh);
document.addEventListener("library:trashed", drop);
document.addEventListener("imports:changed", () => {
  bring(document.getElementById("uploads").dataset.imports, { target: "#import-tray", swap: "outerHTML" });
  closeDialog();
});

/** A tray that has nothing more to tell goes by itself. */
let leaving = 0;
function clearTray() {
  clearTimeout(leaving);
  const done = document.querySelector("#import-tray[data-done]:not([hidden])");
  if (done) leaving = setTimeout(() => done.querySelector("[data-close-tray]").click(), TRAY_STAYS);
}
document.addEventListener("swapped", clearTray);
clearTray();
document.addEventListener("swapped", () => { if (grid()) settle(); });
document.addEventListener("player", ({ detail }) => {
  for (const row of document.querySelectorAll("#rows .sounding")) row.classList.remove("sounding");
  if (detail.state === "playing") rowOf(detail.id)?.classList.add("sounding");
});
document.addEventListener("input", (event) => {
  if (event.target.id !== "q") return;
  waiting = 0;
  setTimeout(() => { if (waiting !== null) { const moves = waiting; waiting = null; if (moves) step(moves); } }, 2000);
});

// ── Pointer ─────────────────────────────────────────────────────────────────

function pressRow(event, row) {
  // A guess is pressed to confirm it; a finger means the row.
  const guess = matchMedia("(pointer: fine)").matches && event.target.closest(".unsure");
  if (guess || event.target.closest(".more")) {
    event.preventDefault();
    moveTo(row, { audible: false });
    details(row);
    return;
  }
  if (event.target.closest(".star")) {
    event.preventDefault();
    favour([row], { ids: idOf(row) });
    return;
  }
  if (event.target.closest("label")) {
    if (event.target.name !== "ids") return; // the label's click brings the one of its box
    if (event.shiftKey) range(row);
    else toggle(row, event.target.checked);
    return;
  }
  event.preventDefault();
  if (document.body.classList.contains("selecting") && event.target.closest(".pc")) toggle(row);
  else if (event.ctrlKey || event.metaKey) toggle(row);
  else if (event.shiftKey) range(row);
  else if (event.target.closest(".play")) pressPlay(row);
  else moveTo(row);
  if (!event.shiftKey) anchor = idOf(row);
}

function pressPlay(row) {
  if (sounding() === soundOf(row)) silence();
  else {
    moveTo(row, { audible: false });
    hear(row);
  }
}

document.addEventListener("click", (event) => {
  const isOwn = event.target.closest(".acts") && !event.target.closest(".more"); // keys that rows have of their own
  const row = isOwn ? null : event.target.closest("#rows .row[tabindex]");
  if (row) { pressRow(event, row); return; }
  const button = event.target.closest("button, a, input");
  if (!button) return;
  const { act } = button.dataset;
  if (ACTS[act] && (button.tagName !== "A" || !event.ctrlKey)) {
    event.preventDefault();
    ACTS[act](button);
  } else if (button.id === "select-page") {
    if (button.checked) pickRows(rows());
    else clearSelection();
  }
});

const ACTS = {
  add: (link) => { loadUpload(); openDialog(link.href, "Add samples"); },
  "select-matching": selectMatching,
  "clear-selection": clearSelection,
  "select-mode": () => { document.body.classList.toggle("selecting"); paintAll(); },
  pads: ({ dataset }) => open("picker", "Put on pads", dataset.ids && { ids: dataset.ids }),
  tag: () => open("tag", "Tag"),
  edit: () => open("edit", "Change several sounds"),
  crate: (link) => openDialog(link.href, "Crate"),
  export: exportThem,
  similar: ({ dataset, form }) => { void similar(dataset.ids ?? (form?.id === "chosen" && !all && picked.size ? [...picked][0] : undefined)); },
  hear: ({ dataset }) => document.dispatchEvent(new CustomEvent("sample:play", { detail: { id: dataset.ids, loop: dataset.loop === "1" } })),
  trash: ({ dataset }) => { closeDialog(); bulk({ action: "trash" }, dataset.ids && { ids: dataset.ids }); },
  previous: () => step(-1),
  next: () => step(1),
};

// A form of the dialog that acts on the selection brings it along.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-bulk-form]") || !targets()) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target, event.submitter));
  delete values.csrfmiddlewaretoken;
  closeDialog();
  bulk(values);
});

// ── Keys ────────────────────────────────────────────────────────────────────

const here = (act) => (event) => (belongsElsewhere(event) || !grid() ? false : act(event));
const withRow = (act) => here(() => { const row = current(); return row ? act(row) : false; });
on("next", here(() => step(1)));
on("previous", here(() => step(-1)));
on("page-down", here(() => step(pageful())));
on("page-up", here(() => step(-pageful())));
on("first", here(() => jump(0)));
on("last", here(() => jump(-1)));
on("open", withRow((row) => { details(row); }));
on("toggle", withRow((row) => toggle(row)));
on("extend-down", here(() => extend(1)));
on("extend-up", here(() => extend(-1)));
on("select-all", here(() => { selectLoaded(); }));
on("to-pad", here(() => open("picker", "Put on pads")));
on("similar", withRow((row) => { void similar(idOf(row)); }));
on("slice", withRow((row) => (isSample(soundOf(row)) ? void (location.href = `/samples/${soundOf(row)}/slice/`) : false)));
on("tag", here(() => open("tag", "Tag")));
on("class", here(() => open("class", "Class")));
on("favourite", here(() => favour()));
on("trash", here(() => bulk({ action: "trash" })));
on("escape", () => {
  if (silence()) return true;
  if (document.querySelector("dialog[open], :popover-open") || !pickedCount()) return false;
  clearSelection();
  return true;
});
document.addEventListener("focusin", (event) => {
  const row = event.target;
  if (row.matches?.("#rows .row[tabindex]") && !cursor && row.matches(":focus-visible")) moveTo(row, { audible: false, focus: false });
});

// ── What is only needed sometimes comes when it is ──────────────────────────

function loadUpload() { import("./upload.js"); }
if (document.getElementById("uploads")) document.addEventListener("dragenter", loadUpload, { once: true });
function loadPanels() {
  import("./place.js");
  if (document.getElementById("filters")) { import("./filters.js"); import("./branches.js"); }
  const { dock, panel } = document.getElementById("main").dataset; // dock imports this module: both are named by the page
  if (dock) import(dock);
  if (panel) import(panel);
}
/** The first view comes first; whoever is quicker than that gets the panels at once. */
const whenIdle = () => (window.requestIdleCallback ?? setTimeout)(loadPanels, { timeout: 300 });
if (document.readyState === "complete") whenIdle();
else addEventListener("load", whenIdle);
for (const kind of ["pointerdown", "keydown", "swapped"]) {
  document.addEventListener(kind, loadPanels, { capture: true, once: kind !== "swapped" });
}
if (document.querySelector("[data-upload]")) loadUpload();
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#rows")) event.preventDefault(); });

reset();
if (history.state?.place) import("./place.js");
