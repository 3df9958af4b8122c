// Keys that put what a field shows on the clipboard: `data-copy` names the field, `data-copied` is
// said afterwards. Browsers without a clipboard (no secure context) never see the keys.
import { toast } from "./app.js";

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}
offerCopies();
document.addEventListener("swapped", offerCopies);

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).value);
  toast(copy.dataset.copied);
});
