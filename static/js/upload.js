// Files on their way up: chosen or dropped, whole folders too, three at a time, one request each.
import { announce, get, toast } from "./app.js";

const AT_ONCE = 3;
const TRIES = 4; // while the connection is lost, 15 s in all; then the tray waits for a press
const REFRESH_EVERY = 1500; // ms between two looks at the list while files go up
const LITTER = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i; // what systems put beside sounds

const queue = []; // {file, path, batch, total}
const active = new Set(); // running requests
let state = "idle"; // idle, going, paused, lost
let count = { files: 0, done: 0, bytes: 0, sent: 0 };
let begun = 0;
let refreshedAt = -Infinity; // the page itself may be younger than REFRESH_EVERY
let losses = 0; // in a row
let again = 0; // the timer of the next try

const tray = () => document.getElementById("uploads");
const part = (name) => tray().querySelector(`[data-up=${name}]`);

/** Send these files: [{file, path, stored}], where `path` keeps the folder. `stored` is told the
 *  number of the sound that a file became, or "" of one that is none. */
export function send(files) {
  const sounds = files.filter(({ path }) => !LITTER.test(path));
  for (const { path, stored } of files) if (LITTER.test(path)) stored?.("");
  if (!sounds.length) return;
  const batch = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  if (state === "idle") {
    count = { files: 0, done: 0, bytes: 0, sent: 0 };
    begun = performance.now();
  }
  for (const { file, path, stored } of sounds) {
    queue.push({ file, path, stored, batch, total: sounds.length, tries: 0 });
    count.bytes += file.size;
  }
  count.files += sounds.length;
  go();
  announce(`Adding ${sounds.length} ${sounds.length === 1 ? "file" : "files"}`);
  document.getElementById("dialog")?.close();
}

function go() {
  state = "going";
  while (active.size < AT_ONCE && queue.length && state === "going") sendOne(queue.shift());
  show();
}

function sendOne(item) {
  const form = new FormData();
  form.append("path", item.path);
  form.append("batch", item.batch);
  form.append("total", item.total);
  form.append("file", item.file, item.file.name);
  const request = new XMLHttpRequest();
  item.sent = 0;
  request.upload.onprogress = (event) => progress(item, event.loaded);
  request.onload = () => answered(item, request);
  request.onerror = request.ontimeout = () => lost(item, request);
  request.onabort = () => { active.delete(request); };
  request.item = item;
  request.open("POST", tray().dataset.url);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRFToken", document.querySelector("meta[name=csrf-token]").content);
  active.add(request);
  request.send(form);
}

function progress(item, loaded) {
  const sent = Math.min(loaded, item.file.size);
  count.sent += sent - item.sent;
  item.sent = sent;
  show();
}

function answered(item, request) {
  active.delete(request);
  if (request.status >= 500 && request.status !== 507) {
    item.tries += 1;
    if (item.tries < TRIES) { lost(item, request); return; }
    toast(`${item.path} could not be added: the program failed on it.`, { bad: true });
  }
  losses = 0;
  if (request.status === 507 || request.status === 403) {
    queue.unshift(item);
    count.sent -= item.sent;
    state = "paused";
    say(request.status === 507 ? request.responseText.trim() : "This window is signed out. Reload the page and choose the files again.");
    show();
    return;
  }
  progress(item, item.file.size);
  count.done += 1;
  item.stored?.(request.getResponseHeader("X-Sample") ?? "");
  look();
  if (queue.length && state === "going") go();
  else if (!queue.length && !active.size) finish();
  else show();
}

function lost(item, request) {
  active.delete(request);
  count.sent -= item.sent;
  queue.unshift(item);
  if (state !== "going" || again) return; // the three that were under way fail together
  losses += 1;
  if (losses > TRIES) {
    state = "lost";
    say(`Connection lost after ${count.done} of ${count.files}.`);
    show();
    return;
  }
  say("Connection lost. Trying again.");
  again = setTimeout(() => { again = 0; if (state === "going") go(); }, 500 * 2 ** losses);
}

function finish() {
  state = "idle";
  refreshedAt = -Infinity; // the page itself may be younger than REFRESH_EVERY
  show();
  look();
}

/** See what the server has made of it: the tray's lines, and the rows. */
function look() {
  const now = performance.now();
  if (now - refreshedAt < REFRESH_EVERY) return;
  refreshedAt = now;
  if (document.getElementById("import-tray")) get(tray().dataset.imports, { target: "#import-tray", swap: "outerHTML" }).catch(() => { /* told already */ });
  document.dispatchEvent(new CustomEvent("library:changed"));
}

function say(text) { part("line").textContent = text; }

function show() {
  const box = tray();
  box.hidden = state === "idle";
  part("bar").max = Math.max(count.bytes, 1);
  part("bar").value = count.sent;
  part("title").textContent = `${count.done} of ${count.files} files`;
  const seconds = (performance.now() - begun) / 1000;
  part("rate").textContent = state === "going" && seconds > 1 ? `${(count.sent / seconds / 1e6).toFixed(1)} MB/s` : "";
  part("pause").textContent = state === "going" ? "Pause" : "Continue";
  if (state === "going" && !again) say("");
  part("cancel").disabled = !queue.length && !active.size;
}

function pauseOrGo() {
  if (state === "going") {
    state = "paused"; // what is under way is finished, nothing new begins
    show();
  } else {
    losses = 0;
    go();
  }
}

/** Tell the server that no more files of these batches come. */
function endBatches(keys) {
  for (const batch of keys) {
    fetch(tray().dataset.url, {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      body: new URLSearchParams({ batch, end: "1" }),
    }).catch(() => { /* it falls silent, which ends it too */ });
  }
}

function cancel() {
  const left = [...queue, ...[...active].map(({ item }) => item)];
  for (const { stored } of left) stored?.("");
  count.files -= left.length;
  queue.length = 0;
  for (const request of active) request.abort();
  active.clear();
  endBatches(new Set(left.map(({ batch }) => batch)));
  toast(`Stopped. ${count.done} ${count.done === 1 ? "file is" : "files are"} here.`);
  finish();
}

// ── The three doors ─────────────────────────────────────────────────────────

/** Send what was chosen in this field, and leave the field empty for the next choice. */
function sendChosen(field) {
  send([...field.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  field.value = "";
}
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-upload]")) sendChosen(event.target);
});
// Somebody may have been quicker than this module, which comes after the page.
for (const field of document.querySelectorAll("input[type=file][data-upload]")) if (field.files.length) sendChosen(field);
document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-up]")?.dataset.up;
  if (name === "pause") pauseOrGo();
  if (name === "cancel") cancel();
});

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const edge = () => document.getElementById("drop-edge");
let depth = 0;
document.addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  depth += 1;
  const folders = [...event.dataTransfer.items].filter((item) => item.kind === "file").length;
  edge().querySelector("strong").textContent = folders > 1 ? `Drop to add ${folders} items` : "Drop to add";
  edge().hidden = Boolean(event.target.closest?.("[data-pads] .pad")); // those take files themselves
});
document.addEventListener("dragleave", (event) => {
  if (!carriesFiles(event)) return;
  depth -= 1;
  if (depth <= 0) edge().hidden = true;
});
document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
document.addEventListener("drop", async (event) => {
  depth = 0;
  edge().hidden = true;
  if (!carriesFiles(event) || event.defaultPrevented) return;
  event.preventDefault();
  send(await gathered(event.dataTransfer));
});

/** All files that were dropped, those in folders too: [{file, path}]. */
export async function gathered({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const loose = [...files];
  return entries.length ? (await Promise.all(entries.map(walk))).flat() : loose.map((file) => ({ file, path: file.name }));
}

/** All files under a dropped entry, with their paths. */
async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => { entry.file(done, fail); });
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) { // a reader hands out at most a hundred at a time
    const some = await new Promise((done, fail) => { reader.readEntries(done, fail); });
    if (!some.length) break;
    for (const child of some) found.push(...await walk(child));
  }
  return found;
}

addEventListener("beforeunload", (event) => {
  if (active.size) event.preventDefault();
});
