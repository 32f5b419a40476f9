"""One step of each optimiser for one parameter, in a single pass over its numbers.

Written with NumPy's whole-array operations, a step of Adam reads and writes memory some ten times;
here each number is loaded once. All arrays are flat, of one dtype and one length, and changed in
place; all options are numbers of that dtype too, so that a float32 step stays in float32. Python's
check for a division by zero would keep the loops from using vector instructions; NumPy's error
model has none.
"""

from typing import Any

import numpy as np
from numba import prange

from dlnotes.kernels.addresses import Table, share
from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both


@kernel
def sgd(value, grad, lr, weight_decay):
    """value -= lr (grad + weight_decay value)."""
    for i in range(value.size):
        value[i] -= lr * (grad[i] + weight_decay * value[i])


@kernel
def sgd_momentum(value, grad, velocity, lr, momentum, nesterov, weight_decay):
    """Heavy ball, or Nesterov's step that looks ahead along the velocity."""
    for i in range(value.size):
        slope = grad[i] + weight_decay * value[i]
        velocity[i] = momentum * velocity[i] + slope
        value[i] -= lr * (slope + momentum * velocity[i] if nesterov else velocity[i])


@kernel(error_model="numpy")
def adagrad(value, grad, square_sum, lr, eps, weight_decay):
    """Every number divides its step by the root of its own squared gradients' sum."""
    for i in range(value.size):
        slope = grad[i] + weight_decay * value[i]
        square_sum[i] += slope * slope
        value[i] -= lr * slope / (np.sqrt(square_sum[i]) + eps)


@kernel(error_model="numpy")
def rmsprop(value, grad, square, fresh, alpha, lr, eps, weight_decay):
    """Adagrad with a running mean in place of the sum; `fresh` is 1 - alpha."""
    for i in range(value.size):
        slope = grad[i] + weight_decay * value[i]
        square[i] = alpha * square[i] + fresh * slope * slope
        value[i] -= lr * slope / (np.sqrt(square[i]) + eps)


@kernel(error_model="numpy")
def rmsprop_full(
    value, grad, square, average, velocity, fresh, alpha, lr, eps, momentum, centered, weight_decay
):
    """RMSprop with a momentum and, where `centered`, with the variance in place of the mean
    square."""
    for i in range(value.size):
        slope = grad[i] + weight_decay * value[i]
        square[i] = alpha * square[i] + fresh * slope * slope
        spread = square[i]
        if centered:
            average[i] += fresh * (slope - average[i])
            spread -= average[i] * average[i]
            if spread < 0:  # only by rounding, where all gradients are nearly equal
                spread -= spread
        velocity[i] = momentum * velocity[i] + slope / (np.sqrt(spread) + eps)
        value[i] -= lr * velocity[i]


@kernel(error_model="numpy")
def adam(value, grad, average, square, fresh_1, beta_2, fresh_2, size, eps, weight_decay):
    """Adam: `fresh_1` is 1 - beta_1, `size` is lr r / (1 - beta_1^t) and `eps` its own times r,
    with r = √(1 - beta_2^t)."""
    for i in range(value.size):
        slope = grad[i] + weight_decay * value[i]
        average[i] += fresh_1 * (slope - average[i])
        square[i] = beta_2 * square[i] + fresh_2 * slope * slope
        value[i] -= size * average[i] / (np.sqrt(square[i]) + eps)


@kernel
def adam_range(part, parts, table, like, fresh_1, beta_2, fresh_2, size, eps, decay):
    """`adam` for one part of each array; table (parameters, 5): see `share`."""
    for row in range(len(table)):
        value = share(table, row, 1, part, parts, like)
        grad = share(table, row, 2, part, parts, like)
        average = share(table, row, 3, part, parts, like)
        square = share(table, row, 4, part, parts, like)
        adam(value, grad, average, square, fresh_1, beta_2, fresh_2, size, eps, decay)


@SharedLoop
def adam_shared(parts, table, like, fresh_1, beta_2, fresh_2, size, eps, decay):
    for part in prange(parts):
        adam_range(
            *(np.int64(part), parts, table, like, fresh_1, beta_2, fresh_2, size, eps, decay)
        )


def adam_all(table: Table, *options: Any) -> None:
    """`adam` for all parameters in one pass; shared out where that pays, for each core's share of a
    dense layer's gradient lies in its own cache.

    A row of the table has value, grad, average and square.
    """
    nanoseconds = 0.45 * table.numbers if table.like.dtype == np.float32 else 0.0
    parts = threads_for(nanoseconds)
    adam_shared(parts, table.array, table.like, *options, nanoseconds=nanoseconds)


@kernel
def is_finite(value):
    """Whether all numbers are: 0 · x is 0 for those, and not a number for the others."""
    total = value.dtype.type(0)
    for i in range(value.size):
        total += value[i] * 0
    return total == 0


def call_adam(dtype: Any) -> None:
    table = Table()
    table.note(0, *np.zeros((4, 1), dtype))
    adam_all(table, *np.ones(6, dtype))


def warm() -> None:
    """Compile every kernel here for float32 and float64."""
    dtype: Any
    for dtype in (np.float32, np.float64):
        a, b, c, d, e = np.zeros((5, 1), dtype)
        one = dtype(1)
        is_finite(a)
        sgd(a, b, one, one)
        sgd_momentum(a, b, c, one, one, False, one)
        adagrad(a, b, c, one, one, one)
        rmsprop(a, b, c, one, one, one, one, one)
        rmsprop_full(a, b, c, d, e, one, one, one, one, one, False, one)
    call_adam(np.float64)  # which is left to one thread
    warm_both(lambda: call_adam(np.float32))
