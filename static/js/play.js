// The pads of a kit under finger, keys and MIDI: what is pressed sounds, what is let go is released.
import { isTyping, memory, toast } from "./app.js";
import { PAD_CODES, look, numberOf, padAt, padOfKey } from "./acts.js";
import { BROWSED, mark } from "./browse.js";
import { halt, hurry, run } from "./loopline.js";
import { PadEngine } from "./pads.js";

const LIT = 90; // ms that a pad stays lit at least: nothing strobes
const TAP = 500; // ms that a press without a release lasts: one by a screen reader

const stage = document.getElementById("stage");
const held = new Map(); // what presses ("KeyQ", "pointer 3", "midi 1 36") -> the pad it holds
const sounding = new Map(); // pad -> its voice
const litAt = new Map(); // pad -> when it was lit
let kept = null; // pad -> sound, of all banks; read anew when the page has changed
let legends = null; // KeyboardEvent.code -> what is printed on the key, where the browser tells

const pads = () => [...stage.querySelectorAll(".pad")];
const bankKey = (letter) => stage.querySelector(`.bank[data-bank=${letter}]`);

// ── What a pad plays ────────────────────────────────────────────────────────

/** The sounds of the whole kit: pads of banks that are not open can be played by MIDI and links. */
function allSounds() {
  const banks = [...stage.querySelectorAll(".bank")];
  kept ??= new Map(banks.flatMap((key) => Object.entries(JSON.parse(key.dataset.sounds))));
  return kept;
}

function soundOf(address) {
  const { sample, sound, long } = padAt(address)?.dataset ?? {};
  const known = sample ? { ...JSON.parse(sound), sample, streamed: long !== undefined } : allSounds().get(address);
  const volume = bankKey(address[0])?.dataset.volume ?? 127;
  return known ? { ...known, volume: Number(volume) } : null;
}

/** The pad and those that are linked with it. */
function together(address, { link }) {
  if (!link) return [address];
  const others = [...allSounds()].filter(([at, sound]) => sound.link === link && at !== address);
  return [address, ...others.map(([at]) => at)];
}

// ── Press and release ───────────────────────────────────────────────────────

export const engine = new PadEngine(light, decoding);

/** Press a pad; `by` names the key, finger or note that holds it until `letGo(by)`. */
export function press(by, address, { velocity = 127 } = {}) {
  const since = performance.now();
  held.set(by, address);
  const sound = soundOf(address);
  for (const at of sound ? together(address, sound) : []) {
    const { sample, ...settings } = at === address ? sound : soundOf(at);
    engine.press(at, sample, settings, { velocity, since });
  }
  tell("pad:press", { pad: address, velocity, by });
}

export function letGo(by) {
  const address = held.get(by);
  if (!held.delete(by) || [...held.values()].includes(address)) return;
  const sound = soundOf(address);
  for (const at of sound ? together(address, sound) : []) engine.release(at, soundOf(at));
  tell("pad:release", { pad: address, by });
}

/** Silence everything; false when nothing was sounding. */
export function silence() {
  held.clear();
  return engine.stopAll();
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Decode the open bank, then its neighbours. */
function prefetch() {
  const keys = [...stage.querySelectorAll(".bank")];
  const here = keys.findIndex((key) => key.dataset.bank === look().bank);
  const near = [keys[here], keys[here + 1], keys[here - 1]].filter(Boolean);
  const sounds = near.flatMap((key) => Object.values(JSON.parse(key.dataset.sounds)));
  engine.prefetch(sounds.filter(({ streamed }) => !streamed).map(({ sample }) => sample));
}

// ── Light ───────────────────────────────────────────────────────────────────

function light(address, voice) {
  if (voice) {
    sounding.set(address, voice);
    litAt.set(address, performance.now());
    show(address);
    return;
  }
  sounding.delete(address);
  setTimeout(() => show(address), Math.max(0, LIT - (performance.now() - litAt.get(address))));
}

function show(address) {
  const voice = sounding.get(address);
  if (address === BROWSED) {
    if (!voice) mark("");
    return;
  }
  const pad = padAt(address);
  halt(pad);
  pad?.classList.toggle("playing", Boolean(voice));
  if (voice) run(pad, voice);
}

/** A pad whose sound is on its way says so. */
function decoding(sample, isOn) {
  for (const pad of pads().filter(({ dataset }) => dataset.sample === String(sample))) {
    pad.classList.toggle("decoding", isOn);
    const label = pad.getAttribute("aria-label").replace(/, loading$/, "");
    pad.setAttribute("aria-label", isOn ? `${label}, loading` : label);
  }
}

/** Settings that were changed are heard at once, also those that a step back changed. */
function follow() {
  for (const address of sounding.keys()) {
    const sound = address === BROWSED ? null : soundOf(address);
    if (!sound) continue;
    engine.change(address, sound);
    hurry(padAt(address), sound.rate);
  }
}

document.addEventListener("pad:setting", follow);
document.addEventListener("swapped", () => {
  kept = null;
  dress();
  for (const pad of pads()) if (sounding.has(pad.dataset.pad) !== pad.classList.contains("playing")) show(pad.dataset.pad);
  follow();
});
for (const name of ["bank:open", "kit:changed"]) document.addEventListener(name, prefetch);
document.addEventListener("sound:blocked", () => toast("Press any key to switch the sound on."));

// ── Pointer ─────────────────────────────────────────────────────────────────

/** How hard a finger pressed, 1 to 127; full where the device cannot tell (it says 0, ½ or 1 then). */
function velocityOf({ pointerType, pressure }) {
  const isReal = pointerType !== "mouse" && pressure > 0 && pressure < 1 && pressure !== 0.5;
  return isReal ? Math.max(1, Math.round(pressure * 127)) : 127;
}

stage.addEventListener("pointerdown", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad || event.button !== 0 || event.shiftKey || event.ctrlKey || event.metaKey) return;
  press(`pointer ${event.pointerId}`, pad.dataset.pad, { velocity: velocityOf(event) });
});
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, ({ pointerId }) => letGo(`pointer ${pointerId}`));
}
stage.addEventListener("pointerout", ({ target, relatedTarget, pointerId }) => {
  const pad = target.closest(".pad");
  if (pad && !pad.contains(relatedTarget)) letGo(`pointer ${pointerId}`);
});
stage.addEventListener("click", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad || event.detail !== 0 || event.shiftKey) return; // one by a pointer has sounded already
  press("click", pad.dataset.pad);
  setTimeout(() => letGo("click"), TAP);
});

// ── Keys ────────────────────────────────────────────────────────────────────

/** Whether letters play from the whole page; in the stage they always do. */
const playsAnywhere = () => memory.get("play-keys", matchMedia("(any-pointer: fine)").matches);

/** Tell whether the letters are keys of pads here and now. */
export function hasLetters() {
  if (stage.contains(document.activeElement)) return true;
  return playsAnywhere() && document.body.dataset.singleKeys !== "off";
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const focused = event.target.closest?.("#stage .pad")?.dataset.pad;
  const number = hasLetters() ? padOfKey(event) : 0;
  const address = event.code === "Space" ? focused : number && `${look().bank}${number}`;
  if (!address) return;
  event.preventDefault();
  if (!event.repeat) press(event.code, address);
});
addEventListener("keyup", (event) => {
  letGo(event.code);
  if (event.code === "Space" && event.target.closest?.("#stage .pad")) event.preventDefault(); // no click
});
addEventListener("blur", silence);
document.addEventListener("visibilitychange", () => { if (document.hidden) silence(); });

/** Put on the page what only the browser knows: its keys, and whether they play. */
function dress() {
  const box = document.getElementById("play-keys");
  if (box) box.checked = playsAnywhere();
  const printed = (code) => legends?.get(code)?.toUpperCase();
  for (const pad of pads()) {
    const legend = printed(PAD_CODES[numberOf(pad.dataset.pad) - 1]);
    if (legend) pad.querySelector(".kc").dataset.key = legend;
  }
  for (const key of stage.querySelectorAll("kbd[data-code]")) key.textContent = printed(key.dataset.code) ?? key.textContent;
}

document.addEventListener("change", ({ target }) => {
  if (target.id === "play-keys") memory.set("play-keys", target.checked);
});
navigator.keyboard?.getLayoutMap?.().then((map) => { legends = map; dress(); }, () => { /* US legends stay */ });

// ── MIDI ────────────────────────────────────────────────────────────────────

document.addEventListener("midi:press", ({ detail: { by, bank, number, velocity } }) => {
  press(by, `${bank || look().bank}${number}`, { velocity });
});
document.addEventListener("midi:release", ({ detail }) => letGo(detail.by));

if (new URLSearchParams(location.search).get("probe") === "1") {
  import("./probe.js").then(({ probe }) => { window.padEngine = probe(engine); });
}
dress();
prefetch();
