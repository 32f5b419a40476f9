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

  // Ways to lay an explorer out: its picture below its controls, in some width, or beside them.
  const WAYS = [["", "100%"], ["", "82%"], ["", "68%"], ["", "56%"], ["beside", "100%"], ["beside", "76%"]];
  const [LETTERS, DRAWN] = [15, 12.5]; // pixels, of the controls and inside a picture

  function lay(fit, [way, width], picture) {
    fit.classList.toggle("beside", way === "beside");
    picture.style.width = width;
  }

  // How large the smallest letters are: those of the controls, or those in the picture.
  function legible(fit, space, way, picture) {
    lay(fit, way, picture);
    const share = largest(fit, space);
    const natural = Number(picture.getAttribute("width"));
    return Math.min(LETTERS * share, (DRAWN * share * picture.clientWidth) / natural);
  }

  function shrink(section) {
    const fit = section?.querySelector(":scope > .fit");
    if (!fit || !fit.offsetParent) return;
    const space = room(section);
    const picture = fit.querySelector(".dlnotes-picture > svg");
    if (!picture) return largest(fit, space);
    const found = WAYS.map((way) => legible(fit, space, way, picture));
    lay(fit, WAYS[found.indexOf(Math.max(...found))], picture);
    largest(fit, space);
  }

  const everySlide = () => document.querySelectorAll(".slides > section > section");
  const current = () => shrink(Reveal.getCurrentSlide());
  const printing = () => document.documentElement.matches(".print-pdf, .reveal-print");
  const again = () => (printing() ? everySlide().forEach(shrink) : current());

  // What a reader does may make a slide taller, as a verdict does; never smaller under their hand.
  function watch() {
    const section = Reveal.getCurrentSlide();
    const fit = section?.querySelector(":scope > .fit");
    if (fit && fit.getBoundingClientRect().height / Reveal.getScale() > room(section) + 2) current();
  }

  Reveal.initialize({
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    minScale: 0.2,
    maxScale: 4,
    center: false,
    hash: true,
    transition: "none",
    backgroundTransition: "none",
    slideNumber: "c/t",
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    keyboardCondition: (event) => !inControl(event),
    plugins: [RevealNotes],
  }).then(again);
  for (const name of ["slidechanged", "pdf-ready", "resize"]) Reveal.on(name, again);
  document.addEventListener("dlnotes-alive", again);
  for (const name of ["input", "change", "click", "keyup", "pointerup"])
    document.addEventListener(name, () => setTimeout(watch, 60));
})();
