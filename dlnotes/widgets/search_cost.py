"""Simple, but the amount is huge: what a grid search costs as the parameters become more."""

import statistics
import time
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.kernels import polynomial
from dlnotes.kernels.loss import SQUARED
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

SIZES = (3, 6, 9, 12)
REACH = 40.0
RATE = 0.5
STEPS = 200
CLOSE = 1.01
MOST_TRIED = 20_000
TIMED = 2000


@lru_cache(maxsize=16)
def waves(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The made curve, to be a sum of `size` cosine waves: features (n, size), target (n,)."""
    x, y = data.made_curve(rng=np.random.default_rng(0))
    share = (x - x[0]) / (x[-1] - x[0])
    return np.cos(np.pi * share[:, None] * np.arange(size)), y


@lru_cache(maxsize=16)
def least_error(size: int) -> float:
    """The error of the best parameters there are, by least squares."""
    features, target = waves(size)
    best = np.linalg.lstsq(features, target, rcond=None)[0]
    return float(polynomial.losses(best[None], features, target, SQUARED, 1.0)[0])


@lru_cache(maxsize=16)
def descent_steps(size: int) -> int:
    """Steps of gradient descent from zero until the error is within 1% of the least possible."""
    features, target = waves(size)
    path = polynomial.descend(np.zeros(size), features, target, SQUARED, 1.0, RATE, STEPS)
    errors = polynomial.losses(path, features, target, SQUARED, 1.0)
    return int(np.argmax(errors <= CLOSE * least_error(size)))


@lru_cache(maxsize=64)
def run_grid(size: int, points: int) -> tuple[float, int]:
    """The grid search itself: the least error it finds, and how many places it tried."""
    features, target = waves(size)
    reach = np.full(size, REACH)
    _best, least, tried = polynomial.search_grid(
        -reach, reach, points, features, target, SQUARED, 1.0
    )
    return float(least), int(tried)


def speed(size: int) -> float:
    """Evaluations a second on this machine, measured now: the median of five short runs."""
    features, target = waves(size)
    candidates = np.zeros((TIMED, size))
    seconds = []
    for _run in range(5):
        before = time.perf_counter()
        polynomial.losses(candidates, features, target, SQUARED, 1.0)
        seconds.append(time.perf_counter() - before)
    return TIMED / statistics.median(seconds)


def in_words(seconds: float) -> str:
    """A duration in the unit that suits it."""
    units = [
        (_("{n} million years"), 1e6 * 365.25 * 86400),
        (_("{n} years"), 365.25 * 86400),
        (_("{n} days"), 86400.0),
        (_("{n} hours"), 3600.0),
        (_("{n} minutes"), 60.0),
        (_("{n} seconds"), 1.0),
        (_("{n} milliseconds"), 1e-3),
    ]
    for words, size in units:
        if seconds >= size:
            return words.format(
                n=f"{seconds / size:,.0f}" if seconds >= 10 * size else f"{seconds / size:.1f}"
            )
    return _("less than a millisecond")


class SearchCost(Explorer):
    """A grid of `points` values for each of 3, 6, 9 or 12 parameters, beside gradient descent.

    The function is a sum of cosine waves through a made curve, one parameter a wave. Grids up to
    20,000 places are really searched; the larger ones are counted exactly, and priced at this
    machine's measured speed.

    >>> SearchCost(parameters=9, points=5)
    """

    title = _("What a search costs")

    parameters = slider(_("Parameters"), 3, 12, step=3, value=3)
    points = slider(_("Values tried for each"), 2, 21, value=10)
    measure = button(_("Measure this machine's speed"))
    speeds = picks(_("Evaluations a second"), value=None)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"speeds": [speed(size) for size in SIZES]}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        counts = [v.points**size for size in SIZES]
        found = None
        if v.points**v.parameters <= MOST_TRIED:
            found = run_grid(v.parameters, v.points)
        return {
            "sizes": SIZES,
            "chosen": SIZES.index(v.parameters),
            "points": v.points,
            "grid": counts,
            "descent": [descent_steps(size) for size in SIZES],
            "speeds": v.speeds,
            "found": found,
            "least": least_error(v.parameters),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        at = result["chosen"]
        return {
            "parameters": SIZES[at],
            "grid_evaluations": f"{result['grid'][at]:,}",
            "descent_steps": result["descent"][at],
        }

    def say(self, result: dict[str, Any]) -> str:
        at = result["chosen"]
        sentence = _(
            "{points} values for each of {size} parameters: {points} to the power {size} is "
            "{count} evaluations. Gradient descent comes within 1% of the best error in {steps} "
            "steps."
        ).format(
            points=result["points"],
            size=SIZES[at],
            count=f"{result['grid'][at]:,}",
            steps=result["descent"][at],
        )
        if result["found"]:
            sentence += " " + _(
                "The grid was really searched: its best error is {found}; the least possible is "
                "{least}."
            ).format(found=readable(result["found"][0]), least=readable(result["least"]))
        return sentence

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        chart = Chart(
            480,
            320,
            x=(2, 13),
            y=(1, 1e17),
            title=_("Evaluations by number of parameters"),
            description=_(
                "On a logarithmic scale: the grid's grow with each parameter, the descent's hardly."
            ),
            x_label=_("parameters"),
            y_label=_("evaluations (log scale)"),
            y_log=True,
            name="cost",
        )
        chart.line(r.sizes, r.grid, color=1)
        chart.points(r.sizes, r.grid, label=_("grid search"), color=1, marker="square")
        chart.line(r.sizes, r.descent, color=0, dash=True)
        chart.points(r.sizes, r.descent, label=_("gradient descent"), color=0)
        chart.rule(x=r.sizes[r.chosen], color="muted")
        header = [_("parameters"), _("grid"), _("descent")]
        if r.speeds:
            header.append(_("grid takes, here"))
        lines = [
            [str(size), f"{r.grid[i]:,}", str(r.descent[i])]
            + ([in_words(r.grid[i] / r.speeds[i])] if r.speeds else [])
            for i, size in enumerate(r.sizes)
        ]
        costs = table(
            header, lines, width=520, title=_("Counted exactly"), description="", highlight=r.chosen
        )
        return row(chart.svg(), costs, title=self.title, description=self.say(result), columns=2)
