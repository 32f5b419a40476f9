// The page's side of every explorer: native, labelled controls around one SVG picture.
// It knows no lesson. A *source* says what the controls are and shows frames; live, the source is
// the kernel; in an exported page it is that page's store of frames.

const IN_FLIGHT = 3; // messages on their way at once: one leaves the kernel idle, many pile up
const PATIENCE = 2000; // ms without an answer before the reader is told
const GIVE_UP = 20000; // ms after which an unanswered message counts as lost
const NUDGE = 10; // ms without an answer before a nudge is sent
const HINTED = 4000; // ms that a hint stays
const QUIET = 600; // ms of rest before a screen reader is told what changed
const GAP = 12; // pixels between panels
const REMEMBERED = 8e6; // characters of frames that a page keeps for each explorer
const IMAGES = 12e6; // characters of images that a page keeps
const AHEAD = 25; // ms of rest before the frames of the neighbouring values are asked for
const PLAY = { tick: 40, ticks: 125, slowest: 400 }; // five seconds from end to end, unless the steps are very few

let views = 0;

// ---- the kernel as a source ---------------------------------------------------------------------

function live(model) {
  return {
    words: model.get("_words"),
    title: model.get("_title"),
    kind: model.get("_kind"),
    controls: () => model.get("_controls"),
    frame: () => model.get("_frame"),
    send: (message) => model.send(message),
    peek: (name, values) => model.send({ do: "peek", name, values }),
    nudge: () => model.send({ do: "peek" }), // asks for nothing
    listen(onFrame, onAhead) {
      const hear = (message) => message.ahead && onAhead(message.ahead);
      model.on("change:_frame", onFrame);
      model.on("msg:custom", hear);
      return () => {
        model.off("change:_frame", onFrame);
        model.off("msg:custom", hear);
      };
    },
  };
}

// ---- sending: never piling up, and the newest always arrives ------------------------------------

function courier(source, view, onWaiting) {
  const pending = new Map(); // what waits for its turn: the newest of each kind
  const flying = new Map(); // number -> the key of its message
  let number = 0;
  let timer = 0;
  let since = 0;
  let nudging = 0;

  // A server may hold an answer back until the browser has acknowledged the message before it, which
  // it puts off for some 40 ms unless it has something to send itself (see `server.py`). Where several
  // messages are on their way, each acknowledges for the one before.
  function nudge() {
    clearTimeout(nudging);
    if (flying.size === 1) nudging = setTimeout(() => flying.size === 1 && source.nudge?.(), NUDGE);
  }

  function flush() {
    for (const [key, message] of pending) {
      if (flying.size >= IN_FLIGHT) break;
      pending.delete(key);
      number += 1;
      try {
        source.send({ ...message, view, number });
        flying.set(number, key);
      } catch {
        onWaiting(true); // the kernel that knew this widget is gone
      }
    }
    nudge();
    if (flying.size && !timer) {
      since = performance.now();
      timer = setInterval(() => {
        const waited = performance.now() - since;
        if (waited > PATIENCE) onWaiting(true);
        if (waited > GIVE_UP) {
          flying.clear();
          rest();
          flush();
        }
      }, 500);
    }
  }

  function rest() {
    clearInterval(timer);
    timer = 0;
  }

  return {
    send(key, message) {
      pending.delete(key); // to the end of the queue, so that order is kept
      pending.set(key, message);
      flush();
    },
    // A pen's points wait for their turn together: none may be lost.
    draw(key, message) {
      const points = [...(pending.get(key)?.pick.points ?? []), ...message.pick.points];
      const begin = message.pick.begin || Boolean(pending.get(key)?.pick.begin);
      pending.set(key, { ...message, pick: { ...message.pick, points, begin } });
      flush();
    },
    answered(answers) {
      if (!answers || answers[0] !== view) return;
      for (const sent of [...flying.keys()]) if (sent <= answers[1]) flying.delete(sent);
      since = performance.now();
      onWaiting(false);
      if (!flying.size) rest();
      flush();
    },
    latest: () => number,
    only: (key) => [...pending.keys(), ...flying.values()].every((other) => other === key),
    busy: (key) => pending.has(key) || [...flying.values()].includes(key),
    idle: () => !pending.size && !flying.size,
    stop: rest,
  };
}

// ---- small helpers ------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// JupyterLab and Notebook take arrow keys and letters for themselves unless the element itself says so.
function keepKeys(node) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  return node;
}

// Setting what is already there would still make the browser lay it out again.
function put(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function decimals(step) {
  const text = String(step);
  if (text.includes("e-")) return Number(text.split("e-")[1]);
  return text.includes(".") ? text.split(".")[1].length : 0;
}

function sayNumber(value, control) {
  const text = control.log && !control.integer
    ? Number(value.toPrecision(3)).toString()
    : value.toFixed(control.integer ? 0 : decimals(control.step));
  return (text + (control.unit ? `\u2009${control.unit}` : "")).replace(/^-/, "\u2212");
}

// Change the live picture from what `before` says to what `after` says, touching only what differs:
// focus, hover and what the page itself has set stay, and the browser lays out little anew.
function morph(live, before, after) {
  if (before.isEqualNode(after)) return;
  if (before.nodeName !== after.nodeName) {
    live.replaceWith(document.importNode(after, true));
    return;
  }
  if (after.nodeType !== Node.ELEMENT_NODE) {
    live.data = after.data;
    return;
  }
  for (const { name } of before.attributes) if (!after.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of after.attributes)
    if (before.getAttribute(name) !== value) live.setAttribute(name, value);
  const [shown, old, fresh] = [live, before, after].map((node) => [...node.childNodes]);
  fresh.forEach((child, i) => {
    if (i < old.length) morph(shown[i], old[i], child);
    else live.append(document.importNode(child, true));
  });
  shown.slice(fresh.length).forEach((child) => child.remove());
}

// The images inside pictures, text -> element, the latest last: what is kept here is drawn at once,
// where anything else would first be loaded.
const images = new Map();
let kept = 0; // characters

function imagesOf(picture) {
  const texts = picture.match(/data:image\/(?:png|jpeg);base64,[A-Za-z0-9+/=]+/g) ?? [];
  return texts.map((text) => {
    const image = images.get(text) ?? new Image();
    if (!image.src) image.src = text;
    if (!images.delete(text)) kept += text.length;
    images.set(text, image);
    for (const oldest of images.keys()) {
      if (kept <= IMAGES) break;
      images.delete(oldest);
      kept -= oldest.length;
    }
    return image;
  });
}

// `decode` would wait for the browser's next frame; small images are decoded as they are drawn.
const loaded = (image) =>
  new Promise((done) => ["load", "error"].forEach((end) => image.addEventListener(end, done, { once: true })));

// In rows: each panel in the first row that has room for it.
function inRoom(panels, room) {
  const rows = [];
  for (const panel of panels) {
    let row = rows.find(({ width }) => width + GAP + panel.width <= room);
    if (!row) rows.push((row = { width: -GAP, height: 0, members: [] }));
    row.members.push({ panel, x: row.width + GAP });
    row.width += GAP + panel.width;
    row.height = Math.max(row.height, panel.height);
  }
  let y = 0;
  const places = new Map();
  for (const row of rows) {
    for (const { panel, x } of row.members) places.set(panel.node, { x, y });
    y += row.height + GAP;
  }
  return { places, width: Math.max(...rows.map((row) => row.width)), height: y - GAP };
}

// `said` is the row as the picture's text has it; only what differs from the live row is set. Where the window
// is narrow, panels stand in rows. A page may have them stand in rows of its own width, `told`, or of none, 0.
function arrange(live, said, room, told) {
  const size = (node, name) => Number(node.getAttribute(name));
  const sized = (node) => ({ node, width: size(node, "width"), height: size(node, "height") });
  const nodes = [...said.children].filter((child) => child.matches("svg.dlnotes-panel"));
  const places = new Map(nodes.map((node) => [node, { x: size(node, "x"), y: size(node, "y") }]));
  let row = { ...sized(said), places };
  const width = told ?? (room < 0.68 * row.width ? room : 0);
  if (width && nodes.length > 1) row = inRoom(nodes.map(sized), width);
  for (const [node, { x, y }] of row.places) {
    const place = live.children[[...said.children].indexOf(node)];
    put(place, "x", x);
    put(place, "y", y);
  }
  put(live, "viewBox", `0 0 ${row.width} ${row.height}`);
  put(live, "width", row.width);
  put(live, "height", row.height);
}

// A recording has a slider's frames at some places only, its `stops`: the nearest one to a value.
function nearest(stops, value, place) {
  let best = 0;
  stops.forEach((stop, i) => {
    if (Math.abs(place(stop) - place(value)) < Math.abs(place(stops[best]) - place(value))) best = i;
  });
  return best;
}

const [BACK, ON] = [["ArrowLeft", "ArrowDown"], ["ArrowRight", "ArrowUp"]];
const FAR = { PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

// How many stops a key goes on.
const strideOf = (key) => FAR[key] ?? ON.includes(key) - BACK.includes(key);

// ---- the controls -------------------------------------------------------------------------------
// Each maker returns {node, show(value, control)}; `set(value)` tells the source.

const makers = {
  slider(control, id, set, context) {
    const input = keepKeys(make("input", { type: "range", id }));
    const output = make("output", { for: id });
    const label = make("label", { for: id }, control.label);
    const node = make("div", { class: "dlnotes-control dlnotes-slider" }, label, input, output);
    let now = control;
    const ghost = make("input", { type: "range" }); // rounds a value as the real one would
    const place = (value) => (now.log ? Math.log(value) : value);
    const read = (range = input) => {
      const raw = Number(range.value);
      const value = now.log ? Math.min(Math.max(Math.exp(raw), now.minimum), now.maximum) : raw;
      if (now.stops) return now.stops[nearest(now.stops, value, place)];
      return now.log && now.integer ? Math.round(value) : value;
    };
    // The next place that has another value: on a logarithmic scale whole numbers have several places.
    const onward = (way) => {
      for (const name of ["min", "max", "step", "value"]) ghost[name] = input[name];
      let before = null;
      while (ghost.value !== before && read(ghost) === read()) {
        before = ghost.value;
        if (way > 0) ghost.stepUp();
        else ghost.stepDown();
      }
      return ghost;
    };
    // Go so many stops on; whether there were any.
    const go = (stops) => {
      const at = nearest(now.stops, read(), place);
      const next = Math.min(Math.max(at + stops, 0), now.stops.length - 1);
      input.value = place(now.stops[next]);
      moved();
      return next !== at;
    };
    const label_value = (value) => {
      const text = sayNumber(value, now);
      write(output, text);
      put(input, "aria-valuetext", text);
    };
    let told = null; // the value that the source knows of
    const moved = () => {
      if (now.stops) input.value = place(read());
      label_value(read());
      if (read() !== told) set((told = read()));
    };
    input.addEventListener("input", () => {
      stop();
      moved();
    });
    input.addEventListener("keydown", (event) => {
      const stride = strideOf(event.key);
      const shared = now.log && now.integer && Math.abs(stride) === 1;
      if (!stride || !(now.stops || shared) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      stop();
      if (now.stops) return go(stride);
      input.value = onward(stride).value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    let timer = 0;
    let stop = () => {};
    let name_button = () => {};
    if (control.play) {
      const button = keepKeys(make("button", { type: "button", class: "dlnotes-play" }));
      name_button = () => put(button, "aria-label", `${button.title}: ${now.label}`);
      const label_button = (word, sign) => {
        button.textContent = sign;
        button.title = word;
        name_button();
      };
      stop = () => {
        clearInterval(timer);
        timer = 0;
        label_button(context.words.play, "\u25B6");
      };
      stop();
      button.addEventListener("click", () => {
        if (timer) return stop();
        const [low, high, step] = [input.min, input.max, input.step].map(Number);
        const steps = now.stops?.length ?? (high - low) / step;
        const stride = step * Math.max(1, Math.round(steps / PLAY.ticks));
        const pace = Math.min(Math.max(1, PLAY.ticks / steps) * PLAY.tick, PLAY.slowest);
        if (Number(input.value) >= high || read() === now.stops?.at(-1)) input.value = low;
        label_button(context.words.pause, "\u2759\u2759");
        timer = setInterval(() => {
          if (!context.idle()) return;
          if (!node.isConnected || Number(input.value) >= high) return stop();
          if (now.stops) return go(Math.ceil(now.stops.length / PLAY.ticks)) || stop();
          input.value = Number(input.value) + stride;
          moved();
        }, pace);
      });
      node.append(button);
    }
    return {
      node,
      focus: input,
      stop: () => stop(),
      // The values that one more key press would give.
      neighbours: () => [1, -1].map((way) => read(onward(way))).filter((value) => value !== read()),
      show(value, control) {
        now = control;
        write(label, control.label);
        name_button();
        const [low, high] = [place(control.minimum), place(control.maximum)];
        put(input, "min", low);
        put(input, "max", high);
        // A logarithmic scale is cut into whole steps, or its end could not be reached.
        const steps = control.log && Math.max(1, Math.round((high - low) / Math.log(control.step)));
        put(input, "step", control.log ? (high - low) / steps || 1 : control.step);
        input.disabled = Boolean(control.disabled);
        if (read() !== value) input.value = place(value);
        told = read();
        label_value(value);
      },
    };
  },

  choice(control, id, set) {
    return control.style === "radio" ? radio(control, id, set) : list(control, id, set);
  },

  switch(control, id, set) {
    const input = keepKeys(make("input", { type: "checkbox", id }));
    const label = make("label", { for: id }, control.label);
    input.addEventListener("change", () => set(input.checked));
    return {
      node: make("div", { class: "dlnotes-control dlnotes-switch" }, input, label),
      focus: input,
      show(value, control) {
        write(label, control.label);
        input.checked = value;
        input.disabled = Boolean(control.disabled);
      },
    };
  },

  text(control, id, set, context) {
    const many = control.rows > 1;
    const input = keepKeys(make(many ? "textarea" : "input", { id, spellcheck: "false" }));
    if (many) input.rows = control.rows;
    else input.type = "text";
    input.maxLength = control.limit;
    input.addEventListener("input", () => set(input.value));
    if (!many) input.addEventListener("keydown", (event) => event.key === "Enter" && context.enter());
    const label = make("label", { for: id }, control.label);
    const long = control.label.length > 24 ? " dlnotes-question" : "";
    const node = make("div", { class: `dlnotes-control dlnotes-text${long}` }, label, input);
    if (control.files) {
      const file = keepKeys(make("input", { type: "file", id: `${id}-file`, accept: control.files }));
      file.addEventListener("change", async () => {
        const chosen = file.files[0];
        if (!chosen) return;
        const { too_long, unreadable } = context.words;
        try {
          if (chosen.size > 4 * control.limit) throw new RangeError();
          const decoded = new TextDecoder("utf-8", { fatal: true }).decode(await chosen.arrayBuffer());
          if (decoded.length > control.limit) throw new RangeError();
          input.value = decoded;
          context.complain(null);
          set(decoded);
        } catch (error) {
          const sentence = error instanceof RangeError ? too_long : unreadable;
          context.complain({ sentence: sentence.replace("{limit}", control.limit), details: "" });
        }
        file.value = "";
      });
      node.append(make("label", { for: `${id}-file` }, context.words.file), file);
    }
    return {
      node,
      focus: input,
      show(value, control) {
        if (input.value !== value) input.value = value;
        input.disabled = Boolean(control.disabled);
      },
    };
  },

  upload(control, id, set, context) {
    const input = keepKeys(make("input", { type: "file", id, accept: control.files }));
    const label = make("label", { for: id }, control.label);
    input.addEventListener("change", async () => {
      const chosen = input.files[0];
      if (!chosen) return;
      if (chosen.size > control.limit) {
        const sentence = context.words.too_big.replace("{limit}", control.limit);
        context.complain({ sentence, details: "" });
      } else {
        context.complain(null);
        const reader = new FileReader();
        reader.onload = () => set(reader.result.split(",")[1] ?? "");
        reader.readAsDataURL(chosen);
      }
      input.value = ""; // so that the same file can be chosen again
    });
    return {
      node: make("div", { class: "dlnotes-control dlnotes-text" }, label, input),
      focus: input,
      show(_value, control) {
        input.disabled = Boolean(control.disabled);
      },
    };
  },

  button(control, id, press) {
    const button = keepKeys(make("button", { type: "button", id }, control.label));
    // A button that is off keeps the focus it has, so that a keyboard does not lose its place.
    button.addEventListener("click", () => button.getAttribute("aria-disabled") !== "true" && press());
    return {
      node: make("div", { class: `dlnotes-control dlnotes-button ${control.style ?? ""}` }, button),
      focus: button,
      show(_value, control) {
        write(button, control.label);
        put(button, "aria-disabled", Boolean(control.disabled));
      },
    };
  },
};

// Buttons that follow one another share a row.
function inRows(nodes) {
  const rows = [];
  for (const node of nodes) {
    const last = rows.at(-1);
    if (!node.matches(".dlnotes-button")) rows.push(node);
    else if (last?.matches(".dlnotes-buttons")) last.append(node);
    else rows.push(make("div", { class: "dlnotes-buttons" }, node));
  }
  return rows;
}

const isMissing = (control, value) => Boolean(control.stops && !control.stops.includes(value));

// An option of a recording, with the word for those that it does not have.
const optionText = (control, key, text) => (isMissing(control, key) ? `${text} (${control.missing})` : text);

function list(control, id, set) {
  const select = keepKeys(make("select", { id }));
  const label = make("label", { for: id }, control.label);
  select.addEventListener("change", () => set(select.value));
  let drawn = "";
  return {
    node: make("div", { class: "dlnotes-control dlnotes-choice" }, label, select),
    focus: select,
    show(value, control) {
      write(label, control.label);
      const wanted = JSON.stringify([control.options, control.stops]);
      if (wanted !== drawn) {
        const option = ([key, text]) => make("option", { value: key }, optionText(control, key, text));
        select.replaceChildren(...control.options.map(option));
        for (const option of select.options) option.disabled = isMissing(control, option.value);
        drawn = wanted;
      }
      select.value = value;
      select.disabled = Boolean(control.disabled);
    },
  };
}

function radio(control, id, set) {
  const inputs = control.options.map(([key], i) => {
    const input = keepKeys(make("input", { type: "radio", name: id, id: `${id}-${i}`, value: key }));
    input.addEventListener("change", () => set(key));
    return input;
  });
  const labels = control.options.map(([, text], i) => make("label", { for: `${id}-${i}` }, text));
  const rows = inputs.map((input, i) => make("div", { class: "dlnotes-option" }, input, labels[i]));
  return {
    node: make("fieldset", { class: "dlnotes-control dlnotes-radio" }, make("legend", {}, control.label), ...rows),
    focus: inputs[0],
    show(value, control) {
      inputs.forEach((input, i) => {
        input.checked = input.value === value;
        input.disabled = Boolean(control.disabled) || isMissing(control, input.value);
        write(labels[i], optionText(control, ...control.options[i]));
      });
    },
  };
}

// ---- touching the picture -----------------------------------------------------------------------
// Elements with `data-pick` are clicked, with `data-drag` also dragged, with `data-draw` drawn upon, with
// `data-hover` also hovered ("cells": told of each new cell, a unit square of the axes), with `data-keys`
// also typed on.

function touch(picture, send) {
  let dragging = null;
  let strokes = 0;
  let cell = "";

  function where(event, axes) {
    const matrix = axes?.getScreenCTM?.();
    if (!matrix) return {};
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const a = JSON.parse(axes.dataset.axes);
    const along = (share, [low, high], log) =>
      log ? low * (high / low) ** share : low + share * (high - low);
    return {
      axes: a.name,
      x: along((point.x - a.left) / a.width, a.x, a.x_log),
      y: along(1 - (point.y - a.top) / a.height, a.y, a.y_log),
    };
  }

  const axesOf = (element) => element.closest("[data-axes]");
  const tell = (how, element, details) => send({ pick: element.dataset.pick, how, ...details });

  function pull(event) {
    const { pick, axes, stroke } = dragging;
    if (!stroke) return send({ pick, how: "drag", ...where(event, axes) });
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((one) => where(one, axes)).map(({ x, y }) => [x, y]);
    send({ pick, how: "draw", stroke, points, begin: event.type === "pointerdown" });
  }

  picture.addEventListener("pointerdown", (event) => {
    const element = event.target.closest?.("[data-pick][data-drag], [data-pick][data-draw]");
    if (!element || event.button) return;
    event.preventDefault();
    element.focus?.({ preventScroll: true });
    const stroke = element.hasAttribute("data-draw") && (strokes += 1);
    dragging = { pick: element.dataset.pick, axes: axesOf(element), id: event.pointerId, stroke };
    picture.setPointerCapture(event.pointerId);
    pull(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (dragging?.id === event.pointerId) return pull(event);
    const element = !dragging && event.target.closest?.('[data-pick][data-hover="cells"]');
    if (element) enterCell(element, event);
  });
  for (const end of ["pointerup", "pointercancel"])
    picture.addEventListener(end, (event) => {
      if (dragging?.id !== event.pointerId) return;
      const place = end === "pointerup" ? where(event, dragging.axes) : {}; // a cancel has no place
      send({ pick: dragging.pick, how: "drop", ...place });
      dragging = null;
    });
  // A finger on something that is dragged moves that, and does not scroll the page.
  picture.addEventListener(
    "touchstart",
    (event) => event.target.closest?.("[data-drag], [data-draw]") && event.preventDefault(),
    { passive: false },
  );
  picture.addEventListener("click", (event) => {
    const element = event.target.closest?.("[data-pick]:not([data-drag]):not([data-draw])");
    if (element) tell("click", element, where(event, axesOf(element)));
  });

  function enterCell(element, event) {
    const place = where(event, axesOf(element));
    const entered = `${element.dataset.pick} ${Math.floor(place.x)} ${Math.floor(place.y)}`;
    if (entered !== cell) tell("hover", element, place);
    cell = entered;
  }

  picture.addEventListener("pointerover", (event) => {
    const element = event.target.closest?.("[data-pick][data-hover]");
    if (!element || dragging) return;
    if (element.dataset.hover === "cells") enterCell(element, event);
    else tell("hover", element, where(event, axesOf(element)));
  });
  picture.addEventListener("pointerleave", () => {
    cell = "";
    if (picture.querySelector("[data-hover]")) send({ pick: "", how: "leave" });
  });
  picture.addEventListener("keydown", (event) => {
    const element = event.target.closest?.("[data-pick]");
    if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
    const across = Number(element.dataset.columns ?? NaN); // in a grid, arrows go through it, too
    const steps = { PageDown: 1, PageUp: -1 };
    if (across) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across });
    const step = steps[event.key];
    if (step && element.dataset.pick.includes(":")) {
      neighbour(picture, element, step)?.focus();
      rove(picture);
    } else if (event.key === "Enter" || event.key === " ") tell("click", element, {});
    else if (
      /^(Arrow|Home|End|Page|Delete|Backspace)/.test(event.key) ||
      (element.hasAttribute("data-keys") && event.key.length === 1)
    )
      tell("key", element, { key: event.key, big: event.shiftKey });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

// Picks named "point:0", "point:1" … are one stop of the Tab key; Page Up and Page Down go through them.
// Where one of them is marked with `data-current`, the keyboard follows that mark.
function rove(picture) {
  const groups = new Map();
  for (const element of picture.querySelectorAll("[data-pick]")) {
    if (!element.dataset.lmSuppressShortcuts) keepKeys(element);
    const [group, member] = element.dataset.pick.split(":");
    if (member !== undefined) groups.set(group, [...(groups.get(group) ?? []), element]);
  }
  for (const members of groups.values()) {
    const active = members.find((member) => member === document.activeElement);
    const current = members.find((member) => member.hasAttribute("data-current"));
    const chosen = current ?? active ?? members[0];
    if (active && active !== chosen) chosen.focus({ preventScroll: true });
    for (const member of members) put(member, "tabindex", member === chosen ? 0 : -1);
  }
}

function neighbour(picture, element, step) {
  const group = element.dataset.pick.split(":")[0];
  const members = [...picture.querySelectorAll(`[data-pick^="${group}:"]`)];
  return members[members.indexOf(element) + step];
}

// ---- one explorer in one place ------------------------------------------------------------------

export function mount(place, source) {
  const view = `${Date.now().toString(36)}-${(views += 1)}`;
  const panel = make("div", { class: "dlnotes-controls" });
  const picture = make("div", { class: "dlnotes-picture" });
  const says = make("p", { class: "dlnotes-says" });
  const spoken = make("p", { class: "dlnotes-spoken", "aria-live": "polite" });
  const error = make("div", { class: "dlnotes-error", role: "alert", hidden: "" });
  const waiting = make("p", { class: "dlnotes-waiting", role: "status", hidden: "" }, source.words.waiting);
  const hinted = make("p", { class: "dlnotes-hint", role: "status", hidden: "" });
  const root = make(
    "div",
    { class: `dlnotes-explorer dlnotes-${source.kind}`, role: "group", "aria-label": source.title },
    panel, error, picture, says, waiting, spoken, hinted,
  );
  if (source.note) root.append(make("p", { class: "dlnotes-note" }, source.note));
  place.append(root);

  const post = courier(source, view, (late) => (waiting.hidden = !late));
  const made = new Map(); // control name -> {node, show, kind}
  let speaking = 0;
  let told = "";
  let events = 0;

  const context = { words: source.words, idle: post.idle, complain, enter };

  // Enter in a line of text presses the button that stands with it.
  function enter() {
    panel.querySelector(".dlnotes-button button")?.click();
  }

  // A word over the widget, for a while: why something does nothing.
  let hinting = 0;
  function hint(text) {
    hinted.textContent = text;
    hinted.hidden = !text;
    clearTimeout(hinting);
    if (text) hinting = setTimeout(() => hint(""), HINTED);
  }
  panel.addEventListener("click", (event) => hint(event.target.closest(".dlnotes-disabled")?.title ?? ""));

  function complain(problem) {
    if (!problem && error.hidden) return;
    error.hidden = !problem;
    root.classList.toggle("dlnotes-stale", Boolean(problem));
    error.replaceChildren();
    if (!problem) return;
    error.append(make("p", {}, problem.sentence));
    if (problem.details)
      error.append(
        make("details", {}, make("summary", {}, source.words.details), make("pre", {}, problem.details)),
      );
  }

  function build(controls) {
    const groups = new Map();
    for (const [name, control] of Object.entries(controls)) {
      const send =
        control.kind === "button"
          ? () => {
              hand = "";
              post.send(`press ${(events += 1)}`, { do: "press", name });
            }
          : (value) => set(name, value);
      // What is being dragged or has the focus must stay: most controls take a new label as they are.
      const fixed = ["text", "upload"].includes(control.kind) || control.style === "radio" ? control.label : "";
      const shape = JSON.stringify([control.kind, control.group, fixed, control.style, control.play]);
      const old = made.get(name);
      const part = old?.shape === shape ? old : makers[control.kind](control, `dlnotes-${view}-${name}`, send, context);
      part.shape = shape;
      made.set(name, part);
      if (!groups.has(control.group)) groups.set(control.group, []);
      groups.get(control.group).push(part.node);
    }
    for (const name of [...made.keys()]) if (!(name in controls)) made.delete(name);
    const wanted = [...groups.values()].flat();
    const present = [...panel.querySelectorAll(".dlnotes-control")];
    if (wanted.length === present.length && wanted.every((node, i) => node === present[i])) return;
    const focused = panel.contains(document.activeElement) ? document.activeElement : null;
    panel.replaceChildren(
      ...[...groups].map(([group, nodes]) =>
        group
          ? make("fieldset", { class: "dlnotes-group" }, make("legend", {}, group), ...inRows(nodes))
          : make("div", { class: "dlnotes-group" }, ...inRows(nodes)),
      ),
    );
    if (focused && panel.contains(focused)) focused.focus({ preventScroll: true });
  }

  function showControls(frame, controls) {
    build(controls);
    for (const [name, control] of Object.entries(controls)) {
      const part = made.get(name);
      put(part.node, "title", control.disabled || control.help);
      put(part.focus, "aria-description", control.disabled || control.help);
      part.node.classList.toggle("dlnotes-disabled", Boolean(control.disabled));
      // What the reader is moving right now is not pulled back to an older answer.
      if (!post.busy(`set ${name}`)) part.show(frame.values[name], control);
    }
  }

  let said = null; // the picture as its text has it, parsed
  let room = 0; // the width there is for it

  function showPicture(text) {
    picture.hidden = !text;
    if (!text) {
      said = null;
      return picture.replaceChildren();
    }
    // HTML's parser, which knows SVG, takes half the time of that for XML.
    const fresh = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
    if (said) morph(picture.firstElementChild, said, fresh);
    else picture.append(document.importNode(fresh, true));
    said = fresh;
    rove(picture);
    if (source.reaches)
      for (const element of picture.querySelectorAll("[data-pick]"))
        put(element, "aria-disabled", !source.reaches(element.dataset.pick));
    rearrange();
  }

  function rearrange() {
    if (!said) return;
    const live = picture.firstElementChild;
    const told = picture.dataset.room && Number(picture.dataset.room);
    if (said.matches("svg.dlnotes-row") && (room || told !== undefined)) arrange(live, said, room, told);
    picture.style.setProperty("--dlnotes-drawn", `${live.getAttribute("width")}px`);
  }
  picture.addEventListener("dlnotes-arrange", rearrange);

  // Frames are pure functions of the values. So one that was seen when a control alone was moved to some
  // value is right again whenever it stands there and all else is as it was then: it is shown at once, and
  // the kernel's own answer follows. Neighbouring values are asked for ahead, while the hand rests, and
  // when a slider takes the focus; with them comes what else would change.
  const memory = new Map(); // place -> frame, the oldest first
  let stored = 0;
  let ahead = 0; // the number of the last message sent before a remembered frame was shown
  let resting = 0;
  let hand = ""; // the control that was moved last, if nothing else was touched since

  const placeOf = (frame, name, value) => JSON.stringify([name, frame.unseen, { ...frame.values, [name]: value }]);

  function remember(frame, controls) {
    if (!frame.alone || frame.error) return;
    imagesOf(frame.picture ?? ""); // they load while the hand rests
    const from = frame.asked ?? frame;
    const place = placeOf(from, frame.alone, from.values[frame.alone]);
    const size = (frame.picture ?? "").length + 500;
    stored += size - (memory.get(place)?.size ?? 0);
    memory.delete(place);
    memory.set(place, { ...frame, controls, size });
    for (const [oldest, { size }] of memory) {
      if (stored <= REMEMBERED) break;
      memory.delete(oldest);
      stored -= size;
    }
  }

  function set(name, value) {
    hand = name;
    const frame = source.frame();
    // Where something else is on its way, it is not known what else will have changed.
    const known = source.peek && !frame.running && post.only(`set ${name}`);
    const found = known && memory.get(placeOf(frame, name, value));
    post.send(`set ${name}`, { do: "set", name, value });
    if (!found) return;
    ahead = post.latest();
    showControls(found, found.controls);
    complain(null);
    paint(found);
  }

  function lookAhead(name, rest = AHEAD) {
    const part = made.get(name);
    clearTimeout(resting);
    if (!source.peek || !name || !part?.neighbours) return;
    resting = setTimeout(() => {
      const frame = source.frame();
      if (!post.idle() || hand !== name) return;
      const wanted = part.neighbours().filter((value) => !memory.has(placeOf(frame, name, value)));
      if (wanted.length) source.peek(name, wanted);
    }, rest);
  }

  panel.addEventListener("focusin", ({ target }) => {
    // A mouse that takes a slider moves it at once; the keyboard comes to it first.
    const rest = target.matches(":focus-visible") ? 0 : AHEAD;
    for (const [name, part] of made) if (part.focus === target) lookAhead((hand = name), rest);
  });

  function show() {
    const frame = source.frame();
    post.answered(frame.answers);
    if (frame.running) goOn();
    showControls(frame, source.controls());
    complain(frame.error);
    root.classList.toggle("dlnotes-waits", Boolean(frame.waits));
    if (frame.hint !== undefined) hint(frame.hint);
    remember(frame, source.controls());
    lookAhead(hand);
    // An older answer does not take the place of what was shown from memory; the last one always does.
    const old = frame.answers?.[0] === view && frame.answers[1] <= ahead && !post.idle();
    if (!old) paint(frame);
  }

  // New images inside the picture are loaded before it is shown, so that nothing flashes blank.
  let arrived = 0;
  let painted = 0;
  let shown = "";
  async function paint(frame) {
    const text = frame.picture ?? "";
    write(says, frame.says ?? "");
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      if (frame.says !== told) spoken.textContent = told = frame.says ?? "";
      speaking = setTimeout(() => (spoken.textContent = ""), 2 * QUIET); // it stands above already
    }, QUIET);
    const turn = (arrived += 1);
    const loading = imagesOf(text).filter((image) => !image.complete);
    if (loading.length) await Promise.all(loading.map(loaded));
    if (turn < painted) return; // a newer one was ready first
    painted = turn;
    if (text !== shown) showPicture((shown = text));
  }

  // What goes on by itself is asked for its next picture: two questions on their way, so that the kernel
  // never waits, and never more, so that a button is answered soon.
  function goOn() {
    for (const key of ["tick 1", "tick 2"]) if (!post.busy(key)) post.send(key, { do: "tick" });
  }

  touch(picture, (pick) => {
    hand = "";
    if (pick.how === "draw") return post.draw(`draw ${pick.stroke}`, { do: "pick", pick });
    const key = pick.how === "drag" || pick.how === "hover" ? `${pick.how} ${pick.pick}` : `pick ${(events += 1)}`;
    post.send(key, { do: "pick", pick });
  });

  const watcher = new ResizeObserver(([entry]) => {
    room = entry.contentRect.width;
    rearrange();
  });
  watcher.observe(root);
  const deaf = source.listen(show, (frame) => remember(frame, frame.controls));
  show();
  return () => {
    deaf();
    watcher.disconnect();
    post.stop();
    clearTimeout(speaking);
    clearTimeout(resting);
    clearTimeout(hinting);
    for (const part of made.values()) part.stop?.();
    root.remove();
  };
}

function render({ model, el }) {
  return mount(el, live(model));
}

export default { render };
