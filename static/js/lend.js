// Settings go from pad to pad without the sound, and pads fall silent: what acts on all in hand.
import { announce, on } from "./app.js";
import { afterActs, clear, look, padAt, send } from "./acts.js";
import { chosen, gather, hand, isGathering } from "./selection.js";

let lender = ""; // the pad whose settings are lent

const stage = document.getElementById("stage");
const filled = () => chosen().filter((pad) => padAt(pad)?.dataset.title);
const isMuted = (pad) => Boolean(JSON.parse(padAt(pad)?.dataset.sound || "{}").muted);

/** Give these pads these values (names of the table of settings) as one step. */
export function adjust([first, ...also], values) {
  return send(`${look().builder}pads/${first}/`, { ...values, also });
}

/** Remember whose settings are to be pasted; none of a pad that was cut. */
export function lend(pad) { lender = pad; }

/** Every pad keeps its own sound and the part of it that plays. */
function paste(pads) {
  if (lender && pads.length) send(`${look().builder}paste/`, { from: lender, pads });
}

function mute(pads) {
  adjust(pads, { muted: String(!pads.every(isMuted)) });
}

/** What the menu of a pad offers for settings, and for all that are in hand with it. */
export function settingItems(pad) {
  const pads = filled();
  const words = pads.length > 1 ? ` ${pads.length} pads` : "";
  const items = [];
  if (pads.includes(pad)) {
    items.push({ label: "Copy settings", act: () => { lend(pad); announce(`Settings of ${pad} copied`); } });
    if (lender && pads.some((each) => each !== lender)) {
      items.push({ label: words ? `Paste settings onto${words}` : "Paste settings", act: () => paste(filled()) });
    }
    items.push({ label: `${pads.every(isMuted) ? "Unmute" : "Mute"}${words}`, act: () => mute(filled()) });
  }
  items.push({ label: isGathering() ? "Select one pad" : "Select several pads", act: () => gather(!isGathering()) });
  return items;
}

/** The last item of the menu. */
export function clearItems() {
  const pads = filled();
  return pads.length ? [{ label: pads.length > 1 ? `Clear ${pads.length} pads` : "Clear", act: () => clear(pads) }] : [];
}

const onAll = (act) => () => {
  if (!stage.contains(document.activeElement) && document.activeElement !== document.body) return false;
  hand();
  afterActs(() => { if (filled().length) act(filled()); });
  return true;
};
on("paste-settings", onAll(paste));
on("mute-pad", onAll(mute));
on("clear", onAll(clear));
