"""What a `BackpropStepper` computes: a small network's forward and backward pass, taken apart.

All numbers come from the library: `Sequential`, its layers' `backward`, `MeanSquaredError` and
`check_gradients`. The network is two inputs, `hidden` units with an activation, one output.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlnotes.gradcheck import GradientReport, check_gradients
from dlnotes.layers import Dense, Layer, ReLU, Sequential, Sigmoid, Tanh
from dlnotes.losses import MeanSquaredError
from dlnotes.optim import SGD

INPUTS = 2
ACTIVATIONS = {"tanh": Tanh, "sigmoid": Sigmoid, "relu": ReLU}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
TIMED = 100  # passes whose median is the time of one

Weights = tuple[float, ...]


def network(hidden: int, activation: str, weights: Weights) -> Sequential:
    """2 – `hidden` – 1 in float64, its parameters set to `weights`, in the order of `symbols`."""
    rng = np.random.default_rng(0)
    net = Sequential(
        Dense(INPUTS, hidden, rng=rng, dtype=np.float64),
        ACTIVATIONS[activation](),
        Dense(hidden, 1, rng=rng, dtype=np.float64),
    )
    fill(net, weights)
    return net


def fill(net: Sequential, weights: Sequence[float]) -> None:
    start = 0
    for parameter in net.parameters():
        size = parameter.value.size
        parameter.value = np.reshape(weights[start : start + size], parameter.value.shape)
        start += size


def flat(net: Sequential, of: Callable = lambda parameter: parameter.value) -> Weights:
    """All parameters (or their gradients) in a row."""
    return tuple(float(v) for parameter in net.parameters() for v in of(parameter).reshape(-1))


def first_weights(hidden: int, seed: int) -> Weights:
    """The start that `Dense` draws, rounded to two decimals so that a reader can reckon along."""
    rng = np.random.default_rng(seed)
    net = Sequential(
        Dense(INPUTS, hidden, rng=rng, dtype=np.float64), Tanh(),
        Dense(hidden, 1, rng=rng, dtype=np.float64),
    )  # fmt: skip
    return tuple(round(value, 2) + 0.0 for value in flat(net))


def subscript(*numbers: int) -> str:
    return "".join(str(number + 1) for number in numbers).translate(SUBSCRIPTS)


def symbols(hidden: int) -> list[str]:
    """The names of the parameters in order: w₁₁ …, b₁ …, v₁ …, c."""
    return [
        *(f"w{subscript(i, j)}" for i in range(INPUTS) for j in range(hidden)),
        *(f"b{subscript(j)}" for j in range(hidden)),
        *(f"v{subscript(j)}" for j in range(hidden)),
        "c",
    ]


class LossOf(Layer):
    """A network and its loss as one layer: x (1, 2) in, the loss (1,) out."""

    def __init__(self, net: Sequential, target: float) -> None:
        self.net, self.loss, self.target = net, MeanSquaredError(), np.array([[target]])

    def forward(self, x: np.ndarray) -> np.ndarray:
        return np.array([self.loss(self.net(x), self.target)])

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return self.net.backward(self.loss.backward() * dy[0])


@dataclass(frozen=True, eq=False)
class Passes:
    """One example's forward and backward pass. z, a, dz, da: (hidden,); x, dx: (2,).

    `bend` is the activation's own slope at each z; `slopes` and `nudged` are the loss's slope by
    each parameter, from back-propagation and from finite differences, x's two at their end.
    """

    x: np.ndarray
    z: np.ndarray
    a: np.ndarray
    y: float
    target: float
    loss: float
    dy: float
    da: np.ndarray
    bend: np.ndarray
    dz: np.ndarray
    dx: np.ndarray
    slopes: Weights
    nudged: Weights
    report: GradientReport


@lru_cache(maxsize=256)
def passes_of(
    hidden: int, activation: str, weights: Weights, x: tuple[float, float], target: float
) -> Passes:
    net = network(hidden, activation, weights)
    first, middle, last = net
    example = np.array([x])
    z, a, y = net.trace(example)
    measure = MeanSquaredError()
    loss = measure(y, np.array([[target]]))
    dy = measure.backward()
    da = last.backward(dy)
    dz = middle.backward(da)
    dx = first.backward(dz)
    slopes = flat(net, lambda parameter: parameter.grad) + tuple(dx[0].tolist())
    bend = middle.backward(np.ones_like(z))
    whole = LossOf(net, target)
    report = check_gradients(whole, example)
    found = dict(report.differences)
    from_x = found.pop("x").reshape(-1).tolist()
    nudged = tuple(float(v) for array in found.values() for v in array.reshape(-1)) + tuple(from_x)
    return Passes(
        example[0], z[0], a[0], float(y[0, 0]), target, loss, float(dy[0, 0]), da[0], bend[0],
        dz[0], dx[0], slopes, nudged, report,
    )  # fmt: skip


def downhill(
    hidden: int,
    activation: str,
    weights: Weights,
    x: tuple[float, float],
    target: float,
    rate: float,
) -> Weights:
    """The parameters after one step of SGD on this one example."""
    net = network(hidden, activation, weights)
    whole = LossOf(net, target)
    whole.forward(np.array([x]))
    whole.backward(np.ones(1))
    SGD(net.parameters(), rate).step()
    return flat(net)


def loss_of(
    hidden: int, activation: str, weights: Weights, x: tuple[float, float], target: float
) -> float:
    """The loss alone; infinity or nan where it is too large for a number."""
    with np.errstate(all="ignore"):
        whole = LossOf(network(hidden, activation, weights), target)
        return float(whole.forward(np.array([x]))[0])


# What it costs ----------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def large(width: int) -> Sequential:
    """784 – `width` – 10, the dense network for pictures of digits."""
    rng = np.random.default_rng(0)
    return Sequential(Dense(784, width, rng=rng), ReLU(), Dense(width, 10, rng=rng))


def count(net: Sequential) -> int:
    """The parameters of a network."""
    return sum(parameter.value.size for parameter in net.parameters())


def seconds(net: Sequential, n_in: int, runs: int = TIMED) -> tuple[float, float]:
    """What a forward and a backward pass of one example take here: medians of `runs`."""
    x = np.zeros((1, n_in), dtype=net.parameters()[0].value.dtype)
    forward, backward = [], []
    for _run in range(runs):
        began = time.perf_counter()
        y = net(x)
        between = time.perf_counter()
        net.backward(np.ones_like(y))
        ended = time.perf_counter()
        forward.append(between - began)
        backward.append(ended - between)
    return statistics.median(forward), statistics.median(backward)
