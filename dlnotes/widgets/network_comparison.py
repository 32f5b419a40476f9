"""Networks side by side on the same pictures: what they cost, and what a small shift does."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.layers import Layer
from dlnotes.layers.table import count
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.gallery import gallery
from dlnotes.pictures.grid import row, table
from dlnotes.widgets import trained
from dlnotes.widgets.controls import choice, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.reading import labelled, own_copy, shares
from dlnotes.words import _

FARTHEST = 4  # pixels
SHOWN = 10  # pictures of the gallery
MOST = 500  # real digits, where the reader hands over none
TOWARDS = {"right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}


class NetworkComparison(Explorer):
    """The same pictures, moved by 0 to 4 pixels, read by several networks.

    Parameters
    ----------
    nets : name → network; if None, a dense and a convolutional one, trained on drawn digits when
        first asked for.
    x, y : pictures (n, c, h, w) and labels (n,); if None, every third or so of the real digits.
    seconds : name → the seconds its training took, for the table.

    All is measured when the widget is made: 17 times every picture, by every network.

    >>> NetworkComparison({"dense": dense, "convolutional": conv}, x, y)
    """

    title = _("Networks compared")

    shift = slider(_("Moved by"), 0, FARTHEST, value=2, unit="px", play=True)
    towards = choice(
        _("Towards"),
        {"all": _("all four sides (the mean)")}
        | {"right": _("right"), "left": _("left"), "down": _("down"), "up": _("up")},
        value="all",
    )

    def __init__(
        self, nets: Mapping[str, Layer] | None = None, x: Any = None, y: Any = None, *,
        seconds: Mapping[str, float] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        who = "NetworkComparison"
        if nets is None:
            nets = {_("dense"): trained.dense(), _("convolutional"): trained.convolutional()}
        if not isinstance(nets, Mapping) or not nets:
            raise TypeError(f"{who}: nets is {nets!r}, wanted names with networks, as {{…: …}}")
        if x is None:
            x, y = (array[:: len(array) // MOST] for array in data.digits(size=28))
        self.x, self.y = labelled(x, y, who)
        self.nets = {str(name): own_copy(net, who) for name, net in nets.items()}
        self.seconds = dict(seconds or {})
        self.read = {
            (name, towards, shift): shares(net, moved(self.x, shift, towards)).argmax(axis=1)
            for name, net in self.nets.items()
            for towards in TOWARDS
            for shift in range(FARTHEST + 1)
            if shift or towards == "right"
        }
        self.costs = {
            name: (count(net), net.multiply_adds((1, *self.x.shape[1:])))
            for name, net in self.nets.items()
        }
        super().__init__(**options)

    def accuracy(self, name: str, towards: str, shift: int) -> float:
        """The share read right; of "all" sides the mean."""
        sides = list(TOWARDS) if towards == "all" else [towards]
        right = [self.reads(name, side, shift) == self.y for side in sides]
        return float(np.mean(right))

    def reads(self, name: str, towards: str, shift: int) -> np.ndarray:
        return self.read[name, towards if shift else "right", shift]

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        side = "right" if v.towards == "all" else v.towards
        shown = self.examples()
        return {
            "shift": v.shift,
            "towards": v.towards,
            "curves": {
                name: [self.accuracy(name, v.towards, shift) for shift in range(FARTHEST + 1)]
                for name in self.nets
            },
            "costs": self.costs,
            "seconds": self.seconds,
            "pictures": moved(self.x[shown], v.shift, side)[:, 0],
            "limits": (float(self.x.min()), float(self.x.max())),
            "labels": self.y[shown],
            "read": {name: self.reads(name, side, v.shift)[shown] for name in self.nets},
            "count": len(self.x),
        }

    def examples(self) -> np.ndarray:
        """The pictures shown: the first of each kind, as many as there is room for."""
        first = [int(np.flatnonzero(self.y == kind)[0]) for kind in np.unique(self.y)]
        return np.array(first[:SHOWN])

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        chart = Chart(
            480, 300, x=(-0.2, FARTHEST + 0.2), y=(0, 1), title=_("Accuracy by shift"),
            x_label=_("shift in pixels"), y_label=_("share read right"), x_whole=True, name="shift",
            description=_("One line a network: how its accuracy falls as the pictures move."),
        )  # fmt: skip
        across = np.arange(FARTHEST + 1)
        for color, (name, curve) in enumerate(r.curves.items()):
            marker = ("circle", "square", "triangle", "diamond")[color % 4]
            chart.line(across, curve, color=color % 6)
            chart.points(across, curve, label=name, color=color % 6, marker=marker, radius=5)
        chart.rule(x=r.shift, color="muted")
        captions = [
            [
                f"{name}: {read[i]} {'✓' if read[i] == label else '✗'}"
                for name, read in ((short(name), read) for name, read in r.read.items())
            ]
            for i, label in enumerate(r.labels)
        ]
        seen = gallery(
            r.pictures, captions, title=_("What each of them reads"), columns=5, size=80,
            limits=r.limits,
        )  # fmt: skip
        return row(chart.svg(), seen, self.draw_costs(r), title=self.title,
                   description=self.say(result), columns=2)  # fmt: skip

    def draw_costs(self, r: SimpleNamespace) -> str:
        header = [
            _("network"), _("in place"), _("moved by {shift}").format(shift=r.shift),
            _("parameters"), _("multiply-adds"),
        ]  # fmt: skip
        if r.seconds:
            header.append(_("seconds to learn"))
        lines = []
        for name, (parameters, work) in r.costs.items():
            line = [name, f"{r.curves[name][0]:.1%}", f"{r.curves[name][r.shift]:.1%}"]
            line += [f"{parameters:,}", f"{work:,}"]
            if r.seconds:
                line.append(f"{r.seconds[name]:.1f}" if name in r.seconds else "–")
            lines.append(line)
        return table(header, lines, width=480, title=_("Accuracy and cost"), description="")

    def say(self, result: dict[str, Any]) -> str:
        parts = [
            _("{name}: {share}").format(name=name, share=f"{curve[result['shift']]:.1%}")
            for name, curve in result["curves"].items()
        ]
        sentence = {
            0: _("Of {count} pictures in their place are read right: {parts}."),
            1: _("Of {count} pictures moved by 1 pixel are read right: {parts}."),
        }.get(
            result["shift"],
            _("Of {count} pictures moved by {shift} pixels are read right: {parts}."),
        )
        return sentence.format(count=result["count"], shift=result["shift"], parts=", ".join(parts))

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {name: curve[result["shift"]] for name, curve in result["curves"].items()}


def moved(x: np.ndarray, shift: int, towards: str) -> np.ndarray:
    down, right = TOWARDS[towards]
    return data.shift(x, down * shift, right * shift)


def short(name: str) -> str:
    """A name that fits below a small picture."""
    return name if len(name) <= 8 else name[:6] + "."
