// Acts on the kit of this page, one after the other: what is sent, and what follows an answer.
// The page's #look says which kit, which bank and which version of it the page knows.
import { announce, on, post, toast } from "./app.js";

const FLASH = 700; // ms

/** The sixteen keys of the pads by their place on the keyboard, whatever its letters. */
export const PAD_CODES = [
  "Digit1", "Digit2", "Digit3", "Digit4", "KeyQ", "KeyW", "KeyE", "KeyR",
  "KeyA", "KeyS", "KeyD", "KeyF", "KeyZ", "KeyX", "KeyC", "KeyV",
];
export const BANKS = "ABCDEFGHIJ";

let queue = Promise.resolve();
let waiting = 0; // acts that have not been answered yet
let isNewest = false; // the last thing done on this page was done to the kit

const element = () => document.getElementById("look");

/** What the page shows of its kit, or null on a page without one. */
export function look() {
  const found = element();
  if (!found) return null;
  const { view, bank } = Object.fromEntries([...found.querySelectorAll("input")].map(({ name, value }) => [name, value]));
  return { ...found.dataset, view, bank };
}

/** Send an act when the one before it has been answered: each needs the version that one made. */
function act(kind, values) {
  waiting += 1;
  queue = queue.then(() => {
    const { v, view, bank, [kind]: url } = look();
    return url ? post(url, { v, view, bank, ...values }) : null;
  }).catch(() => null).finally(() => { waiting -= 1; });
  return queue;
}

/** Do something now, or when what was asked for before has been answered. */
export function afterActs(next) {
  if (waiting) queue.then(next);
  else next();
}

export const assign = (pad, sounds, mode = "one") => act("assign", { ...sounds, pad, mode });
export const move = (from, to, { copy = false } = {}) => act("move", { from, to, copy: copy ? "1" : "0" });
export const clear = (pads) => act("clear", { pads });
export const undo = () => act("undo", {});
export const redo = () => act("redo", {});

/** The pad of this key, 1 to 16, or 0. */
export const padOfKey = (event) => PAD_CODES.indexOf(event.code) + 1;

/** The bank that this key opens: Alt and a digit, or the page keys from `open` on; else nothing. */
export function bankOfKey(event, open) {
  if (event.altKey && event.code.startsWith("Digit")) return BANKS[(Number(event.code.at(-1)) + 9) % 10];
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  return step ? BANKS[BANKS.indexOf(open) + step] : undefined;
}

/** The pad beside this one (1–16) on the way of an arrow key, or 0 at the edge. */
export function neighbour(number, key) {
  const column = (number - 1) % 4;
  if (key === "ArrowLeft") return column > 0 ? number - 1 : 0;
  if (key === "ArrowRight") return column < 3 ? number + 1 : 0;
  if (key === "ArrowUp") return number > 4 ? number - 4 : 0;
  if (key === "ArrowDown") return number < 13 ? number + 4 : 0;
  return 0;
}

export const padAt = (address) => document.getElementById(`pad-${address}`);
export const numberOf = (address) => Number(address.slice(1));

function flash(pads) {
  for (const pad of pads.map(padAt)) {
    pad?.classList.add("flash");
    setTimeout(() => pad?.classList.remove("flash"), FLASH);
  }
}

document.addEventListener("kit:changed", ({ detail }) => {
  isNewest = true;
  for (const field of document.querySelectorAll("input[name=v]")) field.value = detail.v;
  if (element()) element().dataset.v = detail.v;
  flash(detail.pads);
  announce(detail.said);
});

document.addEventListener("toast", ({ detail }) => {
  if (detail.undo && !detail.undo.startsWith("/kits/")) isNewest = false;
});

document.addEventListener("kit:stale", () => {
  setTimeout(() => toast("This kit was changed in another window.", { undo: { label: "Show latest", act: () => location.reload() } }));
});

const isHere = () => document.body.dataset.page === "kits" || isNewest;
on("undo", () => (isHere() && look()?.undo ? void undo() : false));
on("redo", () => (isHere() && look()?.redo ? void redo() : false));
