"""An exported lesson, from a file and without a network: everything in it moves, and rightly."""

import statistics
from pathlib import Path

import nbformat
import pytest
from driver import Page, run_cells

from dlnotes import export
from dlnotes.export.answers import is_judged_in_page
from dlnotes.export.recorder import record_all
from dlnotes.export.running import VIEW, Lecture
from dlnotes.lessons.course_map import CourseMap
from dlnotes.lessons.lesson import LESSONS
from dlnotes.widgets.controls import Button

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
IN_EVERY_SUITE = ("00_start_here", "02_fitting_a_function")
PROBE = Path(__file__).with_name("exported.js").read_text("utf-8")
BACK = "Back to the start"
LIMIT = 20  # ms from a slider to pixels, for 95 of 100 moves
SLACK = 4  # times what painting anything at all takes on a busy machine


def lessons():
    for name in ("00_start_here", *LESSONS):
        marks = [] if name in IN_EVERY_SUITE else [pytest.mark.slow]
        yield pytest.param(name, marks=marks, id=name)


@pytest.fixture(scope="module", params=lessons())
def told(request, chromium, tmp_path_factory):
    """A lesson that ran in this very process, and its explorers, still alive."""
    folder = tmp_path_factory.mktemp("lesson")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLNOTES_PROGRESS", str(folder / "progress.json"))
        patch.chdir(folder)
        return in_process(NOTEBOOKS / f"{request.param}.ipynb")


def in_process(path):
    notebook, explorers = nbformat.read(path, as_version=4), {}
    for cell, shown in run_cells(notebook, path.name):
        cell.outputs = []
        if shown is not None:
            key = f"explorer-{len(explorers)}"
            explorers[key] = shown
            data = {VIEW: {"model_id": key}}
            cell.outputs = [nbformat.v4.new_output("display_data", data)]
    recordings = record_all(explorers, size=export.MOST_BYTES, seconds=export.MOST_SECONDS)
    views = {key: {"recording": key} for key in explorers}
    lecture = Lecture(path.stem, NOTEBOOKS, notebook.cells, views, recordings)
    return lecture, list(explorers.values())


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a document from a file with the network off; any request or error is a fault."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    faults = []

    def open_text(text, query=""):
        path = tmp_path / "told.html"
        path.write_text(text, encoding="utf-8")
        allowed = ("data:", "blob:", path.as_uri())
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda asked: asked.url.startswith(allowed) or faults.append(asked.url))
        page.goto(path.as_uri() + query)
        page.wait_for_selector("html[data-alive]", timeout=60_000)
        return page

    yield open_text
    context.close()
    assert faults == []


@pytest.mark.parametrize("form", ["html", "slides"])
def test_everything_moves_and_shows_what_live_would_show(form, told, opened):
    lecture, explorers = told
    text = getattr(export, form)(lecture)
    assert len(text.encode()) < 8_000_000
    page = opened(text)
    roots = page.locator(".dlnotes-explorer")
    assert roots.count() == len(explorers)
    assert page.locator("input:not([type=file]), select, textarea").count() == labelled(page)
    page.evaluate(PROBE)
    driven = page.evaluate("back => window.dlnotesExported.begin(back)", BACK)
    floor = page.evaluate(FLOOR)
    pictures = []
    for explorer, steps in zip(explorers, driven, strict=True):
        pictures += expected(explorer, steps)
    # A picture of None is not compared, "" is none.
    wrong = page.evaluate("pictures => window.dlnotesExported.compare(pictures)", pictures)
    flat = [(type(explorers[i]).__name__, step) for i, steps in enumerate(driven) for step in steps]
    assert [flat[i] for i in wrong] == []
    times = [step["time"] for _name, step in flat if step.get("kind") == "range" and step["time"]]
    if len(times) > 20:
        late = statistics.quantiles(times, n=20)[-1]
        print(f"\n  {lecture.name}, {form}: {len(times)} moves, 95% painted within {late:.1f} ms")
        assert late <= max(LIMIT, SLACK * floor)


# Painting a picture that has hardly changed: what the browser takes by itself, 95 times of 100.
FLOOR = """async () => {
    const times = [];
    const pictures = [...document.querySelectorAll(".dlnotes-picture:has(svg)")];
    const picture = pictures.find((each) => each.checkVisibility()) ?? pictures[0];
    for (let i = 0; i < 40; i += 1) {
        await new Promise((done) => requestAnimationFrame(done));
        const start = performance.now();
        picture.style.opacity = 0.99 + 0.01 * (i % 2);
        await new Promise((done) => {
            const channel = new MessageChannel();
            channel.port1.onmessage = done;
            channel.port2.postMessage(0);
        });
        times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[38];
}"""


def labelled(page):
    return page.evaluate(
        """() => [...document.querySelectorAll("input:not([type=file]), select, textarea")]
            .filter((node) => node.labels.length && node.labels[0].textContent.trim()).length"""
    )


def expected(explorer, steps):
    """The pictures that the explorer itself shows where the page was; its sentences are compared
    here."""
    live, start = Page(explorer), explorer.values
    seen, measured = [], False
    explorer.update()  # to record a run is to carry it to its end
    for step in steps:
        if step["act"] == "back":
            reset(explorer, start)
            measured = False
        elif step["act"] == "move":
            measured = measured or measures(explorer, step["name"])
            move(live, step)
        frame = explorer._frame
        if not (measured or is_judged_in_page(explorer) or isinstance(explorer, CourseMap)):
            assert step["says"] == (frame["says"] or ""), (type(explorer).__name__, step)
        seen.append(None if measured else frame["picture"])
    reset(explorer, start)
    return seen


def reset(explorer, start):
    """Back to where it was, all at once: what follows from one value must not outdo another's.

    What would begin a run anew is left alone where it has not moved.
    """
    now, runs = explorer.values, getattr(explorer, "restarts", ())
    explorer.update(
        **{name: start[name] for name in start if name not in runs or now[name] != start[name]}
    )


def measures(explorer, name):
    """Whether it is a button that has another result each time, as a measurement has."""
    if not isinstance(explorer.controls[name], Button):
        return False
    first, second = (explorer.pressed(name, **explorer.values) for _press in range(2))
    return first != second


def move(live, step):
    """Do in the explorer what was done in the page."""
    name = step["name"]
    if isinstance(live.explorer.controls[name], Button):
        return live.press(name)
    return live.set(name, step["values"][name])
