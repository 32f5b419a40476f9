"""Composed curves: their bumps against theory and against brute force; degrees of formulas."""

import numpy as np
import pytest

from dlnotes.composition import cuts, extremes, iterates, polynomial_degree, sampled_turns
from dlnotes.formula import Formula, FormulaError

DEPTH = 7


def peaks(text, low, high, depth=DEPTH):
    return [found.peaks.size for found in cuts(Formula(text), low, high, depth)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("4*x*(1-x)", 0, 1), ("1-abs(2*x-1)", 0, 1), ("2-x**2", -2, 2), ("6*x*(1-x)", 0, 1)],
)
def test_bumps_double_with_every_layer(text, low, high):
    found = cuts(Formula(text), low, high, DEPTH)
    assert [cut.peaks.size for cut in found] == [2**n for n in range(DEPTH)]
    assert [cut.hollows.size for cut in found] == [2**n - 1 for n in range(DEPTH)]
    assert all(cut.complete for cut in found)


def test_the_bumps_of_the_logistic_map_stand_where_theory_puts_them():
    """With x = sin²(θ), f∘…∘f is sin²(2ⁿ·θ)."""
    found = cuts(Formula("4*x*(1-x)"), 0, 1, 6)[-1]
    angles = (2 * np.arange(32) + 1) * np.pi / 2 / 2**6
    np.testing.assert_allclose(found.x[found.peaks], np.sin(angles) ** 2, atol=1e-9)
    np.testing.assert_allclose(found.y[found.peaks], 1, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "low", "high", "depth"),
    [
        ("sin(3*x)", -2, 2, 4), ("x**3-2*x", -2, 2, 5), ("cos(pi*x)", -2, 2, 5),
        ("x**2-1", -2, 2, 5), ("3.3*x*(1-x)", 0, 1, 6),
        ("sqrt(x)", -2, 2, 3), ("exp(x)", -2, 2, 5), ("log(x)", -2, 2, 3),
        ("x", 0, 1, 3), ("0*x", 0, 1, 2), ("relu(x)-3*relu(x-0.5)", 0, 1, 5),
    ],
)  # fmt: skip
def test_bumps_are_those_of_a_very_fine_grid(text, low, high, depth):
    grid = np.linspace(low, high, 100_001)
    heights = iterates(Formula(text), grid, depth)
    wanted = [extremes(heights[n], 1e-9 * (high - low))[0].size for n in range(1, depth + 1)]
    assert peaks(text, low, high, depth) == wanted


def test_a_bump_narrower_than_any_grid_is_counted():
    assert peaks("4*x*(1-x)", 0, 1, 10)[-1] == 512
    first = cuts(Formula("4*x*(1-x)"), 0, 1, 10)[-1]
    assert first.x[first.peaks[0]] < 3e-6


def test_jumps_and_poles_are_no_bumps():
    assert peaks("floor(3*x)", 0, 2, 3) == [0, 0, 0]
    assert peaks("1/x", -2, 2, 3) == [0, 0, 0]
    assert peaks("1/(x-0.3)", -2, 2, 1) == [0]
    assert peaks("tan(x)", -2, 2, 1) == [0]


@pytest.mark.parametrize(
    ("text", "low", "high", "bumps", "breaks"),
    [
        ("1/x", -2, 2, [0, 0, 0], [1, 1, 1]),
        ("1/x**2", -2, 2, [0, 0, 0], [1, 1, 1]),
        ("x-1/x", -5, 5, [0] * 6, [1, 3, 7, 15, 31, 63]),  # rising between its poles, all levels
        ("1/(x**2-2)", -2, 2, [1, 1, 1], [2, 6, 14]),
        ("log(abs(x))", -1, 1, [0, 0, 0], [1, 1, 3]),
        ("2*x-sign(x)", -1, 1, [0, 0, 0], [1, 3, 7]),
        ("3*x-floor(3*x)", 0.01, 0.99, [0, 0], [2, 8]),
        ("floor(3*x)", -1, 1.1, [0, 0], [6, 6]),  # a plateau at a jump's place is no jump
        ("tan(x)", -2, 2, [0], [2]),
    ],
)
def test_where_a_curve_breaks_nothing_is_counted(text, low, high, bumps, breaks):
    found = cuts(Formula(text), low, high, len(bumps))
    assert all(cut.complete for cut in found)
    assert [cut.peaks.size for cut in found] == bumps
    assert [cut.breaks.size for cut in found] == breaks


@pytest.mark.parametrize(
    ("text", "depth"), [("sin(20*x)", 6), ("tan(x)", 5), ("sin(1/x)", 1), ("1/sin(3*x)", 3)]
)
def test_too_many_to_count_is_said(text, depth):
    assert cuts(Formula("sin(20*x)"), 0, 1, 1)[0].complete
    assert not cuts(Formula(text), 0, 1, depth)[-1].complete


def test_a_low_curve_has_its_bump_all_the_same():
    assert peaks("0.16*x*(1-x)", 0, 1, 10) == [1] * 10


def test_a_constant_has_no_turn_and_no_jump():
    turns, breaks, seen = sampled_turns(Formula("0*x"), -1, 1, (-1, 1))
    assert turns.size == breaks.size == 0
    assert seen


def test_known_turning_points_need_no_samples():
    found = cuts(lambda x: 4 * x * (1 - x), 0, 1, 4, lambda low, high: np.array([0.5]))
    assert [cut.peaks.size for cut in found] == [1, 2, 4, 8]


def test_between_two_cuts_the_curve_rises_or_falls():
    found = cuts(Formula("sin(3*x)"), -2, 2, 3)[-1]
    for a, b in zip(found.x[:-1], found.x[1:], strict=True):
        step = np.diff(iterates(Formula("sin(3*x)"), np.linspace(a, b, 20), 3)[-1])
        assert (step <= 1e-9).all() or (step >= -1e-9).all()


def test_iterates_stay_numbers():
    found = iterates(Formula("x**2"), [0.5, 3.0, -2.0], 12)
    assert found.shape == (13, 3)
    assert found[3].tolist() == [0.5**8, 3.0**8, 2.0**8]
    assert found[-1].tolist() == [0.5**4096, 1e300, 1e300]
    assert np.isnan(iterates(Formula("1/x"), [0.0], 1)[1]).all()


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("x", 1), ("3", 0), ("-x**2", 2), ("+x**2", 2), ("x*x*x/2", 3), ("(x+1)**2-x**2", 1),
        ("x-x", 0), ("sin(2)*x**2+pi", 2), ("2**3*x", 1), ("(x**2)**3", 6), ("(1+x)**0", 0),
        ("x*(1-x)*4", 2), ("(x**10)**10", 100),
        ("2**x", None), ("x**-1", None), ("x**0.5", None), ("abs(x)", None), ("1/x", None),
        ("x/0", None), ("sin(x)*x", None), ("x*cos(x)", None), ("(x**60)**9", None),
        ("x**100*x**100*x**100", None), ("-abs(x)", None),
    ],
)  # fmt: skip
def test_the_degree_of_a_formula(text, degree):
    assert polynomial_degree(text) == degree


def test_what_is_no_formula_has_no_degree():
    with pytest.raises(FormulaError):
        polynomial_degree("x +")
