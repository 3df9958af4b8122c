// The controls of MIDI, in the preferences and in the dialog that the face opens.
import { openDialog } from "./app.js";
import { choices, connect, disconnect, isPossible, state } from "./midi.js";

const all = (name) => document.querySelectorAll(`[data-midi-${name}]`);

function words() {
  if (state.refused) return state.refused;
  if (!state.isOn) return "Not connected. The browser asks once whether this page may use MIDI.";
  return state.devices.length ? `Connected: ${state.devices.join(", ")}` : "Connected; no device is plugged in yet.";
}

function learnedWords() {
  const known = Object.entries(choices.learned).sort(([, one], [, other]) => one.localeCompare(other, "en", { numeric: true }));
  const each = known.map(([key, pad]) => `${pad}: note ${key.split(":")[1]}, channel ${key.split(":")[0]}`);
  return each.join(" · ") || "No pad has learned a note yet.";
}

/** Show what holds. */
function draw() {
  for (const panel of all("panel")) panel.hidden = !isPossible();
  for (const box of all("absent")) {
    box.hidden = isPossible();
    const address = `http://localhost:${location.port}`;
    box.textContent = isSecureContext ? "This browser has no Web MIDI."
      : `MIDI needs https or localhost. Open ${address} on this machine.`;
  }
  for (const line of all("says")) if (line.textContent !== words()) line.textContent = words();
  for (const line of all("learned")) line.textContent = learnedWords();
  for (const key of all("connect")) key.hidden = state.isOn;
  for (const key of all("disconnect")) key.hidden = !state.isOn;
  for (const key of all("forget")) key.hidden = !Object.keys(choices.learned).length;
  for (const field of all("choice")) {
    if (field.type === "checkbox") field.checked = choices[field.dataset.midiChoice];
    else field.value = choices[field.dataset.midiChoice];
  }
}

/** Go to the controls: on the page that has them, else in a dialog. */
export function show() {
  const here = document.getElementById("midi-settings");
  if (here) here.scrollIntoView();
  else openDialog(document.getElementById("midi").href, "MIDI");
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-midi-connect]")) connect();
  if (target.closest("[data-midi-disconnect]")) disconnect();
  if (target.closest("[data-midi-forget]")) choices.set("learned", {});
});
document.addEventListener("change", ({ target }) => {
  const { midiChoice, value } = { midiChoice: target.dataset.midiChoice, value: target.value };
  if (midiChoice) choices.set(midiChoice, target.type === "checkbox" ? target.checked : value);
});
for (const name of ["midi:state", "swapped", "dialog:open"]) document.addEventListener(name, draw);
draw();
