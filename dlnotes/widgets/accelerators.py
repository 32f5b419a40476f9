"""What processors made for deep learning can do at most, beside this machine, by arithmetic."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.kernels import roofline
from dlnotes.layers import Conv2d, Dense
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, choice, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.speed_ladder import said_time
from dlnotes.words import _

SIDE, COLOURS, FILTERS, UNITS = 100, 3, 32, 100  # the picture of lesson 01, and two layers on it
SECONDS = 0.02  # of measuring this machine, ten times


@dataclass(frozen=True)
class Accelerator:
    """A processor and its published peak, in half precision (16-bit floats), FLOP/s."""

    name: str
    kind: str
    flops: float
    source: str


PUBLISHED = (
    Accelerator("NVIDIA A100", "GPU", 312e12, _("NVIDIA, A100 architecture whitepaper, 2020")),
    Accelerator("Google TPU v4", "TPU", 275e12, _("Jouppi et al., ISCA 2023")),
    Accelerator(
        "Preferred Networks MN-Core", "MN-Core", 524e12, _("Preferred Networks, announced 2018")
    ),
)
TASKS = {
    "conv": _("32 filters of 3 × 3 on its three channels"),
    "dense": _("a dense layer with 100 outputs"),
}


def multiply_adds(task: str) -> int:
    """Of the task, for one picture of 100 × 100 pixels in colour: the layers' own count."""
    rng = np.random.default_rng(0)
    if task == "conv":
        layer = Conv2d(COLOURS, FILTERS, 3, padding="same", rng=rng)
        return layer.multiply_adds((1, COLOURS, SIDE, SIDE))
    values = COLOURS * SIDE * SIDE
    return Dense(values, UNITS, rng=rng).multiply_adds((1, values))


class Accelerators(Explorer):
    """How long some pictures would take at each processor's published peak, and at this machine's.

    >>> Accelerators(task="dense", pictures=1000)
    """

    title = _("Processors for deep learning, on paper")

    task = choice(_("What is computed"), TASKS, value="conv")
    pictures = slider(
        _("Pictures of 30,000 values"), 1, 1_000_000, step=1.5, value=1000, log=True, integer=True
    )
    measure = button(_("Measure this machine"))
    here = picks(_("This machine's peak"), value=None)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"here": max(roofline.peak_flops_slices(roofline.most_threads(), SECONDS))}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        flops = 2 * multiply_adds(v.task) * v.pictures
        peaks = {item.name: item.flops for item in PUBLISHED}
        if v.here:
            peaks[_("this machine")] = v.here
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
        said = _("{flops} operations for {pictures} pictures.").format(
            flops=readable(r.flops), pictures=f"{r.pictures:,}"
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
            item.kind,
            readable(item.flops / 1e12),
            said_time(r.seconds[item.name]),
            item.source,
        ]
        for item in PUBLISHED
    ]
    if r.here:
        seconds = said_time(r.seconds[_("this machine")])
        peak = readable(r.here / 1e12)
        lines.append([_("this machine"), "CPU", peak, seconds, _("measured now, 32-bit floats")])
    header = [_("processor"), _("kind"), "TFLOP/s", _("time at peak"), _("source")]
    return table(
        header,
        lines,
        width=760,
        title=_("Published peaks, 16-bit floats"),
        description=_("Peak, time for the pictures at that peak, and where the figure is from."),
    )


def draw_bars(r: SimpleNamespace) -> str:
    peaks = list(r.peaks.values())
    chart = Chart(
        760,
        230,
        x=(0, len(PUBLISHED) + 2),
        y=(1e9, 1e17),
        title=_("Operations a second at peak"),
        description=_("One mark a processor, on a logarithmic scale."),
        x_label=_("processor, in the table's order"),
        y_label=_("FLOP/s (log scale)"),
        y_log=True,
        name="peaks",
    )
    places = np.arange(1, len(peaks) + 1, dtype=float)
    chart.segments(places, np.full(len(peaks), 1e9), places, peaks, color=0, width=14)
    for place, (name, peak) in zip(places, r.peaks.items(), strict=True):
        chart.text(place, 2 * peak, name, anchor="middle")
    return chart.svg()
