"""What the predictions of lesson 05 reveal, drawn when the reader has committed to one."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from dlnotes.ensemble import Ensemble
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.pieces import most_pieces, pieces_of
from dlnotes.quartics import Quartic
from dlnotes.widgets.composition_explorer import CompositionExplorer
from dlnotes.widgets.layer_collapse import LayerCollapse
from dlnotes.widgets.product_or_composition import ProductOrComposition
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.widgets.width_vs_depth import (
    HIGH,
    LOW,
    WidthVsDepth,
    examples,
    target_of,
    width_within,
)
from dlnotes.words import _

DEPTH = 3  # how often the logistic map is put into itself
LAYERS, WIDTH, STARTS = 4, 9, 50  # the random networks whose pieces are counted
SPEND = WidthVsDepth.declarations()  # one budget, spent as that widget begins
STEPS = SPEND["steps"].value
STRIDE = 25  # of them in a slice


def draw_bumps() -> str:
    return CompositionExplorer(function="logistic", depth=DEPTH, show=()).svg()


def draw_reach() -> str:
    best = Quartic((0.0, 0.4, -1.0, 0.0, 1.0)).best_composed().axis
    return ProductOrComposition(axis=best, show=()).svg()


def draw_collapse() -> str:
    return LayerCollapse(relu=False, show=()).svg()


@lru_cache(maxsize=1)
def random_pieces() -> list[int]:
    """The straight pieces of fifty random networks of one shape, most of them first."""
    nets = Ensemble([1, *[WIDTH] * LAYERS, 1], range(STARTS))
    return sorted((pieces_of(nets.steps(i), LOW, HIGH).count for i in range(STARTS)), reverse=True)


def draw_random_pieces() -> str:
    most, counts = most_pieces([WIDTH] * LAYERS), random_pieces()
    chart = Chart(
        560,
        300,
        x=(0, STARTS + 1),
        y=(0.8, 2 * most),
        y_log=True,
        title=_("Straight pieces of {count} random networks").format(count=STARTS),
        description=_("The counted pieces of each, and far above them the most there can be."),
        x_label=_("random networks, most pieces first"),
        y_label=_("pieces (log scale)"),
        name="random",
    )
    chart.rule(y=most, color=1, label=_("the most there can be"))
    chart.points(np.arange(1, STARTS + 1), counts, label=_("counted"), color=0, radius=3)
    return chart.svg()


@sliced(kept=2)
def spent(steps: int) -> Made:
    """The errors of every random start, trained now: {(layers, units): errors}, the wide first."""
    begun = {name: control.value for name, control in SPEND.items()}
    x = examples()
    y = target_of(begun, x[:, 0])[:, None]
    found: dict[tuple[int, int], list[float]] = {}
    for i, depth in enumerate((begun["first"], begun["third"])):
        width = width_within(begun["budget"], depth)
        seeds = range(begun["seed"], begun["seed"] + begun["seeds"])
        nets = Ensemble([1, *[width] * depth, 1], seeds, lr=begun["rate"])
        for start in range(0, steps, STRIDE):
            nets.train(x, y, min(STRIDE, steps - start))
            yield (i + start / steps) / 2
        misses = nets.predict(x)[:, :, 0] - y[:, 0]
        found[depth, width] = np.sqrt(np.mean(misses**2, axis=1)).tolist()
    return found


def spending() -> Iterator[float]:
    """Their training, in slices."""
    return spent.slices(STEPS)


def middles() -> tuple[float, float]:
    """The middle error of the wide network's starts, and of the deep one's."""
    wide, deep = (float(np.median(errors)) for errors in spent(STEPS).values())
    return wide, deep


def draw_spent() -> str:
    """The errors of the two, in the middle of their random starts and at both ends."""
    lines = [
        [
            _("{depth} × {width} units").format(depth=depth, width=width),
            *(readable(value, 2) for value in (min(errors), float(np.median(errors)), max(errors))),
        ]
        for (depth, width), errors in spent(STEPS).items()
    ]
    return table(
        [_("hidden layers"), _("best start"), _("middle"), _("worst start")],
        lines,
        width=480,
        title=_("Errors after {steps:,} steps of training").format(steps=STEPS),
    )
