"""The arc that lights follows the dial, as the cosine of the angle between."""

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.filter_dial import ANGLES, RADIUS, FilterDial, N, image_of, rays


def shown(**values):
    dial = FilterDial(**values)
    return dial.compute(**dial.values)


def apart(one, other):
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("angle", [0, 45, 90, 135, 225, 300])
@pytest.mark.parametrize("size", [3, 5, 7])
def test_a_dark_disc_lights_where_the_filter_points(angle, size):
    result = shown(angle=angle, size=size)
    assert apart(result["best"], angle) <= 15
    assert apart(result["worst"], angle + 180) <= 15


@pytest.mark.parametrize("angle", [30, 210])
def test_a_bright_disc_lights_on_the_other_side(angle):
    result = shown(angle=angle, image="bright")
    assert apart(result["best"], angle + 180) <= 15


def test_a_line_lights_twice():
    result = shown(image="line", angle=0)
    largest = dict(zip(ANGLES.tolist(), result["largest"].tolist(), strict=True))
    assert min(largest[0], largest[180]) > 3 * max(largest[90], largest[270])


def test_the_response_is_nearly_a_cosine():
    result = shown(angle=60)
    signed = result["largest"] + result["smallest"]
    cosine = np.cos(np.radians(ANGLES - 60))
    assert np.corrcoef(signed, cosine)[0, 1] > 0.98
    assert np.abs(signed / np.abs(signed).max() - cosine).max() < 0.25


def test_the_response_is_the_textbooks():
    result = shown(angle=75, size=5)
    wanted = reference.conv2d(result["x"][None, None], result["weights"][None, None], np.zeros(1))
    np.testing.assert_allclose(result["y"], wanted[0, 0], atol=1e-12)
    rows, cols = rays(5)
    assert min(rows.min(), cols.min()) >= 0
    assert max(rows.max(), cols.max()) < len(result["y"])


def test_the_images_are_what_they_are_called():
    dark, bright, line = (image_of(name) for name in ("dark", "bright", "line"))
    np.testing.assert_allclose(dark, 1 - bright)
    assert bright[N // 2, N // 2] == 1
    assert bright.sum() == pytest.approx(np.pi * RADIUS**2, rel=0.02)
    assert line[N // 2, N // 2] == 0


def test_the_dial_is_turned_by_pointer_and_by_key():
    dial = FilterDial(angle=0)
    page = Page(dial)
    page.pick("dial", "drag", x=0.0, y=0.9)
    assert dial.angle == 90
    page.pick("dial", "drag", x=-0.5, y=-0.5)
    assert dial.angle == 225
    page.pick("dial", "key", key="ArrowUp")
    assert dial.angle == 230
    dial.angle = 0
    page.pick("dial", "key", key="ArrowRight")
    assert dial.angle == 355
    page.pick("dial", "drop")
    page.pick("image", "click", x=0, y=0)
    assert dial.angle == 355


def test_what_is_said():
    dial = FilterDial(angle=90)
    assert "rises towards 90°" in dial._frame["says"]
    assert repr(dial).startswith("FilterDial(angle=90, largest=")


@pytest.mark.parametrize(("angle", "best", "worst"), [(0, 0, 180), (90, 90, 270)])
def test_of_a_plateau_the_middle_is_said(angle, best, worst):
    said = FilterDial(angle=angle)._frame["says"]
    assert f"at {best}°, and smallest" in said
    assert said.endswith(f"at {worst}°.")


@pytest.mark.parametrize("image", ["dark", "line"])
def test_everything_can_be_moved(image):
    dial = FilterDial(image=image)
    check_frame(dial, dial._frame)
    assert move_everything(dial, np.random.default_rng(0)) > 15
