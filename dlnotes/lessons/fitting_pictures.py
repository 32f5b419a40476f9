"""What the predictions of lesson 02 reveal, drawn when the reader has committed to one."""

import numpy as np

from dlnotes import data
from dlnotes.fitting import CurveFit
from dlnotes.pictures.chart import Chart
from dlnotes.widgets.degree_explorer import DegreeExplorer
from dlnotes.widgets.quadratic_picture import ERRORS
from dlnotes.widgets.quadratic_search import DESCENT_STEPS, GOOD_RATE, GRID_POINTS
from dlnotes.words import _

SPEED, DISTANCE = _("speed (miles per hour)"), _("distance to a stop (feet)")


def draw_bend() -> str:
    """The same a₁ and a₂ with a₃ = 0 and with a₃ = 10."""
    fit = CurveFit(*data.stopping_distances())
    chart = Chart(
        520, 300, x=(3, 26), y=(0, 130), title=_("a₃ = 0 and a₃ = 10"), x_label=SPEED,
        y_label=DISTANCE, name="bend",
    )  # fmt: skip
    across = np.linspace(3, 26, 80)
    chart.rule(x=fit.middle, color="muted", label=_("u = 0"))
    for color, a3 in ((0, 0.0), (1, 10.0)):
        height = fit.predict(np.array([40.0, 10.0, a3]), across)
        label = _("a₃ = {a3:g}").format(a3=a3)
        chart.line(across, height, color=color, dash=not a3, width=3, label=label)
    return chart.svg()


def draw_outlier() -> str:
    """The best curves for squared and for absolute error, without one far point and with it."""
    x, y = data.stopping_distances()
    chosen = x.size // 10
    far = y.copy()
    far[chosen] = 1.25 * y.max()
    chart = Chart(
        520, 320, x=(3, 26), y=(-5, 160), title=_("One far point, two errors"), x_label=SPEED,
        y_label=DISTANCE, name="outlier",
    )  # fmt: skip
    across = np.linspace(4, 25, 80)
    for color, loss in enumerate(("squared", "absolute")):
        before, after = (CurveFit(x, values, loss=loss) for values in (y, far))
        chart.line(across, before.predict(before.best(), across), color=color, dash=True, width=1.5)
        height = after.predict(after.best(), across)
        chart.line(across, height, color=color, width=3, label=ERRORS[loss])
    chart.points(x, y, color="ink", radius=3, label=_("data"))
    chart.points(
        [x[chosen]], [far[chosen]], color=3, marker="diamond", radius=7, label=_("the far point")
    )
    return chart.svg()


def draw_searches() -> str:
    """The best error so far of a grid search and of gradient descent, by evaluations."""
    fit = CurveFit(*data.stopping_distances())
    least = fit.error(fit.best())
    start = np.array([20.0, 0.0, 0.0])
    found = {
        _("grid search"): fit.errors(fit.grid(GRID_POINTS)),
        _("gradient descent"): fit.errors(fit.descend(start, GOOD_RATE["squared"], DESCENT_STEPS)),
    }
    chart = Chart(
        520, 300, x=(1, GRID_POINTS**3), y=(200, 8000), x_log=True, y_log=True, name="searches",
        title=_("The best error so far"), x_label=_("evaluations (log scale)"),
        y_label=_("error in feet² (log scale)"),
    )  # fmt: skip
    chart.rule(y=least, color="muted", label=_("the least possible"))
    for color, (name, errors) in enumerate(found.items()):
        count = np.arange(1, errors.size + 1)
        chart.line(count, np.minimum.accumulate(errors), color=color, width=3, label=name)
    return chart.svg()


def draw_unseen() -> str:
    """Both errors of every degree."""
    return DegreeExplorer(degree=15, split=3, show=()).svg()
