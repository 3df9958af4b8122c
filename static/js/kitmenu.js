// The menu of a kit closes by what is done in it, by Esc, and by a press beside it.
import { on } from "./app.js";

const menu = document.getElementById("kit-menu");

function shut() {
  if (!menu.open) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

document.addEventListener("toast", ({ detail }) => { if (!detail.bad) shut(); });
document.addEventListener("pointerdown", ({ target }) => { if (!menu.contains(target)) menu.open = false; });
on("escape", shut);
