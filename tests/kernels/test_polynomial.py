"""The fitting kernels are the plain loops of the textbook, only quicker."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reference import (
    descent_path,
    mean_loss,
    mean_squared_gradient,
    numeric_gradient,
    polynomial_values,
)

from dlnotes.kernels import polynomial
from dlnotes.kernels.loss import ABSOLUTE, HUBER, SQUARED

KINDS = {"squared": SQUARED, "absolute": ABSOLUTE, "huber": HUBER}


def numbers(size, limit=3.0):
    # Three digits are enough to tell formulas apart, and keep residuals away from kinks.
    thousandths = st.integers(int(-1000 * limit), int(1000 * limit))
    return arrays(float, size, elements=thousandths.map(lambda whole: whole / 1000))


@st.composite
def problems(draw):
    """Parameters, points, targets and delta of one small fit."""
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    delta = draw(st.integers(1, 3000)) / 1000
    return draw(numbers(k)), draw(numbers(n)), draw(numbers(n)), delta


quick = settings(deadline=None, max_examples=30)


@quick
@given(problems())
def test_predictions_are_the_polynomial(problem):
    parameters, x, _target, _delta = problem
    features = polynomial.powers(x, parameters.size - 1)
    assert features.shape == (x.size, parameters.size)
    assert (features[:, 0] == 1).all()
    predicted = polynomial.predict(parameters, features)
    np.testing.assert_allclose(predicted, polynomial_values(parameters, x), 1e-12, 1e-12)


@pytest.mark.parametrize("name", KINDS)
@quick
@given(problem=problems())
def test_losses_are_the_definition(name, problem):
    parameters, x, target, delta = problem
    features = polynomial.powers(x, parameters.size - 1)
    candidates = np.stack([parameters, -parameters, parameters + 1])
    wanted = [mean_loss(candidate, x, target, name, delta) for candidate in candidates]
    found = polynomial.losses(candidates, features, target, KINDS[name], delta)
    np.testing.assert_allclose(found, wanted, 1e-12, 1e-12)
    one = polynomial.loss(parameters, features, target, KINDS[name], delta)
    assert one == pytest.approx(wanted[0], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", KINDS)
@quick
@given(problem=problems())
def test_gradients_are_finite_differences(name, problem):
    parameters, x, target, delta = problem
    features = polynomial.powers(x, parameters.size - 1)
    residuals = np.abs(np.array(polynomial_values(parameters, x)) - target)
    if name == "absolute" and (residuals < 1e-3).any():
        target = target + 0.01 + residuals  # away from the kink, where there is no slope
    found = polynomial.gradient(parameters, features, target, KINDS[name], delta)
    step = 1e-6
    wanted = numeric_gradient(
        lambda values: mean_loss(values, x, target, name, delta), parameters, step
    )
    # Where a residual bends at delta, the difference is off by up to step · (x^4)².
    np.testing.assert_allclose(found, wanted, 1e-6, 1e-5 if name != "huber" else step * 3.0**8)
    if name == "squared":
        np.testing.assert_allclose(found, mean_squared_gradient(parameters, x, target), 1e-12, 1e-9)


@quick
@given(problem=problems(), rate=st.floats(1e-4, 0.1), steps=st.integers(0, 5))
def test_descent_is_the_plain_loop(problem, rate, steps):
    parameters, x, target, _delta = problem
    x = x / 3  # within -1 and 1 every such rate is harmless
    features = polynomial.powers(x, parameters.size - 1)
    path = polynomial.descend(parameters, features, target, SQUARED, 1.0, rate, steps)
    assert path.shape == (steps + 1, parameters.size)
    np.testing.assert_allclose(path, descent_path(parameters, x, target, rate, steps), 1e-12, 1e-12)


@quick
@given(problem=problems(), points=st.integers(1, 4))
def test_grid_search_is_brute_force(problem, points):
    parameters, x, target, delta = problem
    features = polynomial.powers(x, parameters.size - 1)
    low, high = parameters - 1, parameters + 2
    axes = [np.linspace(a, b, points) for a, b in zip(low, high, strict=True)]
    candidates = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, low.size)
    best, least, tried = polynomial.search_grid(low, high, points, features, target, HUBER, delta)
    assert tried == points**low.size == len(candidates)
    losses = [mean_loss(candidate, x, target, "huber", delta) for candidate in candidates]
    assert least == pytest.approx(min(losses), rel=1e-9, abs=1e-9)
    assert mean_loss(best, x, target, "huber", delta) == pytest.approx(least, rel=1e-9, abs=1e-9)
    assert np.abs(candidates - best).max(axis=1).min() < 1e-12


def test_grid_search_ends_even_without_points():
    features, target = polynomial.powers(np.arange(3.0), 1), np.zeros(3)
    best, _least, tried = polynomial.search_grid(
        np.zeros(2), np.ones(2), 0, features, target, SQUARED, 1.0
    )
    assert tried == 1
    assert best.tolist() == [0, 0]


def test_warming_calls_every_kernel():
    assert polynomial.warm() is None
