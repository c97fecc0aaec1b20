// Charts: the picture drawn on the server is there first; this draws it again at the width of the screen, with the
// values under the pointer. Vega evaluates expressions from their syntax tree, so the page needs no unsafe-eval.

import { colour, load, onScheme, script, settings } from "./settings.js";

let ready;

function libraries() {
  ready ??= (async () => {
    await Promise.all([script(settings.vega), script(settings.vegaLite), script(settings.vegaEmbed)]);
    const { expressionInterpreter } = await load(settings.vegaInterpreter);
    await document.fonts.ready;
    return { embed: globalThis.vegaEmbed, interpreter: expressionInterpreter };
  })();
  return ready;
}

// Pictures are drawn in the light scheme; their colours are tokens, so they can follow the page.
function recoloured(value, palette) {
  if (typeof value === "string") return palette[value.toUpperCase()] ?? value;
  if (Array.isArray(value)) return value.map((item) => recoloured(item, palette));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recoloured(item, palette)]));
  }
  return value;
}

async function draw(element) {
  const { embed, interpreter } = await libraries();
  const live = element.querySelector("[data-live]");
  const picture = element.querySelector(".chart-picture");
  const given = JSON.parse(document.getElementById(element.dataset.spec).textContent);
  const palette = Object.fromEntries(
    Object.entries(settings.colours).map(([light, name]) => [light, colour(element, name)]),
  );
  element.view?.finalize();
  const stage = document.createElement("div");
  live.replaceChildren(stage);
  const { view } = await embed(stage, recoloured(given, palette), {
    mode: "vega-lite",
    ast: true,
    expr: interpreter,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
    loader: { http: { credentials: "omit" } },
  });
  element.view = view;
  const drawn = stage.querySelector("svg");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", picture.querySelector("svg")?.getAttribute("aria-label") ?? "");
  for (const child of drawn.children) child.setAttribute("aria-hidden", "true");
  // The name stays on the drawn picture; this one is for the eye and the pointer.
  picture.classList.add("replaced");
  element.dataset.ready = "";
}

function attempt(element) {
  draw(element).catch((error) => {
    // The drawn picture stays; that is what it is for.
    element.querySelector("[data-live]").replaceChildren();
    element.querySelector(".chart-picture").classList.remove("replaced");
    console.warn("A chart stays as it was drawn on the server:", error);
  });
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      near.unobserve(entry.target);
      attempt(entry.target);
    }
  }
}, { rootMargin: "400px" });

export function wake(root) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-awake])")) {
    element.dataset.awake = "";
    near.observe(element);
  }
}

onScheme(() => {
  for (const element of document.querySelectorAll("[data-chart][data-ready]")) attempt(element);
});
