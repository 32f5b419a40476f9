"""ReLU before the softmax: an experiment over seeds, run while you watch."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data, optim
from dlnotes.evaluation import predict, share_right
from dlnotes.layers import Dense, Layer, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.training import Run
from dlnotes.widgets.controls import slider
from dlnotes.widgets.live import Live
from dlnotes.words import _

CLASSES, PIXELS = 10, 64
HELD_BACK = 450  # of the 1,797 digits
BATCH = 32
MOST_SEEDS = 40
ALIVE, LOST, DEAD = range(3)


@dataclass(frozen=True)
class Tried:
    """What one seed came to: accuracy of both networks on what they never saw; with the ReLU, the
    dead classes, the lost ones, no picture of which is read rightly, and how often one that was
    dead after an epoch was not after the next.
    """

    seed: int
    epoch: int
    linear: float
    relu: float
    dead: tuple[int, ...]
    lost: tuple[int, ...]
    back: int


@lru_cache(maxsize=1)
def pictures() -> tuple[np.ndarray, np.ndarray]:
    x, y = data.digits(size=8)
    return x.reshape(len(x), PIXELS), y


def network(hidden: int, rng: np.random.Generator) -> list[Layer]:
    """64–hidden–10 as He et al. 2015 (arXiv:1502.01852) start it: spread √(2/n_in), no bias."""
    first, second = Dense(PIXELS, hidden, rng=rng), Dense(hidden, CLASSES, rng=rng)
    for layer in (first, second):
        weight, bias = layer.parameters()
        weight.value = rng.normal(0, np.sqrt(2 / layer.n_in), weight.value.shape)
        bias.value = np.zeros(layer.n_out)
    return [first, ReLU(), second]


class ReluTrap(Live):
    """The same network with and without a ReLU before the softmax, for one seed after another.

    64–32–10 on the 8×8 digits, stochastic gradient descent; 450 digits are held back. A class is
    dead when the ReLU gives 0 for it on every picture learned from: then no gradient reaches
    its weights, and it comes back only by chance, where the hidden layer learns something for the
    other classes that lifts it. It is lost when none of its pictures is read rightly, which comes
    first.
    """

    title = _("ReLU before the softmax")
    restarts = ("seeds", "epochs", "hidden", "rate")

    seeds = slider(_("Seeds"), 1, MOST_SEEDS, value=20)
    epochs = slider(_("Epochs"), 1, 60, value=40)
    hidden = slider(_("Hidden units"), 4, 128, value=32)
    rate = slider(_("Learning rate"), 0.01, 1, step=1.1, value=0.1, log=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        next(self.attempt(0))  # what is compiled is loaded now: the first slice is not to wait

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {"shown": {"label": _("Epoch shown")}, "speed": {"label": _("Epochs a picture")}}

    def going(self) -> Iterator[Any]:
        """The seeds tried so far, after every epoch of each."""
        done: tuple[Tried, ...] = ()
        yield done
        for seed in range(self.seeds):
            now = done
            for tried in self.attempt(seed):
                now = now if tried is None else (*done, tried)
                yield None if tried is None else now
            done = now

    def attempt(self, seed: int) -> Iterator[Tried | None]:
        """One seed: what both networks have come to after each epoch."""
        x, y = pictures()
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(x))
        held, learned = order[:HELD_BACK], order[HELD_BACK:]
        state = rng.bit_generator.state
        runs = []
        for end in ([], [ReLU()]):
            rng.bit_generator.state = state  # both begin with the same weights
            net = Sequential(*network(self.hidden, rng), *end)
            optimizer = optim.SGD(net.parameters(), self.rate)
            runs.append(Run(net, CrossEntropy(), optimizer, (x[learned], y[learned]), None))
        dead_before: set[int] = set()
        back = 0
        for epoch in range(1, self.epochs + 1):
            order = rng.permutation(len(learned))
            for step, i in enumerate(range(0, len(order), BATCH)):
                for run in runs:
                    run.step(order[i : i + BATCH], {"epoch": epoch, "step": step + 1})
                if step % 8 == 7:
                    yield None
            linear, relu = (share_right(predict(run.net, x[held]), y[held]) for run in runs)
            silent = ~(predict(runs[1].net, x[learned]) > 0).any(axis=0)
            given = predict(runs[1].net, x[held]).argmax(axis=1)
            right = np.bincount(y[held][given == y[held]], minlength=CLASSES)
            dead, lost = np.flatnonzero(silent), np.flatnonzero(right == 0)
            now: list[int] = dead.tolist()
            back += len(dead_before - set(now))
            dead_before = set(now)
            yield Tried(seed, epoch, linear, relu, tuple(now), tuple(lost.tolist()), back)

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        tried = self.record[values["shown"]]
        linear, relu = (np.array([getattr(t, name) for t in tried]) for name in ("linear", "relu"))
        state = np.full((len(tried), CLASSES), ALIVE)
        for i, one in enumerate(tried):
            state[i, list(one.lost)] = LOST
            state[i, list(one.dead)] = DEAD
        return {
            "tried": tried,
            "seeds": values["seeds"],
            "epochs": values["epochs"],
            "linear": linear,
            "relu": relu,
            "state": state,
            "dead": int((state == DEAD).any(axis=1).sum()),
            "lost": int((state != ALIVE).any(axis=1).sum()),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        if not r.tried:
            return {"seeds": 0}
        return {
            "seeds": len(r.tried),
            "linear": float(r.linear.mean()),
            "relu": float(r.relu.mean()),
            "with_dead_classes": r.dead,
            "with_lost_classes": r.lost,
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if not r.tried:
            return _("Press Play: each of {seeds} seeds trains both networks.").format(
                seeds=r.seeds
            )
        return _(
            "After {count} of {seeds} seeds: {linear:.1%} with linear logits, {relu:.1%} with a "
            "ReLU before the softmax, on average. Of the latter, {dead} have a dead class and "
            "{lost} a lost one, none of whose pictures is read rightly; {back} times a class that "
            "was dead after one epoch was not after the next."
        ).format(
            count=len(r.tried), seeds=r.seeds, linear=r.linear.mean(), relu=r.relu.mean(),
            dead=r.dead, lost=r.lost, back=sum(one.back for one in r.tried),
        )  # fmt: skip

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(draw_both(r), draw_dead(r), title=self.title, description=self.say(result))


def draw_both(r: SimpleNamespace) -> str:
    chart = Chart(
        520, 320, x=(-0.7, r.seeds - 0.3), y=(0, 100), x_label=_("seed"), y_label=_("per cent"),
        title=_("Read rightly, of what was held back"), name="both",
        description=_("For each seed the accuracy without and with a ReLU before the softmax."),
    )  # fmt: skip
    seeds = np.arange(len(r.tried))
    chart.segments(seeds, 100 * r.linear, seeds, 100 * r.relu, color="muted")
    for values, color, marker, label in (
        (r.linear, 0, "circle", _("linear logits")),
        (r.relu, 3, "triangle", _("ReLU before the softmax")),
    ):
        chart.points(seeds, 100 * values, color=color, marker=marker, label=label, radius=5)
        if len(values):
            chart.rule(y=100 * float(values.mean()), color=color)
    return chart.svg()


def draw_dead(r: SimpleNamespace) -> str:
    """A column for each seed, a row for each digit, and what has become of it."""
    chart = Chart(
        520, 320, x=(-0.7, r.seeds - 0.3), y=(-0.7, 9.7), x_label=_("seed"), y_label=_("digit"),
        title=_("What the ReLU costs: digits dead or lost"), name="dead",
        description=_("For each seed and digit: whether it is alive, lost or dead."),
    )  # fmt: skip
    for state, color, marker, radius, label in (
        (ALIVE, "muted", "circle", 2, _("alive")),
        (LOST, 1, "diamond", 5, _("lost")),
        (DEAD, 3, "cross", 6, _("dead")),
    ):
        seed, digit = np.nonzero(r.state == state)
        chart.points(seed, digit, color=color, marker=marker, radius=radius, label=label)
    return chart.svg()
