// The kit page: pads sound on press, one pad is in hand, keys and a menu do what dragging does.
import { announce, isTyping, on } from "./app.js";
import { afterActs, bankOfKey, look, move, neighbour, numberOf, padAt, padOfKey } from "./acts.js";
import { attach, find, near, shut } from "./browse.js";
import "./drag.js";
import "./faces.js";
import "./inspector.js";
import { clearItems, lend, settingItems } from "./lend.js";
import { openMenu } from "./padmenu.js";
import { engine, hasLetters, silence } from "./play.js";
import { chosen, draw, extend, hand, inHand as selected, inspect, isGathering, select, toggle } from "./selection.js";
import "./trim.js";

const INTO_AFTER = 160; // ms: the readout has come

const stage = document.getElementById("stage");
let following = ""; // the pad to take in hand when its bank has opened
let hadFocus = false; // a pad had it when another bank was asked for
let clip = null; // {pad, cut}

const open = () => look().bank;
const isFilled = (address) => Boolean(padAt(address)?.dataset.title);
const inStage = () => stage.contains(document.activeElement) || document.activeElement === document.body;

// ── The pad in hand ─────────────────────────────────────────────────────────

function openBank(letter) {
  hadFocus = document.activeElement?.matches("#stage .pad");
  if (letter) stage.querySelector(`.bank[data-bank=${letter}]`)?.click();
  return Boolean(letter);
}

/** After a step or another bank: the same pad in hand. */
function settle() {
  if (selected()[0] === open()) draw(hadFocus);
  else select(`${open()}${numberOf(selected())}`, { focus: hadFocus });
  hadFocus = false;
}

document.addEventListener("bank:open", ({ detail }) => {
  settle();
  if (following) select(following, { focus: true });
  else announce(`Bank ${detail.bank}`);
  following = "";
});
document.addEventListener("kit:changed", ({ detail }) => {
  settle();
  if (detail.pads.some((pad) => chosen().includes(pad))) inspect();
  if (!detail.pads.length || detail.pads.some((pad) => pad[0] === open())) return;
  [following] = detail.pads; // it happened in another bank: go and see
  openBank(following[0]);
});

// ── Pointer ─────────────────────────────────────────────────────────────────

stage.addEventListener("click", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault(); // without scripts the form opens the pad
  const at = pad.dataset.pad;
  if (event.ctrlKey || event.metaKey || isGathering()) toggle(at, { focus: true });
  else select(at, { focus: true });
});

// ── Keys ────────────────────────────────────────────────────────────────────

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (isTyping(event) || event.ctrlKey || event.metaKey) return;
  const done = event.altKey ? openBank(bankOfKey(event)) : padKey(event) || stageKey(event);
  if (done) event.preventDefault();
});

/** Shift and the key of a pad take it in hand silently; the key alone plays it (play.js). */
function padKey(event) {
  const number = event.shiftKey && hasLetters() ? padOfKey(event) : 0;
  if (number && !event.repeat) select(`${open()}${number}`);
  return Boolean(number);
}

function stageKey(event) {
  const at = document.activeElement?.closest?.("#stage .pad")?.dataset.pad;
  if (!at) return false;
  const next = neighbour(numberOf(at), event.key);
  if (next && event.shiftKey) extend(`${at[0]}${next}`);
  else if (next) select(`${at[0]}${next}`, { focus: true });
  else if (event.key === "Enter") intoInspector(at);
  else return false;
  return true;
}

function intoInspector(at) {
  if (!chosen().includes(at)) select(at);
  setTimeout(() => document.querySelector("#insp [role=slider], #insp input, #insp a, #insp button")?.focus(), INTO_AFTER);
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
  if (silence()) return true;
  if (document.querySelector("dialog[open], :popover-open")) return false;
  if (document.activeElement?.closest("#insp, #browse")) { shut(); return true; }
  return false;
});

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
  lend(cut ? "" : at);
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
on("find", find);

// ── The menu of a pad: right button, menu key, long press ───────────────────

function showMenu(at, x, y) {
  if (!chosen().includes(at)) select(at);
  const items = [{ label: isFilled(at) ? "Replace…" : "Find a sound…", act: find }];
  const { sample } = padAt(at).dataset;
  if (sample) {
    items.push({ label: "Swap for similar…", act: () => near(sample) });
    items.push({ label: "Slice…", act: () => { location.href = `/samples/${sample}/slice/`; } });
  }
  if (isFilled(at)) {
    items.push(
      { label: "Duplicate to next free", act: () => duplicate(at) },
      { label: "Cut", act: () => take(at, true) },
      { label: "Copy", act: () => take(at, false) },
    );
  }
  if (clip) items.push({ label: "Paste", act: () => paste(at) });
  items.push(...settingItems(at));
  document.dispatchEvent(new CustomEvent("pad:items", { detail: { pad: at, items } }));
  items.push(...clearItems());
  const closed = () => { if (document.activeElement === document.body) padAt(selected())?.focus(); };
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

attach({ engine, inHand: selected, back: () => padAt(selected())?.focus() });
draw();
