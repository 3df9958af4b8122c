// Plays pads: many voices at once, each pad cutting only itself, nothing ever clicking.
import { volume } from "./app.js";

const ATTACK = 0.001; // seconds
const FADE = 0.004; // seconds, on every cut
const MOST_VOICES = 32; // as the machine has
const KEPT_BYTES = 192 * 2 ** 20; // of decoded sound
const LATE = 1500; // ms: a sound that is decoded later than this after its press stays silent

/** A fader's way (0–1) as gain: squared, so that half way sounds about half as loud. */
const gainOf = (way) => way ** 2;

export class PadEngine {
  #context = null;
  #master = null;
  #analyser = null;
  #voices = []; // sounding ones, oldest first
  #kept = new Map(); // sample id -> decoded buffer; the order is the order of use
  #coming = new Map(); // sample id -> promise of a buffer
  #bytes = 0;
  #presses = new Map(); // pad -> number of its last press
  #count = 0;

  /** `light(pad, on)` is told when a pad starts and stops sounding. */
  constructor(light = () => {}) {
    this.light = light;
    document.addEventListener("volume", ({ detail }) => {
      this.#master?.gain.setTargetAtTime(gainOf(detail), this.#context.currentTime, 0.01);
    });
  }

  /** Make the pad sound now; a sound that is not decoded yet follows as soon as it is.
   *  Long ones are `streamed`: decoded whole they would take hundreds of megabytes. */
  press(pad, sample, { streamed = false } = {}) {
    const context = this.#wake();
    const number = (this.#count += 1);
    this.#presses.set(pad, number);
    if (streamed) { this.#stream(pad, sample); return; }
    const buffer = this.#find(sample);
    if (buffer) { this.#start(pad, buffer); return; }
    const pressed = performance.now();
    this.#load(sample).then((loaded) => {
      const isLast = this.#presses.get(pad) === number;
      if (isLast && performance.now() - pressed < LATE && context.state === "running") this.#start(pad, loaded);
    }, () => { /* a sound that cannot be fetched stays silent; its pad says why */ });
  }

  /** Silence everything; false when nothing was sounding. */
  stopAll() {
    this.#presses.clear();
    const some = this.#voices.length > 0;
    for (const voice of [...this.#voices]) this.#cut(voice);
    return some;
  }

  /** Silence one pad; false when it was silent. */
  stop(pad) {
    this.#presses.delete(pad);
    const voice = this.#voices.find((each) => each.pad === pad);
    if (voice) this.#cut(voice);
    return Boolean(voice);
  }

  /** Decode ahead, one after the other, so that the first ones are ready first. */
  async prefetch(samples) {
    for (const sample of samples) {
      if (!this.#kept.has(sample)) await this.#load(sample).catch(() => null);
    }
  }

  /** The level that is heard now: RMS in dB below full scale over the last 43 ms. */
  meter() {
    if (!this.#analyser) return -Infinity;
    const frame = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(frame);
    const power = frame.reduce((sum, value) => sum + value ** 2, 0) / frame.length;
    return 10 * Math.log10(power);
  }

  #wake() {
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: "interactive" });
      this.#master = this.#context.createGain();
      this.#master.gain.value = gainOf(volume.value);
      this.#analyser = this.#context.createAnalyser();
      this.#analyser.fftSize = 2048;
      this.#master.connect(this.#analyser).connect(this.#context.destination);
    }
    if (this.#context.state !== "running") this.#context.resume();
    return this.#context;
  }

  #start(pad, buffer) {
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    const voice = this.#voice(pad, source, (when) => source.stop(when));
    source.start(voice.since);
    source.onended = () => this.#forget(voice);
  }

  #stream(pad, sample) {
    const media = new Audio(`/samples/${sample}/audio`);
    const pause = () => setTimeout(() => media.pause(), 1000 * (FADE + ATTACK));
    const voice = this.#voice(pad, this.#context.createMediaElementSource(media), pause);
    media.onended = media.onerror = () => this.#forget(voice);
    media.play().catch(() => this.#forget(voice));
  }

  /** Make room for a voice of this pad and let it in with a short ramp. */
  #voice(pad, source, stop) {
    this.stop(pad);
    if (this.#voices.length >= MOST_VOICES) this.#cut(this.#voices[0]);
    const gain = this.#context.createGain();
    const since = this.#context.currentTime;
    gain.gain.setValueAtTime(0, since);
    gain.gain.linearRampToValueAtTime(1, since + ATTACK);
    source.connect(gain).connect(this.#master);
    const voice = { pad, gain, since, stop };
    this.#voices.push(voice);
    this.#tell(pad, true);
    return voice;
  }

  #cut(voice) {
    const now = this.#context.currentTime;
    const level = Math.min((now - voice.since) / ATTACK, 1);
    voice.gain.gain.cancelScheduledValues(now);
    voice.gain.gain.setValueAtTime(level, now);
    voice.gain.gain.linearRampToValueAtTime(0, now + FADE);
    voice.stop(now + FADE + ATTACK);
    this.#forget(voice);
  }

  #forget(voice) {
    const place = this.#voices.indexOf(voice);
    if (place < 0) return;
    this.#voices.splice(place, 1);
    this.#tell(voice.pad, false);
  }

  #tell(pad, on) {
    document.documentElement.dataset.voices = String(this.#voices.length);
    this.light(pad, on);
  }

  #find(sample) {
    const buffer = this.#kept.get(sample);
    if (buffer) {
      this.#kept.delete(sample);
      this.#kept.set(sample, buffer);
    }
    return buffer;
  }

  #load(sample) {
    if (!this.#coming.has(sample)) {
      this.#coming.set(sample, this.#fetch(sample).finally(() => this.#coming.delete(sample)));
    }
    return this.#coming.get(sample);
  }

  async #fetch(sample) {
    const answer = await fetch(`/samples/${sample}/audio`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const buffer = await this.#decode(await answer.arrayBuffer());
    this.#keep(sample, buffer);
    return buffer;
  }

  #decode(bytes) {
    // An offline context may decode before the first gesture; a real one would warn on the console.
    const context = this.#context ?? new OfflineAudioContext(2, 1, 48_000);
    return context.decodeAudioData(bytes);
  }

  #keep(sample, buffer) {
    this.#kept.set(sample, buffer);
    this.#bytes += sizeOf(buffer);
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES || oldest === sample) break;
      this.#kept.delete(oldest);
      this.#bytes -= sizeOf(entry);
    }
  }
}

const sizeOf = (buffer) => buffer.length * buffer.numberOfChannels * 4;
