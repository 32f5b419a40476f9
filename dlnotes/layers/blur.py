"""Blur pooling: a low-pass filter before the image shrinks, so that a small shift changes less."""

import math
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers import window
from dlnotes.layers.layer import Layer, Shape, quietly


class BlurPool2d(Layer):
    """y is a weighted mean of x over each window, with binomial weights: (1, 2, 1) / 4 for 3
    pixels.

    Zhang 2019 (arXiv:1904.11486), "Making Convolutional Networks Shift-Invariant Again": in place
    of `MaxPool2d(2)` take `MaxPool2d(2, stride=1)` and then `BlurPool2d()`.

    Shapes: x (n, c, h, w), y (n, c, ⌈h / stride⌉, ⌈w / stride⌉). `kernel_size` and `stride`: a
    number or a pair (down, across). The image goes on mirrored beyond its border, as in that paper,
    by (kernel_size - 1) / 2 pixels on each side (the odd one after); an even picture thus stays
    even.

    Errors: ValueError, naming the argument, for an option out of range, and for an x or dy that
    does not fit; TypeError for an x of anything but real numbers.
    """

    def __init__(self, kernel_size: Any = 3, *, stride: Any = 2) -> None:
        self.kernel_size = door.pair(kernel_size, "BlurPool2d: kernel_size")
        self.stride = door.pair(stride, "BlurPool2d: stride")

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        down, across = (
            blur_matrix(size, cells, stride).astype(x.dtype)
            for size, cells, stride in zip(x.shape[2:], self.kernel_size, self.stride, strict=True)
        )
        return self._keep(down @ x @ across.T, down, across)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, (down, across) = self._enter_back(dy)
        return down.T @ dy @ across

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 4 or min(shape[2:]) < 1:
            raise self._refuse_shape(shape, "(n, c, h, w) with at least one pixel")
        h_out, w_out = (-(-size // step) for size, step in zip(shape[2:], self.stride, strict=True))
        return shape[0], shape[1], h_out, w_out

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size)

    def config(self) -> dict[str, Any]:
        return {
            "kernel_size": window.shortest(self.kernel_size),
            "stride": window.shortest(self.stride),
        }


def blur_matrix(size: int, cells: int, stride: int) -> np.ndarray:
    """Row r holds the weights with which output r sums up a line of `size` pixels."""
    weights = [math.comb(cells - 1, u) / 2 ** (cells - 1) for u in range(cells)]
    matrix = np.zeros((-(-size // stride), size))
    for row in range(len(matrix)):
        for u, weight in enumerate(weights):
            matrix[row, mirrored(row * stride - (cells - 1) // 2 + u, size)] += weight
    return matrix


def mirrored(place: int, size: int) -> int:
    """`place` on a line of `size` pixels that goes on, mirrored at its first and its last pixel."""
    period = max(1, 2 * (size - 1))
    place %= period
    return min(place, period - place) if size > 1 else 0
