"""The linear pieces of a ReLU network of one input, counted exactly, and the most there can be.

Such a network is a chain of straight lines. Each layer is followed from piece to piece: between two
neighbouring edges every neuron is a straight line a·x + b, so that where it crosses zero is one
division, and no piece can be missed, however short it is.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from dlnotes.layers import Dense, LeakyReLU, ReLU, Sequential
from dlnotes.words import _

SAME = 1e-11  # two lines are one where they differ by less than this share of the steepest


@dataclass(frozen=True, eq=False)
class Pieces:
    """A chain of m straight lines: on piece i, from `edges[i]` to `edges[i + 1]`, y is
    `slopes[i]`·x + `intercepts[i]`. Shapes: edges (m + 1,), slopes and intercepts (m, n_out)."""

    edges: np.ndarray
    slopes: np.ndarray
    intercepts: np.ndarray

    @property
    def count(self) -> int:
        """How many straight lines there are."""
        return len(self.slopes)

    def __call__(self, x: Any) -> np.ndarray:
        """The chain's height at x: (n,) → (n, n_out)."""
        x = np.asarray(x, dtype=float)
        place = np.searchsorted(self.edges[1:-1], x)
        return self.slopes[place] * x[:, None] + self.intercepts[place]


def linear_pieces(net: Sequential, low: float = -math.inf, high: float = math.inf) -> Pieces:
    """The straight lines that a network of one input consists of, between `low` and `high`.

    `net` is a Sequential of `Dense`, `ReLU` and `LeakyReLU` layers, the first of them with one
    input; ValueError names a layer of another kind. Neighbouring pieces that lie on one line are
    one piece.
    """
    return pieces_of(steps_of(net), low, high)


def sawtooth(teeth: int, low: float = 0.0, high: float = 1.0) -> Sequential:
    """A network made by hand with this many teeth, from 0 up to 1 and back, from `low` to `high`.

    One layer of two neurons makes the tent 2·relu(x) − 4·relu(x − ½). Put into itself, it has twice
    as many teeth each time, so that k = 1 + ⌈log₂ teeth⌉ layers are enough: 6k + 1 parameters
    (Telgarsky 2015, arXiv:1509.08101). float64.
    """
    if not isinstance(teeth, Integral) or teeth < 1:
        raise ValueError(_("sawtooth: teeth is a whole number from 1 up, not {n}.").format(n=teeth))
    if not low < high:
        raise ValueError(
            _("sawtooth: low is {low}, not below high, {high}.").format(low=low, high=high)
        )
    depth = 1 + math.ceil(math.log2(teeth))
    share = teeth / 2 ** (depth - 1) / (high - low)
    tent, kinks = np.array([[2.0], [-4.0]]), np.array([0.0, -0.5])
    steps = [(np.full((1, 2), share), kinks - share * low)]
    steps += [(np.repeat(tent, 2, axis=1), kinks)] * (depth - 1) + [(tent, np.zeros(1))]
    layers: list[Any] = []
    for weight, bias in steps:
        dense = Dense(*weight.shape, rng=np.random.default_rng(0), dtype=np.float64)
        for parameter, value in zip(dense.parameters(), (weight, bias), strict=True):
            parameter.value[:] = value
        layers += [dense, ReLU()]
    return Sequential(*layers[:-1])


def steps_of(net: Any) -> list[Any]:
    """A network as steps: (weight, bias) of a dense layer, or the slope below zero of a ReLU."""
    steps: list[Any] = []
    for i, layer in enumerate(net):
        if isinstance(layer, Dense):
            bias = np.zeros(layer.n_out) if layer.bias is None else layer.bias.value
            steps.append((layer.weight.value.astype(float), bias.astype(float)))
        elif isinstance(layer, ReLU):
            steps.append(0.0)
        elif isinstance(layer, LeakyReLU):
            steps.append(layer.slope)
        else:
            sentence = _("linear_pieces: layer {i} is {kind}; only Dense and ReLU make pieces.")
            raise ValueError(sentence.format(i=i, kind=type(layer).__name__))
    return steps


def pieces_of(steps: Iterable[Any], low: float, high: float) -> Pieces:
    """As `linear_pieces`, of the steps that `steps_of` gives."""
    if not low < high:
        raise ValueError(
            _("linear_pieces: low is {low}, not below high, {high}.").format(low=low, high=high)
        )
    edges = np.array([low, high], dtype=float)
    slope, height = np.ones((1, 1)), np.zeros((1, 1))
    for step in steps:
        if isinstance(step, tuple):
            weight, bias = step
            if weight.shape[0] != slope.shape[1]:
                sentence = _("linear_pieces: a layer takes {wanted} inputs; {came} come.")
                raise ValueError(sentence.format(wanted=weight.shape[0], came=slope.shape[1]))
            slope, height = slope @ weight, height @ weight + bias
            continue
        edges, parent, middle = cut(edges, slope, height)
        slope, height = slope[parent], height[parent]
        share = np.where(slope * middle[:, None] + height > 0, 1.0, step)
        slope, height = slope * share, height * share
    return joined(edges, slope, height)


def cut(
    edges: np.ndarray, slope: np.ndarray, height: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut every piece where one of its lines is zero: new edges, each piece's parent and middle."""
    with np.errstate(all="ignore"):
        zero = -height / slope
    inside = (zero > edges[:-1, None]) & (zero < edges[1:, None])  # false for nan
    fresh = np.unique(np.concatenate([edges, zero[inside]]))
    middle = middles(fresh)
    # Two edges that differ by rounding alone have no number between them.
    apart = (middle > fresh[:-1]) & (middle < fresh[1:])
    fresh = np.concatenate([fresh[:-1][apart], fresh[-1:]])
    middle = middles(fresh)
    return fresh, np.searchsorted(edges[1:-1], middle), middle


def middles(edges: np.ndarray) -> np.ndarray:
    """A number inside each piece; the outermost two may reach to infinity."""
    left, right = edges[:-1].copy(), edges[1:].copy()
    if np.isinf(left[0]):
        left[0] = min(right[0], 0.0) * 2 - 2 if np.isfinite(right[0]) else -1.0
    if np.isinf(right[-1]):
        right[-1] = max(left[-1], 0.0) * 2 + 2
    return left + (right - left) / 2


def joined(edges: np.ndarray, slope: np.ndarray, height: np.ndarray) -> Pieces:
    """Neighbours that lie on one line become one piece."""
    scale = SAME * np.abs(slope).max()
    differs = (np.abs(np.diff(slope, axis=0)) > scale).any(axis=1)
    first = np.concatenate([[True], differs])
    return Pieces(np.concatenate([edges[:-1][first], edges[-1:]]), slope[first], height[first])


def most_pieces(widths: Sequence[int]) -> int:
    """The most pieces that a ReLU network of one input can have, by its hidden layers' widths.

    Each neuron of a layer cuts every piece at most once, so that w neurons make at most w + 1
    pieces of one: the bound is the product of (w + 1). Montúfar et al. 2014 (arXiv:1402.1869)
    show how such products arise; Telgarsky 2015 (arXiv:1509.08101) makes them with sawteeth.
    """
    return math.prod(width + 1 for width in widths)
