"""The panels of a quadratic fitter say what was computed, in the right units."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from dlnotes.widgets import quadratic_picture as picture
from dlnotes.widgets.quadratic_fitter import QuadraticFitter


def result(*presses, **values):
    fitter = QuadraticFitter(**values)
    for name in presses:
        fitter.press(name)
    return SimpleNamespace(**fitter.compute(**fitter.values))


def words(svg):
    return "|".join(ElementTree.fromstring(svg).itertext())


@pytest.mark.parametrize(
    ("loss", "goal", "unit", "sign"),
    [
        ("squared", "error", "feet²", ""),
        ("huber", "error", "feet²", ""),
        ("absolute", "error", "feet", ""),
        ("squared", "reward", "feet²", "−"),
    ],
)
def test_an_error_has_its_unit_and_a_reward_its_sign(loss, goal, unit, sign):
    r = result(loss=loss, goal=goal)
    assert picture.amount(r, 12.0) == f"{sign}12 {unit}"


def test_huber_tells_its_delta():
    assert "δ = 12.8" in picture.measure(result(loss="huber"))
    assert "δ" not in picture.measure(result(loss="absolute"))


def test_the_table_has_a_row_for_each_search_that_was_tried():
    text = words(picture.draw_table(result("grid", "gradient", key=True)))
    for part in ("Grid search", "729", "Gradient descent", "61", "Answer key"):
        assert part in text
    assert "Random search" not in text


def test_the_map_names_what_it_holds():
    text = words(picture.draw_surface(result(surface="a1 a3", a2=7.5)))
    assert "Error over a₁ and a₃, at a₂ = 7.5" in text
    assert "Reward" in words(picture.draw_surface(result(goal="reward")))


def test_many_points_are_shown_but_not_dragged():
    own = "\n".join(f"{i} {i % 7}" for i in range(200))
    assert "data-pick" not in picture.draw_fit(result(data="own", own=own))
    assert "data-pick" in picture.draw_fit(result())
