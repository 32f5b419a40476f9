"""The four surfaces are the textbooks', and a typed one is read, sloped and searched."""

import numpy as np
import pytest
from reference import numeric_gradient

from dlnotes.formula import FormulaError
from dlnotes.widgets.surfaces import OWN, SURFACES, contours_of, minima_of, straightened, surface_of

KNOWN = [name for name in SURFACES if name != OWN]
BY_DEFINITION = {
    "valley": lambda p: p[0] ** 2 / 20 + p[1] ** 2,
    "rosenbrock": lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
    "saddle": lambda p: p[0] ** 2 / 2 + (p[1] ** 2 - 1) ** 2 / 4,
    "himmelblau": lambda p: (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2,
}
BOTTOMS = {
    "valley": [(0, 0)],
    "rosenbrock": [(1, 1)],
    "saddle": [(0, -1), (0, 1)],
    "himmelblau": [(-3.779310, -3.283186), (-2.805118, 3.131313), (3, 2), (3.584428, -1.848127)],
}


def of(name):
    return surface_of(name, "", 3.0)


@pytest.mark.parametrize("name", KNOWN)
def test_heights_and_slopes_are_those_of_the_definition(name):
    surface, height = of(name), BY_DEFINITION[name]
    for place in np.random.default_rng(0).uniform(-2, 2, (20, 2)):
        assert surface.formula(*place) == pytest.approx(height(place))
        wanted = numeric_gradient(height, place.tolist())
        np.testing.assert_allclose(surface.slope(*place), wanted, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(surface.heights(place[None]), [height(place)])
        np.testing.assert_allclose(surface.slopes(place[None]), [wanted], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", KNOWN)
def test_the_bottoms_are_found(name):
    found = minima_of(of(name))
    order = np.lexsort((found[:, 1], found[:, 0].round(3)))
    np.testing.assert_allclose(found[order], BOTTOMS[name], atol=1e-4)
    assert of(name).lowest == 0.0
    np.testing.assert_allclose(of(name).heights(found), 0, atol=1e-7)


def test_the_saddle_is_one():
    surface = of("saddle")
    assert surface.slope(0.0, 0.0) == (0, 0)
    assert surface.formula(0.1, 0) > surface.formula(0, 0) > surface.formula(0, 0.1)


@pytest.mark.parametrize("text", ["sin(x)*cos(y) + x*y/5", "exp(x/3) + abs(y - 0.3)", "x*0 + 3"])
def test_a_typed_slope_is_right(text):
    surface = surface_of(OWN, text, 2.0)
    for place in np.random.default_rng(1).uniform(-2, 2, (10, 2)):
        wanted = numeric_gradient(lambda p: surface.formula(*p), place.tolist())
        np.testing.assert_allclose(surface.slope(*place), wanted, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("text", "lowest", "bottoms"),
    [
        ("(x - 0.3)**2 + (y + 0.7)**2 - 5", -5.0, 1),
        ("x + y", -4.0, 0),
        ("log(x)", None, 0),
        ("7", 7.0, 0),
        ("abs(x - 0.5) + abs(y)", 0.0, 1),
        ("exp(100*x**2) + exp(300*y**4)", 2.0, 1),
        ("max(x, -3*x) + y**2 + x*y*0.1", None, 1),
        ("log(x*x + y*y)", None, 0),
        ("sin(3*x) + y**2", -1.0, 2),
        ("(1 - x)**2 + 100*(y - x**2)**2", 0.0, 1),
    ],
)
def test_the_lowest_value_of_a_typed_one_is_that_on_the_map(text, lowest, bottoms):
    surface = surface_of(OWN, text, 2.0)
    if lowest is not None:
        assert surface.lowest == pytest.approx(lowest, abs=1e-9)
    assert np.isfinite(surface.lowest)
    assert len(minima_of(surface)) == bottoms
    _x, _y, heights = surface.grid()
    assert surface.lowest <= np.nanmin(np.where(np.isfinite(heights), heights, np.nan))


def test_the_lines_stand_where_the_heights_are_equal():
    surface = of("valley")
    x, y = contours_of(surface)
    heights = surface.heights(np.column_stack([x, y]))
    lines = np.split(heights, np.flatnonzero(np.isnan(x)))
    assert len(lines) > 5
    for line in lines:
        line = line[np.isfinite(line)]
        if line.size:
            assert np.ptp(line) < 0.03 * np.nanmax(heights)


def test_lines_are_written_with_few_places():
    for name in KNOWN:
        x, y = contours_of(of(name))
        assert 100 < np.isfinite(x).sum() < 1000
    pieces = np.array([[0, 0], [1, 0], [2, 0], [np.nan, np.nan], [3, 3], [4, 4.5], [5, 4]])
    np.testing.assert_array_equal(straightened(pieces), np.delete(pieces, 1, axis=0))
    assert straightened(pieces[:2]).tolist() == pieces[:2].tolist()


@pytest.mark.parametrize("text", ["log(x)", "sqrt(x*y)", "x**0.5 + y", "sqrt(2 - x**2 - y**2)"])
def test_all_start_where_the_formula_has_a_value_and_a_slope(text):
    surface = surface_of(OWN, text, 3.0)
    assert np.isfinite([surface.formula(*surface.start), *surface.slope(*surface.start)]).all()
    assert surface_of(OWN, "x*y", 3.0).start == pytest.approx((-2.1, 1.5))


def test_what_is_no_surface_is_refused_in_words():
    with pytest.raises(FormulaError, match="something is missing after this"):
        surface_of(OWN, "x +", 3.0)
    with pytest.raises(ValueError, match="no value anywhere on the map"):
        surface_of(OWN, "log(-1 - x**2)", 3.0)


@pytest.mark.parametrize("text", ["1e300*x**2", "1e308*x", "-1e308*x**2", "exp(50*x**2)*1e100"])
def test_a_formula_that_goes_beyond_all_scales_is_refused_in_words(text):
    with pytest.raises(ValueError, match="goes beyond 1×10²⁹⁰: make the map smaller"):
        surface_of(OWN, text, 3.0)
