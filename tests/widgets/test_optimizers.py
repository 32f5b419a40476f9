"""The optimisers that explorers run go where the textbook says."""

import numpy as np
import pytest
from reference import optimizer_path

from dlnotes.widgets.optimizers import MAKERS, OPTIMIZERS, descend, descend_together


def slope(place):
    x, y = place
    return [x / 10, 2 * y]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("rate", [0.01, 0.3])
def test_each_goes_where_its_formula_says(name, rate):
    path = descend(name, (-7.0, 2.0), slope, rate, 25)
    wanted = optimizer_path(name, slope, (-7.0, 2.0), rate, 25)
    np.testing.assert_allclose(path, wanted, rtol=1e-9, atol=1e-12)


def test_every_name_has_a_maker():
    assert set(MAKERS) - set(OPTIMIZERS) == {"uncorrected"}


@pytest.mark.parametrize("bound", [50.0, np.inf])
def test_what_runs_away_ends_at_the_first_place_out_of_bounds(bound):
    path = descend("sgd", (-7.0, 2.0), lambda place: -100 * place, 1.0, 400, bound)
    inside = np.abs(path[:-1]).max(axis=1) <= bound
    assert inside.all()
    assert not np.abs(path[-1]).max() <= bound or len(path) == 401
    assert len(path) < 401


def test_the_start_is_left_as_it_was():
    start = np.array([1.0, 2.0])
    path = descend("adam", start, slope, 0.1, 0)
    np.testing.assert_array_equal(path, [[1.0, 2.0]])
    descend("adam", start, slope, 0.1, 3)
    np.testing.assert_array_equal(start, [1.0, 2.0])


def test_together_each_goes_as_if_alone():
    runners = [("sgd", 0.1), ("adam", 0.3), ("sgd", 30.0), ("rmsprop", 0.01)]

    def slopes(places):
        return np.array([slope(place) for place in places])

    together = descend_together(runners, (-7.0, 2.0), slopes, 20, 1e4)
    assert [len(path) for path in together] == [21, 21, 4, 21]
    for (name, rate), path in zip(runners, together, strict=True):
        np.testing.assert_array_equal(path, descend(name, (-7.0, 2.0), slope, rate, 20, 1e4))
