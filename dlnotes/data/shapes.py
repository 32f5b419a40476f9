"""Shapes whose form is known exactly: what a filter finds in them can be said beforehand."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from dlnotes import door

# Each shape's straight pieces, from (row, col) to (row, col), in units of its radius.
PIECES = {
    "cross": [((-1, -1), (1, 1)), ((-1, 1), (1, -1))],
    "lines": [((-1, col), (1, col)) for col in (-1, 0, 1)],
    "square": [
        ((-1, -1), (-1, 1)),
        ((-1, 1), (1, 1)),
        ((1, 1), (1, -1)),
        ((1, -1), (-1, -1)),
    ],
}
KINDS = ("circle", *PIECES)
LARGEST = 4096  # pixels a side


def shape(
    kind: str,
    *,
    size: int = 28,
    centre: tuple[float, float] | None = None,
    radius: float | None = None,
    thickness: float | None = None,
    turn: float = 0,
) -> np.ndarray:
    """One shape as a picture (size, size), float32: 1 where its line is, 0 elsewhere, smooth
    between.

    `kind` is "circle", "cross" (two diagonals), "lines" (three upright ones) or "square"; all but
    the circle fill the square of half-side `radius`. Lengths are in pixels, `centre` is (row,
    column) from the upper left corner; left out, they are size/2 each, 0.35 size and 0.1 size.
    `turn` is in degrees, anticlockwise. A pixel's value is the part of its width that the line
    covers, by the distance from its centre to the line's middle: exact for lines along the pixels.
    What lies outside is cut off.

    ValueError for an unknown kind, a size that is not a whole number of 1–4096, or a length that is
    not a finite number above 0.
    """
    if kind not in KINDS:
        raise ValueError(f"shape: kind is {kind!r}, wanted one of {', '.join(KINDS)}")
    size = picture_size(size, "shape: size")
    middle = (size / 2, size / 2) if centre is None else centre
    if not isinstance(middle, tuple | list | np.ndarray) or len(middle) != 2:
        raise ValueError(f"shape: centre is {centre!r}, wanted (row, column)")
    row, col = (door.real(place, "shape: centre") for place in middle)
    radius = 0.35 * size if radius is None else door.real(radius, "shape: radius", above=0)
    pen = 0.1 * size if thickness is None else door.real(thickness, "shape: thickness", above=0)
    turn = np.radians(door.real(turn, "shape: turn"))

    cells = np.arange(size) + 0.5
    down, across = np.meshgrid(cells - row, cells - col, indexing="ij")
    # The pixels are turned back instead of the shape.
    down, across = (
        np.cos(turn) * down + np.sin(turn) * across,
        np.cos(turn) * across - np.sin(turn) * down,
    )
    if kind == "circle":
        distance = np.abs(np.hypot(down, across) - radius)
    else:
        ends = np.array(PIECES[kind]) * radius
        distance = np.min([to_piece(down, across, *piece) for piece in ends], axis=0)
    covered = np.minimum(distance + 0.5, pen / 2) - np.maximum(distance - 0.5, -pen / 2)
    return covered.clip(0, 1).astype(np.float32)


def to_piece(
    down: np.ndarray, across: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """The distance from each place to the straight piece from `start` to `end`."""
    way = end - start
    t = ((down - start[0]) * way[0] + (across - start[1]) * way[1]) / (way @ way)
    t = t.clip(0, 1)
    return np.hypot(down - start[0] - t * way[0], across - start[1] - t * way[1])


def shapes(
    n: int, *, rng: np.random.Generator, size: int = 28, kinds: Iterable[str] = KINDS
) -> tuple[np.ndarray, np.ndarray]:
    """n shapes of any place, size and pen: x (n, 1, size, size) float32 in 0–1; y (n,) int64.

    y counts along `kinds`. The radius is 0.12–0.3 of the picture's side, the line 0.04–0.12 of it,
    turned by up to 15 degrees either way; the whole shape lies within the picture.

    ValueError where n is not a whole number of at least 1, size not one of 8–4096 or kinds are not
    different known ones; TypeError where rng is not a generator.
    """
    n = door.whole(n, "shapes: n")
    rng = door.generator(rng, "shapes: rng")
    size = picture_size(size, "shapes: size", least=8)
    known = list(kinds) if isinstance(kinds, Iterable) and not isinstance(kinds, str) else []
    if not known or any(kind not in KINDS for kind in known) or len(set(known)) < len(known):
        raise ValueError(f"shapes: kinds is {kinds!r}, wanted different ones of {', '.join(KINDS)}")
    x, y = np.empty((n, 1, size, size), np.float32), rng.integers(0, len(known), n)
    for i in range(n):
        radius, thickness = size * rng.uniform((0.12, 0.04), (0.3, 0.12))
        turn = rng.uniform(-15, 15)
        # The farthest corner of a turned square, half the pen and a pixel's half beyond it.
        reach = radius * np.sqrt(2) * np.cos(np.radians(45 - abs(turn))) + thickness / 2 + 0.5
        row, col = rng.uniform(reach, size - reach, 2)
        options: dict[str, Any] = {"radius": radius, "thickness": thickness, "turn": turn}
        x[i, 0] = shape(known[y[i]], size=size, centre=(row, col), **options)
    return x, y


def picture_size(size: Any, name: str, least: int = 1) -> int:
    """`size` as a whole number of pixels that a picture may have; ValueError otherwise."""
    found = door.whole(size, name, least=least)
    if found > LARGEST:
        raise ValueError(f"{name} is {found}, wanted at most {LARGEST}")
    return found
