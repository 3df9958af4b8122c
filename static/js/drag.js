// Drag with mouse, pen or finger: sounds to pads, pads to pads, over a bank key into its bank.
// Everything here can be done without dragging: picker, menu, keys.
import { announce } from "./app.js";
import { assign, clear, look, move, numberOf, padAt } from "./acts.js";

const SLACK = 5; // px a mouse or pen may move before it is a drag
const HOLD = 280; // ms a finger rests before it is one
const HOVER = 500; // ms over a bank key until its bank opens
const EDGE = 48; // px at the window's edge that scroll
const SCROLL = 8; // px per frame

let trash = null; // the key that clears the pad which is dropped on it
let start = null; // {x, y, source, timer, touch}: a press that may become a drag
let drag = null; // {source, ghost, x, y, target, text, moved}

/** Which sounds go along with the one that is dragged: {sounds: form values, count}. */
let along = (id) => ({ sounds: { ids: id }, count: 1 });
export function dragAlong(select) { along = select; }

/** What is taken in hand at this element: a pad with something on it, or sounds of a list. */
function sourceAt(element) {
  const pad = element.closest("[data-pads] .pad[data-title]");
  if (pad) return { kind: "pad", pad: pad.dataset.pad, title: pad.dataset.title, element: pad, isHeld: isHeld(pad) };
  const row = element.closest("[data-sample-id]");
  if (!row || element.closest("input, select, .box") || "missing" in row.dataset) return null;
  const { sampleId, title } = row.dataset;
  const { sounds, count } = along(sampleId);
  return { kind: "sound", sounds, count, title: count > 1 ? `${count} sounds` : title, element: row };
}

/** Tell whether a pad sounds as long as it is held: then a long press is playing. */
function isHeld({ dataset: { sound } }) {
  return ["gate", "held-loop"].includes(JSON.parse(sound || "{}").play);
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
  document.documentElement.classList.add("dragging", y > innerHeight / 2 ? "drag-low" : "drag-high");
  if (source.kind === "pad") showTrash(source.pad);
  source.element.classList.add("lifted");
  follow(x, y);
  requestAnimationFrame(scroll);
}

function showTrash(pad) {
  trash = document.createElement("div");
  trash.className = "trash-key";
  trash.textContent = `Clear ${pad}`;
  trash.setAttribute("aria-hidden", "true"); // the live region says it
  document.body.append(trash);
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
  aim(document.elementFromPoint(x, y), keys);
  const { ghost } = drag; // its words, and so its width, are those of the place it is over
  const left = Math.min(x + 14, innerWidth - ghost.offsetWidth - 8);
  const top = Math.min(y + 14, innerHeight - ghost.offsetHeight - 8);
  ghost.style.transform = `translate(${Math.max(left, 8)}px, ${Math.max(top, 8)}px)`;
}

/** Find what lies under the pointer, say what a drop would do there, and show it. */
function aim(element, keys) {
  const pad = element?.closest("[data-pads] .pad");
  const key = element?.closest(".bank[role=tab]");
  const inside = element !== trash && element?.closest("#stage, #dock, #browse, .insp, .tabs");
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
    const pads = padsFrom(at).slice(0, count);
    return { key: `shift ${at}`, text: `to ${span(pads)}, the others move down`, pads, drop: () => assign(at, sounds, "shift") };
  }
  if (count > 1) {
    const pads = padsFrom(at).filter((pad) => padAt(pad).classList.contains("empty")).slice(0, count);
    const more = count - pads.length;
    const text = pads.length ? `free pads ${span(pads)}${more ? `, ${more} in the next banks` : ""}` : "free pads of the next banks";
    return { key: `fill ${at}`, text, pads, drop: () => assign(at, sounds, "fill") };
  }
  const text = title ? `replaces ${title}` : `to ${at}, empty`;
  return { key: `put ${at}`, text, pads: [at], replaces: Boolean(title), drop: () => assign(at, sounds) };
}

/** The pads of this bank from here on, in their order. */
function padsFrom(at) {
  const pads = [...document.querySelectorAll("[data-pads] .pad")].map((pad) => pad.dataset.pad);
  return pads.filter((pad) => numberOf(pad) >= numberOf(at));
}

const span = (pads) => (pads.length > 1 ? `${pads[0]} to ${pads.at(-1)}` : pads[0]);

const onBank = (key) => ({ key: `bank ${key.dataset.bank}`, bank: key.dataset.bank, text: `stay to open bank ${key.dataset.bank}` });

function outside(inside) {
  const { kind, pad } = drag.source;
  if (kind !== "pad" || inside) return { key: "none", text: "" };
  return { key: "clear", text: `clears ${pad}`, replaces: true, drop: () => clear([pad]) };
}

function mark({ key, pads = [], replaces }) {
  pads.forEach((pad, index) => {
    padAt(pad)?.classList.add(replaces ? "replace" : "over");
    if (pads.length > 1) padAt(pad).dataset.order = index + 1; // which of the sounds comes here
  });
  trash?.classList.toggle("over", key === "clear");
}

function unmark() {
  for (const pad of document.querySelectorAll(".pad.over, .pad.replace")) {
    if (pad.closest("#picker")) continue;
    pad.classList.remove("over", "replace");
    delete pad.dataset.order;
  }
}

function scroll() {
  if (!drag) return;
  const down = drag.y > innerHeight - EDGE ? SCROLL : drag.y < EDGE ? -SCROLL : 0;
  if (down && drag.moved) scrollBy(0, down);
  const keys = document.elementFromPoint(drag.x, drag.y)?.closest(".banks"); // they may be wider than the screen
  const aside = drag.x > innerWidth - EDGE ? SCROLL : drag.x < EDGE ? -SCROLL : 0;
  if (keys && aside) keys.scrollBy(aside, 0);
  requestAnimationFrame(scroll);
}

function end({ drop: isDropped }) {
  clearTimeout(start?.timer);
  start = null;
  if (!drag) return;
  const { source, ghost, target, moved } = drag;
  clearTimeout(target?.timer);
  unmark();
  ghost.remove();
  trash?.remove();
  trash = drag = null;
  for (const lifted of [source.element, source.pad && padAt(source.pad)]) lifted?.classList.remove("lifted");
  document.documentElement.classList.remove("dragging", "drag-low", "drag-high");
  if (!isDropped) { announce("Nothing was changed"); return; }
  swallowClick();
  if (moved) drop(target);
  else if (source.kind === "pad" && !source.isHeld) longPress(source.pad);
}

function drop(target) {
  if (target?.drop) target.drop();
  else announce("Nothing was changed");
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

// Files of the computer are dropped by the browser's own drag: what takes them comes with the first.
document.addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) import("./drops.js"); }, { once: true });
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
