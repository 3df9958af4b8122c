// Copies of a recording: each is heard with a press, or all of a set one after the other.
import { on } from "./app.js";
import { play, silence, sounding } from "./player.js";

let queue = []; // ids that follow

function hear(id) {
  queue = [];
  if (sounding() === id) silence();
  else play(id);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-hear]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    hear(link.dataset.hear);
  }
  const button = event.target.closest("[data-hear-all]");
  if (button) {
    const [first, ...rest] = [...button.form.querySelectorAll("[data-hear]")].map(({ dataset }) => dataset.hear);
    silence();
    play(first).then(() => { queue = rest; });
  }
});
document.addEventListener("player", ({ detail }) => {
  for (const link of document.querySelectorAll("[data-hear]")) {
    const isIt = detail.state === "playing" && link.dataset.hear === detail.id;
    link.closest("li").classList.toggle("sounding", isIt);
  }
  if (detail.state !== "stopped" || !queue.length) return;
  const [next, ...rest] = queue;
  queue = [];
  setTimeout(() => play(next).then(() => { queue = rest; }));
});
on("escape", () => { queue = []; return silence(); });
