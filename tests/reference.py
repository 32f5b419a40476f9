"""Textbook definitions in plain loops, importing nothing of ours: what kernels are held against.

Slow and plain on purpose: each function follows the formula of its source, one number at a time, so
that a reader can check it by eye. Lists of floats in, lists of floats out.
"""

from collections.abc import Callable, Sequence

# Fitting -------------------------------------------------------------------------------------


def polynomial_values(parameters: Sequence[float], points: Sequence[float]) -> list[float]:
    """p₀ + p₁·x + p₂·x² + … at each point."""
    return [sum(p * x**power for power, p in enumerate(parameters)) for x in points]


def residual_loss(residual: float, loss: str, delta: float) -> float:
    """r², |r|, or Huber's loss (Huber 1964): r²/2 up to delta, delta·|r| − delta²/2 beyond."""
    if loss == "squared":
        return residual**2
    if loss == "absolute":
        return abs(residual)
    if abs(residual) <= delta:
        return residual**2 / 2
    return delta * abs(residual) - delta**2 / 2


def mean_loss(
    parameters: Sequence[float],
    points: Sequence[float],
    targets: Sequence[float],
    loss: str,
    delta: float,
) -> float:
    """The mean over the points of the loss of prediction − target."""
    predictions = polynomial_values(parameters, points)
    losses = [
        residual_loss(prediction - target, loss, delta)
        for prediction, target in zip(predictions, targets, strict=True)
    ]
    return sum(losses) / len(losses)


def numeric_gradient(
    function: Callable[[list[float]], float], at: Sequence[float], step: float = 1e-6
) -> list[float]:
    """Central differences, (f(p + h) − f(p − h)) / 2h for each parameter: right to some 1e-9."""
    slopes = []
    for j in range(len(at)):
        above, below = list(at), list(at)
        above[j] += step
        below[j] -= step
        slopes.append((function(above) - function(below)) / (2 * step))
    return slopes


def mean_squared_gradient(
    parameters: Sequence[float], points: Sequence[float], targets: Sequence[float]
) -> list[float]:
    """The slope of the mean of r² by each parameter: the mean of 2·r·x^j."""
    predictions = polynomial_values(parameters, points)
    n = len(points)
    return [
        sum(
            2 * (predictions[i] - targets[i]) * points[i] ** power / n
            for i in range(n)
        )
        for power in range(len(parameters))
    ]  # fmt: skip


def descent_path(
    start: Sequence[float],
    points: Sequence[float],
    targets: Sequence[float],
    rate: float,
    steps: int,
) -> list[list[float]]:
    """Gradient descent on the mean of r²: p ← p − rate · slope, the start included."""
    path = [list(start)]
    for _step in range(steps):
        slopes = mean_squared_gradient(path[-1], points, targets)
        path.append([p - rate * slope for p, slope in zip(path[-1], slopes, strict=True)])
    return path
