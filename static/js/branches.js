// The tree of folders: in a dialog over the list, or as a page. htmx fetches a branch when it is
// opened first; here it is opened and closed.
import { openDialog } from "./app.js";

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const browse = event.target.closest?.("#browse-folders");
  if (browse) {
    event.preventDefault();
    openDialog(browse.href, "Folders");
  }
  const twig = event.target.closest?.(".twig");
  if (!twig) return;
  event.preventDefault();
  const isOpen = twig.getAttribute("aria-expanded") === "true";
  twig.setAttribute("aria-expanded", String(!isOpen));
  twig.parentElement.querySelector(":scope > ul").hidden = isOpen;
});
