"""The same picture elsewhere: to learn from, and to see what a network makes of it."""

import operator
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels.augment import move


def shift(x: Any, rows: int, cols: int) -> np.ndarray:
    """x (…, h, w) moved down by `rows` and right by `cols` whole pixels; zeros come in, nothing
    wraps.

    Negative numbers move up and left. The result is new, in x's dtype as `dlnotes.door.array` reads
    it (float32, or float64 where x is). ValueError where x has fewer than two axes or rows or cols
    is not a whole number; TypeError where x is not made of numbers.
    """
    x = door.array(x, "shift: x")
    if x.ndim < 2:
        raise ValueError(f"shift: x has shape {x.shape}, wanted (…, h, w)")
    h, w = x.shape[-2:]
    down = max(-h, min(h, any_whole(rows, "shift: rows")))
    right = max(-w, min(w, any_whole(cols, "shift: cols")))
    y = np.zeros_like(x)
    kept = x[..., max(-down, 0) : h - max(down, 0), max(-right, 0) : w - max(right, 0)]
    y[..., max(down, 0) : h + min(down, 0), max(right, 0) : w + min(right, 0)] = kept
    return y


def any_whole(value: Any, name: str) -> int:
    """`value` as a whole number of either sign; ValueError otherwise."""
    if isinstance(value, bool | np.bool_) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} is {value!r}, wanted a whole number")
    return operator.index(value)


def augment(
    x: Any, *, rng: np.random.Generator, shift: float = 2, turn: float = 10, zoom: float = 0.1
) -> np.ndarray:
    """Every picture of x (n, c, h, w) a little elsewhere: moved, turned and zoomed at random.

    Moves are uniform within ±`shift` pixels each way, turns within ±`turn` degrees and zooms within
    1 ± `zoom`; all of them about the picture's middle, read bilinearly, with zeros from outside.
    The result is new, in x's dtype as `dlnotes.door.array` reads it.

    ValueError where x has other axes or an amount is not a number of its range (shift ≥ 0, 0 ≤ turn
    ≤ 180, 0 ≤ zoom < 1); TypeError where x is not made of numbers or rng is not a generator.
    """
    x = door.array(x, "augment: x")
    if x.ndim != 4:
        raise ValueError(f"augment: x has shape {x.shape}, wanted (n, c, h, w)")
    rng = door.generator(rng, "augment: rng")
    shift = door.real(shift, "augment: shift", least=0, below=1e6)
    turn = np.radians(door.real(turn, "augment: turn", least=0, below=180.001))
    zoom = door.real(zoom, "augment: zoom", least=0, below=1)
    n = len(x)
    angle, moves = rng.uniform(-turn, turn, n), rng.uniform(-shift, shift, (2, n))
    shrink = 1 / rng.uniform(1 - zoom, 1 + zoom, n)
    # A result's place is moved back, then turned and zoomed back, to find what it shows.
    cos, sin = np.cos(angle) * shrink, np.sin(angle) * shrink
    inverse = np.stack([cos, sin, -sin, cos], axis=1).reshape(n, 2, 2)
    return move(x, np.concatenate([inverse, -inverse @ moves.T[:, :, None]], axis=2))
