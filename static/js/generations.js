// Sounds from words: prompts that fill the box, and what becomes of those that were asked for.
import { announce, on, toast } from "./app.js";

const MOST_OPEN = 40; // rows of one look: the oldest, as they are made in their order
const SLOWEST = 30; // seconds between looks while the app is away
const UNSENT = "padcrate.words"; // what somebody has begun to write, kept by the tab

const box = () => document.getElementById("id_prompt");
const open = new Map(); // id of a row that somebody works at -> its words

// ── The words ───────────────────────────────────────────────────────────────

function toBox(words) {
  if (words !== undefined) fill(words);
  box().focus();
  if (words === undefined) box().select();
}

function fill(words) {
  box().value = words;
  sessionStorage.setItem(UNSENT, words);
}

document.addEventListener("click", (event) => {
  const prompt = event.target.closest("[data-words]");
  if (!prompt || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  toBox(prompt.dataset.words);
});
document.addEventListener("input", ({ target }) => { if (target === box()) fill(target.value); });
if (!box().value) box().value = sessionStorage.getItem(UNSENT) ?? "";

// A prompt is one thought: Enter sends it, Shift+Enter begins a line, and Esc leads to the list's keys.
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape" && event.target.closest?.("#ask")) event.target.blur();
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  box().form.requestSubmit();
});

on("words", () => toBox());
on("make-again", () => {
  const button = document.querySelector("#rows .row:is(.cur, :focus-within) [data-again]");
  if (!button) return false;
  button.click();
  return true;
});

// ── Past prompts are one stop of the Tab key; arrows lead along them ────────

const past = () => [...document.querySelectorAll("#past a")];

function oneStop(chosen = past().find((link) => link === document.activeElement) ?? past()[0]) {
  for (const link of past()) link.tabIndex = link === chosen ? 0 : -1;
}

document.addEventListener("keydown", (event) => {
  const links = past();
  const here = links.indexOf(event.target);
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -here, End: links.length - 1 - here }[event.key];
  if (here < 0 || by === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation(); // the list has these keys as well
  const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
  oneStop(next);
  next.focus();
}, { capture: true });

// ── What has become of those that are open ──────────────────────────────────

/** Tell what has ended since the last look, and remember what is open now. */
function look() {
  for (const [id, words] of open) {
    const row = document.querySelector(`#${id} > .row`);
    if (row?.classList.contains("open")) continue;
    open.delete(id);
    if (row) announce(row.classList.contains("failed") ? `${words}: ${row.querySelector("small").textContent}` : `${words} is ready`);
  }
  for (const row of document.querySelectorAll("#rows .row.open")) {
    open.set(row.parentElement.id, row.querySelector(".t b").textContent);
  }
}

let pause = 1; // seconds until the next look
let isAway = false; // the app has not answered the last one

async function draw(ids) {
  const query = new URLSearchParams([["poll", "1"], ...ids.map((id) => ["open", id])]);
  const answer = await fetch(`${box().form.action}?${query}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  if (answer.redirected) { location.reload(); return; } // signed out meanwhile
  const html = await answer.text();
  if (ids.some((id) => !document.getElementById(`gen-${id}`))) return; // taken away while it came: the next look knows
  window.htmx.swap(document.body, html, { swapStyle: "none" }); // each part says where it belongs
  settled();
}

async function poll() {
  const ids = [...document.querySelectorAll("#rows [name=open]")].slice(-MOST_OPEN).map(({ value }) => value);
  if (ids.length) {
    try {
      await draw(ids);
      if (isAway) toast("The app answers again.");
      isAway = false;
      pause = 1;
    } catch {
      if (!isAway) toast("The app is not answering. The rows go on by themselves once it does.", { bad: true });
      isAway = true;
      pause = Math.min(pause * 2, SLOWEST);
    }
  }
  setTimeout(poll, pause * 1000);
}

/** Seconds in work go on between two looks, and while the app is away. */
function count() {
  for (const place of document.querySelectorAll("#rows [data-worked]")) {
    place.dataset.since ??= Date.now() - place.dataset.worked * 1000; // goes when the row is drawn anew
    place.textContent = Math.floor((Date.now() - place.dataset.since) / 1000);
  }
}

// ── The focus stays in a row that is drawn anew, and goes on to the next one from a row that leaves ──

let held = null; // {id, next}: ids of the row with the focus and of the one beside it
document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#rows .gen");
  held = row && { id: row.id, next: (row.nextElementSibling?.id.startsWith("gen-") ? row.nextElementSibling : row.previousElementSibling)?.id };
});
document.addEventListener("focusout", ({ target }) => setTimeout(() => {
  if (target.isConnected && document.activeElement === document.body) held = null; // left by somebody
}));

function keepFocus() {
  if (!held) return;
  const question = document.querySelector(`#${held.id} [data-sure]`);
  if (question && question.closest(".gen").contains(document.activeElement)) question.focus();
  if (document.activeElement !== document.body) return;
  const row = document.getElementById(held.id) ?? document.getElementById(held.next ?? "");
  (row?.querySelector("[data-sure], .row") ?? box()).focus({ preventScroll: true });
}

function settled() {
  look();
  keepFocus();
  oneStop();
}

document.addEventListener("generations:asked", () => {
  document.getElementById("rows")?.scrollTo(0, 0);
  sessionStorage.removeItem(UNSENT);
  announce("Asked for");
});
// Sent with what an act has changed, in the same moment: rows that only leave are no swap to htmx.
document.addEventListener("generations:changed", ({ detail }) => {
  settled();
  if (detail.asked) announce("Asked for");
});
// An act met no such row. It goes when all is said: what is told of it comes by its button.
document.addEventListener("generations:gone", ({ detail }) => queueMicrotask(() => {
  document.getElementById(`gen-${detail.id}`)?.remove();
  settled();
}));
document.addEventListener("swapped", settled);
settled();
setInterval(count, 1000);
setTimeout(poll, 1000);
