"""What a slider tells and asks: the page alone, with a source made up for it."""

import json

import pytest
from widgets.waves import Waves

from dlnotes.widgets.explorer import HERE

SOURCE = """
const waves = WAVES;
window.sent = [];
window.asked = [];
window.frame = { ...waves.frame };
window.source = {
  words: waves.words, title: "Waves", kind: "waves",
  controls: () => waves.controls,
  frame: () => window.frame,
  send(message) {
    window.sent.push(message);
    if (window.silent) return;
    const { view, number, name, value } = message;
    const values = { ...window.frame.values, [name]: value };
    window.frame = { ...window.frame, values, answers: [view, number] };
    setTimeout(() => this.hear());
  },
  peek: (name, values) => window.asked.push([name, values]),
  listen(onFrame, onAhead) { this.hear = onFrame; this.ahead = onAhead; return () => {}; },
};
"""


@pytest.fixture
def page(chromium):
    waves = Waves()
    known = {"frame": waves._frame, "controls": waves._controls, "words": waves._words}
    page = chromium.new_page()
    page.set_content("<body></body>")
    page.add_script_tag(content=SOURCE.replace("WAVES", json.dumps(known)))
    code = (HERE / "explorer.js").read_text(encoding="utf-8")
    page.add_script_tag(
        content=code + "\nwindow.mount = mount;\nmount(document.body, window.source);",
        type="module",
    )
    page.get_by_label("How many").wait_for()
    yield page
    page.close()


def test_the_first_press_is_asked_for_when_the_slider_takes_the_focus(page):
    page.wait_for_timeout(100)
    assert page.evaluate("window.asked") == []
    page.get_by_label("How many").focus()
    page.wait_for_timeout(100)
    ((name, values),) = page.evaluate("window.asked")
    assert name == "count"
    assert values == [4, 2]


def test_what_follows_from_a_move_is_shown_with_it_before_the_answer(page):
    page.evaluate(
        """() => {
            window.silent = true;
            const { frame, source } = window;
            const asked = { unseen: frame.unseen, values: { ...frame.values, count: 4 } };
            const picture = '<svg width="9" height="9"><title>four</title></svg>';
            const values = { ...asked.values, height: 2 };
            source.ahead({ ...frame, values, unseen: 7, asked, picture, says: "Four.",
                alone: "count", controls: source.controls() });
        }"""
    )
    page.get_by_label("How many").press("ArrowRight")
    assert page.locator(".dlnotes-says").text_content() == "Four."
    assert page.locator(".dlnotes-picture title").text_content() == "four"
    height = page.locator(".dlnotes-control", has=page.get_by_label("Height")).locator("output")
    assert height.text_content().startswith("2")
    assert page.evaluate("window.sent.map(({ value }) => value)") == [4]


def test_after_each_answer_the_neighbours_are_asked_for(page):
    page.get_by_label("How many").press("ArrowRight")
    page.wait_for_timeout(100)
    assert page.evaluate("window.asked.at(-1)") == ["count", [5, 3]]
    asked = page.evaluate("window.asked.length")
    page.get_by_role("button", name="Double").evaluate("button => button.click()")
    page.wait_for_timeout(100)
    assert page.evaluate("window.asked.length") == asked  # something else was touched


def test_a_value_that_is_known_is_not_told_again(page):
    slider = page.get_by_label("How many")

    def moved_to(value):
        slider.evaluate(
            """async (input, value) => {
                input.value = value;
                input.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((done) => setTimeout(done, 30));
            }""",
            value,
        )
        return [message["value"] for message in page.evaluate("window.sent")]

    assert moved_to(3) == []
    assert moved_to(5) == [5]
    assert moved_to(5) == [5]
    assert moved_to(3) == [5, 3]


def test_a_key_press_goes_to_another_value(page):
    """On a logarithmic scale of whole numbers, several places of a slider are the same value."""
    found = page.evaluate(
        """() => {
            const whole = { kind: "slider", label: "Whole", group: "", value: 4, minimum: 4,
                maximum: 64, step: 1.02, log: true, integer: true, unit: "" };
            const controls = { whole };
            const frame = { values: { whole: 4 }, picture: "<svg></svg>", says: "", alone: "" };
            const place = document.body.appendChild(document.createElement("div"));
            const values = [];
            window.mount(place, { words: window.source.words, title: "Whole", kind: "whole",
                controls: () => controls, frame: () => frame, listen: () => () => {},
                send: ({ value }) => values.push(value) });
            const input = place.querySelector("input");
            const press = (key) => input.dispatchEvent(new KeyboardEvent("keydown", { key }));
            for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowRight"]) press(key);
            return [values, Number(input.value)];
        }"""
    )
    values, place = found
    assert values == [5, 6, 7]
    assert round(2.718281828459045**place) == 7
