"""What goes into a network that is looked at: a picture, changed by the reader's hand."""

import json
from typing import Any

import numpy as np

from dlnotes import data, door
from dlnotes.layers import Layer
from dlnotes.widgets.network_arithmetic import grid_of
from dlnotes.words import _


def examples_for(net: Layer) -> tuple[np.ndarray, np.ndarray]:
    """One real digit of each kind, in the shape that `net` takes; ValueError where none fits."""
    known = net.example_shape()
    for size in (28, 8):
        x, y = data.digits(size=size)
        first = [int(np.flatnonzero(y == digit)[0]) for digit in range(10)]
        x, y = x[first], y[first]
        for found in (x, x.reshape(10, -1)):
            if known not in (None, found.shape[1:]):
                continue
            try:
                net.output_shape(found.shape)
            except ValueError:
                continue
            return found, y
    sentence = _(
        "This network does not take digits: hand over what it takes, as x=… of shape (n, …)."
    )
    raise ValueError(sentence)


def checked_examples(net: Layer, x: Any, y: Any, who: str) -> tuple[np.ndarray, np.ndarray | None]:
    """x (n, c, h, w) or (n, n_in) that `net` takes, and y (n,) if given.

    TypeError for what is not made of numbers, ValueError for what does not fit.
    """
    x = door.array(x, f"{who}: x")
    if x.ndim not in (2, 4) or len(x) == 0:
        raise ValueError(
            f"{who}: x has shape {x.shape}, wanted (n, c, h, w) or (n, n_in), with at least one "
            "example"
        )
    net.output_shape(x.shape)
    if y is None:
        return x, None
    y = np.asarray(y)
    if y.shape != (len(x),):
        raise ValueError(f"{who}: y has shape {y.shape}, wanted ({len(x)},) as x has examples")
    return x, y


def changed(
    x: np.ndarray,
    *,
    down: int,
    right: int,
    noise: float,
    seed: int,
    painted: str,
    limits: tuple[float, float],
) -> np.ndarray:
    """One example x, moved, made noisy and painted: (c, h, w) or (n_in,).

    `noise` is a standard deviation, as a share of the range `limits`, to which what comes out is
    cut; `painted` is JSON: [[row, column, value], …]. A list of numbers cannot be moved, and is
    painted where it is shown (see `grid_of`).
    """
    low, high = limits
    if x.ndim == 3 and (down or right):
        x = data.shift(x - x.dtype.type(low), down, right) + x.dtype.type(low)
    else:
        x = x.copy()
    if noise:
        chance = np.random.default_rng(seed).standard_normal(x.shape).astype(x.dtype)
        x = np.clip(x + x.dtype.type(noise * (high - low)) * chance, low, high)
    for row, col, value in json.loads(painted):
        if x.ndim == 3:
            x[:, row, col] = value
        else:
            x[row * grid_of(x.size)[2] + col] = value
    return x
