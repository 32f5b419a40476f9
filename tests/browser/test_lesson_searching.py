"""Lesson 03 as a reader meets it: it trains, steps and races, by mouse and by keyboard."""

import re

import pytest
from harness import run_all, says

LESSON = "03_searching_well.ipynb"


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page)
    page.wait_for_timeout(1000)
    return page


def explorer(page, kind, number=0):
    found = page.locator(f".dlnotes-{kind}").nth(number)
    found.scroll_into_view_if_needed()
    return found


def sentence(found):
    return found.locator(".dlnotes-says").inner_text()


def test_runs_without_an_error_or_a_line_on_stderr(page):
    outputs = page.locator(".jp-OutputArea-output")
    kinds = [outputs.nth(i).get_attribute("data-mime-type") for i in range(outputs.count())]
    assert not [kind for kind in kinds if kind and ("stderr" in kind or "error" in kind)]
    assert page.faults == []
    assert page.locator(".dlnotes-explorer").count() >= 18
    assert page.locator(".dlnotes-error:visible").count() == 0


def test_the_dial_trains_pauses_and_keeps_its_run(page):
    dial = explorer(page, "minibatchdial")
    dial.get_by_role("button", name="Play", exact=True).click()
    dial.locator(".dlnotes-says").filter(has_text=re.compile(r"rate 0.05: [1-9]")).wait_for()
    dial.get_by_role("button", name="Play again").wait_for(timeout=60_000)
    batch = dial.get_by_label("Batch size", exact=True)
    batch.focus()
    page.keyboard.press("End")
    says(dial, "batch 1,000, rate 0.05: 0 steps")
    label = dial.locator(".dlnotes-picture").get_by_text("batch 32, rate 0.05")
    assert label.count() == 2  # in both pictures
    assert batch.get_attribute("aria-valuetext") == "1000"
    page.keyboard.press("Home")
    says(dial, "batch 1, rate 0.05: 0 steps")


def test_back_propagation_is_stepped_by_keyboard_and_a_weight_moved(page):
    stepper = explorer(page, "backpropstepper")
    stepper.get_by_role("button", name="Next operation").focus()
    for step in range(1, 10):
        page.keyboard.press("Enter")
        says(stepper, f"operation {step} of 16")
    assert "Backward, operation 9 of 16: ∂L/∂y = 2·(y − t)" in sentence(stepper)
    stepper.locator('[data-pick="weight:3"]').focus()
    page.keyboard.press("Enter")
    weight = stepper.get_by_label("Value of w₂₁", exact=True)
    weight.wait_for()
    before = sentence(stepper)
    weight.focus()
    page.keyboard.press("PageUp")
    page.wait_for_function(
        "([e, old]) => e.textContent !== old",
        arg=[stepper.locator(".dlnotes-says").element_handle(), before],
    )


def test_the_start_of_the_race_is_dragged_and_moved_by_keys(page):
    race = explorer(page, "descentrace")
    start = race.locator('[data-pick="start:0"]')
    title = start.locator("title")
    assert title.text_content() == "Start: x −7, y 2"
    box = start.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=6)
    page.mouse.up()
    page.wait_for_function("e => e.textContent !== 'Start: x −7, y 2'", arg=title.element_handle())
    page.wait_for_timeout(500)
    dragged = title.text_content()
    start.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "([e, old]) => e.textContent !== old", arg=[title.element_handle(), dragged]
    )


def test_a_sweep_adds_its_picture(page):
    race = explorer(page, "descentrace", 1)
    race.get_by_role("button", name="Fair sweep").click()
    race.locator("svg.dlnotes-panel").nth(3).wait_for()
    assert race.get_by_text("The sweep: 21 rates, 150 steps each").count()
    assert page.faults == []
