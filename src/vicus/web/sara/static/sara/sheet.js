// Texts save themselves; this keeps what a bad connection or a lost session would take away. Without it, there is a button.

const unsaved = new Set();
const AGAIN = 5000;

function form(event) {
  const element = event.detail?.elt ?? event.target;
  return element instanceof Element ? element.closest("[data-passage]") : null;
}

function say(target, words, bad) {
  const mark = target.querySelector("[data-mark]");
  if (!mark) return;
  mark.textContent = mark.dataset[words];
  mark.classList.toggle("bad", bad);
}

document.addEventListener("input", (event) => {
  const target = form(event);
  if (target) unsaved.add(target);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const target = form(event);
  if (target) say(target, "saving", false);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = form(event);
  if (!target) return;
  const answer = event.detail.serverResponse ?? "";
  const textarea = target.querySelector("textarea");
  const sent = event.detail.requestConfig?.parameters?.get?.("text") ?? event.detail.requestConfig?.parameters?.text;
  if (!answer.includes("passage-state")) {
    // The page of signing in, or something else that does not belong here: the text stays where it is.
    event.detail.shouldSwap = false;
    say(target, "refused", true);
  } else if (event.detail.xhr.getResponseHeader("HX-Retarget") && sent !== undefined && textarea.value !== sent) {
    // Somebody typed on while two texts met: what was typed goes along first.
    event.detail.shouldSwap = false;
    htmx.trigger(target, "submit");
  } else if ([...target.querySelectorAll("[name=vouched]:checked")].some((box) => answer.includes(box.value))) {
    // The same warning again, while the box under it was being ticked: the tick stays, and goes along next.
    event.detail.shouldSwap = false;
  } else if (textarea.value === sent && !answer.includes('name="vouched"')) {
    unsaved.delete(target);
  }
});

// A failure must not lead away from a page that holds a text (site.js would follow it).
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const target = form(event);
    if (!target) return;
    event.stopImmediatePropagation();
    say(target, failure === "htmx:responseError" ? "refused" : "offline", true);
    if (failure !== "htmx:responseError") setTimeout(() => unsaved.has(target) && htmx.trigger(target, "submit"), AGAIN);
  }, true);
}

addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((target) => target.isConnected)) event.preventDefault();
});
