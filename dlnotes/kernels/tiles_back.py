"""Convolution of float32 by register tiles, backward: see `tiles.py`.

dx is the same sweep as forward, over dy laid out alike, with the filter turned round. dw has tiles
of its own: ROWS outputs × COLS kernel cells, each the inner product of dy with pixels from the
cell's start. Some images at a time, dy is laid out into the nearest cache and meets there all that
wants it: written out whole, it would be the largest array of a step.
"""

import numpy as np
from numba import prange

from dlnotes.kernels import simd
from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.geometry import NEAR, Geometry, geometry
from dlnotes.kernels.layout import PLAIN, POOLED, lay_back, lay_back_range, taken_up
from dlnotes.kernels.packing import added_up, gather, pack_turned
from dlnotes.kernels.parallel import SharedLoop, threads_for, warm_both
from dlnotes.kernels.simd import COLS, LANES, ROWS, SUMS
from dlnotes.kernels.tiles import FEW, NO_CODE, NO_Y, evenly, forward, sweep_all, sweep_range


@kernel
def weights_range(
    first,
    past,
    part,
    shape,
    together,
    laid,
    back,
    base,
    outputs,
    back_floats,
    start,
    length,
    starts,
    dw,
):
    """dw[part] (blocks, starts / COLS, SUMS) += inner products of tasks first … past.

    laid, of `shape` (n, planes, floats), is flat. So is `back`, dy's rows from image `base` on,
    `outputs` an image and `back_floats` long each, and ROWS more to spare.

    Each task is `together` images, or of one image a piece of NEAR floats: so many that ROWS lines
    of dy stay in the nearest cache while they meet every kernel cell.
    """
    n, planes, floats = shape
    _, blocks, thirds, _ = dw.shape
    nothing = np.zeros(ROWS, dw.dtype)
    pieces = (length + NEAR - 1) // NEAR
    for task in range(first, past):
        one, begin = task // pieces * together, task % pieces * NEAR
        last, end = min(n, one + together), min(length, begin + NEAR)
        for block in range(blocks):
            for third in range(thirds):
                tile = simd.filled(ROWS, COLS, nothing, 0)
                for i in range(one, last):
                    of_dy = ((i - base) * outputs + block * ROWS) * back_floats + start
                    of_x = i * planes * floats
                    for p in range(begin, end, LANES):
                        tile = simd.add_products(
                            *(tile, back, of_dy + p, back_floats, laid, starts, third * COLS),
                            of_x + p,
                        )
                simd.add_sums(tile, dw, ((part * blocks + block) * thirds + third) * SUMS)


@SharedLoop
def weights(
    tasks, parts, shape, together, laid, back, outputs, back_floats, start, length, starts, dw
):
    for part in prange(parts):
        first, past = part * tasks // parts, (part + 1) * tasks // parts
        weights_range(
            *(first, past, np.int64(part), shape, together, laid, back, 0, outputs),
            *(back_floats, start, length, starts, dw),
        )


@SharedLoop
def images_back(parts, together, of_dy, of_lay, of_dw, of_dx, sums):
    """Each part lays out `together` images of dy at a time, and adds to dw and dx what they give.

    of_dy: shape, dy, y, code, fused; of_lay: plan, begin, across, floats; of_dw: laid, its shape,
    start, length, starts, dw; of_dx: what `sweep_range` takes, with the tasks of an image first.
    """
    shape, dy, y, code, fused = of_dy
    plan, begin, across, floats = of_lay
    laid, laid_shape, start, length, starts, dw = of_dw
    tasks, packed, bias, cells, size, tall, kept, dx, no_code, c_in = of_dx
    n, c_out, _, _ = shape
    groups, pieces = (n + together - 1) // together, (length + NEAR - 1) // NEAR
    for part in prange(parts):
        back = np.zeros((together * c_out + ROWS) * floats, dy.dtype)
        for group in range(part * groups // parts, (part + 1) * groups // parts):
            first, past = group * together, min(n, (group + 1) * together)
            lay_back_range(
                *(first * c_out, past * c_out, np.int64(part), shape, dy, y, code, fused),
                *(plan, begin, across, back, first * c_out, floats, sums),
            )
            weights_range(
                *(group * pieces, (group + 1) * pieces, np.int64(part), laid_shape, together),
                *(laid, back, first, c_out, floats, start, length, starts, dw),
            )
            if dx.size:
                sweep_range(
                    *(first * tasks, past * tasks, back, first, c_out * floats, packed, bias),
                    *(cells, across, size, tall, kept, PLAIN, dx, no_code, c_in),
                )


def laid_back(
    dy: np.ndarray, where: Geometry, fused: int, y: np.ndarray, code: np.ndarray, sums: np.ndarray
) -> np.ndarray:
    """All of dy as it is laid out, (n, c_out, floats), with ROWS planes of zeros behind it.

    `sums` (parts, c_out) grows by the sum of each plane.
    """
    n, c_out, floats = where.back.shape
    back = np.empty((n * c_out + ROWS) * floats, dy.dtype)
    back[n * c_out * floats :] = 0
    lay_back(
        *(n * c_out, len(sums), dy.shape, dy.reshape(-1), y.reshape(-1), code.reshape(-1), fused),
        *(where.back.laying, where.back.begin, where.back.across, back, floats, sums),
        nanoseconds=back.size / 5,
    )
    return back


def unfused(
    dy: np.ndarray, where: Geometry, fused: int, y: np.ndarray, code: np.ndarray
) -> np.ndarray:
    """dy (n, c_out, h_out, w_out) of the convolution itself, before all that was fused."""
    n, c_out, floats = where.back.shape
    back = laid_back(dy, where, fused, y, code, np.zeros((1, c_out), np.float64))
    return taken_up(back[: n * c_out * floats].reshape(where.back.shape), where)


def backward(
    dy: np.ndarray,
    laid: np.ndarray,
    weight: np.ndarray,
    where: Geometry,
    fused: int = PLAIN,
    y: np.ndarray = NO_Y,
    code: np.ndarray = NO_CODE,
    wants_dx: bool = True,
    by_images: bool | None = None,
    out: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """dw, the gradient of the bias, both in `out` where that is given, and dx (None where it is not
    wanted).

    With RELU, y is what came out; with POOLED, `code`. The work is shared out by images, or, where
    they are too few for that, by pieces of them, one step after the other; `by_images` says how.
    """
    (n, c_out, floats), c_in, sweep = where.back.shape, laid.shape[1], where.back
    cells = where.forward.starts.size
    nanoseconds = where.forward.nanoseconds * (1 + wants_dx)
    threads = threads_for(nanoseconds)
    dx = np.empty((n, c_in, *sweep.size) if wants_dx else (0, 0, 0, 0), dy.dtype)
    rows = FEW if c_in <= FEW else ROWS
    packed = pack_turned(weight.reshape(-1), c_out, c_in, cells // c_in, rows)
    bias, tasks = (
        np.zeros(len(packed) * rows, dy.dtype),
        len(packed) * -(-sweep.size[0] // sweep.tall),
    )
    blocks, thirds = -(-c_out // ROWS), where.starts.size // COLS
    groups, pieces = -(-n // where.together), -(-where.length // NEAR)
    if by_images is None:
        by_images = evenly(groups, threads)
    parts = min(groups if by_images else groups * pieces, threads)
    dw = np.zeros((parts, blocks, thirds, SUMS), dy.dtype)
    if by_images:
        sums = np.zeros((parts, c_out), np.float64)
        images_back(
            *(parts, where.together),
            (dy.shape, dy.reshape(-1), y.reshape(-1), code.reshape(-1), fused),
            (sweep.laying, sweep.begin, sweep.across, floats),
            (laid.reshape(-1), laid.shape, where.start, where.length, where.starts, dw),
            (
                *(tasks, packed, bias, sweep.starts, sweep.size, sweep.tall, sweep.keeping),
                *(dx.reshape(-1), NO_CODE.reshape(-1), c_in),
            ),
            sums,
            nanoseconds=nanoseconds,
        )
    else:
        sums = np.zeros((min(n * c_out, threads), c_out), np.float64)
        back = laid_back(dy, where, fused, y, code, sums)
        weights(
            *(groups * pieces, parts, laid.shape, where.together, laid.reshape(-1), back, c_out),
            *(floats, where.start, where.length, where.starts, dw),
            nanoseconds=where.forward.nanoseconds,
        )
        if wants_dx:
            tasks *= n
            sweep_all(
                *(tasks, min(tasks, threads), back, c_out * floats, packed, bias, sweep.starts),
                *(sweep.across, sweep.size, sweep.tall, sweep.keeping, PLAIN, dx.reshape(-1)),
                *(NO_CODE.reshape(-1), c_in),
                nanoseconds=sweep.nanoseconds,
            )
    of_weight, of_bias = out or (np.empty_like(weight), np.empty(c_out, dy.dtype))
    gather(dw, c_out, cells, of_weight.reshape(-1))
    added_up(sums, of_bias)
    return of_weight, of_bias, dx if wants_dx else None


def call_each() -> None:
    """Every loop once, with a convolution, ReLU and pooling."""
    x, weight = np.ones((1, 1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32)
    where = geometry(x.shape, weight.shape, ((1, 1), (1, 1)), (1, 1))
    if where is not None:
        y, code, laid = forward(x, weight, None, where, POOLED)
        for by_images in (True, False):
            backward(y, laid, weight, where, POOLED, NO_Y, code, by_images=by_images)


def warm() -> None:
    """Compile for float32: for float64 there are plain loops."""
    warm_both(call_each)
