"""What an error costs: three losses of one residual, and their slopes."""

import numpy as np

from dlnotes.kernels.compiled import kernel

SQUARED, ABSOLUTE, HUBER = 0, 1, 2


@kernel
def cost(residual, kind, delta):
    """Loss of one residual: r² (SQUARED), |r| (ABSOLUTE), or r²/2 up to `delta`, then straight.

    Source: P. J. Huber, Robust estimation of a location parameter, Ann. Math. Statist. 35, 1964.
    """
    size = abs(residual)
    if kind == SQUARED:
        return residual * residual
    if kind == ABSOLUTE:
        return size
    if size <= delta:
        return 0.5 * residual * residual
    return delta * (size - 0.5 * delta)


@kernel
def slope(residual, kind, delta):
    """Derivative of `cost` by the residual; 0 at the kink of the absolute error."""
    if kind == SQUARED:
        return 2.0 * residual
    if kind == ABSOLUTE:
        return np.sign(residual)
    return min(max(residual, -delta), delta)


def warm():
    for kind in (SQUARED, ABSOLUTE, HUBER):
        cost(1.0, kind, 1.0)
        slope(1.0, kind, 1.0)
