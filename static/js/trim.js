// The handles on the readout: where a sound begins and ends, and where its loop starts again.
import { announce } from "./app.js";
import { drawFace } from "./faces.js";
import { padAt } from "./acts.js";
import { set } from "./inspector.js";
import { bars, outline, path } from "./peaks.js";
import { inHand } from "./selection.js";
import { sound } from "./sounding.js";

const RATE = 48_000;
const BARS = 110;
const ZOOM = RATE / 2; // frames on the glass while a handle is dragged: ±250 ms around it
const LONGEST = 60 * RATE; // frames that are decoded for a look at single samples
const SLACK = 3; // CSS pixels
const APART = 48; // CSS pixels between two handles that can both be taken
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -100, PageUp: 100 };

const panel = document.querySelector("aside.insp");
let view = null; // [first, behind the last] of the frames on the glass; null: all
let drag = null; // {handle, x, share}

const glass = () => document.getElementById("trim");

/** What the glass shows: its sample, and frames of the sound. */
function region() {
  const { sample, frames, start, end, top } = glass()?.dataset ?? {};
  if (!frames) return null;
  return { sample, frames: Number(frames), start: Number(start), end: Number(end), top: top ? Number(top) : Number(start) };
}

const inSeconds = (frames) => (frames / RATE).toFixed(3);

// ── Drawing ─────────────────────────────────────────────────────────────────

function draw() {
  const now = region();
  if (!now) return;
  const [from, to] = view ?? [0, now.frames];
  const bytes = outline(now.sample, draw);
  if (bytes) drawWave(bars(bytes, from / now.frames, to / now.frames, BARS), now, from, to);
  for (const handle of glass().querySelectorAll(".h")) {
    const at = now[handle.dataset.edge];
    handle.style.left = `${(100 * (at - from)) / (to - from)}%`;
    handle.classList.toggle("off", at < from || at > to);
    handle.setAttribute("aria-valuenow", at);
    handle.setAttribute("aria-valuetext", `${inSeconds(at)} seconds`);
  }
  glass().classList.toggle("tight", ((now.end - now.start) / (to - from)) * glass().clientWidth < APART);
  const times = { start: now.start, end: now.end, kept: now.end - now.start };
  for (const place of panel.querySelectorAll("[data-time]")) place.textContent = inSeconds(times[place.dataset.time]);
}

function drawWave(values, { start, end }, from, to) {
  const wave = glass().querySelector(".wave");
  const [outside, inside = outside.cloneNode()] = wave.querySelectorAll("path");
  const kept = (bar) => {
    const at = from + ((bar + 0.5) * (to - from)) / BARS;
    return at >= start && at < end;
  };
  wave.setAttribute("viewBox", `0 0 ${BARS * 3} 24`);
  outside.setAttribute("d", path(values, (bar) => !kept(bar)));
  outside.setAttribute("class", "cut");
  inside.setAttribute("d", path(values, kept));
  inside.removeAttribute("class");
  wave.append(inside);
}

// ── Moving a handle ─────────────────────────────────────────────────────────

function move(edge, frame) {
  const { frames, start, end, top } = region();
  const limits = { start: [0, end - 1], end: [start + 1, frames], top: [start, end - 1] }[edge];
  const at = Math.min(Math.max(Math.round(frame), limits[0]), limits[1]);
  if (at === region()[edge]) return;
  const pads = [inHand()];
  glass().dataset[edge] = edge === "top" && at === start ? "" : at;
  if (edge === "start") set({ start: at });
  if (edge === "end") set({ end: at === frames ? null : at });
  if (edge === "top") set({ loop_top: at === start ? null : at });
  const now = region();
  if (edge !== "top" && glass().dataset.top && (top <= now.start || top >= now.end)) {
    glass().dataset.top = ""; // the region left it: the server forgets it as well
    sound(pads, { loop_top: null });
  }
  drawFace(padAt(inHand()));
  draw();
}

function key(event) {
  const { edge } = event.target.dataset;
  const now = region();
  if (!edge || !now || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  const frames = event.altKey ? 1 : (RATE / 1000) * (event.shiftKey ? 10 : 1);
  const whole = { start: 0, end: now.frames, top: now.start };
  if (step) move(edge, now[edge] + step * frames);
  else if (event.key === "Home") move(edge, 0);
  else if (event.key === "End") move(edge, now.frames);
  else if (event.key === "Backspace") move(edge, whole[edge]);
  else if (event.code === "KeyZ" && !event.repeat) snap(edge);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const shareAt = (x) => {
  const { left, width } = glass().getBoundingClientRect();
  return (x - left) / width;
};

function press(event) {
  const handle = event.target.closest(".h");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  handle.focus();
  handle.setPointerCapture(event.pointerId);
  drag = { handle, x: event.clientX, share: shareAt(event.clientX) };
}

function follow(event) {
  if (!drag) return;
  if (!view && Math.abs(event.clientX - drag.x) < SLACK) return;
  if (!view) zoom();
  drag.share = shareAt(event.clientX);
  const [from, to] = view;
  move(drag.handle.dataset.edge, from + drag.share * (to - from));
}

/** Show half a second, with the handle where the pointer took it. */
function zoom() {
  const { frames, ...now } = region();
  const wide = Math.min(ZOOM, frames);
  const from = frames <= ZOOM ? 0 : now[drag.handle.dataset.edge] - drag.share * wide;
  view = [from, from + wide];
  requestAnimationFrame(pan);
}

/** Beyond the edge of the glass the drawing goes along. */
function pan() {
  if (!drag || !view) return;
  const { frames } = region();
  const out = drag.share > 0.97 ? 1 : drag.share < 0.03 ? -1 : 0;
  const [from, to] = view;
  const step = out * (to - from) * 0.03;
  if (step && to - from < frames && from + step > -ZOOM / 2 && to + step < frames + ZOOM / 2) {
    view = [from + step, to + step];
    move(drag.handle.dataset.edge, view[0] + drag.share * (to - from));
    draw();
  }
  requestAnimationFrame(pan);
}

function release() {
  if (!drag) return;
  drag = null;
  view = null;
  draw();
}

// ── Where the sound crosses zero ────────────────────────────────────────────

const decoded = { sample: "", line: null }; // the last one, all channels in one

async function lineOf(sample) {
  if (decoded.sample !== sample) {
    const answer = await fetch(`/samples/${sample}/audio`);
    const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await answer.arrayBuffer());
    const line = buffer.getChannelData(0).slice();
    for (let channel = 1; channel < buffer.numberOfChannels; channel += 1) {
      buffer.getChannelData(channel).forEach((value, frame) => { line[frame] += value; });
    }
    Object.assign(decoded, { sample, line });
  }
  return decoded.line;
}

/** The frame nearest to `at` before which the sign changes, or nothing. */
function crossing(line, at) {
  const crosses = (frame) => frame > 0 && frame < line.length && (line[frame - 1] < 0) !== (line[frame] < 0);
  for (let far = 0; far < line.length; far += 1) {
    if (crosses(at - far)) return at - far;
    if (crosses(at + far)) return at + far;
  }
  return undefined;
}

async function snap(edge) {
  const { sample, frames, ...now } = region();
  const at = frames > LONGEST ? undefined : crossing(await lineOf(sample), now[edge]);
  if (at === undefined) announce(frames > LONGEST ? "This sound is too long to look for zero crossings" : "No zero crossing");
  else if (region()?.sample === sample) move(edge, at);
}

panel.addEventListener("keydown", key);
panel.addEventListener("pointerdown", press);
panel.addEventListener("pointermove", follow);
for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) panel.addEventListener(end, release);
panel.addEventListener("dblclick", ({ target }) => {
  const now = region();
  if (target.dataset.edge && now) move(target.dataset.edge, { start: 0, end: now.frames, top: now.start }[target.dataset.edge]);
});
document.addEventListener("pad:setting", ({ detail: { pads, values } }) => {
  for (const pad of pads) if (padAt(pad)) drawFace(padAt(pad));
  const top = document.getElementById("trim-top");
  if (top && "play" in values) top.hidden = !["loop", "held-loop"].includes(values.play);
});
document.addEventListener("swapped", draw);
draw();
