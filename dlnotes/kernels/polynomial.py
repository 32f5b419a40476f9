"""Fitting a function that is a weighted sum of features, the powers of x among them.

Shapes: `features` (n, k), `parameters` (k,), `candidates` (m, k), `target` (n,), all float64. The
loss is the mean over the n points of `kernels.loss.cost`.
"""

import numpy as np

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.loss import cost, slope


@kernel
def powers(x, degree):
    """The features 1, x, x², … x^degree of each point: (n,) → (n, degree + 1)."""
    features = np.empty((x.size, degree + 1))
    for i in range(x.size):
        power = 1.0
        for j in range(degree + 1):
            features[i, j] = power
            power *= x[i]
    return features


@kernel
def predict(parameters, features):
    """The weighted sum of each point's features: (k,), (n, k) → (n,)."""
    prediction = np.zeros(features.shape[0])
    for i in range(features.shape[0]):
        for j in range(parameters.size):
            prediction[i] += parameters[j] * features[i, j]
    return prediction


@kernel
def loss(parameters, features, target, kind, delta):
    """Mean loss of one candidate."""
    total = 0.0
    for i in range(target.size):
        prediction = 0.0
        for j in range(parameters.size):
            prediction += parameters[j] * features[i, j]
        total += cost(prediction - target[i], kind, delta)
    return total / target.size


@kernel
def losses(candidates, features, target, kind, delta):
    """Mean loss of each candidate: (m, k) → (m,)."""
    found = np.empty(candidates.shape[0])
    for number in range(candidates.shape[0]):
        found[number] = loss(candidates[number], features, target, kind, delta)
    return found


@kernel
def gradient(parameters, features, target, kind, delta):
    """Slope of the mean loss by each parameter: (k,)."""
    total = np.zeros(parameters.size)
    for i in range(target.size):
        prediction = 0.0
        for j in range(parameters.size):
            prediction += parameters[j] * features[i, j]
        pull = slope(prediction - target[i], kind, delta) / target.size
        for j in range(parameters.size):
            total[j] += pull * features[i, j]
    return total


@kernel
def descend(start, features, target, kind, delta, rate, steps):
    """Gradient descent: the (steps + 1, k) parameters it visits, the start included."""
    path = np.empty((steps + 1, start.size))
    path[0] = start
    for step in range(steps):
        path[step + 1] = path[step] - rate * gradient(path[step], features, target, kind, delta)
    return path


@kernel
def search_grid(low, high, points, features, target, kind, delta):
    """Try every point of a grid: (best parameters, their loss, how many were tried).

    The grid has `points` values, 1 or more, from low[j] to high[j] for each parameter j; nothing is
    stored, so its points^k candidates cost time but no memory.
    """
    size = low.size
    place = np.zeros(size, dtype=np.int64)
    candidate = low.copy()
    best = low.copy()
    best_loss = np.inf
    tried = 0
    while True:
        found = loss(candidate, features, target, kind, delta)
        tried += 1
        if found < best_loss:
            best_loss = found
            best[:] = candidate
        j = 0
        while j < size and place[j] >= points - 1:
            place[j] = 0
            candidate[j] = low[j]
            j += 1
        if j == size:
            return best, best_loss, tried
        place[j] += 1
        candidate[j] = low[j] + (high[j] - low[j]) * place[j] / (points - 1)


def warm():
    x = np.linspace(-1.0, 1.0, 5)
    features, start = powers(x, 2), np.zeros(3)
    predict(start, features)
    losses(np.zeros((2, 3)), features, x, 0, 1.0)
    loss(start, features, x, 0, 1.0)
    gradient(start, features, x, 0, 1.0)
    descend(start, features, x, 0, 1.0, 0.1, 2)
    search_grid(start - 1, start + 1, 3, features, x, 0, 1.0)
