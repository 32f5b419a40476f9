// In an exported page: the store of frames as the source of an explorer (see `explorer.js`).

const SLICE = 8; // ms of work at a time
const SEEN = ["click", "key", "draw", "drag"]; // touches that a reader means
const BACK_BUTTON = { kind: "button", style: "dlnotes-back", group: "" };

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// A picture is text, or what differs from the pieces of another picture's text.
function pictures(stored) {
  const pieces = new Map();
  const piecesOf = (i) => {
    if (!pieces.has(i)) pieces.set(i, stored[i].split('"'));
    return pieces.get(i);
  };
  return (i) => {
    const entry = stored[i];
    if (typeof entry === "string") return entry;
    const changed = [...piecesOf(entry[0])];
    const [start, count, fresh] = entry[1];
    if (Array.isArray(fresh)) changed.splice(start, count, ...fresh);
    else for (let k = 0; k < entry[1].length; k += 2) changed[entry[1][k]] = entry[1][k + 1];
    return changed.join('"');
  };
}

// Of places [x, y], the number of the one that was touched, or is nearest to it.
function nearestPlace(places, x, y) {
  const spread = (k) => Math.max(...places.map((p) => p[k])) - Math.min(...places.map((p) => p[k])) || 1;
  const [wide, high] = [spread(0), spread(1)];
  const away = (p) => Math.hypot((p[0] - x) / wide, (p[1] - y) / high);
  return places.reduce((best, place, i) => (away(place) < away(places[best]) ? i : best), 0);
}

function recorded(store) {
  const { words, nodes, panels, descriptions, lines, touches } = store;
  const pictureOf = pictures(store.pictures);
  const listeners = new Set();
  let at = 0; // the state that is shown, an index of `nodes`; the notebook's own is the first
  let answers = null;
  let hint = ""; // why what was just done did nothing

  const [FRAME, PANEL, VALUES, MOVES, TOUCH] = [0, 1, 2, 3, 4];
  const names = () => panels[nodes[at][PANEL]];

  function controls() {
    const found = {};
    names().forEach(([name, description], i) => {
      const control = descriptions[description];
      const move = nodes[at][MOVES][i];
      const off = control.disabled || (move === null ? store.reasons[name] : "");
      found[name] = { ...control, disabled: off };
      if (control.kind !== "button" && move !== null)
        Object.assign(found[name], { stops: lines[move][0], missing: words.missing });
    });
    if (store.back)
      found[""] = { ...BACK_BUTTON, label: store.back, disabled: at ? "" : store.there };
    return found;
  }

  function touched({ pick, how, key, x, y }) {
    const table = touches[nodes[at][TOUCH]];
    const kind = pick.split(":")[0];
    const entry = (how) => table[`${how} ${kind}`]?.[pick];
    if (how === "key") return entry("key")?.[key];
    if (how === "click" && x === undefined && entry("key")?.click !== undefined) return entry("key").click;
    const found = entry(how === "drop" ? "drag" : how);
    if (!Array.isArray(found)) return found; // wherever it is touched
    const [places, ...states] = found;
    return x === undefined ? undefined : states[nearestPlace(store.places[places], x, y)];
  }

  function follow({ do: what, name, value, pick }) {
    if (what === "pick") return touched(pick);
    if (name === "") return 0;
    const i = names().findIndex(([known]) => known === name);
    const move = nodes[at][MOVES][i];
    if (what === "press" || move === null || i < 0) return move;
    return lines[move][1][lines[move][0].indexOf(value)];
  }

  return {
    words,
    title: store.title,
    kind: store.kind,
    note: store.note,
    controls,
    frame() {
      const [picture, says, error] = store.frames[nodes[at][FRAME]];
      const values = Object.fromEntries(names().map(([name], i) => [name, nodes[at][VALUES][i]]));
      return { values, picture: pictureOf(picture), says: store.says[says], error, answers, hint };
    },
    send(message) {
      const next = follow(message);
      hint = next === undefined && SEEN.includes(message.pick?.how) ? words.unrecorded : "";
      at = next ?? at;
      if (message.do === "press") tally(store.counts, store.says[store.frames[nodes[at][FRAME]][1]]);
      queueMicrotask(() => {
        answers = [message.view, message.number]; // of several copies, each hears its own
        listeners.forEach((tell) => tell());
      });
    },
    listen(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    reaches: (pick) =>
      ["click", "drag", "hover", "key"].some(
        (how) => touches[nodes[at][TOUCH]][`${how} ${pick.split(":")[0]}`]?.[pick] !== undefined,
      ),
  };
}

// ---- images, loaded before their turn comes ------------------------------------------------------

function* imagesIn(stores) {
  for (const entry of stores.flatMap(({ pictures }) => pictures ?? [])) {
    const pieces = typeof entry === "string" ? entry.split('"') : entry[1].flat();
    for (const piece of pieces) if (String(piece).startsWith("data:image/")) yield piece;
  }
}

const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, SLICE));

// A slice at a time, while the page has nothing else to do.
function foresee(found) {
  whenIdle(() => {
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      const { value, done } = found.next();
      if (done) return;
      imagesOf(value);
    }
    foresee(found);
  });
}

// ---- every explorer of the page -----------------------------------------------------------------

async function liven() {
  const places = [...document.querySelectorAll(".dlnotes-place")];
  const sources = new Map(); // shown twice, an explorer is one and the same
  const stores = [];
  for (const place of places) {
    const { store } = place.dataset;
    if (!sources.has(store)) {
      const content = await unpack(document.getElementById(store).textContent);
      stores.push(content);
      sources.set(store, (content.judge ? answered : content.map ? counted : recorded)(content));
    }
    const still = [...place.childNodes];
    place.dlnotes = sources.get(store);
    mount(place, place.dlnotes);
    still.forEach((node) => node.remove());
  }
  document.documentElement.dataset.alive = places.length;
  document.dispatchEvent(new Event("dlnotes-alive"));
  foresee(imagesIn(stores));
}

liven();
