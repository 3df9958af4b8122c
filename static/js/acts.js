// Acts on the kit of this page, one after the other: what is sent, and what follows an answer.
// The page's #look says which kit, which bank and which version of it the page knows.
import { announce, on, post, toast } from "./app.js";

const FLASH = 700; // ms
const ELSEWHERE = "This kit was changed in another window.";

/** The sixteen keys of the pads by their place on the keyboard, whatever its letters. */
export const PAD_CODES = [
  "Digit1", "Digit2", "Digit3", "Digit4", "KeyQ", "KeyW", "KeyE", "KeyR",
  "KeyA", "KeyS", "KeyD", "KeyF", "KeyZ", "KeyX", "KeyC", "KeyV",
];
export const BANKS = "ABCDEFGHIJ";

let queue = Promise.resolve();
let waiting = 0; // acts that have not been answered yet
let isNewest = false; // the last thing done on this page was done to the kit
let overtaken = 0; // how often another window was quicker
let missed = []; // acts that were not done because of that, oldest first: {to, values}
let told = null; // sentences of what was done, while acts are done again
let refusals = []; // sentences of the acts that made no sense any more, while they are done again

const element = () => document.getElementById("look");

/** What the page shows of its kit, or null on a page without one. */
export function look() {
  const found = element();
  if (!found) return null;
  const { view, bank = "" } = Object.fromEntries([...found.querySelectorAll("input")].map(({ name, value }) => [name, value]));
  return { ...found.dataset, view, bank };
}

/** Send an act when the one before it has been answered: each needs the version that one made.
 *  `to` is an address or the name of an act in #look. What was asked for before somebody saw what
 *  another window did is not sent: it may not be wanted any more. */
export function send(to, values) {
  const since = overtaken;
  waiting += 1;
  queue = queue.then(() => {
    if (since !== overtaken) return miss(to, values);
    const known = look();
    const url = to.startsWith("/") ? to : known[to];
    return url ? post(url, { bank: known.bank, ...values, v: known.v, view: known.view }) : null;
  }).catch(() => null).finally(() => { waiting -= 1; });
  return queue;
}

// Forms of the kit go the same way: each knows the version that the act before it made.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const url = form.getAttribute("hx-post");
  if (!look()?.builder || !url?.startsWith(look().builder) || form.getAttribute("hx-swap") !== "none") return;
  event.preventDefault();
  event.stopPropagation();
  const sent = new FormData(form, event.submitter);
  const names = [...new Set(sent.keys())].filter((name) => name !== "csrfmiddlewaretoken");
  void send(url, Object.fromEntries(names.map((name) => [name, sent.getAll(name)])));
}, { capture: true });

// ── Another window was quicker ──────────────────────────────────────────────

const isStep = (to) => /(^|\/)(un|re)do\/?(\?|$)/.test(to);

/** Keep an act that was not done. A step back takes back the newest of them. */
function miss(to, values) {
  if (!isStep(to)) missed.push({ to, values });
  else if (/undo/.test(to)) missed.pop();
  tellMissed();
}

function tellMissed(aside = "") {
  const label = missed.length > 1 ? `Apply ${missed.length} again` : "Apply again";
  const undo = missed.length ? { label, act: applyAgain } : null;
  toast(`${ELSEWHERE}${aside}`, { undo, stays: 60_000 });
}

/** Do what was missed to the kit as it is now, in its order, and say what of it cannot be done. */
async function applyAgain() {
  const again = missed;
  missed = [];
  refusals = [];
  told = [];
  const said = told;
  await Promise.all(again.map(({ to, values }) => send(to, values)));
  told = null;
  if (!refusals.length && !missed.length) announce(said.length ? `Applied again: ${said.join(" ")}` : "Applied again.");
  if (again.length > 1 && refusals.length) {
    toast(`${refusals.length} of ${again.length} could not be done again: ${refusals.join(" ")}`, { bad: true });
  }
}

// The server shows the newest state with its refusal: to everybody here that is a change like any.
document.addEventListener("kit:stale", ({ detail }) => {
  overtaken += 1;
  const pads = [...document.querySelectorAll("[data-pads] [data-pad]")].map(({ dataset }) => dataset.pad);
  document.dispatchEvent(new CustomEvent("kit:changed", { detail: { ...detail, pads, said: ELSEWHERE, isElsewhere: true } }));
});
document.addEventListener("kit:missed", ({ detail: { url, values } }) => {
  if (new URL(url, location).pathname === "/kits/place/" && document.getElementById("picker")) return; // it asks again
  const { bank, ...others } = values; // the page may show another one when it is sent again
  miss(url, values.pads || !url.includes("/clear/") ? others : { ...others, bank });
});

/** From now on acts are for this version of the kit. */
export function knowVersion(v) {
  for (const field of document.querySelectorAll("input[name=v]")) field.value = v;
  if (element()) element().dataset.v = v;
}

/** Do something now, or when what was asked for before has been answered as it was meant. */
export function afterActs(next) {
  if (!waiting) { next(); return; }
  const since = overtaken;
  queue.then(() => {
    if (since === overtaken) next();
    else tellMissed(" The keys pressed after that did nothing.");
  });
}

export const assign = (pad, sounds, mode = "one") => send("assign", { ...sounds, pad, mode });
export const move = (from, to, { copy = false } = {}) => send("move", { from, to, copy: copy ? "1" : "0" });
export const clear = (pads) => send("clear", { pads });
export const undo = () => send("undo", {});
export const redo = () => send("redo", {});

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

function goOn({ detail }) {
  isNewest = true;
  knowVersion(detail.v);
  if (!detail.isElsewhere) missed = []; // whoever goes on lets them be
}
document.addEventListener("kit:set", goOn); // a control was turned: whoever turned it sees and hears it
document.addEventListener("kit:changed", (event) => {
  goOn(event);
  if (!event.detail.isElsewhere) {
    told?.push(event.detail.said);
    flash(event.detail.pads);
  }
  announce(event.detail.said);
});

document.addEventListener("toast", ({ detail }) => {
  if (detail.undo?.startsWith("/kits/") === false) isNewest = false;
  if (detail.bad) refusals.push(detail.text);
});

const isHere = () => document.body.dataset.page === "kits" || isNewest;
on("undo", () => (isHere() && look()?.undo ? void undo() : false));
on("redo", () => (isHere() && look()?.redo ? void redo() : false));
