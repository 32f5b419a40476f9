"""Lesson 09 as a reader meets it: a network is hovered, clicked, painted, drawn to and repaired."""

import pytest
from harness import run_all, says

LESSON = "09_a_whole_network.ipynb"


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page, timeout=300)
    page.wait_for_timeout(1000)
    return page


def explorer(page, kind, which=0):
    found = page.locator(f".dlnotes-explorer.dlnotes-{kind}").nth(which)
    found.scroll_into_view_if_needed()
    return found


@pytest.fixture
def viewer(page):
    found = explorer(page, "networkviewer")
    found.locator("select").first.select_option("picture")
    found.get_by_role("button", name="Take my marks off").click()
    says(found, "It is “")
    return found


def place(element, across, down):
    """Where on the page that share of an element is."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def test_runs_without_an_error_or_a_line_on_stderr(page):
    outputs = page.locator(".jp-OutputArea-output")
    kinds = [outputs.nth(i).get_attribute("data-mime-type") for i in range(outputs.count())]
    assert not [kind for kind in kinds if kind and ("stderr" in kind or "error" in kind)]
    assert page.faults == []
    assert page.locator(".dlnotes-explorer").count() >= 18
    assert page.locator(".dlnotes-error:visible").count() == 0


def test_pointing_at_a_map_draws_lines_to_what_it_is_made_from(page, viewer):
    layer = viewer.locator('[data-pick="layer:4"]')
    drawn = viewer.locator(".dlnotes-lines path")
    page.mouse.move(*place(layer, 0.5, 0.5))
    page.wait_for_function(
        "root => root.querySelectorAll('.dlnotes-lines path').length === 8",
        arg=viewer.element_handle(),
    )
    before = drawn.first.get_attribute("d")
    page.mouse.move(*place(layer, 0.9, 0.5))
    page.wait_for_function(
        "([root, before]) => root.querySelector('.dlnotes-lines path').getAttribute('d') != before",
        arg=[viewer.element_handle(), before],
    )


def test_maps_and_numbers_are_chosen_by_mouse_and_by_keys(page, viewer):
    page.mouse.click(*place(viewer.locator('[data-pick="layer:4"]'), 0.03, 0.5))
    says(viewer, "Layer 3, map 0, row")
    page.mouse.click(*place(viewer.locator('[data-pick="map"]'), 0.02, 0.02))
    says(viewer, "Layer 3, map 0, row 0, column 0")
    page.keyboard.press("ArrowRight")
    says(viewer, "Layer 3, map 0, row 0, column 1")
    viewer.locator('[data-pick="layer:4"]').focus()
    page.keyboard.press("ArrowRight")
    says(viewer, "Layer 3, map 1, row 0, column 1")
    page.keyboard.press("ArrowDown")
    says(viewer, "Layer 4, map 1, row 0, column 1")
    assert page.evaluate("document.activeElement.dataset.pick") == "layer:5"
    page.keyboard.press("ArrowDown")
    says(viewer, "Layer 5, map 1, row 0, column 0")


def test_a_line_that_is_painted_has_no_gaps(page, viewer):
    whole = viewer.locator('[data-pick="input"]')
    x, y = place(whole, 0.1, 0.1)
    far, low = place(whole, 0.9, 0.1)
    before = viewer.locator(".dlnotes-says").inner_text()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(far, low, steps=3)
    page.mouse.up()
    page.wait_for_function(
        "([root, before]) => root.querySelector('.dlnotes-says').textContent !== before",
        arg=[viewer.element_handle(), before],
    )


def test_a_seven_is_drawn_and_read(page, viewer):
    viewer.locator("select").first.select_option("drawn")
    pad = viewer.locator('[data-pick="pad"]')
    pad.wait_for()
    page.mouse.move(*place(pad, 0.25, 0.2))
    page.mouse.down()
    page.mouse.move(*place(pad, 0.75, 0.2), steps=8)
    page.mouse.move(*place(pad, 0.4, 0.85), steps=8)
    page.mouse.up()
    says(viewer, "It reads “7”")


def test_a_network_that_is_broken_is_repaired_by_one_press(page):
    builder = explorer(page, "networkbuilder")
    slider = builder.get_by_label("Maps it gives")
    slider.focus()
    page.keyboard.press("ArrowRight")
    says(builder, "Layer 3 does not fit: 9 maps of 14 × 14 come in, and it expects 8.")
    builder.get_by_role("button", name="Repair: Let it expect 9").click()
    says(builder, "It fits")
    code = builder.get_by_label("The same as a line of code")
    assert "dl.Conv2d(9, 16, 5" in code.input_value()
    page.mouse.click(*place(builder.locator('[data-pick="row:7"]'), 0.2, 0.5))
    builder.get_by_label("Numbers it gives").wait_for()


def test_the_patch_follows_the_pointer(page):
    view = explorer(page, "occlusionview")
    cover = view.locator('[data-pick="place"]')
    page.mouse.move(*place(cover, 0.1, 0.1))
    says(view, "With the patch here")
    corner = view.locator(".dlnotes-says").inner_text()
    page.mouse.move(*place(cover, 0.5, 0.45), steps=4)
    page.wait_for_function(
        "([root, before]) => root.querySelector('.dlnotes-says').textContent !== before",
        arg=[view.element_handle(), corner],
    )
