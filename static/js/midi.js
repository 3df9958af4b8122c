// Web MIDI: notes of a connected unit press pads, and pads that are pressed may play the unit.
// Others hear of it by `midi:press`, `midi:release` and `midi:state` on document.
import { memory, toast } from "./app.js";

const BANKS = "ABCDEFGHIJ";
const PADS = 16;
const HALF = 5; // banks on a channel of mode B
const LEARNS = 10_000; // ms that a pad waits for its note
const NOTE_OFF = 0x80, NOTE_ON = 0x90;
const REFUSED = "The browser blocked MIDI. Allow it in the address bar, then press Connect.";

/** The order of notes inside a bank: from the top row on, or, as some found it, from the bottom row. */
const ORDERS = {
  top: (place) => place,
  bottom: (place) => 4 * (3 - (place >> 2)) + (place & 3),
};

/** For each preset: the place 0–159 that a note is (10 banks of 16; from 160 on: in the open bank), or
 *  nothing, and the [channel, note] of a place. Channels from 1. */
const PRESETS = {
  a: {
    place: (channel, note) => (channel <= BANKS.length && note >= 36 && note < 52 ? PADS * (channel - 1) + note - 36 : null),
    note: (place) => [Math.floor(place / PADS) + 1, 36 + (place % PADS)],
  },
  b: {
    place: (channel, note) => (channel <= 2 && note >= 12 && note < 92 ? PADS * HALF * (channel - 1) + note - 12 : null),
    note: (place) => [Math.floor(place / (PADS * HALF)) + 1, 12 + (place % (PADS * HALF))],
  },
  any: {
    place: (channel, note) => (note >= 36 && note < 52 ? PADS * BANKS.length + note - 36 : null),
    note: (place) => [1, 36 + (place % PADS)],
  },
};

/** What this browser remembers. */
export const choices = {
  get preset() { return memory.get("midi-preset", "a"); },
  get order() { return memory.get("midi-order", "top"); },
  get out() { return memory.get("midi-out", false); },
  get learned() { return memory.get("midi-learned", {}); }, // "channel:note" -> pad
  set(name, value) {
    memory.set(`midi-${name}`, value);
    tell();
  },
};

const face = document.getElementById("midi");
let access = null;
let learning = ""; // the pad that waits for its note
let timer = 0;

/** Whether a page may ask for MIDI here at all. */
export const isPossible = () => isSecureContext && "requestMIDIAccess" in navigator;

/** What is known of the connection: {isOn, devices, refused}. */
export const state = { isOn: false, devices: [], refused: "" };

function tell() {
  if (face) {
    face.querySelector(".lamp").classList.toggle("on", state.devices.length > 0);
    face.querySelector("span").textContent = state.devices.join(", ") || "No MIDI";
  }
  document.dispatchEvent(new CustomEvent("midi:state", { detail: state }));
}

/** Ask the browser for MIDI; only ever after a press, or where it was allowed before. */
export async function connect() {
  try {
    access = await navigator.requestMIDIAccess();
  } catch {
    Object.assign(state, { isOn: false, devices: [], refused: REFUSED });
    tell();
    return;
  }
  memory.set("midi", true);
  access.onstatechange = listen;
  listen();
}

/** Let go of it again. */
export function disconnect() {
  for (const input of access?.inputs.values() ?? []) input.onmidimessage = null;
  if (access) access.onstatechange = null;
  access = null;
  memory.set("midi", false);
  Object.assign(state, { isOn: false, devices: [], refused: "" });
  tell();
}

/** Hear every input, also one that is plugged in later. */
function listen() {
  const inputs = [...access.inputs.values()].filter((input) => input.state !== "disconnected");
  for (const input of inputs) input.onmidimessage = heard;
  Object.assign(state, { isOn: true, devices: inputs.map(({ name }) => name || "MIDI device"), refused: "" });
  tell();
}

function heard({ data }) {
  const [status, note, velocity] = data;
  const kind = status & 0xf0;
  const channel = (status & 0x0f) + 1;
  if (kind !== NOTE_ON && kind !== NOTE_OFF) return;
  const by = `midi ${channel} ${note}`;
  if (kind === NOTE_OFF || velocity === 0) {
    document.dispatchEvent(new CustomEvent("midi:release", { detail: { by } }));
    return;
  }
  if (learning) {
    learnt(channel, note);
    return;
  }
  const pad = padOf(channel, note);
  if (pad) document.dispatchEvent(new CustomEvent("midi:press", { detail: { by, ...pad, velocity } }));
}

/** The pad of a note: {bank, number}; bank "" is the open one. */
function padOf(channel, note) {
  const learned = choices.learned[`${channel}:${note}`];
  if (learned) return { bank: learned[0], number: Number(learned.slice(1)) };
  const place = PRESETS[choices.preset]?.place(channel, note) ?? null;
  if (place === null) return null;
  return { bank: BANKS[Math.floor(place / PADS)] ?? "", number: ORDERS[choices.order](place % PADS) + 1 };
}

/** The [channel, note] of a pad. */
function noteOf(pad) {
  const learned = Object.entries(choices.learned).find(([, at]) => at === pad);
  if (learned) return learned[0].split(":").map(Number);
  const place = PADS * BANKS.indexOf(pad[0]) + ORDERS[choices.order](Number(pad.slice(1)) - 1);
  return PRESETS[choices.preset].note(place);
}

// ── Learn ───────────────────────────────────────────────────────────────────

/** The menu of a pad offers it while a unit is connected. */
document.addEventListener("pad:items", ({ detail: { pad, items } }) => {
  if (state.isOn) items.push({ label: "Learn MIDI note", act: () => learn(pad) });
});

function learn(pad) {
  learning = pad;
  toast(`Play the note of ${pad} on the unit.`);
  clearTimeout(timer);
  timer = setTimeout(() => { learning = ""; }, LEARNS);
}

function learnt(channel, note) {
  const pad = learning;
  const { learned } = choices;
  learning = "";
  for (const [key, at] of Object.entries(learned)) if (at === pad) delete learned[key];
  choices.set("learned", { ...learned, [`${channel}:${note}`]: pad });
  toast(`Note ${note} on channel ${channel} plays ${pad} now.`);
}

// ── Out: what is pressed here is pressed on the unit ────────────────────────

function send(kind, pad, velocity) {
  const [channel, note] = noteOf(pad);
  for (const output of access.outputs.values()) output.send([kind + channel - 1, note, velocity]);
}

for (const [name, kind] of [["pad:press", NOTE_ON], ["pad:release", NOTE_OFF]]) {
  document.addEventListener(name, ({ detail: { pad, by = "", velocity = 0 } }) => {
    const isEcho = by.startsWith("midi"); // the unit has sounded already
    if (access && choices.out && !isEcho) send(kind, pad, velocity);
  });
}

// ── The face, and what was allowed before ───────────────────────────────────

if (isPossible()) {
  tell();
  if (memory.get("midi", false)) {
    const known = navigator.permissions?.query({ name: "midi" });
    known?.then(({ state: allowed }) => { if (allowed === "granted" && !access) connect(); }, () => { /* not told */ });
  }
}
