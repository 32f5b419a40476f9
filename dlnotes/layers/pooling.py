"""Pooling: each window of an image becomes one number, so that the image shrinks."""

from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import pooling as kernels
from dlnotes.layers import window
from dlnotes.layers.layer import Layer, Shape, quietly


class _Windows(Layer):
    """What the poolings share: a window that moves over each channel of each image by itself."""

    dilation = (1, 1)

    def __init__(self, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool) -> None:
        name = type(self).__name__
        self.kernel_size = door.pair(kernel_size, f"{name}: kernel_size")
        self.stride = self.kernel_size if stride is None else door.pair(stride, f"{name}: stride")
        self.padding = window.padding(padding, f"{name}: padding")
        self.ceil_mode = door.truth(ceil_mode, f"{name}: ceil_mode")

    def _refuse_wide_padding(self) -> None:
        """A window must not lie in the padding alone: it would have nothing to pool."""
        if isinstance(self.padding, str):
            return
        spans = window.span(self.kernel_size, self.dilation)
        for side, covered in zip(self.padding, spans, strict=True):
            if max(side) >= covered:
                raise ValueError(
                    f"{type(self).__name__}: padding is {window.as_json(self.padding)}, wanted "
                    f"less than the {spans[0]}×{spans[1]} pixels that the kernel covers"
                )

    def _sides(self, shape: Shape) -> window.Sides:
        spans = window.span(self.kernel_size, self.dilation)
        return window.sides(self.padding, (shape[2], shape[3]), spans, self.stride)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 4 or min(shape[2:]) < 1:
            raise self._refuse_shape(shape, "(n, c, h, w) with at least one pixel")
        spans = window.span(self.kernel_size, self.dilation)
        name, sides = type(self).__name__, self._sides(shape)
        size = window.fit(name, shape, spans, sides, self.stride, self.ceil_mode)
        return shape[0], shape[1], *size

    def config(self) -> dict[str, Any]:
        return {
            "kernel_size": window.shortest(self.kernel_size),
            "stride": None if self.stride == self.kernel_size else window.shortest(self.stride),
            "padding": window.as_json(self.padding),
            "ceil_mode": self.ceil_mode,
        }


def _planes(x: np.ndarray) -> np.ndarray:
    """(n, c, h, w) as (n·c, h, w)."""
    return x.reshape(x.shape[0] * x.shape[1], *x.shape[2:])


class MaxPool2d(_Windows):
    """y is the largest x in each window; dy goes back to that one pixel (the first, where several
    are).

    Shapes: x (n, c, h, w), y (n, c, h_out, w_out), with
    h_out = (h + top + bottom - dilation·(k_h - 1) - 1) // stride + 1, and w_out alike; with
    `ceil_mode` the division rounds up, unless that last window would start behind the image.

    `kernel_size`, `stride` (as `kernel_size` by default), `dilation`: a number or a pair. `padding`
    as in `Conv2d`, but of -∞ and less than the kernel covers. A NaN in a window is its maximum.
    Semantics: PyTorch's `MaxPool2d` and ONNX's `MaxPool`.

    Errors: ValueError, naming the argument, for an option out of range, and for an x or dy that
    does not fit; TypeError for an x of anything but real numbers.
    """

    def __init__(
        self,
        kernel_size: Any,
        *,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.dilation = door.pair(dilation, "MaxPool2d: dilation")
        self._refuse_wide_padding()

    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        shape = self.output_shape(x.shape)
        (top, _), (left, _) = self._sides(x.shape)
        y, where = kernels.max_forward(
            _planes(x), shape[2:], self.kernel_size, self.stride, (top, left), self.dilation
        )
        return self._keep(y.reshape(shape), x.shape, where)

    def backward(self, dy: Any) -> np.ndarray:
        dy, (shape, where) = self._enter_back(dy)
        return kernels.max_backward(_planes(dy), where, shape[2:]).reshape(shape)

    def config(self) -> dict[str, Any]:
        return super().config() | {"dilation": window.shortest(self.dilation)}


class AvgPool2d(_Windows):
    """y is the mean of x over each window; dy goes back in equal shares.

    Shapes, `kernel_size`, `stride`, `padding`, `ceil_mode`: as in `MaxPool2d`. The sum is divided
    by the window's pixels, the zeros of the padding among them unless `count_include_pad` is False;
    what reaches beyond the padding (with `ceil_mode`) never counts. Semantics: PyTorch's
    `AvgPool2d` and ONNX's `AveragePool` (opset 19 and later).

    Errors: as `MaxPool2d`.
    """

    def __init__(
        self,
        kernel_size: Any,
        *,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.count_include_pad = door.truth(count_include_pad, "AvgPool2d: count_include_pad")
        self._refuse_wide_padding()

    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        shape = self.output_shape(x.shape)
        windows = self._windows(x.shape)
        y = kernels.average_forward(_planes(x), shape[2:], *windows)
        return self._keep(y.reshape(shape), x.shape)

    def backward(self, dy: Any) -> np.ndarray:
        dy, shape = self._enter_back(dy)
        dx = kernels.average_backward(_planes(dy), shape[2:], *self._windows(shape))
        return dx.reshape(shape)

    def _windows(self, shape: Shape) -> tuple:
        (top, bottom), (left, right) = self._sides(shape)
        padded = self.count_include_pad
        return self.kernel_size, self.stride, (top, left), (bottom, right), padded

    def config(self) -> dict[str, Any]:
        return super().config() | {"count_include_pad": self.count_include_pad}


class GlobalAvgPool2d(Layer):
    """y[i, c] is the mean of all pixels of channel c (Lin et al. 2013, arXiv:1312.4400).

    Shapes: x (n, c, h, w), y (n, c).

    Errors: ValueError for an x or dy that does not fit; TypeError for an x of anything but real
    numbers.
    """

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        return self._keep(x.mean(axis=(2, 3)), x.shape)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, shape = self._enter_back(dy)
        share = dy / dy.dtype.type(shape[2] * shape[3])
        return np.broadcast_to(share[:, :, None, None], shape).copy()

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 4 or min(shape[2:]) < 1:
            raise self._refuse_shape(shape, "(n, c, h, w) with at least one pixel")
        return shape[0], shape[1]
