"""The same convolution in five ways, timed on the reader's machine, under that machine's roof."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from dlnotes.kernels import roofline
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.progress import progress
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import slider
from dlnotes.widgets.live import Live, Underway, beside
from dlnotes.widgets.rungs import NAMES, Bench, limits, timing_of, wake
from dlnotes.words import _

MARKERS = ("circle", "square", "triangle", "diamond", "cross")
SIZE = _("The convolution")
COMPILING = "compiling"
DOING = {
    "": _("Nothing is measured yet"),
    COMPILING: _("Compiling"),
    "peak": _("How fast this machine multiplies and adds"),
    "bandwidth": _("How fast this machine reads and writes"),
}
PEAK_SLICE = 0.008  # seconds
TRIAD = 2**22  # floats an array: 16 MiB, more than most caches; three of them fit any machine


class SpeedLadder(Live):
    """Press Play: this machine's limits are measured, then each rung of the ladder.

    `seconds` are given to each rung but the first, which is run once.

    >>> SpeedLadder(size=28, c_in=8, c_out=16)
    """

    title = _("The speed ladder")
    restarts: ClassVar = ("size", "c_in", "c_out")

    size = slider(_("Picture's side"), 8, 56, step=4, value=28, unit=_("pixels"), group=SIZE)
    c_in = slider(_("Channels in"), 1, 16, value=8, group=SIZE)
    c_out = slider(_("Filters"), 1, 32, value=16, group=SIZE)

    def __init__(self, *, seconds: float = 0.3, floats: int = TRIAD, **values: Any) -> None:
        self.seconds, self.floats = seconds, floats
        super().__init__(**{"speed": 100, **values})

    def going(self) -> Iterator[Any]:
        bench = Bench(self.size, self.c_in, self.c_out)
        found: dict[str, Any] = {"roof": {}, "timed": {}, "doing": "", "share": 0.0, "waited": 0.0}
        yield dict(found)
        arrays: list[roofline.Triad] = []

        def prepare() -> None:
            wake(bench)
            arrays.append(roofline.triad_arrays(self.floats))

        for waited in beside(prepare):
            yield Underway(found | {"doing": COMPILING, "waited": waited})
        for _share in self.roofing(found, arrays[0]):
            yield dict(found) if found["share"] == 1 else Underway(dict(found))
        for rung in NAMES:
            for timed in timing_of(rung, bench, self.seconds):
                # Other programs can only have made the roof too low: where a rung would stand
                # above it, a second look.
                if timed.done and bench.flops / timed.seconds > roof_over(bench, found):
                    for _share in self.roofing(found, arrays[0]):
                        yield Underway(dict(found))
                found |= {"timed": found["timed"] | {rung: timed}, "doing": rung}
                found |= {"share": timed.share}
                yield dict(found) if timed.done else Underway(dict(found))

    def roofing(self, found: dict[str, Any], arrays: roofline.Triad) -> Iterator[float]:
        """Measure this machine's limits into `found`; of two measurements the higher counts."""
        for name, best, share in limits(PEAK_SLICE, arrays):
            best = max(best, found["roof"].get(name, 0.0))
            found |= {"roof": found["roof"] | {name: best}, "doing": name, "share": share}
            yield share

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {
            "speed": {"hidden": True},
            "one": {"label": _("One measurement")},
            "shown": {"label": _("Measurements shown")},
        }

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        bench = Bench(v.size, v.c_in, v.c_out)
        found = self.record[v.shown]
        timed = found["timed"]
        return {
            "timed": timed,
            "rates": {rung: bench.flops / t.seconds for rung, t in timed.items()},
            "roof": found["roof"],
            "doing": found["doing"],
            "share": found["share"],
            "waited": found["waited"],
            "complete": sum(time.done for time in timed.values()) == len(NAMES),
            "over": roof_over(bench, found),
            "multiply_adds": bench.multiply_adds,
            "intensity": bench.intensity,
            "least_bytes": bench.least_bytes,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        rungs = sum(timed.done for timed in result["timed"].values())
        return {"multiply_adds": result["multiply_adds"], "rungs": rungs}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        task = _("{count} multiply-adds, {intensity} operations for each byte moved.").format(
            count=f"{r.multiply_adds:,}", intensity=readable(r.intensity)
        )
        if r.complete:
            slowest = max(r.timed, key=lambda rung: r.timed[rung].seconds)
            fastest = min(r.timed, key=lambda rung: r.timed[rung].seconds)
            times = r.timed[slowest].seconds / r.timed[fastest].seconds
            doing = _("Fastest: {fast}, {times} times as fast as {slow}.").format(
                fast=NAMES[fastest], slow=NAMES[slowest], times=readable(times, 2)
            )
            if r.rates[fastest] > r.over:
                doing += " " + _(
                    "It stands above the roof: other programs kept this machine busy while the "
                    "roof was measured. Start again when it is idle."
                )
        elif r.doing in NAMES:
            doing = _("Now: {rung}, {share:.0%} done.").format(rung=NAMES[r.doing], share=r.share)
        elif r.doing == COMPILING:
            doing = _("Compiling what is going to be measured.")
        else:
            known = _("Measuring what this machine can do at most.")
            doing = known if r.doing else _("Press Play.")
        return f"{task} {doing}"

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        measured = row(draw_progress(r), draw_times(r), columns=1, together=True)
        return row(
            draw_roofline(r), measured, title=self.title, description=self.say(result), columns=2
        )


def draw_progress(r: SimpleNamespace) -> str:
    """What is being measured, or was last, and how much of it is done."""
    title = _("All is measured") if r.complete else (NAMES | DOING)[r.doing]
    note = _("{share:.0%} done").format(share=r.share) if r.doing else ""
    if r.doing == COMPILING:
        note = _("{seconds:.2f} s so far").format(seconds=r.waited)
    return progress(r.share, width=520, title=title, note=note)


def roof_over(bench: Bench, found: dict[str, Any]) -> float:
    """What the limits allow this convolution, FLOP/s; no limit where none is measured."""
    peak, bandwidth = (found["roof"].get(name, np.inf) for name in ("peak", "bandwidth"))
    return min(peak, bench.intensity * bandwidth)


def draw_roofline(r: SimpleNamespace) -> str:
    """How many operations a second each rung reached, under the least of the two limits."""
    peak, bandwidth = r.roof.get("peak"), r.roof.get("bandwidth")
    top = 3 * max([peak or 1e11, *r.rates.values()])
    low = min([1e6, *(0.5 * rate for rate in r.rates.values())])
    chart = Chart(
        520,
        380,
        x=(0.1, 1000),
        y=(low, top),
        title=_("Under this machine's roof"),
        description=_(
            "Operations a second against operations for each byte moved, both on logarithmic "
            "scales. No program can stand above the roof."
        ),
        x_label=_("operations for each byte moved (log scale)"),
        y_label=_("operations a second (log scale)"),
        x_log=True,
        y_log=True,
        name="roofline",
    )
    if peak and bandwidth:
        x = np.geomspace(0.1, 1000, 60)
        roof = np.minimum(peak, bandwidth * x)
        label = _("the roof: {peak} GFLOP/s, {bandwidth} GB/s").format(
            peak=readable(peak / 1e9), bandwidth=readable(bandwidth / 1e9)
        )
        chart.line(x, roof, color="ink", width=2, label=label)
    chart.rule(x=r.intensity, color="muted", label=_("this convolution"))
    for color, rung in enumerate(NAMES):
        if rung in r.rates:
            place = [r.intensity], [r.rates[rung]]
            chart.points(*place, color=color, marker=MARKERS[color], radius=6, label=NAMES[rung])
    return chart.svg()


def draw_times(r: SimpleNamespace) -> str:
    peak = r.roof.get("peak")
    slowest = max((t.seconds for t in r.timed.values()), default=1.0)
    lines = [
        [
            NAMES[rung],
            said_time(timed.seconds),
            readable(slowest / timed.seconds, 2) + " ×",
            readable(r.rates[rung] / 1e9),
            share_of(r.rates[rung] / peak) if peak else "",
            readable(timed.difference, 1) if timed.done else "",
        ]
        for rung, timed in r.timed.items()
    ]
    header = [_("rung"), _("time"), _("speed"), "GFLOP/s", _("of peak"), _("differs by")]
    return table(
        header,
        lines or [[_("nothing yet"), "", "", "", "", ""]],
        width=520,
        title=_("The same answer, in less time"),
        description=_("Time, speed against the slowest, rate, and the largest difference."),
    )


def said_time(seconds: float) -> str:
    """Seconds in the unit that suits them."""
    units = {_("s"): 1.0, _("ms"): 1e-3, _("µs"): 1e-6, _("ns"): 1e-9}
    unit = next((unit for unit, size in units.items() if seconds >= size), _("ns"))
    return f"{readable(seconds / units[unit])} {unit}"


def share_of(share: float) -> str:
    """A share of the whole in per cent."""
    if share < 1e-4:
        return _("< {least}%").format(least=0.01)
    return _("{share}%").format(share=readable(100 * share, 2))
