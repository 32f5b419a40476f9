"""Max pooling as a reader is asked to write it, and the ways in which it usually goes wrong.

A mistake is a function that makes it, so that a reader's own function is recognised by what it
gives.
"""

import numpy as np

from dlnotes.layers import AvgPool2d, MaxPool2d
from dlnotes.words import _

made = np.random.default_rng(8).normal(0, 5, (10, 10)).round(1)
CASES = [
    (made[:6, :6], 2, 2),
    (made[:4, :8], 2, 2),
    (-1 - np.abs(made[:4, :6]), 2, 2),  # nothing in it is above zero
    (made[:7, :5], 2, 2),  # a row and a column are left over
    (made[:8, :6], 3, 2),
    (made[:5, :6], 2, 1),
    (made[:8, :10], 2, 3),
]


def max_pool(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """The largest of each window of x (h, w): (h_out, w_out), by the library's layer."""
    return MaxPool2d(size, stride=stride)(x[None, None])[0, 0]


def average(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    return AvgPool2d(size, stride=stride)(x[None, None])[0, 0]


def cut(x: np.ndarray, size: int, stride: int, rows: int, cols: int) -> np.ndarray:
    """`rows` by `cols` windows, those that reach over the border cut off there."""
    return np.array(
        [
            [
                x[i * stride : i * stride + size, j * stride : j * stride + size].max()
                for j in range(cols)
            ]
            for i in range(rows)
        ]
    )


def whole_divisions(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    return cut(x, size, stride, len(x) // stride, len(x[0]) // stride)


def rounded_up(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    rows, cols = (-(-(length - size) // stride) + 1 for length in x.shape)
    return cut(x, size, stride, rows, cols)


def zeros_after(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    after = [(0, (size - length) % stride) for length in x.shape]
    return max_pool(np.pad(x, after), size, stride)


def corner(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    rows, cols = max_pool(x, size, stride).shape
    return x[::stride, ::stride][:rows, :cols]


def place(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """Where in its window the largest stands, as argmax counts."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return windows.reshape(*windows.shape[:2], -1).argmax(axis=2).astype(float)


def unfilled(rows: slice, cols: slice, x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """The result where only these rows and columns have been filled."""
    y, found = max_pool(x, size, stride), np.zeros(max_pool(x, size, stride).shape)
    found[rows, cols] = y[rows, cols]
    return found


def other_size(by: int, x: np.ndarray, size: int, stride: int) -> np.ndarray:
    rows, cols = max_pool(x, size, stride).shape
    return cut(x, size + by, stride, rows, cols)


def without_steps(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    rows, cols = max_pool(x, size, stride).shape
    return max_pool(x, size, 1)[:rows, :cols]


HINTS = {
    "zero-size": _("A window lies beyond the border: (h − size) // stride + 1 of them fit."),
    "out of bounds": _("A number beyond the border is read: (h − size) // stride + 1 windows fit."),
    "truth value": _("Python's max compares whole rows: write .max() behind the window."),
    "'float' object": _("A size or an index is a float: // divides and rounds down."),
}
MISTAKES = [
    (average, _("That is the mean of each window: take the largest.")),
    (
        lambda x, size, stride: size * size * average(x, size, stride),
        _("That is the sum of each window: take the largest."),
    ),
    (
        lambda x, size, stride: -max_pool(-x, size, stride),
        _("That is the smallest of each window: take the largest."),
    ),
    (
        lambda x, size, stride: max_pool(x, size, 1),
        _("The stride is forgotten: your windows move by one pixel."),
    ),
    (corner, _("That is the first number of each window: take the largest.")),
    (place, _("That is where in its window the largest stands: give the number itself, .max().")),
    (
        lambda x, size, stride: unfilled(np.s_[:1], np.s_[:], x, size, stride),
        _("Only the first row is filled: does “return” stand inside the loops?"),
    ),
    (
        lambda x, size, stride: unfilled(np.s_[:-1], np.s_[:-1], x, size, stride),
        _("The last row and the last column are still 0: your loops end one too early."),
    ),
    (
        lambda x, size, stride: max_pool(x, size, size),
        _("Your windows move by their own size: the stride may be another number."),
    ),
    (
        lambda x, size, stride: max_pool(x, stride, size),
        _("Size and stride are swapped."),
    ),
    (
        without_steps,
        _(
            "The shape is right, but your windows begin at row, col: they begin at row × stride, "
            "col × stride."
        ),
    ),
    (
        lambda x, size, stride: max_pool(x, size, stride)[:-1, :-1],
        _(
            "The last row and the last column of windows are missing: there are "
            "(h − size) // stride + 1 rows."
        ),
    ),
    (
        whole_divisions,
        _(
            "The number of windows is not h // stride: the last would reach over the border. "
            "(h − size) // stride + 1 of them fit."
        ),
    ),
    (
        rounded_up,
        _("The last windows reach over the border: leave out those that do not fit."),
    ),
    (
        zeros_after,
        _("There are zeros beyond the border: leave out the windows that do not fit."),
    ),
    (
        lambda x, size, stride: max_pool(np.pad(x, 1), size, stride),
        _("There are zeros around the image: the first window begins at its first pixel."),
    ),
    (
        lambda x, size, stride: max_pool(x, size, stride).T,
        _("Rows and columns are swapped."),
    ),
    (
        lambda x, size, stride: np.maximum(max_pool(x, size, stride), 0),
        _("Where all numbers are negative you give 0: do not begin with a largest of 0."),
    ),
    (
        lambda x, size, stride: max_pool(np.abs(x), size, stride),
        _("That is the largest without its sign: −5 is less than 1."),
    ),
    (
        lambda x, size, stride: other_size(-1, x, size, stride),
        _("Your windows are a pixel too small: a slice ends before its second number."),
    ),
    (
        lambda x, size, stride: other_size(1, x, size, stride),
        _("Your windows are a pixel too large: a slice ends before its second number."),
    ),
]
