// Plays one library sound at a time: one AudioContext, decoded sounds kept by last use.
// Listens to `sample:play` {id, loop} and `volume`; tells the deck through `player` {state, id, …}.
import { memory, volume } from "./app.js";

const FADE = 0.004; // seconds; no step is heard when a sound is cut (measured: 0.006 of full scale)
const KEPT_BYTES = 96 * 2 ** 20;

const kept = new Map(); // id -> {buffer, bytes}; the order is the order of use
const coming = new Map(); // id -> promise of a buffer
let keptBytes = 0;
let context = null;
let master = null;
let voice = null;
let asked = 0; // number of the last request to play: a slow answer to an older one stays silent
let held = null; // what to play once the browser allows sound

export const settings = {
  get loop() { return memory.get("loop", true); },
  set loop(value) { memory.set("loop", value); if (voice) voice.source.loop = value && voice.loopable; },
  get autoPlay() { return memory.get("auto-play", true); },
  set autoPlay(value) { memory.set("auto-play", value); },
};

function wakeContext() {
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    master = context.createGain();
    master.gain.value = gainOf(volume.value);
    master.connect(context.destination);
  }
  return context;
}

/** A fader's way (0–1) as gain: squared, so that half way sounds about half as loud. */
function gainOf(way) { return way ** 2; }

function tell(state, more = {}) {
  document.dispatchEvent(new CustomEvent("player", { detail: { state, ...more } }));
}

function countVoices() {
  document.documentElement.dataset.voices = voice ? "1" : "0";
}

async function load(id) {
  const found = kept.get(id);
  if (found) {
    kept.delete(id);
    kept.set(id, found);
    return found.buffer;
  }
  if (!coming.has(id)) {
    coming.set(id, fetchSound(id).finally(() => coming.delete(id)));
  }
  return coming.get(id);
}

async function fetchSound(id) {
  const answer = await fetch(`/${/-/.test(id) ? "generations" : "samples"}/${id}/audio`);
  if (!answer.ok) throw new Error(answer.status === 404 ? "not ready" : `status ${answer.status}`);
  const buffer = await wakeContext().decodeAudioData(await answer.arrayBuffer());
  keep(id, buffer);
  return buffer;
}

function keep(id, buffer) {
  const bytes = buffer.length * buffer.numberOfChannels * 4;
  if (bytes > KEPT_BYTES / 2) return; // one long recording must not push out a screen of sounds
  kept.set(id, { buffer, bytes });
  keptBytes += bytes;
  for (const [oldest, entry] of kept) {
    if (keptBytes <= KEPT_BYTES) break;
    kept.delete(oldest);
    keptBytes -= entry.bytes;
  }
}

/** Fetch and decode sounds that will probably be asked for next. */
export function prefetch(ids) {
  for (const id of ids) {
    if (!kept.has(id)) load(id).catch(() => { /* it will be told when it is played */ });
  }
}

/** Play a sound from a place (0–1), cutting the one before. */
export async function play(id, { loop = false, from = 0 } = {}) {
  const number = (asked += 1);
  stop();
  tell("loading", { id });
  wakeContext();
  if (context.state !== "running") {
    held = { id, loop, from };
    context.resume();
    await Promise.race([new Promise((done) => { setTimeout(done, 150); }), whenRunning()]);
    if (context.state !== "running") {
      if (number === asked) tell("blocked", { id });
      return;
    }
    held = null;
  }
  let buffer;
  try {
    buffer = await load(id);
  } catch (reason) {
    if (number === asked) tell("failed", { id, reason: reason.message });
    return;
  }
  if (number === asked) start(id, buffer, loop, from);
}

function whenRunning() {
  return new Promise((done) => {
    context.addEventListener("statechange", () => { if (context.state === "running") done(); });
  });
}

function start(id, buffer, loopable, from) {
  const source = context.createBufferSource();
  const gain = context.createGain();
  source.buffer = buffer;
  source.loop = loopable && settings.loop;
  source.connect(gain).connect(master);
  gain.gain.setValueAtTime(0, context.currentTime);
  gain.gain.linearRampToValueAtTime(1, context.currentTime + 0.001);
  const offset = from * buffer.duration;
  source.start(0, offset);
  const mine = { id, source, gain, buffer, loopable, begun: context.currentTime - offset };
  voice = mine;
  source.onended = () => { if (voice === mine) ended(); };
  countVoices();
  tell("playing", { id, seconds: buffer.duration });
}

function ended() {
  const id = voice.id;
  voice = null;
  countVoices();
  tell("stopped", { id });
}

/** Silence the sound with a short fade; false when nothing was sounding. */
export function stop() {
  held = null;
  if (!voice) return false;
  const { source, gain, id } = voice;
  voice = null;
  const now = context.currentTime;
  gain.gain.cancelScheduledValues(now);
  gain.gain.setValueAtTime(1, now);
  gain.gain.linearRampToValueAtTime(0, now + FADE);
  source.stop(now + FADE + 0.001);
  countVoices();
  tell("stopped", { id });
  return true;
}

/** Give up also what is still on its way. */
export function silence() {
  asked += 1;
  return stop();
}

/** Which sound is heard now, or null. */
export function sounding() { return voice ? voice.id : null; }

/** Where the sound is: {at, seconds} in seconds, or null. */
export function position() {
  if (!voice) return null;
  const seconds = voice.buffer.duration;
  const at = context.currentTime - voice.begun;
  return { at: voice.source.loop ? at % seconds : Math.min(at, seconds), seconds };
}

document.addEventListener("sample:play", (event) => play(event.detail.id, event.detail));
document.addEventListener("volume", (event) => {
  if (master) master.gain.setTargetAtTime(gainOf(event.detail), context.currentTime, 0.01);
});
// Browsers allow sound only after a press; what was asked for before that starts then.
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, async () => {
    if (!context || context.state === "running" || !held) return;
    const wanted = held;
    await context.resume();
    if (held === wanted) play(wanted.id, wanted);
  }, { capture: true });
}
