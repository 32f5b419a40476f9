"""The library's optimisers under the names that explorers show, and their way down a function."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from dlnotes import optim
from dlnotes.words import _

MOMENTUM = 0.9
OPTIMIZERS = {
    "sgd": _("SGD"),
    "momentum": _("Momentum"),
    "nesterov": _("Nesterov"),
    "adagrad": _("Adagrad"),
    "rmsprop": _("RMSprop"),
    "adam": _("Adam"),
}
MAKERS: dict[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "momentum": partial(optim.SGD, momentum=MOMENTUM),
    "nesterov": partial(optim.SGD, momentum=MOMENTUM, nesterov=True),
    "adagrad": optim.Adagrad,
    "rmsprop": optim.RMSprop,
    "adam": optim.Adam,
    "uncorrected": partial(optim.Adam, bias_correction=False),
}


class Place:
    """A place as an optimiser wants it: `value` (k,) and the slope there, `grad` (k,)."""

    def __init__(self, value: np.ndarray, grad: np.ndarray) -> None:
        self.value, self.grad = value, grad


def descend_together(
    runners: Sequence[tuple[str, float]],
    start: Sequence[float] | np.ndarray,
    gradients: Callable[[np.ndarray], np.ndarray],
    steps: int,
    bound: float = math.inf,
) -> list[np.ndarray]:
    """The places that optimisers of `dlnotes.optim` visit from one start: (m, k) for each.

    `runners` are pairs of a key of `MAKERS` and a learning rate; `gradients` gives the slopes at
    all their places at once, (runners, k) → (runners, k). A path has steps + 1 places, the start
    first, or fewer: its last is the first that is not within `bound` of zero, or not a number.
    """
    values = np.repeat(np.array(start, dtype=float)[None], len(runners), axis=0)
    grads = np.zeros_like(values)
    optimizers = [
        MAKERS[name]([Place(values[i], grads[i])], rate) for i, (name, rate) in enumerate(runners)
    ]
    paths = np.empty((steps + 1, *values.shape))
    paths[0] = values
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            grads[:] = gradients(values)
            for optimizer in optimizers:
                optimizer.step()
            paths[step] = values
        inside = np.abs(paths).max(axis=2) <= bound  # False for what is not a number
    # Everyone starts; who is outside at some step ends there.
    ends = np.where(inside[1:].all(axis=0), steps, inside[1:].argmin(axis=0) + 1) if steps else [0]
    return [paths[: end + 1, i] for i, end in enumerate(np.broadcast_to(ends, len(runners)))]


def descend(
    name: str,
    start: Sequence[float] | np.ndarray,
    gradient: Callable[[np.ndarray], Sequence[float] | np.ndarray],
    rate: float,
    steps: int,
    bound: float = math.inf,
) -> np.ndarray:
    """`descend_together` for one: `gradient` gives the slope at its place, (k,) → (k,)."""

    def gradients(places: np.ndarray) -> np.ndarray:
        return np.array(gradient(places[0]), dtype=float)[None]

    return descend_together([(name, rate)], start, gradients, steps, bound)[0]
