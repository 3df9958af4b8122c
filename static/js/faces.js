// The drawings on the pads: of a trimmed sound only what plays, as fine as the whole one's.
import { bars, outline, path } from "./peaks.js";

const BARS = 64;
const stage = document.getElementById("stage");

/** Draw what plays of a pad's sound, as its button says it now. */
export function drawFace(pad) {
  const { sample, length, sound } = pad.dataset;
  const wave = pad.querySelector(".wv .wave");
  if (!wave || !length || !sound) return;
  const { start = 0, end = length, way = 0 } = JSON.parse(sound);
  pad.querySelector(".wv").classList.toggle("rev", way % 2 === 1);
  const part = `${start} ${end}`;
  if (!start && Number(end) >= Number(length) && !pad.dataset.drawn) return; // the server drew it so
  const bytes = outline(sample, () => drawFace(pad));
  if (!bytes) return;
  pad.dataset.drawn = part;
  wave.setAttribute("viewBox", `0 0 ${BARS * 3} 24`);
  wave.querySelector("path").setAttribute("d", path(bars(bytes, start / length, end / length, BARS)));
}

const drawAll = () => { for (const pad of stage.querySelectorAll(".pad[data-length]")) drawFace(pad); };
document.addEventListener("swapped", drawAll);
drawAll();
