"""Layers that change the shape of what goes through, and none of its numbers."""

import math
from typing import Any

import numpy as np

from dlnotes.layers.layer import Layer, Shape


class Flatten(Layer):
    """Every example becomes one row: the bridge from images to a dense layer.

    Shapes: x (n, …), y (n, the product of the rest), a copy.

    Errors: ValueError for an x of one axis or none, and for a dy of another shape than y; TypeError
    for an x of anything but real numbers.
    """

    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        return self._keep(x.reshape(self.output_shape(x.shape)).copy(), x.shape)

    def backward(self, dy: Any) -> np.ndarray:
        dy, shape = self._enter_back(dy)
        return dy.reshape(shape).copy()

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) < 2:
            raise self._refuse_shape(shape, "(n, …) with at least two axes")
        return shape[0], math.prod(shape[1:])
