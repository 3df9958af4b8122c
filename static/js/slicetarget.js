// Where slices would go: the server tells what becomes of what stands there, and what the button says.
import { get } from "./app.js";
import { knowVersion, look } from "./acts.js";

const ASK_AFTER = 250; // ms

const put = document.getElementById("put");
let timer = 0;
let count = 0;
let newest = null; // the kit and its version that the last act made, as its answer told

/** What the form says. */
export const chosen = (name) => new FormData(put).get(name);

/** There are so many slices now. */
export function goes(slices) {
  const isFirst = count === 0; // the page came with the answer
  const isSame = count === slices;
  count = slices;
  if (!isFirst && !isSame) ask();
}

/** Ask once nothing has changed for a moment; another `kit` suggests pads and mute group of its own. */
function ask(kit = "") {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const sent = new URLSearchParams({ count, kit: kit || chosen("kit") });
    if (!kit) for (const name of ["bank", "number", "mute_group"]) sent.set(name, chosen(name));
    await get(`${put.getAttribute("action")}?${sent}`, { target: "#to", swap: "morph:outerHTML" });
    const { target } = document.getElementById("to").dataset;
    document.getElementById("put-label").textContent = `Put ${count} slice${count === 1 ? "" : "s"} on ${target}`;
  }, ASK_AFTER);
}

put.addEventListener("change", ({ target }) => {
  if (target.name === "kit") ask(target.value);
  else if (["bank", "number"].includes(target.name)) ask();
});
document.addEventListener("kit:changed", ({ detail }) => {
  if (!detail.isElsewhere) newest = detail;
  ask(chosen("kit") === "new" ? String(detail.kit) : "");
});
// What was asked for before that act may be answered after it, with the version before it.
document.addEventListener("swapped", () => {
  const { kit, v } = look();
  if (newest && Number(kit) === newest.kit && Number(v) < newest.v) knowVersion(newest.v);
});
