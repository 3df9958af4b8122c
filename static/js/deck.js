// The readout at the bottom: which sound, its waveform, where it is; a press on the glass seeks.
import { on } from "./app.js";
import { play, position, settings, silence, sounding } from "./player.js";

const LEVELS = [256, 1024, 4096]; // pairs of signed bytes, one level after the other: audio/waveform.py
const STRIDE = 5; // CSS pixels from one bar to the next

const NEAR = 0.01; // seconds: a hit that is this near is where one stands
const NEAR_BACK = 0.15; // seconds that pass while one looks for the key

const hits = new Map(); // id -> seconds
const peaks = new Map(); // id -> Int8Array, or null where there is none
let current = null; // the sample on the deck: the data of its row
let frame = 0;

const part = (name) => document.querySelector(`[data-deck=${name}]`);

function show(sample) {
  const changed = current?.id !== sample.id;
  current = sample;
  part("title").textContent = sample.title;
  part("tempo").textContent = sample.tempo ? `${sample.tempo} BPM` : "";
  part("key").textContent = sample.key || "";
  part("lufs").textContent = sample.lufs ? `${sample.lufs} LUFS` : "";
  part("facts").textContent = sample.facts || "";
  part("message").textContent = "";
  for (const button of document.querySelectorAll("[data-deck-needs]")) button.disabled = false;
  const slider = part("seek");
  slider.setAttribute("aria-valuemax", sample.seconds || 0);
  if (changed) fetchPeaks(sample.id);
  draw();
}

async function fetchPeaks(id) {
  if (peaks.has(id) || /-/.test(id)) return;
  if (peaks.size > 200) peaks.delete(peaks.keys().next().value);
  peaks.set(id, null);
  try {
    const answer = await fetch(`/samples/${id}/peaks.bin`);
    if (answer.ok) peaks.set(id, new Int8Array(await answer.arrayBuffer()));
    else peaks.delete(id);
  } catch {
    peaks.delete(id);
  }
  if (current?.id === id) draw();
}

/** The lowest and highest value for each of `count` bars (−1…1), from the finest level that is needed. */
function bars(bytes, count) {
  let start = 0;
  let pairs = LEVELS[0];
  for (const level of LEVELS) {
    pairs = level;
    if (level >= count || level === LEVELS.at(-1)) break;
    start += level * 2;
  }
  return Array.from({ length: count }, (_, bar) => {
    let low = 127;
    let high = -128;
    const end = Math.max(Math.floor(((bar + 1) * pairs) / count), Math.floor((bar * pairs) / count) + 1);
    for (let pair = Math.floor((bar * pairs) / count); pair < end; pair += 1) {
      low = Math.min(low, bytes[start + pair * 2]);
      high = Math.max(high, bytes[start + pair * 2 + 1]);
    }
    return [low / 127, high / 127];
  });
}

function draw() {
  const canvas = part("wave");
  if (!canvas || !canvas.clientWidth) return;
  const { clientWidth: wide, clientHeight: tall } = canvas;
  const scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(wide * scale)) canvas.width = Math.round(wide * scale);
  if (canvas.height !== Math.round(tall * scale)) canvas.height = Math.round(tall * scale);
  const paint = canvas.getContext("2d");
  paint.setTransform(scale, 0, 0, scale, 0, 0);
  paint.clearRect(0, 0, wide, tall);
  const place = where();
  const bytes = current && peaks.get(current.id);
  if (bytes) drawBars(paint, bytes, wide, tall, place.share);
  else drawLine(paint, wide, tall);
  showTime(place);
}

function drawBars(paint, bytes, wide, tall, share) {
  const look = getComputedStyle(document.documentElement);
  const played = look.getPropertyValue("--lcd-ink");
  const coming = look.getPropertyValue(sounding() === current.id ? "--lcd-ghost" : "--lcd-ink-2");
  const half = tall / 2;
  const all = bars(bytes, Math.max(16, Math.floor(wide / STRIDE)));
  all.forEach(([low, high], bar) => {
    const top = half - Math.max(high * half, 0.8);
    const bottom = half + Math.max(-low * half, 0.8);
    paint.fillStyle = bar / all.length < share ? played : coming;
    paint.fillRect(bar * STRIDE + 1, top, 2.4, bottom - top);
  });
  if (sounding() === current.id) {
    paint.fillStyle = played;
    paint.fillRect(Math.min(share * wide, wide - 2), 0, 2, tall);
  }
}

function drawLine(paint, wide, tall) {
  paint.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--lcd-ghost");
  for (let x = 0; x < wide; x += 12) paint.fillRect(x, tall / 2 - 0.75, 7, 1.5);
}

function where() {
  const now = current && sounding() === current.id ? position() : null;
  const seconds = now?.seconds ?? Number(current?.seconds || 0);
  return { at: now?.at ?? 0, seconds, share: now && seconds ? now.at / seconds : 0 };
}

function showTime({ at, seconds }) {
  part("at").textContent = current ? at.toFixed(2) : "";
  part("of").textContent = current ? ` / ${seconds.toFixed(2)} s` : "";
  const slider = part("seek");
  slider.setAttribute("aria-valuenow", at.toFixed(2));
  slider.setAttribute("aria-valuetext", `${at.toFixed(2)} of ${seconds.toFixed(2)} seconds`);
}

function run() {
  draw();
  frame = sounding() ? requestAnimationFrame(run) : 0;
}

/** Go to a share (0–1) of the sound on the deck, playing on from there. */
function seek(share) {
  if (current) play(current.id, { loop: current.loop, from: Math.min(Math.max(share, 0), 0.999) });
}

function nudge(step) {
  if (!current) return false;
  seek(where().share + step);
  return true;
}

/** Where hits begin in a sound, in seconds; asked for when somebody first steps along them. */
async function hitsOf(id) {
  if (/-/.test(id)) return [];
  if (!hits.has(id)) {
    const answer = await fetch(`/samples/${id}/onsets.bin`).catch(() => null);
    if (!answer?.ok) return [];
    hits.set(id, [...new Float32Array(await answer.arrayBuffer())]);
  }
  return hits.get(id);
}

/** Play from the next hit, or from the one before; a hit just left counts as before. */
async function toHit(step) {
  if (!current) return false;
  const { id } = current;
  const places = [0, ...await hitsOf(id)];
  const { at, seconds } = where();
  if (id !== current?.id || !seconds) return true;
  const next = step > 0 ? places.find((place) => place > at + NEAR) : places.findLast((place) => place < at - NEAR_BACK) ?? 0;
  if (next !== undefined) seek(next / seconds);
  return true;
}

export function playOrStop() {
  if (!current) return false;
  if (sounding() === current.id) silence();
  else play(current.id, { loop: current.loop });
  return true;
}

const MESSAGES = {
  blocked: "Press any key to switch the sound on.",
  "not ready": "This sound is not ready to play yet.",
};

function follow({ state, id, reason }) {
  const button = part("play");
  button.classList.toggle("is-playing", state === "playing");
  button.setAttribute("aria-label", state === "playing" ? "Stop" : "Play");
  if (id === current?.id) {
    part("message").textContent = MESSAGES[state === "failed" ? reason : state]
      ?? (state === "failed" ? "This sound could not be fetched. Try again." : "");
  }
  if (state === "playing" && !frame) run();
  if (state === "stopped") draw();
}

function showToggles() {
  for (const [name, value] of [["loop", settings.loop], ["auto-play", settings.autoPlay]]) {
    document.querySelector(`[data-toggle=${name}]`)?.setAttribute("aria-pressed", String(value));
  }
}

function toggle(name) {
  if (name === "loop") settings.loop = !settings.loop;
  else settings.autoPlay = !settings.autoPlay;
  showToggles();
}

function shareAt(event) {
  const box = part("seek").getBoundingClientRect();
  return (event.clientX - box.left) / box.width;
}

document.addEventListener("sample:current", (event) => { if (part("title")) show(event.detail); });
document.addEventListener("player", (event) => { if (part("title")) follow(event.detail); });
document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-toggle]")?.dataset.toggle;
  if (name) toggle(name);
  if (event.target.closest("[data-deck=play]")) playOrStop();
});
let scrubbing = false;
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("[data-deck=seek]") || !current) return;
  scrubbing = true;
  seek(shareAt(event));
});
document.addEventListener("pointermove", (event) => { if (scrubbing) seek(shareAt(event)); });
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => { scrubbing = false; });
}
document.addEventListener("dblclick", (event) => { if (event.target.closest("[data-deck=seek]")) seek(0); });
addEventListener("resize", () => { if (part("wave")) draw(); });

/** Tell whether a key belongs to an open sheet or to the control that has the focus. */
export function belongsElsewhere(event) {
  if (document.querySelector("dialog[open], :popover-open")) return true;
  const control = event.target.closest?.("a, button, input, select, summary");
  if (!control) return false;
  if ([" ", "Enter"].includes(event.key)) return true;
  return control.matches("select, [type=range], [type=number], [type=radio], [data-walks]");
}

const unlessElsewhere = (act) => (event) => (belongsElsewhere(event) ? false : act());
on("play", unlessElsewhere(playOrStop));
on("seek-back", unlessElsewhere(() => nudge(-0.1)));
on("seek-forward", unlessElsewhere(() => nudge(0.1)));
on("hit-back", unlessElsewhere(() => toHit(-1)));
on("hit-forward", unlessElsewhere(() => toHit(1)));
on("loop", () => toggle("loop"));
on("auto-play", () => toggle("auto-play"));

document.addEventListener("swapped", () => { if (part("wave")) { showToggles(); draw(); } });
showToggles();
document.fonts?.ready.then(() => { if (part("wave")) draw(); });
