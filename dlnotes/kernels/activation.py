"""The kink of ReLU and leaky ReLU. The smooth functions (sigmoid, tanh, softmax) are NumPy's own
loops.

One thread does it: it keeps up with the memory, and on several cores 800,000 numbers took longer.
"""

from functools import lru_cache

import numpy as np

from dlnotes.kernels.compiled import kernel


@kernel
def kink_forward(x, slope, y):
    """x above zero, slope·x below; with slope 0 a plain zero, for 0·∞ is not a number."""
    for i in range(x.size):
        if x[i] < 0:
            y[i] = slope * x[i] if slope != 0 else 0
        else:
            y[i] = x[i]  # NaN is not below zero: it stays visible.


@kernel
def kink_backward(dy, x, slope, dx):
    """At zero itself the slope is the one below, as in PyTorch."""
    for i in range(x.size):
        if x[i] <= 0:
            dx[i] = slope * dy[i] if slope != 0 else 0
        else:
            dx[i] = dy[i]


@lru_cache(maxsize=64)
def as_number(slope: float, dtype: np.dtype) -> np.floating:
    """`slope` in x's dtype; what is too steep for float32 becomes infinity, without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return dtype.type(slope)


def leaky_relu(x: np.ndarray, slope: float) -> np.ndarray:
    """y of any shape."""
    y = np.empty_like(x)
    kink_forward(x.ravel(), as_number(slope, x.dtype), y.ravel())
    return y


def leaky_relu_backward(dy: np.ndarray, x: np.ndarray, slope: float) -> np.ndarray:
    """dx for the x that went in."""
    dx = np.empty_like(x)
    kink_backward(dy.ravel(), x.ravel(), as_number(slope, x.dtype), dx.ravel())
    return dx


def warm() -> None:
    """Compile for float32, in which the lessons learn, and float64, in which pictures come."""
    for dtype in (np.float32, np.float64):
        x = np.ones(1, dtype)
        leaky_relu_backward(leaky_relu(x, 0.1), x, 0.1)
