"""What the values of a quadratic fitter mean: its problem, its searches, its map."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.widgets import quadratic_search as search
from dlnotes.widgets.quadratic_fitter import QuadraticFitter


def values(**changes):
    return SimpleNamespace(**(QuadraticFitter().values | changes))


def test_moved_points_keep_the_units_and_ranges_of_the_originals():
    v = values()
    places = np.column_stack([search.original_of(v).x, 3 * search.original_of(v).y])
    v.points = places.tolist()
    problem, original = search.problem_of(v), search.original_of(v)
    assert (problem.middle, problem.spread, problem.bend) == (
        original.middle,
        original.spread,
        original.bend,
    )
    assert problem.y.max() == 3 * original.y.max()


@pytest.mark.parametrize(("name", "count"), [("grid", 729), ("random", 729), ("gradient", 61)])
def test_each_search_evaluates_what_it_says(name, count):
    path, errors, diverged = search.trace_of(values(search=name))
    assert path.shape == (count, 3)
    assert errors.shape == (count,)
    assert not diverged


def test_a_descent_that_ends_higher_than_it_began_has_run_away():
    _path, errors, diverged = search.trace_of(values(search="gradient", rate=0.345))
    assert diverged
    assert errors[-1] > errors[0]


def test_the_sliders_follow_only_a_search():
    assert search.follow(values(search="hand", step=9)) == {}
    assert search.follow(values(search="grid", step=0)) == {}
    followed = search.follow(values(search="gradient", step=1, start=[5.0, 1.0, 2.0]))
    assert followed == {"step": 1, "a1": 5.0, "a2": 1.0, "a3": 2.0}


def test_the_map_holds_the_third_parameter():
    v = values()
    found = search.surface(
        search.problem_of(v), search.original_of(v).box, np.array([1.0, 2.0, 3.0]), [0, 2], "error"
    )
    assert found["held"] == 2.0
    middle = search.SURFACE_POINTS // 2
    place = np.array([found["across"][middle], 2.0, found["up"][0]])
    assert found["values"][0, middle] == pytest.approx(search.problem_of(v).error(place))


def test_each_optimiser_has_a_rate_that_suits_the_error():
    assert search.good_rate("sgd", "absolute") == search.GOOD_RATE["absolute"]
    assert search.good_rate("nesterov", "squared") < search.good_rate("sgd", "squared")
    assert search.good_rate("adam", "huber") == search.good_rate("adam", "squared")
