"""What a layer is: it maps x to y, and on the way back dy to dx, and it owns the numbers that it
learns.

There is no graph and no tape. `forward` keeps what `backward` will need, `backward` reads it: both
are plain lines of code, side by side, for the reader to follow.
"""

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from dlnotes import door

Shape = door.Shape

# Infinity and NaN are results to be seen, not warnings to be printed into a lesson.
quietly = np.errstate(all="ignore")


class Parameter:
    """Numbers that are learned: `value`, and `grad`, the gradient of the loss with respect to them.

    `value` is a copy of what was handed in (float32 unless that was float64), so that training
    never changes a caller's array. Assigning to either keeps shape and dtype, or raises ValueError.
    `grad` is zero before the first `backward`, and each `backward` replaces it: nothing
    accumulates. An array that was read as `grad` never changes afterwards; one that nobody asked
    for is written over by the next `backward`, for a large one anew each step empties the caches.
    """

    _grad_is_known = False  # to a reader, who may have kept it

    def __init__(self, value: Any) -> None:
        self._value = door.array(value, "Parameter: value").copy()
        self._grad = np.zeros_like(self._value)

    @property
    def value(self) -> np.ndarray:
        return self._value

    @value.setter
    def value(self, new: Any) -> None:
        if new is not self._value:  # as after `parameter.value -= step`
            self._value = self._like_value(new, "Parameter: value").copy()

    @property
    def grad(self) -> np.ndarray:
        self._grad_is_known = True
        return self._grad

    @grad.setter
    def grad(self, new: Any) -> None:
        if new is not self._grad:
            self.take_grad(self._like_value(new, "Parameter: grad").copy())

    def take_grad(self, new: np.ndarray) -> None:
        """For layers: `new`, which nobody else holds and which fits, as it is."""
        self._grad, self._grad_is_known = new, False

    def spare_grad(self) -> np.ndarray:
        """For layers: an array to write the next gradient into, before `take_grad` of it."""
        free = self._grad.flags.carray and not self._grad_is_known
        return self._grad if free else np.empty_like(self._value)

    def passing_grad(self) -> np.ndarray:
        """For optimisers: `grad` for who is done with it before the next `backward`."""
        return self._grad

    def _like_value(self, new: Any, name: str) -> np.ndarray:
        return door.array_of_shape(new, name, self._value.shape, dtype=self._value.dtype)

    def __repr__(self) -> str:
        return f"Parameter(shape={self._value.shape}, dtype={self._value.dtype})"


class Layer:
    """The base of all layers. A layer of your own needs `forward(x) -> y` and `backward(dy) -> dx`.

    `y = layer(x)`; `dx = layer.backward(dy)` for the x that went in last, where dy is the gradient
    of the loss with respect to y. The layer keeps x as it is, not a copy: write into it only after
    `backward`. `parameters()` lists what is learned. `training` is True while learning; set it to
    False where the network is used, for `Dropout` and `BatchNorm` behave differently then.
    """

    _training = True
    _dtype: np.dtype | None = None  # of the parameters; None: what comes in decides
    _kept: Any = None
    buffers: tuple[str, ...] = ()  # names of arrays that are kept but not learned by gradient

    def forward(self, x: Any) -> np.ndarray:
        raise NotImplementedError(f"{type(self).__name__} has no forward(x)")

    def backward(self, dy: Any) -> np.ndarray:
        raise NotImplementedError(f"{type(self).__name__} has no backward(dy)")

    def __call__(self, x: Any) -> np.ndarray:
        return self.forward(x)

    def children(self) -> dict[str, "Layer"]:
        """The layers inside this one, by name."""
        return {name: item for name, item in vars(self).items() if isinstance(item, Layer)}

    def leaves(self) -> Iterator["Layer"]:
        """This layer, or, where there are layers inside, those that have none."""
        inside = self.children()
        for child in inside.values():
            yield from child.leaves()
        if not inside:
            yield self

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """("weight", Parameter), ("bias", Parameter) …; of a layer inside this, ("0.weight", …)."""
        for name, item in vars(self).items():
            if isinstance(item, Parameter):
                yield name, item
        for name, child in self.children().items():
            for inner, parameter in child.named_parameters():
                yield f"{name}.{inner}", parameter

    def parameters(self) -> list[Parameter]:
        """All that this layer learns, in a fixed order."""
        return [parameter for _, parameter in self.named_parameters()]

    @property
    def training(self) -> bool:
        return self._training

    @training.setter
    def training(self, on: bool) -> None:
        self._training = door.truth(on, f"{type(self).__name__}: training")
        for child in self.children().values():
            child.training = on

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of y for an x of `shape`, n first; ValueError where such an x does not fit."""
        return tuple(shape)

    def example_shape(self) -> Shape | None:
        """The shape of one example of x, without n, where this layer knows it."""
        return None

    def multiply_adds(self, shape: Shape) -> int:
        """How often `forward` multiplies and adds for an x of `shape`; biases do not count."""
        return 0

    def config(self) -> dict[str, Any]:
        """The constructor's arguments as JSON has them, without `rng`; `rebuild` reads them."""
        return {}

    def state(self) -> dict[str, np.ndarray]:
        """Copies of all parameters and buffers (as BatchNorm's running mean), by name."""
        found = {
            name: item.value.copy()
            for name, item in vars(self).items()
            if isinstance(item, Parameter)
        }
        found |= {name: getattr(self, name).copy() for name in self.buffers}
        for name, child in self.children().items():
            found |= {f"{name}.{inner}": value for inner, value in child.state().items()}
        return found

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state()` gave; ValueError, with nothing changed, where it differs."""
        layer = type(self).__name__
        mine = self.state()
        if set(state) != set(mine):
            differing = sorted(set(state) ^ set(mine))
            raise ValueError(f"{layer}: the state and this layer differ in {', '.join(differing)}")
        checked = {
            name: door.array_of_shape(state[name], f"{layer}: {name}", old.shape, dtype=old.dtype)
            for name, old in mine.items()
        }
        self._take(checked)

    def _take(self, state: dict[str, np.ndarray]) -> None:
        for name, item in vars(self).items():
            if isinstance(item, Parameter):
                item.value = state[name]
        for name in self.buffers:
            setattr(self, name, state[name].copy())
        for name, child in self.children().items():
            start = f"{name}."
            inside = {
                key.removeprefix(start): v for key, v in state.items() if key.startswith(start)
            }
            child._take(inside)

    def _enter(self, x: Any) -> np.ndarray:
        """x through the door, in this layer's dtype, and of a shape that fits."""
        x = door.array(x, f"{type(self).__name__}: x", dtype=self._dtype)
        self.output_shape(x.shape)
        return x

    def _keep(self, y: np.ndarray, *needed: Any) -> np.ndarray:
        """Remember y's shape and what `backward` needs; hands y on."""
        self._kept = (y.shape, y.dtype, needed)
        return y

    def _enter_back(self, dy: Any) -> tuple[np.ndarray, Any]:
        """dy through the door, and what `forward` kept: one thing, or a tuple of several."""
        layer = type(self).__name__
        if callable(self._kept):  # `forward` was fused with another layer's: done again, by itself
            self._kept()
        if self._kept is None:
            raise ValueError(
                f"{layer}: backward came before forward; call the layer with an x first"
            )
        shape, dtype, needed = self._kept
        dy = door.array_of_shape(dy, f"{layer}: dy", shape, dtype=dtype)
        return dy, needed[0] if len(needed) == 1 else needed

    def _refuse_shape(self, shape: Shape, wanted: str) -> ValueError:
        return ValueError(f"{type(self).__name__}: x has shape {tuple(shape)}, wanted {wanted}")

    def __repr__(self) -> str:
        """As it was made, without what stands at its default: Conv2d(1, 8, 3, padding='same')."""
        known = inspect.signature(type(self)).parameters
        arguments = []
        for name, value in self.config().items():
            if name not in known or known[name].kind is inspect.Parameter.KEYWORD_ONLY:
                default = known[name].default if name in known else inspect.Parameter.empty
                if value not in (default, getattr(default, "__name__", None)):  # np.float32's name
                    arguments.append(f"{name}={value!r}")
            else:
                arguments.append(repr(value))
        return f"{type(self).__name__}({', '.join(arguments)})"
