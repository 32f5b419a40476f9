"""Dropout leaves out while learning, keeps the mean, and does nothing later."""

import numpy as np
import pytest

from dlnotes.layers import Dropout


def rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [0, 0.25, 0.5, 0.9])
def test_a_share_p_is_left_out_and_the_rest_grows(p, dtype):
    y = Dropout(p, rng=rng())(np.ones((100, 100), dtype))
    assert y.dtype == dtype
    np.testing.assert_allclose(np.mean(y == 0), p, atol=0.02)
    np.testing.assert_allclose(y[y != 0], 1 / (1 - p), rtol=1e-6)


def test_the_gradient_passes_where_x_passed():
    layer = Dropout(0.5, rng=rng())
    x = np.arange(1.0, 25).reshape(4, 6)
    y = layer(x)
    np.testing.assert_array_equal(layer.backward(x), y)


def test_each_call_draws_anew_and_the_same_seed_draws_the_same():
    x = np.ones((4, 6))
    one, two = Dropout(0.5, rng=rng()), Dropout(0.5, rng=rng())
    first, second = one(x), one(x)
    assert (first != second).any()
    np.testing.assert_array_equal(two(x), first)


def test_later_y_is_a_copy_of_x():
    layer = Dropout(0.5, rng=rng())
    layer.training = False
    x = np.ones((2, 3))
    y = layer(x)
    y[:] = 5
    assert x.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert layer.backward(x).tolist() == x.tolist()


def test_nan_stays_visible_even_where_it_is_left_out():
    y = Dropout(0.5, rng=rng())(np.full(1000, np.nan))
    assert np.isnan(y).all()
