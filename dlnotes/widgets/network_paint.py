"""Painting single pixels of what goes into a network, by pointer and by keyboard."""

import itertools
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from dlnotes.widgets.touch import is_place

ARROWS = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}
MOST_PAINTED = 400

Cell = tuple[int, int]  # row, column


def painted_after(
    v: SimpleNamespace, pick: dict[str, Any], shape: tuple[int, ...], count: int
) -> dict[str, Any]:
    """What changes of `painted` [[row, column, value], …] and of `at`, the keyboard's brush.

    The picture has `shape` (h, w) and `count` pixels; a list of numbers may not fill its last row.
    """
    h, w = shape
    at = v.at or [h // 2, w // 2]
    if pick["how"] == "key":
        if pick.get("key") in ("Delete", "Backspace"):
            return {"painted": v.painted[:-1]}
        return {"at": moved_in(at, pick, (h, w))}
    if pick["how"] == "draw":
        points: list[Cell] = [(int(y), int(x)) for x, y in points_of(pick.get("points"), (w, h))]
        start: list[Cell] = [] if pick.get("begin") or v.at is None else [(v.at[0], v.at[1])]
        passed = between([*start, *points])
    elif pick["how"] == "click" and "x" not in pick:
        passed = [(at[0], at[1])]
    else:
        return {}
    painted = {(row, col): value for row, col, value in v.painted}
    for row, col in passed:
        if row * w + col < count:
            painted.pop((row, col), None)  # the newest is the last
            painted[row, col] = v.brush
    kept = [[row, col, value] for (row, col), value in painted.items()]
    return {"painted": kept[-MOST_PAINTED:], "at": list(passed[-1]) if passed else v.at}


def points_of(points: Any, size: tuple[int, int]) -> list[tuple[float, float]]:
    """The points (x, y) of a message that are in fact points, those beside the picture left out."""
    found = []
    for point in points if isinstance(points, list) else []:
        if is_place(point):
            found.append((float(point[0]), float(point[1])))
    return [(x, y) for x, y in found if 0 <= x < size[0] and 0 <= y < size[1]]


def between(cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cells and those that a straight line between two of them passes."""
    found = cells[:1]
    for (row, col), (to_row, to_col) in itertools.pairwise(cells):
        steps = max(abs(to_row - row), abs(to_col - col))
        found += [
            (row + round((to_row - row) * i / steps), col + round((to_col - col) * i / steps))
            for i in range(1, steps + 1)
        ]
    return found


def moved_in(place: Sequence[int], pick: dict[str, Any], shape: tuple[int, int]) -> list[int]:
    """A place (row, column) after an arrow key, kept inside; with Shift four cells at once."""
    far = 4 if pick.get("big") else 1
    step = ARROWS.get(str(pick.get("key")), (0, 0))
    return [
        min(max(at + far * along, 0), size - 1)
        for at, along, size in zip(place, step, shape, strict=True)
    ]
