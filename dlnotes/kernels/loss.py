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


# Sums in the order that stands here: another would lose the digits that it is for.
@kernel(fastmath=False, error_model="numpy")
def cross_entropy(logits, labels, costs, gradient):
    """-log softmax(logits)[label] of each row, its gradient divided by the rows; gives the sum.

    Of the sum of all exponentials, what stands beside the largest one's 1 is kept apart: neither
    large logits nor tiny losses lose digits. Source: see `losses.CrossEntropy`.
    """
    n, classes = logits.shape
    total = 0.0
    for i in range(n):
        row, slopes, label = logits[i], gradient[i], labels[i]
        at = 0
        for j in range(1, classes):
            if row[j] > row[at] or (row[j] != row[j] and row[at] == row[at]):
                at = j
        largest = np.float64(row[at])
        rest = 0.0
        for j in range(classes):
            slopes[j] = np.exp(np.float64(row[j]) - largest)
            if j != at:
                rest += slopes[j]
        costs[i] = np.log1p(rest) - (np.float64(row[label]) - largest)
        total += costs[i]
        # p - 1 for the label would cancel when p is near 1: minus the sum of the others does not.
        slopes[label] = 0.0
        others = 0.0
        for j in range(classes):
            others += slopes[j]
        slopes[label] = -others
        # An infinite logit has no softmax, so NaN.
        scale = 1.0 / (1.0 + rest + 0.0 * largest) / n
        for j in range(classes):
            slopes[j] *= scale
    return total


@kernel
def first_outside(labels, classes):
    """Where the first label that is not 0 … classes - 1 stands; -1: all are."""
    for i in range(labels.size):
        if labels[i] < 0 or labels[i] >= classes:
            return i
    return -1


def warm():
    for dtype in (np.float32, np.float64):
        costs, gradient = np.empty(1), np.empty((1, 2))
        cross_entropy(np.zeros((1, 2), dtype), np.zeros(1, np.intp), costs, gradient)
    first_outside(np.zeros(1, np.intp), 1)
    for kind in (SQUARED, ABSOLUTE, HUBER):
        cost(1.0, kind, 1.0)
        slope(1.0, kind, 1.0)
