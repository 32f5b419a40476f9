"""The functions that a `CompositionExplorer` puts into themselves, and what is counted of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.composition import TORN, Cuts, beside, cuts, polynomial_degree
from dlnotes.formula import Formula
from dlnotes.pieces import pieces_of
from dlnotes.words import _

MAPS = {
    "quadratic": _("a quadratic: a₁ + a₂·x + a₃·x²"),
    "logistic": _("the logistic map: r·x·(1 − x)"),
    "tent": _("the tent: 1 − |2x − 1|"),
    "relu": _("a ReLU layer: v₁·relu(x) + v₂·relu(x − b)"),
    "formula": _("a formula of my own"),
}
WINDOWS = {
    "0 1": _("from 0 to 1"),
    "-1 1": _("from −1 to 1"),
    "-2 2": _("from −2 to 2"),
    "-5 5": _("from −5 to 5"),
}
POINTS = 361  # even places at which a curve is drawn, beside those where it turns


@dataclass(frozen=True)
class Map:
    """One function, hashable by what the reader set: its name, its numbers, its text and range."""

    name: str
    numbers: tuple[float, ...] = ()
    text: str = ""
    window: str = "0 1"

    @property
    def ends(self) -> tuple[float, float]:
        low, high = map(float, self.window.split())
        return low, high

    @property
    def degree(self) -> int | None:
        """The degree of f where it is a polynomial."""
        if self.name == "quadratic":
            return int(np.flatnonzero([1.0, *self.numbers[1:]])[-1])
        if self.name == "logistic":
            return 2 if self.numbers[0] else 0
        return polynomial_degree(self.text) if self.name == "formula" else None

    @property
    def layer(self) -> list[Any] | None:
        """f as a layer of two ReLUs, as `pieces_of` reads it, where it is one."""
        if self.name not in ("tent", "relu"):
            return None
        v1, v2, kink = self.numbers if self.name == "relu" else (2.0, -4.0, 0.5)
        into = np.ones((1, 2)), np.array([0.0, -kink])
        return [into, 0.0, (np.array([[v1], [v2]]), np.zeros(1))]

    def function(self) -> Callable[[Any], Any]:
        """f itself; FormulaError for a text that is no formula."""
        if self.name == "quadratic":
            a1, a2, a3 = self.numbers
            return lambda x: a1 + x * (a2 + a3 * x)
        if self.name == "logistic":
            (r,) = self.numbers
            return lambda x: r * x * (1 - x)
        if self.name == "tent":
            return lambda x: 1 - np.abs(2 * x - 1)
        if self.name == "relu":
            v1, v2, kink = self.numbers
            return lambda x: v1 * np.maximum(x, 0) + v2 * np.maximum(x - kink, 0)
        return Formula(self.text)

    def turns(self) -> Callable[[float, float], np.ndarray] | None:
        """Where f turns, if that is known without looking."""
        if self.name == "quadratic":
            _a1, a2, a3 = self.numbers
            found = [-a2 / (2 * a3)] if a3 else []
        elif self.name == "formula":
            return None
        else:
            found = [0.0, self.numbers[2]] if self.name == "relu" else [0.5]
        return lambda low, high: np.array(found)


@lru_cache(maxsize=128)
def cuts_of(map_: Map, depth: int) -> list[Cuts]:
    """The cuts of f, f∘f, … up to `depth` times f."""
    return cuts(map_.function(), *map_.ends, depth, map_.turns())


def places(map_: Map, depth: int, low: float, high: float) -> np.ndarray:
    """Where to draw f∘…∘f from low to high: even places, and every place where it turns.

    At a break stands a nan, so that no line is drawn across it.
    """
    found = cuts_of(map_, depth)[-1]
    turning, breaks = (x[(x > low) & (x < high)] for x in (found.x, found.breaks))
    even = np.linspace(low, high, POINTS)
    x = beside(np.concatenate([even, turning]), breaks, TORN * float(np.ptp(map_.ends)))
    return np.insert(x, np.searchsorted(x, breaks), np.nan)


@lru_cache(maxsize=128)
def straight_pieces(map_: Map, depth: int) -> int:
    """How many straight lines f∘…∘f consists of between the ends of its range."""
    return pieces_of((map_.layer or []) * depth, *map_.ends).count


def tally(map_: Map, depth: int) -> list[dict[str, Any]]:
    """For 1 to `depth` times f: degree, straight pieces, bumps, breaks; None for no number."""
    degree = map_.degree
    return [
        {
            "degree": None if degree is None else degree**level,
            "pieces": straight_pieces(map_, level) if map_.layer else None,
            "bumps": found.peaks.size if found.complete else None,
            "breaks": found.breaks.size if found.complete else None,
        }
        for level, found in enumerate(cuts_of(map_, depth), 1)
    ]
