"""Counts are exact powers, the search is really run, and durations are in words."""

import itertools
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes import data
from dlnotes.pictures.svg import readable
from dlnotes.widgets.search_cost import (
    REACH,
    SIZES,
    SearchCost,
    descent_steps,
    in_words,
    run_grid,
    speed,
    waves,
)


def shown(explorer):
    return explorer.compute(**explorer.values)


def mean_squared_error(weights, size):
    """The error of a sum of `size` cosine waves, from its formula."""
    x, y = data.made_curve(rng=np.random.default_rng(0))
    turns = np.pi * (x - x.min()) / (x.max() - x.min())
    curve = sum(weight * np.cos(k * turns) for k, weight in enumerate(weights[:size]))
    return np.mean((curve - y) ** 2)


@pytest.mark.parametrize("points", [2, 5, 21])
def test_counts_are_exact_powers(points):
    explorer = SearchCost(points=points)
    assert shown(explorer)["grid"] == [points**3, points**6, points**9, points**12]
    explorer.parameters = 12
    assert f"{points} to the power 12 is {points**12:,} evaluations" in explorer._frame["says"]
    assert explorer.numbers(shown(explorer))["grid_evaluations"] == f"{points**12:,}"


@pytest.mark.parametrize("points", [2, 3, 6])
def test_the_grid_that_is_searched_finds_what_brute_force_finds(points):
    values = np.linspace(-REACH, REACH, points)
    places = list(itertools.product(values, repeat=3))
    least, tried = run_grid(3, points)
    assert tried == len(places) == points**3
    assert least == pytest.approx(min(mean_squared_error(place, 3) for place in places))


@pytest.mark.parametrize(
    ("parameters", "points", "tried"),
    [(3, 21, 9261), (6, 5, 15625), (9, 3, 19683), (12, 2, 4096)],
)
def test_small_grids_are_really_searched(parameters, points, tried):
    explorer = SearchCost(parameters=parameters, points=points)
    found = shown(explorer)["found"]
    assert found[1] == tried
    sentence = f" The grid was really searched: its best error is {readable(found[0])}"
    assert sentence in explorer._frame["says"]
    explorer.points = min(points + 1, 21)
    assert ("really searched" in explorer._frame["says"]) == (parameters == 3)


@pytest.mark.parametrize("size", SIZES)
def test_descent_comes_within_one_per_cent_in_that_many_steps(size):
    features, y = waves(size)
    best = np.linalg.lstsq(features, y, rcond=None)[0]
    least = mean_squared_error(best, size)
    weights, errors = np.zeros(size), []
    for _step in range(descent_steps(size) + 1):
        errors.append(mean_squared_error(weights, size))
        weights = weights - 0.5 * 2 * features.T @ (features @ weights - y) / y.size
    assert errors[-1] <= 1.01 * least
    assert (np.array(errors[:-1]) > 1.01 * least).all()
    assert shown(SearchCost())["descent"][SIZES.index(size)] == len(errors) - 1


def test_descents_cost_hardly_grows():
    steps = [descent_steps(size) for size in SIZES]
    assert min(steps) >= 1
    assert max(steps) < 20


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "less than a millisecond"),
        (0.00099, "less than a millisecond"),
        (0.001, "1.0 milliseconds"),
        (0.25, "250 milliseconds"),
        (1.5, "1.5 seconds"),
        (59.7, "60 seconds"),
        (90, "1.5 minutes"),
        (5400, "1.5 hours"),
        (36 * 3600, "1.5 days"),
        (400 * 86400, "1.1 years"),
        (2000 * 365.25 * 86400, "2,000 years"),
        (3.5e6 * 365.25 * 86400, "3.5 million years"),
        (1.2e10 * 365.25 * 86400, "12,000 million years"),
    ],
)
def test_durations_in_words(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.parametrize("size", SIZES)
def test_speeds_are_measured(size):
    assert 10 < speed(size) < 1e10


def test_pressing_measures_and_prices():
    explorer = SearchCost(points=10)
    assert "grid takes, here" not in explorer.svg()
    frame = Page(explorer).press("measure")
    check_frame(explorer, frame)
    assert len(explorer.speeds) == 4
    assert min(explorer.speeds) > 0
    explorer.speeds = [1e6] * 4
    text = "|".join(ElementTree.fromstring(explorer.svg()).itertext())
    assert "grid takes, here" in text
    for words in ("1.0 milliseconds", "1.0 seconds", "17 minutes", "12 days"):
        assert words in text
    assert SearchCost.from_state(explorer.state).svg() == explorer.svg()


def test_only_these_sizes_are_there():
    with pytest.raises(ValueError, match="“Parameters” takes a number from 3 to 12 in steps of 3"):
        SearchCost(parameters=4)


def test_everything_can_be_moved():
    assert move_everything(SearchCost(), np.random.default_rng(0)) > 10
