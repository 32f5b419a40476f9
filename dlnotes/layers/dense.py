"""The dense layer: each output is a first-degree function of all inputs, with its own weights."""

import math
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import dense as kernels
from dlnotes.layers.layer import Layer, Parameter, Shape, quietly
from dlnotes.threads import product


class Dense(Layer):
    """y = x @ weight + bias.

    Shapes: x (n, n_in), y (n, n_out), `weight` (n_in, n_out), `bias` (n_out,) or None with
    `bias=False`.

    Weight and bias start uniform in ±1/√n_in, drawn from `rng`: PyTorch's default for `Linear`,
    which is He et al. 2015 (arXiv:1502.01852), "Delving Deep into Rectifiers", with gain √(1/3) in
    place of √2.

    Errors: ValueError for sizes below 1 and for an x or dy of another shape; TypeError for an `rng`
    that is no NumPy generator, a dtype other than float32 and float64, and an x of anything but
    real numbers.
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: Any = np.float32,
    ) -> None:
        self.n_in = door.size(n_in, "Dense: n_in")
        self.n_out = door.size(n_out, "Dense: n_out")
        self._dtype = door.float_type(dtype, "Dense: dtype")
        with_bias = door.truth(bias, "Dense: bias")
        rng = door.generator(rng, "Dense: rng")
        limit = 1 / math.sqrt(self.n_in)
        start = rng.uniform(-limit, limit, (self.n_in, self.n_out))
        self.weight = Parameter(start.astype(self._dtype))
        self.bias: Parameter | None = None
        if with_bias:
            self.bias = Parameter(rng.uniform(-limit, limit, self.n_out).astype(self._dtype))

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x, weight = self._enter(x), self.weight.value
        bias = None if self.bias is None else self.bias.value
        if kernels.suits(x, self.n_out):
            return self._keep(kernels.forward(x, weight, bias), x)
        y = product(x, weight)
        if bias is not None:
            y += bias
        return self._keep(y, x)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        return self._back(dy, wants_dx=True)

    @quietly
    def learn(self, dy: Any) -> None:
        """`backward` without its dx."""
        self._back(dy, wants_dx=False)

    def _back(self, dy: Any, wants_dx: bool) -> Any:
        dy, x = self._enter_back(dy)
        weight = self.weight.value
        if kernels.suits(x, self.n_out):
            dw = self.weight.spare_grad()
            db = np.empty(self.n_out, dy.dtype) if self.bias is None else self.bias.spare_grad()
            dx = kernels.backward(x, dy, weight, dw, db, wants_dx)
        else:
            dw, db = product(x.T, dy), dy.sum(axis=0)
            dx = product(dy, weight.T) if wants_dx else None
        self.weight.take_grad(dw)
        if self.bias is not None:
            self.bias.take_grad(db)
        return dx

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 2 or shape[1] != self.n_in:
            raise self._refuse_shape(shape, f"(n, {self.n_in})")
        return shape[0], self.n_out

    def example_shape(self) -> Shape:
        return (self.n_in,)

    def multiply_adds(self, shape: Shape) -> int:
        n, n_out = self.output_shape(shape)
        return n * self.n_in * n_out

    def config(self) -> dict[str, Any]:
        return {
            "n_in": self.n_in,
            "n_out": self.n_out,
            "bias": self.bias is not None,
            "dtype": self.weight.value.dtype.name,
        }
