"""Convolution (cross-correlation, as deep learning has it) of padded images, forward and backward.

With stride 1 the whole padded image is one long row: its stride is the padded width, each kernel
cell adds a shifted copy of the image to it, and the few results that straddle two image rows are
thrown away. A row of 14 or 28 cells is too short for the vectoriser, one of 800 is not. Other
strides take the plain loops, which read like the definition.

Shapes: x (n, c_in, h, w), already padded; weight (c_out, c_in / groups, k_h, k_w); bias (c_out,);
y, dy (n, c_out, h_out, w_out). `stride` and `dilation` are pairs (down, across).
"""

import numpy as np
from numba import prange

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.parallel import one_at_a_time

Pair = tuple[int, int]


@kernel
def add_shifted(row, source, starts, weights):
    """row[j] += Σ_t weights[t]·source[starts[t] + j]: three kernel cells per pass over the row."""
    length, taps = row.size, starts.size
    t = 0
    while t + 3 <= taps:
        weight_0, weight_1, weight_2 = weights[t], weights[t + 1], weights[t + 2]
        source_0 = source[starts[t] : starts[t] + length]
        source_1 = source[starts[t + 1] : starts[t + 1] + length]
        source_2 = source[starts[t + 2] : starts[t + 2] + length]
        for j in range(length):
            row[j] += weight_0 * source_0[j] + weight_1 * source_1[j] + weight_2 * source_2[j]
        t += 3
    while t < taps:
        weight_0 = weights[t]
        source_0 = source[starts[t] : starts[t] + length]
        for j in range(length):
            row[j] += weight_0 * source_0[j]
        t += 1


@kernel
def cell_starts(k_h, k_w, dilation, width):
    """Where each kernel cell's shifted copy begins in an image that is one long row."""
    starts = np.empty(k_h * k_w, np.int64)
    for u in range(k_h):
        for v in range(k_w):
            starts[u * k_w + v] = u * dilation[0] * width + v * dilation[1]
    return starts


@kernel(parallel=True)
def forward_rows(x, weight, bias, dilation, y):
    n, c_in, h, w = x.shape
    c_out, c_group, k_h, k_w = weight.shape
    h_out, w_out = y.shape[2], y.shape[3]
    per_group = c_out * c_group // c_in
    starts = cell_starts(k_h, k_w, dilation, w)
    images = x.reshape(n, c_in, h * w)
    kernels = weight.reshape(c_out, c_group, k_h * k_w)
    for i in prange(n):
        row = np.empty((h_out - 1) * w + w_out, x.dtype)
        for o in range(c_out):
            row[:] = bias[o]
            first = o // per_group * c_group
            for c in range(c_group):
                add_shifted(row, images[i, first + c], starts, kernels[o, c])
            for r in range(h_out):
                for col in range(w_out):
                    y[i, o, r, col] = row[r * w + col]


@kernel(parallel=True)
def forward_plain(x, weight, bias, stride, dilation, y):
    n, c_in = x.shape[0], x.shape[1]
    c_out, c_group, k_h, k_w = weight.shape
    h_out, w_out = y.shape[2], y.shape[3]
    per_group = c_out * c_group // c_in
    for i in prange(n):
        for o in range(c_out):
            first = o // per_group * c_group
            y[i, o] = bias[o]
            for c in range(c_group):
                for u in range(k_h):
                    for v in range(k_w):
                        for r in range(h_out):
                            source = x[i, first + c, r * stride[0] + u * dilation[0]]
                            for col in range(w_out):
                                y[i, o, r, col] += (
                                    weight[o, c, u, v] * source[col * stride[1] + v * dilation[1]]
                                )


@kernel(parallel=True)
def backward_x_plain(dy, weight, stride, dilation, dx):
    n, c_in = dx.shape[0], dx.shape[1]
    c_out, c_group, k_h, k_w = weight.shape
    h_out, w_out = dy.shape[2], dy.shape[3]
    per_group = c_out * c_group // c_in
    for i in prange(n):
        for o in range(c_out):
            first = o // per_group * c_group
            for c in range(c_group):
                for u in range(k_h):
                    for v in range(k_w):
                        for r in range(h_out):
                            target = dx[i, first + c, r * stride[0] + u * dilation[0]]
                            for col in range(w_out):
                                target[col * stride[1] + v * dilation[1]] += (
                                    weight[o, c, u, v] * dy[i, o, r, col]
                                )


@kernel(parallel=True)
def backward_weight_plain(x, dy, stride, dilation, dw):
    n, c_in = x.shape[0], x.shape[1]
    c_out, c_group, k_h, k_w = dw.shape
    h_out, w_out = dy.shape[2], dy.shape[3]
    per_group = c_out * c_group // c_in
    for o in prange(c_out):
        first = o // per_group * c_group
        for i in range(n):
            for c in range(c_group):
                for u in range(k_h):
                    for v in range(k_w):
                        total = dw[o, c, u, v]
                        for r in range(h_out):
                            source = x[i, first + c, r * stride[0] + u * dilation[0]]
                            for col in range(w_out):
                                total += (
                                    dy[i, o, r, col] * source[col * stride[1] + v * dilation[1]]
                                )
                        dw[o, c, u, v] = total


@kernel(parallel=True)
def backward_weight_rows(x, dy, dilation, dw):
    """Each weight's gradient is an inner product of dy, laid on the long row, and the shifted
    image.
    """
    n, c_in, h, w = x.shape
    c_out, c_group, k_h, k_w = dw.shape
    h_out, w_out = dy.shape[2], dy.shape[3]
    per_group = c_out * c_group // c_in
    starts = cell_starts(k_h, k_w, dilation, w)
    images = x.reshape(n, c_in, h * w)
    length = (h_out - 1) * w + w_out
    for o in prange(c_out):
        first = o // per_group * c_group
        row = np.zeros(length, x.dtype)
        for i in range(n):
            for r in range(h_out):
                for col in range(w_out):
                    row[r * w + col] = dy[i, o, r, col]
            for c in range(c_group):
                for t in range(starts.size):
                    source = images[i, first + c][starts[t] : starts[t] + length]
                    total = row[0] * source[0]
                    for j in range(1, length):
                        total += row[j] * source[j]
                    dw[o, c, t // k_w, t % k_w] += total


@one_at_a_time
def forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: Pair, dilation: Pair
) -> np.ndarray:
    """y of padded images x."""
    n, _, h, w = x.shape
    c_out, _, k_h, k_w = weight.shape
    h_out = (h - (k_h - 1) * dilation[0] - 1) // stride[0] + 1
    w_out = (w - (k_w - 1) * dilation[1] - 1) // stride[1] + 1
    y = np.empty((n, c_out, h_out, w_out), x.dtype)
    if stride == (1, 1):
        forward_rows(x, weight, bias, dilation, y)
    else:
        forward_plain(x, weight, bias, stride, dilation, y)
    return y


@one_at_a_time
def backward_x(
    dy: np.ndarray, weight: np.ndarray, c_in: int, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """dx of padded images of `size` (h, w) and `c_in` channels.

    With stride 1 it is itself a convolution: of dy with a border of zeros, by the flipped kernels.
    """
    n, c_out, h_out, w_out = dy.shape
    _, c_group, k_h, k_w = weight.shape
    if stride != (1, 1):
        dx = np.zeros((n, c_in, *size), dy.dtype)
        backward_x_plain(dy, weight, stride, dilation, dx)
        return dx
    rows, cols = (k_h - 1) * dilation[0], (k_w - 1) * dilation[1]
    bordered = np.zeros((n, c_out, h_out + 2 * rows, w_out + 2 * cols), dy.dtype)
    bordered[:, :, rows : rows + h_out, cols : cols + w_out] = dy
    groups = c_in // c_group
    turned = weight[:, :, ::-1, ::-1].reshape(groups, c_out // groups, c_group, k_h, k_w)
    turned = np.ascontiguousarray(turned.swapaxes(1, 2)).reshape(c_in, c_out // groups, k_h, k_w)
    dx = np.empty((n, c_in, *size), dy.dtype)
    forward_rows(bordered, turned, np.zeros(c_in, dy.dtype), dilation, dx)
    return dx


@one_at_a_time
def backward_weight(
    x: np.ndarray, dy: np.ndarray, kernel_shape: tuple, stride: Pair, dilation: Pair
) -> np.ndarray:
    """The gradient of weights of `kernel_shape`, for padded images x."""
    dw = np.zeros(kernel_shape, x.dtype)
    if stride == (1, 1):
        backward_weight_rows(x, dy, dilation, dw)
        if np.isfinite(dw).all():
            return dw
        # The long row multiplied zeros by cells that a kernel cell never meets; where one of those
        # is NaN or infinite, it must not show.
        dw[:] = 0
    backward_weight_plain(x, dy, stride, dilation, dw)
    return dw


def warm() -> None:
    """Compile for float32, in which the lessons learn."""
    x, weight, bias = (np.ones(shape, np.float32) for shape in ((1, 1, 3, 3), (1, 1, 2, 2), (1,)))
    for stride in ((1, 1), (2, 2)):
        y = forward(x, weight, bias, stride, (1, 1))
        backward_x(y, weight, 1, (3, 3), stride, (1, 1))
        backward_weight(x, y, weight.shape, stride, (1, 1))
