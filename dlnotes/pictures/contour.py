"""Lines of equal height through a grid of numbers, found for all cells and all levels at once."""

import numpy as np


def contour_segments(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Marching squares: the pieces of the level lines, shape (pieces, 2 ends, 2), as (column, row).

    `values` has shape (rows, cols); a value stands at its whole (column, row). A cell with a value
    that is not finite has no line. In a saddle the mean of the corners says which ones are joined.
    Method: Lorensen & Cline, "Marching cubes", SIGGRAPH 1987, in the plane.
    """
    values = np.where(np.isfinite(values), values, np.nan)
    level = np.asarray(levels, dtype=float)[:, None, None]
    above = values > level
    cell = np.isfinite(values[:-1, :-1] + values[:-1, 1:] + values[1:, :-1] + values[1:, 1:])
    flat = above[:, :, :-1] != above[:, :, 1:]  # edges along a row, crossed
    tall = above[:, :-1, :] != above[:, 1:, :]  # edges along a column, crossed
    # The edges of a cell, in turn: bottom, right, top, left.
    crossed = np.stack([flat[:, :-1], tall[:, :, 1:], flat[:, 1:], tall[:, :, :-1]], axis=-1)
    crossed &= cell[None, :, :, None]
    which, row, col = np.nonzero(crossed.any(axis=-1))
    crossed, level = crossed[which, row, col], level[which, 0, 0]
    corner = [
        values[row, col],
        values[row, col + 1],
        values[row + 1, col + 1],
        values[row + 1, col],
    ]
    with np.errstate(all="ignore"):
        along = [(level - corner[k]) / (corner[(k + 1) % 4] - corner[k]) for k in range(4)]
    x = np.stack([col + along[0], col + 1.0, col + 1 - along[2], col + 0.0], axis=-1)
    y = np.stack([row + 0.0, row + along[1], row + 1.0, row + 1 - along[3]], axis=-1)
    points = np.stack([x, y], axis=-1)
    saddle = crossed.all(axis=-1)
    plain = points[~saddle][crossed[~saddle]].reshape(-1, 2, 2)
    # Bottom-left corner and middle on one side: the lines cut off the other two corners.
    joined = (sum(corner) / 4 > level) == (corner[0] > level)
    pairs = np.where(joined[saddle, None], [0, 1, 2, 3], [3, 0, 1, 2])
    crossing = np.take_along_axis(points[saddle], pairs[:, :, None], axis=1).reshape(-1, 2, 2)
    return np.concatenate([plain, crossing])


def contour_lines(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """`contour_segments` joined into lines: (points, 2), as (column, row), nan between two lines.

    Half as long to write as the separate pieces, and worth the time where it is kept.
    """
    pieces = contour_segments(values, levels)
    # Two cells that share an edge find the same place on it but for rounding.
    ends = [(tuple(a), tuple(b)) for a, b in pieces.round(6).tolist()]
    meeting: dict[tuple, set[int]] = {}
    for i, pair in enumerate(ends):
        for end in pair:
            meeting.setdefault(end, set()).add(i)
    lines: list[tuple] = []
    gap = (np.nan, np.nan)
    # Lines that end at the border are begun there; what is left then are rings.
    alone = [i for i, pair in enumerate(ends) if min(len(meeting[end]) for end in pair) == 1]
    for first in [*alone, *range(len(ends))]:
        at, after = ends[first]
        if first not in meeting[at]:
            continue
        if len(meeting[at]) > 1 and len(meeting[after]) == 1:
            at = after
        lines.append(at)
        while meeting[at]:
            i = meeting[at].pop()
            at = ends[i][ends[i][0] == at]
            meeting[at].discard(i)
            lines.append(at)
        lines.append(gap)
    return np.array(lines, dtype=float).reshape(-1, 2)


def even_levels(values: np.ndarray, count: int) -> np.ndarray:
    """`count` levels evenly between the lowest and highest finite value; none if all are equal."""
    finite = values[np.isfinite(values)]
    if finite.size == 0 or finite.min() == finite.max():
        return np.empty(0)
    return np.linspace(finite.min(), finite.max(), count + 2)[1:-1]
