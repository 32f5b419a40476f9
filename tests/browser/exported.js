// Moves everything in an exported page, as a reader would, and keeps what was shown after each move.
// `begin` gives the moves of every explorer; `compare` holds what was shown against other pictures.
window.dlnotesExported = (() => {
  const PLACES = 3; // of each control
  const kept = [];

  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const afterPaint = () =>
    new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
  const changed = (node) =>
    new Promise((done) => {
      const watcher = new MutationObserver(() => {
        watcher.disconnect();
        done(true);
      });
      watcher.observe(node, { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(() => {
        watcher.disconnect();
        done(false);
      }, 150);
    });

  // ms from an event, which comes at the beginning of a browser's frame, to the painted picture.
  async function timed(root, act) {
    const picture = root.querySelector(".dlnotes-picture");
    await frame();
    const start = performance.now();
    const moved = changed(picture);
    act();
    if (!(await moved)) return null;
    await afterPaint();
    return performance.now() - start;
  }

  const tell = (node, type) => node.dispatchEvent(new Event(type, { bubbles: true }));
  const isOff = (node) => node.disabled || node.getAttribute("aria-disabled") === "true";

  // The ways to move one control.
  function ways(node) {
    if (node.type === "range") {
      const [low, high] = [Number(node.min), Number(node.max)];
      const to = (share) => () => {
        node.value = low + share * (high - low);
        tell(node, "input");
      };
      return [1, 0, 0.55].map(to);
    }
    if (node.type === "checkbox") return [() => node.click()];
    if (node.type === "radio") return [() => node.click()];
    if (node.tagName === "SELECT") {
      const options = [...node.options].filter((option) => !option.disabled && option.value !== node.value);
      return options.slice(0, PLACES).map((option) => () => {
        node.value = option.value;
        tell(node, "change");
      });
    }
    if (node.tagName === "BUTTON") return [() => node.click()];
    return [];
  }

  const controlsOf = (root) => [...root.querySelectorAll(".dlnotes-control :is(input, select, button)")];
  const backOf = (root, words) =>
    [...root.querySelectorAll(".dlnotes-button button")].find((button) => button.textContent === words);

  function keep(root, step) {
    kept.push(root.querySelector(".dlnotes-picture > svg")?.cloneNode(true) ?? null);
    const { values } = root.parentElement.dlnotes.frame();
    return { ...step, values, says: root.querySelector(".dlnotes-says").textContent };
  }

  async function drive(root, back) {
    const steps = [keep(root, { act: "look" })];
    const names = controlsOf(root).map((node) => node.id);
    for (const id of names) {
      const node = document.getElementById(id);
      const name = id.split("-")[3];
      if (!node || isOff(node) || node.closest("[hidden]") || node.matches(".dlnotes-play")) continue;
      if (node.textContent === back) continue;
      for (const act of ways(node)) {
        const live = document.getElementById(id);
        if (!live || isOff(live)) break;
        const time = await timed(root, act);
        await frame();
        await frame();
        steps.push(keep(root, { act: "move", name, kind: node.type, time }));
        const button = backOf(root, back);
        if (button && !isOff(button)) {
          button.click();
          await frame();
          await frame();
          steps.push(keep(root, { act: "back" }));
        }
      }
    }
    return steps;
  }

  // In a deck: its slide, with all that comes on it.
  async function turnTo(root) {
    const { h, v } = Reveal.getIndices(root.closest("section:has(> .fit)"));
    Reveal.slide(h, v, 99);
    await frame();
    await frame();
  }

  async function begin(back) {
    const found = [];
    for (const root of document.querySelectorAll(".dlnotes-explorer")) {
      if (globalThis.Reveal) await turnTo(root);
      found.push(await drive(root, back));
    }
    return found;
  }

  // A picture without what the page itself sets: for the keyboard, to put wide rows below one another, and to
  // have it fill a slide.
  function bare(svg) {
    svg.removeAttribute("style");
    if (svg.matches(".dlnotes-row"))
      for (const node of [svg, ...svg.children])
        for (const name of ["viewBox", "width", "height", "x", "y"])
          if (node === svg || node.matches(".dlnotes-panel")) node.removeAttribute(name);
    for (const node of svg.querySelectorAll("*"))
      for (const name of ["tabindex", "data-lm-suppress-shortcuts", "aria-disabled"]) node.removeAttribute(name);
    return svg;
  }

  // The numbers of the kept pictures that are not the given ones.
  function compare(pictures) {
    const parse = (text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    return pictures.flatMap((text, i) => {
      if (text === null) return [];
      const same = text ? kept[i] && bare(kept[i]).isEqualNode(bare(parse(text))) : !kept[i];
      return same ? [] : [i];
    });
  }

  return { begin, compare };
})();
