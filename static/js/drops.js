// Files of the computer dropped on pads: they go up to the library, then onto the pads in their order.
import { announce, toast } from "./app.js";
import { afterActs, assign, look, numberOf, padAt } from "./acts.js";
import { gathered, send } from "./upload.js";

const pads = () => [...document.querySelectorAll("[data-pads] .pad")];
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const padUnder = (event) => (carriesFiles(event) && look() ? event.target.closest?.("[data-pads] .pad") : null);

/** The pad itself, then the free ones behind it in this bank. */
function places(at) {
  const behind = pads().filter((pad) => pad.classList.contains("empty") && numberOf(pad.dataset.pad) > numberOf(at));
  return [at, ...behind.map((pad) => pad.dataset.pad)];
}

let marked = "";

function unmark() {
  marked = "";
  for (const pad of pads()) pad.classList.remove("over", "replace");
}

function mark(pad) {
  const { pad: at, title } = pad.dataset;
  if (at === marked) return;
  unmark();
  marked = at;
  pad.classList.add(title ? "replace" : "over");
  announce(title ? `Files to ${at}, replaces ${title}` : `Files to ${at}, empty`);
}

function tell(failed, all, left) {
  if (failed) toast(`${failed} of ${all} files could not be put on a pad: not a sound, or a pack.`, { bad: true });
  else if (left) toast(`${left} more are in the library: this bank has no pad left for them.`);
}

/** Send files up and put each on the next pad as soon as it and those before it are there. */
function filesOnPads(at, files) {
  const free = places(at);
  const left = Math.max(0, files.length - free.length);
  const done = []; // id of the sound, or "" for a file that is none
  let next = 0;
  let failed = 0;
  const settle = () => {
    for (; done[next] !== undefined; next += 1) {
      if (!done[next]) { failed += 1; continue; }
      const pad = free.shift();
      if (pad) void assign(pad, { ids: done[next] });
    }
    if (next === files.length) afterActs(() => tell(failed, files.length, left)); // acts tell of themselves before
  };
  send(files.map((each, index) => ({ ...each, stored: (id) => { done[index] = id; settle(); } })));
}

document.addEventListener("dragover", (event) => {
  const pad = padUnder(event);
  if (pad) { event.preventDefault(); mark(pad); } else if (marked) unmark();
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) unmark(); });
document.addEventListener("drop", async (event) => {
  const at = padUnder(event)?.dataset.pad;
  unmark();
  if (!at) return;
  event.preventDefault(); // the whole window takes files too: not these
  const files = await gathered(event.dataTransfer);
  files.sort((one, two) => one.path.localeCompare(two.path, undefined, { numeric: true }));
  if (files.length) filesOnPads(padAt(at) ? at : pads()[0].dataset.pad, files);
}, { capture: true });
