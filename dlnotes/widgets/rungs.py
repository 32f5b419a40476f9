"""One convolution in five ways, each timed: the rungs of the speed ladder, and the roof above them.

All give the same numbers for one picture x (c_in, h, w) and a filter bank (c_out, c_in, 3, 3).
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dlnotes.kernels import loops, roofline
from dlnotes.kernels.parallel import warm_both
from dlnotes.layers import Conv2d
from dlnotes.threads import product
from dlnotes.words import _

KERNEL = 3
NAMES = {
    "python": _("Python loops"),
    "numpy": _("NumPy, loops over filters and cells"),
    "matrix": _("im2col and one matrix product"),
    "numba": _("the same loops, compiled by Numba"),
    "library": _("this library's kernel"),
}
FLOAT = 4  # bytes
SLICE = 0.008  # seconds of measuring between two pauses


@dataclass(frozen=True)
class Bench:
    """The convolution that is timed: side h = w of the picture, channels in, filters."""

    size: int
    c_in: int
    c_out: int

    @cached_property
    def layer(self) -> Conv2d:
        rng = np.random.default_rng(0)
        return Conv2d(self.c_in, self.c_out, KERNEL, padding="same", bias=False, rng=rng)

    @cached_property
    def x(self) -> np.ndarray:
        shape = (self.c_in, self.size, self.size)
        return np.random.default_rng(1).random(shape, np.float32)

    @cached_property
    def padded(self) -> np.ndarray:
        edge = KERNEL // 2
        return np.pad(self.x, ((0, 0), (edge, edge), (edge, edge)))

    @property
    def weight(self) -> np.ndarray:
        return self.layer.weight.value

    @property
    def multiply_adds(self) -> int:
        return self.layer.multiply_adds((1, *self.x.shape))

    @property
    def flops(self) -> int:
        """A multiply-add is two operations."""
        return 2 * self.multiply_adds

    @property
    def least_bytes(self) -> int:
        """What has to be moved at least: x and the filters read once, y written once."""
        return FLOAT * (self.x.size + self.weight.size + self.c_out * self.size**2)

    @property
    def intensity(self) -> float:
        """FLOP for each byte that has to be moved."""
        return self.flops / self.least_bytes

    def empty(self) -> np.ndarray:
        return np.empty((self.c_out, self.size, self.size), np.float32)

    # The rungs ----------------------------------------------------------------------------------

    def by_numpy(self) -> np.ndarray:
        y = np.zeros((self.c_out, self.size, self.size), np.float32)
        for u in range(KERNEL):
            for v in range(KERNEL):
                seen = self.padded[:, u : u + self.size, v : v + self.size]
                for o in range(self.c_out):
                    y[o] += (self.weight[o, :, u, v, None, None] * seen).sum(axis=0)
        return y

    def by_matrix(self) -> np.ndarray:
        windows = np.lib.stride_tricks.sliding_window_view(self.padded, (KERNEL, KERNEL), (1, 2))
        columns = windows.transpose(0, 3, 4, 1, 2).reshape(-1, self.size**2)
        y = product(self.weight.reshape(self.c_out, -1), columns)
        return y.reshape(self.c_out, self.size, self.size)

    def by_numba(self) -> np.ndarray:
        y = self.empty()
        loops.convolve_compiled(self.padded, self.weight, y)
        return y

    def by_library(self) -> np.ndarray:
        return self.layer.forward(self.x[None])[0]


@dataclass(frozen=True)
class Timed:
    """A rung's time, how often it was run, and how far its answer is from the library's.

    `seconds` is the best time of a whole convolution; while the first is under way, `share` of the
    measuring is done and `seconds` is what was spent on that part, in proportion.
    """

    seconds: float
    runs: int
    share: float = 1.0
    difference: float = math.nan  # known at the end

    @property
    def done(self) -> bool:
        return not math.isnan(self.difference)


def timing_python(bench: Bench) -> Iterator[Timed]:
    """The time so far, now and then, and at the end that of one run, which goes row by row."""
    x, weight, y = bench.padded, bench.weight, bench.empty()
    spent, shown = 0.0, 0.0
    rows = bench.c_out * bench.size
    for done in range(rows):
        start = time.perf_counter()
        loops.convolve_row(x, weight, y, *divmod(done, bench.size))
        spent += time.perf_counter() - start
        if spent - shown >= SLICE:
            shown, share = spent, (done + 1) / rows
            yield Timed(spent / share, 1, share)
    yield Timed(spent, 1, difference=difference(bench, y))


def timing(bench: Bench, run: Callable[[], np.ndarray], seconds: float) -> Iterator[Timed]:
    """The same for a rung that is run again and again for some seconds; the best run counts."""
    best, runs, begun = np.inf, 0, time.perf_counter()
    y = run()  # not counted: the first finds nothing in the processor's caches
    while not runs or time.perf_counter() - begun < seconds:
        pause = time.perf_counter()
        share = min(1.0, (pause - begun) / max(seconds, 1e-9))
        while not runs or time.perf_counter() - pause < SLICE:
            start = time.perf_counter()
            run()
            best, runs = min(best, time.perf_counter() - start), runs + 1
        yield Timed(best, runs, share)
    yield Timed(best, runs, difference=difference(bench, y))


def difference(bench: Bench, y: np.ndarray) -> float:
    return float(np.abs(y - bench.by_library()).max())


def timing_of(rung: str, bench: Bench, seconds: float) -> Iterator[Timed]:
    """The timing of the rung of that name."""
    if rung == "python":
        return timing_python(bench)
    return timing(bench, getattr(bench, f"by_{rung}"), seconds)


def wake(bench: Bench) -> None:
    """Have everything compiled, or loaded, that is measured: neither belongs to a time."""
    loops.warm()
    roofline.warm()
    warm_both(Bench(KERNEL, bench.c_in, bench.c_out).by_library)
    bench.by_library()


def limits(seconds: float, arrays: roofline.Triad) -> Iterator[tuple[str, float, float]]:
    """This machine's own limits: "peak", FLOP/s, or "bandwidth", bytes/s, and the share done.

    Both come slice by slice, the best one so far each time.
    """
    threads = roofline.most_threads()
    measured = {
        "peak": roofline.peak_flops_slices(threads, seconds),
        "bandwidth": roofline.bandwidth_slices(threads, arrays),
    }
    for name, slices in measured.items():
        best = 0.0
        for done, found in enumerate(slices, 1):
            best = max(best, found)
            yield name, best, done / roofline.SLICES
