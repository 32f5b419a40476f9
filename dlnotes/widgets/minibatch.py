"""What a `MinibatchDial` trains, and how its runs are kept: the dense network on drawn digits."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.kernels.parallel import warm_both
from dlnotes.layers import Dense, Flatten, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.optim import SGD
from dlnotes.training import train

ENDLESS = 1_000_000  # epochs: the clock ends a run
SLICE_OF_WORK = 600  # a slice is so many examples, of which a step costs ten more than it has
KEPT_POINTS = 80


@dataclass(frozen=True)
class Moment:
    """A run at one moment: `loss` and `accuracy` are those on all examples, off the clock."""

    batch: int
    rate: float
    step: int
    seconds: float
    loss: float
    accuracy: float


@lru_cache(maxsize=4)
def digits(examples: int) -> tuple[np.ndarray, np.ndarray]:
    """The drawn digits that every run learns: x (n, 1, 28, 28), y (n,)."""
    return data.strokes(examples, rng=np.random.default_rng(0))


@lru_cache(maxsize=1)
def wake() -> None:
    """Steps that nobody measures: what the first ones must load would count as training."""
    warm_both(one_step)


def one_step() -> None:
    net = network(1, np.random.default_rng(0))
    x, y = digits(1)
    options = SGD(net.parameters(), 0.1)
    rng = np.random.default_rng(0)
    next(train(net, x, y, loss=CrossEntropy(), optimizer=options, epochs=1, batch_size=1, rng=rng))


def network(hidden: int, rng: np.random.Generator) -> Sequential:
    """784 – `hidden` – 10 with ReLU between."""
    return Sequential(Flatten(), Dense(784, hidden, rng=rng), ReLU(), Dense(hidden, 10, rng=rng))


def training(
    examples: int, hidden: int, batch: int, rate: float, budget: Callable[[], float]
) -> Iterator[Moment]:
    """784 – `hidden` – 10 learns by plain SGD for `budget()` seconds of pure training.

    All runs start from the same weights. A moment comes after each step at first, and then at wider
    distances, but always after a short slice of work. `budget` is asked at each. Raises `Diverged`
    where the loss is no longer finite.
    """
    wake()
    x, y = digits(examples)
    rng = np.random.default_rng(1)
    net = network(hidden, rng)
    optimizer = SGD(net.parameters(), rate)
    steps = train(
        net, x, y, loss=CrossEntropy(), optimizer=optimizer, epochs=ENDLESS, batch_size=batch,
        rng=rng,
    )  # fmt: skip
    measure, seconds, step = CrossEntropy(), 0.0, 0

    def moment() -> Moment:
        logits = net(x)
        right = float((logits.argmax(axis=1) == y).mean())
        return Moment(batch, rate, step, seconds, measure(logits, y), right)

    yield moment()
    while seconds < budget():
        for _turn in range(min(1 + step // 20, max(1, SLICE_OF_WORK // (10 + batch)))):
            began = time.perf_counter()
            next(steps)
            seconds += time.perf_counter() - began
            step += 1
        yield moment()


def kept(run: list[Moment], number: int, examples: int) -> dict[str, Any]:
    """A run as JSON, with at most 80 of its moments, closer together where it began."""
    chosen = sorted({round(at) for at in np.geomspace(1, len(run), KEPT_POINTS) - 1})
    moments = [run[i] for i in chosen]
    return {
        "number": number,
        "batch": run[0].batch,
        "epochs": run[-1].step / math.ceil(examples / run[0].batch),
        "rate": run[0].rate,
        "steps": [m.step for m in moments],
        "seconds": [m.seconds for m in moments],
        "losses": [m.loss for m in moments],
        "accuracy": run[-1].accuracy,
    }
