// Drag with mouse, pen or finger: sounds to pads, pads to pads, over a bank key into its bank.
// Everything here can be done without dragging: picker, menu, keys.
import { announce } from "./app.js";
import { assign, clear, look, move, numberOf, padAt } from "./acts.js";

const SLACK = 5; // px a mouse or pen may move before it is a drag
const HOLD = 280; // ms a finger rests before it is one
const HOVER = 500; // ms over a bank key until its bank opens
const EDGE = 48; // px at the window's edge that scroll
const SCROLL = 8; // px per frame

let start = null; // {x, y, source, timer, touch}: a press that may become a drag
let drag = null; // {source, ghost, x, y, target, text, moved}

/** Which sounds go along with the one that is dragged: {sounds: form values, count}. */
let along = (id) => ({ sounds: { ids: id }, count: 1 });
export function dragAlong(select) { along = select; }

/** What is taken in hand at this element: a pad with something on it, or sounds of a list. */
function sourceAt(element) {
  const pad = element.closest("[data-pads] .pad[data-title]");
  if (pad) return { kind: "pad", pad: pad.dataset.pad, title: pad.dataset.title, element: pad };
  const row = element.closest("[data-sample-id]");
  if (!row || element.closest("input, select, .box") || "missing" in row.dataset) return null;
  const { sampleId, title } = row.dataset;
  const { sounds, count } = along(sampleId);
  return { kind: "sound", sounds, count, title: count > 1 ? `${count} sounds` : title, element: row };
}

function press(event) {
  if (event.button !== 0 || !event.isPrimary || !look() || drag) return;
  const source = sourceAt(event.target);
  if (!source) return;
  const { clientX: x, clientY: y } = event;
  const touch = event.pointerType === "touch";
  start = { x, y, source, touch, timer: touch ? setTimeout(() => begin(x, y), HOLD) : 0 };
}

function begin(x, y) {
  const { source } = start;
  if (start.touch) navigator.vibrate?.(8);
  clearTimeout(start.timer);
  drag = { source, ghost: ghostOf(source), x, y, target: null, text: "", moved: !start.touch };
  start = null;
  document.documentElement.classList.add("dragging");
  source.element.classList.add("lifted");
  follow(x, y);
  requestAnimationFrame(scroll);
}

function ghostOf({ element, title }) {
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.setAttribute("aria-hidden", "true");
  const wave = document.createElement("span");
  wave.className = "wv";
  const drawn = element.querySelector("svg.wave");
  if (drawn) wave.append(drawn.cloneNode(true));
  const words = document.createElement("span");
  const name = document.createElement("b");
  name.textContent = title;
  words.append(name, document.createElement("small"));
  ghost.append(wave, words);
  document.body.append(ghost);
  return ghost;
}

function follow(x, y, keys = {}) {
  Object.assign(drag, { x, y });
  const { ghost } = drag;
  const left = Math.min(x + 14, innerWidth - ghost.offsetWidth - 8);
  const top = Math.min(y + 14, innerHeight - ghost.offsetHeight - 8);
  ghost.style.transform = `translate(${Math.max(left, 8)}px, ${Math.max(top, 8)}px)`;
  aim(document.elementFromPoint(x, y), keys);
}

/** Find what lies under the pointer, say what a drop would do there, and show it. */
function aim(element, keys) {
  const pad = element?.closest("[data-pads] .pad");
  const key = element?.closest(".bank[role=tab]");
  const inside = element?.closest("#stage, #dock, #browse, .insp");
  const target = pad ? onPad(pad, keys) : key ? onBank(key) : outside(Boolean(inside));
  if (target.key !== drag.target?.key) {
    clearTimeout(drag.target?.timer);
    if (target.bank) target.timer = setTimeout(() => key.click(), HOVER);
    unmark();
    mark(target);
    drag.target = target;
    drag.ghost.querySelector("small").textContent = target.text;
    drag.ghost.classList.toggle("replaces", Boolean(target.replaces));
    if (target.text) announce(target.text);
  }
}

function onPad(pad, keys) {
  const { pad: at, title } = pad.dataset;
  return drag.source.kind === "pad" ? padOnPad(at, title, keys) : soundsOnPad(at, title, keys);
}

function padOnPad(at, title, keys) {
  const from = drag.source.pad;
  if (at === from) return { key: "home", text: "back where it was" };
  if (keys.ctrlKey || keys.altKey || keys.metaKey) {
    const text = title ? `copies to ${at}, replaces ${title}` : `copies to ${at}, empty`;
    return { key: `copy ${at}`, text, pads: [at], replaces: Boolean(title), drop: () => move(from, at, { copy: true }) };
  }
  const text = title ? `swaps with ${title}` : `to ${at}, empty`;
  return { key: `move ${at}`, text, pads: [at], drop: () => move(from, at) };
}

function soundsOnPad(at, title, keys) {
  const { sounds, count } = drag.source;
  if (keys.altKey) {
    return { key: `shift ${at}`, text: `to ${at}, the others move down`, pads: [at], drop: () => assign(at, sounds, "shift") };
  }
  if (count > 1) {
    const pads = freeFrom(at, count);
    return { key: `fill ${at}`, text: `free pads from ${at} on`, pads, drop: () => assign(at, sounds, "fill") };
  }
  const text = title ? `replaces ${title}` : `to ${at}, empty`;
  return { key: `put ${at}`, text, pads: [at], replaces: Boolean(title), drop: () => assign(at, sounds) };
}

/** The free pads of this bank that `count` sounds would take. */
function freeFrom(at, count) {
  const pads = [...document.querySelectorAll("[data-pads] .pad.empty")].map((pad) => pad.dataset.pad);
  return pads.filter((pad) => numberOf(pad) >= numberOf(at)).slice(0, count);
}

const onBank = (key) => ({ key: `bank ${key.dataset.bank}`, bank: key.dataset.bank, text: `opens bank ${key.dataset.bank}` });

function outside(inside) {
  const { kind, pad } = drag.source;
  if (kind !== "pad" || inside) return { key: "none", text: "" };
  return { key: "clear", text: `clears ${pad}`, replaces: true, drop: () => clear([pad]) };
}

function mark({ pads = [], replaces }) {
  for (const pad of pads) padAt(pad)?.classList.add(replaces ? "replace" : "over");
}

function unmark() {
  for (const pad of document.querySelectorAll(".pad.over, .pad.replace")) {
    if (!pad.closest("#picker")) pad.classList.remove("over", "replace");
  }
}

function scroll() {
  if (!drag) return;
  const down = drag.y > innerHeight - EDGE ? SCROLL : drag.y < EDGE ? -SCROLL : 0;
  if (down && drag.moved) scrollBy(0, down);
  requestAnimationFrame(scroll);
}

function end({ drop }) {
  clearTimeout(start?.timer);
  start = null;
  if (!drag) return;
  const { source, ghost, target, moved } = drag;
  clearTimeout(target?.timer);
  unmark();
  ghost.remove();
  drag = null;
  source.element.classList.remove("lifted");
  document.documentElement.classList.remove("dragging");
  if (!drop) { announce("Nothing was changed"); return; }
  swallowClick();
  if (!moved && source.kind === "pad") longPress(source.pad);
  else target?.drop?.();
}

/** A finger that only rested on a pad asks for its menu, once the press is over: it would close it. */
function longPress(pad) {
  setTimeout(() => document.dispatchEvent(new CustomEvent("pad:menu", { detail: { pad } })));
}

/** The click that follows a drop is not one. */
function swallowClick() {
  const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 60);
}

function moved(event) {
  const { clientX: x, clientY: y } = event;
  if (drag) {
    if (Math.hypot(x - drag.x, y - drag.y) > SLACK) drag.moved = true;
    follow(x, y, event);
  } else if (start && Math.hypot(x - start.x, y - start.y) > SLACK) {
    if (start.touch) end({ drop: false }); // a swipe: the page scrolls
    else begin(x, y);
  }
}

function key(event) {
  if (!drag) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopImmediatePropagation();
    end({ drop: false });
  } else if (["Alt", "Control", "Meta"].includes(event.key)) {
    event.preventDefault();
    aim(document.elementFromPoint(drag.x, drag.y), event);
  }
}

document.addEventListener("pointerdown", press);
addEventListener("pointermove", moved);
addEventListener("pointerup", () => end({ drop: true }));
addEventListener("pointercancel", () => end({ drop: false }));
addEventListener("blur", () => end({ drop: false }));
addEventListener("keydown", key, { capture: true });
addEventListener("keyup", key, { capture: true });
document.addEventListener("touchmove", (event) => { if (drag) event.preventDefault(); }, { passive: false });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-sample-id], .pad")) event.preventDefault(); });
document.addEventListener("contextmenu", (event) => { if (drag) event.preventDefault(); });
