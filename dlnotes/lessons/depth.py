"""The questions of lesson 05, depth. The library computes each answer when asked."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.depth_pictures import (
    DEPTH,
    LAYERS,
    SPEND,
    WIDTH,
    draw_bumps,
    draw_collapse,
    draw_random_pieces,
    draw_reach,
    draw_spent,
    middles,
    random_pieces,
    spending,
)
from dlnotes.lessons.judges import Choice, Expression, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.pieces import most_pieces
from dlnotes.widgets.composition_maps import Map, cuts_of
from dlnotes.words import _

TITLE = _("Depth")
TIMES = 5  # how often the quadratic whose degree is asked for is put into itself
DOZENS = 12 * 8  # straight pieces: fewer are a few dozen
ALIKE = 1.25  # errors that differ by less than this factor are called alike
HIDDEN = (4, 4, 4)  # the layers whose straight pieces are asked for


def bumps() -> Predict:
    """Three times the logistic map, whose bumps are counted on the curve."""
    count = cuts_of(Map("logistic", (4.0,)), DEPTH)[-1].peaks.size
    each, nine = (_("{count} bumps").format(count=count) for count in (DEPTH, DEPTH**2))
    right = _("{count} bumps").format(count=count)
    return Predict(
        _(
            "f(x) = 4x(1 − x) has one bump. How many has f(f(f(x))), where f is applied {depth} "
            "times?"
        ).format(depth=DEPTH),
        [each, right, nine],
        right,
        mistakes={
            each: _("One more f does not add a bump: it doubles their number."),
            nine: _("The second f makes two of one bump, the third makes four of two."),
        },
        because=_(
            "While x goes from 0 to 1, f(x) goes up from 0 to 1 and down again: so the next f goes "
            "through all of its own curve twice."
        ),
        picture=draw_bumps,
    )


def reach() -> Predict:
    multiplied, composed = _("multiplied"), _("one put into the other")
    both, neither = _("either way"), _("neither way")
    return Predict(
        _("Two quadratics are to make x⁴ − x² + 0.4x. Which way can they?"),
        [multiplied, composed, both, neither],
        multiplied,
        mistakes={
            composed: _("A composition is its own mirror image; this quartic is not."),
            both: _("A composition is its own mirror image; this quartic is not."),
        },
        because=_(
            "Multiplied, two quadratics make every quartic there is. Put into one another they "
            "make only those that have a mirror axis: even the best one misses."
        ),
        picture=draw_reach,
    )


def straight() -> Predict:
    line, power = _("a straight line"), _("a curve of degree ten")
    chain = _("a chain of about ten straight pieces")
    return Predict(
        _(
            "Ten layers of random weights, and nothing between them: no ReLU. What does the output "
            "look like, as a curve over x?"
        ),
        [line, power, chain],
        line,
        mistakes={
            power: _("No layer ever multiplies x by x: each only weighs and adds."),
            chain: _("A line has a kink only where a ReLU begins or ends."),
        },
        because=_(
            "A first-degree function of a first-degree function is of first degree. Ten layers "
            "come to one."
        ),
        picture=draw_collapse,
    )


def typical() -> Predict:
    most = most_pieces([WIDTH] * LAYERS)
    near = _("close to {most}").format(most=f"{most:,}")
    middle, few = _("about half as many"), _("a few dozen at most")

    def seen() -> str:
        count = max(random_pieces())
        return few if count < DOZENS else middle if count < 0.75 * most else near

    return Predict(
        _(
            "A ReLU network with {layers} hidden layers of {width} units can have {most} "
            "straight pieces at most. How many has one whose weights are random?"
        ).format(layers=LAYERS, width=WIDTH, most=f"{most:,}"),
        [near, middle, few],
        seen,
        because=_(
            "To double the pieces, each layer must fold the line exactly over its whole length. "
            "Random layers hardly ever do. The picture counts fifty random networks."
        ),
        picture=draw_random_pieces,
    )


def spend() -> Predict:
    wide, deep = _("the wide one"), _("the deep one")
    same = _("both alike")
    budget, teeth, depth, starts = (
        SPEND[name].value for name in ("budget", "teeth", "third", "seeds")
    )

    def smaller() -> str:
        errors = middles()
        alike = max(errors) < ALIKE * min(errors)
        return same if alike else (wide, deep)[errors.index(min(errors))]

    def because() -> str:
        if smaller() == wide:
            return _(
                "One layer has units to spare here, and gradient descent finds its way in it "
                "easily. Deep and narrow, some starts do well and others get stuck. Press Play in "
                "the next widget and watch it."
            )
        return _(
            "So it came out here and now, against the rule: one layer has units to spare for this "
            "curve. Press Play in the next widget, and try other random starts."
        )

    return Predict(
        _(
            "The same {budget} parameters: one wide hidden layer, or {depth} narrow ones. Both "
            "learn a sawtooth of {teeth} teeth, from {starts} random starts each. Which has the "
            "smaller error, taking the middle one of the {starts}?"
        ).format(budget=budget, depth=depth, teeth=teeth, starts=starts),
        [wide, deep, same],
        smaller,
        mistakes={deep: _("It has far more pieces than it needs; but it must also find them.")},
        because=because,
        picture=draw_spent,
        measure=spending,
    )


def degree() -> Judge:
    return Number(
        2**TIMES,
        because=_("Each further quadratic doubles the degree."),
        mistakes=[
            (2 * TIMES, _("That adds two for each f; putting in multiplies the degrees.")),
            (TIMES**2, _("Base and exponent are swapped.")),
        ],
    )


def compose() -> Judge:
    return Expression(
        "2 - (2 - x**2)**2",
        because=_("The whole of f(x) stands where x stood."),
        mistakes=[
            ("(2 - x**2)**2", _("That is f(x)·f(x), the product: it is multiplied, not put in.")),
            ("2*(2 - x**2)", _("That is f(x) + f(x): put f(x) in the place of x.")),
            ("2 - (2 - x)**2", _("Put in the whole f(x), with its square: 2 − x².")),
            ("2 - (x**2)**2", _("Put in the whole f(x), with its 2: 2 − x².")),
        ],
    )


def mirror() -> Judge:
    right, tilted, lopsided = "x⁴ − x²", "x⁴ − x² + 0.4x", "x⁴ + x³"
    return Choice(
        [tilted, right, lopsided],
        right,
        because=_("Its mirror axis is x = 0: put f = x² into g = f² − f."),
        mistakes={
            tilted: _("The term 0.4x lifts one side and lowers the other: no mirror axis."),
            lopsided: _(
                "Right of its valley it is level for a moment, at x = 0; left of it, nowhere. So "
                "it has no mirror axis."
            ),
        },
    )


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def tent() -> Judge:
    rng = np.random.default_rng(0)
    cases = [(np.linspace(-1, 2, 13),), (rng.uniform(-2, 3, 40),)]
    return Function(
        lambda x: 2 * relu(x) - 4 * relu(x - 0.5),
        cases,
        because=_("Two units with a ReLU, and a third that weighs them: one layer and a sum."),
        mistakes=[
            (
                lambda x: 2 * relu(x) - 2 * relu(x - 0.5),
                _("That goes on level after ½: to fall by 2, the slope must change by −4 there."),
            ),
            (
                lambda x: 1 - np.abs(2 * x - 1),
                _("Between 0 and 1 that is the tent; left of 0 a layer of ReLUs gives 0."),
            ),
            (
                lambda x: 2 * relu(x) - 4 * relu(x + 0.5),
                _("The second ReLU is to begin at x = ½, so ½ is subtracted inside."),
            ),
            (
                lambda x: 2 * relu(x) + 4 * relu(x - 0.5),
                _("The second ReLU is to turn the slope down: its weight is negative."),
            ),
            (
                lambda x: 2 * x - 4 * (x - 0.5),
                _("Without relu around them the two are one straight line."),
            ),
        ],
    )


def collapse() -> Judge:
    rng = np.random.default_rng(0)
    cases = [
        tuple(rng.integers(-3, 4, shape).astype(float) for shape in ((n, n), (n,), (n, n), (n,)))
        for n in (2, 3, 5)
    ]
    return Function(
        lambda weight1, bias1, weight2, bias2: (weight1 @ weight2, bias1 @ weight2 + bias2),
        cases,
        because=_("(x·W₁ + b₁)·W₂ + b₂, multiplied out."),
        mistakes=[
            (
                lambda weight1, bias1, weight2, bias2: (weight1 @ weight2, bias1 + bias2),
                _("The first bias goes through the second layer, too: bias1 @ weight2."),
            ),
            (
                lambda weight1, bias1, weight2, bias2: (weight1 @ weight2, bias2),
                _("The first bias is lost: it goes through the second layer, too."),
            ),
            (
                lambda weight1, bias1, weight2, bias2: (weight1 @ weight2, bias1 @ weight2),
                _("The second bias is missing."),
            ),
            (
                lambda weight1, bias1, weight2, bias2: (
                    weight2 @ weight1,
                    bias1 @ weight2 + bias2,
                ),
                _("The order is turned: x meets weight1 first, and x stands on the left."),
            ),
            (
                lambda weight1, bias1, weight2, bias2: (weight1 * weight2, bias1 @ weight2 + bias2),
                _("* multiplies entry by entry; a layer after a layer is the product @."),
            ),
        ],
    )


def bound() -> Judge:
    return Number(
        lambda: most_pieces(HIDDEN),
        because=_("Four units cut each piece at most four times, which makes five of it."),
        mistakes=[
            (sum(HIDDEN) + 1, _("That is one layer of twelve. Three layers multiply.")),
            (4**3, _("Four cuts make five pieces, not four.")),
            (2 ** sum(HIDDEN), _("On and off for each unit: but x passes only some of these.")),
            (3 * 5, _("The second layer cuts every piece that the first has made: multiply.")),
        ],
    )


def luck() -> Judge:
    better, little = _("B is the better shape"), _("little, before more starts are tried")
    longer = _("A was trained too briefly")
    return Choice(
        [better, little, longer],
        little,
        because=_("Two starts of one shape often differ more than the middles of two shapes do."),
        mistakes={
            better: _("Look at the bands: another start of A may well beat this one of B."),
            longer: _(
                "Perhaps; but a start that is stuck stays stuck, however long it is trained."
            ),
        },
    )


def sentence() -> Judge:
    right = _("simple functions that make a complex one, with few parameters")
    every, line = _("every function, found without luck"), _("a straight line, more exactly")
    return Choice(
        [line, right, every],
        right,
        because=_("What is possible with few parameters still has to be found: that is training."),
        mistakes={
            every: _("Much is possible, but training may miss it: look at the spread."),
            line: _("That is what layers make without a non-linearity between them."),
        },
    )


PREDICTIONS = {
    "bumps": bumps,
    "reach": reach,
    "straight": straight,
    "typical": typical,
    "spend": spend,
}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "degree": (
        _("A quadratic is put into itself until it stands there {times} times. Its degree?").format(
            times=TIMES
        ),
        degree,
    ),
    "compose": (_("f(x) = 2 − x². Write f(f(x)) as a formula in x."), compose),
    "mirror": (_("Which of these can be written as one quadratic put into another?"), mirror),
    "collapse": (_("The one weight and the one bias that equal both layers."), collapse),
    "tent": (_("The tent, made of two ReLUs."), tent),
    "bound": (
        _("Three hidden layers of four ReLUs, one input: how many straight pieces at most?"),
        bound,
    ),
    "luck": (_("One training of shape B ends better than one of shape A. That shows …"), luck),
    "sentence": (_("Complete the sentence: depth is …"), sentence),
}
