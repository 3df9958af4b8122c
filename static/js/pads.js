// Plays pads as the machine does: many voices at once, five play modes, mute groups, nothing ever clicking.
import { volume } from "./app.js";
import { Buffers } from "./buffers.js";
import { Voice } from "./voice.js";

const MOST_VOICES = 32; // as the machine has
const LATE = 1500; // ms: a sound that is decoded later than this after its press stays silent
const LOOPING = ["loop", "held-loop"];
const HELD = ["gate", "held-loop"]; // end when they are let go
const SWITCHED = ["loop", "toggle"]; // a second press ends them
const TICK = 20; // ms between looks at where a long sound is

/** A fader's way (0–1) as gain: squared, so that half way sounds about half as loud. */
const faderGain = (way) => way ** 2;

export class PadEngine {
  #context = null;
  #master = null;
  #buffers;
  #voices = []; // sounding ones, oldest first
  #waiting = new Map(); // pad -> number of the press that waits for its sound
  #count = 0;

  /** How long the last press took from `since` to the start of its voice, in ms. */
  took = NaN;

  /** `light(pad, voice)` is told when a pad starts to sound and, with null, when it stops;
   *  `busy(sample, on)` when a sound is being fetched and decoded. */
  constructor(light = () => {}, busy = () => {}) {
    this.light = light;
    this.#buffers = new Buffers(busy);
    document.addEventListener("volume", ({ detail }) => {
      this.#master?.gain.setTargetAtTime(faderGain(detail), this.#context.currentTime, 0.01);
    });
  }

  /** Press a pad. `sound` is what `data-sound` says (kits/sounding.py), with `volume` of its bank and
   *  `streamed` for what is too long to be decoded whole; `since`: when it was pressed (ms). A sound
   *  that is not decoded yet follows as soon as it is. */
  press(pad, sample, sound = {}, { velocity = 127, since = performance.now() } = {}) {
    const context = this.#wake();
    const isPending = this.#waiting.delete(pad);
    if (sound.muted) return;
    if (SWITCHED.includes(sound.play) && (this.stop(pad) || isPending)) return;
    if (sound.streamed) {
      this.#stream(pad, sample, sound, velocity);
      return;
    }
    if (this.#buffers.find(sample)) {
      this.#start(pad, sample, sound, velocity);
      this.took = performance.now() - since;
      return;
    }
    const number = (this.#count += 1);
    this.#waiting.set(pad, number);
    this.#buffers.load(sample).then(() => {
      if (this.#waiting.get(pad) !== number) return; // let go, stopped, or pressed again
      this.#waiting.delete(pad);
      if (performance.now() - since < LATE && context.state === "running") this.#start(pad, sample, sound, velocity);
    }, () => this.#waiting.delete(pad)); // a sound that cannot be fetched stays silent; its pad says why
  }

  /** Let a pad go: gates and held loops end. */
  release(pad, { play } = {}) {
    const voice = this.#of(pad);
    if (HELD.includes(voice?.sound.play ?? play)) this.stop(pad);
  }

  /** Settings were changed: what sounds follows at once. */
  change(pad, sound) {
    const voice = this.#of(pad);
    if (!voice) return;
    if (sound.muted) this.#cut(voice);
    else voice.change(sound);
  }

  /** Silence everything; false when nothing was sounding. */
  stopAll() {
    this.#waiting.clear();
    const isSounding = this.#voices.length > 0;
    for (const voice of [...this.#voices]) this.#cut(voice);
    return isSounding;
  }

  /** Silence one pad; false when it was silent. */
  stop(pad) {
    this.#waiting.delete(pad);
    const voice = this.#of(pad);
    if (voice) this.#cut(voice);
    return Boolean(voice);
  }

  /** Decode ahead, the first ones first. */
  prefetch(samples) { return this.#buffers.ahead(samples); }

  /** The decoded sound at 48 kHz, as a promise. */
  sound(sample) { return this.#buffers.load(sample); }

  /** Where all voices meet, behind the volume. */
  get output() {
    this.#wake();
    return this.#master;
  }

  #of(pad) { return this.#voices.find((voice) => voice.pad === pad); }

  #wake() {
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: "interactive", sampleRate: 48_000 });
      this.#master = new GainNode(this.#context, { gain: faderGain(volume.value) });
      this.#master.connect(this.#context.destination);
    }
    if (this.#context.state !== "running") this.#resume();
    return this.#context;
  }

  /** Before the first press or key browsers keep silent; MIDI alone does not count as one. */
  #resume() {
    this.#context.resume();
    setTimeout(() => {
      if (this.#context.state === "running") return;
      if (this.stopAll()) document.dispatchEvent(new CustomEvent("sound:blocked"));
    }, LATE);
  }

  #start(pad, sample, sound, velocity) {
    this.#makeRoom(pad, sound);
    const loops = LOOPING.includes(sound.play);
    const region = this.#buffers.region(sample, { ...sound, loops });
    const { buffer, offset, length, loopStart, loopEnd } = region;
    const source = new AudioBufferSourceNode(this.#context, {
      buffer, loop: loops, loopStart, loopEnd, playbackRate: sound.rate ?? 1,
    });
    const voice = this.#voice(pad, source, sound, velocity, {
      region: { ...region, loops },
      stop: (when) => source.stop(when),
      rate: (value) => { source.playbackRate.value = value; },
    });
    source.onended = () => this.#forget(voice);
    if (loops) source.start(voice.since, offset);
    else source.start(voice.since, offset, length);
  }

  /** Long sounds come through a media element: forward only, its places as near as a timer gets. */
  #stream(pad, sample, sound, velocity) {
    this.#makeRoom(pad, sound);
    const { start = 0, end = Infinity, top = start, play } = sound;
    const media = new Audio(`/samples/${sample}/audio`);
    Object.assign(media, { currentTime: start, preservesPitch: false, playbackRate: sound.rate ?? 1 });
    const voice = this.#voice(pad, this.#context.createMediaElementSource(media), sound, velocity, {
      stop: (when) => setTimeout(() => media.pause(), 1000 * (when - this.#context.currentTime)),
      rate: (value) => { media.playbackRate = value; },
    });
    const again = () => { media.currentTime = top; media.play().catch(() => this.#forget(voice)); };
    const look = setInterval(() => {
      if (!this.#voices.includes(voice)) clearInterval(look);
      else if (media.currentTime < end && !media.ended) return;
      else if (LOOPING.includes(play)) again();
      else if (media.ended) this.#forget(voice);
      else this.#cut(voice);
    }, TICK);
    media.onerror = () => this.#forget(voice);
    media.play().catch(() => this.#forget(voice));
  }

  /** A pad cuts itself and all others of its mute group; the oldest voice makes room for a new one. */
  #makeRoom(pad, { group }) {
    for (const voice of [...this.#voices]) {
      if (voice.pad === pad || (group && voice.sound.group === group)) this.#cut(voice);
    }
    if (this.#voices.length >= MOST_VOICES) this.#cut(this.#voices[0]);
  }

  #voice(pad, source, sound, velocity, ways) {
    const voice = new Voice(this.#context, this.#master, source, { sound, velocity, ...ways });
    voice.pad = pad;
    this.#voices.push(voice);
    this.#tell(pad, voice);
    return voice;
  }

  #cut(voice) {
    voice.cut();
    this.#forget(voice);
  }

  #forget(voice) {
    const place = this.#voices.indexOf(voice);
    if (place < 0) return;
    this.#voices.splice(place, 1);
    this.#tell(voice.pad, null);
  }

  #tell(pad, voice) {
    document.documentElement.dataset.voices = String(this.#voices.length);
    this.light(pad, voice);
  }
}
