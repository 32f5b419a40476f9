"""What the predictions of lesson 08 reveal, drawn when the reader has committed to one."""

from types import SimpleNamespace

import numpy as np

from dlnotes.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d, Sequential
from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.parameter_counter import Line, counted
from dlnotes.widgets.pool_images import circle, pooling
from dlnotes.widgets.pool_preimages import PoolPreimages, draw_counts
from dlnotes.widgets.shift_picture import draw_curves, draw_table
from dlnotes.widgets.shift_test import ShiftTest
from dlnotes.words import _

SIDE, FILTERS, OUTPUTS = 28, 8, 10  # of the network whose parameters are counted


def draw_thin() -> str:
    """The circle, the largest of its windows, and their mean."""
    x = circle(SIDE)
    found = [(x, _("The circle"))]
    for kind, name in (("max", _("The largest")), ("average", _("The mean"))):
        found.append((pooling(kind, 2, 2)(x[None, None])[0, 0], name))
    panels = [
        Cells(
            values, cell=224 // len(values), limits=(0, 1), title=name,
            description=_("An image."), least=224,
        ).below(_("brightest: {value}").format(value=readable(values.max(), 2))).svg()
        for values, name in found
    ]  # fmt: skip
    return row(*panels, title=_("The circle, pooled"), description=_("Before and after pooling."))


def draw_forgets() -> str:
    """How many pictures become each result."""
    explorer = PoolPreimages(result=15)
    return draw_counts(SimpleNamespace(**explorer.compute(**explorer.values)))


def draw_same(n: int) -> str:
    """The change of all digits, by distance and after one pixel."""
    explorer = ShiftTest(n=n, right=1)
    r = SimpleNamespace(**explorer.compute(**explorer.values))
    return row(
        draw_table(r), draw_curves(r), title=explorer.title, description=explorer.say(vars(r))
    )


def network(pool: bool) -> dict[str, Layer]:
    """The layers of the network with or without a pooling between its convolutions, by name."""
    rng = np.random.default_rng(0)
    side = SIDE // 2 if pool else SIDE
    return {
        _("first convolution"): Conv2d(1, FILTERS, 3, padding="same", rng=rng),
        **({_("pooling"): MaxPool2d(2)} if pool else {}),
        _("second convolution"): Conv2d(FILTERS, FILTERS, 3, padding="same", rng=rng),
        _("dense"): Sequential(Flatten(), Dense(FILTERS * side * side, OUTPUTS, rng=rng)),
    }


def lines_of(layers: dict[str, Layer]) -> dict[str, Line]:
    """What each layer counts of itself for one picture, by name."""
    shape: tuple[int, ...] = (1, SIDE, SIDE)
    found = {}
    for name, layer in layers.items():
        found[name] = counted(name, layer, shape)
        shape = found[name].shape
    return found


def draw_layers() -> str:
    """Parameters and multiply-adds of every layer, without the pooling and with it."""
    without, pooled = (lines_of(network(pool)) for pool in (False, True))
    lines = []
    for name in pooled:
        pair = [found.get(name) for found in (without, pooled)]
        parameters = [f"{line.parameters:,}" if line else "–" for line in pair]
        computing = [f"{line.multiply_adds:,}" if line else "–" for line in pair]
        lines.append([name, *parameters, *computing])
    header = [
        _("layer"), _("parameters without"), _("with pooling"), _("multiply-adds without"),
        _("with pooling"),
    ]  # fmt: skip
    return table(header, lines, width=760, title=_("A pooling between two convolutions"))
