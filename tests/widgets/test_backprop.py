"""The passes of the small network are those of the definitions; the counts are exact."""

import math

import numpy as np
import pytest
from reference import numeric_gradient

from dlnotes.layers import Dense, ReLU, Sequential
from dlnotes.widgets import backprop

BENDS = {
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "relu": lambda z: max(z, 0),
}
X, TARGET = (1.0, -0.5), 0.3


def loss_of(numbers, hidden, activation):
    """The loss as a plain function of all the numbers: parameters, then x₁ and x₂."""
    x = numbers[-2:]
    w, b = numbers[: 2 * hidden], numbers[2 * hidden : 3 * hidden]
    v, c = numbers[3 * hidden : 4 * hidden], numbers[4 * hidden]
    y = c
    for j in range(hidden):
        z = x[0] * w[j] + x[1] * w[hidden + j] + b[j]
        y += BENDS[activation](z) * v[j]
    return (y - TARGET) ** 2


@pytest.mark.parametrize("activation", BENDS)
@pytest.mark.parametrize("hidden", [1, 2, 4])
def test_both_columns_are_the_slopes_of_the_definition(hidden, activation):
    weights = backprop.first_weights(hidden, 3)
    passes = backprop.passes_of(hidden, activation, weights, X, TARGET)
    numbers = [*weights, *X]
    assert passes.loss == pytest.approx(loss_of(numbers, hidden, activation))
    wanted = numeric_gradient(lambda p: loss_of(p, hidden, activation), numbers)
    np.testing.assert_allclose(passes.slopes, wanted, atol=1e-7)
    np.testing.assert_allclose(passes.nudged, wanted, atol=1e-7)
    np.testing.assert_allclose(passes.slopes, passes.nudged, atol=1e-9)
    assert passes.report.ok
    assert passes.report.checked == len(numbers)


def test_every_number_between_is_that_of_the_chain_rule():
    weights = backprop.first_weights(2, 1)
    p = backprop.passes_of(2, "tanh", weights, X, TARGET)
    w, b, v, c = np.reshape(weights[:4], (2, 2)), weights[4:6], weights[6:8], weights[8]
    np.testing.assert_allclose(p.z, X @ w + b)
    np.testing.assert_allclose(p.a, np.tanh(p.z))
    assert p.y == pytest.approx(p.a @ v + c)
    assert p.dy == pytest.approx(2 * (p.y - TARGET))
    np.testing.assert_allclose(p.da, p.dy * np.array(v))
    np.testing.assert_allclose(p.bend, 1 - p.a**2)
    np.testing.assert_allclose(p.dz, p.da * p.bend)
    np.testing.assert_allclose(p.dx, w @ p.dz)


def test_symbols_name_the_parameters_in_order():
    assert backprop.symbols(2) == ["w₁₁", "w₁₂", "w₂₁", "w₂₂", "b₁", "b₂", "v₁", "v₂", "c"]
    for hidden in (1, 3):
        assert len(backprop.symbols(hidden)) == len(backprop.first_weights(hidden, 0))


def test_a_step_downhill_is_the_slope_times_the_rate():
    weights = backprop.first_weights(3, 0)
    p = backprop.passes_of(3, "tanh", weights, X, TARGET)
    new = backprop.downhill(3, "tanh", weights, X, TARGET, 0.1)
    np.testing.assert_allclose(new, np.array(weights) - 0.1 * np.array(p.slopes[:-2]), atol=1e-15)
    assert backprop.passes_of(3, "tanh", new, X, TARGET).loss < p.loss


@pytest.mark.parametrize("width", [10, 100])
def test_parameters_are_counted(width):
    assert backprop.count(backprop.large(width)) == 784 * width + width + 10 * width + 10


def test_times_are_measured():
    net = Sequential(Dense(5, 4, rng=np.random.default_rng(0)), ReLU())
    forward, backward = backprop.seconds(net, 5, runs=3)
    assert 0 < forward < 1
    assert 0 < backward < 1
