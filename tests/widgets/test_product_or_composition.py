"""Two quadratics, multiplied and composed: one reaches every quartic, the other does not."""

import numpy as np
import pytest
from driver import check_frame, move_everything

from dlnotes.widgets.product_or_composition import ProductOrComposition, polynomial


def shown(explorer):
    return explorer.compute(**explorer.values)


def test_the_lesson_s_quartic():
    explorer = ProductOrComposition()
    explorer.press("best")
    check_frame(explorer, explorer._frame)
    result = shown(explorer)
    assert result["spread"] == pytest.approx(0.247, abs=5e-4)
    assert result["composed"].error == pytest.approx(0.076, abs=5e-4)
    assert result["composed"].error == pytest.approx(result["errors"].min(), abs=1e-4)
    assert explorer.axis == pytest.approx(result["best"].axis)
    assert "x⁴ − x² + 0.4x" in explorer._frame["says"]
    assert "error 0 (up to rounding). Composed" in explorer._frame["says"]
    assert "the best axis leaves 0.0763." in explorer._frame["says"]
    assert "product_is_exact=True" in repr(explorer)


def test_a_quartic_that_is_its_own_mirror_image_is_composed():
    explorer = ProductOrComposition(c1=0.0)
    explorer.press("best")
    assert explorer.axis == pytest.approx(0, abs=1e-4)
    assert shown(explorer)["composed"].error < 1e-6


def test_the_axis_is_dragged():
    explorer = ProductOrComposition()
    explorer.pick("axis", "drag", x=0.5, y=0.1)
    assert explorer.axis == 0.5
    explorer.pick("axis", "drag", x=9, y=0.1)
    assert explorer.axis == 3
    explorer.pick("axis", "key", key="ArrowLeft", big=True)
    assert explorer.axis == pytest.approx(2.7)
    explorer.pick("axis", "key", key="ArrowRight")
    assert explorer.axis == pytest.approx(2.73)
    explorer.pick("elsewhere", "drag", x=0, y=0)
    assert explorer.axis == pytest.approx(2.73)


def test_the_mirror_axis_is_drawn_where_it_is_in_the_picture():
    assert "its mirror axis" in ProductOrComposition(axis=0.9).svg()
    assert "its mirror axis" not in ProductOrComposition(axis=1.5).svg()


def test_polynomials_are_written_as_on_paper():
    assert polynomial((0, 0.4, -1, 0, 1)) == "x⁴ − x² + 0.4x"
    assert polynomial((-1, 0, -2)) == "−2x² − 1"
    assert polynomial((1, 1)) == "x + 1"
    assert polynomial((0, 0)) == "0"


def test_everything_can_be_moved():
    assert move_everything(ProductOrComposition(), np.random.default_rng(0)) > 20
