// Sounds from words: prompts that fill the box, and what becomes of those that were asked for.
import { announce, on } from "./app.js";

const box = () => document.getElementById("id_prompt");
const open = new Map(); // id of a row that somebody works at -> its words

function toBox(words) {
  if (words !== undefined) box().value = words;
  box().focus();
  if (words === undefined) box().select();
}

document.addEventListener("click", (event) => {
  const prompt = event.target.closest("[data-words]");
  if (!prompt || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  toBox(prompt.dataset.words);
});

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

// The focus stays in a row that is drawn anew, and goes on to the next one from a row that leaves.
let held = null; // {id, next}: ids of the row with the focus and of the one beside it
document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#rows .gen");
  held = row && { id: row.id, next: (row.nextElementSibling ?? row.previousElementSibling)?.id };
});
document.addEventListener("focusout", ({ target }) => setTimeout(() => {
  if (target.isConnected && document.activeElement === document.body) held = null; // left by somebody
}));

function keepFocus() {
  if (!held || document.activeElement !== document.body) return;
  const row = document.getElementById(held.id) ?? document.getElementById(held.next ?? "");
  (row?.querySelector("[data-sample-id], .acts button") ?? box()).focus();
}

document.addEventListener("generations:asked", () => {
  document.getElementById("rows")?.scrollTo(0, 0);
  announce("Asked for");
});
document.addEventListener("swapped", () => { look(); keepFocus(); });
look();
