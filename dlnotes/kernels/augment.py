"""Many pictures, each moved in its own way: fast enough to be done anew for every mini-batch."""

import numpy as np
from numba import prange

from dlnotes.kernels.parallel import SharedLoop, warm_both


@SharedLoop
def move_all(x, maps, y):
    """Fill y (n, c, h, w) from x; see `move`."""
    n, c_in, h, w = x.shape
    for i in prange(n):
        for row in range(h):
            for col in range(w):
                down, across = row + 0.5 - h / 2, col + 0.5 - w / 2
                r = maps[i, 0, 0] * down + maps[i, 0, 1] * across + maps[i, 0, 2] + h / 2 - 0.5
                c = maps[i, 1, 0] * down + maps[i, 1, 1] * across + maps[i, 1, 2] + w / 2 - 0.5
                r_near, c_near = int(np.floor(r)), int(np.floor(c))
                for channel in range(c_in):
                    total = 0.0
                    for u in range(r_near, r_near + 2):
                        for v in range(c_near, c_near + 2):
                            if 0 <= u < h and 0 <= v < w:
                                total += (1 - abs(r - u)) * (1 - abs(c - v)) * x[i, channel, u, v]
                    y[i, channel, row, col] = total


def move(x: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """Picture i of x (n, c, h, w) as seen through maps[i] (2, 3), bilinear, zero outside.

    A map says, for a place of the result in (row, column, 1) from the picture's middle, which place
    of the source is shown there.
    """
    y = np.empty_like(x)
    move_all(x, maps, y, nanoseconds=8 * y.size)
    return y


def warm() -> None:
    """Compile for float32, in which the lessons learn."""
    x, maps = np.ones((1, 1, 2, 2), np.float32), np.eye(2, 3)[None]
    warm_both(lambda: move(x, maps))
