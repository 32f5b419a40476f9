"""Which numbers of an image meet which lanes of its long row: the plans of `lines.place` and `put`.

A plan is a table with a row for each vector of the long row: where it lies there (`to`), where its
numbers begin in the image (`at`), how many they are (`count`), and in which order they come. Made
once for a shape, it spares the loops all arithmetic on lines and columns.
"""

import numpy as np

from dlnotes.kernels.simd import LANES

Pair = tuple[int, int]


def laying(floats: int, begin: Pair, across: int, size: Pair) -> np.ndarray:
    """How a plane of `size` (h, w) comes onto a long row of `floats`, zeros around it.

    Its first pixel lies `begin` (down, sideways) there, and its lines `across` apart.
    """
    h, w = size
    lane = np.arange(floats).reshape(-1, LANES)
    line, column = np.divmod(lane - (begin[0] * across + begin[1]), across)
    there = (line >= 0) & (line < h) & (column < w)
    first, count = spans(np.where(there, line * w + column, -1))
    order = np.where(there, line * w + column - first[:, None], count[:, None])
    return np.column_stack([lane[:, 0], first, count, order]).astype(np.int32)


def keeping(length: int, across: int, w: int) -> np.ndarray:
    """How lines of `w`, `across` apart on a long row of `length`, come close together."""
    lane = np.arange(0, length, LANES)[:, None] + np.arange(LANES)
    line, column = np.divmod(lane, across)
    there = (column < w) & (lane < length)
    first, count = spans(np.where(there, line * w + column, -1))
    order = np.argsort(~there, axis=1, kind="stable")
    return np.column_stack([lane[:, 0], first, count, order]).astype(np.int32)


def spans(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first number of each row that is not -1, and how many there are from it to the last."""
    last = numbers.max(axis=1)
    first = np.where(numbers < 0, last[:, None], numbers).min(axis=1)
    return np.maximum(first, 0), np.where(last < 0, 0, last + 1 - first)
