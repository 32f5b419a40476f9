"""What processors made for deep learning can do at most, beside this machine, by arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.kernels import roofline
from dlnotes.layers import Conv2d, Dense
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    GRID,
    INK,
    escape,
    heading,
    number,
    panel,
    power_of_ten,
    readable,
)
from dlnotes.widgets.controls import button, choice, picks, slider
from dlnotes.widgets.prepared import Prepared
from dlnotes.widgets.speed_ladder import said_time
from dlnotes.words import _

SIDE, COLOURS, FILTERS, UNITS = 100, 3, 32, 100  # the picture of lesson 01, and two layers on it
SECONDS = 0.02  # of measuring this machine, ten times
WIDTH, STEP = 620, 28  # pixels: the panels, and from one bar to the next
LEAST, MOST = 1e9, 1e15  # FLOP/s: the ends of the scale


@dataclass(frozen=True)
class Accelerator:
    """A processor and its published peak, in half precision (16-bit floats), FLOP/s."""

    name: str
    flops: float
    source: str


PUBLISHED = (
    Accelerator("NVIDIA A100 (GPU)", 312e12, _("NVIDIA, A100 whitepaper, 2020")),
    Accelerator("Google TPU v4", 275e12, _("Jouppi et al., ISCA 2023")),
    Accelerator("Preferred Networks MN-Core", 524e12, _("Preferred Networks, announced 2018")),
)
HERE = _("this machine (CPU)")
TASKS = {
    "conv": _("{filters} filters of 3 × 3").format(filters=FILTERS),
    "dense": _("a dense layer with {units} outputs").format(units=UNITS),
}


def multiply_adds(task: str) -> int:
    """Of the task, for one picture of 100 × 100 pixels in colour: the layers' own count."""
    rng = np.random.default_rng(0)
    if task == "conv":
        layer = Conv2d(COLOURS, FILTERS, 3, padding="same", rng=rng)
        return layer.multiply_adds((1, COLOURS, SIDE, SIDE))
    values = COLOURS * SIDE * SIDE
    one = Dense(values, 1, rng=rng)  # all outputs cost the same, and a hundred take 50 ms to draw
    return UNITS * one.multiply_adds((1, values))


class Accelerators(Prepared):
    """How long some pictures would take at each processor's published peak, and at this machine's.

    >>> Accelerators(task="dense", pictures=1000)
    """

    title = _("Processors for deep learning, on paper")
    making = _("Measuring")

    task = choice(_("What is computed"), TASKS, value="conv")
    pictures = slider(
        _("Pictures of {values:,} values").format(values=COLOURS * SIDE * SIDE),
        1, 1_000_000, step=1.5, value=1000, log=True, integer=True,
    )  # fmt: skip
    measure = button(_("Measure this machine"))
    here = picks(_("This machine's peak"), value=None)

    def __init__(self, **options: Any) -> None:
        self._peaks: list[float] = []  # measured for the next press
        super().__init__(**options)

    def before_press(self, name: str, /, **values: Any) -> Iterator[float]:
        self._peaks = []
        for peak in roofline.peak_flops_slices(roofline.most_threads(), SECONDS):
            self._peaks.append(peak)
            yield len(self._peaks) / roofline.SLICES

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if not self._peaks:
            list(self.before_press(name, **values))
        peaks, self._peaks = self._peaks, []
        return {"here": max(peaks)}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        flops = 2 * multiply_adds(v.task) * v.pictures
        peaks = {item.name: item.flops for item in PUBLISHED}
        if v.here:
            peaks[HERE] = v.here
        return {
            "flops": flops,
            "pictures": v.pictures,
            "peaks": peaks,
            "seconds": {name: flops / peak for name, peak in peaks.items()},
            "here": v.here,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"flops": result["flops"], "processors": len(PUBLISHED)}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        pictures = _("1 picture")
        if r.pictures > 1:
            pictures = _("{count} pictures").format(count=f"{r.pictures:,}")
        said = _("{flops} operations for {pictures}.").format(
            flops=readable(r.flops), pictures=pictures
        )
        if not r.here:
            return said + " " + _("Measure this machine to set it beside them.")
        times = max(r.peaks.values()) / r.here
        beside = _(
            "On paper the fastest of them does {times} times as many operations a second as this "
            "machine does here, and in shorter numbers."
        ).format(times=f"{times:,.0f}")
        return f"{said} {beside}"

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_table(r), draw_bars(r), title=self.title, description=self.say(result), columns=1
        )


def draw_table(r: SimpleNamespace) -> str:
    lines = [
        [
            item.name,
            readable(item.flops / 1e12),
            said_time(r.seconds[item.name]),
            item.source,
        ]
        for item in PUBLISHED
    ]
    if r.here:
        seconds = said_time(r.seconds[HERE])
        peak = readable(r.here / 1e12)
        lines.append([HERE, peak, seconds, _("measured now, 32-bit floats")])
    header = [_("processor"), "TFLOP/s", _("time at peak"), _("source")]
    return table(
        header,
        lines,
        width=WIDTH,
        title=_("Published peaks, 16-bit floats"),
        description=_("Peak, time for the pictures at that peak, and where the figure is from."),
    )


def draw_bars(r: SimpleNamespace) -> str:
    """A bar for each processor, on a logarithmic scale with a mark at every hundredfold."""
    title, left, wide, top = _("Operations a second at peak"), 200, WIDTH - 230, 2 * EDGE + 14
    foot = top + STEP * (len(PUBLISHED) + 1)

    def across(flops: float) -> float:
        low, high = np.log10([LEAST, MOST])
        return left + wide * (np.log10(flops) - low) / (high - low)

    parts = [heading((title,), EDGE)]
    for power in range(round(np.log10(LEAST)), round(np.log10(MOST)) + 1, 2):
        x = number(across(10.0**power))
        parts.append(
            f'<path d="M{x} {top}V{foot}" stroke="{GRID}"/><text x="{x}" y="{foot + 16}" '
            f'font-size="12" text-anchor="middle" fill="{INK}">{power_of_ten(power)}</text>'
        )
    for i, (name, flops) in enumerate(r.peaks.items()):
        y = top + STEP * i
        parts.append(
            f'<text x="{EDGE}" y="{y + 18}" font-size="13" fill="{INK}">{escape(name)}</text>'
            f'<rect x="{left}" y="{y + 6}" width="{number(across(flops) - left)}" height="16" '
            f'fill="{paint(0)}"/>'
        )
    unit = _("FLOP/s (log scale)")
    parts.append(
        f'<text x="{left + wide / 2}" y="{foot + 36}" font-size="13" text-anchor="middle" '
        f'fill="{INK}">{escape(unit)}</text>'
    )
    return panel(
        "".join(parts), width=WIDTH, height=foot + 36 + EDGE, title=title,
        description=_("One bar a processor, on a logarithmic scale."),
    )  # fmt: skip
