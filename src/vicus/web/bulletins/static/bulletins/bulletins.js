// A bulletin saves itself; when that fails, the page stays and says so. Without scripts there is a button.

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const form = event.detail?.elt?.closest?.("[data-saves]");
    if (!form) return;
    event.stopImmediatePropagation();
    const mark = form.querySelector(".saving");
    mark.lastChild?.nodeType === Node.TEXT_NODE && mark.lastChild.remove();
    mark.append(mark.dataset.offline);
  }, true);
}
