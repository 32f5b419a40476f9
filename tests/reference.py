"""The textbook definitions, in plain NumPy loops: slow, short, and independent of the package.

Every fast path of the package is tested against this file, which therefore imports nothing of it.
"""

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np


def dense(x, weight, bias):
    y = np.zeros((len(x), weight.shape[1]), x.dtype)
    for i, o in np.ndindex(y.shape):
        y[i, o] = bias[o] + sum(x[i, k] * weight[k, o] for k in range(weight.shape[0]))
    return y


def same_padding(size, span, stride):
    """ONNX's SAME_UPPER along one axis: ⌈size / stride⌉ windows, the odd pixel after."""
    missing = max((math.ceil(size / stride) - 1) * stride + span - size, 0)
    return missing // 2, missing - missing // 2


def padded(x, sides, value=0.0):
    return np.pad(x, ((0, 0), (0, 0), *sides), constant_values=value)


def conv2d(x, weight, bias, stride=(1, 1), sides=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    x = padded(x, sides)
    (n, _, h, w), (c_out, c_group, k_h, k_w) = x.shape, weight.shape
    span_h, span_w = (k_h - 1) * dilation[0] + 1, (k_w - 1) * dilation[1] + 1
    h_out, w_out = (h - span_h) // stride[0] + 1, (w - span_w) // stride[1] + 1
    y = np.zeros((n, c_out, h_out, w_out), x.dtype)
    for i, o, row, col in np.ndindex(y.shape):
        first = o // (c_out // groups) * c_group
        top, left = row * stride[0], col * stride[1]
        rows, cols = (
            slice(top, top + span_h, dilation[0]),
            slice(left, left + span_w, dilation[1]),
        )
        y[i, o, row, col] = bias[o] + np.sum(x[i, first : first + c_group, rows, cols] * weight[o])
    return y


def pool_count(size, sides, span, stride, ceil):
    """How many windows; with `ceil` one more that starts on the image or its front padding."""
    room = size + sum(sides) - span
    if not ceil:
        return math.floor(room / stride) + 1
    count = math.ceil(room / stride) + 1
    return count - 1 if (count - 1) * stride >= size + sides[0] else count


def pool_windows(x, kernel, stride, sides, dilation, ceil):
    """For each output cell the real pixels of its window, and how many cells the padding counts."""
    n, c, h, w = x.shape
    span = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    h_out = pool_count(h, sides[0], span[0], stride[0], ceil)
    w_out = pool_count(w, sides[1], span[1], stride[1], ceil)
    for i, channel, row, col in np.ndindex(n, c, h_out, w_out):
        top, left = row * stride[0] - sides[0][0], col * stride[1] - sides[1][0]
        rows = [top + u * dilation[0] for u in range(kernel[0])]
        cols = [left + v * dilation[1] for v in range(kernel[1])]
        counted = sum(r < h + sides[0][1] for r in rows) * sum(q < w + sides[1][1] for q in cols)
        inside = [
            x[i, channel, r, q]
            for r, q in itertools.product(rows, cols)
            if 0 <= r < h and 0 <= q < w
        ]
        yield (i, channel, row, col), inside, counted, (n, c, h_out, w_out)


def max_pool2d(x, kernel, stride, sides, dilation, ceil):
    found = list(pool_windows(x, kernel, stride, sides, dilation, ceil))
    y = np.zeros(found[0][3] if found else (0,), x.dtype)
    for place, inside, _, _ in found:
        y[place] = np.max(inside) if inside else -np.inf
    return y


def avg_pool2d(x, kernel, stride, sides, ceil, count_include_pad):
    found = list(pool_windows(x, kernel, stride, sides, (1, 1), ceil))
    y = np.zeros(found[0][3] if found else (0,), x.dtype)
    for place, inside, counted, _ in found:
        y[place] = np.sum(inside) / (counted if count_include_pad else len(inside))
    return y


def blur_pool2d(x, kernel, stride):
    """Zhang 2019: mirror the border, then weight each window by the binomial coefficients."""
    n, c, h, w = x.shape
    borders = [((k - 1) // 2, k // 2) for k in kernel]
    x = np.pad(x, ((0, 0), (0, 0), *borders), mode="reflect")
    rows, cols = ([math.comb(k - 1, u) for u in range(k)] for k in kernel)
    weights = np.outer(rows, cols) / (sum(rows) * sum(cols))
    y = np.zeros((n, c, math.ceil(h / stride[0]), math.ceil(w / stride[1])), x.dtype)
    for i, channel, row, col in np.ndindex(y.shape):
        top, left = row * stride[0], col * stride[1]
        window = x[i, channel, top : top + kernel[0], left : left + kernel[1]]
        y[i, channel, row, col] = np.sum(window * weights)
    return y


def global_avg_pool2d(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h * w).sum(axis=2) / (h * w)


def leaky_relu(x, slope):
    return np.where(x > 0, x, slope * x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


def normalised(x, mean, var, weight, bias, eps):
    """Batch norm with given mean and variance of each channel."""
    y = np.zeros_like(x)
    for c in range(x.shape[1]):
        y[:, c] = weight[c] * (x[:, c] - mean[c]) / np.sqrt(var[c] + eps) + bias[c]
    return y


def batch_norm(x, weight, bias, eps):
    """Batch norm with the mean and the biased variance of this batch."""
    mean = [np.mean(x[:, c]) for c in range(x.shape[1])]
    var = [np.mean((x[:, c] - mean[c]) ** 2) for c in range(x.shape[1])]
    return normalised(x, mean, var, weight, bias, eps)


def derivative(loss, x, place, step=1e-3):
    """∂loss/∂x[place] of a function of an array, by differences of fourth order."""
    values = []
    for k in (-2, -1, 1, 2):
        moved = x.copy()
        moved[place] += k * step
        values.append(loss(moved))
    return (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)


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


# Optimisers ----------------------------------------------------------------------------------


def optimizer_path(
    kind: str,
    slope: Callable[[Sequence[float]], Sequence[float]],
    start: Sequence[float],
    rate: float,
    steps: int,
) -> list[list[float]]:
    """The places that a textbook optimiser visits, the start included, number by number.

    "sgd", "momentum" and "nesterov" (μ = 0.9), "adagrad", "rmsprop" (α = 0.99), "adam" (β = 0.9,
    0.999) and "uncorrected", which is Adam without its bias correction.
    """
    size = len(start)
    place, path = list(start), [list(start)]
    first, second = [0.0] * size, [0.0] * size
    for t in range(1, steps + 1):
        g = slope(place)
        for j in range(size):
            if kind in ("momentum", "nesterov"):
                first[j] = 0.9 * first[j] + g[j]
                step = g[j] + 0.9 * first[j] if kind == "nesterov" else first[j]
            elif kind == "adagrad":
                second[j] += g[j] ** 2
                step = g[j] / (math.sqrt(second[j]) + 1e-10)
            elif kind == "rmsprop":
                second[j] = 0.99 * second[j] + 0.01 * g[j] ** 2
                step = g[j] / (math.sqrt(second[j]) + 1e-8)
            elif kind in ("adam", "uncorrected"):
                first[j] = 0.9 * first[j] + 0.1 * g[j]
                second[j] = 0.999 * second[j] + 0.001 * g[j] ** 2
                on = kind == "adam"
                m = first[j] / (1 - 0.9**t) if on else first[j]
                s = second[j] / (1 - 0.999**t) if on else second[j]
                step = m / (math.sqrt(s) + 1e-8)
            else:
                step = g[j]
            place[j] -= rate * step
        path.append(list(place))
    return path
