// The frame of every page: CSRF for htmx, the key router, toasts, dialogs, volume.
// Only this module knows htmx's event names; others listen to the events named in docs/architecture.md.

const actions = new Map();
const tables = new Map(); // combination or sequence -> [{scope, action}]
let pendingKey = "";
let pendingTimer = 0;

/** Let a page do something when a key of the table (library/shortcuts.py) is pressed.
 *  The handler gets the event; returning false lets the browser act as usual. */
export function on(action, handler) {
  if (!actions.has(action)) actions.set(action, []);
  actions.get(action).unshift(handler);
}

/** Say something in the polite live region. */
export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

/** Show a toast for `stays` ms; `undo` is {label, act} or {url}. It stays while hovered or focused. */
export function toast(text, { undo = null, bad = false, stays = 10_000 } = {}) {
  const box = document.getElementById("toasts");
  const item = document.createElement("div");
  item.className = bad ? "toast bad" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  item.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.textContent = undo.label || "Undo";
    button.addEventListener("click", () => { item.remove(); runUndo(undo); });
    item.append(button);
    lastUndo = undo;
  }
  box.replaceChildren(item);
  let timer = setTimeout(() => item.remove(), stays);
  for (const hold of ["pointerenter", "focusin"]) item.addEventListener(hold, () => clearTimeout(timer));
  for (const go of ["pointerleave", "focusout"]) {
    item.addEventListener(go, () => { clearTimeout(timer); timer = setTimeout(() => item.remove(), stays); });
  }
}

let lastUndo = null;
function runUndo(undo) {
  if (lastUndo === undo) lastUndo = null;
  if (undo.act) undo.act();
  else post(undo.url);
}

/** An element that requests start from. Of one element htmx sends a request at a time and keeps only
 *  the last that waits: so each act has one of its own, and so has each place that is drawn anew. */
function sender(place = "") {
  const known = place && document.querySelector(`[data-sender="${place}"]`);
  if (known) return known;
  const made = document.createElement("span");
  made.hidden = true;
  made.dataset.sender = place;
  document.body.append(made);
  return made;
}

/** Draw a place of the page anew from the server. */
export function get(url, { target, swap }) {
  return window.htmx.ajax("GET", url, { target, swap, source: sender(target) });
}

/** POST through htmx, so that out-of-band fragments land; values are sent as a form. */
export function post(url, values = {}, how = { swap: "none" }) {
  const source = sender();
  return window.htmx.ajax("POST", url, { ...how, values, source }).finally(() => source.remove());
}

/** Ask for a dialog; what is too long for an address (1,000 chosen sounds) goes as a form. */
function ask(url, how) {
  if (url.length < 4000) return get(url, how);
  const [path, query] = url.split("?");
  return post(path, { ...Object.fromEntries(new URLSearchParams(query)), ask: "1" }, how);
}

/** Open the page's one dialog with a fragment of the server. */
export async function openDialog(url, label) {
  const dialog = document.getElementById("dialog");
  if (label) dialog.setAttribute("aria-label", label);
  document.dispatchEvent(new CustomEvent("dialog:opening", { detail: { url } }));
  await ask(url, { target: "#dialog", swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  document.dispatchEvent(new CustomEvent("dialog:open", { detail: { url } }));
}

export function closeDialog() {
  const dialog = document.getElementById("dialog");
  if (dialog.open) dialog.close();
}

/** Remember a small choice in this browser. */
export const memory = {
  get(name, otherwise) {
    try { return JSON.parse(localStorage.getItem(`padcrate.${name}`)) ?? otherwise; } catch { return otherwise; }
  },
  set(name, value) {
    try { localStorage.setItem(`padcrate.${name}`, JSON.stringify(value)); } catch { /* private mode */ }
  },
};

/** Tell whether the event comes from a place where letters are text. */
export function isTyping(event) {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["checkbox", "radio", "range", "button", "submit"].includes(field.type);
}

function combination(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  const named = event.key.length > 1 || parts.length > 0;
  if (event.shiftKey && named) parts.push("Shift");
  parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

function candidates(keys) {
  const scopes = ["everywhere", document.body.dataset.page || "everywhere"];
  const found = (tables.get(keys) || []).filter((entry) => scopes.some((page) => entry.scope.includes(page)));
  return found.sort((one, other) => (one.scope === "everywhere") - (other.scope === "everywhere")); // the page's own come first
}

function route(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = combination(event);
  const single = !keys.includes("Mod") && !keys.includes("Alt") && event.key.length === 1;
  if (isTyping(event) && (event.key !== "Escape") && !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (isTyping(event) && event.target.type !== "search" && event.key !== "Escape") return;
  if (single && keys !== " " && !singleKeys()) return;
  const sequence = pendingKey ? `${pendingKey} ${keys}` : keys;
  clearTimeout(pendingTimer);
  pendingKey = "";
  if (keys === "g" && single) {
    pendingKey = "g";
    pendingTimer = setTimeout(() => { pendingKey = ""; }, 1000);
    return;
  }
  for (const { action } of candidates(sequence)) {
    for (const handler of actions.get(action) || []) {
      if (handler(event) !== false) { event.preventDefault(); return; }
    }
  }
}

function singleKeys() {
  return document.body.dataset.singleKeys !== "off";
}

function loadKeys() {
  const data = document.getElementById("shortcuts");
  for (const entry of data ? JSON.parse(data.textContent) : []) {
    for (const keys of entry.keys) {
      if (!tables.has(keys)) tables.set(keys, []);
      tables.get(keys).push(entry);
    }
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
  if (event.detail.verb !== "get") return;
  const { parameters } = event.detail; // blank fields only make addresses long
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});
// Pages put their own state back on what came in: they listen to `swapped`, which comes once for all
// elements of an answer (htmx tells of each of sixty rows).
let isTold = true;
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(name, () => {
    if (!isTold) return;
    isTold = false;
    queueMicrotask(() => {
      isTold = true;
      document.dispatchEvent(new CustomEvent("swapped"));
    });
  });
}
document.addEventListener("htmx:historyRestore", () => document.dispatchEvent(new CustomEvent("restored")));
document.addEventListener("dialog:close", closeDialog);
// 409: another window was quicker; whoever knows the kit may send it again.
document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig: { path, formData } } }) => {
  if (xhr.status !== 409) return;
  const values = Object.fromEntries([...new Set(formData.keys())].map((name) => [name, formData.getAll(name)]));
  document.dispatchEvent(new CustomEvent("kit:missed", { detail: { url: path, values } }));
});
document.addEventListener("htmx:sendError", () => toast("The app is not answering. Nothing was lost; try again.", { bad: true }));
document.addEventListener("htmx:responseError", (event) => {
  const text = event.detail.xhr.getResponseHeader("X-Message");
  toast(text ? decodeURIComponent(text) : `That did not work (${event.detail.xhr.status}). Reload the page and try again.`, { bad: true });
});
// The server sends {"toast": {"text": …, "undo": "/url/"}} in HX-Trigger.
document.addEventListener("toast", (event) => {
  const { text, undo, bad } = event.detail;
  if (undo === "") lastUndo = null;
  toast(text, { undo: undo ? { url: undo } : null, bad });
});

loadKeys();
document.addEventListener("keydown", route);
for (const [action, url] of [["go-library", "/library/"], ["go-generations", "/generations/"], ["go-kits", "/kits/"], ["go-slicer", "/kits/slicer/"], ["go-exports", "/exports/"], ["go-preferences", "/preferences/"]]) {
  on(action, () => { location.href = url; });
}
on("search", () => { const field = document.querySelector("[type=search]"); field?.focus(); field?.select(); });
on("help", () => openDialog(document.getElementById("show-keys").href, "Keyboard shortcuts"));
on("undo", () => (lastUndo ? runUndo(lastUndo) : false));
on("escape", () => false); // a dialog closes itself; pages add what comes before
on("mute", () => { setVolume(volume.muted ? memory.get("volume", 80) : 0, true); });

document.getElementById("show-keys")?.addEventListener("click", (event) => {
  event.preventDefault();
  openDialog(event.currentTarget.href, "Keyboard shortcuts");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) closeDialog();
  if (event.target.id === "dialog") closeDialog(); // a press on the backdrop
});

/** The preview volume, 0–1; players listen to the `volume` event on document. */
export const volume = { value: 0.8, muted: false };
function setVolume(percent, silent = false) {
  volume.value = percent / 100;
  volume.muted = percent === 0;
  const fader = document.getElementById("volume");
  if (fader) fader.value = percent;
  if (!silent) memory.set("volume", percent);
  document.dispatchEvent(new CustomEvent("volume", { detail: volume.value }));
}
document.getElementById("volume")?.addEventListener("input", (event) => setVolume(Number(event.target.value)));
setVolume(memory.get("volume", 80), true);
document.documentElement.dataset.voices = "0";
// MIDI in the face; browsers without it and pages that are not secure never show it. Its modules come
// when it is pressed, or where it was connected before.
const midi = document.getElementById("midi");
if (midi && isSecureContext && "requestMIDIAccess" in navigator) {
  midi.hidden = false;
  if (memory.get("midi", false)) import(midi.dataset.module);
  midi.addEventListener("click", async (event) => {
    event.preventDefault();
    (await import(midi.dataset.panel)).show();
  });
}
