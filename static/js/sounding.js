// What a setting does to the sound of a pad: the page's side of kits/sounding.py.
import { padAt } from "./acts.js";

const RATE = 48_000;
const FULL = 127;
const MONO = { "-51": "L", 51: "R" };
const rateOf = ([pitch, fine, speed]) => (2 ** ((pitch + fine / 100) / 12) * speed) / 100;
const tuned = (index) => (value, tune) => {
  tune[index] = Number(value);
  const rate = rateOf(tune);
  return rate === 1 ? null : rate;
};
const seconds = (frames) => (frames ? frames / RATE : null);

/** Setting -> [key in data-sound, value there]; null stands for what is as usual. */
const SOUNDS = {
  play: ["play", (value) => (value === "one-shot" ? null : value)],
  start: ["start", seconds],
  end: ["end", seconds],
  loop_top: ["top", seconds],
  level: ["level", (value) => (Number(value) === FULL ? null : Number(value))],
  pan: ["pan", (value) => MONO[value] ?? (Number(value) || null)],
  pitch: ["rate", tuned(0)],
  fine: ["rate", tuned(1)],
  speed: ["rate", tuned(2)],
  direction: ["way", (value) => Number(value) || null],
  mute_group: ["group", (value) => value || null],
  link: ["link", (value) => Number(value) || null],
  fades: ["fades", (value) => value || null],
  fixed_velocity: ["fixed", (value) => value || null],
  muted: ["muted", (value) => value || null],
};

/** Let pads sound so from now on; voices that sound already hear of it by `pad:setting`. */
export function sound(pads, values) {
  const insp = document.getElementById("insp");
  const tunes = JSON.parse(insp.dataset.tunes || "{}");
  for (const pad of pads) {
    const button = padAt(pad);
    if (!button?.dataset.sound) continue;
    const says = JSON.parse(button.dataset.sound);
    for (const [name, value] of Object.entries(values)) {
      const [key, heard] = SOUNDS[name] ?? [];
      if (!key) continue;
      const now = heard(value, tunes[pad] ??= [0, 0, 100]);
      if (now === null) delete says[key];
      else says[key] = now;
    }
    button.dataset.sound = JSON.stringify(says);
    button.classList.toggle("muted", Boolean(says.muted));
  }
  insp.dataset.tunes = JSON.stringify(tunes);
  document.dispatchEvent(new CustomEvent("pad:setting", { detail: { pads, values } }));
}
