"""Layers one after another: what comes out of one goes into the next."""

from collections.abc import Iterator
from typing import Any, overload

import numpy as np

from dlnotes.layers.layer import Layer, Shape


class Sequential(Layer):
    """`Sequential(layer, layer, …)`: forward runs them first to last, backward last to first.

    `net[i]` is a layer, `net[a:b]` a Sequential that shares those layers; `len(net)`, `for layer in
    net`. `net.trace(x)` gives every layer's output. Its `repr` is a table of output shapes,
    parameters and multiply-adds of one example, for the input that it last met.

    Errors: TypeError for what is not a Layer; ValueError for the same layer twice, and where a
    shape does not fit, naming the place.
    """

    def __init__(self, *layers: Layer) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"Sequential: item {i} is {layer!r}, wanted a Layer")
            for j in range(i):
                if layer is layers[j]:
                    raise ValueError(
                        f"Sequential: layer {j} stands again at {i}; a layer keeps one x only, "
                        "so make a second one"
                    )
        self.layers = list(layers)
        self._met: Shape | None = None

    def forward(self, x: Any) -> np.ndarray:
        outputs = self.trace(x)
        return outputs[-1] if outputs else self._enter(x)

    def trace(self, x: Any) -> list[np.ndarray]:
        """Every layer's output for x, first to last; the last is y."""
        outputs: list[np.ndarray] = []
        shape = np.shape(x)
        for i, layer in enumerate(self.layers):
            x = self._at(i, layer.forward, x)
            outputs.append(x)
        self._met = shape
        return outputs

    def backward(self, dy: Any) -> np.ndarray:
        for i in reversed(range(len(self.layers))):
            dy = self._at(i, self.layers[i].backward, dy)
        return dy

    def _at(self, i: int, step: Any, argument: Any) -> Any:
        try:
            return step(argument)
        except ValueError as error:
            raise ValueError(f"Sequential, layer {i}: {error}") from error

    def children(self) -> dict[str, Layer]:
        return {str(i): layer for i, layer in enumerate(self.layers)}

    def output_shape(self, shape: Shape) -> Shape:
        for i, layer in enumerate(self.layers):
            shape = self._at(i, layer.output_shape, shape)
        return tuple(shape)

    def multiply_adds(self, shape: Shape) -> int:
        return sum(count for _, _, count in self._steps(shape))

    def _steps(self, shape: Shape) -> Iterator[tuple[Layer, Shape, int]]:
        """Each layer with the shape of its output and its multiply-adds for an x of `shape`."""
        for i, layer in enumerate(self.layers):
            count = self._at(i, layer.multiply_adds, shape)
            shape = self._at(i, layer.output_shape, shape)
            yield layer, shape, count

    def config(self) -> dict[str, Any]:
        """{"layers": [[class name, config], …]}."""
        return {"layers": [[type(layer).__name__, layer.config()] for layer in self.layers]}

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> "Sequential": ...
    def __getitem__(self, index: int | slice) -> Layer:
        if isinstance(index, slice):
            return Sequential(*self.layers[index])
        return self.layers[index]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)
