// The markers of a sound: where they stand, which slice is in hand, and every step back.
// All places are frames at 48 kHz; slices are numbered from 0.
import { MOST } from "./slices.js";

const APART = 48; // frames: markers set by hand stand a millisecond apart
const STEPS = 200; // that can be taken back

export class Markers {
  #past = [];
  #coming = [];
  #gesture = ""; // what goes on in the newest step: more of it is still the same step
  #now; // {places, form}: `form` is what chose the places, kept with them and given back by undo

  constructor(frames, places, form) {
    this.frames = frames;
    this.selected = 0;
    this.isLocked = true; // the first marker stands at the start
    this.#now = { places, form };
  }

  get places() { return this.#now.places; }
  get form() { return this.#now.form; }
  get hasPast() { return this.#past.length > 0; }
  get hasComing() { return this.#coming.length > 0; }

  /** Set them as one step; steps of one `gesture` (dragging, nudging, a fader) become one. What changes no
   *  place is no step. */
  set(places, form, gesture = "") {
    if (places.join() === this.places.join()) {
      this.#now = { places, form };
      return;
    }
    if (!gesture || gesture !== this.#gesture) {
      this.#past.push(this.#now);
      if (this.#past.length > STEPS) this.#past.shift();
    }
    this.#gesture = gesture;
    this.#coming = [];
    this.#now = { places, form };
    this.selected = Math.min(this.selected, places.length - 1);
  }

  /** What comes next is a step of its own. */
  end() { this.#gesture = ""; }

  undo() { return this.#step(this.#past, this.#coming); }
  redo() { return this.#step(this.#coming, this.#past); }

  #step(from, to) {
    const next = from.pop();
    if (!next) return false;
    to.push(this.#now);
    this.#now = next;
    this.#gesture = "";
    this.selected = Math.min(this.selected, next.places.length - 1);
    return true;
  }

  /** The slice that a frame is in. */
  at(frame) {
    const next = this.places.findIndex((place) => place > frame);
    return Math.max((next < 0 ? this.places.length : next) - 1, 0);
  }

  /** Places with one marker elsewhere, no further than its neighbours let it; null where it is locked. */
  moved(number, place) {
    if (number === 0 && this.isLocked) return null;
    const low = number ? this.places[number - 1] + APART : 0;
    const high = (this.places[number + 1] ?? this.frames) - APART;
    if (low > high) return null;
    return this.places.with(number, Math.round(Math.min(Math.max(place, low), high)));
  }

  /** Places with one more, which is taken in hand; null where there is one already, or no room. */
  added(place) {
    const frame = Math.round(place);
    const isFree = frame > 0 && frame <= this.frames - APART && this.places.every((each) => Math.abs(each - frame) >= APART);
    if (!isFree || this.places.length >= MOST) return null;
    const places = [...this.places, frame].sort((one, other) => one - other);
    this.selected = places.indexOf(frame);
    return places;
  }

  /** Places without one; null for the one at the start and for the last one. */
  removed(number) {
    if ((number === 0 && this.isLocked) || this.places.length < 2) return null;
    return this.places.toSpliced(number, 1);
  }
}
