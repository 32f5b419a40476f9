"""The pictures of a `QuadraticFitter`: the curve and its points, the loss surface, the searches."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.chart import Chart, grid_extent
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.quadratic_search import PARAMETERS
from dlnotes.words import _

SYMBOLS = {"a1": "a₁", "a2": "a₂", "a3": "a₃"}
SEARCHES = {
    "hand": _("By hand"),
    "grid": _("Grid search"),
    "random": _("Random search"),
    "gradient": _("Gradient descent"),
}
ERRORS = {
    "squared": _("mean squared error"),
    "absolute": _("mean absolute error"),
    "huber": _("Huber error"),
}
MOST_DRAGGED = 120


def measure(r: SimpleNamespace) -> str:
    name = ERRORS[r.loss]
    if r.loss == "huber":
        name = _("{error} (δ = {delta})").format(error=name, delta=readable(r.delta))
    if r.goal == "error":
        return name
    return _("reward (the {error} with a minus sign)").format(error=name)


def amount(r: SimpleNamespace, error: float) -> str:
    """An error (or the reward that it is) with its unit: squared errors are in squared units."""
    unit = r.source.unit
    power = "²" if r.loss != "absolute" and unit else ""
    sign = -1 if r.goal == "reward" else 1
    return f"{readable(sign * error)} {unit}{power}".rstrip()


def draw_fit(r: SimpleNamespace) -> str:
    chart = Chart(
        520,
        320,
        x=r.x_window,
        y=r.y_window,
        title=_("The function and the points"),
        description=_(
            "{n} points and a quadratic through them; a thin line from each to the curve."
        ).format(n=r.x.size),
        x_label=r.source.x_label,
        y_label=r.source.y_label,
        name="fit",
    )
    chart.segments(r.x, r.y, r.x, r.fitted, label=_("residuals"), color="muted", width=1.5)
    if r.key:
        chart.line(r.curve_x, r.key["curve_y"], label=_("answer key"), color=2, dash=True)
    chart.line(r.curve_x, r.curve_y, label=_("the function"), color=1, width=3)
    pick = "point" if r.x.size <= MOST_DRAGGED else ""
    labels = [
        _("Point {i}: {x}, {y}").format(i=i, x=readable(x), y=readable(y))
        for i, (x, y) in enumerate(zip(r.x, r.y, strict=True), 1)
    ]
    chart.points(
        r.x,
        r.y,
        label=_("data (drag them)") if pick else _("data"),
        pick=pick,
        pick_labels=labels,
        drag=bool(pick),
    )
    return chart.svg()


def draw_surface(r: SimpleNamespace) -> str:
    extent = grid_extent(r.surface["across"], r.surface["up"])
    first, second = (SYMBOLS[PARAMETERS[i]] for i in r.surface["pair"])
    third = ({0, 1, 2} - set(r.surface["pair"])).pop()
    word = _("Reward") if r.goal == "reward" else _("Error")
    chart = Chart(
        480,
        320,
        x=extent[:2],
        y=extent[2:],
        title=_("{word} over {first} and {second}, at {third} = {value}").format(
            word=word,
            first=first,
            second=second,
            third=SYMBOLS[PARAMETERS[third]],
            value=readable(r.surface["held"]),
        ),
        description=_("A map of the error with the places that were tried. Click it to go there."),
        x_label=first,
        y_label=second,
        name="surface",
    )
    chart.image(r.surface["values"], extent=extent, label=word.lower())
    levels = np.quantile(
        r.surface["values"], np.linspace(0.02, 0.95, 8)
    )  # equal areas between lines
    chart.contours(r.surface["values"], extent=extent, levels=levels, color="white")
    path = r.surface["path"]
    if r.search in ("gradient", "hand"):
        chart.line(path[:, 0], path[:, 1], color=1, width=2, label=_("path"))
    else:
        chart.points(path[:, 0], path[:, 1], color=1, radius=2.5, label=_("tried"))
    chart.area(
        pick="surface",
        drag=True,
        label=_("Set {first} and {second} here").format(first=first, second=second),
    )
    chart.points(
        [r.surface["place"][0]],
        [r.surface["place"][1]],
        marker="diamond",
        color=1,
        radius=7,
        label=_("here"),
    )
    if r.key:
        answer = r.key["parameters"][r.surface["pair"]]
        chart.points(
            [answer[0]], [answer[1]], marker="cross", color=2, radius=7, label=_("answer key")
        )
    return chart.svg()


def search_name(r: SimpleNamespace, search: str) -> str:
    if search != "gradient" or r.method == "sgd":
        return SEARCHES[search]
    return _("{search}, {optimizer}").format(
        search=SEARCHES[search], optimizer=OPTIMIZERS[r.method]
    )


def draw_table(r: SimpleNamespace) -> str:
    lines = [
        [
            search_name(r, line["search"]),
            f"{line['evaluations']:,}",
            _("ran away") if line["diverged"] else amount(r, line["error"]),
            "" if line["diverged"] else readable(line["gap"]),
        ]
        for line in r.rows
    ]
    if r.key:
        lines.append([_("Answer key"), "", amount(r, r.key["error"]), readable(0)])
    names = [line["search"] for line in r.rows]
    return table(
        [
            _("search"),
            _("evaluations"),
            _("reward") if r.goal == "reward" else _("error"),
            _("gap to the best"),
        ],
        lines,
        width=520,
        title=_("What each search cost, and what it reached"),
        description="",
        highlight=names.index(r.search) if r.search in names else None,
    )
