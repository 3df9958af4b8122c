// What sounds look like: the measured outline of a sample, of any part of it, as the path of an SVG.

const LEVELS = [256, 1024, 4096]; // pairs of signed bytes, one level after the other: audio/waveform.py
const KEPT = 200; // outlines
const known = new Map(); // sample id -> Int8Array, or the promise of one

/** The outline of a sample where it is here already, else null; `come` is called when it has come. */
export function outline(id, come) {
  const found = known.get(id);
  if (found instanceof Int8Array) return found;
  if (!found) {
    if (known.size >= KEPT) known.delete(known.keys().next().value);
    known.set(id, load(id));
  }
  if (come) known.get(id).then(come);
  return null;
}

async function load(id) {
  try {
    const answer = await fetch(`/samples/${id}/peaks.bin`);
    if (answer.ok) known.set(id, new Int8Array(await answer.arrayBuffer()));
    else known.delete(id);
  } catch {
    known.delete(id);
  }
}

/** The largest value (0–1) within each of `count` bars from `start` to `end` (shares of the sound). */
export function bars(bytes, start, end, count) {
  const wanted = count / Math.max(end - start, 1e-9);
  let first = 0;
  let pairs = LEVELS[0];
  for (const level of LEVELS) {
    pairs = level;
    if (level >= wanted || level === LEVELS.at(-1)) break;
    first += level * 2;
  }
  return Array.from({ length: count }, (_, bar) => {
    const at = (share) => Math.floor((start + (share * (end - start)) / count) * pairs);
    const from = at(bar);
    const to = Math.max(at(bar + 1), from + 1);
    let most = 0;
    for (let pair = Math.max(from, 0); pair < Math.min(to, pairs); pair += 1) {
      most = Math.max(most, -bytes[first + pair * 2], bytes[first + pair * 2 + 1]);
    }
    return Math.min(most / 127, 1);
  });
}

/** Upright strokes 3 units apart in a drawing 24 units high, only for those that `has` lets in. */
export function path(values, has = () => true) {
  return values.map((value, bar) => {
    if (!has(bar)) return "";
    const height = Math.max(0.8, value * 24);
    return `M${bar * 3 + 1} ${(12 - height / 2).toFixed(2)}v${height.toFixed(2)}`;
  }).join("");
}
