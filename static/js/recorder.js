// An audio worklet that hands on every block it hears. The page imports it too, for its address.

export const address = import.meta.url;

if (globalThis.registerProcessor) {
  registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([input]) {
      const silence = new Float32Array(128);
      this.port.postMessage([0, 1].map((channel) => (input[channel] ?? silence).slice()));
      return true;
    }
  });
}
