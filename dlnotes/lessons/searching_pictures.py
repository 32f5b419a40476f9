"""What the predictions of lesson 03 reveal, drawn when the reader has committed to one."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.backprop_stepper import BackpropStepper
from dlnotes.widgets.descent_race import DescentRace
from dlnotes.widgets.minibatch import training
from dlnotes.widgets.optimizers import OPTIMIZERS, descend
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.widgets.surfaces import SURFACES
from dlnotes.words import _

EXAMPLES, UNITS, RATE = 1000, 32, 0.05  # as the dial begins
BATCHES = (1, 32)  # beside all examples
SECONDS = 0.6  # of training for each batch size, enough to see who is ahead
FIRST_STEPS = 60
SAME_RATE = 0.1


@sliced(kept=4)
def races(examples: int, seconds: float) -> Made:
    """For each batch size (it, seconds, losses) of a real run, made once."""
    found: list[tuple[int, list[float], list[float]]] = []
    batches = (*BATCHES, examples)
    for i, batch in enumerate(batches):
        run = []
        for moment in training(examples, UNITS, batch, RATE, lambda: seconds):
            run.append(moment)
            yield (i + min(1.0, moment.seconds / seconds)) / len(batches)
        found.append((batch, [m.seconds for m in run], [m.loss for m in run]))
    return found


def measuring() -> Iterator[float]:
    """The races, in slices."""
    return races.slices(EXAMPLES, SECONDS)


def lowest() -> int:
    """Which of the three runs ended with the lowest loss."""
    ends = [losses[-1] for _batch, _seconds, losses in races(EXAMPLES, SECONDS)]
    return ends.index(min(ends))


def draw_batches() -> str:
    """The loss by seconds for batches of one, of 32, and of all."""
    runs = races(EXAMPLES, SECONDS)
    losses = np.concatenate([run for _batch, _seconds, run in runs])
    chart = Chart(
        560, 300, x=(0, SECONDS), y=(0.8 * losses.min(), 1.2 * losses.max()), y_log=True,
        title=_("Loss by seconds, measured here and now"), x_label=_("seconds of training"),
        y_label=_("loss (log scale)"), name="batches",
    )  # fmt: skip
    for color, (batch, seconds, run) in enumerate(runs):
        label = _("batch size {batch}").format(batch=f"{batch:,}")
        marker = ("circle", "square", "triangle")[color]
        chart.line(seconds, run, color=color, width=2.5, label=label)
        chart.points(seconds[-1:], run[-1:], color=color, marker=marker, radius=5.5, label=label)
    return chart.svg()


@lru_cache(maxsize=1)
def measured() -> str:
    cost = BackpropStepper(parts="cost", show=())
    cost.press("measure")
    return cost.svg()


def draw_cost() -> str:
    """The count and the time of all slopes, both ways."""
    return measured()


@sliced()
def rankings() -> Made:
    """By optimiser (it, steps to the goal at one rate for all, best rate, steps at that)."""
    race = DescentRace(show=(), **{f"rate_{name}": SAME_RATE for name in OPTIMIZERS})
    before = race.compute(**race.values)["first"]
    yield from race.before_press("sweep", **race.values)
    race.press("sweep")
    after = race.compute(**race.values)
    return [(name, before[name], after["rates"][name], after["first"][name]) for name in OPTIMIZERS]


def draw_rankings() -> str:
    """Steps to the race's goal before and after every optimiser has its own best rate."""
    begun = {name: control.value for name, control in DescentRace.declarations().items()}

    def steps(count: int | None) -> str:
        return _("never") if count is None else str(count)

    lines = [
        [OPTIMIZERS[name], steps(before), readable(rate), steps(after)]
        for name, before, rate, after in rankings()
    ]
    return table(
        [
            _("optimiser"),
            _("steps at rate {rate}").format(rate=readable(SAME_RATE)),
            _("its best rate"),
            _("steps at that"),
        ],
        lines,
        width=560,
        title=_("Steps to a loss of {goal} on {surface}, of at most {steps}").format(
            goal=readable(begun["goal"]), surface=SURFACES[begun["surface"]], steps=begun["steps"]
        ),
        highlight=list(OPTIMIZERS).index("adagrad"),
    )


def step_lengths(name: str) -> np.ndarray:
    """How far Adam moves in each of its first steps where the slope is always 1, per rate."""
    path = descend(name, [0.0], lambda place: [1.0], 1.0, FIRST_STEPS)
    return np.abs(np.diff(path[:, 0]))


def draw_correction() -> str:
    """The lengths of Adam's first steps with and without the bias correction."""
    count = np.arange(1, FIRST_STEPS + 1)
    without = step_lengths("uncorrected")
    chart = Chart(
        560, 300, x=(0, FIRST_STEPS), y=(0, 1.1 * without.max()), name="correction",
        title=_("Adam’s first steps where the slope stays the same"),
        x_label=_("step"), y_label=_("length ÷ learning rate"),
    )  # fmt: skip
    chart.line(count, step_lengths("adam"), color=0, width=3, label=_("with the correction"))
    chart.line(count, without, color=1, width=3, dash=True, label=_("without it"))
    return chart.svg()
