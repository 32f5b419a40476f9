"""A training in slices of a few milliseconds, and what is kept of it after every step."""

import copy
import itertools
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlnotes import optim
from dlnotes.evaluation import in_mode, predict, quietly, share_right
from dlnotes.kernels.optimizer import is_finite
from dlnotes.kernels.parallel import warm_both
from dlnotes.layers import Conv2d, Dense, Layer, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.training import Run
from dlnotes.words import _

CHUNK = 32  # examples at a time, so that a slice of a convolutional network stays short
SLICE = 0.008  # seconds of reading at a time
MOST_UNITS = 32  # of a dense layer whose weights are kept
VIEWS = 120  # in a whole run, of the weights
CHECKS = 5  # in an epoch, on the examples held back
POINTS = 120  # of a curve

OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": _("SGD with momentum 0.9"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}
GOOD_RATE = {"sgd": 0.1, "momentum": 0.02, "adagrad": 0.01, "rmsprop": 0.001, "adam": 0.001}


def optimizer_of(kind: str, net: Layer, rate: float) -> optim.Optimizer:
    """A fresh optimiser of that kind for `net`."""
    makers = {
        "sgd": optim.SGD,
        "momentum": optim.SGD,
        "adagrad": optim.Adagrad,
        "rmsprop": optim.RMSprop,
        "adam": optim.Adam,
    }
    options = {"momentum": 0.9} if kind == "momentum" else {}
    return makers[kind](net.parameters(), rate, **options)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the reader had chosen when a step was made."""

    rate: float
    batch: int
    optimizer: str


@dataclass(kw_only=True)
class Step:
    """What is kept after one step: numbers, and at some steps weights and a validation.

    `seen` counts the examples learned from so far; `loss` and `accuracy` are those of the step's
    own batch, before its update. `weights` holds an array for each layer that can be looked into;
    `guesses` the class that the network gives to each example held back.
    """

    step: int = 0
    seen: int = 0
    loss: float = float("nan")
    accuracy: float = float("nan")
    seconds: float = 0.0
    settings: Settings
    weights: dict[int, Any] | None = None
    held_back_loss: float | None = None
    held_back_accuracy: float | None = None
    guesses: np.ndarray | None = None


def flat(net: Layer) -> list[Layer]:
    """The layers of `net` in order, those of a Sequential inside it in its place."""
    if not isinstance(net, Sequential):
        return [net]
    return [layer for inner in net for layer in flat(inner)]


def pictured(layers: list[Layer], shape: tuple[int, ...]) -> dict[int, tuple[int, ...] | None]:
    """For each Dense or Conv2d of a network, the image (c, h, w) its inputs are, or None.

    `shape` is that of one example. What a Dense layer sees of a Flatten is still an image; a
    vector of a square number of inputs is taken for one.
    """
    found: dict[int, tuple[int, ...] | None] = {}
    image = shape if len(shape) == 3 else None
    side = int(np.sqrt(shape[0])) if len(shape) == 1 else 0
    if side > 2 and side * side == shape[0]:
        image = (1, side, side)
    for i, layer in enumerate(layers):
        if isinstance(layer, (Dense, Conv2d)):
            found[i] = image
        shape = layer.output_shape((1, *shape))[1:]
        if len(shape) == 3:
            image = shape
        elif isinstance(layer, Dense) or (image and np.prod(image) != np.prod(shape)):
            image = None
    return found


def kept_weights(layers: list[Layer], looked: Any) -> dict[int, Any]:
    """Of each layer: a dense one's weights of its first units, else all it holds."""
    last = max((i for i in looked if isinstance(layers[i], Conv2d)), default=-1)
    found: dict[int, Any] = {}
    for i, layer in enumerate(layers):
        if i <= last:
            found[i] = layer.state()
        elif isinstance(layer, Dense):
            found[i] = layer.weight.value[:, :MOST_UNITS].copy()
    return found


class SlicedRun(Run):
    """A training whose steps and validations are generators: each `next` is one short slice.

    `spent` counts the seconds of work.
    """

    def __init__(self, net: Sequential, x: np.ndarray, y: np.ndarray) -> None:
        super().__init__(net, CrossEntropy(), optimizer_of("sgd", net, 0.1), (x, y), None)
        self.taught, self.spent = net, 0.0

    def update(self, rows: np.ndarray, where: dict[str, int]) -> Generator[None, None, Any]:
        """One step from the examples `rows`: the batch's loss and accuracy before it."""
        self.keep()
        total, right = 0.0, 0.0
        grads = [np.zeros_like(parameter.value) for parameter in self.parameters]
        for i in range(0, len(rows), CHUNK):
            if i:
                yield
            started = time.perf_counter()
            part = rows[i : i + CHUNK]
            share = len(part) / len(rows)
            loss, accuracy = self.slopes(part)
            total, right = total + share * loss, right + share * accuracy
            for grad, parameter in zip(grads, self.parameters, strict=True):
                grad += share * parameter.grad
            self.spent += time.perf_counter() - started
        self.take(total, grads, where)
        return total, right

    @quietly
    def slopes(self, rows: np.ndarray) -> tuple[float, float]:
        """Forward and backward: loss and accuracy, and the gradients in the parameters."""
        with in_mode(self.net, True) if not self.net.training else nullcontext():
            prediction = self.net(self.x[rows])
            loss = self.loss(prediction, self.y[rows])
            self.taught.learn(self.loss.backward())
        return loss, share_right(prediction, self.y[rows])

    @quietly
    def take(self, loss: float, grads: list[np.ndarray], where: dict[str, int]) -> None:
        """The step itself; Diverged, and the weights as they were, where it leads to no number."""
        if not np.isfinite(loss):
            self.put_back()
            raise self.diverged(where, _("the loss became {value}"), loss)
        for grad, parameter in zip(grads, self.parameters, strict=True):
            parameter.grad = grad
        self.optimizer.step()
        if not all(is_finite(parameter.value.reshape(-1)) for parameter in self.parameters):
            self.put_back()
            raise self.diverged(where, _("the weights grew beyond all bounds"))

    def validate(self, x: np.ndarray, y: np.ndarray) -> Generator[None, None, Any]:
        """Over the examples x, y: mean loss, accuracy, and the class given to each."""
        total, guesses = 0.0, []
        began = time.perf_counter()
        for i in range(0, len(x), CHUNK):
            if time.perf_counter() - began > SLICE:
                yield
                began = time.perf_counter()
            prediction = predict(self.net, x[i : i + CHUNK])
            total += self.loss(prediction, y[i : i + CHUNK]) * len(prediction)
            guesses.append(prediction.argmax(axis=1))
        given = np.concatenate(guesses)
        return total / len(x), float((given == y).mean()), given.astype(np.uint16)


def rehearse(net: Sequential, x: np.ndarray, y: np.ndarray) -> None:
    """Steps of a copy, large and small, with every optimiser: what is compiled is loaded now."""
    copied = copy.deepcopy(net)
    run = SlicedRun(copied, x[:CHUNK], y[:CHUNK])
    for kind in OPTIMIZERS:
        run.optimizer = optimizer_of(kind, copied, 0.0)
        run.slopes(np.arange(1 if kind == "sgd" else len(run.x)))
        run.optimizer.step()
    for some in (x[:1], x[:CHUNK]):
        predict(copied, some)
    warm_both(lambda: run.slopes(np.arange(1)))


def lessons(
    run: SlicedRun,
    ask: Any,
    held_out: tuple[np.ndarray, np.ndarray],
    looked: Any,
) -> Iterator[Step | None]:
    """The steps of a training, with None in between where a step takes several slices.

    `ask()` gives the present `Settings`, and how many epochs and which seed there are to be.
    """

    def check(last: Step) -> Generator[None, None, None]:
        found = yield from run.validate(*held_out)
        last.held_back_loss, last.held_back_accuracy, last.guesses = found

    layers = flat(run.net)
    settings, epochs, seed = ask()
    rng = np.random.default_rng(seed)
    n = len(run.x)
    order = rng.permutation(n)
    kind, viewed, checked = "", -1, 0
    last = Step(settings=settings, weights=kept_weights(layers, looked))
    yield last
    yield from check(last)
    while last.seen < epochs * n:
        settings, epochs, _seed = ask()
        if settings.optimizer != kind:
            kind = settings.optimizer
            run.optimizer = optimizer_of(kind, run.net, settings.rate)
        run.optimizer.lr = settings.rate
        epoch, at = divmod(last.seen, n)
        if at == 0 and last.step:
            order = rng.permutation(n)
        rows = order[at : at + settings.batch]
        where = {"epoch": epoch + 1, "step": last.step + 1}
        loss, accuracy = yield from run.update(rows, where)
        seen = last.seen + len(rows)
        view = last.seen * VIEWS // (epochs * n)
        if view == viewed:
            last.weights = None  # the one before stands for it
        viewed = view
        last = replace(
            last, step=last.step + 1, seen=seen, loss=loss, accuracy=accuracy, settings=settings,
            seconds=run.spent, weights=kept_weights(layers, looked), held_back_loss=None,
            held_back_accuracy=None, guesses=None,
        )  # fmt: skip
        yield last
        if seen * CHECKS // n > checked or seen >= epochs * n:
            checked = seen * CHECKS // n
            yield from check(last)


def thinned(record: list[Step]) -> list[Step]:
    """Every other step of a record, and all that hold weights or a validation."""
    last = len(record) - 1
    return [
        step
        for i, step in enumerate(record)
        if i % 2 == 0 or i == last or step.weights is not None or step.guesses is not None
    ]


def curves(record: Sequence[Step], n: int) -> dict[str, list[float]]:
    """Loss and accuracy of a record as plain numbers, to be drawn, kept and compared.

    Each point is the mean of neighbouring steps; its place is given in epochs of n examples, in
    steps and in seconds. "checked …" are those of the examples held back; "changed …" are the
    places where the reader changed a setting.
    """
    steps = record[1:]
    table = np.array([(s.seen / n, s.step, s.seconds, s.loss, s.accuracy) for s in steps])
    starts = np.unique(np.linspace(0, len(steps), POINTS, endpoint=False).astype(int))
    lengths = np.diff([*starts, len(steps)])
    means = np.add.reduceat(table, starts) / lengths[:, None] if steps else np.zeros((0, 5))
    checked = [s for s in record if s.guesses is not None]
    changed = [s for s, after in itertools.pairwise(steps) if s.settings != after.settings]
    found = columns(means, ("epochs", "steps", "seconds", "loss", "accuracy"))
    marked = [
        (s.seen / n, s.step, s.seconds, s.held_back_loss, s.held_back_accuracy) for s in checked
    ]
    what = ("epochs", "steps", "seconds", "loss", "accuracy")
    found |= columns(np.array(marked).reshape(-1, 5), [f"checked {name}" for name in what])
    places = [(s.seen / n, s.step, s.seconds) for s in changed]
    return found | columns(
        np.array(places).reshape(-1, 3), [f"changed {name}" for name in what[:3]]
    )


def columns(table: np.ndarray, names: Sequence[str]) -> dict[str, list[float]]:
    return {name: table[:, i].round(5).tolist() for i, name in enumerate(names)}
