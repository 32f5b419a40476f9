"""How a shift is drawn: one picture with its pooled map, and the change of all of them."""

import math
from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.widgets.sentences import a_digit
from dlnotes.widgets.shift_measure import DIRECTIONS, FURTHEST, POOLED
from dlnotes.words import _

MARKERS = ("circle", "square", "triangle", "diamond", "cross")
APART = 0.07  # pixels of shift between the whiskers of two curves


def two(value: float) -> str:
    return f"{value:.2f}"


def shift_in_words(right: int, down: int) -> str:
    """A shift as a reader says it: “by 2 to the right and 1 up”."""
    parts = []
    if right:
        words = _("{count} to the right") if right > 0 else _("{count} to the left")
        parts.append(words.format(count=abs(right)))
    if down:
        words = _("{count} down") if down > 0 else _("{count} up")
        parts.append(words.format(count=abs(down)))
    if not parts:
        return _("by nothing")
    return _("by {parts}").format(parts=_(" and ").join(parts))


def draw_shift(r: SimpleNamespace, *, title: str, description: str) -> str:
    left = [draw_example(r), draw_table(r)]
    right = [draw_curves(r)]
    if "probabilities" in r.stages:
        right.append(draw_probabilities(r))
    columns = (
        row(*left, columns=1, together=True, title=_("One picture, and all of them")),
        row(*right, columns=1, together=True, title=_("Change by distance")),
    )
    return row(*columns, title=title, description=description)


def draw_example(r: SimpleNamespace) -> str:
    """The picture to drag, and what it is pooled to, before the shift and after."""
    x = r.after["pixels"][0, 0]
    picture = Cells(
        x, cell=208 / len(x), limits=(0, 1), name="picture",
        title=_("Drag the picture"), description=_("The shifted picture."),
    )  # fmt: skip
    picture.pick("picture", _("The picture: drag it, or move it with the arrow keys"), drag=True)
    # Of several maps, their mean.
    before, after = (found["pooled"][0].mean(axis=0) for found in (r.before, r.after))
    limits = 0, max(before.max(), after.max())
    maps = [
        Cells(
            values, cell=140 / len(values), limits=limits, title=heading,
            description=_("The pooled map, bright where it is large."),
        ).svg()
        for values, heading in ((before, _("Pooled before")), (after, _("Pooled after")))
    ]  # fmt: skip
    return row(
        picture.svg(), *maps, together=True, title=_("One picture"),
        description=_("One picture after the shift, its pooled map before and after."),
    )  # fmt: skip


def draw_curves(r: SimpleNamespace) -> str:
    height = 320 if "probabilities" in r.stages else 400
    chart = Chart(
        540, height, x=(-0.3, FURTHEST + 0.3), y=(0, 1.6), name="change",
        title=_("Change when shifted {direction}").format(direction=DIRECTIONS[r.direction]),
        description=_(
            "For each distance the mean change over all pictures; four in five lie between the "
            "ends of the upright lines."
        ),
        x_label=_("shift (pixels)"), y_label=_("change, as a share"), x_whole=True,
    )  # fmt: skip
    distance = np.arange(len(r.curves["pixels"]["mean"]))
    chart.rule(y=math.sqrt(2), color="muted", label=_("√2: nothing in common"))
    chart.rule(x=r.distance, color="muted")
    for i, (stage, name) in enumerate(r.stages.items()):
        found = r.curves[stage]
        at = distance + APART * (i - (len(r.stages) - 1) / 2)
        chart.segments(at, found["low"], at, found["high"], color=i, width=1)
        if r.blur and stage in POOLED:
            chart.line(distance, r.plain[stage]["mean"], color=i, dash=True, width=1.25)
            name = _("{name}, blurred").format(name=name)
        chart.line(at, found["mean"], color=i)
        chart.points(at, found["mean"], color=i, marker=MARKERS[i], radius=3.5, label=name)
    if r.blur:
        nowhere = [math.nan, math.nan]
        chart.line(nowhere, nowhere, color="ink", dash=True, width=1.25, label=_("without blur"))
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    header = [_("change of"), _("mean"), _("four in five"), _("the same")]
    if r.blur:
        header.append(_("no blur"))
    lines = []
    for stage, name in r.stages.items():
        found = r.here[stage]
        line = [name, two(found.mean), f"{two(found.low)} – {two(found.high)}"]
        words = _("{same} of {n} answers") if stage == "probabilities" else _("{same} of {n}")
        line.append(words.format(same=f"{found.same:,}", n=f"{found.n:,}"))
        if r.blur:
            line.append(two(r.plain_here[stage].mean) if stage in POOLED else "")
        lines.append(line)
    heading = _("Shifted {shift}, over {n} pictures")
    return table(
        header, lines, width=516,
        title=heading.format(shift=shift_in_words(r.right, r.down), n=f"{r.n:,}"),
    )  # fmt: skip


def draw_probabilities(r: SimpleNamespace) -> str:
    """The network's ten probabilities of the one picture, before the shift and after."""
    chart = Chart(
        540, 170, x=(-0.6, 9.6), y=(0, 1.05), name="probabilities",
        title=_("What the network says of this picture, {digit}").format(digit=a_digit(r.digit)),
        description=_("Ten probabilities, before the shift and after."),
        x_label=_("digit"), y_label=_("probability"), x_whole=True,
    )  # fmt: skip
    digits = np.arange(10)
    for color, place, found, name in (
        ("muted", -0.2, r.before, _("before")),
        (0, 0.2, r.after, _("after")),
    ):
        chart.bars(digits + place, found["probabilities"][0], width=0.38, color=color, label=name)
    return chart.svg()
