// Which pads are in hand: one, or several beside it that get the same settings.
import { announce, get, on } from "./app.js";
import { look, numberOf, padAt } from "./acts.js";

const INSPECT_AFTER = 80; // ms
const SLACK = 5; // CSS pixels before a press beside the pads draws a frame

const stage = document.getElementById("stage");
let selected = stage.querySelector(".pad.sel")?.dataset.pad ?? "A1";
let others = new Set(); // the pads beside it, of the same bank
let inspecting = 0;
let gathering = false; // every press takes a pad along, as a finger has no Ctrl key

const pads = () => [...stage.querySelectorAll(".pad")];

/** The pad in hand, and all that are chosen together with it in the order of the bank. */
export const inHand = () => selected;
export const chosen = () => [...new Set([selected, ...others])].sort((one, two) => numberOf(one) - numberOf(two));

export const isGathering = () => gathering;

/** From now on presses take pads along, or only one is in hand again. */
export function gather(isOn) {
  gathering = isOn;
  stage.classList.toggle("gathering", isOn);
  announce(isOn ? "Press the pads that belong together" : "One pad is selected");
  if (!isOn) select(selected);
}

/** Take one pad in hand: outline, the way in with Tab, the readout. */
export function select(address, { focus = false } = {}) {
  const isOther = address !== selected || others.size > 0;
  selected = address;
  others = new Set();
  draw(focus);
  if (isOther) inspect();
}

/** The focused pad is the one in hand, however the focus came to it. */
export function hand() {
  const at = document.activeElement?.closest("#stage .pad")?.dataset.pad;
  if (at && !chosen().includes(at)) select(at);
  return at ?? selected;
}

/** Put a pad beside those in hand, or let go of it. */
export function toggle(address, { focus = false } = {}) {
  const all = new Set(chosen());
  if (all.has(address) && all.size > 1) {
    all.delete(address);
    if (address === selected) [selected] = all;
  } else {
    all.add(address);
    selected = address;
  }
  hold(all, focus);
}

/** Go on to a neighbour that comes along with those in hand. */
export function extend(address) {
  const all = new Set([...chosen(), address]);
  selected = address;
  hold(all, true);
}

function hold(all, focus = false) {
  others = new Set(all);
  others.delete(selected);
  draw(focus);
  const count = chosen().length;
  announce(count > 1 ? `${count} pads selected` : `${selected} selected`);
  inspect();
}

/** Show on the pads what is in hand; after every answer of the server, too. */
export function draw(focus = false) {
  const all = chosen();
  for (const pad of pads()) {
    const isIt = pad.dataset.pad === selected;
    const isIn = all.includes(pad.dataset.pad);
    pad.classList.toggle("sel", isIn);
    pad.setAttribute("aria-selected", String(isIn));
    pad.tabIndex = isIt ? 0 : -1;
    if (isIt && focus) pad.focus();
  }
  for (const field of document.querySelectorAll("[data-selected]")) field.value = selected;
  for (const button of document.querySelectorAll("[data-put]")) {
    button.setAttribute("aria-label", `Put ${button.closest("li").dataset.title} on ${selected}`);
  }
}

/** Ask for the readout of what is in hand. */
export function inspect() {
  clearTimeout(inspecting);
  inspecting = setTimeout(() => {
    const also = chosen().filter((pad) => pad !== selected).map((pad) => `also=${pad}`).join("&");
    get(`${look().builder}pads/${selected}/${also && `?${also}`}`, { target: "#insp", swap: "morph:outerHTML" });
    document.dispatchEvent(new CustomEvent("pad:select", { detail: { pad: selected, pads: chosen() } }));
  }, INSPECT_AFTER);
}

on("select-all", () => {
  if (!stage.contains(document.activeElement) && document.activeElement !== document.body) return false;
  const filled = pads().filter((pad) => pad.dataset.title).map((pad) => pad.dataset.pad);
  if (!filled.includes(selected) && filled.length) [selected] = filled;
  hold(filled);
  return true;
});
on("select-more", () => {
  const at = document.activeElement?.closest?.("#stage .pad")?.dataset.pad;
  if (!at) return false;
  toggle(at, { focus: true });
  return true;
});
on("escape", () => {
  if ((!others.size && !gathering) || document.querySelector("dialog[open], :popover-open")) return false;
  gather(false);
  return true;
});
document.addEventListener("swapped", () => draw());
document.addEventListener("click", (event) => { if (event.target.closest("[data-single]")) gather(false); });

// ── A frame drawn from beside the pads takes those that it touches ──────────

let from = null; // {x, y, frame, kept}

function touched({ left, top, right, bottom }) {
  return pads().filter((pad) => {
    const box = pad.getBoundingClientRect();
    return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
  }).map((pad) => pad.dataset.pad);
}

stage.addEventListener("pointerdown", (event) => {
  const beside = !event.target.closest(".pad, a, button, input, select, summary, .rename");
  if (!beside || event.button !== 0 || event.pointerType === "touch") return;
  event.preventDefault(); // no text is marked on the way
  from = { x: event.clientX, y: event.clientY, kept: event.ctrlKey || event.metaKey ? chosen() : [] };
});
addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
  if (!from || (!from.frame && Math.hypot(x - from.x, y - from.y) < SLACK)) return;
  if (!from.frame) {
    from.frame = document.createElement("div");
    from.frame.className = "marquee";
    document.body.append(from.frame);
  }
  const [left, right] = [Math.min(x, from.x), Math.max(x, from.x)];
  const [top, bottom] = [Math.min(y, from.y), Math.max(y, from.y)];
  Object.assign(from.frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  const all = new Set([...from.kept, ...touched({ left, top, right, bottom })]);
  for (const pad of pads()) pad.classList.toggle("sel", all.has(pad.dataset.pad));
  from.all = all;
});
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    if (!from) return;
    const { frame, all } = from;
    from = null;
    frame?.remove();
    if (!all?.size) { select(selected); return; }
    if (!all.has(selected)) [selected] = all;
    hold(all);
  });
}
