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
    """A place in the plane (or in any space) as an optimiser wants it: a value and a slope."""

    def __init__(self, start: Sequence[float] | np.ndarray) -> None:
        self.value = np.array(start, dtype=float)
        self.grad = np.zeros_like(self.value)


def descend(
    name: str,
    start: Sequence[float] | np.ndarray,
    gradient: Callable[[np.ndarray], Sequence[float] | np.ndarray],
    rate: float,
    steps: int,
    bound: float = math.inf,
) -> np.ndarray:
    """The places that an optimiser of `dlnotes.optim` visits: (m, k), the start first.

    `name` is a key of `MAKERS`, `gradient` the slope at a place (k,) → (k,). There are steps + 1
    places, or fewer: the last is the first that is not within `bound` of zero, or not a number.
    """
    place = Place(start)
    optimizer = MAKERS[name]([place], rate)
    path = np.empty((steps + 1, place.value.size))
    path[0] = place.value
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            place.grad[:] = gradient(place.value)
            optimizer.step()
            path[step] = place.value
            if not np.abs(place.value).max() <= bound:
                return path[: step + 1]
    return path
