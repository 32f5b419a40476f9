"""Matrix products of float32 by register tiles: dense layers, forward and backward.

NumPy hands `@` to a library whose threads are its own, and for the small matrices of a lesson they
cost more than they do: with a batch of one, x.T @ dy takes it 90 µs. Here each product is the same
tile: ROWS rows of the result × WIDTH columns stay in registers; for each inner index, COLS loads of
the right matrix meet ROWS numbers of the left one, wherever they lie. So x.T @ dy reads x as it is.
dy @ weight.T would read the weights down their columns: WIDTH rows of them at a time are turned
round, and stay in the nearest cache while all of dy meets them.

Backward is one loop, shared out by inputs: dw and dx of some inputs need no other's. Large products
are the library's. All arrays are flat in the kernels.
"""

import numpy as np
from numba import prange

from dlnotes.kernels import simd
from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.lines import turn
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both
from dlnotes.kernels.simd import COLS, LANES, ROWS, WIDTH

FEW = 4  # examples, for which to turn the weights round takes longer than all else
NOTHING, ONES = np.zeros(ROWS, np.float32), np.ones(ROWS, np.float32)
LARGE = 200_000_000  # multiply-adds: the library's blocks for several caches pay from here on
SPEED = 100  # multiply-adds of one thread in a nanosecond, about


@kernel(inline="always")
def tile_of(height, width, left, at, right, col, bias, of_bias):
    """`height` rows and `width` vectors of the product: left from `at` on, right from `col` on."""
    (a, down, across), (b, step, inner) = left, right
    tile = simd.filled(height, width, NOTHING, 0)
    if bias.size:
        tile = simd.add_scaled(tile, ONES, 0, 1, bias, of_bias)
    for k in range(inner):
        tile = simd.add_scaled(tile, a, at + k * across, down, b, k * step + col)
    return tile


@kernel(inline="always")
def lines_of_tiles(height, first, past, left, right, cols, bias, last, last_bias, target):
    """Rows first … past, `height` at a time: wide tiles, narrow ones, and what is left."""
    (c, to, step), whole = target, cols // LANES * LANES
    edge = np.empty(height * LANES, c.dtype)
    for row in range(first, past, height):
        at, line = row * left[1], to + row * step
        for col in range(0, cols - WIDTH + 1, WIDTH):
            wide = tile_of(height, COLS, left, at, right, col, bias, col)
            simd.store(wide, c, line + col, step)
        for col in range(cols // WIDTH * WIDTH, whole, LANES):
            narrow = tile_of(height, 1, left, at, right, col, bias, col)
            simd.store(narrow, c, line + col, step)
        if whole < cols:
            final = tile_of(height, 1, left, at, last, 0, last_bias, 0)
            simd.store(final, edge, 0, LANES)
            for r in range(height):
                for j in range(cols - whole):
                    c[line + r * step + whole + j] = edge[r * LANES + j]


@kernel
def product_range(first, past, left, right, cols, bias, target):
    """Rows first … past of c = a·b + bias; without a bias, that is empty.

    left is (a, down, across): number (row, k) of it is a[row·down + k·across]; right is (b, step,
    inner): (k, col) is b[k·step + col], k below `inner`; target is (c, to, step) alike. What is
    left over of ROWS rows is done one by one; of the columns, in a copy of b's last ones with zeros
    up to a vector.
    """
    (b, step, inner), over = right, cols % LANES
    tail = np.zeros(inner * LANES if over else 0, b.dtype)
    last_bias = np.zeros(LANES if over and bias.size else 0, b.dtype)
    for j in range(over):
        for k in range(inner):
            tail[k * LANES + j] = b[k * step + cols - over + j]
        if bias.size:
            last_bias[j] = bias[cols - over + j]
    last, middle = (tail, LANES, inner), first + (past - first) // ROWS * ROWS
    lines_of_tiles(ROWS, first, middle, left, right, cols, bias, last, last_bias, target)
    lines_of_tiles(1, middle, past, left, right, cols, bias, last, last_bias, target)


@SharedLoop
def forward_all(blocks, parts, x, n_in, weight, n_out, bias, y):
    """y = x·weight + bias, shared out by examples, in blocks of ROWS."""
    n = y.size // n_out
    for part in prange(parts):
        first, past = part * blocks // parts * ROWS, (part + 1) * blocks // parts * ROWS
        left, right = (x, n_in, 1), (weight, n_out, n_in)
        product_range(first, min(n, past), left, right, n_out, bias, (y, 0, n_out))


@kernel
def turn_some(weight, n_out, first, count, panel):
    """panel (n_out, WIDTH) = `count` rows of the weights from `first` on, turned round."""
    whole_rows, whole_cols = count // LANES * LANES, n_out // LANES * LANES
    for j in range(0, whole_rows, LANES):
        for o in range(0, whole_cols, LANES):
            turn(weight, (first + j) * n_out + o, n_out, panel, o * WIDTH + j, WIDTH)
    for j in range(count):
        for o in range(whole_cols if j < whole_rows else 0, n_out):
            panel[o * WIDTH + j] = weight[(first + j) * n_out + o]


@kernel
def inner_products(first, past, dy, n_out, weight, n_in, dx):
    """dx of inputs first … past, from weights as they lie, which need not be turned round.

    LANES inputs at a time, for their lanes are summed together; all sizes are in whole vectors.
    """
    starts = np.arange(first, past) * n_out
    for i in range(dx.size // n_in):
        for k in range(0, starts.size, LANES):
            tile = simd.filled(1, LANES, NOTHING, 0)
            for o in range(0, n_out, LANES):
                tile = simd.add_products(tile, dy, i * n_out + o, 0, weight, starts, k, o)
            at = i * n_in + first + k
            for lane in range(LANES):
                dx[at + lane] = 0
            simd.add_sums(tile, dx, at)


@kernel
def backward_range(first, past, n, x, n_in, dy, n_out, weight, dw, dx):
    """dx, where there is room for it, and dw of inputs first … past, a multiple of LANES.

    dw last: it is what the optimiser reads next, out of this core's own cache.
    """
    no_bias = dw[:0]
    if dx.size and n <= FEW and n_in % LANES == 0 and n_out % LANES == 0:
        inner_products(first, past, dy, n_out, weight, n_in, dx)
    elif dx.size:
        panel = np.empty(n_out * WIDTH, dw.dtype)
        for k in range(first, past, WIDTH):
            count = min(WIDTH, past - k)
            turn_some(weight, n_out, k, count, panel)
            left, right = (dy, n_out, 1), (panel, WIDTH, n_out)
            product_range(0, n, left, right, count, no_bias, (dx, k, n_in))
    product_range(first, past, (x, 1, n_in), (dy, n_out, n), n_out, no_bias, (dw, 0, n_out))


@SharedLoop
def backward_all(vectors, parts, n, x, n_in, dy, n_out, weight, dw, db, dx):
    """dw = xᵀ·dy, db = the sum of dy's rows, dx = dy·weightᵀ, shared out by vectors of inputs."""
    db[:] = 0
    for i in range(n):
        line = dy[i * n_out : (i + 1) * n_out]
        for o in range(n_out):
            db[o] += line[o]
    for part in prange(parts):
        first, past = part * vectors // parts * LANES, (part + 1) * vectors // parts * LANES
        backward_range(first, min(n_in, past), n, x, n_in, dy, n_out, weight, dw, dx)


NO_NUMBERS = np.empty(0, np.float32)


def suits(x: np.ndarray, n_out: int) -> bool:
    """Whether a layer of so many outputs is one for the tiles."""
    return bool(LANES) and x.dtype == np.float32 and 0 < x.size * n_out < LARGE


def forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    """x @ weight + bias."""
    (n, n_in), n_out = x.shape, weight.shape[1]
    y = np.empty((n, n_out), x.dtype)
    blocks, nanoseconds = -(-n // ROWS), x.size * n_out / SPEED
    forward_all(
        *(blocks, min(blocks, threads_for(nanoseconds)), x.reshape(-1), n_in, weight.reshape(-1)),
        *(n_out, NO_NUMBERS if bias is None else bias, y.reshape(-1)),
        nanoseconds=nanoseconds,
    )
    return y


def backward(
    x: np.ndarray,
    dy: np.ndarray,
    weight: np.ndarray,
    dw: np.ndarray,
    db: np.ndarray,
    wants_dx: bool = True,
) -> np.ndarray | None:
    """dy @ weight.T where it is wanted; x.T @ dy goes into `dw`, the sum of dy's rows into `db`."""
    (n, n_in), n_out = x.shape, dy.shape[1]
    dx = np.empty(x.shape, x.dtype) if wants_dx else None
    vectors, nanoseconds = -(-n_in // LANES), (1 + wants_dx) * x.size * n_out / SPEED
    backward_all(
        *(vectors, min(vectors, threads_for(nanoseconds)), n, x.reshape(-1), n_in, dy.reshape(-1)),
        *(n_out, weight.reshape(-1), dw.reshape(-1), db),
        NO_NUMBERS if dx is None else dx.reshape(-1),
        nanoseconds=nanoseconds,
    )
    return dx


def call_each() -> None:
    x, weight = np.ones((1, 1), np.float32), np.ones((1, 1), np.float32)
    if LANES:
        y = forward(x, weight, weight[0])
        backward(x, y, weight, np.empty_like(weight), np.empty_like(y[0]))


def warm() -> None:
    """Compile for float32: float64 is the library's."""
    warm_both(call_each)
