"""The questions of lesson 03, searching well. The library computes each answer when asked."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from dlnotes.layers import Dense
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.lessons.searching_pictures import (
    BATCHES,
    EXAMPLES,
    SAME_RATE,
    draw_batches,
    draw_correction,
    draw_cost,
    draw_rankings,
    lowest,
    measuring,
    rankings,
    step_lengths,
)
from dlnotes.losses import MeanSquaredError
from dlnotes.widgets.backprop import count, large
from dlnotes.widgets.descent_race import DescentRace
from dlnotes.widgets.optimizers import OPTIMIZERS, descend
from dlnotes.words import _

TITLE = _("Searching well")
BATCH = 50  # of the epoch that is asked for
WEIGHT, INPUT, TARGET = 1.0, 4.0, 1.0  # of the chain that is asked for
CLASSES = 10  # outputs, one for each kind of digit
UNITS, NUDGED = 100, 50  # of the network of the lesson, and of the one whose passes are counted
RATE, SLOPE = 0.01, 250.0  # of Adam's first step


def batches() -> Predict:
    one, some = map(str, BATCHES)
    everything = _("all {examples:,}").format(examples=EXAMPLES)

    def ahead() -> str:
        return (one, some, everything)[lowest()]

    def because() -> str:
        usual = _(
            "A slope from {some} digits is nearly as well aimed as one from all, and far cheaper. "
            "The picture is one measurement; other learning rates shift the lines, and you can try "
            "them below."
        ).format(some=some)
        if ahead() == some:
            return usual
        unusual = _("Most often {some} is ahead; in this measurement it was {ahead}.")
        return f"{unusual.format(some=some, ahead=ahead())} {usual}"

    return Predict(
        _(
            "The same network learns the same {examples:,} digits for the same time. With which "
            "batch size is its loss lowest?"
        ).format(examples=EXAMPLES),
        [one, some, everything],
        ahead,
        mistakes={
            one: _("Its steps are the cheapest, but each follows the chance of a single digit."),
            everything: _("Its steps are the best aimed, but there is time for only few."),
        },
        because=because,
        picture=draw_batches,
        measure=measuring,
    )


def cost() -> Predict:
    parameters = f"{count(large(UNITS)):,}"
    nudging = _("{count} passes through the network, or about that").format(count=parameters)
    units = UNITS + CLASSES
    each = _("one pass for each of its {count} units").format(count=units)
    few = _("about as much time as two or three passes")
    return Predict(
        _(
            "A network has {count} parameters. What does the slope of its loss by every one of "
            "them cost, done cleverly?"
        ).format(count=parameters),
        [nudging, each, few],
        few,
        mistakes={
            nudging: _("So it is with nudging them one by one; there is a better way."),
            each: _("One pass backward serves all units at once."),
        },
        because=_(
            "One pass forward keeps what it computes; one pass backward uses all of it again. "
            "The table holds the times of this machine."
        ),
        picture=draw_cost,
    )


def fair() -> Predict:
    last, middle = _("still among the last"), _("in the middle")
    first = _("first, or level with the first")

    def place() -> str:
        steps = {name: after for name, _before, _rate, after in rankings() if after is not None}
        mine = steps.get("adagrad", math.inf)
        ahead = sum(count < mine for count in steps.values())
        return first if not ahead else last if ahead >= len(OPTIMIZERS) - 2 else middle

    return Predict(
        _(
            "Six optimisers race down a valley, all with the learning rate {rate:g}, and Adagrad "
            "never arrives. Now each gets the best of {tried} rates for itself. Where does Adagrad "
            "come in?"
        ).format(rate=SAME_RATE, tried=DescentRace.declarations()["tried"].value),
        [last, middle, first],
        place,
        mistakes={last: _("It was slow because the rate was wrong for it, not because it is bad.")},
        because=_(
            "The first ranking said who happened to like 0.1. Even the second holds for this "
            "valley and this start alone."
        ),
        picture=draw_rankings,
        measure=lambda: rankings.slices(),
    )


def correction() -> Predict:
    short, long, same = _("too short"), _("too long"), _("of the right length")
    ratio = step_lengths("uncorrected")[0]
    return Predict(
        _(
            "Adam divides a running mean of the slope by the root of a running mean of its "
            "square. Both means begin at zero. Without a correction for that, its first step is …"
        ),
        [short, long, same],
        long,
        mistakes={
            short: _("The mean of the slope is too small, but what it is divided by is more so."),
            same: _("The two errors do not cancel: one stands under a root."),
        },
        because=_(
            "After one step the one is a tenth of what it should be, the root of the other a "
            "thirty-second: the step is {ratio:.2f} times too long, and the next ones are "
            "longer still."
        ).format(ratio=ratio),
        picture=draw_correction,
    )


def epoch() -> Judge:
    return Number(
        lambda: math.ceil(EXAMPLES / BATCH),
        because=_("After that many steps every example has been looked at once."),
        mistakes=[
            (BATCH, _("That is how many examples one step looks at.")),
            (EXAMPLES, _("So it would be with a batch size of 1.")),
            (EXAMPLES * BATCH, _("Divide: the batches share the examples out among them.")),
        ],
    )


def chain() -> Judge:
    def slope() -> float:
        layer = Dense(1, 1, bias=False, rng=np.random.default_rng(0), dtype=np.float64)
        layer.weight.value = [[WEIGHT]]
        loss = MeanSquaredError()
        loss(layer([[INPUT]]), np.array([[TARGET]]))
        layer.backward(loss.backward())
        return float(layer.weight.grad[0, 0])

    miss = WEIGHT * INPUT - TARGET
    return Number(
        slope,
        because=_("∂L/∂y = 2·(y − t) comes back from the loss, and ∂y/∂w = x multiplies it."),
        mistakes=[
            (2 * miss, _("That is ∂L/∂y: one link of the chain, times x, is missing.")),
            (miss * INPUT, _("The 2 that comes down from the square is missing.")),
            (miss**2, _("That is the loss itself, not its slope.")),
            (INPUT, _("That is ∂y/∂w; multiply it by what comes back from the loss.")),
        ],
    )


@lru_cache(maxsize=1)
def dense_cases() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    sizes = [(1, 2, 3), (4, 3, 2), (5, 1, 1), (2, 6, 4)]
    return [
        (rng.normal(size=(n, i)), rng.normal(size=(i, o)), rng.normal(size=(n, o)))
        for n, i, o in sizes
    ]


Arrays = tuple[np.ndarray, ...]


def dense_backward(x: np.ndarray, weight: np.ndarray, dy: np.ndarray) -> Arrays:
    """What `Dense` says: (dx, dweight, dbias)."""
    layer = Dense(*weight.shape, rng=np.random.default_rng(0), dtype=np.float64)
    layer.weight.value = weight
    layer(x)
    dx = layer.backward(dy)
    assert layer.bias is not None
    return dx, layer.weight.grad, layer.bias.grad


def backward() -> Judge:
    def wrong(change: Callable[..., Arrays]) -> Callable[..., Arrays]:
        return lambda x, weight, dy: change(*dense_backward(x, weight, dy), x, dy)

    return Function(
        dense_backward,
        dense_cases,
        because=_("These three lines are all of back-propagation through a dense layer."),
        mistakes=[
            (
                wrong(lambda dx, dw, db, x, dy: (dx, dw.T, db)),
                _("dweight is turned on its side: x.T @ dy has the shape of weight."),
            ),
            (
                wrong(lambda dx, dw, db, x, dy: (dx, dw, dy)),
                _("dbias is dy of each example still: add the examples up, dy.sum(axis=0)."),
            ),
            (
                wrong(lambda dx, dw, db, x, dy: (dx, dw, dy.mean(axis=0))),
                _("dbias is the sum over the examples, not their mean."),
            ),
            (
                wrong(lambda dx, dw, db, x, dy: (dx, dw / len(x), db / len(x))),
                _("Do not divide by the number of examples: the loss has done so already."),
            ),
            (
                wrong(lambda dx, dw, db, x, dy: (dw, dx, db)),
                _("The first two are swapped: dx, dweight, dbias is the order."),
            ),
        ],
    )


def passes() -> Judge:
    def parameters() -> int:
        return count(large(NUDGED))

    return Number(
        lambda: parameters() + 1,
        because=_("One for the loss as it is, and one more for each nudged parameter."),
        mistakes=[
            (parameters, _("Nearly: the loss without any nudge is needed, too.")),
            (
                lambda: 2 * parameters(),
                _("So it is with a nudge to either side; here each gets one nudge only."),
            ),
            (
                lambda: 784 * NUDGED + NUDGED * CLASSES + 1,
                _("The biases are parameters, too: one for each unit and each output."),
            ),
        ],
    )


def adam() -> Judge:
    def first(name: str) -> Callable[[], float]:
        return lambda: abs(float(descend(name, [0.0], lambda place: [SLOPE], RATE, 1)[1, 0]))

    return Number(
        first("adam"),
        relative=1e-3,
        because=_("Adam’s first step is as long as the rate, however steep the slope is."),
        mistakes=[
            (first("sgd"), _("That is SGD’s step, rate times slope.")),
            (
                lambda: round(first("uncorrected")(), 4),
                _("That is its step without the bias correction."),
            ),
            (1.0, _("That is the slope divided by its own size; times the rate, please.")),
        ],
    )


def ranking() -> Judge:
    same = _("both get the same learning rate")
    default = _("both get the rate that their inventors proposed")
    tries = _("both get the best of equally many tries")
    return Choice(
        [same, default, tries],
        tries,
        because=_("Otherwise the ranking says whose rate was better chosen."),
        mistakes={
            same: _("A rate of 0.1 is a short step for one and a very long one for another."),
            default: _("Those were proposed for other problems than yours."),
        },
    )


def sentence() -> Judge:
    right = _("many cheap steps along good slopes, each of a length that suits")
    exact = _("few steps, each along the exact slope of all examples")
    best = _("the one optimiser that is best for every problem")
    return Choice(
        [exact, right, best],
        right,
        because=_(
            "Mini-batches make the steps cheap, back-propagation the slopes, and optimisers the "
            "lengths."
        ),
        mistakes={
            exact: _("The dial showed it: in the same time, roughly aimed steps come further."),
            best: _("The race showed it: another surface or another rate, another winner."),
        },
    )


PREDICTIONS = {"batches": batches, "cost": cost, "fair": fair, "correction": correction}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "epoch": (
        _("{examples:,} examples, batch size {batch}: how many steps make one epoch?").format(
            examples=EXAMPLES, batch=BATCH
        ),
        epoch,
    ),
    "chain": (
        _("y = w·x and L = (y − t)², with w = {w:g}, x = {x:g}, t = {t:g}: what is ∂L/∂w?").format(
            w=WEIGHT, x=INPUT, t=TARGET
        ),
        chain,
    ),
    "backward": (_("The backward pass of a dense layer, written by you."), backward),
    "passes": (
        _(
            "784-{units}-10, each parameter nudged once: how many forward passes give all slopes?"
        ).format(units=NUDGED),
        passes,
    ),
    "ranking": (_("Two optimisers are to be ranked. When is that fair?"), ranking),
    "adam": (
        _("The slope is {slope:g}, the rate {rate:g}: how long is Adam’s first step?").format(
            slope=SLOPE, rate=RATE
        ),
        adam,
    ),
    "sentence": (_("Complete the sentence: searching well means …"), sentence),
}
