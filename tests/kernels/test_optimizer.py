"""The optimisers' kernels against the same update written with whole NumPy arrays."""

import numpy as np
import pytest

from dlnotes.kernels import optimizer
from dlnotes.kernels.addresses import Table


def arrays(dtype, count, seed=0, size=37):
    rng = np.random.default_rng(seed)
    return [rng.uniform(0.1, 1.0, size).astype(dtype) for _ in range(count)]


def numbers(dtype, *values):
    return [dtype(value) for value in values]


@pytest.fixture(params=[np.float32, np.float64])
def dtype(request):
    return request.param


def check(found, wanted, dtype):
    assert found.dtype == dtype
    np.testing.assert_allclose(found, wanted, rtol=20 * np.finfo(dtype).eps)


def test_sgd(dtype):
    value, grad = arrays(dtype, 2)
    wanted = value - 0.1 * (grad + 0.3 * value)
    optimizer.sgd(value, grad, *numbers(dtype, 0.1, 0.3))
    check(value, wanted, dtype)


@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd_momentum(dtype, nesterov):
    value, grad, velocity = arrays(dtype, 3)
    slope = grad + 0.3 * value
    moved = 0.9 * velocity + slope
    wanted = value - 0.1 * (slope + 0.9 * moved if nesterov else moved)
    optimizer.sgd_momentum(value, grad, velocity, dtype(0.1), dtype(0.9), nesterov, dtype(0.3))
    check(value, wanted, dtype)
    check(velocity, moved, dtype)


def test_adagrad(dtype):
    value, grad, total = arrays(dtype, 3)
    slope = grad + 0.3 * value
    wanted_total = total + slope**2
    wanted = value - 0.1 * slope / (np.sqrt(wanted_total) + 0.01)
    optimizer.adagrad(value, grad, total, *numbers(dtype, 0.1, 0.01, 0.3))
    check(value, wanted, dtype)
    check(total, wanted_total, dtype)


def test_rmsprop(dtype):
    value, grad, square = arrays(dtype, 3)
    slope = grad + 0.3 * value
    wanted_square = 0.8 * square + 0.2 * slope**2
    wanted = value - 0.1 * slope / (np.sqrt(wanted_square) + 0.01)
    optimizer.rmsprop(value, grad, square, *numbers(dtype, 0.2, 0.8, 0.1, 0.01, 0.3))
    check(value, wanted, dtype)


@pytest.mark.parametrize("centered", [False, True])
def test_rmsprop_full(dtype, centered):
    value, grad, square, average, velocity = arrays(dtype, 5)
    square += 1
    slope = grad + 0.3 * value
    spread = 0.8 * square + 0.2 * slope**2
    moved_average = 0.8 * average + 0.2 * slope
    if centered:
        spread = spread - moved_average**2
    moved = 0.5 * velocity + slope / (np.sqrt(spread) + 0.01)
    wanted = value - 0.1 * moved
    options = numbers(dtype, 0.2, 0.8, 0.1, 0.01, 0.5)
    optimizer.rmsprop_full(value, grad, square, average, velocity, *options, centered, dtype(0.3))
    check(value, wanted, dtype)


def test_rmsprop_full_takes_a_negative_variance_for_zero(dtype):
    value, grad, square, average, velocity = (np.array([x], dtype) for x in (0, 1, 0.5, 1, 0))
    options = numbers(dtype, 0.5, 0.5, 1, 0.5, 0)
    optimizer.rmsprop_full(value, grad, square, average, velocity, *options, True, dtype(0))
    assert value[0] == -2


def test_adam(dtype):
    value, grad, average, square = arrays(dtype, 4)
    slope = grad + 0.3 * value
    moved = average + 0.1 * (slope - average)
    wanted_square = 0.8 * square + 0.2 * slope**2
    wanted = value - 0.05 * moved / (np.sqrt(wanted_square) + 0.01)
    optimizer.adam(value, grad, average, square, *numbers(dtype, 0.1, 0.8, 0.2, 0.05, 0.01, 0.3))
    check(value, wanted, dtype)
    check(average, moved, dtype)
    check(square, wanted_square, dtype)


def test_adam_shared_out_is_adam(dtype, monkeypatch):
    options = numbers(dtype, 0.1, 0.8, 0.2, 0.05, 0.01, 0.3)
    alone, shared = arrays(dtype, 4), arrays(dtype, 4)
    optimizer.adam(*alone, *options)
    monkeypatch.setattr("dlnotes.kernels.parallel.little", 0)
    table = Table()
    halves = [[array[:20].copy() for array in shared], [array[20:].copy() for array in shared]]
    for row, arrays_of_row in enumerate(halves):
        table.note(row, *arrays_of_row)
    optimizer.adam_all(table, *options)
    shared = [np.concatenate(two) for two in zip(*halves, strict=True)]
    for one, other in zip(alone, shared, strict=True):
        np.testing.assert_array_equal(one, other)


def test_warm_compiles_each_kernel_for_both_types():
    optimizer.warm()
    for kernel in (optimizer.sgd, optimizer.adam, optimizer.rmsprop_full):
        assert len(getattr(kernel, "signatures", [1, 2])) >= 2
