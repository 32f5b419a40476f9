"""The questions of lesson 02, learning is fitting. The library computes each answer when asked."""

from collections.abc import Callable

import numpy as np

from dlnotes import data
from dlnotes.fitting import CurveFit
from dlnotes.lessons.code_judges import Array, Function
from dlnotes.lessons.fitting_pictures import draw_bend, draw_outlier, draw_searches, draw_unseen
from dlnotes.lessons.judges import Choice, Expression, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.words import _

TITLE = _("Learning is fitting")
GRID = 9  # values tried for each parameter, as in the lesson's grid search
VALUES, PARAMETERS = 7, 5  # of the grid whose cost is asked for


def bend() -> Predict:
    lifts = _("the whole curve moves up")
    tilts = _("the curve turns about its middle")
    bends = _("both ends go up, the middle stays where it is")
    return Predict(
        _("a₃ grows from 0 to 10 and a₁, a₂ stay. What happens to the curve?"),
        [lifts, tilts, bends],
        bends,
        mistakes={lifts: _("That is what a₁ does."), tilts: _("That is what a₂ does.")},
        because=_(
            "a₃ multiplies u², which is zero at the middle (u = 0) and large and positive at both "
            "ends."
        ),
        picture=draw_bend,
    )


def outlier() -> Predict:
    """What one far point does to the best curve, under squared and under absolute error."""
    squared, absolute = (
        _("the best curve for squared error"),
        _("the best curve for absolute error"),
    )
    both = _("both alike")

    return Predict(
        _("One point is moved very far up. Which curve is pulled towards it more?"),
        [squared, absolute, both],
        squared,
        because=_(
            "Squared, a miss ten times as large counts a hundred times as much; as an absolute "
            "error, ten times. The picture shows both best curves, dashed without the far point "
            "and solid with it."
        ),
        picture=draw_outlier,
    )


def cheap() -> Predict:
    gradient, grid, same = _("gradient descent"), _("grid search"), _("about the same")
    return Predict(
        _("Which search needs fewer evaluations to come close to the best error?"),
        [grid, gradient, same],
        gradient,
        because=_(
            "A grid must cover everything, because it does not know where to look. The slope says "
            "where down is, so each step starts from what the last one found."
        ),
        picture=draw_searches,
    )


def unseen() -> Predict:
    falls, rises = (
        _("it falls with every degree, too"),
        _("on the whole it falls at first, and rises in the end"),
    )
    level = _("it does not depend on the degree")
    return Predict(
        _(
            "With a higher degree the error on the points learned from can only fall. What does "
            "the error on the points held back do?"
        ),
        [falls, rises, level],
        rises,
        mistakes={falls: _("The curve can follow the noise, and noise does not repeat.")},
        because=_(
            "A curve that bends for every point also bends for its noise, and misses the points it "
            "has not seen. Which points are held back is chance, so the line is jagged."
        ),
        picture=draw_unseen,
    )


def stopping_fit(loss: str = "squared") -> CurveFit:
    return CurveFit(*data.stopping_distances(), loss=loss)


def made_fit(loss: str = "squared") -> CurveFit:
    """The fit that the reader is asked for: the made curve with seed 3."""
    return CurveFit(*data.made_curve(rng=np.random.default_rng(3)), loss=loss)


def value() -> Judge:
    fit = stopping_fit()

    def height(*parameters: float) -> Callable[[], float]:
        return lambda: float(
            fit.predict(np.array(parameters, float), np.array([fit.middle + fit.spread]))[0]
        )

    return Number(
        height(40, 20, 5),
        unit=_("feet"),
        tolerance=1e-6,
        because=_("At u = 1 all three numbers simply add up."),
        mistakes=[
            (height(40, 20, 0), _("a₃·u² is missing.")),
            (height(0, 20, 5), _("a₁ is missing: it is there at every u.")),
        ],
    )


def squared_error() -> Judge:
    rng = np.random.default_rng(0)
    cases = [
        (np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])),
        (np.array([0.0, -2.0]), np.array([3.0, 1.0])),
        (rng.normal(0, 5, 20), rng.normal(0, 5, 20)),
    ]
    return Function(
        lambda predicted, y: float(np.mean((predicted - y) ** 2)),
        cases,
        because=_("It is the number that the widget shows."),
        mistakes=[
            (
                lambda predicted, y: float(np.sum((predicted - y) ** 2)),
                _("That is the sum; the mean divides it by the number of points."),
            ),
            (
                lambda predicted, y: float(np.mean(predicted - y)),
                _("The errors are not squared yet, so those above and below cancel."),
            ),
            (
                lambda predicted, y: float(np.mean(np.abs(predicted - y))),
                _("That is the mean absolute error: square the errors instead."),
            ),
            (
                lambda predicted, y: float(np.sqrt(np.mean((predicted - y) ** 2))),
                _("That is the root of it: leave the square root out."),
            ),
            (
                lambda predicted, y: (predicted - y) ** 2,
                _("These are the squared errors one by one: take their mean."),
            ),
        ],
    )


def robust() -> Judge:
    squared, absolute, huber = (
        _("mean squared error"),
        _("mean absolute error"),
        _("Huber error with a very large δ"),
    )
    return Choice(
        [squared, absolute, huber],
        absolute,
        because=_("Each point pulls with the same strength, however far up or down it is."),
        mistakes={
            squared: _("Squaring makes the far point count most of all."),
            huber: _(
                "Huber's error is half the squared error up to δ: a very large δ makes it that."
            ),
        },
    )


def grid_cost() -> Judge:
    return Number(
        lambda: len(stopping_fit().grid(GRID)),
        because=_("Every value of one parameter is tried with every value of the others."),
        mistakes=[
            (GRID * 3, _("That adds the three parameters; the grid combines them.")),
            (3**GRID, _("Base and exponent are swapped.")),
        ],
    )


def huge() -> Judge:
    return Number(
        VALUES**PARAMETERS,
        because=_("Each further parameter multiplies the count, and nothing gets cleverer."),
        mistakes=[
            (VALUES * PARAMETERS, _("That adds the parameters; the grid combines them.")),
            (PARAMETERS**VALUES, _("Base and exponent are swapped.")),
        ],
    )


def slope() -> Judge:
    return Expression(
        "2*(a - 3)",
        variables=("a",),
        because=_("It is negative left of 3 and positive right of it: minus the slope leads to 3."),
        mistakes=[
            ("a - 3", _("The 2 that comes down from the square is missing.")),
            ("2*(3 - a)", _("The sign is turned: this is where to go, not the slope.")),
            ("2*a", _("Do not multiply out and then drop the 3: (a − 3)² still holds −6·a.")),
            ("(a - 3)**2", _("That is the error itself, not how it changes.")),
        ],
    )


def answer_key() -> Judge:
    fit = made_fit()
    return Array(
        fit.best,
        tolerance=0.006,  # two decimals are enough
        because=_("No other three numbers have a smaller mean squared error on these points."),
        mistakes=[
            (lambda: fit.best()[::-1].copy(), _("These are a₃, a₂, a₁: the order is turned.")),
            (made_fit("absolute").best, _("These are the best for the absolute error.")),
            (
                lambda: np.polyfit(fit.x, fit.y, 2)[::-1].copy(),
                _("These fit x as measured; the lesson's u is x in standard units."),
            ),
            (
                lambda: np.polyfit(fit.x, fit.y, 2),
                _(
                    "These fit x as measured, highest power first; the lesson's u is in standard "
                    "units."
                ),
            ),
        ],
    )


def sentence() -> Judge:
    right = _("parameters whose error is small, also on data not seen before")
    points = _("a curve through every point")
    largest = _("the x at which the function is largest")
    return Choice(
        [points, right, largest],
        right,
        because=_("That is the whole argument of this course in one line."),
        mistakes={
            points: _("A curve through every point has learned the noise, too."),
            largest: _("We search over the parameters a; x is given by the data."),
        },
    )


PREDICTIONS = {"bend": bend, "outlier": outlier, "cheap": cheap, "unseen": unseen}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "value": (_("a₁ = 40, a₂ = 20, a₃ = 5: how many feet does the function give at u = 1?"), value),
    "squared_error": (_("The mean squared error, written by you."), squared_error),
    "robust": (_("Which of these errors is disturbed least by one point that is far up?"), robust),
    "grid_cost": (
        _("{count} values for each of 3 parameters: how many evaluations?").format(count=GRID),
        grid_cost,
    ),
    "slope": (_("The error is (a − 3)². What is its slope, as a formula in a?"), slope),
    "huge": (
        _("{values} values for each of {parameters} parameters: how many evaluations?").format(
            values=VALUES, parameters=PARAMETERS
        ),
        huge,
    ),
    "answer_key": (_("The best a₁, a₂, a₃ for the made curve."), answer_key),
    "sentence": (_("Complete the sentence: learning is searching for …"), sentence),
}
