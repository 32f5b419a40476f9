"""The pictures of a `WidthVsDepth`: the curves learned, their errors, their straight pieces."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.drawn_curve import X
from dlnotes.words import _

NAMES = ("A", "B", "C")
LEAST = 1e-9  # an error below it is the arithmetic's rounding; a logarithmic axis has no zero


def draw_net(r: SimpleNamespace, i: int) -> str:
    net = r.nets[i]
    chart = Chart(
        346,
        180,
        x=(-1, 1),
        y=(-0.25, 1.25),
        title=_("{name}: {depth} hidden × {width} units").format(
            name=NAMES[i], depth=net["depth"], width=net["width"]
        ),
        description=_("The curve to be learned, dashed, and one line for each random start."),
        name=f"net{i}",
    )
    for edges, heights in net["lines"]:
        chart.line(edges, heights, color=i, width=1.25, opacity=0.8)
    chart.line(r.x, r.wanted, color="ink", dash=True, width=1.5)
    if r.drawn:
        label = _("Draw the curve here. Keys: left and right choose a place, up and down lift it.")
        chart.area(pick=f"pad:{i}", label=label, draw=True)
        if r.cursor is not None:
            chart.points([X[r.cursor]], [r.curve[r.cursor]], color="ink", radius=6)
    return chart.svg()


def draw_errors(r: SimpleNamespace) -> str:
    errors = np.maximum(r.errors, LEAST)
    low, high = 0.7 * float(errors.min()), 1.2 * float(errors.max())
    return draw_spread(
        r,
        errors,
        (min(1e-3, low), max(1.0, high)),
        title=_("Error, from the best start to the worst"),
        description=_("For each shape the median error by steps, in a band from best to worst."),
        y_label=_("error (log scale)"),
        name="errors",
    )


def draw_pieces(r: SimpleNamespace) -> str:
    most = max(net["most"] for net in r.nets)
    return draw_spread(
        r,
        r.pieces,
        (0.8, 1.5 * most),
        title=_("Straight pieces, counted"),
        description=_("For each shape the straight pieces by steps; above, the most there can be."),
        y_label=_("pieces (log scale)"),
        name="pieces",
        rules=[net["most"] for net in r.nets],
    )


def draw_spread(
    r: SimpleNamespace, values: np.ndarray, y: tuple[float, float], rules: Any = (), **words: Any
) -> str:
    """For each shape, values (steps, 3, starts) by steps: the median, in a band of all starts."""
    chart = Chart(
        346, 235, x=(0, 1.15 * r.most_steps), y=y, y_log=True, x_label=_("training steps"), **words
    )
    for i, most in enumerate(rules):
        chart.rule(y=most, color=i, label=_("at most"))
    for i, name in enumerate(NAMES):
        spread = values[:, i]
        middle = np.median(spread, axis=1)
        chart.band(r.steps, spread.min(axis=1), spread.max(axis=1), color=i, opacity=0.15)
        chart.line(r.steps, middle, color=i, width=2.5, label=name)
        # Behind the line's end, side by side: where lines lie upon one another, too.
        behind = r.steps[-1] + (0.02 + 0.045 * i) * r.most_steps
        chart.text(behind, float(middle[-1]), name, color=i, size=14)
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    """In the middle of the random starts, and for the network made by hand."""
    rows = [*zip(NAMES, r.nets, strict=True)]
    if r.by_hand:
        rows.append((_("by hand"), r.by_hand))
    lines = [
        [
            _("{name}: {depth} × {width}").format(
                name=name, depth=net["depth"], width=net["width"]
            ),
            str(net["parameters"]),
            readable(float(np.median(net["pieces"]))),
            f"{net['most']:,}" if net["most"] < 1e6 else readable(net["most"]),
            readable(round(float(np.median(net["errors"])), 9), 2),
        ]
        for name, net in rows
    ]
    return table(
        [_("median of"), _("param."), _("pieces"), _("at most"), _("error")],
        lines,
        width=346,
        title=_("Now"),
        description="",
    )
