"""Lesson 05 as a reader meets it: a cobweb that is dragged, networks that learn as one looks."""

import pytest
from harness import picture_text, run_all, says

LESSON = "05_depth.ipynb"
SLIDE = 680  # pixels of a slide's 720 that an explorer may take


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page)
    page.wait_for_timeout(1000)
    return page


def explorer(page, name):
    found = page.locator(f".dlnotes-{name}")
    found.scroll_into_view_if_needed()
    return found


def test_runs_without_an_error_and_fits_a_slide(page):
    assert page.faults == []
    assert page.locator(".dlnotes-error:visible").count() == 0
    explorers = page.locator(".dlnotes-explorer")
    assert explorers.count() >= 17
    for i in range(explorers.count()):
        assert explorers.nth(i).bounding_box()["height"] <= SLIDE


def test_depth_is_moved_by_keys_and_x_by_mouse(page):
    composition = explorer(page, "compositionexplorer")
    composition.get_by_label("Times f", exact=True).focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    says(composition, "f put into itself, 4 times f: degree 16, 8 bumps between x = −2 and 2.")
    cobweb = composition.locator('[data-pick="start"]').nth(1)
    box = cobweb.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "slider => Math.abs(slider.value) < 0.05",
        arg=composition.get_by_label("Follow x =", exact=True).element_handle(),
    )


def test_layers_collapse_at_a_switch(page):
    collapse = explorer(page, "layercollapse")
    says(collapse, "10 layers with ReLU between them")
    collapse.get_by_label("ReLU between the layers").uncheck()
    says(collapse, "are one straight line")


def test_networks_learn_until_they_are_paused(page):
    nets = explorer(page, "widthvsdepth")
    nets.get_by_role("button", name="Play", exact=True).click()
    shown = nets.get_by_label("Picture shown", exact=True)
    page.wait_for_function("slider => Number(slider.value) > 10", arg=shown.element_handle())
    nets.get_by_role("button", name="Pause", exact=True).click()
    nets.get_by_role("button", name="Play", exact=True).wait_for()
    page.wait_for_timeout(300)
    stopped = shown.input_value()
    page.wait_for_timeout(500)
    assert shown.input_value() == stopped
    shown.focus()
    page.keyboard.press("Home")
    says(nets, "After 0 steps of training.")


def test_a_curve_is_drawn_by_mouse_and_by_keys(page):
    nets = explorer(page, "widthvsdepth")
    nets.get_by_label("Curve", exact=True).select_option("drawn")
    pad = nets.locator('[data-pick="pad:0"]')
    pad.wait_for()
    before = picture_text(nets)
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"], steps=9)
    page.mouse.up()
    changed = "([root, old]) => root.querySelector('.dlnotes-picture').innerHTML !== old"
    page.wait_for_function(changed, arg=[nets.element_handle(), before])
    page.wait_for_timeout(300)
    before = picture_text(nets)
    pad.focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_function(changed, arg=[nets.element_handle(), before])
    assert pad.evaluate("pad => pad === document.activeElement")
