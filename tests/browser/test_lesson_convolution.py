"""Lesson 07 as a reader meets it: hovering, stepping, pinning, typing into cells, drawing."""

import re

import pytest
from harness import opened, picture_text, run_all, says

LESSON = "07_convolution.ipynb"
CELLS = [
    "import dlnotes as dl\n\ndl.ConvExplorer(pixels=10)",
    'dl.ConvExplorer(data="drawing", pixels=14)',
    'dl.ConvExplorer(data="numbers", pixels=6)',
    "dl.FilterDial()",
]


@pytest.fixture(scope="module")
def page(lab, chromium):
    return opened(lab, chromium, "convolution", CELLS)


def explorer_of(page, index):
    explorer = page.locator(".dlnotes-explorer").nth(index)
    explorer.scroll_into_view_if_needed()
    return explorer


def over(page, element, col, row, n):
    """The pointer in the middle of a cell of an n × n grid."""
    box = element.bounding_box()
    side = box["width"] / n
    page.mouse.move(box["x"] + (col + 0.5) * side, box["y"] + (row + 0.5) * side)


def active(page):
    return page.evaluate("document.activeElement.dataset.pick")


def test_the_lesson_runs_without_an_error(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page)
    page.wait_for_timeout(1000)
    assert page.faults == []
    assert page.locator(".dlnotes-explorer").count() >= 20
    assert page.locator(".dlnotes-error:visible").count() == 0
    unlabelled = page.evaluate(
        """() => [...document.querySelectorAll(
            '.dlnotes-explorer input, .dlnotes-explorer select, .dlnotes-explorer textarea')]
            .filter(e => ![...e.labels].map(l => l.textContent.trim()).join('')).length"""
    )
    assert unlabelled == 0
    page.close()


def test_hovering_shows_the_arithmetic_of_a_cell_and_a_click_pins_it(page):
    explorer = explorer_of(page, 0)
    output = explorer.locator('[data-pick="output"]')
    over(page, output, 4, 2, 8)
    says(explorer, "Output cell row 2, column 4: 3×3 products")
    over(page, output, 6, 5, 8)
    says(explorer, "Output cell row 5, column 6: 3×3 products")
    page.mouse.down()
    page.mouse.up()
    explorer.locator('input[type="checkbox"]:checked').first.wait_for()
    over(page, output, 1, 1, 8)
    page.wait_for_timeout(400)
    says(explorer, "Output cell row 5, column 6: 3×3 products")


def test_arrow_keys_walk_over_the_output(page):
    explorer = explorer_of(page, 0)
    explorer.locator('[data-pick="output"]').focus()
    page.keyboard.press("Home")
    says(explorer, "row 0, column 0:")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    says(explorer, "row 1, column 1:")
    assert active(page) == "output"


def test_a_weight_is_typed_by_keyboard_alone(page):
    explorer = explorer_of(page, 0)
    explorer.locator('[data-pick="weight:0"]').focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.dataset.pick === 'weight:3'")
    page.keyboard.type("-2.5")
    explorer.locator("title", has_text="Weight row 1, column 0: −2.5").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.dataset.pick === 'weight:4'")
    page.keyboard.press("7")
    explorer.locator("title", has_text="Weight row 1, column 1: 7").wait_for(state="attached")
    assert active(page) == "weight:4"
    slider = explorer.get_by_label("Cell's weight", exact=True)
    page.wait_for_function("slider => slider.value === '7'", arg=slider.element_handle())


def test_a_cell_is_chosen_by_mouse_and_changed_by_the_slider(page):
    explorer = explorer_of(page, 0)
    explorer.locator('[data-pick="weight:8"]').click()
    slider = explorer.get_by_label("Cell's weight", exact=True)
    page.wait_for_function("slider => slider.value === '0'", arg=slider.element_handle())
    slider.focus()
    page.keyboard.press("ArrowRight")
    explorer.locator("title", has_text="Weight row 2, column 2: 0.5").wait_for(state="attached")


def test_an_image_is_drawn(page):
    explorer = explorer_of(page, 1)
    before = picture_text(explorer)
    box = explorer.locator('[data-pick="pad"]').bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=12)
    page.mouse.up()
    page.wait_for_function(
        "([root, old]) => root.querySelector('.dlnotes-picture').innerHTML !== old",
        arg=[explorer.element_handle(), before],
    )
    page.wait_for_timeout(300)
    values = explorer.locator("text").all_text_contents()
    assert sum(bool(re.fullmatch(r"0\.\d+|1", value)) for value in values) > 10
    explorer.get_by_role("button", name="Clear the drawing").click()
    page.wait_for_function(
        "([root, old]) => root.querySelector('.dlnotes-picture').innerHTML.length <= old + 200",
        arg=[explorer.element_handle(), len(before)],
    )


def test_numbers_are_typed_into_the_image(page):
    explorer = explorer_of(page, 2)
    explorer.locator('[data-pick="pixel:0"]').click()
    page.keyboard.type("5")
    explorer.locator("title", has_text="Input row 0, column 0: 5").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.dataset.pick === 'pixel:1'")


def test_the_dial_is_dragged_and_turned_by_keys(page):
    explorer = explorer_of(page, 3)
    dial = explorer.locator('[data-pick="dial"]')
    box = dial.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 30, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=6)
    page.mouse.up()
    says(explorer, "rises towards 90°")
    page.keyboard.press("ArrowUp")
    says(explorer, "rises towards 95°")


def test_in_a_narrow_window_panels_stand_in_rows(page):
    wide = page.viewport_size
    page.set_viewport_size({"width": 800, "height": 900})
    page.wait_for_timeout(500)
    explorer = explorer_of(page, 0)
    panels = explorer.locator("svg.dlnotes-row > svg.dlnotes-panel")
    boxes = [panels.nth(i).bounding_box() for i in range(panels.count())]
    page.set_viewport_size(wide)
    image, sums, output = boxes
    assert image["y"] == output["y"]
    assert output["x"] >= image["x"] + image["width"]
    assert sums["y"] >= image["y"] + max(image["height"], output["height"])
    page.wait_for_timeout(500)
    boxes = [panels.nth(i).bounding_box() for i in range(panels.count())]
    assert len({box["y"] for box in boxes}) == 1


def test_nothing_went_wrong_on_the_way(page):
    assert page.faults == []
    assert page.locator(".dlnotes-error:visible").count() == 0
