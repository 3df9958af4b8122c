// The line that runs over the waveform of a looping pad; nothing runs for people who want less motion.

const still = matchMedia("(prefers-reduced-motion: reduce)");

const lines = (pad) => pad?.querySelector(".wv")?.getAnimations({ subtree: true }) ?? [];

/** Let it run as the voice does: up to the loop once, then round and round. */
export function run(pad, { sound, region }) {
  const wave = pad?.querySelector(".wv");
  if (!wave || !region?.loops || still.matches) return;
  const { span, head } = region;
  const top = head / span;
  const way = sound.way ?? 0;
  const isForward = way === 0 || way === 2;
  const places = [[top, 1], [1, top], [top, 1, top], [1, top, 1]][way];
  const delay = isForward ? head : 0;
  if (delay) line(wave, [0, top], { duration: 1000 * delay });
  const lasts = (span - head) * (places.length - 1);
  line(wave, places, { duration: 1000 * lasts, delay: 1000 * delay, iterations: Infinity });
  pad.classList.add("looping");
  hurry(pad, sound.rate);
}

function line(wave, places, timing) {
  wave.animate({ left: places.map((place) => `${100 * place}%`) }, { ...timing, pseudoElement: "::after" });
}

/** Follow another speed. */
export function hurry(pad, rate = 1) {
  for (const each of lines(pad)) each.updatePlaybackRate(rate);
}

export function halt(pad) {
  for (const each of lines(pad)) each.cancel();
  pad?.classList.remove("looping");
}
