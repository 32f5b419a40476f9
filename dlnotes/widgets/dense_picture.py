"""The pictures of a `DenseExplorer`: images, the running sum, the activation, what follows."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.svg import readable
from dlnotes.widgets.reading import in_per_cent
from dlnotes.widgets.sentences import a_digit
from dlnotes.words import _

CELL = 7.8
WIDTH, HIGH, LOW = 258, 264, 214
ACTIVATIONS = {
    "relu": "ReLU",
    "sigmoid": _("the sigmoid"),
    "tanh": "tanh",
    "none": _("no activation"),
}
OWN = {"own": _("the network's own")}


def draw_image(
    r: SimpleNamespace, values: np.ndarray, name: str, title: str, limits: tuple, colormap: str
) -> str:
    cells = Cells(
        values, cell=CELL, title=title, limits=limits, colormap=colormap, name=name,
        description=_("28 by 28 values from {low} to {high}; blue is below zero.").format(
            low=readable(float(values.min())), high=readable(float(values.max()))
        ),
    )  # fmt: skip
    cells.pick(name, _("A pixel: point at it, or move with the arrow keys, to read its numbers"))
    if r.pixel:  # after the button, so that this keeps its place and the focus
        cells.box(r.pixel[0], r.pixel[1], 1, 1)
    return cells.svg()


def draw_sum(r: SimpleNamespace) -> str:
    """The sum as it grows, pixel by pixel, and the bias at its end."""
    line = np.append(0.0, r.running)
    ends = [float(line.min()), float(line.max()), r.z, 0.0]
    room = 0.08 * (max(ends) - min(ends)) or 1.0
    chart = Chart(
        WIDTH, HIGH, x=(0, 860), y=(min(ends) - room, max(ends) + room), name="sum",
        title=_("The running sum"), x_label=_("pixels added"),
        description=_("The sum of the products, pixel by pixel from the top, then the bias."),
    )  # fmt: skip
    chart.rule(y=0, color="muted", dash=False)
    if r.pixel:
        chart.rule(x=r.pixel[0] * 28 + r.pixel[1] + 1, color="muted")
    chart.line(np.arange(785), line, color=0, label=_("sum"))
    chart.line([784, 820], [line[-1], r.z], color=3, width=3, label=_("bias"))
    chart.points([820], [r.z], color=1, radius=5, label="z")
    return chart.svg()


def draw_activation(r: SimpleNamespace) -> str:
    z, a = r.curve
    low, high = float(min(a.min(), 0)), float(a.max())
    room = 0.08 * (high - low) or 1.0
    chart = Chart(
        WIDTH, LOW, x=(z[0], z[-1]), y=(low - room, high + room), name="activation",
        title=_("Activation: {name}").format(name=r.activation), x_label="z",
        y_label="a",
        description=_("The curve from the sum z to the output a, and this unit on it."),
    )  # fmt: skip
    chart.rule(x=0, color="muted", dash=False)
    chart.line(z, a, color=0)
    chart.segments([r.z], [low - room], [r.z], [r.a], color=1, dash=True)
    chart.points([r.z], [r.a], color=1, radius=6)
    return chart.svg()


def draw_layer(r: SimpleNamespace) -> str:
    """Every unit's output; a click on one chooses it."""
    units = np.arange(1, len(r.outputs) + 1)
    low, high = float(min(r.outputs.min(), 0)), float(max(r.outputs.max(), 0))
    room = 0.08 * (high - low) or 1.0
    chart = Chart(
        WIDTH, LOW, x=(0.4, len(units) + 0.6), y=(low, high + room), name="units",
        title=_("The whole layer"), x_label=_("unit"), y_label="a",
        description=_("The output of each of {count} units. Click one to look into it.").format(
            count=len(units)
        ),
    )  # fmt: skip
    chart.bars(units, r.outputs, color=0)
    chart.bars([r.unit], [r.a], color=1, width=1.0)
    chart.points([r.unit], [r.a], color=1, radius=4)
    chart.area(pick="units", label=_("A unit: click it, or use the left and right arrow keys"))
    return chart.svg()


def draw_next(r: SimpleNamespace) -> str:
    size = max(float(np.abs(r.parts).max()), 0.1)
    chart = Chart(
        WIDTH, LOW, x=(-0.6, 9.6), y=(-1.1 * size, 1.1 * size), name="next",
        title=_("Unit {unit} for each digit").format(unit=r.unit), x_label=_("digit k"),
        y_label="a·v",
        description=_("The unit's output times its weight to each of the ten outputs."),
    )  # fmt: skip
    chart.rule(y=0, color="muted", dash=False)
    chart.bars(np.arange(len(r.parts)), r.parts, color=3)
    return chart.svg()


def draw_outputs(r: SimpleNamespace) -> str:
    best = int(r.probabilities.argmax())
    chart = Chart(
        WIDTH, LOW, x=(-0.6, 9.6), y=(0, 105), name="probabilities", x_label=_("digit k"),
        title=_("After all units: {share}% {best}").format(
            share=in_per_cent(r.probabilities[best], 0, ">{most}"), best=a_digit(best)
        ),
        y_label=_("per cent"), description=_("The probability of each digit."),
    )  # fmt: skip
    shares = 100 * r.probabilities
    chart.bars(np.arange(len(shares)), shares, color=0)
    chart.bars([best], [shares[best]], color=1)
    return chart.svg()
