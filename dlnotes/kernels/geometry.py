"""Where everything lies when register tiles do a convolution: worked out once for a shape."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dlnotes.kernels.plans import keeping, laying
from dlnotes.kernels.simd import COLS, LANES

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
NEAR = 1024  # floats of one line of a tile's results: all of them stay in the nearest cache


class Sweep(NamedTuple):
    """Where everything lies for one direction of one convolution."""

    shape: tuple[int, int, int]  # of the laid array: n, planes, floats
    begin: Pair  # the first pixel of a plane lies so many lines down and floats across
    across: int  # from line to line
    size: Pair  # of the result, (h_out, w_out)
    starts: np.ndarray  # where each kernel cell's row begins, channel by channel
    tall: int  # lines of the result that are made together
    laying: np.ndarray  # the plan by which a plane is laid out,
    keeping: np.ndarray  # and that by which `tall` lines of the result come off
    nanoseconds: float  # about what one thread takes


class Geometry(NamedTuple):
    """Both directions, and the tiles of dw."""

    forward: Sweep
    back: Sweep
    start: int  # of dy's first number in its plane
    starts: np.ndarray  # as forward's, filled up to whole tiles
    together: int
    length: int


def up(number: int, step: int) -> int:
    return -(-number // step) * step


@lru_cache(maxsize=256)
def geometry(
    shape: tuple[int, ...], filters: tuple[int, ...], sides: Sides, dilation: Pair
) -> Geometry | None:
    """For x of `shape` and weights of `filters` shape; None where the plain loops must do it."""
    n, c_in, h, w = shape
    c_out, _, k_h, k_w = filters
    spans = (k_h - 1) * dilation[0], (k_w - 1) * dilation[1]
    (top, bottom), (left, right) = sides
    if not LANES or max(top, bottom) > spans[0] or max(left, right) > spans[1]:
        return None
    across = w + max(left, right)
    h_out, w_out = h + top + bottom - spans[0], w + left + right - spans[1]
    there = (n, c_in, h), (top, bottom), (left, right)
    forward = sweep(*there, across, (h_out, w_out), filters, dilation)
    back_down = spans[0] - top, spans[0] - bottom
    back_across = spans[1] - left, spans[1] - right
    turned = (c_in, c_out, k_h, k_w)
    back = sweep((n, c_out, h_out), back_down, back_across, across, (h, w), turned, dilation)
    spare = -forward.starts.size % COLS
    starts = np.concatenate([forward.starts, np.repeat(forward.starts[-1:], spare)])
    length = (h_out - 1) * across + w_out
    start = back.begin[0] * across + back.begin[1]
    return Geometry(forward, back, start, starts, max(1, NEAR // length), length)


def sweep(
    planes: tuple[int, int, int],
    down: Pair,
    sideways: Pair,
    across: int,
    size: Pair,
    filters: tuple[int, ...],
    dilation: Pair,
) -> Sweep:
    """`planes` is (n, channels, lines) of what is swept over; `filters` (c_out, _, k_h, k_w)."""
    (n, c, lines), (c_out, _, k_h, k_w) = planes, filters
    floats = up((down[0] + lines + down[1]) * across + sum(sideways) + 2 * LANES, LANES)
    starts = np.array(
        [
            k * floats + u * dilation[0] * across + v * dilation[1]
            for k in range(c)
            for u in range(k_h)
            for v in range(k_w)
        ],
        np.int64,
    )
    # Bands of even height, for pooling takes lines in pairs.
    bands = max(1, size[0] * across // NEAR)
    tall = size[0] if bands == 1 else up(-(-size[0] // bands), 2)
    nanoseconds = n * c_out * size[0] * size[1] * starts.size / 80
    begin = down[0], sideways[0]
    width = size[1] - sum(sideways) + (k_w - 1) * dilation[1]
    return Sweep(
        *((n, c, floats), begin, across, size, starts, tall),
        *(
            laying(floats, begin, across, (lines, width)),
            keeping((tall - 1) * across + size[1], across, size[1]),
        ),
        nanoseconds,
    )
