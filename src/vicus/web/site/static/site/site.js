// What every page has: menus that close, dialogs that open, keys that work. Nothing here is needed to read a page.

import { load, settings } from "./settings.js";

document.documentElement.classList.add("scripted");

function wake(root) {
  for (const element of root.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const element of root.querySelectorAll("[data-close-toast], [data-closes], [data-key-hint]")) element.hidden = false;
  root.querySelector("[data-focus]")?.focus();
  if (root.querySelector("[data-chart]")) load(new URL("./charts.js", import.meta.url)).then((charts) => charts.wake(root));
  if (root.querySelector("[data-map]")) load(new URL("./maps.js", import.meta.url)).then((maps) => maps.wake(root));
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;

  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(target)) menu.open = false;

  target.closest("[data-close-toast]")?.closest("[data-toast]")?.remove();

  const opener = target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  // A stroke goes to the search, as in many tools.
  const asking = event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]");
  const search = document.querySelector(".masthead input[type='search']");
  if (event.key === "/" && search && !asking && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.select();
  }
  // T shows the table of the picture that has the focus, and hides it again. Never while somebody writes.
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key.toLowerCase() === "t" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const fold = event.target.closest?.("[data-finding]")?.querySelector("[data-table-fold]");
    if (fold) {
      fold.open = !fold.open;
      (fold.open ? fold.querySelector("[tabindex='0']") : fold.querySelector("summary"))?.focus();
    }
  }
});

// Tables stand behind their pictures on paper too.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.fold:not([open])")];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});

document.body.addEventListener("htmx:load", (event) => wake(event.detail.elt));
document.body.addEventListener("htmx:responseError", (event) => location.assign(event.detail.pathInfo.requestPath));
if (settings) wake(document);
