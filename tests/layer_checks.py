"""What every layer's test asks: agreement with the reference, forward and backward."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numba import config
from reference import derivative

# Without the compiler the loops run a thousand times slower. Draws are the same on every run.
drawn = settings(
    max_examples=40 if config.DISABLE_JIT else 120, deadline=None, derandomize=True, database=None
)
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def pairs(least, most):
    return st.tuples(st.integers(least, most), st.integers(least, most))


def close(found, wanted, tolerance):
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


def agrees(make, reference, x):
    """`make(dtype)`'s layer is `reference(x, *parameters)`: to 1e-12 in float64, 1e-5 in float32.

    The gradients agree with finite differences of the reference to 1e-8.
    """
    layer = make(np.float64)
    values = [parameter.value.copy() for parameter in layer.parameters()]
    wanted = reference(x, *values)
    y = layer(x)
    assert y.dtype == np.float64
    if x.size == 0:
        assert y.size == 0
        dx = layer.backward(np.zeros(y.shape))
        assert dx.shape == x.shape
        assert all(not parameter.grad.any() for parameter in layer.parameters())
        return
    close(y, wanted, 1e-12)

    single = make(np.float32)
    for parameter, value in zip(single.parameters(), values, strict=True):
        parameter.value = value
    y_single = single(x.astype(np.float32))
    assert y_single.dtype == np.float32
    close(y_single, wanted, 1e-5)

    dy = np.random.default_rng(5).standard_normal(y.shape)
    dx = layer.backward(dy)
    assert dx.dtype == np.float64
    assert dx.shape == x.shape
    dx_single = single.backward(dy)
    assert dx_single.dtype == np.float32
    close(dx_single, dx, 1e-5)
    grads = [dx, *(parameter.grad for parameter in layer.parameters())]
    arguments = [x, *values]
    for k, (argument, grad) in enumerate(zip(arguments, grads, strict=True)):
        differences_agree(reference, arguments, k, argument, grad, dy)


def differences_agree(reference, arguments, k, argument, grad, dy):
    """A few entries of the k-th argument's gradient against differences of the reference."""
    assert grad.shape == argument.shape
    for flat in np.random.default_rng(6).choice(argument.size, min(4, argument.size), False):
        place = np.unravel_index(flat, argument.shape)

        def loss(moved):
            return np.sum(reference(*arguments[:k], moved, *arguments[k + 1 :]) * dy)

        close(grad[place], derivative(loss, argument, place), 1e-8)


def distinct(shape, rng):
    """Values of which no two are closer than 0.05, none nearer to 0 than 0.02: kinks stay away."""
    count = int(np.prod(shape))
    return ((rng.permutation(count) - count // 2) * 0.05 + 0.023).reshape(shape)
