// The kit on the bench beside the library: its pads sound, take drops and answer to keys.
import { on } from "./app.js";
import { clear, neighbour, numberOf, padAt } from "./acts.js";
import { dragAlong } from "./drag.js";
import { along } from "./list.js";
import "./picker.js";

const dock = () => document.getElementById("dock");

/** One pad is reached with Tab, the arrows lead to the others. */
function settle(focused) {
  const pads = [...dock().querySelectorAll(".pad")];
  const entry = focused ?? pads.find((pad) => pad.tabIndex === 0 && pad.hasAttribute("tabindex")) ?? pads[0];
  for (const pad of pads) pad.tabIndex = pad === entry ? 0 : -1;
  focused?.focus();
}

function hear(pad) {
  const { sample: id } = pad.dataset;
  if (id) document.dispatchEvent(new CustomEvent("sample:play", { detail: { id, loop: false } }));
}

document.addEventListener("click", (event) => {
  const pad = event.target.closest("#dock .pad");
  if (!pad) return;
  event.preventDefault(); // without scripts the form opens the builder
  settle(pad);
  hear(pad);
});

document.addEventListener("keydown", (event) => {
  const pad = event.target.closest?.("#dock .pad");
  if (!pad || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = pad.dataset.pad;
  const next = neighbour(numberOf(at), event.key);
  if (next) settle(padAt(`${at[0]}${next}`));
  else if (event.key === "Delete" && pad.dataset.title) clear([at]);
  else if (event.key === " ") hear(pad);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

on("bench", () => {
  if (!dock()) return false;
  const isDrawer = getComputedStyle(dock()).position === "fixed" || getComputedStyle(dock()).display === "none";
  if (isDrawer && document.body.classList.toggle("bench-open") === false) return true;
  settle(dock().querySelector(".pad"));
  return true;
});

document.addEventListener("kit:changed", () => { dragAlong(along);
if (dock()) settle(); });
dragAlong(along);
if (dock()) settle();
