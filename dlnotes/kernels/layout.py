"""Images laid out as long rows for register tiles: lines `across` apart, zeros between.

dy is laid out through what was fused behind the convolution: ReLU lets pass what was above zero,
and pooling sends each number back to that of four pixels which it was taken from.
"""

import numpy as np
from numba import prange

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.geometry import Geometry, Pair, Sides, Sweep
from dlnotes.kernels.lines import place, place_passed
from dlnotes.kernels.pairs import unpool_last, unpool_lines, whole, zero
from dlnotes.kernels.parallel import SharedLoop, threads_for

PLAIN, RELU, POOLED = 0, 1, 2  # what is fused into the sweep


@kernel
def total_of(array):
    total = 0.0
    for k in range(array.size):
        total += array[k]
    return total


@kernel
def lay_range(first, past, x, pixels, plan, laid, floats):
    """Planes first … past of x, `pixels` each, into laid, `floats` each; both are flat."""
    for plane in range(first, past):
        for j in range(len(plan)):
            place(x, plane * pixels, plan, j, laid, plane * floats)


@SharedLoop
def lay(tasks, parts, x, pixels, plan, laid, floats):
    for part in prange(parts):
        first, past = part * tasks // parts, (part + 1) * tasks // parts
        lay_range(first, past, x, pixels, plan, laid, floats)


@kernel
def lay_pooled(dy, code, at, h, w, laid, origin, floats, begin, across):
    """A plane of dy that was pooled, `h` lines of `w` from dy[at] on, into laid[origin …]."""
    top = origin + begin[0] * across + begin[1]
    zero(laid[origin:top])
    # All lines but the very last of dy, behind which nothing may be read.
    surely = max(0, min(h, (dy.size - at - whole(w)) // w + 1))
    unpool_lines(dy, code, at, surely, w, laid, top, across)
    past = top + (2 * surely - 1) * across + 2 * w
    if surely < h:
        past = top + 2 * surely * across
    zero(laid[max(top, past) : origin + floats])
    unpool_last(dy, code, at + surely * w, h - surely, w, laid, top + 2 * surely * across, across)


@kernel
def lay_back_range(
    first, past, part, shape, dy, y, code, fused, plan, begin, across, laid, base, floats, sums
):
    """Planes first … past of dy into laid, through what was fused, and their sums.

    dy of `shape` (n, c_out, h, w), y, code and laid are flat, a plane of laid `floats` long, and
    its first one number `base`. With ReLU, y tells where dy passes; with pooling, `code` tells
    where it goes.
    """
    _, c_out, h, w = shape
    for plane in range(first, past):
        at, origin = plane * h * w, (plane - base) * floats
        if fused == POOLED:
            lay_pooled(dy, code, at, h, w, laid, origin, floats, begin, across)
        elif fused == RELU:
            for j in range(len(plan)):
                place_passed(dy, y, at, plan, j, laid, origin)
        else:
            for j in range(len(plan)):
                place(dy, at, plan, j, laid, origin)
        sums[part, plane % c_out] += total_of(laid[origin : origin + floats])


@SharedLoop
def lay_back(tasks, parts, shape, dy, y, code, fused, plan, begin, across, laid, floats, sums):
    for part in prange(parts):
        first, past = part * tasks // parts, (part + 1) * tasks // parts
        lay_back_range(
            *(first, past, np.int64(part), shape, dy, y, code, fused, plan, begin, across),
            *(laid, 0, floats, sums),
        )


def laid_out(x: np.ndarray, sweep: Sweep) -> np.ndarray:
    """x (n, c, h, w) as long rows with zeros between: (n, c, floats)."""
    laid, planes = np.empty(sweep.shape, x.dtype), x.shape[0] * x.shape[1]
    nanoseconds = laid.size / 10
    parts = min(planes, threads_for(nanoseconds))
    lay(
        *(
            planes,
            parts,
            x.reshape(-1),
            x[0, 0].size,
            sweep.laying,
            laid.reshape(-1),
            sweep.shape[2],
        ),
        nanoseconds=nanoseconds,
    )
    return laid


def padded(laid: np.ndarray, sweep: Sweep, sides: Sides, size: Pair) -> np.ndarray:
    """The images of `size` (h, w) with the zeros around them, as the plain loops want them."""
    (top, bottom), (left, right) = sides
    return lines_of(laid, sweep.across, (top + size[0] + bottom, left + size[1] + right))


def taken_up(back: np.ndarray, where: Geometry) -> np.ndarray:
    """dy (n, c_out, h_out, w_out) again, before all that was fused."""
    return lines_of(back[:, :, where.start :], where.back.across, where.forward.size)


def lines_of(laid: np.ndarray, across: int, size: Pair) -> np.ndarray:
    step = laid.itemsize
    strides = (*laid.strides[:2], across * step, step)
    lines = np.lib.stride_tricks.as_strided(laid, (*laid.shape[:2], *size), strides)
    return np.ascontiguousarray(lines)
