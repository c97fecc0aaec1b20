// Visits noted without a connection wait in this browser and are sent later. What is kept: a key made here, the address
// of the action, minutes, the kind of unit and the moment. No name, no note, no token.

const place = document.querySelector("[data-queue]");
const store = place && `vicus-visits-${place.dataset.queue}`;
const state = document.querySelector("[data-queue-state]");
const waiting = () => JSON.parse(localStorage.getItem(store) || "[]");
const keep = (visits) => (visits.length ? localStorage.setItem(store, JSON.stringify(visits)) : localStorage.removeItem(store));

function say(text) {
  if (!state) return;
  const left = store ? waiting().length : 0;
  state.textContent = [text, left ? `${state.dataset.waiting}: ${left}` : ""].filter(Boolean).join(" · ");
  state.hidden = !state.textContent;
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// True when the server has answered for good: noted, or refused with a reason.
async function send(visit) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const fields = { ...visit.fields, csrfmiddlewaretoken: token };
  const answer = await fetch(visit.url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
    redirect: "error",
  });
  if (answer.status === 422) {
    const said = await answer.json();
    return { done: true, text: `${state.dataset.refused}: ${said.why.join(" ")}` };
  }
  if (!answer.ok) throw new Error(String(answer.status));
  return { done: true, text: state.dataset.sent };
}

let sending = false;
async function flush() {
  if (sending || !store) return;
  sending = true;
  let said = "";
  try {
    for (const visit of waiting()) {
      const result = await send(visit);
      said = result.text;
      keep(waiting().filter((other) => other.fields.key !== visit.fields.key));
    }
  } catch {
    // Still no connection: they stay where they are.
  }
  sending = false;
  say(said);
}

place?.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-tap]");
  if (!form) return;
  event.preventDefault();
  const minutes = Number(form.elements.minutes.value);
  const started = new Date(Date.now() - minutes * 60000).toISOString();
  const unit = place.querySelector("[data-unit]").value;
  const fields = { key: newKey(), unit, minutes: String(minutes), started_at: started, source: "queue" };
  keep([...waiting(), { url: form.getAttribute("action"), fields }]);
  say("");
  flush();
});

addEventListener("online", flush);
setInterval(() => store && waiting().length && flush(), 30000);
flush();
