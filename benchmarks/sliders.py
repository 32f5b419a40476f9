"""How fast the pictures of all lessons follow their sliders, in JupyterLab and Chromium.

Run it alone on the machine: `python benchmarks/sliders.py` for all lessons, `… 07 08` for some.
Each slider that a reader meets is moved by twenty key presses and then dragged from end to end for
a second and a half; an explorer that runs by itself is started instead, and paused. One line each,
and at the end all key presses together.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.append(str(TOP / "tests" / "browser"))
from harness import Server, browser, run_all  # noqa: E402

PRESSES = 20
# Notes when a changed picture stands on the screen, and when a slider was moved.
PROBE = """root => {
    const seen = { pictures: [], inputs: [] };
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
        const now = performance.now();
        if (!(now - seen.pictures.at(-1) < 4)) seen.pictures.push(now);
    }))).observe(root.querySelector(".dlnotes-picture"),
        { subtree: true, childList: true, attributes: true, characterData: true });
    root.addEventListener("input", event => seen.inputs.push(event.timeStamp), true);
    root.seen = seen;
}"""
CLEAR = "root => { root.seen.pictures.length = root.seen.inputs.length = 0 }"
DELAYS = """root => root.seen.inputs
    .map((at, i) => [at, root.seen.inputs[i + 1] ?? Infinity])
    .map(([at, next]) => [root.seen.pictures.find(picture => picture > at), at, next])
    .filter(([picture, at, next]) => picture < next)
    .map(([picture, at]) => picture - at)"""
DRAG = """async (input) => {
    const root = input.closest(".dlnotes-explorer");
    const [low, high] = [Number(input.min), Number(input.max)];
    const start = performance.now();
    let [share, moves, old, last] = [0, 0, input.value, 0];
    while ((last = performance.now()) - start < 1500) {
        share = (share + 0.007) % 1;
        input.value = low + share * (high - low);
        moves += input.value !== old;
        old = input.value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(done => setTimeout(done, 8));
    }
    await new Promise(done => setTimeout(done, 1000));
    const shown = root.seen.pictures.filter(at => at >= start);
    return [shown.filter(at => at <= last).length / 1.5, moves / 1.5,
        Math.max(0, (shown.at(-1) ?? last) - last)];
}"""
PAUSE = """async (root) => {
    const button = [...root.querySelectorAll("button")].find(one => one.textContent === "Pause");
    if (!button) return 0;
    const start = performance.now();
    button.click();
    while (button.textContent === "Pause") await new Promise(done => setTimeout(done, 1));
    return performance.now() - start;
}"""


def opened(names: list[str]) -> Iterator:
    """Each of these lessons in JupyterLab, run from top to bottom."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        folder.mkdir()
        for name in names:
            shutil.copy(TOP / "notebooks" / name, folder)
        server = Server(folder, Path(place) / "home")
        try:
            with browser() as chromium:
                for name in names:
                    page = server.open(chromium, name)
                    run_all(page, 300)
                    page.wait_for_timeout(1500)
                    yield name[:2], page
                    page.close()
        finally:
            server.stop()


def ran(explorer) -> str:
    """Pictures a second of an explorer that runs by itself, and how soon it is paused."""
    explorer.get_by_role("button", name="Play", exact=True).first.click()
    explorer.page.wait_for_timeout(3000)
    rate = explorer.evaluate("root => 1000 * (root.seen.pictures.length - 1) / "
                             "(root.seen.pictures.at(-1) - root.seen.pictures[0])")  # fmt: skip
    return f"{rate:.0f} pictures a second by itself, paused after {explorer.evaluate(PAUSE):.0f} ms"


def late(delays: list[float]) -> float:
    return sorted(delays)[round(0.95 * (len(delays) - 1))]


def main(chosen: list[str]) -> None:
    lessons = sorted(path.name for path in (TOP / "notebooks").glob("*.ipynb"))
    every: list[float] = []
    met = set()
    for lesson, page in opened([name for name in lessons if not chosen or name[:2] in chosen]):
        for explorer in page.locator(".dlnotes-explorer").all():
            if not explorer.locator(".dlnotes-picture svg").count():
                continue
            kind = explorer.get_attribute("aria-label")
            explorer.scroll_into_view_if_needed()
            explorer.evaluate(PROBE)
            if (
                explorer.get_by_role("button", name="Play", exact=True)
                .filter(has_text="Play")
                .count()
            ):
                print(f"{lesson} {kind}: {ran(explorer)}", flush=True)
                continue
            for slider in explorer.locator("input[type=range]:enabled:visible").all():
                name = slider.evaluate("input => input.labels[0].textContent")
                if (lesson, kind, name) in met:
                    continue
                met.add((lesson, kind, name))
                explorer.evaluate(CLEAR)
                slider.focus()
                for press in range(PRESSES):
                    page.keyboard.press("ArrowRight" if press % 10 < 5 else "ArrowLeft")
                    page.wait_for_timeout(110)
                page.wait_for_timeout(300)
                delays = explorer.evaluate(DELAYS)
                every += delays
                rate, moves, settled = slider.evaluate(DRAG)
                said = f"{lesson} {kind}, {name}: "
                if delays:
                    said += f"key {statistics.median(delays):.0f} ms, 95% {late(delays):.0f} ms; "
                said += f"drag {rate:.0f} pictures a second of {moves:.0f} values, "
                print(said + f"settled after {settled:.0f} ms", flush=True)
    print(f"{len(met)} sliders, {len(every)} presses: median {statistics.median(every):.0f} ms, "
          f"95% {late(every):.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
