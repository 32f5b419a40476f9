"""What the predictions of lesson 05 reveal, drawn when the reader has committed to one."""

import numpy as np

from dlnotes.ensemble import Ensemble
from dlnotes.pictures.chart import Chart
from dlnotes.pieces import most_pieces, pieces_of
from dlnotes.quartics import Quartic
from dlnotes.widgets.composition_explorer import CompositionExplorer
from dlnotes.widgets.layer_collapse import LayerCollapse
from dlnotes.widgets.product_or_composition import ProductOrComposition
from dlnotes.widgets.width_vs_depth import HIGH, LOW
from dlnotes.words import _

DEPTH = 3  # how often the logistic map is put into itself
LAYERS, WIDTH, STARTS = 4, 9, 50  # the random networks whose pieces are counted


def draw_bumps() -> str:
    return CompositionExplorer(function="logistic", depth=DEPTH, show=()).svg()


def draw_reach() -> str:
    best = Quartic((0.0, 0.4, -1.0, 0.0, 1.0)).best_composed().axis
    return ProductOrComposition(axis=best, show=()).svg()


def draw_collapse() -> str:
    return LayerCollapse(relu=False, show=()).svg()


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
