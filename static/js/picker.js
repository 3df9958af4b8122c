// The pad picker in its dialog: a pad's key, a press, or arrows and Enter put the sound there.
import { closeDialog, get, post } from "./app.js";
import { BANKS, bankOfKey, look, neighbour, numberOf, padOfKey } from "./acts.js";

let bank = null; // the open bank: ahead of what is drawn while the server answers
let early = null; // keys that came between the wish for the dialog and its being there

const picker = () => document.getElementById("picker");
const dialog = () => document.getElementById("dialog");
const isDialog = () => Boolean(picker()?.closest("dialog"));
const isMany = () => "many" in picker().dataset;
const padOf = (address) => picker().querySelector(`[data-pick="${address}"]`);

function fields(more = {}) {
  const values = {};
  for (const [name, value] of new FormData(picker())) if (name !== "csrfmiddlewaretoken") values[name] = value;
  return { ...values, ...more };
}

/** Draw the picker again with other choices; it stays as it is until the answer is there. */
async function redraw(more) {
  const url = `${picker().dataset.url}?${new URLSearchParams(fields(more))}`;
  const pressed = document.activeElement?.dataset.pick;
  await get(url, { target: "#picker", swap: "morph:outerHTML" });
  settle(pressed && `${bank}${numberOf(pressed)}`);
}

function openBank(letter) {
  if (!letter || letter === bank) return;
  bank = letter;
  redraw({ bank });
}

/** One sound lands on the pad; with several the pad is where their layout begins. */
function pick(address) {
  if (!isDialog()) { padOf(address)?.click(); return; }
  if (isMany()) redraw({ pad: address, bank: address[0] });
  else put({ pad: address });
}

function put(more) {
  const { view, bank: shown } = look() ?? {};
  post(picker().action, fields({ ...more, view: view ?? "", bank: shown ?? "A" }));
}

/** Make one pad the way in with Tab and give it the focus, if the focus was on a pad. */
function settle(focused) {
  const pads = [...picker().querySelectorAll("[data-pick]")];
  const free = pads.find((pad) => pad.classList.contains("empty"));
  const entry = (focused && padOf(focused)) || picker().querySelector(".pad.sel") || free || pads[0];
  for (const pad of pads) pad.tabIndex = pad === entry ? 0 : -1;
  if (focused) entry.focus();
  return entry;
}

function begin() {
  bank = picker().dataset.bank;
  settle().focus();
  const keys = early ?? [];
  early = null;
  keys.forEach(press);
}

/** Do what a key means here; false for keys that mean nothing. */
function press(event) {
  const letter = bankOfKey(event, bank);
  const pad = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? 0 : padOfKey(event);
  if (letter) openBank(letter);
  else if (pad) pick(`${bank}${pad}`);
  else return step(event);
  return true;
}

function step(event) {
  const at = document.activeElement?.dataset.pick;
  const next = at && neighbour(numberOf(at), event.key);
  if (next) settle(`${bank}${next}`);
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  if (early) {
    if (!padOfKey(event)) return;
    const { code, key, altKey, ctrlKey, metaKey, shiftKey } = event;
    early.push({ code, key, altKey, ctrlKey, metaKey, shiftKey });
  } else {
    const isOpen = picker() && (!isDialog() || dialog().open);
    if (!isOpen || event.target.matches("select, input:not([type=radio])")) return;
    if (event.target.type === "radio" && event.key.startsWith("Arrow")) return;
    if (!press(event)) return;
  }
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener("dialog:opening", ({ detail }) => {
  if (new URL(detail.url, location).pathname.startsWith("/kits/picker/")) early = [];
});
document.addEventListener("dialog:open", () => { if (picker()) begin(); else early = null; });

document.addEventListener("click", (event) => {
  if (!isDialog()) return;
  if (event.target.closest("#picker a[data-close]")) event.preventDefault(); // its address is for pages
  const button = event.target.closest("#picker button");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.bank) openBank(button.dataset.bank);
  else if (button.dataset.pick) pick(button.dataset.pick);
  else put({});
});
document.addEventListener("change", (event) => {
  if (!event.target.closest("#picker") || !isDialog()) return;
  const values = fields();
  delete values.bank; // the preview opens where the sounds begin
  bank = null;
  const url = `${picker().dataset.url}?${new URLSearchParams(values)}`;
  get(url, { target: "#picker", swap: "morph:outerHTML" }).then(() => {
    bank = picker().dataset.bank;
    settle();
  });
});
document.addEventListener("pointerover", (event) => foresee(event.target));
document.addEventListener("focusin", (event) => { if (matchMedia("(hover: hover)").matches) foresee(event.target); });

/** Say under the pads what a press would do. */
function foresee(target) {
  const pad = target.closest?.("#picker [data-pick]");
  if (!pad || isMany()) return;
  const { pick: address, title } = pad.dataset;
  picker().querySelector(".forecast").textContent = title ? `to ${address}, replaces ${title}` : `to ${address}, empty`;
}

/** Another window was quicker: show what it did, and wait for another press. */
async function askAgain() {
  await redraw({ mode: picker().querySelector("[name=mode]:checked, [name=mode][type=hidden]").value });
  picker().querySelector(".forecast").textContent = "This kit was changed in another window. This is how it looks now: press again.";
}

document.addEventListener("kit:changed", ({ detail }) => {
  if (!isDialog()) return;
  if (detail.isElsewhere) void askAgain();
  else closeDialog();
});
dialog().addEventListener("close", () => { if (isDialog()) picker().remove(); });
if (picker() && !isDialog()) { bank = picker().dataset.bank; settle(); }
else if (picker() && dialog().open) begin(); // this module comes after the page, and somebody was quicker
