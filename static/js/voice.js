// One sounding voice: source, envelope, level, balance. It never clicks, whenever it is cut.

const ATTACK = 0.001; // seconds
const FADE = 0.004; // seconds, on every cut
const GLIDE = 0.005; // seconds: time constant of a setting that is changed while it sounds

/** The law of the exports: full at 127, half way about half as loud; bank and velocity on top. */
export function gainOf({ level = 127, volume = 127, fixed = false }, velocity) {
  const touch = fixed ? 127 : velocity;
  return (level / 127) ** 2 * (volume / 127) ** 2 * (touch / 127) ** 1.5;
}

/** How much of left and right goes to left and right: [ll, lr, rl, rr]. Pan is a balance: only the side
 *  away from it gets softer. "L" and "R" are that one channel on both sides. */
function balance(pan) {
  if (pan === "L") return [1, 1, 0, 0];
  if (pan === "R") return [0, 0, 1, 1];
  const away = Math.cos((Math.abs(pan) / 50) * (Math.PI / 2));
  return [pan > 0 ? away : 1, 0, 0, pan < 0 ? away : 1];
}

export class Voice {
  #since;
  #envelope;
  #level;
  #sides = null; // four gains, only where a pan has been set
  #stop;

  /** `source` sounds into `out` from now on; `stop(when)` ends it, and `rate(value)` sets its speed. */
  constructor(context, out, source, { sound, velocity, stop, rate, region = null }) {
    Object.assign(this, { context, out, sound, velocity, rate, region });
    this.#stop = stop;
    this.#since = context.currentTime;
    this.#envelope = new GainNode(context, { gain: 0 });
    this.#envelope.gain.setValueAtTime(0, this.#since);
    this.#envelope.gain.linearRampToValueAtTime(1, this.#since + ATTACK);
    this.#level = new GainNode(context, { gain: gainOf(sound, velocity) });
    source.connect(this.#envelope).connect(this.#level);
    if (sound.pan) this.#balance(sound.pan);
    else this.#level.connect(out);
  }

  /** When it began, on the context's clock. */
  get since() { return this.#since; }

  /** Follow settings that were changed while it sounds. */
  change(sound) {
    this.sound = sound;
    const now = this.context.currentTime;
    this.#level.gain.setTargetAtTime(gainOf(sound, this.velocity), now, GLIDE);
    this.rate(sound.rate ?? 1);
    if (this.#sides || sound.pan) this.#balance(sound.pan ?? 0);
  }

  /** Fade out from the gain that it really has. What the sound card has asked for already is on its way:
   *  a fade that began in there would be heard from its middle on, as a click. */
  cut() {
    const { currentTime, baseLatency, sampleRate } = this.context;
    const at = currentTime + Math.min(Math.max(baseLatency || 0, 128 / sampleRate), 0.006);
    const { gain } = this.#envelope;
    gain.cancelScheduledValues(at);
    if (at < this.#since + ATTACK) gain.linearRampToValueAtTime((at - this.#since) / ATTACK, at);
    else gain.setValueAtTime(1, at);
    gain.linearRampToValueAtTime(0, at + FADE);
    this.#stop(at + FADE + ATTACK);
  }

  #balance(pan) {
    const now = this.context.currentTime;
    if (this.#sides) {
      balance(pan).forEach((value, at) => this.#sides[at].gain.setTargetAtTime(value, now, GLIDE));
      return;
    }
    const { context } = this;
    // A mono sound becomes a stereo one here: the splitter gets it on both sides.
    Object.assign(this.#level, { channelCount: 2, channelCountMode: "explicit" });
    const split = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    const merge = new ChannelMergerNode(context, { numberOfInputs: 2 });
    this.#sides = balance(pan).map((gain, at) => {
      const side = new GainNode(context, { gain });
      split.connect(side, at >> 1).connect(merge, 0, at & 1);
      return side;
    });
    this.#level.disconnect();
    this.#level.connect(split);
    merge.connect(this.out);
  }
}
