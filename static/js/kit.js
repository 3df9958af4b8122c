// The kit page: pads sound on press, one pad is in hand, keys and a menu do what dragging does.
import { announce, get, isTyping, on } from "./app.js";
import { afterActs, bankOfKey, clear, look, move, neighbour, numberOf, padAt, padOfKey } from "./acts.js";
import { BROWSED, attach, find, mark, near, shut } from "./browse.js";
import "./drag.js";
import { openMenu } from "./padmenu.js";
import { PadEngine } from "./pads.js";

const LIT = 90; // ms that a pad stays lit at least: nothing strobes
const INSPECT_AFTER = 80; // ms

const stage = document.getElementById("stage");
let selected = stage.querySelector(".pad.sel")?.dataset.pad ?? "A1";
let following = ""; // the pad to take in hand when its bank has opened
let hadFocus = false; // a pad had it when another bank was asked for
let clip = null; // {pad, cut}
let inspecting = 0;
const litAt = new Map(); // pad -> when it was lit

const open = () => look().bank;
const pads = () => [...stage.querySelectorAll(".pad")];
const isFilled = (address) => Boolean(padAt(address)?.dataset.title);
const inStage = () => stage.contains(document.activeElement) || document.activeElement === document.body;

// ── Sound and light ─────────────────────────────────────────────────────────

const engine = new PadEngine((pad, isOn) => {
  const since = performance.now() - (litAt.get(pad) ?? 0);
  if (isOn) {
    litAt.set(pad, performance.now());
    light(pad, true);
  } else setTimeout(() => { if (performance.now() - litAt.get(pad) >= LIT) light(pad, false); }, Math.max(0, LIT - since));
});
if (new URLSearchParams(location.search).get("probe") === "1") window.padEngine = engine;

function light(pad, isOn) {
  if (pad === BROWSED) { if (!isOn) mark(""); return; }
  padAt(pad)?.classList.toggle("playing", isOn);
}

function play(address) {
  const { sample, long } = padAt(address)?.dataset ?? {};
  if (sample) engine.press(address, sample, { streamed: long !== undefined });
  document.dispatchEvent(new CustomEvent("pad:press", { detail: { pad: address } }));
}

/** Decode the open bank, then its neighbours. */
function prefetch() {
  const keys = [...stage.querySelectorAll(".bank")];
  const here = keys.findIndex((key) => key.dataset.bank === open());
  const near = [keys[here], keys[here + 1], keys[here - 1]].filter(Boolean);
  engine.prefetch(near.flatMap((key) => key.dataset.samples.split(" ").filter(Boolean)));
}

// ── The pad in hand ─────────────────────────────────────────────────────────

/** Take a pad in hand: outline, the way in with Tab, the readout. */
function select(address, { focus = false } = {}) {
  const isOther = address !== selected;
  selected = address;
  for (const pad of pads()) {
    const isIt = pad.dataset.pad === address;
    pad.classList.toggle("sel", isIt);
    pad.setAttribute("aria-selected", String(isIt));
    pad.tabIndex = isIt ? 0 : -1;
    if (isIt && focus) pad.focus();
  }
  for (const field of document.querySelectorAll("[data-selected]")) field.value = address;
  for (const button of document.querySelectorAll("[data-put]")) {
    button.setAttribute("aria-label", `Put ${button.closest("li").dataset.title} on ${address}`);
  }
  if (isOther) inspect();
}

function inspect() {
  clearTimeout(inspecting);
  inspecting = setTimeout(() => {
    get(`${look().builder}pads/${selected}/`, { target: "#insp", swap: "morph:outerHTML" });
    document.dispatchEvent(new CustomEvent("pad:select", { detail: { pad: selected } }));
  }, INSPECT_AFTER);
}

function openBank(letter) {
  hadFocus = document.activeElement?.matches("#stage .pad");
  if (letter) stage.querySelector(`.bank[data-bank=${letter}]`)?.click();
  return Boolean(letter);
}

/** After a step or another bank: the same pad in hand, what is new decoded. */
function settle() {
  select(`${open()}${numberOf(selected)}`, { focus: hadFocus });
  hadFocus = false;
  prefetch();
}

document.addEventListener("bank:open", ({ detail }) => {
  settle();
  if (following) select(following, { focus: true });
  else announce(`Bank ${detail.bank}`);
  following = "";
});
document.addEventListener("kit:changed", ({ detail }) => {
  settle();
  if (detail.pads.includes(selected)) inspect();
  if (detail.pads.some((pad) => pad[0] === open())) return;
  [following] = detail.pads; // it happened in another bank: go and see
  openBank(following[0]);
});

// ── Pointer ─────────────────────────────────────────────────────────────────

let pressed = null; // the pad that a pointer is on

stage.addEventListener("pointerdown", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad || event.button !== 0) return;
  pressed = pad.dataset.pad;
  if (!event.shiftKey) play(pressed);
});
stage.addEventListener("click", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault(); // without scripts the form opens the pad
  if (pressed !== pad.dataset.pad && !event.shiftKey) play(pad.dataset.pad); // by a screen reader
  pressed = null;
  select(pad.dataset.pad, { focus: true });
});

// ── Keys ────────────────────────────────────────────────────────────────────

function hasLetters() {
  return document.body.dataset.singleKeys !== "off" || stage.contains(document.activeElement);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (isTyping(event) || event.ctrlKey || event.metaKey) return;
  const done = event.altKey ? openBank(bankOfKey(event)) : padKey(event) || stageKey(event);
  if (done) event.preventDefault();
});

function padKey(event) {
  const number = padOfKey(event);
  if (!number || !hasLetters()) return false;
  if (event.repeat) return true;
  const address = `${open()}${number}`;
  if (event.shiftKey) select(address);
  else play(address);
  return true;
}

function stageKey(event) {
  const at = document.activeElement?.closest?.("#stage .pad")?.dataset.pad;
  if (!at) return false;
  const next = neighbour(numberOf(at), event.key);
  if (next) select(`${at[0]}${next}`, { focus: true });
  else if (event.key === " ") { if (!event.repeat) play(at); } else if (event.key === "Enter") intoInspector(at);
  else return false;
  return true;
}

function intoInspector(at) {
  select(at);
  setTimeout(() => document.querySelector("#insp a, #insp button, #insp select")?.focus(), INSPECT_AFTER * 2);
}

document.addEventListener("keydown", (event) => {
  const to = { Home: 1, End: 16 }[event.key];
  if (!to || !(event.ctrlKey || event.metaKey) || !stage.contains(document.activeElement)) return;
  event.preventDefault();
  select(`${open()}${to}`, { focus: true });
});

on("bank-next", (event) => openBank(bankOfKey(event, open())));
on("bank-previous", (event) => openBank(bankOfKey(event, open())));
on("escape", () => {
  if (engine.stopAll()) return true;
  if (document.querySelector("dialog[open], :popover-open")) return false;
  if (document.activeElement?.closest("#insp, #browse")) { shut(); return true; }
  return false;
});

/** The focused pad is the one in hand, however the focus came to it. */
function hand() {
  const at = document.activeElement?.closest("#stage .pad")?.dataset.pad;
  if (at && at !== selected) select(at);
  return selected;
}

const inHand = (act) => () => (inStage() ? act(hand()) : false);
const filled = (act) => inHand((at) => afterActs(() => { if (isFilled(at)) act(at); }));

function swap(key) {
  return filled((at) => {
    const next = neighbour(numberOf(at), key);
    const to = `${at[0]}${next}`;
    if (!next) return;
    select(to, { focus: true }); // the hand goes along at once: the next key may come before the answer
    move(at, to);
  });
}
on("swap-left", swap("ArrowLeft"));
on("swap-right", swap("ArrowRight"));
on("swap-up", swap("ArrowUp"));
on("swap-down", swap("ArrowDown"));

function take(at, cut) {
  padAt(clip?.pad)?.classList.remove("lifted");
  clip = { pad: at, cut };
  if (cut) padAt(at).classList.add("lifted");
  announce(`${padAt(at).dataset.title} ${cut ? "cut" : "copied"} from ${at}`);
}

function paste(at) {
  if (!clip) return;
  move(clip.pad, at, { copy: !clip.cut });
  if (clip.cut) { padAt(clip.pad)?.classList.remove("lifted"); clip = null; }
}

const duplicate = (at) => move(at, "", { copy: true });
on("cut", filled((at) => take(at, true)));
on("copy", filled((at) => take(at, false)));
on("paste", inHand((at) => afterActs(() => paste(at))));
on("duplicate", filled(duplicate));
on("clear", filled((at) => clear([at])));
on("find", find);
addEventListener("blur", () => engine.stopAll());
document.addEventListener("visibilitychange", () => { if (document.hidden) engine.stopAll(); });

// ── The menu of a pad: right button, menu key, long press ───────────────────

function showMenu(at, x, y) {
  select(at);
  const items = [{ label: isFilled(at) ? "Replace…" : "Find a sound…", act: find }];
  const { sample } = padAt(at).dataset;
  if (sample) items.push({ label: "Swap for similar…", act: () => near(sample) });
  if (isFilled(at)) {
    items.push(
      { label: "Duplicate to next free", act: () => duplicate(at) },
      { label: "Cut", act: () => take(at, true) },
      { label: "Copy", act: () => take(at, false) },
    );
  }
  if (clip) items.push({ label: "Paste", act: () => paste(at) });
  if (isFilled(at)) items.push({ label: "Clear", act: () => clear([at]) });
  const closed = () => { if (document.activeElement === document.body) padAt(selected)?.focus(); };
  openMenu(`Pad ${at}`, items, { x, y, closed });
}

stage.addEventListener("contextmenu", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault();
  const { x, y, height } = pad.getBoundingClientRect();
  if (event.pointerType !== "touch") showMenu(pad.dataset.pad, event.clientX || x, event.clientY || y + height);
});
document.addEventListener("pad:menu", ({ detail }) => {
  const { x, y, height } = padAt(detail.pad).getBoundingClientRect();
  showMenu(detail.pad, x, y + height);
});

attach({ engine, inHand: () => selected, back: () => padAt(selected)?.focus() });
select(selected);
prefetch();
