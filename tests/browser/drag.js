// Moves a slider 125 times a second for some seconds, as a hand would, and counts what is painted.
async (root, [label, seconds]) => {
  const { slider, changes, says } = root.dlnotesProbe;
  const input = slider(label);
  const [low, high] = [Number(input.min), Number(input.max)];
  const start = performance.now();
  let last = 0;
  let share = 0;
  while (performance.now() - start < 1000 * seconds) {
    share = (share + 0.007) % 1;
    input.value = low + share * (high - low);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    last = performance.now();
    await new Promise((done) => setTimeout(done, 8));
  }
  await new Promise((done) => setTimeout(done, 1500));
  const wanted = `a₁ = ${Number(input.value)}`.replace("-", "−");
  const during = changes.filter((change) => change.at >= start && change.at <= last);
  return {
    rate: during.length / seconds,
    settled: Math.max(0, changes.at(-1).at - last),
    right: says.textContent.replace("-", "−").includes(`${wanted},`),
    says: says.textContent,
    wanted,
  };
}
