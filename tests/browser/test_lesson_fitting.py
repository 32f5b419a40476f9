"""Lesson 02 as a reader meets it: in JupyterLab, in Chromium, with mouse and keyboard."""

import base64
import io

import numpy as np
import pytest
from harness import picture_text, run_all, says
from PIL import Image

LESSON = "02_fitting_a_function.ipynb"
LIFT = "a₁"


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = lab.open(chromium, LESSON)
    run_all(page)
    page.wait_for_timeout(1000)
    return page


@pytest.fixture
def fitter(page):
    """The widget that has everything: sliders, searches and the loss surface."""
    explorer = page.locator(
        ".dlnotes-explorer", has=page.get_by_role("button", name="Random search")
    )
    explorer.scroll_into_view_if_needed()
    return explorer


def test_runs_without_an_error_or_a_line_on_stderr(page):
    outputs = page.locator(".jp-OutputArea-output")
    kinds = [outputs.nth(i).get_attribute("data-mime-type") for i in range(outputs.count())]
    assert not [kind for kind in kinds if kind and ("stderr" in kind or "error" in kind)]
    assert page.faults == []
    assert page.locator(".dlnotes-explorer").count() >= 15
    assert page.locator(".dlnotes-error:visible").count() == 0


def test_every_control_has_a_label(page):
    names = page.evaluate(
        """() => [...document.querySelectorAll(
            '.dlnotes-explorer input, .dlnotes-explorer select, .dlnotes-explorer textarea')]
            .map(e => [...e.labels].map(l => l.textContent.trim()).join(''))"""
    )
    assert len(names) > 30
    assert all(names)


def test_arrow_keys_move_the_curve(fitter):
    slider = fitter.get_by_label(LIFT, exact=True)
    slider.focus()
    before, value = picture_text(fitter), float(slider.input_value())
    for _press in range(4):
        fitter.page.keyboard.press("ArrowRight")
    fitter.page.wait_for_function(
        "([root, wanted]) => root.querySelector('.dlnotes-says').textContent.includes(wanted)",
        arg=[fitter.element_handle(), f"a₁ = {value + 2:g}"],
    )
    assert picture_text(fitter) != before
    assert slider.evaluate("slider => slider === document.activeElement")


def test_a_point_is_dragged_and_then_moved_by_keys(page):
    explorer = page.locator(
        ".dlnotes-explorer", has=page.get_by_role("button", name="Put the points back")
    ).first
    explorer.scroll_into_view_if_needed()
    point = explorer.locator('[data-pick="point:49"]')
    title = point.locator("title")
    label, box = title.text_content(), point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 20, y + 30, steps=8)
    page.mouse.up()
    page.wait_for_timeout(300)
    moved = point.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(-20, abs=2)
    assert moved["y"] - box["y"] == pytest.approx(30, abs=2)
    dragged = title.text_content()
    assert dragged != label
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "([title, old]) => title.textContent !== old", arg=[title.element_handle(), dragged]
    )
    assert point.evaluate("element => element === document.activeElement")
    page.keyboard.press("PageUp")
    assert page.evaluate("document.activeElement.dataset.pick") == "point:48"


def test_a_click_on_the_map_goes_there(fitter):
    says = fitter.locator(".dlnotes-says")
    before = says.inner_text()
    area = fitter.locator('[data-pick="surface"]')
    box = area.bounding_box()
    area.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    fitter.page.wait_for_function(
        "([e, old]) => e.textContent !== old", arg=[says.element_handle(), before]
    )
    assert "a₂ = 0," in says.inner_text()
    assert "a₁ = 45" in says.inner_text()


def test_a_search_is_replayed_by_its_play_button(fitter):
    fitter.get_by_role("button", name="Gradient descent").click()
    step = fitter.get_by_label("Evaluations shown", exact=True)
    fitter.page.wait_for_function("slider => !slider.disabled", arg=step.element_handle())
    fitter.get_by_role("button", name="Play: Evaluations shown").click()
    fitter.page.wait_for_timeout(600)
    between = int(step.input_value())
    assert 0 < between < 61
    fitter.get_by_role("button", name="Pause: Evaluations shown").click()


def test_a_check_is_answered_by_keyboard_alone(page):
    check = page.locator(".dlnotes-explorer", has=page.get_by_label("how many feet")).first
    field = check.get_by_role("textbox")
    field.focus()
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    says(check, "✗ a₃·u² is missing.")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("65")
    page.keyboard.press("Enter")
    says(check, "✓ Right.")


def test_a_prediction_is_revealed_only_after_the_commitment(page):
    predict = page.locator(
        ".dlnotes-explorer", has=page.get_by_role("button", name="Commit, then look")
    ).first
    assert not predict.locator(".dlnotes-picture").is_visible()
    commit = predict.get_by_role("button", name="Commit, then look")
    assert commit.get_attribute("aria-disabled") == "true"
    predict.get_by_role("radio").nth(1).check()
    commit.and_(page.locator("[aria-disabled=false]")).wait_for()
    commit.click()
    says(predict, "That is what a₂ does.")
    assert predict.locator(".dlnotes-picture svg").first.is_visible()
    assert predict.get_by_role("radio").first.is_disabled()


def test_bad_text_is_said_in_the_widget_and_mended(page):
    own = page.locator(".dlnotes-explorer", has=page.locator("textarea")).first
    own.scroll_into_view_if_needed()
    area = own.locator("textarea")
    good = area.input_value()
    area.fill("1,2\n2,oops\n3,4")
    own.get_by_role("alert").get_by_text("Line 2, “2,oops”, is not two numbers.").wait_for()
    area.fill(good + "7, 40\n")
    page.wait_for_function(
        "root => !root.classList.contains('dlnotes-stale')", arg=own.element_handle()
    )
    assert own.locator('[data-pick="point:6"]').count() == 1


def test_no_frame_on_the_screen_is_blank(page, fitter):
    """Every frame that Chromium paints while the map changes shows the whole map."""
    session, frames = page.context.new_cdp_session(page), []

    def keep(event):
        frames.append(event["data"])
        session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    fitter.get_by_label("a₃", exact=True).focus()
    fitter.scroll_into_view_if_needed()
    box = fitter.locator('[data-pick="surface"]').bounding_box()
    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "png"})
    for press in range(40):
        page.keyboard.press("ArrowRight" if press % 20 < 10 else "ArrowLeft")
        page.wait_for_timeout(40)
    session.send("Page.stopScreencast")
    assert len(frames) >= 10
    for frame in frames:
        picture = Image.open(io.BytesIO(base64.b64decode(frame))).convert("RGB")
        scale = picture.width / page.viewport_size["width"]
        left, top = box["x"] * scale, box["y"] * scale
        area = (left + 5, top + 5, left + box["width"] * scale - 5, top + box["height"] * scale - 5)
        pixels = np.asarray(picture.crop(tuple(map(int, area))))
        share_of_paper = (pixels.min(axis=-1) > 250).mean()
        assert share_of_paper < 0.15
