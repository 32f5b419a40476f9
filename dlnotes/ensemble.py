"""Several networks of one shape, each from its own random start, trained at once.

Their weights lie in one array, network by network, so that one matrix product serves them all. What
is learned once says little about a shape: how much of it was luck shows only in the spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnotes.layers import Dense, ReLU, Sequential
from dlnotes.optim import Adam
from dlnotes.threads import one_thread
from dlnotes.training import Diverged
from dlnotes.words import _


@dataclass(eq=False)
class Stacked:
    """A parameter of all networks, `value` and `grad` of one shape, networks first."""

    value: np.ndarray
    grad: np.ndarray


class Ensemble:
    """ReLU networks of the layer `sizes` (n_in, …, n_out), one for each of the `seeds`.

    Weights start uniform within ±√(6 / n_in) (He et al. 2015, arXiv:1502.01852), biases within the
    same limit in the first layer, so that its kinks lie all over −1 to 1, and a tenth of it in the
    others. All is float64. `parameters` are stacked: weights (m, n_in, n_out), biases (m, 1,
    n_out), for m seeds. ValueError for fewer than two sizes, a size below 1, or no seed.
    """

    def __init__(self, sizes: Sequence[int], seeds: Sequence[int], *, lr: float = 0.01) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            sentence = _("Ensemble: sizes are two numbers or more from 1 up, not {sizes}.")
            raise ValueError(sentence.format(sizes=list(sizes)))
        if not len(seeds):
            raise ValueError(_("Ensemble: there are no seeds, so there is no network."))
        self.sizes, self.seeds = tuple(sizes), tuple(seeds)
        generators = [np.random.default_rng(seed) for seed in seeds]
        self.layers: list[tuple[Stacked, Stacked]] = []
        for i, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True)):
            limit = (6 / n_in) ** 0.5
            spread = limit if i == 0 else 0.1 * limit
            weight = [rng.uniform(-limit, limit, (n_in, n_out)) for rng in generators]
            bias = [rng.uniform(-spread, spread, (1, n_out)) for rng in generators]
            self.layers.append(
                (Stacked(np.array(weight), np.zeros(0)), Stacked(np.array(bias), np.zeros(0)))
            )
        self.parameters = [parameter for pair in self.layers for parameter in pair]
        self.optimizer = Adam(self.parameters, lr=lr)

    @classmethod
    def near(
        cls, net: Sequential, seeds: Sequence[int], *, noise: float, lr: float = 0.01
    ) -> "Ensemble":
        """Copies of one network of `Dense` and `ReLU` layers, as `sawtooth` makes it, disturbed.

        Each number gets a normal error of standard deviation `noise`, drawn from its seed.
        """
        dense = [layer for layer in net if isinstance(layer, Dense)]
        found = cls([dense[0].n_in, *[layer.n_out for layer in dense]], seeds, lr=lr)
        generators = [np.random.default_rng(seed) for seed in seeds]
        for layer, stacked in zip(dense, found.layers, strict=True):
            for parameter, place in zip(layer.parameters(), stacked, strict=True):
                shape = place.value.shape[1:]
                error = [rng.normal(0, noise, shape) for rng in generators]
                place.value[:] = parameter.value.reshape(shape) + np.array(error)
        return found

    @property
    def count(self) -> int:
        """Parameters of one network."""
        return sum(parameter.value[0].size for parameter in self.parameters)

    def trace(self, x: Any) -> list[np.ndarray]:
        """What goes into each layer, then the output: x (n, n_in) → … (m, n, n_out)."""
        flowing = [np.broadcast_to(x, (len(self.seeds), *np.shape(x)))]
        for i, (weight, bias) in enumerate(self.layers):
            y = flowing[-1] @ weight.value + bias.value
            flowing.append(np.maximum(y, 0) if i < len(self.layers) - 1 else y)
        return flowing

    def predict(self, x: Any) -> np.ndarray:
        """Every network's output: x (n, n_in) → (m, n, n_out)."""
        with one_thread():
            return self.trace(x)[-1]

    def backward(self, x: Any, y: Any) -> np.ndarray:
        """Mean squared error of each network, (m,), its slopes left in every `grad`."""
        flowing = self.trace(x)
        miss = flowing[-1] - y
        slope = 2 * miss / miss[0].size
        for i in reversed(range(len(self.layers))):
            weight, bias = self.layers[i]
            weight.grad = flowing[i].swapaxes(1, 2) @ slope
            bias.grad = slope.sum(axis=1, keepdims=True)
            if i:
                slope = (slope @ weight.value.swapaxes(1, 2)) * (flowing[i] > 0)
        return (miss**2).mean(axis=(1, 2))

    def train(self, x: Any, y: Any, steps: int) -> None:
        """So many steps of Adam on x (n, n_in), y (n, n_out); Diverged where a loss is lost."""
        with one_thread(), np.errstate(all="ignore"):
            for _step in range(steps):
                losses = self.backward(x, y)
                if not np.isfinite(losses).all():
                    sentence = _(
                        "After {step} steps an error is no longer a finite number: the steps are "
                        "too large. Lower the learning rate and start again."
                    )
                    at, lr = self.optimizer.steps, float(self.optimizer.lr)
                    raise Diverged(sentence.format(step=at), epoch=at, step=at, lr=lr)
                self.optimizer.step()

    def steps(self, number: int) -> list[Any]:
        """One network's layers as `dlnotes.pieces` reads them."""
        found: list[Any] = []
        for weight, bias in self.layers:
            found += [(weight.value[number], bias.value[number, 0]), 0.0]
        return found[:-1]

    def network(self, number: int) -> Sequential:
        """One of the networks by itself, a copy."""
        layers: list[Any] = []
        for weight, bias in self.layers:
            dense = Dense(*weight.value.shape[1:], rng=np.random.default_rng(0), dtype=np.float64)
            for parameter, stacked in zip(dense.parameters(), (weight, bias), strict=True):
                parameter.value[:] = stacked.value[number].reshape(parameter.value.shape)
            layers += [dense, ReLU()]
        return Sequential(*layers[:-1])
