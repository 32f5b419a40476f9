// The deck: reveal.js with our ways, and slides that shrink until nothing is cut off.

(() => {
  const [WIDTH, HEIGHT] = [1280, 720];
  const LEAST = 0.3; // of the letters' size

  // The keys of a control are its own; Escape lets go of it.
  const inControl = (event) => event.target.closest?.("select, textarea, input, [data-pick]");
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !event.target.closest?.(".dlnotes-explorer")) return;
      event.target.blur();
      event.stopPropagation();
    },
    true,
  );

  const room = (section) => {
    const style = getComputedStyle(section);
    return HEIGHT - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  };

  function scale(fit, share) {
    fit.style.width = `${100 / share}%`;
    fit.style.transform = share === 1 ? "" : `scale(${share})`;
  }

  // The largest letters with which all of it is on the slide.
  function largest(fit, space) {
    let [low, high] = [LEAST, 1];
    scale(fit, 1);
    if (fit.offsetHeight <= space) return 1;
    for (let k = 0; k < 7; k += 1) {
      const middle = (low + high) / 2;
      scale(fit, middle);
      if (fit.offsetHeight * middle <= space) low = middle;
      else high = middle;
    }
    scale(fit, low);
    return low;
  }

  // Ways to lay an explorer out: its picture below its controls, in some width, or beside them; its panels as
  // they were drawn, in one row, or below one another.
  const [DRAWN, ROW, COLUMN] = [0, 1e6, 1]; // the width that panels stand in
  const BELOW = ["100%", "95%", "91%", "86%", "82%", "75%", "68%", "62%", "56%"].map((width) => ["", width, DRAWN]);
  const BESIDE = ["100%", "76%"].map((width) => ["beside", width, DRAWN]);
  const IN_ROWS = [["", "100%", ROW], ["beside", "100%", COLUMN], ["beside", "76%", COLUMN]];
  const [LETTERS, SMALL] = [19, 12.5]; // pixels, about those of the controls, and inside a picture
  const OTHERS = 0.25; // what the larger letters count beside the smallest

  function lay(fit, [way, width, room], picture) {
    fit.classList.toggle("beside", way === "beside");
    picture.style.width = width;
    picture.parentElement.dataset.room = room;
    picture.parentElement.dispatchEvent(new Event("dlnotes-arrange"));
  }

  // How large the letters are: above all the smallest, be they those of the controls or those in the picture.
  function legible(fit, space, way, picture) {
    lay(fit, way, picture);
    const share = largest(fit, space);
    const natural = Number(picture.getAttribute("width"));
    const sizes = [LETTERS * share, Math.min(LETTERS, (SMALL * share * picture.clientWidth) / natural)];
    return Math.min(...sizes) + OTHERS * Math.max(...sizes);
  }

  function shrink(section) {
    const fit = section?.querySelector(":scope > .fit");
    if (!fit || !fit.offsetParent) return;
    const space = room(section);
    const picture = fit.querySelector(".dlnotes-picture > svg");
    if (!picture) return largest(fit, space);
    const panels = picture.matches(".dlnotes-row") ? picture.querySelectorAll(".dlnotes-panel").length : 1;
    const ways = [...BELOW, ...BESIDE, ...(panels > 1 ? IN_ROWS : [])];
    const found = ways.map((way) => legible(fit, space, way, picture));
    lay(fit, ways[found.indexOf(Math.max(...found))], picture);
    largest(fit, space);
  }

  const everySlide = () => document.querySelectorAll(".slides section:has(> .fit)");
  const current = () => shrink(Reveal.getCurrentSlide());
  const printing = () => document.documentElement.matches(".print-pdf, .reveal-print");
  const again = () => (printing() ? everySlide().forEach(shrink) : current());

  // On paper nobody presses Play: a run stands where it ended.
  async function alive() {
    again();
    if (!/print-pdf/i.test(location.search)) return; // reveal may not have set its class yet
    await onPages; // while reveal cuts the pages, the slides are in none of them
    for (const slider of document.querySelectorAll('input[type="range"][id$="-shown"]')) {
      slider.value = slider.max;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
    requestAnimationFrame(() => requestAnimationFrame(again)); // when their pictures stand
  }

  // What a reader does may make a slide taller, as a verdict does; never smaller under their hand.
  function watch() {
    const section = Reveal.getCurrentSlide();
    const fit = section?.querySelector(":scope > .fit");
    if (fit && fit.getBoundingClientRect().height / Reveal.getScale() > room(section) + 2) current();
  }

  // A slide without a heading says at its foot which one it stands under.
  function under() {
    let heading = "";
    for (const fit of document.querySelectorAll(".slides section > .fit")) {
      const [own] = [...fit.querySelectorAll("h1, h2")].slice(-1);
      if (own) heading = own.textContent;
      else if (heading) fit.parentElement.dataset.under = heading;
    }
  }

  under();
  Reveal.initialize({
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    minScale: 0.2,
    maxScale: 4,
    center: false,
    controlsTutorial: false,
    hash: true,
    transition: "none",
    backgroundTransition: "none",
    slideNumber: "c/t",
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    keyboardCondition: (event) => !inControl(event),
    plugins: [RevealNotes],
  }).then(again);
  const onPages = new Promise((done) => Reveal.on("pdf-ready", done));
  for (const name of ["slidechanged", "pdf-ready", "resize"]) Reveal.on(name, again);
  document.addEventListener("dlnotes-alive", alive);
  for (const name of ["input", "change", "click", "keyup", "pointerup"])
    document.addEventListener(name, () => setTimeout(watch, 60));
})();
