"""Lesson 06 as a reader meets it: a network that learns while one watches, and digits by hand."""

import math
import os

import pytest
from harness import run_all, says

from dlnotes.widgets.sentences import a_digit

LESSON = "06_dense_layer.ipynb"
PICTURES_A_SECOND = 20
NOISE = 0.5  # of that is left where other programs share the machine


def arc(x, y, across, down, start, end, points=24):
    """Places on an ellipse, angles in parts of a turn, clockwise from three o'clock."""
    turns = [2 * math.pi * (start + (end - start) * i / points) for i in range(points + 1)]
    return [(x + across * math.cos(t), y + down * math.sin(t)) for t in turns]


def line(*places, points=10):
    found = []
    for (a, b), (c, d) in zip(places, places[1:], strict=False):
        steps = [i / points for i in range(points + 1)]
        found += [(a + (c - a) * t, b + (d - b) * t) for t in steps]
    return found


# How a hand writes them on the pad: strokes of places in 0–1, y downwards.
STROKES = {
    0: [arc(0.5, 0.5, 0.22, 0.34, -0.25, 0.78)],
    1: [line((0.38, 0.3), (0.54, 0.16), (0.52, 0.85))],
    2: [arc(0.5, 0.33, 0.2, 0.18, -0.47, 0.08) + line((0.64, 0.46), (0.3, 0.84), (0.74, 0.84))],
    3: [
        arc(0.47, 0.32, 0.19, 0.17, -0.42, 0.25)
        + arc(0.47, 0.66, 0.23, 0.19, -0.25, 0.42)
    ],
    4: [line((0.36, 0.16), (0.26, 0.56), (0.74, 0.54)), line((0.62, 0.2), (0.56, 0.86))],
    5: [
        line((0.7, 0.16), (0.36, 0.17), (0.33, 0.46)) + arc(0.47, 0.63, 0.23, 0.21, -0.36, 0.38)
    ],
    6: [
        arc(0.64, 0.6, 0.3, 0.46, -0.27, -0.5)
        + arc(0.5, 0.66, 0.17, 0.19, -0.5, 0.5)
    ],
    7: [line((0.28, 0.2), (0.72, 0.19), (0.44, 0.86))],
    8: [
        arc(0.5, 0.33, 0.17, 0.16, 0.2, -0.75)
        + arc(0.5, 0.67, 0.2, 0.18, -0.25, 0.75)
    ],
    9: [arc(0.48, 0.36, 0.19, 0.19, 0.0, -1.0) + line((0.67, 0.36), (0.62, 0.6), (0.54, 0.87))],
}  # fmt: skip


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page)
    page.wait_for_timeout(1000)
    return page


def explorer(page, kind, which=0):
    found = page.locator(f".dlnotes-{kind}").nth(which)
    found.scroll_into_view_if_needed()
    return found


def clear(draw):
    button = draw.get_by_role("button", name="Clear")
    if button.get_attribute("aria-disabled") == "false":
        button.click()
    says(draw, "Draw a digit")


def steady(page, element):
    """The element's place, once it has come to rest."""
    box = None
    while box != (box := element.bounding_box()):
        page.wait_for_timeout(400)
    return box


def write(page, pad, strokes):
    """Draw strokes with the pointer, as fast as a hand."""
    box = steady(page, pad)

    def at(place):
        return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]

    for stroke in strokes:
        page.mouse.move(*at(stroke[0]))
        page.mouse.down()
        for place in stroke[1:]:
            page.mouse.move(*at(place))
        page.mouse.up()


def at_last(page, element):
    """The element's text, once it has come to rest: on a busy machine the last points come late."""
    seen = [element.inner_text()]
    while len(seen) < 3 or len(set(seen[-3:])) > 1:
        page.wait_for_timeout(300)
        seen.append(element.inner_text())
    return seen[-1]


def test_nothing_goes_wrong(page):
    assert page.faults == []
    assert page.locator(".dlnotes-explorer").count() >= 18
    assert page.locator(".dlnotes-error:visible").count() == 0


def test_drawn_digits_are_read(page, capsys):
    """Each of 0–9, drawn with the pointer: at least nine are read rightly."""
    draw = explorer(page, "drawdigit")
    pad = draw.locator('[data-pick="pad"]')
    read = {}
    for digit, strokes in STROKES.items():
        clear(draw)
        write(page, pad, strokes)
        draw.locator(".dlnotes-says").filter(has_not_text="Draw a digit").wait_for()
        read[digit] = at_last(page, draw.locator(".dlnotes-says"))
    right = [
        digit
        for digit, said in read.items()
        if any(said.startswith(f"{opening} {a_digit(digit)}") for opening in ("I read", "Probably"))
        or said.startswith(f"Hard to say: {a_digit(digit)},")
    ]
    with capsys.disabled():
        print("\n  " + "\n  ".join(f"{digit}: {said}" for digit, said in read.items()))
    assert len(right) >= 9


def test_what_is_drawn_arrives_in_the_other_widget(page):
    draw, inside = explorer(page, "drawdigit"), page.locator(".dlnotes-denseexplorer").nth(1)
    before = inside.locator(".dlnotes-says").inner_text()
    clear(draw)
    write(page, draw.locator('[data-pick="pad"]'), STROKES[7])
    page.wait_for_function(
        "([e, old]) => e.textContent !== old",
        arg=[inside.locator(".dlnotes-says").element_handle(), before],
    )


def test_the_keyboard_draws_and_takes_back(page):
    draw = explorer(page, "drawdigit")
    clear(draw)
    draw.locator('[data-pick="pad"]').focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "Space", *["Shift+ArrowDown"] * 4):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    says(draw, " a 1")
    page.keyboard.press("Backspace")
    says(draw, "Draw a digit")


def test_a_hard_one_is_given(page):
    draw = explorer(page, "drawdigit")
    draw.get_by_role("button", name="Give me a hard one").click()
    says(draw, "The person who wrote it meant a")


def test_training_is_shown_and_answers(page, capsys):
    """It shows its pictures often enough, answers while it runs, and pauses at once."""
    monitor = explorer(page, "trainingmonitor")
    monitor.get_by_role("button", name="Start again").click()
    says(monitor, "Nothing learned yet")
    monitor.evaluate(
        """root => {
            root.seen = [];
            const watcher = new MutationObserver(() => root.seen.push(performance.now()));
            const all = { childList: true, characterData: true, subtree: true };
            watcher.observe(root.querySelector('.dlnotes-says'), all);
        }"""
    )
    monitor.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(1500)
    slider = monitor.get_by_label("Learning rate", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1500)
    monitor.get_by_role("button", name="Pause", exact=True).click()
    monitor.get_by_role("button", name="Play", exact=True).wait_for()
    seen = monitor.evaluate("root => root.seen")
    rate = len([at for at in seen if at < seen[0] + 2500]) / 2.5
    stopped = monitor.locator(".dlnotes-says").inner_text()
    page.wait_for_timeout(500)
    assert monitor.locator(".dlnotes-says").inner_text() == stopped
    with capsys.disabled():
        print(f"\n  {rate:.0f} pictures a second while training")
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        assert rate >= NOISE * PICTURES_A_SECOND


def test_a_cell_of_the_matrix_shows_its_pictures(page):
    monitor = explorer(page, "trainingmonitor")
    matrix = monitor.locator('[data-pick="confusion"]')
    box = steady(page, matrix)
    matrix.click(position={"x": 0.5 / 10 * box["width"], "y": 0.5 / 10 * box["height"]})
    monitor.locator("text").filter(has_text="0 read rightly: ").wait_for()
    page.keyboard.press("ArrowRight")
    monitor.locator("text").filter(has_text="0 taken for 1: ").wait_for()
    assert matrix.evaluate("element => element === document.activeElement")


def test_the_trap_runs_and_steps(page):
    trap = explorer(page, "relutrap")
    trap.get_by_role("button", name="One step").click()
    says(trap, "After 1 of 20 seeds")
