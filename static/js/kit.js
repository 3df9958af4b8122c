// The kit page: pads sound on press, one pad is in hand, keys and a menu do what dragging does.
import { announce, isTyping, on } from "./app.js";
import { assign, bankOfKey, clear, look, move, neighbour, numberOf, padAt, padOfKey } from "./acts.js";
import "./drag.js";
import { PadEngine } from "./pads.js";

const LIT = 90; // ms that a pad stays lit at least: nothing strobes
const INSPECT_AFTER = 80; // ms
const BROWSED = "browse"; // the one voice of the sounds beside the pads

const stage = document.getElementById("stage");
let selected = stage.querySelector(".pad.sel")?.dataset.pad ?? "A1";
let following = ""; // the pad to take in hand when its bank has opened
let hadFocus = false; // a pad had it when another bank was asked for
let clip = null; // {pad, cut}
let inspecting = 0;
const litAt = new Map(); // pad -> when it was lit

const open = () => look().bank;
const pads = () => [...stage.querySelectorAll(".pad")];
const isFilled = (address) => Boolean(padAt(address)?.dataset.title);
const inStage = () => stage.contains(document.activeElement) || document.activeElement === document.body;

// ── Sound and light ─────────────────────────────────────────────────────────

const engine = new PadEngine((pad, isOn) => {
  const since = performance.now() - (litAt.get(pad) ?? 0);
  if (isOn) {
    litAt.set(pad, performance.now());
    light(pad, true);
  } else setTimeout(() => { if (performance.now() - litAt.get(pad) >= LIT) light(pad, false); }, Math.max(0, LIT - since));
});
if (new URLSearchParams(location.search).get("probe") === "1") window.padEngine = engine;

function light(pad, isOn) {
  if (pad === BROWSED) { if (!isOn) mark(""); return; }
  padAt(pad)?.classList.toggle("playing", isOn);
}

function play(address) {
  const { sample } = padAt(address)?.dataset ?? {};
  if (sample) engine.press(address, sample);
  document.dispatchEvent(new CustomEvent("pad:press", { detail: { pad: address } }));
}

/** Decode the open bank, then its neighbours. */
function prefetch() {
  const keys = [...stage.querySelectorAll(".bank")];
  const here = keys.findIndex((key) => key.dataset.bank === open());
  const near = [keys[here], keys[here + 1], keys[here - 1]].filter(Boolean);
  engine.prefetch(near.flatMap((key) => key.dataset.samples.split(" ").filter(Boolean)));
}

// ── The pad in hand ─────────────────────────────────────────────────────────

/** Take a pad in hand: outline, the way in with Tab, the readout. */
function select(address, { focus = false } = {}) {
  const isOther = address !== selected;
  selected = address;
  for (const pad of pads()) {
    const isIt = pad.dataset.pad === address;
    pad.classList.toggle("sel", isIt);
    pad.setAttribute("aria-selected", String(isIt));
    pad.tabIndex = isIt ? 0 : -1;
    if (isIt && focus) pad.focus();
  }
  for (const field of document.querySelectorAll("[data-selected]")) field.value = address;
  for (const button of document.querySelectorAll("[data-put]")) {
    button.setAttribute("aria-label", `Put ${button.closest("li").dataset.title} on ${address}`);
  }
  if (isOther) inspect();
}

function inspect() {
  clearTimeout(inspecting);
  inspecting = setTimeout(() => {
    window.htmx.ajax("GET", `${look().builder}pads/${selected}/`, { target: "#insp", swap: "morph:outerHTML" });
    document.dispatchEvent(new CustomEvent("pad:select", { detail: { pad: selected } }));
  }, INSPECT_AFTER);
}

function openBank(letter) {
  hadFocus = document.activeElement?.matches("#stage .pad");
  if (letter) stage.querySelector(`.bank[data-bank=${letter}]`)?.click();
  return Boolean(letter);
}

/** After a step or another bank: the same pad in hand, what is new decoded. */
function settle() {
  select(`${open()}${numberOf(selected)}`, { focus: hadFocus });
  hadFocus = false;
  prefetch();
}

document.addEventListener("bank:open", ({ detail }) => {
  settle();
  if (following) select(following, { focus: true });
  else announce(`Bank ${detail.bank}`);
  following = "";
});
document.addEventListener("kit:changed", ({ detail }) => {
  settle();
  if (detail.pads.includes(selected)) inspect();
  if (detail.pads.some((pad) => pad[0] === open())) return;
  [following] = detail.pads; // it happened in another bank: go and see
  openBank(following[0]);
});

// ── Pointer ─────────────────────────────────────────────────────────────────

let pressed = null; // the pad that a pointer is on

stage.addEventListener("pointerdown", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad || event.button !== 0) return;
  pressed = pad.dataset.pad;
  if (!event.shiftKey) play(pressed);
});
stage.addEventListener("click", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault(); // without scripts the form opens the pad
  if (pressed !== pad.dataset.pad && !event.shiftKey) play(pad.dataset.pad); // by a screen reader
  pressed = null;
  select(pad.dataset.pad, { focus: true });
});

// ── Keys ────────────────────────────────────────────────────────────────────

function hasLetters() {
  return document.body.dataset.singleKeys !== "off" || stage.contains(document.activeElement);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
  if (isTyping(event) || event.ctrlKey || event.metaKey) return;
  const done = event.altKey ? openBank(bankOfKey(event)) : padKey(event) || stageKey(event);
  if (done) event.preventDefault();
});

function padKey(event) {
  const number = padOfKey(event);
  if (!number || !hasLetters()) return false;
  if (event.repeat) return true;
  const address = `${open()}${number}`;
  if (event.shiftKey) select(address);
  else play(address);
  return true;
}

function stageKey(event) {
  const at = document.activeElement?.closest?.("#stage .pad")?.dataset.pad;
  if (!at) return false;
  const next = neighbour(numberOf(at), event.key);
  if (next) select(`${at[0]}${next}`, { focus: true });
  else if (event.key === " ") { if (!event.repeat) play(at); } else if (event.key === "Enter") intoInspector(at);
  else return false;
  return true;
}

function intoInspector(at) {
  select(at);
  setTimeout(() => document.querySelector("#insp a, #insp button, #insp select")?.focus(), INSPECT_AFTER * 2);
}

document.addEventListener("keydown", (event) => {
  const to = { Home: 1, End: 16 }[event.key];
  if (!to || !(event.ctrlKey || event.metaKey) || !stage.contains(document.activeElement)) return;
  event.preventDefault();
  select(`${open()}${to}`, { focus: true });
});

on("bank-next", (event) => openBank(bankOfKey(event, open())));
on("bank-previous", (event) => openBank(bankOfKey(event, open())));
on("escape", () => {
  if (engine.stopAll()) return true;
  if (document.querySelector("dialog[open], :popover-open")) return false;
  if (document.activeElement?.closest("#insp, #browse")) { shutBrowser(); padAt(selected)?.focus(); return true; }
  return false;
});

const inHand = (act) => () => (inStage() ? act(selected) : false);
const filled = (act) => inHand((at) => (isFilled(at) ? act(at) : false));

function swap(key) {
  return filled((at) => {
    const next = neighbour(numberOf(at), key);
    if (!next) return true;
    const to = `${at[0]}${next}`;
    move(at, to).then(() => select(to, { focus: true }));
    return true;
  });
}
on("swap-left", swap("ArrowLeft"));
on("swap-right", swap("ArrowRight"));
on("swap-up", swap("ArrowUp"));
on("swap-down", swap("ArrowDown"));

function take(at, cut) {
  padAt(clip?.pad)?.classList.remove("lifted");
  clip = { pad: at, cut };
  if (cut) padAt(at).classList.add("lifted");
  announce(`${padAt(at).dataset.title} ${cut ? "cut" : "copied"} from ${at}`);
}

function paste(at) {
  if (!clip) return false;
  move(clip.pad, at, { copy: !clip.cut });
  if (clip.cut) { padAt(clip.pad)?.classList.remove("lifted"); clip = null; }
  return true;
}

const ACTS = {
  cut: (at) => take(at, true),
  copy: (at) => take(at, false),
  paste,
  duplicate: (at) => move(at, "", { copy: true }),
  clear: (at) => clear([at]),
  find,
};
on("cut", filled(ACTS.cut));
on("copy", filled(ACTS.copy));
on("paste", inHand(paste));
on("duplicate", filled((at) => void ACTS.duplicate(at)));
on("clear", filled((at) => void ACTS.clear(at)));
on("find", () => find());
addEventListener("blur", () => engine.stopAll());
document.addEventListener("visibilitychange", () => { if (document.hidden) engine.stopAll(); });

// ── The menu of a pad: right button, menu key, long press ───────────────────

const MENU = [
  ["find", "Replace…", true], ["duplicate", "Duplicate to next free", true],
  ["cut", "Cut", true], ["copy", "Copy", true], ["paste", "Paste", false], ["clear", "Clear", true],
];

function showMenu(at, x, y) {
  select(at);
  const menu = document.createElement("div");
  menu.id = "pad-menu";
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", `Pad ${at}`);
  for (const [act, label, needsSound] of MENU) {
    if (act === "paste" && !clip) continue;
    if (needsSound && act !== "find" && !isFilled(at)) continue;
    const item = document.createElement("button");
    item.type = "button";
    item.setAttribute("role", "menuitem");
    item.textContent = act === "find" && !isFilled(at) ? "Find a sound…" : label;
    item.addEventListener("click", () => { menu.hidePopover(); ACTS[act](at); });
    menu.append(item);
  }
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    menu.remove();
    if (document.activeElement === document.body) padAt(selected)?.focus();
  });
  menu.addEventListener("keydown", (event) => walkMenu(event, menu));
  document.body.append(menu);
  menu.showPopover();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  menu.firstChild.focus();
}

function walkMenu(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.children];
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}

stage.addEventListener("contextmenu", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault();
  const { x, y, height } = pad.getBoundingClientRect();
  if (event.pointerType !== "touch") showMenu(pad.dataset.pad, event.clientX || x, event.clientY || y + height);
});
document.addEventListener("pad:menu", ({ detail }) => {
  const { x, y, height } = padAt(detail.pad).getBoundingClientRect();
  showMenu(detail.pad, x, y + height);
});

// ── The sounds beside the pads ──────────────────────────────────────────────

const browser = document.getElementById("browse");
let heard = ""; // id of the sound that is heard here

/** Go to the search; on small screens it comes as a sheet. */
function find() {
  browser.classList.add("open");
  const field = browser.querySelector("[type=search]");
  field.focus();
  field.select();
}

function shutBrowser() {
  browser.classList.remove("open");
  if (location.hash === "#browse") history.replaceState(history.state, "", location.pathname + location.search);
}

/** Show which sound is heard, also when its row has just come anew from the server. */
function mark(id = heard) {
  heard = id;
  for (const row of browser.querySelectorAll(".brow")) {
    const isIt = row.dataset.sampleId === id;
    if (isIt !== row.classList.contains("cur")) row.classList.toggle("cur", isIt);
  }
}
new MutationObserver(() => mark()).observe(browser, { subtree: true, childList: true, attributeFilter: ["class"] });

function hear(row) {
  if ("missing" in row.dataset) return;
  mark(row.dataset.sampleId);
  engine.press(BROWSED, row.dataset.sampleId);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-find], a[data-shut]");
  if (link) {
    event.preventDefault();
    if ("find" in link.dataset) find();
    else { shutBrowser(); padAt(selected)?.focus(); }
  }
  const row = event.target.closest("#brows .brow");
  if (row && !event.target.closest("[data-put]")) hear(row);
});
browser.addEventListener("dblclick", (event) => {
  const row = event.target.closest(".brow");
  if (row && !event.target.closest("[data-put]")) assign(selected, { ids: row.dataset.sampleId });
});
browser.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest(".brow");
  if (event.key === "Enter" && row && event.target.matches("[data-hear]")) {
    event.preventDefault();
    assign(selected, { ids: row.dataset.sampleId });
  } else if (step && (row || event.target.type === "search")) {
    event.preventDefault();
    event.stopPropagation();
    const rows = [...browser.querySelectorAll(".brow")];
    const next = row ? rows[rows.indexOf(row) + step] : rows[0];
    if (!next) { browser.querySelector("[type=search]").focus(); return; }
    next.querySelector("[data-hear]").focus();
    hear(next);
  }
});
document.addEventListener("kit:changed", () => { if (browser.classList.contains("open")) { shutBrowser(); padAt(selected)?.focus(); } });

select(selected);
prefetch();
