"""2×2 max pooling of an image's lines, and back, a vector at a time.

`code` remembers which pixel of four was taken (4: none, for none was above the floor).
"""

import numpy as np

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.lines import pool, unpool, wipe
from dlnotes.kernels.simd import LANES


@kernel
def whole(w):
    """Floats in the vectors that hold a line of `w`."""
    return (w + LANES - 1) // LANES * LANES


@kernel
def zero(array):
    for k in range(array.size):
        array[k] = 0


@kernel
def pool_lines(results, first, across, lines, floor, y, code, to, w):
    """Each pair of such lines, of 2 `w` floats, to one of `w` at y[to …] and code[to …].

    `floor` as in `pool`.
    """
    end, covered = to + lines // 2 * w, whole(w)
    last, last_code = np.empty(LANES, y.dtype), np.empty(LANES, code.dtype)
    for r in range(lines // 2):
        upper, place = first + 2 * r * across, to + r * w
        if place + covered <= end:
            for c in range(0, w, LANES):
                pool(results, upper + 2 * c, upper + across + 2 * c, floor, y, code, place + c)
        else:
            for c in range(0, w, LANES):
                pool(results, upper + 2 * c, upper + across + 2 * c, floor, last, last_code, 0)
                for k in range(min(LANES, w - c)):
                    y[place + c + k] = last[k]
                    code[place + c + k] = last_code[k]


@kernel
def unpool_lines(dy, code, first, lines, w, target, start, across):
    """Lines of dy from dy[first] on to pairs of lines at target[start …], zeros up to the next."""
    for r in range(lines):
        at = first + r * w
        upper = start + 2 * r * across
        lower, next_line = upper + across, upper + 2 * across
        for c in range(0, w, LANES):
            unpool(dy, code, at + c, 0, target, upper + 2 * c)
        for k in range(upper + 2 * w, lower, LANES):
            wipe(target, k)
        for c in range(0, w, LANES):
            unpool(dy, code, at + c, 1, target, lower + 2 * c)
        for k in range(lower + 2 * w, next_line, LANES):
            wipe(target, k)


@kernel
def unpool_last(dy, code, first, lines, w, target, start, across):
    """The same for lines behind which dy may not be read; target is zero from `start` on."""
    for r in range(lines):
        for c in range(w):
            k = int(code[first + r * w + c])
            if k < 4:
                place = start + (2 * r + (k >> 1)) * across + 2 * c + (k & 1)
                target[place] = dy[first + r * w + c]
