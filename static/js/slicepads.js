// Sixteen pads of slices at a time: they sound as they will on the machine, under finger and key.
import { isTyping } from "./app.js";
import { PAD_CODES, neighbour, padOfKey } from "./acts.js";
import { PadEngine } from "./pads.js";
import { seconds } from "./slicewave.js";
import { RATE } from "./slices.js";

const PAGE = 16;
const KEYS = "1234QWERASDFZXCV";
const ROW = 8;
const WHOLE = "whole"; // what the engine calls the sound itself
const TAP = 300; // ms that a press by a screen reader lasts

const grid = document.getElementById("slices");
const pages = document.getElementById("pages");
const held = new Map(); // what presses -> the slice it holds

/** `at(number)` gives {start, end, play, group, fades} of a slice in seconds, `path(number)` its drawing,
 *  `pressed(number)` is told of each press and returns true where that was not meant to sound. */
export class SlicePads {
  #sounding = new Map(); // what the engine calls it -> {voice, start, end, play}
  #starts = new Map();

  constructor({ sample, streamed, seconds: length, at, path, pressed, moved }) {
    Object.assign(this, { sample, streamed, length, at, path, pressed, moved });
    this.page = 0;
    this.count = 0;
    this.engine = new PadEngine((name, voice) => this.#light(name, voice));
    if (!streamed) this.engine.prefetch([sample]);
    this.#listen();
  }

  // ── Sound ───────────────────────────────────────────────────────────────────

  press(by, number, since = performance.now()) {
    if (number >= this.count) return;
    if (this.pressed(number)) return;
    held.set(by, number);
    this.#sound(`slice ${number}`, this.at(number), since);
  }

  letGo(by) {
    const number = held.get(by);
    if (number === undefined) return;
    held.delete(by);
    this.engine.release(`slice ${number}`);
  }

  /** Play the sound itself from here on (seconds), or stop it; tells whether it plays now. */
  toggleWhole(start) {
    if (this.isWhole) {
      this.engine.stop(WHOLE);
      return false;
    }
    this.engine.stopAll();
    this.#sound(WHOLE, { start, end: this.length }, performance.now());
    return true;
  }

  get isWhole() { return this.#sounding.has(WHOLE); }

  stopAll() {
    held.clear();
    return this.engine.stopAll();
  }

  #sound(name, sound, since) {
    this.#starts.set(name, sound);
    this.engine.press(name, this.sample, { ...sound, streamed: this.streamed }, { since });
  }

  /** Where the newest voice is, in frames; null in silence. */
  get frame() {
    const newest = [...this.#sounding.values()].at(-1);
    if (!newest) return null;
    const { voice, start, end, play } = newest;
    const past = voice.context.currentTime - voice.since;
    const at = play === "loop" ? past % (end - start) : Math.min(past, end - start);
    return (start + at) * RATE;
  }

  #light(name, voice) {
    this.#sounding.delete(name);
    if (voice) this.#sounding.set(name, { ...this.#starts.get(name), voice });
    const number = Number(name.split(" ")[1]);
    this.#pad(number)?.classList.toggle("playing", Boolean(voice));
    this.moved();
  }

  // ── Pads ────────────────────────────────────────────────────────────────────

  #pad(number) { return grid.querySelector(`[data-slice="${number}"]`); }

  /** Draw the page on which the slice in hand is, or the one that was asked for. */
  draw(count, selected, { page = Math.floor(selected / PAGE) } = {}) {
    this.count = count;
    this.page = page;
    const first = page * PAGE;
    const shown = Math.min(count - first, PAGE);
    const fits = grid.querySelectorAll(".pad").length === shown && grid.querySelector(".pad")?.dataset.slice === String(first);
    if (!fits) this.#lay(first, shown);
    for (const pad of grid.querySelectorAll(".pad")) this.#fill(pad, selected);
    this.#page(count);
  }

  #lay(first, shown) {
    const rows = [];
    for (let start = 0; start < shown; start += ROW) {
      const row = document.createElement("div");
      row.setAttribute("role", "row");
      for (let place = start; place < Math.min(start + ROW, shown); place += 1) row.append(button(first + place));
      rows.push(row);
    }
    grid.replaceChildren(...rows);
  }

  #fill(pad, selected) {
    const number = Number(pad.dataset.slice);
    const { start, end } = this.at(number);
    const isIt = number === selected;
    const text = `${seconds((end - start) * RATE)} s`;
    pad.querySelector(".nm").textContent = text;
    pad.querySelector("path").setAttribute("d", this.path(number));
    pad.setAttribute("aria-label", `Slice ${number + 1}, ${text}`);
    pad.setAttribute("aria-selected", String(isIt));
    pad.classList.toggle("sel", isIt);
    const isHere = Math.floor(selected / PAGE) === this.page;
    pad.tabIndex = (isHere ? isIt : number % PAGE === 0) ? 0 : -1;
  }

  #page(count) {
    const last = Math.ceil(count / PAGE);
    pages.hidden = last < 2;
    if (pages.childElementCount !== last) {
      pages.replaceChildren(...Array.from({ length: last }, (_, page) => {
        const key = document.createElement("button");
        Object.assign(key, { type: "button", className: "key" });
        key.dataset.page = page;
        return key;
      }));
    }
    [...pages.children].forEach((key, page) => {
      key.textContent = `${page * PAGE + 1}–${Math.min((page + 1) * PAGE, count)}`;
      key.setAttribute("aria-pressed", String(page === this.page));
    });
  }

  focus(number) { this.#pad(number)?.focus(); }

  // ── Finger and key ──────────────────────────────────────────────────────────

  #listen() {
    grid.addEventListener("pointerdown", (event) => {
      const pad = event.target.closest(".pad");
      if (!pad || event.button !== 0) return;
      this.press(`pointer ${event.pointerId}`, Number(pad.dataset.slice), event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, (event) => this.letGo(`pointer ${event.pointerId}`));
    }
    grid.addEventListener("click", (event) => { // by a screen reader, Space or Enter
      const pad = event.target.closest(".pad");
      if (!pad || event.detail) return;
      this.press("click", Number(pad.dataset.slice), event.timeStamp);
      setTimeout(() => this.letGo("click"), TAP);
    });
    grid.addEventListener("keydown", (event) => this.#walk(event));
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("keyup", (event) => { if (PAD_CODES.includes(event.code)) this.letGo(event.code); });
    addEventListener("blur", () => this.stopAll());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.stopAll(); });
  }

  #key(event) {
    const number = padOfKey(event);
    if (!number || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (document.querySelector("dialog[open]") || document.body.dataset.singleKeys === "off") return;
    event.preventDefault();
    if (!event.repeat) this.press(event.code, this.page * PAGE + number - 1, event.timeStamp);
  }

  /** Arrows move between pads, in rows as they are drawn. */
  #walk(event) {
    const pad = event.target.closest(".pad");
    if (!pad || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = Number(pad.dataset.slice) % PAGE;
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const next = columns === 4 ? neighbour(place + 1, event.key) - 1 : place + (steps[event.key] ?? NaN);
    const other = this.#pad(this.page * PAGE + next);
    if (!other) return;
    event.preventDefault();
    for (const each of grid.querySelectorAll(".pad")) each.tabIndex = each === other ? 0 : -1;
    other.focus();
  }
}

function button(number) {
  const pad = document.createElement("button");
  Object.assign(pad, { type: "button", className: "pad" });
  pad.setAttribute("role", "gridcell");
  pad.dataset.slice = number;
  const no = span("no", ""); // its signs are drawn by the style sheet: the label has all words
  no.dataset.no = number + 1;
  const legend = span("kc", "");
  legend.dataset.key = KEYS[number % PAGE];
  no.append(legend);
  const wave = span("wv", "");
  wave.innerHTML = '<svg class="wave" viewBox="0 0 78 30" preserveAspectRatio="none" aria-hidden="true"><path/></svg>';
  pad.append(no, wave, span("nm", ""));
  return pad;
}

function span(kind, text) {
  const made = document.createElement("span");
  made.className = kind;
  made.textContent = text;
  return made;
}
