"""From gradients to better weights: the optimisers, with PyTorch's defaults and update rules.

An optimiser holds the parameters that it was given, and `step()` changes their `value` in place by
their `grad`. Its `lr` may be set between any two steps.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from dlnotes import door
from dlnotes import schedule as schedule
from dlnotes.kernels import optimizer as kernels
from dlnotes.kernels.addresses import Table


class Learnt(Protocol):
    """What an optimiser needs of a parameter: two arrays of one shape and dtype."""

    @property
    def value(self) -> np.ndarray: ...
    @property
    def grad(self) -> np.ndarray: ...


def passing_grad(parameter: Any) -> np.ndarray:
    """Its gradient, for who is done with it before the next `backward`."""
    passing = getattr(parameter, "passing_grad", None)  # as our own have it
    return parameter.grad if passing is None else passing()


class Optimizer:
    """The base of all optimisers: `lr`, `step()`, `state()` and `load_state()`.

    Errors: TypeError for what is no list of parameters; ValueError for none, one parameter twice,
    and for options outside their range.
    """

    options: tuple[str, ...] = ()  # the constructor's arguments beside parameters and lr
    moments: tuple[str, ...] = ()  # the arrays kept beside each parameter, by name

    def __init__(
        self, parameters: Iterable[Learnt], lr: float, *, weight_decay: float = 0.0
    ) -> None:
        self.parameters = self._check_parameters(parameters)
        self.lr = lr
        self.weight_decay = self._option("weight_decay", weight_decay, least=0.0)
        self.steps = 0
        self._kept = [
            {name: np.zeros_like(parameter.value) for name in self.moments}
            for parameter in self.parameters
        ]
        # The parameters' values as they were met last, and flat views of them and of what is kept.
        self._flat: list[tuple[Any, Any, list[np.ndarray]]] = [(None, None, [])] * len(self._kept)

    def _check_parameters(self, parameters: Any) -> list[Learnt]:
        kind = type(self).__name__
        if not isinstance(parameters, Iterable) or hasattr(parameters, "parameters"):
            raise TypeError(
                f"{kind}: parameters is of type {type(parameters).__name__}, wanted a list as "
                "net.parameters() gives"
            )
        found = list(parameters)
        if not found:
            raise ValueError(f"{kind}: parameters is empty, wanted at least one")
        for i, parameter in enumerate(found):
            value = getattr(parameter, "value", None)
            if not (isinstance(value, np.ndarray) and value.flags.c_contiguous):
                raise TypeError(f"{kind}: parameters[{i}] is {parameter!r}, wanted a Parameter")
        if len({id(parameter) for parameter in found}) < len(found):
            raise ValueError(f"{kind}: parameters holds one parameter twice, wanted each once")
        return found

    def _option(self, name: str, value: Any, **bounds: float) -> float:
        return door.real(value, f"{type(self).__name__}: {name}", **bounds)

    @property
    def lr(self) -> float:
        """The learning rate: a finite number, at least 0; may be set while training runs."""
        return self._lr

    @lr.setter
    def lr(self, new: float) -> None:
        self._lr = self._option("lr", new, least=0.0)

    def step(self) -> None:
        """Change every parameter in place, by its present gradient."""
        self.steps += 1
        # Values that grow beyond all bounds are for the training loop to notice.
        with np.errstate(all="ignore"):
            self._change(self._numbers())

    def _change(self, options: tuple[float, ...]) -> None:
        """One step of every parameter."""
        numbers: dict[Any, tuple] = {}  # the same in each dtype
        for i, parameter in enumerate(self.parameters):
            value, flat, kept = self._flat[i]
            if parameter.value is not value:
                value = parameter.value
                kept = [array.reshape(-1) for array in self._kept[i].values()]
                flat = value.reshape(-1)
                self._flat[i] = value, flat, kept
            number = value.dtype.type
            if number not in numbers:
                numbers[number] = tuple(map(number, options))
            self._update(flat, passing_grad(parameter).reshape(-1), kept, *numbers[number])

    def _numbers(self) -> tuple[float, ...]:
        """This step's options, as `_update` takes them."""
        return ()

    def _update(
        self, value: np.ndarray, grad: np.ndarray, kept: list[np.ndarray], *numbers: Any
    ) -> None:
        """One step of one flat parameter; the numbers are of its dtype."""
        raise NotImplementedError(f"{type(self).__name__} has no _update")

    def config(self) -> dict[str, Any]:
        """The constructor's arguments as JSON has them, without the parameters."""
        found = {name: getattr(self, name) for name in ("lr", *self.options)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}

    def state(self) -> dict[str, np.ndarray]:
        """Copies of what the next step depends on beside the parameters: "steps", "lr",
        "0.velocity" …"""
        found = {"steps": np.array(self.steps, np.int64), "lr": np.array(self.lr)}
        for i, kept in enumerate(self._kept):
            found |= {f"{i}.{name}": array.copy() for name, array in kept.items()}
        return found

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Take over what `state()` gave. ValueError, and nothing changed, where it does not fit."""
        kind = type(self).__name__
        if not isinstance(state, Mapping):
            raise TypeError(f"{kind}: state is {state!r}, wanted what state() gives")
        mine = self.state()
        if differing := set(state) ^ set(mine):
            named = ", ".join(sorted(map(str, differing)))
            raise ValueError(f"{kind}: the state and this optimiser differ in {named}")
        steps = door.whole(np.asarray(state["steps"])[()], f"{kind}: steps", least=0)
        lr = self._option("lr", np.asarray(state["lr"])[()], least=0.0)
        checked = [
            {
                name: door.array_of_shape(
                    state[f"{i}.{name}"], f"{kind}: {i}.{name}", array.shape, dtype=array.dtype
                )
                for name, array in kept.items()
            }
            for i, kept in enumerate(self._kept)
        ]
        self.steps, self.lr = steps, lr
        for kept, new in zip(self._kept, checked, strict=True):
            for name, array in kept.items():
                array[...] = new[name]

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.config().items())
        return f"{type(self).__name__}({len(self.parameters)} parameters, {options})"


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum v ← μ v + g; value ← value - lr v.

    `weight_decay` adds weight_decay · value to the gradient g. `nesterov` steps by g + μ v instead
    (Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", in
    the form of PyTorch's SGD); it wants a momentum.
    """

    options = ("momentum", "nesterov", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Learnt],
        lr: float = 1e-3,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        self.momentum = self._option("momentum", momentum, least=0.0)
        self.nesterov = door.truth(nesterov, "SGD: nesterov")
        if self.nesterov and self.momentum == 0:
            raise ValueError("SGD: nesterov is True and momentum 0, wanted a momentum above 0")
        self.moments = ("velocity",) if self.momentum > 0 else ()
        super().__init__(parameters, lr, weight_decay=weight_decay)

    def _numbers(self) -> tuple[float, ...]:
        return self.lr, self.weight_decay, self.momentum

    def _update(
        self, value: np.ndarray, grad: np.ndarray, kept: list[np.ndarray], *numbers: Any
    ) -> None:
        lr, weight_decay, momentum = numbers
        if kept:
            kernels.sgd_momentum(value, grad, *kept, lr, momentum, self.nesterov, weight_decay)
        else:
            kernels.sgd(value, grad, lr, weight_decay)


class Adagrad(Optimizer):
    """value ← value - lr g / (√Σg² + eps), the sum over all steps so far; lr falls as 1 / (1 + t
    lr_decay).

    Source: Duchi, Hazan & Singer 2011, "Adaptive Subgradient Methods for Online Learning and
    Stochastic Optimization", JMLR 12.
    """

    options = ("lr_decay", "weight_decay", "initial_accumulator_value", "eps")
    moments = ("square_sum",)

    def __init__(
        self,
        parameters: Iterable[Learnt],
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        self.lr_decay = self._option("lr_decay", lr_decay, least=0.0)
        self.initial_accumulator_value = self._option(
            "initial_accumulator_value", initial_accumulator_value, least=0.0
        )
        self.eps = self._option("eps", eps, least=0.0)
        super().__init__(parameters, lr, weight_decay=weight_decay)
        for kept in self._kept:
            kept["square_sum"] += self.initial_accumulator_value

    def _numbers(self) -> tuple[float, ...]:
        lr = self.lr / (1 + (self.steps - 1) * self.lr_decay)
        return lr, self.eps, self.weight_decay

    def _update(
        self, value: np.ndarray, grad: np.ndarray, kept: list[np.ndarray], *numbers: Any
    ) -> None:
        kernels.adagrad(value, grad, *kept, *numbers)


class RMSprop(Optimizer):
    """s ← α s + (1 - α) g²; value ← value - lr g / (√s + eps); with a momentum μ, v ← μ v + g / (√s
    + eps).

    `centered` takes the square of the running mean of g off s first (Graves 2013, arXiv:1308.0850).
    Source: Tieleman & Hinton 2012, "Lecture 6.5 - RMSProp", COURSERA: Neural Networks for Machine
    Learning.
    """

    options = ("alpha", "eps", "weight_decay", "momentum", "centered")

    def __init__(
        self,
        parameters: Iterable[Learnt],
        lr: float = 1e-2,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        self.alpha = self._option("alpha", alpha, least=0.0, below=1.0)
        self.eps = self._option("eps", eps, least=0.0)
        self.momentum = self._option("momentum", momentum, least=0.0)
        self.centered = door.truth(centered, "RMSprop: centered")
        full = self.momentum > 0 or self.centered
        self.moments = ("square", "average", "velocity") if full else ("square",)
        super().__init__(parameters, lr, weight_decay=weight_decay)

    def _numbers(self) -> tuple[float, ...]:
        return 1 - self.alpha, self.alpha, self.lr, self.eps, self.weight_decay, self.momentum

    def _update(
        self, value: np.ndarray, grad: np.ndarray, kept: list[np.ndarray], *numbers: Any
    ) -> None:
        *others, weight_decay, momentum = numbers
        if len(kept) == 1:
            kernels.rmsprop(value, grad, *kept, *others, weight_decay)
        else:
            kernels.rmsprop_full(value, grad, *kept, *others, momentum, self.centered, weight_decay)


class Adam(Optimizer):
    """m ← β₁ m + (1 - β₁) g; s ← β₂ s + (1 - β₂) g²; value ← value - lr m̂ / (√ŝ + eps).

    m̂ = m / (1 - β₁ᵗ) and ŝ = s / (1 - β₂ᵗ) at step t make up for the start from zero;
    `bias_correction=False` leaves that out, to see what it is for. `weight_decay` adds weight_decay
    · value to g. Source: Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization",
    arXiv:1412.6980, algorithm 1.
    """

    options = ("betas", "eps", "weight_decay", "bias_correction")
    moments = ("average", "square")

    def __init__(
        self,
        parameters: Iterable[Learnt],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        bias_correction: bool = True,
    ) -> None:
        if not isinstance(betas, list | tuple) or len(betas) != 2:
            raise ValueError(f"Adam: betas is {betas!r}, wanted a pair of numbers")
        self.betas = (
            self._option("betas[0]", betas[0], least=0.0, below=1.0),
            self._option("betas[1]", betas[1], least=0.0, below=1.0),
        )
        self.eps = self._option("eps", eps, least=0.0)
        self.bias_correction = door.truth(bias_correction, "Adam: bias_correction")
        super().__init__(parameters, lr, weight_decay=weight_decay)
        self._dtypes = {parameter.value.dtype for parameter in self.parameters}
        self._table = Table()

    def _numbers(self) -> tuple[float, ...]:
        beta_1, beta_2 = self.betas
        size, root_correction = self.lr, 1.0
        if self.bias_correction:
            root_correction = math.sqrt(1 - beta_2**self.steps)
            size = self.lr * root_correction / (1 - beta_1**self.steps)
        fresh = 1 - beta_1, beta_2, 1 - beta_2
        # Above and below the line times √(1 - β₂ᵗ): one division less for each number.
        return *fresh, size, self.eps * root_correction, self.weight_decay

    def _change(self, options: tuple[float, ...]) -> None:
        if len(self._dtypes) > 1:
            super()._change(options)
            return
        for i, parameter in enumerate(self.parameters):
            value, grad = parameter.value, passing_grad(parameter)
            met = self._table.rows.get(i, (None, None))
            if met[0] is not value or met[1] is not grad:
                grad = np.ascontiguousarray(grad, value.dtype)
                self._table.note(i, value, grad, *self._kept[i].values())
        kernels.adam_all(self._table, *map(self._table.like.dtype.type, options))

    def _update(
        self, value: np.ndarray, grad: np.ndarray, kept: list[np.ndarray], *numbers: Any
    ) -> None:
        kernels.adam(value, grad, *kept, *numbers)
