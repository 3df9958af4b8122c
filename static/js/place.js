// Where somebody is in a long list, kept in the browser's history: Back brings it back.
import { get } from "./app.js";

const SAVE_AFTER = 150; // ms without scrolling

const grid = () => document.getElementById("rows");
const loaded = () => document.querySelectorAll("#rows .row[tabindex]").length;
const inPage = () => innerWidth < 1024; // there the page scrolls, not the list

/** Which list this is: its search, and the row it begins after. */
const list = () => `${grid().dataset.query}~${grid().dataset.after ?? ""}`;

let timer = 0;
let isBusy = false;

function save() {
  clearTimeout(timer);
  if (!grid() || isBusy) return;
  const place = { list: list(), rows: loaded(), top: inPage() ? scrollY : grid().scrollTop, cursor: grid().querySelector(".cur")?.id.replace("sample-", "") };
  history.replaceState({ ...history.state, place }, "");
}

function saveSoon() {
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_AFTER);
}

/** Load as many rows as there were, and stand where one stood. */
async function restore() {
  const place = history.state?.place;
  if (!place || !grid() || place.list !== list() || isBusy) return;
  isBusy = true;
  try {
    if (place.rows > loaded()) {
      const after = grid().dataset.after ? `&after=${encodeURIComponent(grid().dataset.after)}` : "";
      await get(`${location.pathname}?${grid().dataset.query}${after}&rows=${place.rows}`, { target: "#results", swap: "innerHTML" });
      await new Promise(requestAnimationFrame);
    }
    if (place.cursor) document.dispatchEvent(new CustomEvent("cursor:to", { detail: { id: place.cursor } }));
    if (inPage()) scrollTo(0, place.top);
    else grid().scrollTo(0, place.top);
  } catch { /* the frame has told it */ } finally {
    isBusy = false;
  }
}

document.addEventListener("scroll", saveSoon, { capture: true, passive: true });
document.addEventListener("sample:current", saveSoon);
document.addEventListener("restored", () => requestAnimationFrame(restore));
addEventListener("pagehide", save);
restore();
