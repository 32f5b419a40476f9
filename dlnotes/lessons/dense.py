"""The questions of lesson 06, the dense layer. The library computes each answer when asked."""

from collections.abc import Callable

import numpy as np

from dlnotes.layers import Dense, ReLU, Sequential, Softmax
from dlnotes.layers.table import count
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.dense_pictures import (
    EPOCHS,
    SEEDS,
    draw_scribbles,
    draw_weights,
    heads_drawn,
    trap_drawn,
)
from dlnotes.lessons.judges import Choice, Expression, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.widgets import trained
from dlnotes.words import _

TITLE = _("The dense layer")
PIXELS, HIDDEN, DIGITS = 784, 100, 10  # of the lesson's network
X, W, BIAS = (0.5, 1.0, 0.0), (2.0, -3.0, 4.0), 0.5  # of the unit that is reckoned by hand
LOGIT = 2.0  # of the first of two classes; the other has 0


def network() -> Sequential:
    rng = np.random.default_rng(0)
    return Sequential(Dense(PIXELS, HIDDEN, rng=rng), ReLU(), Dense(HIDDEN, DIGITS, rng=rng))


def weights() -> Predict:
    digit, patches, noise = (
        _("a digit, as one would write it"),
        _("blurred patches, some above zero and some below"),
        _("the same grains everywhere, with no pattern"),
    )
    return Predict(
        _(
            "A trained unit has one weight for each of the 784 pixels. Shown as an image, what do "
            "its weights look like?"
        ),
        [digit, patches, noise],
        patches,
        mistakes={
            digit: _("A unit does not store a digit."),
            noise: _("That is what they are before training."),
        },
        because=_(
            "Where a weight is above zero, ink speaks for the unit; where it is below, against it. "
            "So a unit asks: is there ink here, and none there? At the border, where no digit has "
            "ink, the weights stay as they were at the start; a unit of grains alone has learned "
            "nothing."
        ),
        picture=draw_weights,
        measure=lambda: trained.dense.slices(),
    )


def trap() -> Predict:
    nothing, dead, better = (
        _("nothing much: it learns as well as without"),
        _("some digits are never given any more"),
        _("it reads better, because a network needs non-linear steps"),
    )
    return Predict(
        _(
            "The ten outputs go through a ReLU before the softmax, and the network is trained so. "
            "What happens?"
        ),
        [nothing, dead, better],
        dead,
        mistakes={
            nothing: _("On some seeds it is nearly so, on most it is not."),
            better: _("Between layers it does; here it only throws away what is below zero."),
        },
        because=_(
            "Where the ReLU gives 0 its slope is 0, too, so nothing tells an output that has "
            "fallen below zero to rise again; at best it is lifted by chance. This is a small run; "
            "the next slide has it in full."
        ),
        picture=lambda: trap_drawn(SEEDS, EPOCHS),
        measure=lambda: trap_drawn.slices(SEEDS, EPOCHS),
    )


def scribbles() -> Predict:
    even, refuses, sure = (
        _("about ten per cent for each digit"),
        _("that it is no digit"),
        _("mostly one of the digits, with more than fifty per cent"),
    )
    return Predict(
        _("The network is shown scribbles that are no digits at all. What does it say?"),
        [even, refuses, sure],
        sure,
        mistakes={refuses: _("It has ten outputs, and no eleventh for that.")},
        because=_(
            "The ten shares always add up to 1, whatever goes in. A large share says that the "
            "other nine digits fit worse, not that the picture is a digit."
        ),
        picture=draw_scribbles,
        measure=lambda: trained.dense.slices(),
    )


def heads() -> Predict:
    pixels, blocks, edges = (
        _("the 784 pixels"),
        _("the mean ink in 49 blocks"),
        _("the strength of edges in 8 directions in 49 blocks, 392 numbers"),
    )
    return Predict(
        _(
            "The same single dense layer is taught on three kinds of input. On which does it read "
            "the most real digits?"
        ),
        [pixels, blocks, edges],
        edges,
        mistakes={
            pixels: _("They hold everything, but not in a form that one sum can use."),
            blocks: _("They are few, but blur what matters."),
        },
        because=_(
            "An edge in a place is what tells digits apart, and it moves less from hand to hand "
            "than the ink does. Good features make the last step easy."
        ),
        picture=heads_drawn,
        measure=heads_drawn.slices,
    )


# Checks ---------------------------------------------------------------------------------------


def by_hand() -> Judge:
    def unit(bias: float = BIAS) -> float:
        layer = Dense(len(X), 1, rng=np.random.default_rng(0), dtype=np.float64)
        weight, offset = layer.parameters()
        weight.value, offset.value = np.array(W)[:, None], np.array([bias])
        return float(layer(np.array([X]))[0, 0])

    return Number(
        lambda: float(ReLU()(np.array([[unit()]]))[0, 0]),
        because=_("The sum is below zero, so the unit stays silent."),
        mistakes=[
            (unit, _("That is the sum z. The ReLU makes 0 of whatever is below zero.")),
            (lambda: unit(0.0), _("That is the sum of the products, without bias and ReLU.")),
            (lambda: -unit(), _("The ReLU does not turn the sign, it cuts off.")),
            (BIAS, _("That is the bias alone; the products come before it.")),
        ],
    )


def sigmoid() -> Judge:
    return Expression(
        "1/(1 + exp(-z))",
        variables=("z",),
        domain=(-4.0, 4.0),
        because=_("It rises from 0 to 1, and is one half at z = 0."),
        mistakes=[
            ("1/(1 + exp(z))", _("That one falls: the sign in the exponent is turned.")),
            ("exp(z)", _("That grows beyond 1: divide it by 1 + exp(z).")),
            ("tanh(z)", _("That is tanh, which runs from −1 to 1.")),
        ],
    )


def dense() -> Judge:
    rng = np.random.default_rng(0)
    cases = [
        (np.array([X]), np.array(W)[:, None], np.array([BIAS])),
        (rng.normal(0, 1, (4, 3)), rng.normal(0, 1, (3, 2)), rng.normal(0, 1, 2)),
        (rng.normal(0, 1, (2, 5)), rng.normal(0, 1, (5, 5)), rng.normal(0, 1, 5)),
    ]
    return Function(
        lambda x, weight, bias: x @ weight + bias,
        cases,
        because=_("One matrix product does it for every unit and every picture at once."),
        mistakes=[
            (lambda x, weight, bias: x @ weight, _("The bias is missing.")),
            (
                lambda x, weight, bias: np.maximum(x @ weight + bias, 0),
                _("Leave the ReLU out: it is a layer of its own."),
            ),
            (
                lambda x, weight, bias: x @ weight - bias,
                _("The bias is added, not taken away."),
            ),
        ],
    )


def parameters() -> Judge:
    return Number(
        lambda: count(network()),
        because=_("784·100 weights and 100 biases, then 100·10 weights and 10 biases."),
        mistakes=[
            (
                PIXELS * HIDDEN + HIDDEN * DIGITS,
                _("The biases are missing: one for each of the 100 and of the 10 units."),
            ),
            (PIXELS * HIDDEN * DIGITS, _("The two layers add up, they do not multiply.")),
            (PIXELS * HIDDEN + HIDDEN, _("That is the first layer; the second has some, too.")),
            (
                PIXELS * HIDDEN + HIDDEN + PIXELS * DIGITS + DIGITS,
                _("The second layer sums over the 100 hidden units, not over the 784 pixels."),
            ),
        ],
    )


def accuracy() -> Judge:
    rng = np.random.default_rng(0)
    cases = [
        (np.array([1, 2, 3, 4]), np.array([1, 2, 0, 4])),
        (np.array([5, 5]), np.array([5, 5])),
        (rng.integers(0, 10, 50), rng.integers(0, 10, 50)),
    ]
    return Function(
        lambda guesses, labels: float(np.mean(guesses == labels)),
        cases,
        because=_("It is what the monitor calls read rightly."),
        mistakes=[
            (
                lambda guesses, labels: float(np.sum(guesses == labels)),
                _("That is how many are right; the share divides it by how many there are."),
            ),
            (
                lambda guesses, labels: float(np.mean(guesses != labels)),
                _("That is the share of mistakes."),
            ),
            (
                lambda guesses, labels: guesses == labels,
                _("These are the answers one by one: take their mean."),
            ),
            (
                lambda guesses, labels: float(np.mean(np.abs(guesses - labels))),
                _("A 9 for a 1 is no worse than a 2 for a 1: only right or wrong counts."),
            ),
        ],
    )


def two_classes() -> Judge:
    def share(*logits: float) -> float:
        return float(Softmax()(np.array([logits]))[0, 0])

    return Number(
        lambda: share(LOGIT, 0.0),
        tolerance=0.006,
        because=_("e² / (e² + 1): with two classes the softmax is the sigmoid of the difference."),
        mistakes=[
            (lambda: share(0.0, LOGIT), _("That is the share of the other class.")),
            (1.0, _("Not all: e⁰ is 1, so the other class has a share, too.")),
            (lambda: float(np.exp(LOGIT)), _("That is e²; divide it by the sum of both powers.")),
            (0.5, _("Half each would need equal logits.")),
        ],
    )


def dead() -> Judge:
    slope = _(
        "because the slope of the ReLU is 0 for every picture, so its weights get no gradient"
    )
    zero = _("because its probability has become exactly 0")
    rate = _("because the learning rate is too small")
    return Choice(
        [zero, slope, rate],
        slope,
        because=_(
            "A gradient of zero times any learning rate is zero. Only the hidden layer, which "
            "learns for the other digits, may lift it above zero again, by chance: the widget "
            "counts how often."
        ),
        mistakes={
            zero: _("Its logit is 0, and e⁰ = 1: it keeps a share, but cannot raise it."),
            rate: _("Whatever the rate, it is multiplied by a slope of 0."),
        },
    )


def sentence() -> Judge:
    right = _("sums all its inputs, each with its own weight, adds a bias, and hands the result on")
    stored = _("compares its inputs with stored digits and hands on the nearest")
    local = _("looks at a small part of its inputs, with the same weights everywhere")
    return Choice(
        [stored, right, local],
        right,
        because=_(
            "At the end of a network, ten of them weigh up what the layers before have found."
        ),
        mistakes={
            stored: _("No digit is stored; there are only weights."),
            local: _("That is a convolution, the next lesson."),
        },
    )


PREDICTIONS = {"weights": weights, "trap": trap, "scribbles": scribbles, "heads": heads}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "by_hand": (
        _(
            "A unit has the weights 2, −3, 4 and the bias 0.5. The inputs are 0.5, 1, 0. What does "
            "it hand on, with a ReLU?"
        ),
        by_hand,
    ),
    "sigmoid": (_("The sigmoid, as a formula in z."), sigmoid),
    "dense": (_("A dense layer, written by you."), dense),
    "parameters": (
        _("How many parameters has the network {pixels}–{hidden}–{digits}?").format(
            pixels=PIXELS, hidden=HIDDEN, digits=DIGITS
        ),
        parameters,
    ),
    "accuracy": (_("The share that is read rightly, written by you."), accuracy),
    "two_classes": (
        _("Two classes have the logits 2 and 0. What is the probability of the first?"),
        two_classes,
    ),
    "dead": (_("Why can a dead class do nothing to come back by itself?"), dead),
    "sentence": (_("Complete the sentence: a unit of a dense layer …"), sentence),
}
