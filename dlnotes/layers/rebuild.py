"""A layer from its description, as a checkpoint keeps it: a class name and its `config()`."""

import inspect
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers.activation import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlnotes.layers.blur import BlurPool2d
from dlnotes.layers.conv import Conv2d
from dlnotes.layers.dense import Dense
from dlnotes.layers.dropout import Dropout
from dlnotes.layers.layer import Layer
from dlnotes.layers.norm import BatchNorm
from dlnotes.layers.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from dlnotes.layers.sequential import Sequential
from dlnotes.layers.shape import Flatten

# The only classes that a description can name: a file must not choose code to run.
KNOWN: dict[str, type[Layer]] = {
    known.__name__: known
    for known in (
        *(AvgPool2d, BatchNorm, BlurPool2d, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d),
        *(LeakyReLU, MaxPool2d, ReLU, Sigmoid, Softmax, Tanh),
    )
}


def rebuild(name: str, config: dict[str, Any], *, rng: np.random.Generator) -> Layer:
    """The layer of class `name` with `config`; weights start anew, from `rng`.

    Errors: ValueError for a class that is not of this package or a config that does not fit it;
    TypeError for an `rng` that is no NumPy generator.
    """
    door.generator(rng, "rebuild: rng")
    try:
        return _built(name, config, rng)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"rebuild: {name!r} cannot be made from {config!r}: {error}") from error


def _built(name: str, config: dict[str, Any], rng: np.random.Generator) -> Layer:
    if name == "Sequential":
        return Sequential(*(_built(inner, options, rng) for inner, options in config["layers"]))
    if name not in KNOWN:
        raise ValueError(f"wanted one of {', '.join(KNOWN)}")
    takes_rng = "rng" in inspect.signature(KNOWN[name]).parameters
    return KNOWN[name](**config, **({"rng": rng} if takes_rng else {}))
