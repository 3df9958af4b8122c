// The slicer: markers by rule or by hand, slices on pads, and what is sent to put them there.
import { announce, get, on } from "./app.js";
import { redo as redoKit, undo as undoKit } from "./acts.js";
import { Markers } from "./markers.js";
import { onGlass } from "./slicehand.js";
import { SlicePads } from "./slicepads.js";
import { chosen, goes } from "./slicetarget.js";
import { SliceWave, seconds } from "./slicewave.js";
import { RATE, beats, equal, hits, pieces, settled, snapped } from "./slices.js";

const MS = RATE / 1000;

const cut = document.getElementById("cut");
const put = document.getElementById("put");
const field = document.getElementById("wave");
const key = (act) => document.querySelector(`[data-do="${act}"]`);
const lcd = (name) => document.querySelector(`[data-lcd="${name}"]`);
const read = () => JSON.parse(document.getElementById("slicer-data").textContent);

let known = read();
const { frames, sample } = known;
let buffer = null; // the sound itself, where it is short enough to be decoded
let cuts = []; // where the markers really cut: at zero crossings, where that is wanted
let cursor = 0; // frame: where the sound goes on, and markers are set, in silence
let isTapping = false;
let placed = 0; // steps of the kit that were made here since a marker was touched last
let takenBack = 0;

// ── What the form says ──────────────────────────────────────────────────────

const formText = () => new URLSearchParams(new FormData(cut)).toString();
const said = (name) => new FormData(cut).get(name);
const number = (name, usual) => Number(said(name)) || usual;

function byRule() {
  const head = said("trim") === null;
  const rules = {
    file: () => settled(known.file, frames, { head }),
    hits: () => hits(known.hits, frames, {
      sensitivity: Number(said("sensitivity")), shortest: Math.floor((number("shortest", 60) * RATE) / 1000), most: number("most", 16), head,
    }),
    beats: () => beats(frames, {
      bpm: Math.min(Math.max(number("bpm", 120), 20), 400), offset: offset(), grid: number("grid", 8), head,
    }),
    equal: () => equal(frames, number("parts", 16)),
    hand: () => byHand(head),
  };
  return rules[said("method")]();
}

const offset = () => Math.floor((Math.max(Number(said("offset")), 0) * RATE) / 1000 + 0.5);
const byHand = (head) => (head && markers.places[0] ? [0, ...markers.places].slice(0, 64) : markers.places);
const tempo = () => (said("method") === "beats" ? number("bpm", 0) : known.bpm);

function restore(text) {
  const values = new URLSearchParams(text);
  for (const field_ of cut.elements) {
    if (["radio", "checkbox"].includes(field_.type)) field_.checked = values.get(field_.name) === field_.value;
    else if (values.has(field_.name)) field_.value = values.get(field_.name);
  }
  showNumbers();
}

function showNumbers() {
  for (const output of cut.querySelectorAll("output")) {
    const input = output.previousElementSibling;
    output.textContent = `${input.value}${input.dataset.unit ?? ""}`;
  }
}

// ── Markers, drawn and played ───────────────────────────────────────────────

const markers = new Markers(frames, known.cuts, formText());
const strengths = new Map(known.hits);
const wave = new SliceWave({ frames, bpm: tempo(), offset: offset(), strengths });
const pads = new SlicePads({
  sample,
  streamed: known.long,
  seconds: frames / RATE,
  at: soundOf,
  path: (slice) => wave.path(cuts[slice], cuts[slice + 1] ?? frames),
  pressed,
  moved: follow,
});
window.padEngine = new URLSearchParams(location.search).get("probe") === "1" ? pads.engine : undefined;

function soundOf(slice) {
  const [start, end] = pieces(cuts, frames)[slice];
  const group = chosen("mute_group");
  return {
    start: start / RATE, end: end / RATE, play: chosen("play"),
    group: group === "-" ? undefined : group, fades: chosen("edges") === "fade",
  };
}

function pressed(slice) {
  if (isTapping && pads.isWhole) { drop(); return true; }
  select(slice);
  return false;
}

/** Cuts as they will be put: the server moves them by the same rule. */
function settle() {
  const wants = buffer && chosen("edges") === "snap";
  if (!wants) { cuts = markers.places; return; }
  const lines = Array.from({ length: buffer.numberOfChannels }, (_, at) => buffer.getChannelData(at));
  const line = (at) => lines.reduce((sum, each) => sum + each[at], 0);
  let last = -1;
  cuts = markers.places.map((place) => (last = Math.max(place ? snapped(line, buffer.length, place) : 0, last + 1)));
}

function render() {
  settle();
  markers.isLocked = said("trim") === null;
  const isGuessed = said("method") === "hits"; // a grid guesses nothing, neither does a hand
  Object.assign(wave, { bpm: tempo(), offset: said("method") === "beats" ? offset() : 0, strengths: isGuessed ? strengths : new Map() });
  wave.draw();
  mark();
  put.elements.marks.value = markers.places.join();
  const count = markers.places.length;
  lcd("count").textContent = `${count} slice${count === 1 ? "" : "s"}`;
  lcd("tempo").textContent = tempo() ? `${tempo().toFixed(1)} BPM` : "";
  const bars = tempo() ? (frames / RATE / 240) * tempo() : 0;
  lcd("bars").textContent = bars ? `${Number(bars.toFixed(bars < 10 ? 1 : 0))} bar${bars.toFixed(1) === "1.0" ? "" : "s"}` : "";
  lcd("length").textContent = `${seconds(frames)} s`;
  key("undo").disabled = !markers.hasPast;
  key("redo").disabled = !markers.hasComing;
  goes(count);
}

/** Show which slice is in hand. */
function mark() {
  const { places, selected, isLocked } = markers;
  wave.mark({ places, selected, isLocked });
  pads.draw(places.length, selected);
  lcd("slice").textContent = `Slice ${selected + 1}: ${seconds(places[selected])} to ${seconds(places[selected + 1] ?? frames)} s`;
  key("remove-marker").disabled = markers.removed(selected) === null;
}

function select(slice, { show = true } = {}) {
  markers.selected = slice;
  if (show) wave.show(markers.places[slice]);
  mark();
}

// ── Steps ───────────────────────────────────────────────────────────────────

/** A step by hand: from now on no rule chooses. */
function step(places, gesture = "") {
  if (!places) return false;
  cut.elements.method.value = "hand";
  change(places, gesture);
  return true;
}

function change(places, gesture) {
  markers.set(places, formText(), gesture);
  placed = takenBack = 0;
  render();
}

function move(slice, place, gesture) {
  if (!step(markers.moved(slice, place), gesture)) return;
  announce(`Marker ${slice + 1} at ${seconds(markers.places[slice])} seconds`);
}

const nudge = (event, way) => move(markers.selected, markers.places[markers.selected] + way * (event.shiftKey ? 10 : 1) * MS, `nudge ${markers.selected}`);

function drop() {
  if (!step(markers.added(pads.frame ?? cursor))) return;
  announce(`Marker ${markers.selected + 1} set`);
}

function remove() {
  const slice = markers.selected;
  if (!step(markers.removed(slice))) return;
  announce(`Marker ${slice + 1} removed`);
}

function pick(way) {
  select(Math.min(Math.max(markers.selected + way, 0), markers.places.length - 1));
  cursor = markers.places[markers.selected];
  if (field.contains(document.activeElement)) wave.flags.children[markers.selected].focus();
  follow();
}

/** Back over markers; what was put on pads since comes first. */
function undo() {
  if (placed) { placed -= 1; takenBack += 1; void undoKit(); return; }
  if (markers.undo()) { restore(markers.form); render(); }
}

function redo() {
  if (takenBack) { takenBack -= 1; placed += 1; void redoKit(); return; }
  if (markers.redo()) { restore(markers.form); render(); }
}

// ── Play ────────────────────────────────────────────────────────────────────

let isFollowing = false;

function follow() {
  key("play").setAttribute("aria-pressed", String(pads.isWhole));
  if (!isFollowing) requestAnimationFrame(run);
  isFollowing = true;
}

function run() {
  const frame = pads.frame;
  wave.head(frame ?? (cursor || null));
  isFollowing = frame !== null;
  if (isFollowing) requestAnimationFrame(run);
}

function play() {
  pads.toggleWhole(cursor < frames - MS ? cursor / RATE : 0);
  follow();
}

function tap() {
  isTapping = !isTapping;
  key("tap").setAttribute("aria-pressed", String(isTapping));
  if (isTapping !== pads.isWhole) { cursor = 0; play(); }
  announce(isTapping ? "Every pad sets a marker while the sound plays" : "Pads play their slices");
}

put.addEventListener("change", ({ target }) => { if (target.name === "edges") render(); });
document.addEventListener("kit:changed", ({ detail }) => {
  if (/^(Undone|Done again)/.test(detail.said) || detail.isElsewhere) return;
  placed += 1;
  takenBack = 0;
});

// ── Pointer ─────────────────────────────────────────────────────────────────

const zoom = onGlass({ wave, markers, select, step, point });

/** The sound goes on from here. */
function point(frame) {
  cursor = Math.round(frame);
  select(markers.at(cursor), { show: false });
  follow();
}

wave.flags.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  nudge(event, way);
});

// ── Form, buttons, keys ─────────────────────────────────────────────────────

cut.addEventListener("input", ({ target }) => {
  showNumbers();
  markers.isLocked = said("trim") === null;
  change(byRule(), `form ${target.name} ${target.value && target.type === "radio" ? target.value : ""}`);
});
cut.addEventListener("change", () => markers.end());
cut.addEventListener("submit", (event) => event.preventDefault());

async function detect() {
  const { url } = key("detect").dataset;
  await get(`${url}?${formText()}`, { target: "#marks", swap: "outerHTML" });
  known = read();
  strengths.clear();
  for (const [frame, strength] of known.hits) strengths.set(frame, strength);
  change(byRule(), "");
  announce(`${markers.places.length} slices`);
}

const acts = { undo, redo, play, tap, detect, "add-marker": drop, "remove-marker": remove };
document.addEventListener("click", ({ target }) => acts[target.closest("[data-do]")?.dataset.do]?.());
document.getElementById("pages").addEventListener("click", ({ target }) => {
  const page = target.closest("[data-page]")?.dataset.page;
  if (page) pads.draw(markers.places.length, markers.selected, { page: Number(page) });
});

const turn = (way) => () => {
  const last = Math.ceil(markers.places.length / 16) - 1;
  pads.draw(markers.places.length, markers.selected, { page: Math.min(Math.max(pads.page + way, 0), last) });
};
for (const [act, handler] of Object.entries({
  undo,
  redo,
  "add-marker": drop,
  "remove-marker": remove,
  "previous-marker": () => pick(-1),
  "next-marker": () => pick(1),
  "nudge-left": (event) => nudge(event, -1),
  "nudge-right": (event) => nudge(event, 1),
  "tap-markers": tap,
  "zoom-in": () => zoom(10),
  "zoom-out": () => zoom(-10),
  "next-slices": turn(1),
  "previous-slices": turn(-1),
  "play-whole": () => (document.activeElement?.matches("button, a, input, select, summary") ? false : play()),
  escape: () => pads.stopAll(),
})) on(act, handler);

// ── Begin ───────────────────────────────────────────────────────────────────

async function load() {
  const answer = await fetch(`/samples/${sample}/peaks.bin`).catch(() => null);
  if (answer?.ok) wave.usePeaks(new Int8Array(await answer.arrayBuffer()));
  mark();
  if (known.long) return;
  buffer = await pads.engine.sound(sample).catch(() => null);
  if (!buffer) return;
  wave.useBuffer(buffer);
  settle();
  mark();
}

render();
void load();
