// Decoded sounds at 48 kHz: fetched once, kept by last use, and the turned and faded copies of their regions.

const RATE = 48_000;
const KEPT_BYTES = 192 * 2 ** 20; // of decoded sound and of copies
const AHEAD_BYTES = 0.75 * KEPT_BYTES; // that decoding ahead may fill
const EDGE = 0.003; // seconds of fade at the edges of a region

/** The machine's numbers of a direction. */
const REVERSE = 1, PING_PONG = 2, REVERSE_PING_PONG = 3;

export class Buffers {
  #kept = new Map(); // sample, or sample with region and way -> buffer; the order is the order of use
  #coming = new Map(); // sample -> promise of a buffer
  #bytes = 0;
  #run = 0; // number of the newest list to decode ahead

  /** `busy(sample, on)` is told when a sound begins and ends to be fetched and decoded. */
  constructor(busy = () => {}) { this.busy = busy; }

  /** The decoded sound, or undefined when it is not here yet. */
  find(sample) { return this.#use(String(sample)); }

  load(id) {
    const sample = String(id);
    const known = this.find(sample);
    if (known) return Promise.resolve(known);
    if (!this.#coming.has(sample)) {
      this.busy(sample, true);
      this.#coming.set(sample, this.#fetch(sample).finally(() => {
        this.#coming.delete(sample);
        this.busy(sample, false);
      }));
    }
    return this.#coming.get(sample);
  }

  /** Decode ahead, one after the other, so that the first ones are ready first; a newer list ends this one. */
  async ahead(samples) {
    const run = (this.#run += 1);
    let room = AHEAD_BYTES;
    for (const sample of new Set(samples)) {
      if (run !== this.#run || room <= 0) return;
      const buffer = await this.load(sample).catch(() => null); // its pad says why when it is pressed
      room -= buffer ? sizeOf(buffer) : 0;
    }
  }

  /** What a pad plays of its decoded sound: {buffer, offset, length, loopStart, loopEnd}, all in seconds,
   *  and what its face shows: {span, head}, the region and the part of it that comes before the loop.
   *  start, end, top, way, fades as in `data-sound`. */
  region(sample, { start = 0, end, top = start, way = 0, fades = false, loops = false }) {
    const whole = this.find(sample);
    const seconds = whole.duration;
    const last = Math.min(end ?? seconds, seconds);
    const first = way === REVERSE_PING_PONG && loops ? top : start;
    const shown = { span: last - start, head: top - start };
    if (!way && !fades) {
      return { buffer: whole, offset: first, length: last - first, loopStart: top, loopEnd: last, ...shown };
    }
    const buffer = this.#copy(sample, whole, { first, last, way, fades });
    const begin = top - first; // the loop comes back here
    const length = buffer.duration;
    const tail = { [REVERSE]: length - begin, [PING_PONG]: length - begin }[way] ?? length;
    const isForward = way === 0 || way === PING_PONG;
    return { buffer, offset: 0, length, loopStart: isForward ? begin : 0, loopEnd: tail, ...shown };
  }

  #copy(sample, whole, { first, last, way, fades }) {
    const from = Math.round(first * RATE), to = Math.round(last * RATE);
    const name = `${sample}:${from}:${to}:${way}:${fades}`;
    return this.#use(name) ?? this.#keep(name, turned(whole, from, to, way, fades));
  }

  #use(name) {
    const buffer = this.#kept.get(name);
    if (buffer) {
      this.#kept.delete(name);
      this.#kept.set(name, buffer);
    }
    return buffer;
  }

  async #fetch(sample) {
    const answer = await fetch(`/samples/${sample}/audio`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    // An offline context decodes before the first gesture, too, and always to the machine's rate.
    const decoder = new OfflineAudioContext(2, 1, RATE);
    return this.#keep(String(sample), await decoder.decodeAudioData(await answer.arrayBuffer()));
  }

  #keep(name, buffer) {
    this.#kept.set(name, buffer);
    this.#bytes += sizeOf(buffer);
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES || oldest === name) break;
      this.#kept.delete(oldest);
      this.#bytes -= sizeOf(entry);
    }
    return buffer;
  }
}

const sizeOf = (buffer) => buffer.length * buffer.numberOfChannels * 4;

/** A copy of the frames from..to, backward or there and back, with short fades at the region's edges. */
function turned(whole, from, to, way, fades) {
  const frames = Math.max(Math.min(to, whole.length) - from, 1);
  const isTwice = way === PING_PONG || way === REVERSE_PING_PONG;
  const { numberOfChannels, sampleRate } = whole;
  const made = new AudioBuffer({ length: isTwice ? 2 * frames : frames, numberOfChannels, sampleRate });
  for (let channel = 0; channel < numberOfChannels; channel += 1) {
    const part = whole.getChannelData(channel).slice(from, from + frames);
    if (fades) fade(part, Math.round(EDGE * sampleRate));
    const back = way ? part.slice().reverse() : null;
    const order = { [REVERSE]: [back], [PING_PONG]: [part, back], [REVERSE_PING_PONG]: [back, part] }[way] ?? [part];
    order.forEach((each, place) => made.copyToChannel(each, channel, place * frames));
  }
  return made;
}

function fade(part, frames) {
  const edge = Math.min(frames, Math.floor(part.length / 2));
  for (let at = 0; at < edge; at += 1) {
    part[at] *= at / edge;
    part[part.length - 1 - at] *= at / edge;
  }
}
