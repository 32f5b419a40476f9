"""Convolution of float32 by register tiles: the fast way for stride 1. `tiles_back.py` goes back.

The image is laid out as one long row, its lines `across` apart with zeros between: what is right of
one line is left of the next. Each kernel cell then reads the same row from another start, and the
few results that straddle two lines are thrown away. A tile holds ROWS output channels × WIDTH
neighbours in registers; for each kernel cell it takes COLS loads of pixels and ROWS of weights, and
makes ROWS·COLS multiply-adds of LANES floats each. Where there are no more than FEW outputs, a tile
of half the rows and more columns does it: fewer of its rows are nobody's.

ReLU and 2×2 max pooling may be fused into the sweep: the tile's results are bent and pooled while
they are still in the nearest cache, and only `code` remembers which pixel of four was taken (4:
none, for all were at most 0).
"""

import numpy as np
from numba import prange

from dlnotes.kernels import simd
from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.geometry import Geometry, Sweep, geometry, up
from dlnotes.kernels.layout import PLAIN, POOLED, laid_out, lay_range
from dlnotes.kernels.lines import at_least, put
from dlnotes.kernels.packing import pack
from dlnotes.kernels.pairs import pool_lines
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both
from dlnotes.kernels.simd import COLS, LANES, ROWS, WIDTH

# Rows and columns of a tile for no more than FEW outputs: 24 sums for AVX-512, 8 for AVX2, whose
# registers must also hold the columns.
FEW, MANY = (4, 6) if LANES == 16 else (2, 4)


@kernel(inline="always")
def added(tile, packed, at, rows, laid, source, starts):
    """The tile with every kernel cell: its weights from packed[at], pixels from its own start."""
    for k in range(starts.size):
        tile = simd.add_scaled(tile, packed, at + k * rows, 1, laid, source + starts[k])
    return tile


@kernel
def sweep_range(
    first,
    past,
    laid,
    base,
    image,
    packed,
    bias,
    starts,
    across,
    size,
    tall,
    kept,
    fused,
    y,
    code,
    c_out,
):
    """Tasks first … past: each is one image, one block of outputs, and `tall` lines.

    laid, y and code are flat, an `image` of laid so many floats, and its first one number `base`;
    packed (blocks, cells, ROWS), or FEW in place of ROWS; bias (outputs in all blocks,); `size` is
    (h_out, w_out), before pooling. `kept` is the plan that drops what straddles two lines.
    """
    h_out, w_out = size
    blocks, cells, rows = packed.shape
    bands = (h_out + tall - 1) // tall
    # Pooling reads two vectors at a time, beyond the end of a line.
    longest = tall * w_out + 2 * LANES
    lined_up = np.empty(rows * longest if fused == POOLED else 0, laid.dtype)
    factors, of_relu = packed.reshape(-1), laid.dtype.type(0)
    floor = laid.dtype.type(-np.inf) if fused == PLAIN else of_relu
    target = lined_up if fused == POOLED else y
    for task in range(first, past):
        i, block, band = task // (blocks * bands), task // bands % blocks, task % bands
        begin = band * tall
        lines = min(tall, h_out - begin)
        length = (lines - 1) * across + w_out
        source, at, o = (i - base) * image + begin * across, block * cells * rows, block * rows
        plane, wanted = i * c_out + o, min(rows, c_out - o)
        to, step, most = (plane * h_out + begin) * w_out, h_out * w_out, lines * w_out
        if fused == POOLED:
            to, step = 0, longest
        # Wide tiles, and narrow ones where less than a wide one is left.
        vectors = (length + LANES - 1) // LANES
        if rows == ROWS:
            wide = vectors // COLS * WIDTH
            for p in range(0, wide, WIDTH):
                tile = simd.filled(ROWS, COLS, bias, o)
                tile = added(tile, factors, at, ROWS, laid, source + p, starts)
                put(at_least(tile, floor), kept, p // LANES, target, to, step, wanted, most)
            for p in range(wide, length, LANES):
                narrow = simd.filled(ROWS, 1, bias, o)
                narrow = added(narrow, factors, at, ROWS, laid, source + p, starts)
                put(at_least(narrow, floor), kept, p // LANES, target, to, step, wanted, most)
        else:
            wide = vectors // MANY * MANY * LANES
            for p in range(0, wide, MANY * LANES):
                flat = simd.filled(FEW, MANY, bias, o)
                flat = added(flat, factors, at, FEW, laid, source + p, starts)
                put(at_least(flat, floor), kept, p // LANES, target, to, step, wanted, most)
            for p in range(wide, length, LANES):
                small = simd.filled(FEW, 1, bias, o)
                small = added(small, factors, at, FEW, laid, source + p, starts)
                put(at_least(small, floor), kept, p // LANES, target, to, step, wanted, most)
        if fused == POOLED:
            h, w = h_out // 2, w_out // 2
            for r in range(wanted):
                to = ((plane + r) * h + begin // 2) * w
                pool_lines(lined_up, r * longest, w_out, lines, of_relu, y, code, to, w)


@SharedLoop
def sweep_all(
    tasks, parts, laid, image, packed, bias, starts, across, size, tall, kept, fused, y, code, c_out
):
    for part in prange(parts):
        sweep_range(
            *(part * tasks // parts, (part + 1) * tasks // parts, laid, 0, image, packed),
            *(bias, starts, across, size, tall, kept, fused, y, code, c_out),
        )


@SharedLoop
def lay_and_sweep(
    n,
    parts,
    x,
    pixels,
    laying,
    tasks,
    channels,
    floats,
    laid,
    packed,
    bias,
    starts,
    across,
    size,
    tall,
    kept,
    fused,
    y,
    code,
    c_out,
):
    """Each part lays out its own of `n` images of x and sweeps over them, `tasks` an image."""
    for part in prange(parts):
        first, past = part * n // parts, (part + 1) * n // parts
        lay_range(first * channels, past * channels, x, pixels, laying, laid, floats)
        sweep_range(
            *(first * tasks, past * tasks, laid, 0, channels * floats, packed, bias, starts),
            *(across, size, tall, kept, fused, y, code, c_out),
        )


NO_Y, NO_CODE = (np.empty((0, 0, 0, 0), dtype) for dtype in (np.float32, np.uint8))


def packed(weight: np.ndarray, rows: int) -> np.ndarray:
    """Weights (c_out, planes, k_h, k_w) as (blocks, cells, rows): a tile's factors side by side."""
    flat = np.ascontiguousarray(weight).reshape(-1)
    return pack(flat, len(weight), weight[0].size, rows)


def swept(
    laid: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    sweep: Sweep,
    fused: int,
    x: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The convolution of laid images: y (n, c_out, h_out, w_out), and with POOLED the code.

    With x, these are its images, and `laid` is filled on the way.
    """
    (n, channels, floats), c_out = laid.shape, len(weight)
    rows = FEW if c_out <= FEW else ROWS
    factors, offsets = packed(weight, rows), np.zeros(up(c_out, rows), weight.dtype)
    if bias is not None:
        offsets[:c_out] = bias
    h_out, w_out = sweep.size
    shrink = 2 if fused == POOLED else 1
    y = np.empty((n, c_out, h_out // shrink, w_out // shrink), laid.dtype)
    code = np.empty(y.shape, np.uint8) if fused == POOLED else NO_CODE
    tasks, parts = len(factors) * -(-h_out // sweep.tall), threads_for(sweep.nanoseconds)
    rest = (
        *(factors, offsets, sweep.starts, sweep.across, sweep.size, sweep.tall, sweep.keeping),
        *(fused, y.reshape(-1), code.reshape(-1), c_out),
    )
    if x is None:
        sweep_all(
            *(n * tasks, min(n * tasks, parts), laid.reshape(-1), channels * floats, *rest),
            nanoseconds=sweep.nanoseconds,
        )
    else:
        lay_and_sweep(
            *(n, min(n, parts), x.reshape(-1), x[0, 0].size, sweep.laying, tasks, channels),
            *(floats, laid.reshape(-1), *rest),
            nanoseconds=sweep.nanoseconds,
        )
    return y, code


def evenly(images: int, threads: int) -> bool:
    """Whether so many images can be shared out about evenly."""
    return images % threads == 0 or images >= 4 * threads


def forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, where: Geometry, fused: int = PLAIN
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """y, code, and the laid images, which `backward` wants."""
    sweep = where.forward
    if not evenly(len(x), threads_for(sweep.nanoseconds)):
        laid = laid_out(x, sweep)
        return *swept(laid, weight, bias, sweep, fused), laid
    laid = np.empty(sweep.shape, x.dtype)
    return *swept(laid, weight, bias, sweep, fused, x), laid


def call_each() -> None:
    """Every loop once, with a convolution, ReLU and pooling."""
    x, weight = np.ones((1, 1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32)
    where = geometry(x.shape, weight.shape, ((1, 1), (1, 1)), (1, 1))
    if where is not None:
        laid = laid_out(x, where.forward)
        for images in (None, x):
            swept(laid, weight, None, where.forward, POOLED, images)


def warm() -> None:
    """Compile for float32: for float64 there are plain loops."""
    warm_both(call_each)
