"""The questions of lesson 04, computing fast. The library computes each answer when asked."""

import time
from collections.abc import Callable

import numpy as np

from dlnotes.kernels import loops
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.pictures.grid import table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.accelerators import COLOURS, FILTERS, PUBLISHED, SIDE, multiply_adds
from dlnotes.widgets.rungs import FLOAT, NAMES, Bench, timing_of, wake
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.widgets.speed_ladder import said_time
from dlnotes.words import _

TITLE = _("Computing fast")
BENCH = Bench(28, 8, 16)  # what the predictions time
SECONDS = 0.1  # for each thing that is timed
MATRIX = 512  # rows and columns of the large matrix product
ROWS = 64  # of them that the loops do in one slice
TIMES = (10, 300, 10_000)  # what the first prediction offers
RATE, MEMORY = 100e9, 20e9  # of a made-up machine: FLOP/s, bytes/s
PICTURES = 500


@sliced()
def rung_times() -> Made:
    """Seconds of the slowest and the fastest rung, measured here and now."""
    found: dict[str, float] = {}
    wake(BENCH)
    yield 0.0
    for i, rung in enumerate(("python", "library")):
        for timed in timing_of(rung, BENCH, SECONDS):
            found[rung] = timed.seconds
            yield (i + timed.share) / 2
    return found


@sliced()
def product_times() -> Made:
    """Seconds of a large matrix product by compiled loops and by NumPy's @."""
    rng = np.random.default_rng(0)
    a, b = (rng.random((MATRIX, MATRIX), np.float32) for _matrix in range(2))

    def by_loops(rows: slice) -> None:
        # A matrix product is a convolution by filters of one pixel: rows of b are its channels.
        filters = a[rows, :, None, None]
        loops.convolve_compiled(
            b[:, None], filters, np.empty((len(filters), 1, MATRIX), np.float32)
        )

    def by_numpy(rows: slice) -> None:
        np.matmul(a[rows], b)

    found = {"numba": np.inf, "numpy": np.inf}
    ways = (("numba", by_loops, ROWS), ("numpy", by_numpy, MATRIX))
    for i, (name, run, count) in enumerate(ways):
        for turn in range(2):  # the better counts
            spent = 0.0
            for first in range(0, MATRIX, count):
                start = time.perf_counter()
                run(slice(first, first + count))
                spent += time.perf_counter() - start
                yield (i + (turn + first / MATRIX) / 2) / len(ways)
            found[name] = min(found[name], spent)
    return found


def draw_times(times: dict[str, float], names: dict[str, str], title: str) -> str:
    slowest = max(times.values())
    lines = [
        [names[key], said_time(seconds), readable(slowest / seconds, 2) + " ×"]
        for key, seconds in times.items()
    ]
    header = [_("how"), _("time"), _("speed")]
    return table(header, lines, width=520, title=title, description=_("Measured here and now."))


def ladder() -> Predict:
    few, many = (_("about {n} times").format(n=n) for n in TIMES[:2])
    most = _("{n} times, or more").format(n=f"{TIMES[2]:,}")

    def nearest() -> str:
        times = rung_times()
        ratio = times["python"] / times["library"]
        at = int(np.argmin([abs(np.log(ratio / n)) for n in TIMES]))
        return (few, many, most)[at]

    return Predict(
        _(
            "The same convolution, written as plain Python loops and by this library. How many "
            "times as fast is the library on this machine?"
        ),
        [few, many, most],
        nearest,
        because=_(
            "Python looks up afresh, at every single step, what the names mean and of what kind "
            "the numbers are. A compiled loop settles that once, and then does several "
            "multiplications at a time."
        ),
        picture=lambda: draw_times(rung_times(), NAMES, _("One convolution, timed")),
        measure=lambda: rung_times.slices(),
    )


def product() -> Predict:
    names = {"numba": _("compiled loops"), "numpy": _("NumPy's @")}
    same = _("both alike")

    def winner() -> str:
        times = product_times()
        ratio = times["numba"] / times["numpy"]
        return same if 0.8 < ratio < 1.25 else names[min(times, key=lambda key: times[key])]

    return Predict(
        _(
            "Now a large matrix product, {n} × {n} by {n} × {n}: textbook loops compiled by Numba, "
            "or NumPy's @?"
        ).format(n=MATRIX),
        [names["numba"], names["numpy"], same],
        winner,
        mistakes={names["numba"]: _("Compiling makes loops fast; it does not arrange them anew.")},
        because=_(
            "Behind @ stands a library in which people have worked for decades on how numbers are "
            "kept close to the processor. Compiled loops win where there is no such library for "
            "what you want."
        ),
        picture=lambda: draw_times(product_times(), names, _("One matrix product, timed")),
        measure=lambda: product_times.slices(),
    )


def flops() -> Judge:
    values = COLOURS * SIDE * SIDE
    return Number(
        lambda: multiply_adds("conv"),
        because=_("For each of the {places} places and {filters} filters: 3·3·3 of them.").format(
            places=f"{SIDE * SIDE:,}", filters=FILTERS
        ),
        mistakes=[
            (multiply_adds("conv") // COLOURS, _("The filter reaches through all three channels.")),
            (values * FILTERS, _("Each filter has 3·3·3 weights for each place, not one.")),
            (multiply_adds("conv") // FILTERS, _("That is one filter; there are more.")),
            (2 * multiply_adds("conv"), _("Those are operations; a multiply-add is two of them.")),
        ],
    )


def counting() -> Judge:
    rng = np.random.default_rng(0)
    cases = [(100, 100, 3, 32, 3), (28, 28, 1, 8, 5), *(tuple(rng.integers(1, 9, 5).tolist()),)]

    def count(h: int, w: int, c_in: int, c_out: int, k: int) -> int:
        return h * w * c_in * c_out * k * k

    return Function(
        count,
        cases,
        because=_("It is what net.multiply_adds adds up, layer by layer."),
        mistakes=[
            (lambda h, w, c_in, c_out, k: h * w * c_in * c_out * k, _("A filter has k·k cells.")),
            (lambda h, w, c_in, c_out, k: h * w * c_out * k * k, _("c_in is missing.")),
            (lambda h, w, c_in, c_out, k: h * w * c_in * k * k, _("c_out is missing.")),
            (
                lambda h, w, c_in, c_out, k: c_in * c_out * k * k,
                _("Those are the parameters: each is used at every place of the picture."),
            ),
        ],
    )


def why() -> Judge:
    again = _("it finds out at each step what to do, and does one operation at a time")
    numbers = _("it computes with more digits")
    memory = _("its numbers do not fit into memory")
    return Choice(
        [numbers, again, memory],
        again,
        because=_("The compiled loop is the same text, and computes the same numbers."),
        mistakes={
            numbers: _("A longer number costs a little, not a factor of hundreds."),
            memory: _("It is the same picture in all rungs, and it is small."),
        },
    )


def intensity() -> Judge:
    bench = Bench(28, 1, 1)
    filters = bench.weight.size
    values = FLOAT * (2 * 28 * 28 + filters)
    return Number(
        lambda: bench.intensity,
        relative=0.03,
        because=_("{flops} operations, {bytes} bytes.").format(
            flops=f"{bench.flops:,}", bytes=f"{bench.least_bytes:,}"
        ),
        mistakes=[
            (bench.intensity / 2, _("A multiply-add is two operations.")),
            (bench.intensity * FLOAT, _("A 32-bit number has four bytes.")),
            (2 * bench.intensity * values / (values + FLOAT * filters), _("y is written, too.")),
        ],
    )


def bound() -> Judge:
    memory, computing = _("by its memory"), _("by its arithmetic")
    return Choice(
        [computing, memory],
        memory,
        mistakes={
            computing: _(
                "For each byte that arrives it could do {many:g} operations; the loop has one."
            ).format(many=RATE / MEMORY)
        },
        because=_(
            "At one operation a byte, {bytes} GB a second allow {flops} GFLOP/s, far below the "
            "{peak} that it could compute."
        ).format(bytes=f"{MEMORY / 1e9:g}", flops=f"{MEMORY / 1e9:g}", peak=f"{RATE / 1e9:g}"),
    )


def on_paper() -> Judge:
    gpu = PUBLISHED[0]
    work = 2 * multiply_adds("conv") * PICTURES
    return Number(
        lambda: 1e6 * work / gpu.flops,
        relative=0.02,
        unit=_("µs"),
        because=_("On paper: no program reaches a peak, and the pictures have to get there first."),
        mistakes=[
            (1e6 * work / 2 / gpu.flops, _("A multiply-add is two operations.")),
            (1e6 * work / gpu.flops / PICTURES, _("That is one picture.")),
            (1e3 * work / gpu.flops, _("Those are milliseconds.")),
        ],
    )


def sentence() -> Judge:
    right = _("the numbers are near the processor, and it does many operations at once")
    fewer = _("the answer is only estimated")
    clock = _("the processor's clock is fast enough")
    return Choice(
        [clock, right, fewer],
        right,
        because=_("Every rung of the ladder, and every processor in the table, is a way to that."),
        mistakes={
            fewer: _("All rungs gave the same answer."),
            clock: _("It was the same clock for all rungs."),
        },
    )


PREDICTIONS = {"ladder": ladder, "product": product}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "flops": (
        _(
            "{filters} filters of 3 × 3 on a picture of {side} × {side} pixels with {colours} "
            "channels, the result as large as the picture: how many multiply-adds?"
        ).format(filters=FILTERS, side=SIDE, colours=COLOURS),
        flops,
    ),
    "counting": (_("The number of multiply-adds, as a function of yours."), counting),
    "why": (_("Why are Python's loops slow?"), why),
    "intensity": (
        _(
            "One filter of 3 × 3 on one channel of 28 × 28, with a result of the same size; "
            "numbers of 4 bytes, each read or written once. How many operations for each byte?"
        ),
        intensity,
    ),
    "bound": (
        _(
            "A machine computes {peak} GFLOP/s and moves {bytes} GB/s. A loop does one operation "
            "for each byte. What is it limited by?"
        ).format(peak=f"{RATE / 1e9:g}", bytes=f"{MEMORY / 1e9:g}"),
        bound,
    ),
    "on_paper": (
        _(
            "The first check's {filters} filters, on {pictures} pictures, at the peak of the "
            "{name}: how many microseconds (µs)?"
        ).format(filters=FILTERS, pictures=f"{PICTURES:,}", name=PUBLISHED[0].name),
        on_paper,
    ),
    "sentence": (_("Complete the sentence: computing is fast where …"), sentence),
}
