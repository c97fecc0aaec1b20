// What the page tells its scripts, and the colours of the scheme that is shown.

const given = document.getElementById("script-settings");
export const settings = given ? JSON.parse(given.textContent) : null;

export function load(address) {
  return import(address);
}

const scripts = new Map();

// A classic script, fetched once, in the order asked for.
export function script(address) {
  if (!scripts.has(address)) {
    scripts.set(address, new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = address;
      element.async = false;
      element.addEventListener("load", done);
      element.addEventListener("error", () => failed(new Error(`${address} did not load`)));
      document.head.append(element);
    }));
  }
  return scripts.get(address);
}

// The value of a colour token where `element` stands, as #rrggbb: custom properties hold both schemes.
export function colour(element, name) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

// Calls back when the scheme changes, by the device or by the switch of the page.
export function onScheme(callback) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}
