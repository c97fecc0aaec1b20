// Maps: the picture drawn on the server is there first; this makes it one that moves. Everything comes with the page:
// no tiles, no letters, no images are fetched. Words on the map are HTML, so they are in the page's own type and can
// be reached with the keyboard.

import { colour, load, onScheme, settings } from "./settings.js";

const NAMES = ["ink", "paper", "muted", "accent", "control", "data-below", "data-expected", "data-above", "data-unknown",
  "data-land", "data-boundary", "data-street", "data-green", "data-water", "density-1", "density-2", "density-3",
  "density-4", "density-5", "density-6", "density-7", "density-8", "density-9"];

// How each kind of layer looks. `c` holds the colours of the scheme; `l` is the layer given by the page.
const KINDS = {
  land: (c) => [fill(c["data-land"])],
  green: (c) => [fill(c["data-green"])],
  water: (c) => [fill(c["data-water"])],
  street: (c) => [line(c["data-street"], 1.2)],
  boundary: (c) => [line(c["data-boundary"], 1)],
  outline: (c) => [line(c.ink, 2)],
  other: (c) => [line(c.muted, 1.2)],
  proposal: (c) => [line(c.accent, 3, { "line-dasharray": [4, 1.5] })],
  buffer: (c) => [line(c.muted, 1.5, { "line-dasharray": [3, 2] })],
  point: (c) => [{ type: "circle", paint: { "circle-radius": 4, "circle-color": c.accent, "circle-opacity": 0.75, "circle-stroke-color": c.paper, "circle-stroke-width": 1 } }],
  density: (c) => [{ type: "fill", paint: { "fill-color": ["match", ["get", "step"], ...steps(c), c["data-land"]], "fill-opacity": 0.85 } }],
  deviation: (c) => [
    { type: "fill", filter: ["!=", ["get", "deviation"], null], paint: { "fill-color": ["interpolate", ["linear"], ["get", "deviation"], -1, c["data-below"], 0, c["data-expected"], 1, c["data-above"]], "fill-opacity": 0.85 } },
    { type: "fill", filter: ["==", ["get", "deviation"], null], paint: { "fill-pattern": "hatch" } },
    line(c.ink, 2),
  ],
};

function fill(paint) {
  return { type: "fill", paint: { "fill-color": paint } };
}

function line(paint, width, more = {}) {
  return { type: "line", layout: { "line-join": "round" }, paint: { "line-color": paint, "line-width": width, ...more } };
}

function steps(c) {
  return Array.from({ length: 9 }, (_, place) => [place + 1, c[`density-${place + 1}`]]).flat();
}

function styleOf(layers, c) {
  const style = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": c["data-land"] } }] };
  for (const layer of layers) {
    if (!KINDS[layer.kind]) continue;
    style.sources[layer.id] = { type: "geojson", data: layer.data };
    KINDS[layer.kind](c).forEach((look, place) => {
      style.layers.push({ id: `${layer.id}-${place}`, source: layer.id, ...look });
    });
  }
  return style;
}

// Not enough data is hatched, never white: eight by eight points, one diagonal.
function hatch(c) {
  const size = 16;
  const data = new Uint8Array(size * size * 4);
  const [red, green, blue] = c["data-unknown"].match(/\w\w/g).map((part) => parseInt(part, 16));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const on = (x + y) % 8 < 2;
      data.set([red, green, blue, on ? 255 : 0], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

// A point inside the largest ring, good enough to hang a number on; a feature may bring its own as `at`.
function anchor(feature) {
  if (feature.properties.at) return feature.properties.at;
  const { type, coordinates } = feature.geometry;
  if (type === "Point") return coordinates;
  const rings = type === "Polygon" ? [coordinates[0]] : coordinates.map((polygon) => polygon[0]);
  let best = [0, [0, 0]];
  for (const ring of rings) {
    let area = 0;
    let cx = 0;
    let cy = 0;
    for (let i = 0; i < ring.length - 1; i += 1) {
      const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      area += cross;
      cx += (ring[i][0] + ring[i + 1][0]) * cross;
      cy += (ring[i][1] + ring[i + 1][1]) * cross;
    }
    if (Math.abs(area) > best[0]) best = [Math.abs(area), [cx / (3 * area), cy / (3 * area)]];
  }
  return best[1];
}

// Small perimeters hide behind their number, so the number carries the state too.
function stateOf(deviation) {
  if (deviation === undefined || deviation === null) return "unknown";
  if (Math.abs(deviation) < 0.05) return "within";
  return deviation > 0 ? "above" : "below";
}

function button(label, sign, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

// A name stands in the middle of its area, or as near to it as the numbers and the other names allow.
const AROUND = [0, 1, -1, 2, -2, 3, -3].flatMap((down) => [[0, down], [-0.4, down], [0.4, down]]);

function meet(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}

function around([x, y], width, height) {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function settle(map, numbers, names) {
  const at = (marker) => { const { x, y } = map.project(marker.getLngLat()); return [x, y]; };
  const size = (marker) => { const { offsetWidth, offsetHeight } = marker.getElement(); return [offsetWidth, offsetHeight]; };
  const whole = { left: 0, top: 0, right: map.getContainer().clientWidth, bottom: map.getContainer().clientHeight };
  const taken = numbers.map((marker) => around(at(marker), size(marker)[0] + 4, size(marker)[1] + 4));
  for (const name of names) {
    const element = name.getElement();
    element.hidden = map.getZoom() < Number(element.dataset.from);
    if (element.hidden) continue;
    const [width, height] = size(name);
    const [x, y] = at(name);
    const free = AROUND.map(([right, down]) => [right * width, down * height]).find(([right, down]) => {
      const box = around([x + right, y + down], width, height);
      const inside = box.left >= whole.left && box.right <= whole.right && box.top >= whole.top && box.bottom <= whole.bottom;
      return inside && !taken.some((other) => meet(box, other));
    });
    element.hidden = !free;
    if (!free) continue;
    name.setOffset(free);
    taken.push(around([x + free[0], y + free[1]], width, height));
  }
}

function signs(map, layers, note, { Marker }) {
  const numbers = [];
  const names = [];
  for (const layer of layers) {
    if (layer.kind !== "label" && !layer.numbered) continue;
    for (const feature of layer.data.features) {
      const { number, name, url, note: words, own, text, minor } = feature.properties;
      const holder = document.createElement("div");
      if (layer.kind === "label") {
        holder.className = `label${minor ? " minor" : ""}`;
        holder.textContent = text;
        holder.dataset.from = layer.from_zoom ?? 0;
      } else {
        holder.className = "marker";
        const sign = document.createElement(url ? "a" : "span");
        sign.textContent = number;
        if (layer.kind === "deviation") sign.dataset.state = stateOf(feature.properties.deviation);
        if (own) sign.dataset.own = "";
        if (url) {
          sign.href = url;
          sign.setAttribute("aria-label", [number, name, words].filter(Boolean).join(". "));
        }
        const tell = () => { note.textContent = [[number, name].filter(Boolean).join("  "), words].filter(Boolean).join("\n"); };
        const hush = () => { note.textContent = ""; };
        for (const event of ["mouseenter", "focus"]) sign.addEventListener(event, tell);
        for (const event of ["mouseleave", "blur"]) sign.addEventListener(event, hush);
        holder.append(sign);
      }
      const marker = new Marker({ element: holder, anchor: "center" }).setLngLat(anchor(feature)).addTo(map);
      (layer.kind === "label" ? names : numbers).push(marker);
    }
  }
  const again = () => settle(map, numbers, names);
  for (const event of ["moveend", "resize", "load"]) map.on(event, again);
}

async function draw(element) {
  const library = await load(settings.maplibre);
  library.setWorkerUrl(settings.maplibreWorker);
  const { bounds, layers } = JSON.parse(document.getElementById(element.dataset.layers).textContent);
  const words = element.dataset;
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  const holder = document.createElement("div");
  const note = document.createElement("div");
  note.className = "map-note";
  note.setAttribute("role", "status");
  canvas.append(holder, note);
  element.querySelector(".map-live").replaceChildren(canvas);

  const colours = () => Object.fromEntries(NAMES.map((name) => [name, colour(element, name)]));
  const map = new library.Map({
    container: holder,
    style: styleOf(layers, colours()),
    bounds,
    fitBoundsOptions: { padding: 28 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    cooperativeGestures: true,
    fadeDuration: 0,
    locale: {
      "Map.Title": words.label,
      "CooperativeGesturesHandler.WindowsHelpText": words.wheel,
      "CooperativeGesturesHandler.MacHelpText": words.wheelMac,
      "CooperativeGesturesHandler.MobileHelpText": words.fingers,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new library.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
  map.setMissingStyleImageResolver((id) => {
    if (id === "hatch" && !map.hasImage("hatch")) map.addImage("hatch", hatch(colours()), { pixelRatio: 2 });
  });
  const buttons = document.createElement("div");
  buttons.className = "map-buttons";
  buttons.append(
    button(words.zoomIn, "+", () => map.zoomIn()),
    button(words.zoomOut, "−", () => map.zoomOut()),
    button(words.whole, "⤢", () => map.fitBounds(bounds, { padding: 28 })),
  );
  canvas.append(buttons);
  signs(map, layers, note, library);
  element.map = map;
  onScheme(() => {
    if (map.hasImage("hatch")) map.removeImage("hatch");
    map.setStyle(styleOf(layers, colours()), { diff: false });
  });
  // The drawn picture stays until this one has really been drawn, and comes back when the screen loses it.
  map.once("idle", () => {
    element.classList.add("ready");
    element.dataset.ready = "";
  });
  map.on("webglcontextlost", () => element.classList.remove("ready"));
  map.on("webglcontextrestored", () => element.classList.add("ready"));
}

export function wake(root) {
  for (const element of root.querySelectorAll("[data-map]:not([data-awake])")) {
    element.dataset.awake = "";
    draw(element).catch((error) => {
      element.classList.remove("ready");
      const words = document.createElement("p");
      words.className = "map-error";
      words.textContent = element.dataset.failed;
      element.querySelector(".map-live").replaceChildren();
      element.append(words);
      console.warn("The map stays as it was drawn on the server:", error);
    });
  }
}
