// The sounds beside the pads: search, hear, put on the pad in hand.
import { get } from "./app.js";
import { assign, look } from "./acts.js";

export const BROWSED = "browse"; // the one voice of the sounds here

const browser = document.getElementById("browse");
let heard = ""; // id of the sound that is heard here
let kit = null; // {engine, inHand(), back()}: what plays, the pad in hand, the way to it

/** Begin to work for a kit page. */
export function attach(page) { kit = page; }

/** Go to the search; on small screens it comes as a sheet. */
export function find() {
  browser.classList.add("open");
  const field = browser.querySelector("[type=search]");
  field.focus();
  field.select();
}

/** Show the sounds that are like one, to be put in its place. */
export async function near(id) {
  browser.classList.add("open");
  browser.querySelector("[type=search]").value = "";
  for (const box of browser.querySelectorAll(".cset :checked")) box.checked = false;
  await list(`&near=${id}`);
  const first = browser.querySelector(".brow");
  first?.querySelector("[data-hear]").focus();
  if (first) hear(first);
}

function list(asked = "") {
  const address = `${look().builder}browse/?pad=${kit.inHand()}${asked}`;
  return get(address, { target: "#brows", swap: "morph:outerHTML" }).catch(() => { /* the frame has told it */ });
}

/** Put a sound on the pad in hand; one that is like the sound there takes its place. */
function put(row) {
  assign(kit.inHand(), { ids: row.dataset.sampleId }, browser.querySelector("#brows [name=mode]")?.value);
}

export function shut() {
  browser.classList.remove("open");
  if (location.hash === "#browse") history.replaceState(history.state, "", location.pathname + location.search);
  kit.back();
}

/** Show which sound is heard, also when its row has just come anew from the server. */
export function mark(id = heard) {
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
  kit.engine.press(BROWSED, row.dataset.sampleId);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-find], a[data-shut], a[data-near], a[data-all]");
  if (link) {
    event.preventDefault();
    if ("find" in link.dataset) find();
    else if ("near" in link.dataset) near(link.dataset.near);
    else if ("all" in link.dataset) list();
    else shut();
  }
  const row = event.target.closest("#brows .brow");
  if (row && !event.target.closest("[data-put]")) hear(row);
});
browser.addEventListener("dblclick", (event) => {
  const row = event.target.closest(".brow");
  if (row && !event.target.closest("[data-put]")) put(row);
});
browser.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest(".brow");
  if (event.key === "Enter" && row && event.target.matches("[data-hear]")) {
    event.preventDefault();
    put(row);
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
document.addEventListener("kit:changed", () => { if (browser.classList.contains("open")) shut(); });
