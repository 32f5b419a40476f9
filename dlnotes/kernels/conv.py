"""Convolution (cross-correlation, as deep learning has it) of padded images, forward and backward.

A row of 14 or 28 pixels is too short for the vectoriser, so the whole image is one long row: each
kernel cell adds a shifted copy of it, and the few results that straddle two image rows are thrown
away. With a stride the image is first dealt out, like cards, into stride × stride smaller images:
each kernel cell meets only one of them, and there it moves one pixel at a time again.

Shapes: x (n, c_in, h, w), already padded; weight (c_out, c_in / groups, k_h, k_w); bias (c_out,);
y, dy (n, c_out, h_out, w_out). `stride` and `dilation` are pairs (down, across).
"""

from typing import Any

import numpy as np
from numba import prange

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.parallel import SharedLoop, warm_both

Pair = tuple[int, int]


@kernel
def add_shifted(row, source, starts, weights):
    """row[j] += Σ_t weights[t]·source[starts[t] + j]: three kernel cells per pass over the row."""
    length, cells = row.size, starts.size
    t = 0
    while t + 3 <= cells:
        weight_0, weight_1, weight_2 = weights[t], weights[t + 1], weights[t + 2]
        source_0 = source[starts[t] : starts[t] + length]
        source_1 = source[starts[t + 1] : starts[t + 1] + length]
        source_2 = source[starts[t + 2] : starts[t + 2] + length]
        for j in range(length):
            row[j] += weight_0 * source_0[j] + weight_1 * source_1[j] + weight_2 * source_2[j]
        t += 3
    while t < cells:
        weight_0 = weights[t]
        source_0 = source[starts[t] : starts[t] + length]
        for j in range(length):
            row[j] += weight_0 * source_0[j]
        t += 1


@kernel
def add_inner_products(totals, row, source, starts):
    """totals[t] += Σ_j row[j]·source[starts[t] + j], for three kernel cells per pass."""
    length, cells = row.size, starts.size
    t = 0
    while t + 3 <= cells:
        total_0, total_1, total_2 = totals[t], totals[t + 1], totals[t + 2]
        source_0 = source[starts[t] : starts[t] + length]
        source_1 = source[starts[t + 1] : starts[t + 1] + length]
        source_2 = source[starts[t + 2] : starts[t + 2] + length]
        for j in range(length):
            total_0 += row[j] * source_0[j]
            total_1 += row[j] * source_1[j]
            total_2 += row[j] * source_2[j]
        totals[t], totals[t + 1], totals[t + 2] = total_0, total_1, total_2
        t += 3
    while t < cells:
        total_0 = totals[t]
        source_0 = source[starts[t] : starts[t] + length]
        for j in range(length):
            total_0 += row[j] * source_0[j]
        totals[t] = total_0
        t += 1


@SharedLoop
def forward_rows(images, weight, bias, starts, width, y):
    """images (n, c_in, pixels), weight (c_out, c_in / groups, cells), starts (cells,)."""
    n, c_in = images.shape[0], images.shape[1]
    c_out, c_group = weight.shape[0], weight.shape[1]
    h_out, w_out = y.shape[2], y.shape[3]
    per_group = c_out * c_group // c_in
    for i in prange(n):
        row = np.empty((h_out - 1) * width + w_out, images.dtype)
        for o in range(c_out):
            row[:] = bias[o]
            first = o // per_group * c_group
            for c in range(c_group):
                add_shifted(row, images[i, first + c], starts, weight[o, c])
            for r in range(h_out):
                for col in range(w_out):
                    y[i, o, r, col] = row[r * width + col]


@SharedLoop
def backward_weight_rows(images, dy, starts, width, dw):
    """dw (c_out, c_in / groups, cells): inner products of dy, laid on the long row, with x."""
    n, c_in = images.shape[0], images.shape[1]
    c_out, c_group = dw.shape[0], dw.shape[1]
    h_out, w_out = dy.shape[2], dy.shape[3]
    per_group = c_out * c_group // c_in
    for o in prange(c_out):
        first = o // per_group * c_group
        row = np.zeros((h_out - 1) * width + w_out, images.dtype)
        for i in range(n):
            for r in range(h_out):
                for col in range(w_out):
                    row[r * width + col] = dy[i, o, r, col]
            for c in range(c_group):
                add_inner_products(dw[o, c], row, images[i, first + c], starts)


@SharedLoop
def backward_weight_plain(x, dy, stride, dilation, dw):
    """The same, pixel by pixel, so that no weight meets a pixel that is not its own."""
    n, c_in = x.shape[0], x.shape[1]
    c_out, c_group, k_h, k_w = dw.shape
    h_out, w_out = dy.shape[2], dy.shape[3]
    per_group = c_out * c_group // c_in
    for o in prange(c_out):
        first = o // per_group * c_group
        for c in range(c_group):
            for u in range(k_h):
                for v in range(k_w):
                    total = dw[o, c, u, v]
                    for i in range(n):
                        for r in range(h_out):
                            source = x[i, first + c, r * stride[0] + u * dilation[0]]
                            for col in range(w_out):
                                total += (
                                    dy[i, o, r, col] * source[col * stride[1] + v * dilation[1]]
                                )
                    dw[o, c, u, v] = total


def dealt(x: np.ndarray, stride: Pair) -> tuple[np.ndarray, Pair]:
    """Images as long rows (n, c, pixels), dealt out by the stride; the size of each small image."""
    n, c, h, w = x.shape
    if stride == (1, 1):
        return x.reshape(n, c, h * w), (h, w)
    down, across = stride
    size = (-(-h // down), -(-w // across))
    small = np.zeros((n, c, down, across, *size), x.dtype)
    for p in range(down):
        for q in range(across):
            part = x[:, :, p::down, q::across]
            small[:, :, p, q, : part.shape[2], : part.shape[3]] = part
    return small.reshape(n, c, down * across * size[0] * size[1]), size


def strides_made(stride: Pair, out: Pair) -> Pair:
    """`stride`, but 1 where there is one window only: however long, it is never made."""
    return (stride[0] if out[0] > 1 else 1, stride[1] if out[1] > 1 else 1)


def cell_places(kernel_size: Pair, stride: Pair, dilation: Pair) -> list[tuple[int, int, int]]:
    """For each kernel cell, row by row: which small image it meets, and how far down and across."""
    places = []
    for u in range(kernel_size[0]):
        for v in range(kernel_size[1]):
            row, p = divmod(u * dilation[0], stride[0])
            col, q = divmod(v * dilation[1], stride[1])
            places.append((p * stride[1] + q, row, col))
    return places


def cell_starts(places: list[tuple[int, int, int]], size: Pair) -> np.ndarray:
    """Where each kernel cell's shifted copy begins on the long row."""
    h, w = size
    return np.array([image * h * w + row * w + col for image, row, col in places], np.int64)


def guess(y: np.ndarray, weight: np.ndarray) -> float:
    """About how many nanoseconds one thread takes for this convolution: 10 multiply-adds in one.

    float64 is always left to one.
    """
    return y.size * weight[0].size / 10 if y.dtype == np.float32 else 0.0


def forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: Pair, dilation: Pair
) -> np.ndarray:
    """y of padded images x."""
    n, _, h, w = x.shape
    c_out, c_group, k_h, k_w = weight.shape
    h_out = (h - (k_h - 1) * dilation[0] - 1) // stride[0] + 1
    w_out = (w - (k_w - 1) * dilation[1] - 1) // stride[1] + 1
    stride = strides_made(stride, (h_out, w_out))
    images, size = dealt(x, stride)
    starts = cell_starts(cell_places((k_h, k_w), stride, dilation), size)
    y = np.empty((n, c_out, h_out, w_out), x.dtype)
    cells = weight.reshape(c_out, c_group, k_h * k_w)
    forward_rows(images, cells, bias, starts, size[1], y, nanoseconds=guess(y, cells))
    return y


def backward_x(
    dy: np.ndarray, weight: np.ndarray, c_in: int, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """dx of padded images of `size` (h, w) and `c_in` channels.

    Each small image's dx is itself a convolution: of dy with a border of zeros, by those kernel
    cells that meet this image, turned round.
    """
    n, c_out, h_out, w_out = dy.shape
    _, c_group, k_h, k_w = weight.shape
    stride = strides_made(stride, (h_out, w_out))
    places = cell_places((k_h, k_w), stride, dilation)
    rows, cols = places[-1][1:]
    h, w = (-(-length // step) for length, step in zip(size, stride, strict=True))
    bordered = np.zeros((n, c_out, h + rows, w + cols), dy.dtype)
    bordered[:, :, rows : rows + h_out, cols : cols + w_out] = dy
    lines = bordered.reshape(n, c_out, (h + rows) * (w + cols))
    groups = c_in // c_group
    split = weight.reshape(groups, c_out // groups, c_group, k_h * k_w)
    turned = split.swapaxes(1, 2).reshape(c_in, c_out // groups, k_h * k_w)
    bias, dx = np.zeros(c_in, dy.dtype), np.zeros((n, c_in, *size), dy.dtype)
    for image in sorted({place[0] for place in places}):
        cells = [t for t, place in enumerate(places) if place[0] == image]
        back = [(0, rows - places[t][1], cols - places[t][2]) for t in cells]
        starts = cell_starts(back, (h + rows, w + cols))
        small = np.empty((n, c_in, h, w), dy.dtype)
        chosen = np.ascontiguousarray(turned[:, :, cells])
        nanoseconds = guess(small, chosen)
        forward_rows(lines, chosen, bias, starts, w + cols, small, nanoseconds=nanoseconds)
        p, q = divmod(image, stride[1])
        part = dx[:, :, p :: stride[0], q :: stride[1]]
        part[:] = small[:, :, : part.shape[2], : part.shape[3]]
    return dx


def backward_weight(
    x: np.ndarray, dy: np.ndarray, kernel_shape: tuple, stride: Pair, dilation: Pair
) -> np.ndarray:
    """The gradient of weights of `kernel_shape`, for padded images x."""
    c_out, c_group, k_h, k_w = kernel_shape
    stride = strides_made(stride, (dy.shape[2], dy.shape[3]))
    images, size = dealt(x, stride)
    starts = cell_starts(cell_places((k_h, k_w), stride, dilation), size)
    dw = np.zeros((c_out, c_group, k_h * k_w), x.dtype)
    nanoseconds = guess(dy, dw)
    backward_weight_rows(images, dy, starts, size[1], dw, nanoseconds=nanoseconds)
    dw = dw.reshape(kernel_shape)
    if not np.isfinite(dw).all():
        # The long row multiplied its zeros by pixels that a kernel cell never meets; where one of
        # those is NaN or infinite, it must not show.
        dw[:] = 0
        backward_weight_plain(x, dy, stride, dilation, dw, nanoseconds=0)
    return dw


def call_each(dtype: Any) -> None:
    """Every loop once, for one dtype."""
    x, weight = np.ones((1, 1, 3, 3), dtype), np.ones((1, 1, 2, 2), dtype)
    y = forward(x, weight, np.ones(1, dtype), (1, 1), (1, 1))
    backward_x(y, weight, 1, (3, 3), (1, 1), (1, 1))
    backward_weight(x, y, weight.shape, (1, 1), (1, 1))


def warm() -> None:
    """Compile for float32, in which the lessons learn, and float64, in which pictures come."""
    dtype: Any
    for dtype in (np.float32, np.float64):
        x, weight = np.full((1, 1, 3, 3), np.nan, dtype), np.ones((1, 1, 2, 2), dtype)
        backward_weight(x, np.ones((1, 1, 2, 2), dtype), weight.shape, (1, 1), (1, 1))
    call_each(np.float64)
    warm_both(lambda: call_each(np.float32))
