// The inspector: what its controls say is heard at once and saved when the hand rests.
import { announce, on } from "./app.js";
import { look, send } from "./acts.js";
import { chosen, inspect } from "./selection.js";
import { sound } from "./sounding.js";

const REST = 300; // ms without a change after which it is saved
const WALKS = ["Arrow", "Home", "End", "Page"]; // keys that move a fader, and nothing else then

const panel = document.querySelector("aside.insp");
let coming = null; // what is not sent yet: {key, url, values, pads}
let timer = 0;
let answers = 0;
const flying = new Set(); // what is sent and not answered yet

// ── Saving: a gesture on one control is one step ────────────────────────────

/** Change settings of all pads in hand; null stands for nothing known, or up to the end. */
export function set(values) {
  const pads = chosen();
  const [first, ...also] = pads;
  note({ url: `${look().builder}pads/${first}/`, also }, pads, values);
  sound(pads, values);
}

function setBank(values) {
  const { letter } = document.getElementById("bank-settings").dataset;
  note({ url: `${look().builder}bank/`, letter }, [], values);
  hearBank(letter, values);
}

function hearBank(letter, { volume }) {
  const key = document.getElementById(`bank-${letter}`);
  if (volume === undefined || !key) return;
  key.dataset.volume = volume;
  document.dispatchEvent(new CustomEvent("pad:setting", { detail: { pads: [], values: {} } }));
}

function note({ url, ...rest }, pads, values) {
  const key = `${url} ${pads} ${Object.keys(values)}`;
  if (coming?.key !== key) save();
  coming = { key, url, pads, values, letter: rest.letter, sent: { ...rest, ...written(values) } };
  clearTimeout(timer);
  timer = setTimeout(save, REST);
}

const written = (values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? "" : String(value)]));

/** Send what waits to be sent. */
export async function save() {
  clearTimeout(timer);
  if (!coming) return;
  const change = coming;
  coming = null;
  flying.add(change);
  const before = answers;
  await send(change.url, change.sent);
  flying.delete(change);
  if (answers === before && !coming) inspect(); // it was refused: show what holds
}

/** What came from the server is older than what the hand did since. */
function keepUp() {
  for (const { pads, values, letter } of [...flying, coming].filter(Boolean)) {
    if (pads.length) sound(pads, values);
    else if (letter === document.getElementById("bank-settings").dataset.letter) {
      for (const [name, value] of Object.entries(values)) show(name, value);
      hearBank(letter, values);
    }
  }
}

document.addEventListener("kit:set", () => {
  answers += 1;
  if (!flying.size) inspect(); // it was set elsewhere on this page
  keepUp();
});
const first = () => { save(); return false; };
on("undo", first);
on("redo", first);
document.addEventListener("pointerdown", (event) => { if (!event.target.closest("aside.insp")) save(); }, { capture: true });
addEventListener("pagehide", () => {
  if (!coming) return;
  const form = new FormData();
  const token = document.querySelector("meta[name=csrf-token]").content;
  for (const [name, value] of Object.entries({ ...coming.sent, csrfmiddlewaretoken: token, v: look().v })) {
    for (const each of [value].flat()) form.append(name, each);
  }
  navigator.sendBeacon(coming.url, form);
});

// ── Controls ────────────────────────────────────────────────────────────────

const MONO = 51;
const isPan = (name) => name === "pan";

function panSaid(pan) {
  if (Math.abs(pan) === MONO) return pan < 0 ? "MONO L" : "MONO R";
  return pan ? `${pan < 0 ? "L" : "R"}${Math.abs(pan)}` : "C";
}

function panRead(text) {
  const [, mono, side, digits] = /^(MONO)?(L|R|[-−+])?(\d+)?$/.exec(text.toUpperCase().replace(/\s/g, "")) ?? [];
  const sign = ["L", "-", "−"].includes(side) ? -1 : 1;
  if (/^C(ENT(RE|ER))?$/i.test(text.trim())) return 0;
  if (mono) return side ? sign * MONO : undefined;
  return digits && Number(digits) <= MONO ? sign * Number(digits) : undefined;
}

const said = (name, value) => (isPan(name) ? panSaid(value) : String(value));

/** What a control says; undefined while it is no value yet. */
function read(control) {
  const { type, name, value } = control;
  if (type === "checkbox") return control.checked;
  if (isPan(name)) return panRead(value);
  if (type === "range") return Number(value);
  if (type !== "number") return value;
  if (value === "") return name === "bpm" ? null : undefined;
  return control.checkValidity() ? Number(value) : undefined;
}

/** Let range and field, or a row of choices, say the same. */
function show(name, value, source) {
  const range = panel.querySelector(`[data-range="${name}"]`);
  const field = document.getElementById(`set-${name}`);
  const choice = panel.querySelector(`[type=radio][name="${name}"][value="${value}"]`);
  if (range && range !== source) range.value = value;
  if (field && field !== source && field.matches("[type=number], [type=text]")) field.value = said(name, value);
  if (field) field.placeholder = "";
  if (choice) choice.checked = true;
  agree((source ?? range ?? field)?.closest(".param"));
  tellRange(range);
}

/** A setting of which the pads differed is the same for all now. */
function agree(param) {
  param?.classList.remove("mixed");
  param?.querySelectorAll(".differ").forEach((each) => each.remove());
}

/** A pan is heard in words by a screen reader, a mixed fader as such; the way from nought is lit. */
function tellRange(range) {
  if (!range) return;
  const share = (value) => (100 * (value - range.min)) / (range.max - range.min);
  const ends = [share(Math.max(range.min, 0)), share(range.value)].sort((one, two) => one - two);
  range.style.setProperty("--from", `${ends[0]}%`);
  range.style.setProperty("--to", `${ends[1]}%`);
  const isMixed = range.closest(".mixed");
  if (isMixed) range.setAttribute("aria-valuetext", "mixed");
  else if (isPan(range.dataset.range)) range.setAttribute("aria-valuetext", panSaid(Number(range.value)));
  else range.removeAttribute("aria-valuetext");
}

/** Say what a field takes, in the words of the forms. */
function rangeOf({ name, ariaLabel, labels, min, max }) {
  if (isPan(name)) return "Pan is L50 to R50, C, MONO L or MONO R.";
  const label = (ariaLabel ?? labels[0].textContent).replace(/, exactly$/, "");
  return `${label} goes from ${min} to ${max}.`.replace("-", "−");
}

function turn(control) {
  const form = control.closest("#settings, #bank-settings");
  const name = control.dataset.range ?? control.name;
  const value = form && name ? read(control) : undefined;
  if (value === undefined) return;
  show(name, value, control);
  (form.id === "settings" ? set : setBank)({ [name]: value });
}

function move(range, value) {
  range.value = value;
  turn(range);
}

panel.addEventListener("input", ({ target }) => turn(target));
panel.addEventListener("change", ({ target }) => {
  if (!target.matches("#settings .num input, #bank-settings .num input") || read(target) !== undefined) return;
  const range = panel.querySelector(`[data-range="${target.name}"]`);
  announce(rangeOf(target));
  const isMixed = target.placeholder === "–";
  target.value = range ? (isMixed ? "" : said(target.name, Number(range.value))) : target.defaultValue;
});
panel.addEventListener("dblclick", ({ target }) => { if (target.dataset.range) move(target, target.dataset.default); });
panel.addEventListener("wheel", (event) => {
  const range = event.target;
  if (!range.dataset?.range || document.activeElement !== range) return;
  event.preventDefault();
  move(range, Number(range.value) + (event.deltaY < 0 ? 1 : -1) * Number(range.step || 1));
}, { passive: false });
panel.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-range], [role=slider], [type=radio]")) return;
  if (event.target.dataset.range && event.key === "Backspace") move(event.target, event.target.dataset.default);
  if (WALKS.some((name) => event.key.startsWith(name))) event.stopPropagation();
});
panel.addEventListener("submit", (event) => {
  if (!event.target.matches("#settings, #bank-settings")) return;
  event.preventDefault();
  save();
});
panel.addEventListener("click", (event) => {
  const way = event.target.closest("button[data-way]");
  if (way) turnAround(way);
  if (!event.target.closest("[data-clear-chops]")) return;
  event.preventDefault();
  set({ chops: "[]" });
  save().then(inspect);
});

/** Reverse and ping-pong are the two bits of the machine's direction. */
function turnAround(button) {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  const ways = [...panel.querySelectorAll("button[data-way]")];
  for (const each of ways) if (each.getAttribute("aria-pressed") === "mixed") each.setAttribute("aria-pressed", "false");
  const pressed = ways.filter((each) => each.getAttribute("aria-pressed") === "true");
  agree(button.closest(".ways"));
  set({ direction: pressed.reduce((sum, each) => sum + Number(each.dataset.way), 0) });
}

// ── What comes from the server anew keeps what only the page knows ──────────

const unfolded = new Set();
panel.addEventListener("toggle", ({ target }) => {
  if (target.matches("details.fold")) unfolded[target.open ? "add" : "delete"](target.id);
}, { capture: true });

function refresh() {
  for (const fold of panel.querySelectorAll("details.fold")) fold.open = unfolded.has(fold.id);
  for (const box of panel.querySelectorAll("[type=checkbox]")) box.indeterminate = "mixed" in box.dataset;
  panel.querySelectorAll("[data-range]").forEach(tellRange);
}
document.addEventListener("swapped", refresh);
refresh();
