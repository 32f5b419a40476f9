"""A better fit is not always a better function: degrees 1 to 15, with some points held back."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.fitting import CurveFit
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import choice, slider, switch
from dlnotes.widgets.points import SOURCES, PointsExplorer, points_of
from dlnotes.words import _

MOST_DEGREE = 15
CURVE_POINTS = 241
HELD_BACK = 0.4


@lru_cache(maxsize=128)
def fits_of(source: str, seed: int, own: str, split: int) -> SimpleNamespace:
    """Least-squares fits of every degree to the training points, and both errors of each.

    `split` seeds the choice of the 40% of points that are held back.
    """
    points = points_of(source, seed, own)
    order = np.random.default_rng(split).permutation(points.x.size)
    held = np.zeros(points.x.size, dtype=bool)
    held[order[: max(1, round(HELD_BACK * held.size))]] = True
    if np.unique(points.x[~held]).size < 2:
        sentence = _("Too few points are left to learn from; give at least {count} different x.")
        raise ValueError(sentence.format(count=5))
    fits, train, test, weights = [], [], [], []
    for degree in range(1, MOST_DEGREE + 1):
        fit = CurveFit(points.x[~held], points.y[~held], degree, reference=points.x)
        kept = CurveFit(points.x, points.y, degree)
        weights.append(fit.best())
        fits.append(fit)
        train.append(fit.error(weights[-1]))
        miss = kept.predict(weights[-1], points.x[held]) - points.y[held]
        test.append(float(np.mean(miss**2)))
    return SimpleNamespace(
        points=points,
        held=held,
        fits=fits,
        weights=weights,
        train=np.array(train),
        test=np.array(test),
    )


class DegreeExplorer(PointsExplorer):
    """A polynomial of a chosen degree, fitted to some points and judged on the others.

    The 40% of points that are held back play no part in the fit. `reveal` shows the error on them.

    >>> DegreeExplorer(degree=9, split=4)
    """

    title = _("Choose the degree")

    data = choice(_("Data"), SOURCES, value="made", group=_("Data"))
    split = slider(_("Which are held back"), 0, 20, value=0, group=_("Data"))
    degree = slider(_("Degree"), 1, MOST_DEGREE, value=1, group=_("Function"), play=True)
    reveal = switch(_("Show the error on points held back"), value=True, group=_("Function"))

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        fits = fits_of(v.data, v.seed, v.own, v.split)
        points = fits.points
        curve_x = np.linspace(points.x.min(), points.x.max(), CURVE_POINTS)
        fit, weights = fits.fits[v.degree - 1], fits.weights[v.degree - 1]
        return {
            "points": points,
            "held": fits.held,
            "degree": v.degree,
            "reveal": v.reveal,
            "curve_x": curve_x,
            "curve_y": fit.predict(weights, curve_x),
            "degrees": np.arange(1, MOST_DEGREE + 1),
            "train": fits.train,
            "test": fits.test,
            "best": int(fits.test.argmin()) + 1,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        at = result["degree"] - 1
        seen = {"degree": result["degree"], "train": float(result["train"][at])}
        if not result["reveal"]:
            return seen
        return seen | {"test": float(result["test"][at]), "best_degree": result["best"]}

    def say(self, result: dict[str, Any]) -> str:
        at = result["degree"] - 1
        seen = _(
            "Degree {degree}, {count} numbers: error {train} on the points it learned from"
        ).format(
            degree=result["degree"], count=result["degree"] + 1, train=readable(result["train"][at])
        )
        if not result["reveal"]:
            return seen + "."
        return seen + _(", {test} on the points it never saw.").format(
            test=readable(result["test"][at])
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_curve(r), draw_errors(r), title=self.title, description=self.say(result), columns=2
        )

    def figure(self) -> Any:
        """Both errors against the degree as a matplotlib figure, for a report."""
        from dlnotes import plots

        r = SimpleNamespace(**self.compute(**self.values))
        return plots.errors(r.degrees, r.train, r.test, title=self.title)


def draw_curve(r: SimpleNamespace) -> str:
    points = r.points
    chart = Chart(
        520,
        320,
        x=points.window(points.x),
        y=points.window(points.y),
        title=_("A polynomial of degree {degree}").format(degree=r.degree),
        description=_(
            "The fitted curve among the points it learned from and the points held back."
        ),
        x_label=points.x_label,
        y_label=points.y_label,
        name="curve",
    )
    chart.line(r.curve_x, r.curve_y, label=_("the function"), color=1, width=3)
    chart.points(points.x[~r.held], points.y[~r.held], label=_("learned from"), color=0)
    chart.points(
        points.x[r.held],
        points.y[r.held],
        label=_("held back"),
        color=3,
        marker="triangle",
        radius=5,
    )
    return chart.svg()


def draw_errors(r: SimpleNamespace) -> str:
    shown = np.concatenate([r.train, r.test]) if r.reveal else r.train
    ceiling = 100 * max(r.train[0], r.test[0])
    # A logarithmic axis needs a floor above 0, also where every error is 0.
    floor = max(1e-3 * ceiling / 100, 0.5 * float(shown.min()), 1e-300)
    top = min(ceiling, 2 * max(float(shown.max()), float(r.train[0])))
    chart = Chart(
        480,
        320,
        x=(0.5, MOST_DEGREE + 0.5),
        y=(floor, max(top, 2 * floor)),
        title=_("Mean squared error by degree"),
        description=_("Error on the training points and on the points held back, degree 1 to 15."),
        x_label=_("degree"),
        y_label=_("mean squared error (log scale)"),
        y_log=True,
        name="errors",
    )
    chart.rule(x=r.degree, color="muted")
    chart.line(r.degrees, r.train, color=0)
    chart.points(r.degrees, r.train, label=_("learned from"), color=0)
    if r.reveal:
        chart.line(r.degrees, r.test, color=3, dash=True)
        chart.points(r.degrees, r.test, label=_("held back"), color=3, marker="triangle", radius=5)
    return chart.svg()
