"""The answer key is the best there is, the searches are what they say, and bad points are named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import mean_loss, numeric_gradient, polynomial_values

from dlnotes import data
from dlnotes.fitting import LOSSES, CurveFit, round_number
from dlnotes.kernels import polynomial

CARS = data.stopping_distances()


def units(fit, x):
    return (np.asarray(x) - np.mean(fit.x)) / np.std(fit.x)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("degree", [0, 1, 2, 4])
def test_a_fit_is_the_definition(loss, degree):
    fit = CurveFit(*CARS, degree, loss)
    parameters = np.linspace(30, -5, degree + 1)
    u = units(fit, fit.x).tolist()
    wanted = mean_loss(parameters, u, fit.y, loss, fit.bend)
    assert fit.error(parameters) == pytest.approx(wanted, rel=1e-12)
    assert fit.errors(np.stack([parameters] * 2)).tolist() == [fit.error(parameters)] * 2
    x = [0.0, 12.5, 40.0]
    wanted = polynomial_values(parameters, units(fit, x))
    np.testing.assert_allclose(fit.predict(parameters, x), wanted, 1e-12)
    wanted = numeric_gradient(
        lambda values: mean_loss(values, u, fit.y, loss, fit.bend), parameters
    )
    np.testing.assert_allclose(fit.gradient(parameters), wanted, 1e-6, 1e-6)


# The answer key


def test_the_best_squares_are_those_that_r_finds():
    """R: lm(dist ~ speed + I(speed^2), cars)."""
    speed = np.array([5.0, 15.0, 25.0])
    fit = CurveFit(*CARS)
    wanted = 2.47014 + 0.91329 * speed + 0.09996 * speed**2
    np.testing.assert_allclose(fit.predict(fit.best(), speed), wanted, atol=0.01)
    middle, spread = fit.middle, fit.spread
    a1, a2, a3 = fit.best()
    raw = [
        a1 - a2 * middle / spread + a3 * (middle / spread) ** 2,
        a2 / spread - 2 * a3 * middle / spread**2,
        a3 / spread**2,
    ]
    np.testing.assert_allclose(raw, [2.47014, 0.91329, 0.09996], atol=1e-5)
    assert fit.error(fit.best()) * 50 == pytest.approx(10825, abs=1)  # its residual sum of squares


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_nothing_nearby_is_better_than_the_best(loss, unit):
    fit = CurveFit(CARS[0], unit * CARS[1], loss=loss)
    best = fit.best()
    least = fit.error(best)
    rng = np.random.default_rng(0)
    for reach in (1e-3, 0.1, 10.0):
        nearby = best + unit * rng.uniform(-reach, reach, (200, 3))
        assert fit.errors(nearby).min() >= least * (1 - 1e-12)
    np.testing.assert_allclose(best / unit, CurveFit(*CARS, loss=loss).best(), 1e-6)


points = st.lists(st.tuples(*[st.integers(-20, 20)] * 2), min_size=3, max_size=8)


@settings(deadline=None, max_examples=40)
@given(points.filter(lambda pairs: len({x for x, _y in pairs}) > 1), st.sampled_from([*LOSSES]))
def test_the_best_of_any_points_is_a_minimum(pairs, loss):
    """All three losses are convex: what no neighbour betters, nothing betters."""
    x, y = np.array(pairs, dtype=float).T
    fit = CurveFit(x, y, 1, loss)
    best = fit.best()
    least = fit.error(best)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for reach in (1e-4, 1e-2, 1.0, 20.0):
        assert fit.errors(best + reach * ring).min() >= least - 1e-9 * (1 + least)


def test_the_best_absolute_errors_pass_through_the_points():
    """Worked by hand: the median, and the line through four points of five."""
    constant = CurveFit([1, 2, 3, 4, 5], [7, 1, 100, 3, 2], 0, "absolute")
    assert constant.best() == pytest.approx([3])
    line = CurveFit([0, 1, 2, 3, 4], [1, 3, 5, 70, 9], 1, "absolute")
    assert line.predict(line.best(), [0, 4]) == pytest.approx([1, 9])
    assert line.error(line.best()) == pytest.approx(63 / 5)


@pytest.mark.parametrize("loss", LOSSES)
def test_points_on_a_curve_are_met(loss):
    x = np.array([0.0, 1, 2, 3])
    for y in (x**2 - x, np.zeros(4), np.full(4, 0.1)):
        fit = CurveFit(x, y, loss=loss)
        np.testing.assert_allclose(fit.predict(fit.best(), x), y, atol=1e-12)


def test_huber_is_between_the_two():
    """Worked by hand: the height c where 3c + (c − 6) − 5 = 0, the farthest point counting 5."""
    x, y = np.arange(5.0), np.array([0.0, 0, 0, 6, 100])
    middle = {loss: CurveFit(x, y, 0, loss, delta=5.0).best()[0] for loss in LOSSES}
    assert middle == pytest.approx({"absolute": 0, "huber": 2.75, "squared": 21.2})
    wide = CurveFit(x, y, 0, "huber", delta=1e6).best()
    assert wide == pytest.approx(CurveFit(x, y, 0).best(), rel=1e-6)


def test_delta_is_half_the_deviation_of_y():
    assert CurveFit([0, 1], [0, 4]).bend == 1
    assert CurveFit([0, 1], [0, 4], delta=0.3).bend == 0.3
    assert CurveFit([0, 1, 2], [0.1] * 3).bend == 1


def test_a_reference_defines_the_units():
    fit = CurveFit([1, 2], [1, 2], 1, reference=[0, 10])
    assert (fit.middle, fit.spread) == (5, 5)
    assert fit.features_at([0, 5, 10]).tolist() == [[1, -1], [1, 0], [1, 1]]


# Searching


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("seed", range(3))
def test_the_answer_lies_in_a_box_of_round_steps(loss, seed):
    for x, y in (CARS, data.made_curve(rng=np.random.default_rng(seed))):
        fit = CurveFit(x, y, loss=loss)
        low, high, step = fit.box
        assert (low <= fit.best()).all()
        assert (fit.best() <= high).all()
        for edge in (*low, *high):
            assert edge / step == pytest.approx(round(edge / step), abs=1e-9)
    low, high, step = CurveFit(*CARS).box
    assert (low.tolist(), high.tolist(), step) == ([-5, -50, -25], [95, 50, 25], 0.5)


def test_points_on_a_level_have_a_box_too():
    low, high, step = CurveFit([0, 1, 2], [0.1] * 3).box
    assert step == 0.02
    assert low[0] < 0.1 < high[0]


@settings(deadline=None)
@given(st.floats(1e-9, 1e9))
def test_round_numbers(value):
    rounded = round_number(value)
    assert rounded * (1 - 1e-12) <= value < 2.5 * rounded * (1 + 1e-12)
    assert f"{rounded:e}"[0] in "125"
    assert set(f"{rounded:e}"[1:8]) <= set(".0e")
    assert round_number(rounded) == rounded


def test_grid_and_random_stay_in_the_box():
    fit = CurveFit(*CARS)
    low, high, _step = fit.box
    grid = fit.grid(4)
    assert grid.shape == (64, 3)
    assert len(np.unique(grid, axis=0)) == 64
    assert (grid.min(axis=0) == low).all()
    assert (grid.max(axis=0) == high).all()
    drawn = fit.random(1000, np.random.default_rng(0))
    assert drawn.shape == (1000, 3)
    assert (low <= drawn).all()
    assert (drawn <= high).all()
    np.testing.assert_allclose(drawn.mean(axis=0), (low + high) / 2, atol=5)


def test_the_grid_is_the_one_that_is_searched():
    fit = CurveFit(*CARS)
    low, high, _step = fit.box
    best, least, tried = polynomial.search_grid(
        low, high, 9, fit.features, fit.y, LOSSES["squared"], fit.bend
    )
    errors = fit.errors(fit.grid(9))
    assert tried == errors.size == 9**3
    assert least == pytest.approx(errors.min(), rel=1e-12)
    np.testing.assert_allclose(best, fit.grid(9)[errors.argmin()], 1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_descent_goes_down_by_the_gradient(loss):
    fit = CurveFit(*CARS, loss=loss)
    path = fit.descend([0, 0, 0], 0.05, 20)
    assert path.shape == (21, 3)
    here = np.zeros(3)
    for visited in path:
        np.testing.assert_allclose(visited, here, 1e-12, 1e-12)
        here = here - 0.05 * fit.gradient(here)
    assert (np.diff(fit.errors(path)) < 0).all()
    assert fit.descend([0, 0, 0], 0.05, 0).tolist() == [[0, 0, 0]]


def test_too_high_a_rate_runs_to_infinity_without_a_warning():
    fit = CurveFit(*CARS)
    path = fit.descend(np.zeros(3), 10.0, 500)
    assert np.isinf(path).any()
    assert not np.isfinite(path[-1]).any()
    assert np.isfinite(path[:50]).all()


def test_descent_on_squares_reaches_the_answer():
    fit = CurveFit(*CARS)
    np.testing.assert_allclose(fit.descend(np.zeros(3), 0.1, 500)[-1], fit.best(), 1e-9)


# Bad input

HUGE = [-1e200, 0, 1e200]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x": []}, "x must be a list of finite numbers"),
        ({"x": 3}, "x must be a list"),
        ({"x": None}, "x must be a list"),
        ({"x": "abc"}, "x must be a list"),
        ({"x": ["a", "b", "c"]}, "x must be a list"),
        ({"x": ["1", "2", "3"]}, "x must be a list"),
        ({"x": [1j, 2, 3]}, "x must be a list"),
        ({"x": [[1], [2], [3]]}, "x must be a list"),
        ({"x": [[1], [2, 3]]}, "x must be a list"),
        ({"x": [1, 2, np.nan]}, "x must be a list"),
        ({"y": [1, 2, np.inf]}, "y must be a list of finite numbers"),
        ({"y": [1, 2, 10**400]}, "y must be a list"),
        ({"y": [1, 2]}, "x has 3 values and y has 2"),
        ({"x": [1, 1, 1]}, "all x are the same"),
        ({"x": [0.1] * 3}, "all x are the same"),  # whose mean is not 0.1
        ({"x": HUGE}, "too far apart"),
        ({"x": [1.7e308, 1.7e308, 1e308]}, "too far apart"),
        ({"y": HUGE}, "too far apart"),
        ({"reference": [2, 2]}, "all x are the same"),
        ({"reference": []}, "reference must be a list"),
        ({"reference": [1, np.nan]}, "reference must be a list"),
        ({"degree": -1}, "degree is a whole number from 0 up, not -1"),
        ({"degree": 1.5}, "degree is a whole number from 0 up, not 1.5"),
        ({"degree": "2"}, "degree is a whole number from 0 up, not '2'"),
        ({"loss": "cubed"}, "loss is one of squared, absolute, huber, not 'cubed'"),
        ({"loss": ["squared"]}, "loss is one of"),
        ({"loss": None}, "loss is one of"),
        ({"delta": 0}, "delta is a number above 0, not 0"),
        ({"delta": -1.0}, "delta is a number above 0"),
        ({"delta": np.nan}, "delta is a number above 0"),
        ({"delta": np.inf}, "delta is a number above 0"),
        ({"delta": "1"}, "delta is a number above 0"),
    ],
)
def test_what_cannot_be_fitted_is_named(given, words):
    with pytest.raises(ValueError, match="^CurveFit: ") as caught:
        CurveFit(**({"x": [1, 2, 3], "y": [1, 2, 3]} | given))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_parameters_of_another_curve_are_refused():
    """The kernels check no bounds: they would read what lies behind the array."""
    fit = CurveFit(*CARS)
    for call in (
        fit.error,
        fit.gradient,
        lambda values: fit.predict(values, CARS[0]),
        lambda values: fit.descend(values, 0.1, 3),
    ):
        for wrong in (np.zeros(2), np.zeros(4), np.zeros((1, 3)), 3.0):
            with pytest.raises(ValueError, match="a curve has 3 parameters; these have the shape"):
                call(wrong)
    with pytest.raises(ValueError, match="a curve has 3 parameters"):
        fit.errors(np.zeros(3))
    with pytest.raises(ValueError, match="steps is 0 or more, not -1"):
        fit.descend(np.zeros(3), 0.1, -1)
    with pytest.raises(ValueError, match=r"x must be a list of numbers, not of shape \(1, 50\)"):
        fit.predict(np.zeros(3), CARS[0][None])


def test_points_are_copied():
    x, y = np.arange(3.0), np.arange(3.0)
    fit = CurveFit(x, y)
    x[:] = y[:] = 0
    assert fit.x.tolist() == fit.y.tolist() == [0, 1, 2]


def test_errors_too_small_to_square_leave_least_squares():
    fit = CurveFit([1.0, 2.0, 3.0, 4.0], [1e-300, 3e-300, 2e-300, 5e-300], loss="huber")
    assert np.isfinite(fit.best()).all()
