// The job page: keeps the log short and offers to copy it. Progress itself comes from the server;
// browsers slow the polls of a hidden tab down by themselves. Job page and history: Again with Shift
// held, which makes the same at once.
import { toast } from "./app.js";

const LINES = 200;
const lines = document.getElementById("lines");

if (lines) {
  new MutationObserver(() => {
    while (lines.children.length > LINES) lines.lastElementChild.remove();
  }).observe(lines, { childList: true });

  if (navigator.clipboard) {
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "key flat";
    copy.textContent = "Copy log";
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText([...lines.querySelectorAll(".ln")].map(words).join("\n"));
      toast("The log is on the clipboard.");
    });
    document.querySelector(".shows").append(copy);
  }
}

document.addEventListener("click", (event) => {
  const again = event.target.closest("[data-at-once]");
  if (again && event.shiftKey) {
    event.preventDefault();
    document.getElementById(again.dataset.atOnce).requestSubmit();
  }
});

function words(line) {
  return [...line.querySelectorAll("span, b")].map((part) => part.textContent).filter(Boolean).join("\t");
}
