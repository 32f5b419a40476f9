"""Batch normalisation: each channel gets mean 0 and variance 1, then a scale that is learned."""

from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers.layer import Layer, Parameter, Shape, quietly


class BatchNorm(Layer):
    """y = weight · (x - mean) / √(variance + eps) + bias, channel by channel.

    While `training`, mean and (biased) variance are those of the batch, over examples and pixels,
    and `running_mean` and `running_var` move towards them by `momentum`, the latter towards the
    unbiased variance; later these two take their place. Ioffe & Szegedy 2015 (arXiv:1502.03167);
    conventions as in PyTorch's `BatchNorm2d`. Where a channel has a single value, that value
    becomes `bias`, and `running_var` stays, for one value has no unbiased variance; an empty batch
    changes nothing.

    Shapes: x (n, channels) or (n, channels, h, w), y the same; `weight`, which starts at 1, `bias`,
    at 0, `running_mean`, at 0, and `running_var`, at 1, are (channels,).

    Errors: ValueError, naming the argument, for an option out of range, and for an x or dy that
    does not fit; TypeError for a dtype other than float32 and float64 and for an x of anything but
    real numbers.
    """

    buffers = ("running_mean", "running_var")

    def __init__(
        self, channels: int, *, momentum: float = 0.1, eps: float = 1e-5, dtype: Any = np.float32
    ) -> None:
        self.channels = door.size(channels, "BatchNorm: channels")
        self.momentum = door.real(momentum, "BatchNorm: momentum", least=0)
        if self.momentum > 1:
            raise ValueError(f"BatchNorm: momentum is {momentum!r}, wanted at most 1")
        self.eps = door.real(eps, "BatchNorm: eps", above=0)
        self._dtype = door.float_type(dtype, "BatchNorm: dtype")
        self.weight = Parameter(np.ones(self.channels, self._dtype))
        self.bias = Parameter(np.zeros(self.channels, self._dtype))
        self.running_mean = np.zeros(self.channels, self._dtype)
        self.running_var = np.ones(self.channels, self._dtype)

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        of_batch = self.training and x.size > 0
        if of_batch:
            mean, var = self._of_batch(x)
        else:
            mean, var = self.running_mean, self.running_var
        inverse = 1 / np.sqrt(var + self.weight.value.dtype.type(self.eps))
        normal = (x - self._along(mean, x)) * self._along(inverse, x)
        y = normal * self._along(self.weight.value, x) + self._along(self.bias.value, x)
        return self._keep(y, normal, inverse, of_batch)

    def _of_batch(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and biased variance of each channel; the running ones move towards them."""
        axes = self._axes(x)
        mean = x.mean(axis=axes)
        var = ((x - self._along(mean, x)) ** 2).mean(axis=axes)
        values = x.size // self.channels
        self.running_mean = self._moved(self.running_mean, mean)
        if values > 1:
            self.running_var = self._moved(self.running_var, var * (values / (values - 1)))
        return mean, var

    def _moved(self, running: np.ndarray, now: np.ndarray) -> np.ndarray:
        return (running + self.momentum * (now - running)).astype(running.dtype)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, (normal, inverse, of_batch) = self._enter_back(dy)
        axes = self._axes(dy)
        self.bias.grad = dy.sum(axis=axes)
        self.weight.grad = (dy * normal).sum(axis=axes)
        scale = self._along(self.weight.value * inverse, dy)
        if not of_batch:
            return dy * scale
        # Mean and variance moved with x, too: their share of dy is taken off.
        values = dy.dtype.type(dy.size // self.channels)
        mean_dy = self._along(self.bias.grad / values, dy)
        mean_dy_normal = self._along(self.weight.grad / values, dy)
        return (dy - mean_dy - normal * mean_dy_normal) * scale

    def _axes(self, x: np.ndarray) -> tuple[int, ...]:
        return (0, 2, 3) if x.ndim == 4 else (0,)

    def _along(self, values: np.ndarray, x: np.ndarray) -> np.ndarray:
        """One value a channel, laid out to meet x."""
        return values.reshape(1, -1, 1, 1) if x.ndim == 4 else values

    def output_shape(self, shape: Shape) -> Shape:
        fits = len(shape) in (2, 4) and shape[1] == self.channels
        if not fits or (len(shape) == 4 and min(shape[2:]) < 1):
            raise self._refuse_shape(shape, f"(n, {self.channels}) or (n, {self.channels}, h, w)")
        return tuple(shape)

    def multiply_adds(self, shape: Shape) -> int:
        return int(np.prod(self.output_shape(shape)))

    def config(self) -> dict[str, Any]:
        return {
            "channels": self.channels,
            "momentum": self.momentum,
            "eps": self.eps,
            "dtype": self.weight.value.dtype.name,
        }
