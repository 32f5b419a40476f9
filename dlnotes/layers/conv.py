"""The convolution: one small filter slides over the image, so that few weights see all of it."""

import math
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import conv as kernels
from dlnotes.kernels import geometry, layout, tiles, tiles_back
from dlnotes.kernels.optimizer import is_finite
from dlnotes.layers import window
from dlnotes.layers.layer import Layer, Parameter, Shape, quietly


class Conv2d(Layer):
    """y[i, o] = bias[o] + Σ over c, u, v of weight[o, c, u, v] · x[i, c] shifted by (u, v).

    This is cross-correlation, which deep learning calls convolution: the filter is not flipped
    (Dumoulin & Visin 2016, arXiv:1603.07285, has pictures of stride, padding and dilation).

    Shapes: x (n, c_in, h, w), y (n, c_out, h_out, w_out), `weight` (c_out, c_in / groups, k_h,
    k_w), `bias` (c_out,) or None with `bias=False`; h_out = (h + top + bottom - dilation·(k_h - 1)
    - 1) // stride + 1, and w_out alike.

    `kernel_size`, `stride`, `dilation`: a number or a pair (down, across). `padding`: zeros around
    the image; a number, a pair, ((top, bottom), (left, right)), or "same", which gives
    ⌈h / stride⌉ rows, the odd one out at the bottom and right. `groups` splits the channels: output
    group g sees input group g only; `groups=c_in` is a depthwise convolution.

    Weight and bias start uniform in ±1/√(c_in / groups · k_h · k_w), drawn from `rng`: PyTorch's
    default for `Conv2d`, which is He et al. 2015 (arXiv:1502.01852) with gain √(1/3) in place of
    √2.

    Errors: ValueError, naming the argument, for an option out of range, and for an x or dy that
    does not fit; TypeError for an `rng` that is no NumPy generator, a dtype other than float32 and
    float64, and an x of anything but real numbers.
    """

    _laid_out: Any = None  # for the shape that came last

    def __init__(
        self,
        c_in: int,
        c_out: int,
        kernel_size: Any,
        *,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: Any = np.float32,
    ) -> None:
        self.c_in = door.size(c_in, "Conv2d: c_in")
        self.c_out = door.size(c_out, "Conv2d: c_out")
        self.kernel_size = door.pair(kernel_size, "Conv2d: kernel_size")
        self.stride = door.pair(stride, "Conv2d: stride")
        self.padding = window.padding(padding, "Conv2d: padding")
        self.dilation = door.pair(dilation, "Conv2d: dilation")
        self.groups = door.size(groups, "Conv2d: groups")
        if self.c_in % self.groups or self.c_out % self.groups:
            raise ValueError(
                f"Conv2d: groups is {groups}, wanted a divisor of c_in {c_in} and c_out {c_out}"
            )
        self._dtype = door.float_type(dtype, "Conv2d: dtype")
        with_bias = door.truth(bias, "Conv2d: bias")
        rng = door.generator(rng, "Conv2d: rng")
        shape = (self.c_out, self.c_in // self.groups, *self.kernel_size)
        limit = 1 / math.sqrt(math.prod(shape[1:]))
        self.weight = Parameter(rng.uniform(-limit, limit, shape).astype(self._dtype))
        self.bias: Parameter | None = None
        if with_bias:
            self.bias = Parameter(rng.uniform(-limit, limit, self.c_out).astype(self._dtype))

    def forward(self, x: Any) -> np.ndarray:
        y, _ = self.fused(x, layout.PLAIN)
        return y

    def fused(self, x: Any, fused: int) -> tuple[np.ndarray, np.ndarray]:
        """y after what is fused (see `kernels.layout`), and the code of pooling.

        What is not PLAIN is only for an x for which `layout` gives a geometry.
        """
        x = door.array(x, "Conv2d: x", dtype=self._dtype)
        sides, where = self.layout(x.shape)
        weight = self.weight.value
        bias = None if self.bias is None else self.bias.value
        self._kept = None  # so that its memory, still in the cache, is there for what comes now
        if where is not None:
            y, code, kept = tiles.forward(x, weight, bias, where, fused)
        else:
            kept, code = window.pad(x, sides), tiles.NO_CODE
            if bias is None:
                bias = np.zeros(self.c_out, weight.dtype)
            y = kernels.forward(kept, weight, bias, self.stride, self.dilation)
        shape = y.shape if where is None else (len(x), self.c_out, *where.forward.size)
        self._kept = (shape, y.dtype, (kept, where, sides, x.shape[2:]))
        return y, code

    def backward(self, dy: Any) -> np.ndarray:
        dy, _ = self._enter_back(dy)
        return self.fused_back(dy)

    def learn(self, dy: Any) -> None:
        """`backward` without its dx."""
        dy, _ = self._enter_back(dy)
        self.fused_back(dy, wants_dx=False)

    @quietly
    def fused_back(
        self,
        dy: np.ndarray,
        fused: int = layout.PLAIN,
        y: np.ndarray = tiles.NO_Y,
        code: np.ndarray = tiles.NO_CODE,
        wants_dx: bool = True,
    ) -> Any:
        """dx, or None where it is not wanted; dy, y and code are those after what was fused."""
        (kept, where, sides, size), weight = self._kept[2], self.weight.value
        if where is not None:
            bias = self.bias or Parameter(np.zeros(self.c_out, dy.dtype))
            out = self.weight.spare_grad(), bias.spare_grad()
            of_weight, of_bias, dx = tiles_back.backward(
                dy, kept, weight, where, fused, y, code, wants_dx, out=out
            )
            if not is_finite(of_weight.reshape(-1)):
                # Zeros between the lines met an infinite pixel there: no weight may show it.
                padded = layout.padded(kept, where.forward, sides, size)
                of_weight = self._of_weight(padded, tiles_back.unfused(dy, where, fused, y, code))
        else:
            of_weight, of_bias = self._of_weight(kept, dy), dy.sum(axis=(0, 2, 3))
            dx = self._dx(dy, kept.shape[2:], sides) if wants_dx else None
        self.weight.take_grad(of_weight)
        if self.bias is not None:
            self.bias.take_grad(of_bias)
        return dx

    def _of_weight(self, padded: np.ndarray, dy: np.ndarray) -> np.ndarray:
        shape = self.weight.value.shape
        return kernels.backward_weight(padded, dy, shape, self.stride, self.dilation)

    def _dx(self, dy: np.ndarray, padded: window.Pair, sides: window.Sides) -> np.ndarray:
        weight, (top, bottom), (left, right) = self.weight.value, *sides
        dx = kernels.backward_x(dy, weight, self.c_in, padded, self.stride, self.dilation)
        h, w = padded
        return np.ascontiguousarray(dx[:, :, top : h - bottom, left : w - right])

    def layout(self, shape: Shape) -> tuple[window.Sides, geometry.Geometry | None]:
        """The padding of an x of `shape`, and how register tiles do it: None where they cannot.

        They do float32 with stride 1, where the processor has vectors.
        """
        how = (shape, self.kernel_size, self.stride, self.padding, self.dilation, self.groups)
        if self._laid_out is None or self._laid_out[:2] != (how, self._dtype):
            self.output_shape(shape)
            sides, where = self._sides(shape), None
            plain = self.stride != (1, 1) or self.groups > 1 or self._dtype != np.float32
            if not plain and shape[0] > 0:
                where = geometry.geometry(shape, self.weight.value.shape, sides, self.dilation)
            self._laid_out = (how, self._dtype, sides, where)
        return self._laid_out[2:]

    def _sides(self, shape: Shape) -> window.Sides:
        spans = window.span(self.kernel_size, self.dilation)
        return window.sides(self.padding, (shape[2], shape[3]), spans, self.stride)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 4 or shape[1] != self.c_in or min(shape[2:]) < 1:
            raise self._refuse_shape(shape, f"(n, {self.c_in}, h, w)")
        spans = window.span(self.kernel_size, self.dilation)
        size = window.fit("Conv2d", shape, spans, self._sides(shape), self.stride)
        return shape[0], self.c_out, *size

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.weight.value.shape[1:])

    def config(self) -> dict[str, Any]:
        return {
            "c_in": self.c_in,
            "c_out": self.c_out,
            "kernel_size": window.shortest(self.kernel_size),
            "stride": window.shortest(self.stride),
            "padding": window.as_json(self.padding),
            "dilation": window.shortest(self.dilation),
            "groups": self.groups,
            "bias": self.bias is not None,
            "dtype": self.weight.value.dtype.name,
        }
