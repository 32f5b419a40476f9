"""The kink of ReLU and leaky ReLU, at, below and above zero."""

import numpy as np
import pytest

from dlnotes.kernels import activation

X = np.array([[-np.inf, -2.0, -0.0], [0.0, 3.0, np.nan]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_without_a_slope_all_below_zero_is_zero(dtype):
    y = activation.leaky_relu(X.astype(dtype), 0.0)
    np.testing.assert_array_equal(y, np.array([[0, 0, 0], [0, 3, np.nan]], dtype))
    assert y.dtype == dtype
    assert not np.signbit(y[0, :2]).any()
    dx = activation.leaky_relu_backward(np.full(X.shape, 5, dtype), X.astype(dtype), 0.0)
    assert dx.tolist() == [[0, 0, 0], [0, 5, 5]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_with_a_slope_what_is_below_zero_shrinks(dtype):
    y = activation.leaky_relu(X.astype(dtype), 0.5)
    np.testing.assert_array_equal(y, np.array([[-np.inf, -1, 0], [0, 3, np.nan]], dtype))
    dx = activation.leaky_relu_backward(np.full(X.shape, 5, dtype), X.astype(dtype), 0.5)
    assert dx.tolist() == [[2.5, 2.5, 2.5], [2.5, 5, 5]]
    assert dx.dtype == dtype


def test_an_infinite_gradient_below_zero_is_zero_times_nothing():
    assert activation.leaky_relu_backward(np.array([np.inf]), np.array([-1.0]), 0.0).tolist() == [0]


def test_warm_compiles_what_the_lessons_call():
    activation.warm()
