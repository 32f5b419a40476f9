"""The sheet a chart is drawn on: axes, words, and a list of marks that wait for their place.

Where a mark stands depends on what is written around the plot, and that is known only when all the
marks are: so a mark is kept as a function of the frame, and `svg()` calls it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from dlnotes.pictures.axis import Axis
from dlnotes.pictures.frame import Bar, Frame, lay_out
from dlnotes.pictures.svg import escape, panel, readable
from dlnotes.words import _


@dataclass(frozen=True)
class Mark:
    """How to write a mark once its frame is known, and whether the plot's edge cuts it."""

    write: Callable[[Frame], str]
    clipped: bool = True


class Canvas:
    """Axes, words and marks; `chart.Chart` knows the kinds of marks."""

    def __init__(
        self,
        width: float = 480,
        height: float = 360,
        *,
        x: tuple[float, float],
        y: tuple[float, float],
        title: str,
        description: str = "",
        x_label: str = "",
        y_label: str = "",
        x_log: bool = False,
        y_log: bool = False,
        x_whole: bool = False,
        name: str = "",
    ):
        self.width, self.height = width, height
        self.x, self.y = Axis("x", x, x_log, x_whole), Axis("y", y, y_log)
        self.title, self.description, self.name = title, description, name
        self.x_label, self.y_label = x_label, y_label
        self._marks: list[Mark] = []
        self._legend: dict[str, str] = {}
        self._bars: list[Bar] = []

    def _add(
        self, write: Callable[[Frame], str], label: str = "", swatch: str = "", clipped: bool = True
    ) -> Self:
        self._marks.append(Mark(write, clipped))
        if label and swatch not in self._legend.get(label, ""):
            self._legend[label] = self._legend.get(label, "") + swatch
        return self

    def svg(self) -> str:
        """The chart as a complete, standalone <svg>."""
        layout = lay_out(
            self.width, self.height, self.x, self.y, title=self.title, x_label=self.x_label,
            y_label=self.y_label, legend=self._legend, bars=self._bars,
        )  # fmt: skip
        f = layout.frame
        inner = ""
        for clipped, run in groupby(self._marks, key=lambda mark: mark.clipped):
            written = "".join(mark.write(f) for mark in run)
            inner += f.clip(written) if clipped else written
        axes = {
            "name": self.name, "left": round(f.left, 2), "top": round(f.top, 2),
            "width": round(f.width, 2), "height": round(f.height, 2),
            "x": [self.x.low, self.x.high], "y": [self.y.low, self.y.high],
            "x_log": self.x.log, "y_log": self.y.log,
        }  # fmt: skip
        opening = f'<g class="dlnotes-axes" data-axes="{escape(json.dumps(axes))}">'
        return panel(
            f"{layout.around}{opening}{layout.under}{inner}</g>",
            width=self.width,
            height=layout.height,
            title=self.title,
            description=self.description or self._describe(),
            name=self.name,
            role="group" if "data-pick=" in inner else "img",
        )

    def _describe(self) -> str:
        """What the chart shows, for a caller who has not said it."""
        pattern = _("Chart of {x} from {x_low} to {x_high} and {y} from {y_low} to {y_high}.")
        sentence = pattern.format(
            x=self.x_label or "x", x_low=readable(self.x.low), x_high=readable(self.x.high),
            y=self.y_label or "y", y_low=readable(self.y.low), y_high=readable(self.y.high),
        )  # fmt: skip
        shown = _("Shown: {labels}.").format(labels=", ".join(self._legend)) if self._legend else ""
        return f"{sentence} {shown}".strip()
