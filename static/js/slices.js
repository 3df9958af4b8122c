// Where a sound is cut: the same rules as library/audio/slices.py, which says what they mean.
// tests/audio/slice_cases.json holds both to the same answers. All places are frames at 48 kHz.
export const RATE = 48_000;
export const MOST = 64;
export const WEAK = 200; // of 1000
const LEAST = RATE / 50;
const SNAP = (3 * RATE) / 1000;
const LEAD = RATE / 1000;

const upwards = (one, other) => one - other;

/** Cuts at hits [[frame, strength 0–1000], …]. */
export function hits(found, frames, { sensitivity, shortest, most, head }) {
  const quiet = 100 - sensitivity;
  const loud = found.filter(([, strength]) => strength * 10 >= quiet * quiet);
  const kept = head ? [0] : [];
  for (const [frame] of loud.sort((one, other) => other[1] - one[1] || one[0] - other[0])) {
    if (kept.length >= most) break;
    if (frame + shortest <= frames && kept.every((cut) => Math.abs(frame - cut) >= shortest)) kept.push(frame);
  }
  return kept.length ? kept.sort(upwards) : [0];
}

/** Cuts at the notes of a grid: 4 are quarters. */
export function beats(frames, { bpm, offset, grid, head }) {
  const step = (RATE * 240) / (bpm * grid);
  const count = Math.min(MOST, Math.ceil(frames / step));
  return settled(Array.from({ length: count }, (_, number) => Math.floor(offset + step * number + 0.5)), frames, { head });
}

/** Cuts that make so many parts of one length. */
export function equal(frames, parts) {
  return settled(Array.from({ length: parts }, (_, number) => Math.floor((number * frames) / parts)), frames, { head: true });
}

/** Marks as cuts: in order, 20 ms apart and before the end, the first 64 of them. */
export function settled(marks, frames, { head }) {
  const kept = head ? [0] : [];
  for (const mark of [...marks].sort(upwards)) {
    const fits = mark >= 0 && mark <= frames - LEAST;
    if (fits && (!kept.length || mark - kept.at(-1) >= LEAST) && kept.length < MOST) kept.push(mark);
  }
  return kept.length ? kept : [0];
}

/** First frames and first ones behind, without gap or overlap up to the end. */
export const pieces = (cuts, frames) => cuts.map((cut, number) => [cut, cuts[number + 1] ?? frames]);

/** The zero crossing near a place: the last of the millisecond before it, else the nearest, no more than
 *  3 ms away; the place itself without any. `line` gives the value of a frame. */
export function snapped(line, length, place) {
  const isCrossing = (frame) => frame > 0 && frame < length && line(frame - 1) * line(frame) <= 0;
  for (let far = 0; far <= LEAD; far += 1) if (isCrossing(place - far)) return place - far;
  for (let far = 0; far <= SNAP; far += 1) {
    for (const frame of [place - far, place + far]) if (isCrossing(frame)) return frame;
  }
  return place;
}
