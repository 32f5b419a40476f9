"""Conv2d, ReLU and MaxPool2d(2) in one go, where they stand in this order in a Sequential.

What comes out, and every gradient, is what the layers give one by one; but what the convolution
gives is bent and pooled while it is still in the nearest cache, and never written out whole. If one
of the layers is asked for its own `backward` after all, what it needs is computed then.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import layout, tiles
from dlnotes.layers.activation import ReLU
from dlnotes.layers.conv import Conv2d
from dlnotes.layers.layer import Layer
from dlnotes.layers.pooling import MaxPool2d


def run_length(layers: Sequence[Layer], i: int) -> int:
    """How many layers from i on can be fused: 3 with pooling, 2 without, else 1.

    Only these classes themselves, for a class of the reader's own may do something else; and never
    the last layer: what it gives leaves this network, and may be written into.
    """
    if type(layers[i]) is not Conv2d or i + 2 >= len(layers) or type(layers[i + 1]) is not ReLU:
        return 1
    return 3 if i + 3 < len(layers) and is_two_by_two(layers[i + 2]) else 2


def is_two_by_two(layer: Layer) -> bool:
    two, one, none = (2, 2), (1, 1), (0, 0)
    return type(layer) is MaxPool2d and (
        (layer.kernel_size, layer.stride, layer.dilation) == (two, two, one)
        and layer.padding == (none, none)
        and not layer.ceil_mode
    )


class Run:
    """What one forward through fused layers left for its backward."""

    def __init__(self, layers: Sequence[Any]) -> None:
        self.conv, self.bends = layers[0], layers[1:]
        self.kind = layout.POOLED if len(layers) == 3 else layout.RELU

    def forward(self, x: Any) -> np.ndarray | None:
        """y, or None where these layers must go one by one."""
        x = door.array(x, "Conv2d: x", dtype=self.conv._dtype)
        _, where = self.conv.layout(x.shape)
        if where is None or min(where.forward.size) < 2:
            return None
        self.y, self.code = self.conv.fused(x, self.kind)
        self.kept = self.conv._kept
        for layer in self.bends:
            layer._kept = self  # to be called by who wants what they would have kept
        return self.y

    def is_fresh(self) -> bool:
        """Whether none of the layers met another x since, or was asked by itself."""
        return self.conv._kept is self.kept and all(layer._kept is self for layer in self.bends)

    def backward(self, dy: Any, wants_dx: bool) -> Any:
        name = type(self.bends[-1]).__name__
        dy = door.array_of_shape(dy, f"{name}: dy", self.y.shape, dtype=self.y.dtype)
        y = self.y if self.kind == layout.RELU else tiles.NO_Y
        return self.conv.fused_back(dy, self.kind, y, self.code, wants_dx)

    def __call__(self) -> None:
        """Give each layer what it would have kept, had it been called by itself."""
        for layer in self.bends:
            layer._kept = None
        if self.conv._kept is not self.kept:
            return  # the convolution met another x: there is nothing to compute it from
        laid, where, _, _ = self.kept[2]
        bias = None if self.conv.bias is None else self.conv.bias.value
        flowing, _ = tiles.swept(laid, self.conv.weight.value, bias, where.forward, layout.PLAIN)
        for layer in self.bends:
            flowing = layer.forward(flowing)
