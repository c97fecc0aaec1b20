// Drawing an outline on the map of the page. The field of the form holds it, so that nothing is lost when this fails;
// figures are asked of the site while it changes.

import { colour, load, onScheme } from "../site/settings.js";

const QUIET = 350; // ms without a change before figures are asked for
const NEAR = 10; // px within which a corner snaps
const MOST_UNDONE = 60;

const form = document.querySelector("[data-drawing]");
const field = form?.querySelector("[data-outline]");
const live = form?.querySelector("[data-live]");
const element = form?.querySelector("[data-map]");

let asking;
async function ask(more = {}) {
  asking?.abort();
  asking = new AbortController();
  live.setAttribute("aria-busy", "true");
  const body = new URLSearchParams({
    outline: field.value,
    hotspot: form.dataset.hotspot,
    buffer_m: form.elements.buffer_m?.value ?? "",
    designation: form.elements.designation?.value ?? "",
    ...more,
  });
  try {
    const answer = await fetch(form.dataset.figures, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      signal: asking.signal,
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const found = await answer.json();
    live.innerHTML = found.html;
    live.dataset.asked = field.value;
    live.removeAttribute("aria-busy");
    return found;
  } catch (error) {
    if (error.name === "AbortError") return null;
    live.removeAttribute("aria-busy");
    live.textContent = form.dataset.lost;
    return null;
  }
}

let waiting;
function askSoon() {
  clearTimeout(waiting);
  if (field.value.trim()) waiting = setTimeout(ask, QUIET);
}

// Rings of outlines as features of one polygon each; what Terra Draw holds has no holes.
function polygons(text) {
  try {
    const read = JSON.parse(text);
    const shape = read.type === "Feature" ? read.geometry : read;
    if (shape.type === "Polygon") return [shape.coordinates];
    if (shape.type === "MultiPolygon") return shape.coordinates;
  } catch {
    // Pasted coordinates: the site reads them.
  }
  return [];
}

// Does a polygon hold a point? Holes count as holes.
function within(geometry, [x, y]) {
  const crosses = ([ax, ay], [bx, by]) => (ay > y) !== (by > y) && x < ax + ((y - ay) / (by - ay)) * (bx - ax);
  const times = linesOf(geometry).flatMap((ring) => ring.slice(1).filter((corner, place) => crosses(ring[place], corner)));
  return times.length % 2 === 1;
}

// The keyboard draws too: arrows move the map under the cross in its middle, the space bar clicks there.
function aim(map, clicked) {
  const canvas = map.getCanvas();
  const cross = document.createElement("div");
  cross.className = "aim";
  cross.setAttribute("aria-hidden", "true");
  map.getContainer().append(cross);
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true, isPrimary: true };
    canvas.dispatchEvent(new PointerEvent("pointermove", { ...at, button: -1 }));
    for (const kind of ["pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, { ...at, button: 0 }));
    clicked();
  });
}

// How deep the lines of a geometry lie in its coordinates.
const DEPTH = { LineString: -1, MultiLineString: 0, Polygon: 0, MultiPolygon: 1 };

function linesOf({ type, coordinates }) {
  if (!(type in DEPTH)) return [];
  return DEPTH[type] < 0 ? [coordinates] : coordinates.flat(DEPTH[type]);
}

// Corners of streets, sectors and other perimeters, and the lines between them.
function snapper(map, layers) {
  const rings = layers
    .filter((layer) => ["street", "boundary", "other", "outline"].includes(layer.kind))
    .flatMap((layer) => layer.data.features)
    .flatMap(({ geometry }) => linesOf(geometry));
  let free = false;
  for (const kind of ["keydown", "keyup", "pointermove"]) addEventListener(kind, (event) => { free = event.altKey; });
  return (event) => {
    if (free) return undefined;
    const at = map.project([event.lng, event.lat]);
    const reach = [[-NEAR, NEAR], [NEAR, -NEAR]].map(([x, y]) => map.unproject([at.x + x, at.y + y]));
    const [west, east] = [reach[0].lng, reach[1].lng];
    const [south, north] = [reach[0].lat, reach[1].lat];
    const corner = { away: NEAR };
    const along = { away: NEAR };
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [a, b] = [ring[i], ring[i + 1]];
        if (Math.max(a[0], b[0]) < west || Math.min(a[0], b[0]) > east || Math.max(a[1], b[1]) < south || Math.min(a[1], b[1]) > north) continue;
        const [p, q] = [map.project(a), map.project(b)];
        const long = (q.x - p.x) ** 2 + (q.y - p.y) ** 2;
        const share = long ? Math.min(1, Math.max(0, ((at.x - p.x) * (q.x - p.x) + (at.y - p.y) * (q.y - p.y)) / long)) : 0;
        for (const [best, t] of [[corner, 0], [corner, 1], [along, share]]) {
          const away = Math.hypot(p.x + t * (q.x - p.x) - at.x, p.y + t * (q.y - p.y) - at.y);
          if (away < best.away) Object.assign(best, { away, place: [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])] });
        }
      }
    }
    // A corner wins over the lines that lead to it.
    return (corner.place ?? along.place)?.map((value) => Number(value.toFixed(7)));
  };
}

function looks(library, accent, paper, snapping) {
  const line = { outlineColor: accent, outlineWidth: 3, fillColor: accent, fillOpacity: 0.15 };
  const point = { color: paper, width: 6, outlineColor: accent, outlineWidth: 2 };
  const points = (prefix) => ({
    [`${prefix}Color`]: point.color, [`${prefix}Width`]: point.width, [`${prefix}OutlineColor`]: accent, [`${prefix}OutlineWidth`]: 2,
  });
  return [
    new library.TerraDrawPolygonMode({
      snapping: { toCustom: snapping },
      styles: { ...line, ...points("closingPoint"), ...points("snappingPoint"), ...points("coordinatePoint") },
      showCoordinatePoints: true,
    }),
    new library.TerraDrawLineStringMode({
      styles: { lineStringColor: accent, lineStringWidth: 2, ...points("closingPoint"), ...points("snappingPoint") },
    }),
    new library.TerraDrawSelectMode({
      flags: { polygon: { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true, snappable: { toCustom: snapping } } } } },
      styles: {
        selectedPolygonColor: accent, selectedPolygonFillOpacity: 0.2, selectedPolygonOutlineColor: accent, selectedPolygonOutlineWidth: 3,
        ...points("selectionPoint"), ...points("midPoint"), midPointWidth: 4,
      },
    }),
  ];
}

async function start() {
  const { layers } = JSON.parse(document.getElementById(element.dataset.layers).textContent);
  const [library, adapter] = await Promise.all([load(form.dataset.library), load(form.dataset.adapter)]);
  const map = element.map;
  const tools = form.querySelector("[data-tools]");
  const hint = form.querySelector("[data-hint]");
  const undone = [];
  let draw;
  let tool = "select";
  let quiet = false; // true while the outline is put on the map, not drawn

  const kept = () => draw.getSnapshot().filter(({ geometry, properties }) => geometry.type === "Polygon" && properties.mode === "polygon" && !properties.currentlyDrawing);
  const text = () => {
    const rings = kept().map(({ geometry }) => geometry.coordinates);
    if (!rings.length) return "";
    return JSON.stringify(rings.length === 1 ? { type: "Polygon", coordinates: rings[0] } : { type: "MultiPolygon", coordinates: rings });
  };
  const show = (shape) => {
    quiet = true;
    draw.clear();
    const rings = polygons(shape);
    if (rings.length) {
      draw.addFeatures(rings.map((coordinates) => ({
        type: "Feature",
        geometry: { type: "Polygon", coordinates: coordinates.map((ring) => ring.map((pair) => pair.map((value) => Number(value.toFixed(7))))) },
        properties: { mode: "polygon" },
      })));
    }
    quiet = false;
  };
  const set = (shape, { remember = true } = {}) => {
    if (shape === field.value) return;
    if (remember) undone.push(field.value);
    if (undone.length > MOST_UNDONE) undone.shift();
    field.value = shape;
    askSoon();
  };
  const use = (name) => {
    tool = name;
    draw.setMode(name === "cells" ? "static" : name);
    for (const button of tools.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === name));
    hint.textContent = hint.dataset[name];
    hint.hidden = false;
  };
  // The site unites and splits: it has the geometry for it.
  const ask_for = async (act, geometry) => {
    const found = await ask({ act, other: JSON.stringify(geometry) });
    if (found?.outline) {
      const shape = JSON.stringify(found.outline);
      set(shape);
      show(shape);
    } else if (found) {
      show(field.value);
    }
  };
  const begin = () => {
    draw = new library.TerraDraw({
      adapter: new adapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
      modes: looks(library, colour(element, "accent"), colour(element, "paper"), snapper(map, layers)),
    });
    draw.start();
    show(field.value);
    use(field.value.trim() ? "select" : "polygon");
    draw.on("finish", (id, { mode }) => {
      if (mode === "linestring") {
        const cut = draw.getSnapshotFeature(id)?.geometry;
        draw.removeFeatures([id]);
        if (cut) ask_for("split", cut);
        return;
      }
      if (!quiet) set(text());
      if (mode === "polygon") setTimeout(() => use("select"));
    });
    element.draw = draw;
    form.dataset.awake = "";
  };

  begin();
  tools.hidden = false;
  // The cells as the page brought them: those of the map are cut at its tiles.
  const cells = layers.filter(({ kind }) => kind === "density").flatMap(({ data }) => data.features.map(({ geometry }) => geometry));
  tools.querySelector("[data-tool=cells]").hidden = !cells.length;
  const add = ({ lng, lat }) => {
    const cell = cells.find((geometry) => within(geometry, [lng, lat]));
    if (!cell) return;
    if (field.value.trim()) ask_for("union", cell);
    else { set(JSON.stringify(cell)); show(field.value); }
  };
  map.on("click", (event) => { if (tool === "cells") add(event.lngLat); });
  aim(map, () => { if (tool === "cells") add(map.getCenter()); });
  tools.addEventListener("click", (event) => {
    const { tool: name, act } = event.target.dataset;
    if (name) use(name);
    if (act === "clear") { set(""); show(""); use("polygon"); live.replaceChildren(); }
    if (act === "undo" && undone.length) { set(undone.pop(), { remember: false }); show(field.value); use(field.value ? "select" : "polygon"); }
    if (act === "remove") {
      const chosen = draw.getSnapshot().filter(({ properties }) => properties.selected).map(({ id }) => id);
      if (!chosen.length) { use("select"); return; }
      for (const id of chosen) draw.deselectFeature(id);
      draw.removeFeatures(chosen);
      set(text());
    }
  });
  field.addEventListener("change", () => { show(field.value); askSoon(); });
  form.elements.buffer_m?.addEventListener("change", askSoon);
  form.elements.designation?.addEventListener("change", askSoon);
  // Another scheme is another style of the map: what was drawn on it goes and is put back.
  onScheme(() => {
    draw.stop();
    map.once("style.load", begin);
  });
}

if (element) {
  const ready = () => start().catch((error) => {
    form.querySelector("[data-outline-fold]").open = true;
    console.warn("No drawing on the map; the outline can be pasted:", error);
  });
  if ("ready" in element.dataset) ready();
  else {
    const watch = new MutationObserver(() => {
      if (!("ready" in element.dataset)) return;
      watch.disconnect();
      ready();
    });
    watch.observe(element, { attributes: true, attributeFilter: ["data-ready"] });
  }
}
if (field && !element) field.addEventListener("change", askSoon);
