"""Activations: the bends without which all layers together would be one first-degree function."""

from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import activation as kernels
from dlnotes.layers.layer import Layer, Shape, quietly


class LeakyReLU(Layer):
    """y = x above zero, `slope` · x below (Maas, Hannun & Ng 2013). At zero dy counts as below.

    Shapes: x of any shape, y the same.

    Errors: ValueError for a slope that is no finite number, and for a dy of another shape than y;
    TypeError for an x of anything but real numbers.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = door.real(slope, "LeakyReLU: slope")

    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        return self._keep(kernels.leaky_relu(x, self.slope), x)

    def backward(self, dy: Any) -> np.ndarray:
        dy, x = self._enter_back(dy)
        return kernels.leaky_relu_backward(dy, x, self.slope)

    def config(self) -> dict[str, Any]:
        return {"slope": self.slope}


class ReLU(Layer):
    """y = max(x, 0) (Nair & Hinton 2010). At zero its derivative counts as 0.

    Shapes: x of any shape, y the same.

    Errors: ValueError for a dy of another shape than y; TypeError for an x of anything but real
    numbers.
    """

    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        return self._keep(kernels.leaky_relu(x, 0.0), x)

    def backward(self, dy: Any) -> np.ndarray:
        dy, x = self._enter_back(dy)
        return kernels.leaky_relu_backward(dy, x, 0.0)


class Sigmoid(Layer):
    """y = 1 / (1 + e^(-x)); its derivative is y · (1 - y).

    Shapes, errors: as `ReLU`.
    """

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        tail = np.exp(-np.abs(x))  # at most 1, so that nothing overflows
        y = np.where(x < 0, tail, 1) / (1 + tail)
        return self._keep(y, tail / (1 + tail) ** 2)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, slope = self._enter_back(dy)
        return dy * slope


class Tanh(Layer):
    """y = (e^x - e^(-x)) / (e^x + e^(-x)); its derivative is 1 - y².

    Shapes, errors: as `ReLU`.
    """

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        y = np.tanh(self._enter(x))
        return self._keep(y, y.copy())

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, y = self._enter_back(dy)
        return dy * (1 - y * y)


class Softmax(Layer):
    """y = e^x / Σ e^x over the last axis: positive, and 1 in sum.

    Its derivative gives dx = y · (dy - Σ dy·y) (Bridle 1990). The largest x is taken off first,
    which changes nothing but keeps e^x finite. `CrossEntropy` takes logits, so a network that is
    trained with it ends without this layer.

    Shapes: x of at least one axis, y the same.

    Errors: ValueError for an x without a last axis or with an empty one, and for a dy of another
    shape; TypeError for an x of anything but real numbers.
    """

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        raised = np.exp(x - x.max(axis=-1, keepdims=True))
        y = raised / raised.sum(axis=-1, keepdims=True)
        return self._keep(y, y.copy())

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, y = self._enter_back(dy)
        return y * (dy - (dy * y).sum(axis=-1, keepdims=True))

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) < 1 or shape[-1] < 1:
            raise self._refuse_shape(shape, "(…, classes) with at least one class")
        return tuple(shape)
