// What tests and benchmarks hear of the engine: its level, and the samples that leave it. Only with ?probe=1.
import { address } from "./recorder.js";

const FRAME = 2048;

/** Return what a page shows of the engine to those who measure it. */
export function probe(engine) {
  let recorder = null;
  let pieces = [];
  let analyser = null;

  return {
    engine,

    /** RMS in dB below full scale over the last 43 ms; listens from the first call on. */
    meter() {
      if (!analyser) {
        analyser = new AnalyserNode(engine.output.context, { fftSize: FRAME });
        engine.output.connect(analyser);
      }
      const frame = new Float32Array(FRAME);
      analyser.getFloatTimeDomainData(frame);
      return 10 * Math.log10(frame.reduce((sum, value) => sum + value ** 2, 0) / FRAME);
    },

    /** Begin to record, anew. */
    async record() {
      const { context } = engine.output;
      pieces = [];
      if (recorder) return;
      await context.audioWorklet.addModule(address);
      recorder = new AudioWorkletNode(context, "recorder", { channelCount: 2, channelCountMode: "explicit" });
      recorder.port.onmessage = ({ data }) => pieces.push(data);
      engine.output.connect(recorder).connect(context.destination); // what it gives is silence
    },

    /** What was recorded so far: [left, right], samples at 48 kHz. */
    recorded() {
      return [0, 1].map((channel) => pieces.flatMap((piece) => [...piece[channel]]));
    },
  };
}
