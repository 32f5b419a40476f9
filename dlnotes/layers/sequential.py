"""Layers one after another: what comes out of one goes into the next."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar, overload

import numpy as np

from dlnotes import door
from dlnotes.layers import table
from dlnotes.layers.activation import LeakyReLU, ReLU
from dlnotes.layers.conv import Conv2d
from dlnotes.layers.dense import Dense
from dlnotes.layers.fused import Run, run_length
from dlnotes.layers.layer import Layer, Shape
from dlnotes.layers.pooling import AvgPool2d, MaxPool2d
from dlnotes.layers.shape import Flatten

Given = TypeVar("Given")
Result = TypeVar("Result")


class Sequential(Layer):
    """`Sequential(layer, layer, …)`, or of one list: forward first to last, backward last to first.

    `net[i]` is a layer, `net[a:b]` a Sequential that shares those layers and knows the shape that
    comes to the first of them, where `net` does; `len(net)`, `for layer in net`. `net.trace(x)`
    gives every layer's output. In a notebook it shows itself as a table: output shapes, parameters,
    and the multiply-adds of one example, for the x that it met last. Before the first x,
    `input_shape`, the shape of one example without n, can stand in.

    Shapes: x as the first layer wants it, y as the last gives it.

    Errors: TypeError for what is not a Layer; ValueError for no layer at all, for the same layer
    twice, and where a shape does not fit, naming the place.
    """

    def __init__(self, *layers: Any, input_shape: Any = None) -> None:
        if len(layers) == 1 and isinstance(layers[0], list | tuple):
            layers = tuple(layers[0])
        if not layers:
            raise ValueError("Sequential: no layers came, wanted at least one")
        places: dict[int, int] = {}
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"Sequential: item {i} is {layer!r}, wanted a Layer")
            for leaf in layer.leaves():
                if id(leaf) in places:
                    raise ValueError(
                        f"Sequential: {type(leaf).__name__} {places[id(leaf)]} stands again at "
                        f"{i}; a layer keeps one x only, so make a second one"
                    )
                places[id(leaf)] = i
        self.layers = list(layers)
        self._met: Shape | None = None
        self._steps: list[tuple[int, Any]] = []  # of the last forward, each with its last layer
        if input_shape is not None:
            shape = _example(input_shape)
            self.output_shape((1, *shape))
            self._met = (1, *shape)

    def forward(self, x: Any) -> np.ndarray:
        flowing, i = x, 0
        self._steps = []
        while i < len(self.layers):
            length = run_length(self.layers, i)
            if length > 1:
                run = Run(self.layers[i : i + length])
                y = self._at(i, run.forward, flowing)
                if y is not None:
                    flowing, i = y, i + length
                    self._steps.append((i - 1, run))
                    continue
            flowing = self._at(i, self.layers[i].forward, flowing)
            self._steps.append((i, self.layers[i]))
            i += 1
        self._met = np.shape(x)
        return flowing

    def trace(self, x: Any) -> list[np.ndarray]:
        """Every layer's output for x, first to last; the last is y."""
        outputs: list[np.ndarray] = []
        flowing = x
        self._steps = []
        for i, layer in enumerate(self.layers):
            flowing = self._at(i, layer.forward, flowing)
            self._steps.append((i, layer))
            outputs.append(flowing)
        self._met = np.shape(x)
        return outputs

    def backward(self, dy: Any) -> np.ndarray:
        return self._back(dy, 0)

    def learn(self, dy: Any) -> None:
        """`backward` for who only wants the parameters' gradients: the last dx is not computed.

        It would be the largest of a convolution's, for an image has more pixels than weights.
        """
        idle = (Flatten, ReLU, LeakyReLU, MaxPool2d, AvgPool2d)
        first = 0
        while first < len(self.layers) - 1 and type(self.layers[first]) in idle:
            first += 1
        self._back(dy, first, wants_dx=False)

    def _back(self, dy: Any, first: int, wants_dx: bool = True) -> Any:
        """dy from the last layer back to the `first`, which may be told that its dx is unwanted."""
        i = len(self.layers) - 1
        runs = {last: run for last, run in self._steps if isinstance(run, Run) and run.is_fresh()}
        while i >= first:
            run = runs.get(i)
            if run is not None and self.layers[i - len(run.bends)] is run.conv:
                start = i - len(run.bends)
                wanted = wants_dx or start > first
                dy = self._at(i, partial(run.backward, wants_dx=wanted), dy)
                i = start - 1
                continue
            layer = self.layers[i]
            if i == first and not wants_dx and type(layer) in (Conv2d, Dense):
                self._at(i, layer.learn, dy)
            else:
                dy = self._at(i, layer.backward, dy)
            i -= 1
        return dy

    def _at(self, i: int, step: Callable[[Given], Result], given: Given) -> Result:
        """`step(given)`, and where it is refused, a message that says at which layer."""
        try:
            return step(given)
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"Sequential, layer {i}: {error}") from error

    def children(self) -> dict[str, Layer]:
        return {str(i): layer for i, layer in enumerate(self.layers)}

    def output_shape(self, shape: Shape) -> Shape:
        for i, layer in enumerate(self.layers):
            shape = self._at(i, layer.output_shape, shape)
        return tuple(shape)

    def multiply_adds(self, shape: Shape) -> int:
        total = 0
        for i, layer in enumerate(self.layers):
            total += self._at(i, layer.multiply_adds, shape)
            shape = self._at(i, layer.output_shape, shape)
        return total

    def example_shape(self) -> Shape | None:
        return self._met[1:] if self._met else self.layers[0].example_shape()

    def config(self) -> dict[str, Any]:
        """{"layers": [[class name, config], …]}; `rebuild` makes the network again from it."""
        return {"layers": [[type(layer).__name__, layer.config()] for layer in self.layers]}

    @overload
    def __getitem__(self, index: int) -> Layer: ...
    @overload
    def __getitem__(self, index: slice) -> "Sequential": ...
    def __getitem__(self, index: int | slice) -> Layer:
        if isinstance(index, slice):
            part = Sequential(*self.layers[index])
            part._met = self._entering(index.indices(len(self.layers))[0])
            return part
        return self.layers[index]

    def _entering(self, place: int) -> Shape | None:
        """The shape of what layer `place` gets, n first; None where it is not known."""
        example = self.example_shape()
        shape = None if example is None else (*(self._met or (1,))[:1], *example)
        for layer in self.layers[:place]:
            _adds, shape = table.step(layer, shape)
        return shape

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return table.as_text(self)

    def _repr_html_(self) -> str:
        return table.as_html(self)


def _example(input_shape: Any) -> Shape:
    """The shape of one example, checked."""
    name = "Sequential: input_shape"
    if not isinstance(input_shape, list | tuple):
        raise ValueError(
            f"{name} is {input_shape!r}, wanted the shape of one example, as (1, 28, 28)"
        )
    return tuple(door.whole(size, name) for size in input_shape)
