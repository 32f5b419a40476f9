"""The pictures of a `DescentRace`: the map with the paths, the losses, the standings, the sweep."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.descents import LEAST_RATE, MOST_RATE, Run
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.surfaces import OWN, SURFACES, contours_of, minima_of
from dlnotes.words import _


class Style(NamedTuple):
    """How an optimiser is drawn everywhere; no two share both marker and dash."""

    color: int
    marker: str
    dash: bool = False


STYLES = {
    "sgd": Style(0, "circle"),
    "momentum": Style(1, "square"),
    "nesterov": Style(2, "square", dash=True),
    "adagrad": Style(3, "triangle"),
    "rmsprop": Style(4, "diamond"),
    "adam": Style(5, "cross"),
}
FLOOR = 1e-10  # losses below it are drawn here: a logarithmic axis has no zero
MOST = 1e295  # no axis reaches further
PIXELS = 400  # across the map; of a path's places within one pixel the first is drawn


def loss_name(r: SimpleNamespace) -> str:
    return _("loss − lowest") if r.kind == OWN else _("loss")


def draw_map(r: SimpleNamespace) -> str:
    surface = r.surface
    name = surface.formula.text if r.kind == OWN else SURFACES[r.kind]
    chart = Chart(
        440,
        330,
        x=surface.x,
        y=surface.y,
        title=_("{name}, at step {step}").format(name=name, step=r.step),
        description=_(
            "A map with lines of equal loss, and from the common start one path an optimiser. "
            "Drag or click to move the start; on it, the arrow keys do so."
        ),
        x_label="x",
        y_label="y",
        name="map",
    )
    chart.line(*contours_of(surface), color="muted", width=1, opacity=0.7)
    bottoms = minima_of(surface)
    chart.points(
        bottoms[:, 0],
        bottoms[:, 1],
        marker="cross",
        color="ink",
        radius=5,
        label=_("a bottom"),
    )
    chart.area(pick="map", drag=True, label=_("Start here"))
    if r.ghost:
        path = thinned(r.ghost.path[: r.step + 1], surface)
        chart.line(path[:, 0], path[:, 1], color="muted", dash=True, label=_("Adam, corrected"))
    for key, run in r.runs.items():
        style = STYLES[key]
        path = thinned(run.path[: r.step + 1], surface)
        chart.line(
            path[:, 0], path[:, 1], color=style.color, dash=style.dash, label=OPTIMIZERS[key]
        )
        chart.points(
            path[-1:, 0], path[-1:, 1], color=style.color, marker=style.marker, radius=5.5,
            label=OPTIMIZERS[key],
        )  # fmt: skip
    x, y = r.start
    named = _("Start: x {x}, y {y}").format(x=readable(x), y=readable(y))
    chart.points(
        [x], [y], color="ink", radius=6, label=_("start (drag it)"), pick="start",
        pick_labels=[named], drag=True,
    )  # fmt: skip
    return chart.svg()


def thinned(path: np.ndarray, surface: SimpleNamespace) -> np.ndarray:
    """The path without places that no eye could tell from the one before; its end is kept."""
    size = np.array([surface.x[1] - surface.x[0], surface.y[1] - surface.y[0]]) / PIXELS
    cells = np.round(np.nan_to_num(path) / size)
    keep = np.ones(len(path), dtype=bool)
    keep[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return path[keep]


def draw_losses(r: SimpleNamespace) -> str:
    heights = np.concatenate([run.above[np.isfinite(run.above)] for run in r.runs.values()])
    begun = max(10 * r.goal, float(heights[:1].sum()))
    low = max(FLOOR, float(heights.min(initial=0.5 * r.goal)))
    # What ran away must not flatten the others, but a leap that came back is shown whole.
    leaps = [float(run.above.max()) for run in r.runs.values() if not run.fate]
    chart = Chart(
        420,
        330,
        x=(0, r.steps),
        y=(low / 1.5, min(max([20 * begun, *(1.5 * leap for leap in leaps)]), MOST)),
        title=_("Loss by step"),
        description=_(
            "One line an optimiser, on a logarithmic scale, up to the step shown. What lies lower "
            "is drawn at the foot."
        ),
        x_label=_("steps"),
        y_label=_("{loss} (log scale)").format(loss=loss_name(r)),
        y_log=True,
        name="losses",
    )
    chart.rule(y=r.goal, color="muted", label=_("to reach"))
    chart.rule(x=r.step, color="muted", dash=False)
    if r.ghost:
        above = np.maximum(r.ghost.above[: r.step + 1], low)
        chart.line(
            np.arange(above.size), above, color="muted", dash=True, label=_("Adam, corrected")
        )
    for key, run in r.runs.items():
        style = STYLES[key]
        above = np.maximum(run.above[: r.step + 1], low)
        chart.line(
            np.arange(above.size), above, color=style.color, dash=style.dash,
            label=OPTIMIZERS[key],
        )  # fmt: skip
        chart.points(
            [above.size - 1], above[-1:], color=style.color, marker=style.marker, radius=5.5,
            label=OPTIMIZERS[key],
        )  # fmt: skip
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    lines = []
    for key, run in r.runs.items():
        first = r.first[key]
        at = min(r.step, len(run.above) - 1)
        lines.append(
            [
                OPTIMIZERS[key],
                readable(r.rates[key]),
                short_fate(run)
                if run.fate and at == len(run.above) - 1
                else readable(run.above[at]),
                _("{steps}+").format(steps=r.steps) if first is None else str(first),
            ]
        )
    names = list(r.runs)
    return table(
        [
            _("optimiser"),
            _("rate"),
            _("at step {step}").format(step=r.step),
            _("steps to {goal}").format(goal=readable(r.goal)),
        ],
        lines,
        width=440,
        title=_("How far each has come"),
        highlight=names.index(r.winner) if r.winner else None,
    )


def draw_sweep(r: SimpleNamespace) -> str:
    rates = r.swept["rates"]
    ends = {name: np.array(r.swept["ends"][name], dtype=float) for name in r.runs}
    all_ends = np.concatenate(list(ends.values()))
    finite = all_ends[np.isfinite(all_ends)]
    low = max(FLOOR, float(finite.min(initial=r.goal)))
    chart = Chart(
        420,
        290,
        x=(LEAST_RATE, MOST_RATE),
        y=(low / 1.5, min(1.5 * max(float(finite.max(initial=r.goal)), 2 * low), MOST)),
        title=_("The sweep: {count} rates, {steps} steps each").format(
            count=len(rates), steps=r.swept["steps"]
        ),
        description=_(
            "One line an optimiser: the loss at the end by learning rate. A line ends where it "
            "ran away. The marker is the rate it races with."
        ),
        x_label=_("learning rate (log scale)"),
        y_label=_("{loss} (log)").format(loss=loss_name(r)),
        x_log=True,
        y_log=True,
        name="sweep",
    )
    for key, values in ends.items():
        style = STYLES[key]
        heights = np.maximum(values, low)
        chart.line(rates, heights, color=style.color, dash=style.dash, label=OPTIMIZERS[key])
        end = np.maximum([r.runs[key].end], low)
        chart.points(
            [r.rates[key]], np.where(np.isfinite(end), end, np.nan), color=style.color,
            marker=style.marker, radius=5.5, label=OPTIMIZERS[key],
        )  # fmt: skip
    return chart.svg()


def short_fate(run: Run) -> str:
    """What became of a run that did not go well, for a cell of the table."""
    words = {
        "ran": _("ran away"),
        "fell": _("fell off the map"),
        "void": _("no value there"),
        "climbed": _("went up"),
    }
    return words[run.fate]


def fates(r: SimpleNamespace) -> list[str]:
    """What became of the runs that did not go well: one sentence for each fate."""
    sentences = {
        "ran": _(
            "{names} ran away: every step overshoots by more than the last. Lower the learning "
            "rate."
        ),
        "climbed": _(
            "{names} ended higher than at the start: the steps overshoot. Lower the learning rate."
        ),
        "fell": _(
            "{names} left the map far behind, and the loss there is below any on the map: perhaps "
            "it falls without end."
        ),
        "void": _("{names} came to a place where the formula has no value."),
    }
    named = _("{name} (in step {step}, learning rate {rate})")
    if all(run.fate == "void" and len(run.path) == 1 for run in r.runs.values()):
        return [_("Where all start the formula has no value: drag the start to another place.")]
    found = []
    for fate, sentence in sentences.items():
        names = [
            named.format(name=OPTIMIZERS[key], step=len(run.path) - 1, rate=readable(r.rates[key]))
            for key, run in r.runs.items()
            if run.fate == fate
        ]
        if names:
            found.append(sentence.format(names=", ".join(names)))
    return found


def at_an_end(r: SimpleNamespace) -> list[str]:
    """Whose best rate of the sweep lies at an end of the range: a better one may lie beyond."""
    beyond = [name for name in r.runs if r.swept and name in r.swept.get("beyond", ())]
    if not beyond:
        return []
    sentence = _(
        "{names}: the best rate lies at an end of the range that was tried; beyond it there may be "
        "a better one."
    )
    return [sentence.format(names=", ".join(OPTIMIZERS[name] for name in beyond))]


def beyond_the_map(r: SimpleNamespace) -> list[str]:
    """That a typed formula is lowest at the edge of the map, where it may well go on downwards."""
    if not r.surface.open:
        return []
    sentence = _(
        "On the map the formula is lowest at the edge, and beyond it perhaps lower: widen the map."
    )
    return [sentence]


def standing(r: SimpleNamespace) -> str:
    """Who has come how far at the step shown, in one sentence."""
    goal = readable(r.goal)
    what = goal
    if r.kind == OWN:
        what = _("{goal} above the lowest on the map").format(goal=goal)
    reached = {name: first for name, first in r.first.items() if first is not None}
    if not reached:
        sentence = _("Nobody reaches a loss of {what} in {steps} steps.")
        if len(r.runs) == 1:
            sentence = _("It does not reach a loss of {what} in {steps} steps.")
        return sentence.format(what=what, steps=r.steps)
    if r.winner:
        sentence = _("{name} reaches a loss of {what} first, at step {steps}.")
        if len(r.runs) == 1:
            sentence = _("{name} reaches a loss of {what} at step {steps}.")
        return sentence.format(name=OPTIMIZERS[r.winner], what=what, steps=reached[r.winner])
    least = min(reached.values())
    names = ", ".join(OPTIMIZERS[name] for name, first in reached.items() if first == least)
    sentence = _("{names} reach a loss of {what} together, at step {steps}.")
    return sentence.format(names=names, what=what, steps=least)
