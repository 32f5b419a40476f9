"""Matrix products of float32 by register tiles, for dense layers.

NumPy hands `@` to a library whose threads are its own, and for the small matrices of a lesson they
cost more than they do: with a batch of one, x.T @ dy takes it 90 µs. Here each product is the same
tile: ROWS rows of the result × WIDTH columns stay in registers; for each inner index, COLS loads of
the right matrix meet ROWS numbers of the left one, wherever they lie. Large products are the
library's.
"""

import numpy as np
from numba import prange

from dlnotes.kernels import simd
from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.lines import turn
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both
from dlnotes.kernels.simd import COLS, LANES, ROWS, WIDTH

FEW = 4  # examples, for which to turn the weights round takes longer than all else
NOTHING = np.zeros(ROWS, np.float32)
LARGE = 200_000_000  # multiply-adds: the library's blocks for several caches pay from here on


@kernel(inline="always")
def lines_of_tiles(height, first, past, a, down, across, inner, b, cols, tail, edge, c):
    """Rows first … past of c, `height` at a time: wide tiles, narrow ones, and what is left."""
    whole = cols // LANES * LANES
    for row in range(first, past, height):
        at = row * down
        for col in range(0, cols - WIDTH + 1, WIDTH):
            tile = simd.filled(height, COLS, NOTHING, 0)
            for k in range(inner):
                tile = simd.add_scaled(tile, a, at + k * across, down, b, k * cols + col)
            simd.store(tile, c, row * cols + col, cols)
        for col in range(cols // WIDTH * WIDTH, whole, LANES):
            narrow = simd.filled(height, 1, NOTHING, 0)
            for k in range(inner):
                narrow = simd.add_scaled(narrow, a, at + k * across, down, b, k * cols + col)
            simd.store(narrow, c, row * cols + col, cols)
        if whole < cols:
            last = simd.filled(height, 1, NOTHING, 0)
            for k in range(inner):
                last = simd.add_scaled(last, a, at + k * across, down, tail, k * LANES)
            simd.store(last, edge, 0, LANES)
            for r in range(height):
                for j in range(cols - whole):
                    c[(row + r) * cols + whole + j] = edge[r * LANES + j]


@kernel
def rows_range(first, past, a, down, across, inner, b, cols, bias, c):
    """c (rows, cols) = a·b + bias, in blocks of ROWS rows; all are flat.

    a[row·down + k·across] is the left matrix, b (inner, cols) the right. What is left over of the
    rows is done one by one; of the columns, in a copy of b's last ones with zeros up to a vector.
    """
    rows, whole = c.size // cols, cols // LANES * LANES
    edge, tail = np.empty(ROWS * LANES, c.dtype), np.empty(0, c.dtype)
    if whole < cols:
        tail = np.zeros(inner * LANES, c.dtype)
        for k in range(inner):
            for j in range(cols - whole):
                tail[k * LANES + j] = b[k * cols + whole + j]
    begin, end = first * ROWS, min(past * ROWS, rows)
    middle = min(end, rows // ROWS * ROWS)
    lines_of_tiles(ROWS, begin, middle, a, down, across, inner, b, cols, tail, edge, c)
    lines_of_tiles(1, middle, end, a, down, across, inner, b, cols, tail, edge, c)
    for row in range(begin, end if bias.size else begin):
        line = c[row * cols : (row + 1) * cols]
        for j in range(cols):
            line[j] += bias[j]


@SharedLoop
def rows_all(blocks, parts, a, down, across, inner, b, cols, bias, c):
    for part in prange(parts):
        rows_range(
            *(part * blocks // parts, (part + 1) * blocks // parts),
            *(a, down, across, inner, b, cols, bias, c),
        )


@kernel
def columns(a, cols):
    """The sum of each column of a (rows, cols), which is flat."""
    sums = np.zeros(cols, a.dtype)
    for row in range(a.size // cols):
        line = a[row * cols : (row + 1) * cols]
        for j in range(cols):
            sums[j] += line[j]
    return sums


@kernel
def turn_all(a, rows, cols, turned):
    """turned (cols, rows) = a (rows, cols) turned round; both are flat."""
    whole_rows, whole_cols = rows // LANES * LANES, cols // LANES * LANES
    for row in range(0, whole_rows, LANES):
        for col in range(0, whole_cols, LANES):
            turn(a, row * cols + col, cols, turned, col * rows + row, rows)
    for row in range(rows):
        for col in range(whole_cols if row < whole_rows else 0, cols):
            turned[col * rows + row] = a[row * cols + col]


@kernel
def inner_products(a, inner, b, starts, c):
    """c[i, k] += Σ a[i, …] · b[starts[k] …], so that b, read as it lies, need not be turned round.

    LANES of them at a time, for their lanes are summed together; `inner` is in whole vectors.
    """
    cols = starts.size
    for row in range(a.size // inner):
        for k in range(0, cols, LANES):
            tile = simd.filled(1, LANES, NOTHING, 0)
            for p in range(0, inner, LANES):
                tile = simd.add_products(tile, a, row * inner + p, 0, b, starts, k, p)
            simd.add_sums(tile, c, row * cols + k)


NO_BIAS = np.empty(0, np.float32)


def suits(a: np.ndarray, others: int) -> bool:
    """Whether a product of `a` with so many columns is one for the tiles."""
    return bool(LANES) and a.dtype == np.float32 and 0 < a.size * others < LARGE


def multiplied(
    a: np.ndarray,
    down: int,
    across: int,
    b: np.ndarray,
    rows: int,
    bias: np.ndarray = NO_BIAS,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """The matrix whose number (r, k) is a.flat[r·down + k·across], times b, plus bias; in `out`,
    where that is given."""
    inner, cols = b.shape
    if out is None:
        out = np.empty((rows, cols), b.dtype)
    blocks, nanoseconds = -(-rows // ROWS), rows * inner * cols / 100
    parts = min(blocks, threads_for(nanoseconds))
    rows_all(
        *(blocks, parts, a.reshape(-1), down, across, inner, b.reshape(-1), cols, bias),
        out.reshape(-1),
        nanoseconds=nanoseconds,
    )
    return out


def forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """x @ weight + bias."""
    return multiplied(x, x.shape[1], 1, weight, len(x), NO_BIAS if bias is None else bias)


def backward_weight(x: np.ndarray, dy: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """x.T @ dy."""
    return multiplied(x, 1, x.shape[1], dy, x.shape[1], out=out)


def backward_bias(dy: np.ndarray) -> np.ndarray:
    """The sum of dy's rows."""
    return columns(dy.reshape(-1), dy.shape[1])


def backward_x(dy: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """dy @ weight.T."""
    (n, n_out), n_in = dy.shape, len(weight)
    if n <= FEW and n_in % LANES == n_out % LANES == 0:
        dx, starts = np.zeros((n, n_in), dy.dtype), np.arange(0, weight.size, n_out)
        inner_products(dy.reshape(-1), n_out, weight.reshape(-1), starts, dx.reshape(-1))
        return dx
    turned = np.empty(weight.shape[::-1], weight.dtype)
    turn_all(weight.reshape(-1), *weight.shape, turned.reshape(-1))
    return multiplied(dy, n_out, 1, turned, n)


def call_each() -> None:
    x, weight = np.ones((1, 1), np.float32), np.ones((1, 1), np.float32)
    if LANES:
        backward_x(forward(x, weight, weight[0]), weight)
        backward_x(np.ones((1, LANES), np.float32), np.ones((LANES, LANES), np.float32))
        backward_weight(x, x, np.empty_like(weight))
        backward_bias(x)


def warm() -> None:
    """Compile for float32: float64 is the library's."""
    warm_both(call_each)
