"""What the predictions of lesson 06 reveal, computed when the reader has committed to one."""

from typing import Any

import numpy as np

from dlnotes.layers import Softmax
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import EDGE, heading, panel
from dlnotes.pictures.tiles import tiles_tag
from dlnotes.widgets import trained
from dlnotes.widgets.head_comparison import HeadComparison, tests
from dlnotes.widgets.pad import centred
from dlnotes.widgets.picture_value import logits_of
from dlnotes.widgets.relu_trap import ReluTrap
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.words import _

UNITS = 12
SCRIBBLES = 300
SHOWN = 8  # of the scribbles
SEEDS, EPOCHS = 4, 12  # of the small experiment


def tiles_panel(title: str, images: np.ndarray, description: str, **options: Any) -> str:
    tag, width, height = tiles_tag(images, EDGE, 40, size=72, **options)
    return panel(
        heading((title,), EDGE) + tag, width=max(width + 2 * EDGE, 320), height=40 + height + EDGE,
        title=title, description=description,
    )  # fmt: skip


def draw_weights() -> str:
    """The weights of some units of a trained network, each as an image."""
    weights = trained.dense().parameters()[0].value[:, :UNITS].T.reshape(-1, 28, 28)
    size = float(np.abs(weights).max())
    return tiles_panel(
        _("The weights of {count} trained units").format(count=len(weights)), weights,
        _("Patches of plus (orange) and minus (blue) among grains left from the start."),
        columns=6, limits=(-size, size),
    )  # fmt: skip


def scribble(rng: np.random.Generator) -> np.ndarray:
    """A random line through nine points, (28, 28)."""
    points = np.clip(0.5 + np.cumsum(rng.normal(0, 0.12, (9, 2)), axis=0), 0, 1)
    return centred([points.tolist()])


def draw_scribbles() -> str:
    """How sure the network is of what no scribble is: a digit."""
    rng = np.random.default_rng(0)
    images = np.array([scribble(rng) for _time in range(SCRIBBLES)])
    sure = Softmax()(logits_of(trained.dense(), images)).max(axis=1)
    edges = np.linspace(0, 1, 11)
    counts = np.histogram(sure, edges)[0]
    chart = Chart(
        480, 260, x=(0, 100), y=(0, 1.1 * max(counts.max(), 1)), name="sure",
        title=_("{share:.0%} of {count} scribbles are read with more than 50%").format(
            share=(sure > 0.5).mean(), count=SCRIBBLES
        ),
        x_label=_("probability of the likeliest digit (per cent)"), y_label=_("scribbles"),
        description=_("How many scribbles got which largest probability."),
    )  # fmt: skip
    chart.bars(100 * (edges[1:] + edges[:-1]) / 2, counts, width=9, color=0)
    some = tiles_panel(
        _("Some of them"), images[:SHOWN], _("Random lines, no digits."), columns=4,
        colormap="grey", limits=(0, 1),
    )  # fmt: skip
    return row(some, chart.svg())


@sliced()
def trap_drawn(seeds: int, epochs: int) -> Made:
    """The experiment in small; the lesson runs it in full."""
    trap = ReluTrap(seeds=seeds, epochs=epochs)
    yield from trap.slices(seeds * epochs)
    return trap.svg()


@sliced()
def heads_drawn() -> Made:
    """The three heads at the end of their training."""
    heads = HeadComparison()
    yield from heads.slices(tests())
    return heads.svg()
