// Measures, inside the page, how an explorer's picture follows its slider. `root` is the explorer.
(root) => {
  const slider = (label) =>
    [...root.querySelectorAll("input[type=range]")].find((input) => input.labels[0].textContent === label);
  const picture = root.querySelector(".dlnotes-picture");
  const says = root.querySelector(".dlnotes-says");
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const changes = []; // when a changed picture stood on the screen
  const watcher = new MutationObserver(async () => {
    await painted();
    if (changes.at(-1)?.says !== says.textContent)
      changes.push({ at: performance.now(), says: says.textContent });
  });
  watcher.observe(picture, { subtree: true, childList: true, attributes: true, characterData: true });
  const inputs = [];
  root.addEventListener("input", (event) => inputs.push({ at: event.timeStamp, value: event.target.value }), true);
  return (root.dlnotesProbe = { slider, changes, inputs, picture, says });
};
