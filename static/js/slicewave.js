// The slicer's LCD: waveform with zoom, overview, flags, ruler, playhead. It draws; it decides nothing.
import { RATE, WEAK } from "./slices.js";

const STRIDE = 3; // CSS pixels from one bar to the next, where there is room
const NARROW = 600; // CSS pixels of a glass on which they stand twice as close
const PAIRS = 4096; // of the finest level in peaks.bin, which begins at this byte: audio/waveform.py
const FINEST = 2560;
const NARROWEST = RATE / 50; // frames that fill the glass at most zoom
const LABEL = 44; // CSS pixels that a word of the ruler needs
const FLAG = 21; // CSS pixels that a flag with its number takes of a row, of which there are two

const part = (name) => document.getElementById(name);
const percent = (share) => `${(100 * share).toFixed(4)}%`;
export const seconds = (frames) => (frames / RATE).toFixed(3);

export class SliceWave {
  #buffer = null;
  #peaks = null;

  constructor({ frames, bpm, offset, strengths }) {
    Object.assign(this, { frames, bpm, offset, strengths }); // strengths: of hits, where the markers are hits
    this.from = 0;
    this.to = frames;
    this.field = part("wave");
    this.flags = this.field.querySelector(".flags");
    addEventListener("resize", () => this.draw());
  }

  /** Draw from peaks.bin, and from the sound itself as soon as it is decoded. */
  useBuffer(buffer) { this.#buffer = buffer; this.draw(); }
  usePeaks(bytes) { this.#peaks = bytes; this.draw(); }

  /** The lowest and highest value of each of `count` bars over these frames, −1 to 1. */
  bars(from, to, count) {
    const read = this.#reader();
    const wide = (to - from) / count;
    return Array.from({ length: count }, (_, bar) => read(from + bar * wide, from + (bar + 1) * wide));
  }

  #reader() {
    if (this.#buffer) {
      const lines = Array.from({ length: this.#buffer.numberOfChannels }, (_, at) => this.#buffer.getChannelData(at));
      return (from, to) => extremes(lines, Math.floor(from), Math.max(Math.ceil(to), Math.floor(from) + 1));
    }
    if (!this.#peaks) return () => [0, 0];
    const lines = [this.#peaks.subarray(FINEST)];
    const pair = (frame) => Math.min(Math.floor((frame / this.frames) * PAIRS), PAIRS - 1) * 2;
    return (from, to) => extremes(lines, pair(from), Math.max(pair(to), pair(from) + 2)).map((value) => value / 127);
  }

  /** SVG path of one slice for its pad: strokes 3 units apart, 30 high. */
  path(from, to) {
    const tops = this.bars(from, to, 26).map(([low, high]) => Math.max(high, -low));
    const loudest = Math.max(...tops, 0.05);
    return tops.map((top, bar) => {
      const height = Math.max((top / loudest) * 29, 1);
      return `M${bar * 3 + 1} ${(15 - height / 2).toFixed(1)}v${height.toFixed(1)}`;
    }).join("");
  }

  // ── Which part is seen ──────────────────────────────────────────────────────

  share(frame) { return (frame - this.from) / (this.to - this.from); }

  frameAt(clientX) {
    const { left, width } = this.field.getBoundingClientRect();
    return Math.min(Math.max(this.from + ((clientX - left) / width) * (this.to - this.from), 0), this.frames);
  }

  get pixel() { return (this.to - this.from) / (this.field.clientWidth || 1); }

  /** Zoom to 0–1 of what is possible, with one frame staying where it is. */
  zoom(way, around) {
    const wide = Math.max(this.frames * (Math.min(NARROWEST / this.frames, 1)) ** way, 1);
    this.look(around - this.share(around) * wide, wide);
  }

  look(from, wide = this.to - this.from) {
    this.from = Math.min(Math.max(from, 0), this.frames - wide);
    this.to = this.from + wide;
    this.draw();
  }

  /** Bring a frame into view. */
  show(frame) {
    const share = this.share(frame);
    if (share < 0 || share > 0.98) this.look(frame - (this.to - this.from) / 4);
  }

  // ── Drawing ─────────────────────────────────────────────────────────────────

  draw() {
    const ink = getComputedStyle(this.field).color;
    this.#paint(this.field.querySelector("canvas"), this.from, this.to, ink);
    const overview = part("overview");
    this.#paint(overview.querySelector("canvas"), 0, this.frames, getComputedStyle(overview).color);
    const window_ = overview.querySelector(".win").style;
    window_.left = percent(this.from / this.frames);
    window_.width = percent((this.to - this.from) / this.frames);
    this.#rule();
    if (this.shown) this.mark(this.shown);
  }

  #paint(canvas, from, to, ink) {
    const { clientWidth: wide, clientHeight: tall } = canvas;
    if (!wide) return;
    const scale = devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(wide * scale), height: Math.round(tall * scale) });
    const paint = canvas.getContext("2d");
    paint.scale(scale, scale);
    paint.fillStyle = ink;
    const stride = wide < NARROW ? STRIDE / 2 : STRIDE;
    this.bars(from, to, Math.max(Math.floor(wide / stride), 8)).forEach(([low, high], bar) => {
      const top = (tall / 2) * (1 - high);
      paint.fillRect(bar * stride, Math.min(top, tall / 2 - 0.5), stride * 0.6, Math.max((tall / 2) * (1 - low) - top, 1));
    });
  }

  /** Bars and beats, as many as have room; seconds where no tempo is known. */
  #rule() {
    const ruler = part("ruler");
    const beat = this.bpm ? (60 / this.bpm) * RATE : RATE;
    const room = (beat / this.pixel) * (this.bpm ? 1 : 0.25);
    const steps = this.bpm ? [1, 4, 8, 16, 32, 64, 128, 256, 512] : [0.25, 1, 2, 5, 10, 30, 60, 120, 300];
    const every = steps.find((step) => (step / steps[0]) * room >= LABEL) ?? steps.at(-1);
    const start = this.bpm ? this.offset : 0;
    const words = [];
    for (let count = Math.ceil((this.from - start) / (beat * every) - 1e-6); ; count += 1) {
      const frame = start + count * beat * every;
      if (frame > this.to + beat * 0.01 || words.length > 60) break;
      const at = count * every;
      const text = this.bpm ? `${Math.floor(at / 4) + 1}.${(((at % 4) + 4) % 4) + 1}` : `${at} s`;
      words.push({ text, share: this.share(frame) });
    }
    ruler.replaceChildren(...words.map(({ text, share }) => {
      const word = document.createElement("span");
      word.textContent = text;
      word.style.left = percent(Math.min(Math.max(share, 0), 1));
      word.classList.toggle("last", share > 0.96);
      return word;
    }));
  }

  /** Flags at their places; the slice in hand is shaded. */
  mark({ places, selected, isLocked }) {
    this.shown = { places, selected, isLocked };
    while (this.flags.children.length > places.length) this.flags.lastChild.remove();
    while (this.flags.children.length < places.length) this.flags.append(flag());
    const flags = this.#flags(places, selected);
    places.forEach((place, number) => {
      const element = this.flags.children[number];
      const share = this.share(place);
      const isWeak = (this.strengths.get(place) ?? WEAK + 1) <= WEAK;
      element.hidden = share < 0 || share > 1;
      element.style.left = percent(share);
      element.classList.toggle("weak", isWeak);
      element.classList.toggle("sel", number === selected);
      element.classList.toggle("tight", flags[number].row < 0);
      element.classList.toggle("low", flags[number].row === 1);
      element.firstChild.style.left = `${flags[number].aside}px`;
      element.firstChild.textContent = String(number + 1);
      element.tabIndex = number === selected ? 0 : -1;
      const words = isWeak ? "seconds, weak" : "seconds";
      for (const [name, value] of Object.entries({
        label: `Marker ${number + 1}`,
        valuemin: seconds(number ? places[number - 1] : 0),
        valuemax: seconds(places[number + 1] ?? this.frames),
        valuenow: seconds(place),
        valuetext: `${seconds(place)} ${words}`,
        disabled: String(number === 0 && isLocked),
      })) element.setAttribute(`aria-${name}`, value);
    });
    this.#shade(places[selected], places[selected + 1] ?? this.frames);
  }

  /** Where the flags hang: in row 0, in row 1 or nowhere (−1) so that no two meet, so many CSS pixels
   *  beside their line. The one in hand always has the upper row; none is cut off at the right. In a
   *  narrow glass a flag stands about its line, so that a finger on it is nearest to that line. */
  #flags(places, selected) {
    const wide = this.field.clientWidth;
    const isNarrow = wide < NARROW;
    const hang = (place) => {
      const line = this.share(place) * wide;
      const left = Math.max(Math.min(isNarrow ? line - FLAG / 2 : line, wide - FLAG), 0);
      return { line, left, aside: left - line, row: -1 };
    };
    const hung = places.map(hang);
    const kept = hung[selected].line > wide ? Infinity : hung[selected].left; // of row 0, from here on
    const ends = [-Infinity, -Infinity];
    hung.forEach((one, number) => {
      if (one.line < 0 || one.line > wide) return;
      const isFree = (row) => one.left >= ends[row] && (row || number >= selected || one.left + FLAG <= kept);
      one.row = number === selected ? 0 : [0, 1].find(isFree) ?? -1;
      if (one.row >= 0) ends[one.row] = one.left + FLAG;
    });
    return hung;
  }

  #shade(from, to) {
    const left = Math.max(this.share(from), 0);
    const { style } = this.field.querySelector(".selr");
    style.left = percent(left);
    style.width = percent(Math.max(Math.min(this.share(to), 1) - left, 0));
  }

  /** Where the sound is; null hides it. */
  head(frame) {
    const line = this.field.querySelector(".ph");
    const share = frame === null ? -1 : this.share(frame);
    line.hidden = share < 0 || share > 1;
    line.style.left = percent(share);
  }
}

function flag() {
  const element = document.createElement("span");
  element.className = "mk";
  element.setAttribute("role", "slider");
  element.append(document.createElement("b"));
  return element;
}

function extremes(lines, from, to) {
  let low = Infinity;
  let high = -Infinity;
  for (const line of lines) {
    const end = Math.min(to, line.length);
    for (let at = from; at < end; at += 1) {
      if (line[at] < low) low = line[at];
      if (line[at] > high) high = line[at];
    }
  }
  return low > high ? [0, 0] : [low, high];
}
