"""Max and average pooling, forward and backward: one window at a time, one channel of one image a
plane.

Shapes: x (planes, h, w), not padded: a window that reaches over the border is cut there. y, dy and
where (planes, h_out, w_out). `window`, `stride`, `dilation` are pairs (down, across); `before` is
the padding at the top and at the left, `after` at the bottom and at the right.
"""

import math
from typing import Any

import numpy as np
from numba import prange

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.pairs import pool_lines, unpool_last, unpool_lines, whole, zero
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both
from dlnotes.kernels.simd import LANES

Pair = tuple[int, int]


@kernel
def reaches(windows, stride, before, cells, dilation, size):
    """For each window along one axis: its first cell that lies in the image, and past the last.

    A table, because a division in every window would cost more than the window.
    """
    table = np.empty((windows, 2), np.int64)
    for k in range(windows):
        start = k * stride - before
        table[k, 0] = max(0, -(start // dilation))
        table[k, 1] = min(cells, -((start - size) // dilation))
    return table


@SharedLoop
def max_forward_planes(x, window, stride, before, dilation, y, where):
    planes, h, w = x.shape
    h_out, w_out = y.shape[1], y.shape[2]
    rows = reaches(h_out, stride[0], before[0], window[0], dilation[0], h)
    cols = reaches(w_out, stride[1], before[1], window[1], dilation[1], w)
    for i in prange(planes):
        for row in range(h_out):
            top = row * stride[0] - before[0]
            for col in range(w_out):
                left = col * stride[1] - before[1]
                best, place = -np.inf, -1
                for u in range(rows[row, 0], rows[row, 1]):
                    r = top + u * dilation[0]
                    for v in range(cols[col, 0], cols[col, 1]):
                        c = left + v * dilation[1]
                        value = x[i, r, c]
                        # NaN is not equal to itself; it wins, so that it stays visible.
                        if place < 0 or value > best or value != value:
                            best, place = value, r * w + c
                y[i, row, col] = best
                where[i, row, col] = place


@SharedLoop
def max_backward_planes(dy, where, dx):
    planes, h_out, w_out = dy.shape
    w = dx.shape[2]
    for i in prange(planes):
        for row in range(h_out):
            for col in range(w_out):
                place = where[i, row, col]
                if place >= 0:
                    dx[i, place // w, place % w] += dy[i, row, col]


@kernel
def divisor(top, left, window, after, h, w, with_padding, inside):
    """What a window's sum is divided by: the cells inside, or all that lie in the padded image."""
    if not with_padding:
        return inside
    down = min(top + window[0], h + after[0]) - top
    across = min(left + window[1], w + after[1]) - left
    return down * across


@SharedLoop
def average_forward_planes(x, window, stride, before, after, with_padding, y):
    planes, h, w = x.shape
    h_out, w_out = y.shape[1], y.shape[2]
    for i in prange(planes):
        for row in range(h_out):
            top = row * stride[0] - before[0]
            r_first, r_past = max(top, 0), min(top + window[0], h)
            for col in range(w_out):
                left = col * stride[1] - before[1]
                c_first, c_past = max(left, 0), min(left + window[1], w)
                total = 0.0
                inside = (r_past - r_first) * (c_past - c_first)
                for r in range(r_first, r_past):
                    for c in range(c_first, c_past):
                        total += x[i, r, c]
                y[i, row, col] = total / divisor(
                    top, left, window, after, h, w, with_padding, inside
                )


@SharedLoop
def average_backward_planes(dy, window, stride, before, after, with_padding, dx):
    planes, h, w = dx.shape
    h_out, w_out = dy.shape[1], dy.shape[2]
    for i in prange(planes):
        for row in range(h_out):
            top = row * stride[0] - before[0]
            r_first, r_past = max(top, 0), min(top + window[0], h)
            for col in range(w_out):
                left = col * stride[1] - before[1]
                c_first, c_past = max(left, 0), min(left + window[1], w)
                inside = (r_past - r_first) * (c_past - c_first)
                share = dy[i, row, col] / divisor(
                    top, left, window, after, h, w, with_padding, inside
                )
                for r in range(r_first, r_past):
                    for c in range(c_first, c_past):
                        dx[i, r, c] += share


@kernel
def max_forward_pairs_range(first, past, x, h, w, y, code):
    """2×2 windows of float32, a vector of them at a time; all arrays are flat."""
    never = x.dtype.type(np.nan)  # nothing is below it: every window has its maximum
    of_x, of_y = h * w, h // 2 * (w // 2)
    for i in range(first, past):
        if (i + 1) * of_x + 2 * LANES <= x.size:
            pool_lines(x, i * of_x, w, h, never, y, code, i * of_y, w // 2)
        else:
            # Behind the last planes there is nothing that may be read.
            plane = np.zeros(of_x + 2 * LANES, x.dtype)
            for k in range(of_x):
                plane[k] = x[i * of_x + k]
            pool_lines(plane, 0, w, h, never, y, code, i * of_y, w // 2)


@SharedLoop
def max_forward_pairs(planes, parts, x, h, w, y, code):
    for part in prange(parts):
        begin, end = part * planes // parts, (part + 1) * planes // parts
        max_forward_pairs_range(begin, end, x, h, w, y, code)


@kernel
def max_backward_pairs_range(first, past, dy, code, h, w, dx):
    h_out, w_out = h // 2, w // 2
    of_x, of_y, wide = h * w, h_out * w_out, whole(w_out)
    for i in range(first, past):
        # Whole vectors while they end within this plane, and within dy.
        surely = min(
            h_out, (of_x - 2 * wide) // (2 * w), (dy.size - i * of_y - wide) // max(w_out, 1) + 1
        )
        surely = max(0, surely)
        unpool_lines(dy, code, i * of_y, surely, w_out, dx, i * of_x, w)
        start = i * of_x + 2 * surely * w
        zero(dx[start : (i + 1) * of_x])
        at, lines = i * of_y + surely * w_out, h_out - surely
        unpool_last(dy, code, at, lines, w_out, dx, start, w)


@SharedLoop
def max_backward_pairs(planes, parts, dy, code, h, w, dx):
    for part in prange(parts):
        begin, end = part * planes // parts, (part + 1) * planes // parts
        max_backward_pairs_range(begin, end, dy, code, h, w, dx)


def guess(y: np.ndarray, cells: int) -> float:
    """About how many nanoseconds one thread takes; float64 is always left to one."""
    return 3.0 * y.size * cells if y.dtype == np.float32 else 0.0


def in_pairs(x: np.ndarray, window: Pair, stride: Pair, before: Pair, out: tuple[int, ...]) -> bool:
    """Whether these windows are those that vectors pool: 2×2 of float32, side by side."""
    return (
        (LANES > 0 and window == stride == (2, 2) and before == (0, 0) and x.dtype == np.float32)
        and out == (x.shape[1] // 2, x.shape[2] // 2)
        and x.size > 0
    )


def max_forward(
    x: np.ndarray, out: tuple[int, ...], window: Pair, stride: Pair, before: Pair, dilation: Pair
) -> tuple[np.ndarray, np.ndarray]:
    """y of `out` (h_out, w_out), and where each maximum lies in its plane (-1: empty window).

    Where vectors do it, that is a uint8 in place of an int64: which of its four pixels.
    """
    y = np.empty((x.shape[0], *out), x.dtype)
    if dilation == (1, 1) and in_pairs(x, window, stride, before, out):
        code, (planes, h, w) = np.empty(y.shape, np.uint8), x.shape
        nanoseconds = x.size / 6
        parts = min(planes, threads_for(nanoseconds))
        max_forward_pairs(
            *(planes, parts, x.reshape(-1), h, w, y.reshape(-1), code.reshape(-1)),
            nanoseconds=nanoseconds,
        )
        return y, code
    where = np.empty(y.shape, np.int64)
    nanoseconds = guess(y, math.prod(window))
    max_forward_planes(x, window, stride, before, dilation, y, where, nanoseconds=nanoseconds)
    return y, where


def max_backward(dy: np.ndarray, where: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """dx of planes of `size`: each dy goes to the cell that was the maximum."""
    if where.dtype == np.uint8:
        dx = np.empty((dy.shape[0], *size), dy.dtype)
        nanoseconds, planes = dx.size / 6, len(dx)
        parts = min(planes, threads_for(nanoseconds))
        max_backward_pairs(
            *(planes, parts, dy.reshape(-1), where.reshape(-1), *size, dx.reshape(-1)),
            nanoseconds=nanoseconds,
        )
        return dx
    dx = np.zeros((dy.shape[0], *size), dy.dtype)
    max_backward_planes(dy, where, dx, nanoseconds=guess(dy, 1))
    return dx


def average_forward(
    x: np.ndarray,
    out: tuple[int, ...],
    window: Pair,
    stride: Pair,
    before: Pair,
    after: Pair,
    padded: bool,
) -> np.ndarray:
    """y of `out` (h_out, w_out); `padded`: padding counts in the divisor."""
    y = np.empty((x.shape[0], *out), x.dtype)
    nanoseconds = guess(y, math.prod(window))
    average_forward_planes(x, window, stride, before, after, padded, y, nanoseconds=nanoseconds)
    return y


def average_backward(
    dy: np.ndarray,
    size: tuple[int, ...],
    window: Pair,
    stride: Pair,
    before: Pair,
    after: Pair,
    padded: bool,
) -> np.ndarray:
    """dx of planes of `size`: each cell of a window gets an equal share of dy."""
    dx = np.zeros((dy.shape[0], *size), dy.dtype)
    nanoseconds = guess(dy, math.prod(window))
    average_backward_planes(dy, window, stride, before, after, padded, dx, nanoseconds=nanoseconds)
    return dx


def call_each(dtype: Any) -> None:
    """Every loop once, for one dtype."""
    one, two, none = (1, 1), (2, 2), (0, 0)
    x = np.ones((1, 2, 2), dtype)
    for out, window in ((one, two), (two, one)):
        y, where = max_forward(x, out, window, window, none, one)
        max_backward(y, where, two)
    y = average_forward(x, one, two, two, none, none, True)
    average_backward(y, two, two, two, none, none, True)


def warm() -> None:
    """Compile for float32, in which the lessons learn, and float64, in which pictures come."""
    call_each(np.float64)
    warm_both(lambda: call_each(np.float32))
