// A menu at a place of the page: arrows walk it, Esc or a press outside closes it.

/** Show items [{label, act}] at x, y (CSS pixels); `closed` is called when it is gone. */
export function openMenu(name, items, { x, y, closed }) {
  const menu = document.createElement("div");
  menu.id = "pad-menu";
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", name);
  menu.append(...items.map(({ label, act }) => entry(menu, label, act)));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    menu.remove();
    closed();
  });
  menu.addEventListener("keydown", (event) => walk(event, [...menu.children]));
  document.body.append(menu);
  menu.showPopover();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  menu.firstChild.focus();
}

function entry(menu, label, act) {
  const item = document.createElement("button");
  item.type = "button";
  item.setAttribute("role", "menuitem");
  item.textContent = label;
  item.addEventListener("click", () => { menu.hidePopover(); act(); });
  return item;
}

function walk(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}
