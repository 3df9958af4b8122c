// Preferences that this browser keeps: how sounds play in it, and the keys of the pads.
import { memory, volume } from "./app.js";
import { PAD_CODES } from "./acts.js";
import "./midipanel.js";

const USUAL = { "auto-play": true, loop: true, "play-keys": matchMedia("(any-pointer: fine)").matches };
const SETTLES = 400; // ms until the browser knows how late its output is
const TONE = { hertz: 880, seconds: 0.25, peak: 0.25 };

for (const box of document.querySelectorAll("[data-kept]")) {
  const { kept } = box.dataset;
  box.checked = memory.get(kept, USUAL[kept]);
  box.addEventListener("change", () => memory.set(kept, box.checked));
}

const inMs = (seconds) => `${(1000 * seconds).toFixed(1)} ms`;

document.querySelector("[data-measure]").addEventListener("click", async () => {
  const said = document.querySelector("[data-latency]");
  const context = new AudioContext({ latencyHint: "interactive", sampleRate: 48_000 });
  await context.resume();
  const { currentTime } = context;
  const gain = new GainNode(context, { gain: 0 });
  const tone = new OscillatorNode(context, { frequency: TONE.hertz });
  gain.gain.setValueAtTime(TONE.peak * volume.value ** 2, currentTime);
  gain.gain.linearRampToValueAtTime(0, currentTime + TONE.seconds);
  tone.connect(gain).connect(context.destination);
  tone.start();
  tone.stop(currentTime + TONE.seconds);
  setTimeout(() => {
    const { baseLatency: base = 0, outputLatency: out = 0 } = context;
    said.textContent = `${inMs(base + out)} to the loudspeaker: ${inMs(base)} in the browser, ${inMs(out)} in the system.`;
    context.close();
  }, SETTLES);
});

navigator.keyboard?.getLayoutMap?.().then((map) => {
  const rows = [0, 4, 8, 12].map((row) => PAD_CODES.slice(row, row + 4).map((code) => map.get(code)?.toUpperCase() ?? code).join(" "));
  document.querySelector("[data-pad-keys]").textContent = rows.join(" · ");
}, () => { /* the US letters stay */ });
