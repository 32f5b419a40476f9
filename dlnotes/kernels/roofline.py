"""The two limits of this machine, measured: how fast it multiplies and adds, and how fast it reads.

A loop can be no faster than either of them allows: S. Williams, A. Waterman & D. Patterson,
"Roofline: an insightful visual performance model for multicore architectures", CACM 52(4), 2009.
The measuring is cut into slices, so that whoever shows it can show how far it is: the best slice
counts, for other programs can only make one slower.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
from numba import prange

from dlnotes.kernels import simd
from dlnotes.kernels.compiled import config, kernel
from dlnotes.kernels.parallel import LOCK
from dlnotes.kernels.simd import COLS, LANES, ROWS

SLICES = 20
FLOATS = 2**24  # in each of the triad's three arrays: 64 MiB, more than the caches hold
SUMS = ROWS * COLS * (LANES or 1)  # side by side, so that none waits for another

Triad = tuple[np.ndarray, np.ndarray, np.ndarray]


@kernel
def multiply_add_tile(numbers, start, turns):
    """`turns` multiply-adds on each float of a tile that never leaves the registers."""
    halves = np.full(2, 0.5, numbers.dtype)
    # No two sums are equal, or the compiler would make only one of them.
    tile = simd.filled(ROWS, COLS, numbers, start)
    tile = simd.add_scaled(tile, numbers, start, 1, numbers, start)
    for _ in range(turns):
        tile = simd.scale(tile, halves)
    simd.store(tile, numbers, start, COLS * LANES)


@kernel
def multiply_add_plain(numbers, start, turns):
    """The same, where the processor has no such vectors: what Numba itself makes of it."""
    half = numbers.dtype.type(0.5)
    block = numbers[start : start + SUMS]
    for _ in range(turns):
        for j in range(SUMS):
            block[j] = block[j] * half + half


multiply_add = multiply_add_tile if LANES else multiply_add_plain


@kernel(parallel=True)
def multiply_add_on_all(numbers, threads, turns):
    for thread in prange(threads):
        multiply_add(numbers, thread * SUMS, turns)


@kernel
def triad_piece(a, b, c):
    """a = b + 3 c (J. D. McCalpin's STREAM)."""
    three = a.dtype.type(3)
    for j in range(a.size):
        a[j] = b[j] + three * c[j]


@kernel(parallel=True)
def triad_on_all(a, b, c, threads):
    piece = -(-a.size // threads)
    for thread in prange(threads):
        first, past = thread * piece, (thread + 1) * piece
        triad_piece(a[first:past], b[first:past], c[first:past])


def on_threads(threads: int, call: Callable[..., None], *arguments: Any) -> float:
    """Seconds that `call` takes on so many threads, while no other kernel is shared out."""
    with LOCK:
        before = numba.get_num_threads()
        numba.set_num_threads(threads)
        try:
            start = time.perf_counter()
            call(*arguments)
            return time.perf_counter() - start
        finally:
            numba.set_num_threads(before)


def most_threads() -> int:
    """As many threads as kernels may use here."""
    return config.NUMBA_NUM_THREADS


def peak_flops_slices(threads: int, seconds: float = 0.01) -> Iterator[float]:
    """FLOP/s of one slice after another, about `seconds` each; a multiply-add counts as two.

    ValueError unless 1 <= threads <= `most_threads()`.
    """
    check_threads(threads)
    numbers = np.arange(threads * SUMS, dtype=np.float32)
    turns = 1
    # By one thread, for several may wait for each other; the best of three, for one may have met
    # another program, or the compiler.
    while (one := tried(numbers, turns)) < seconds / 20:
        turns *= 2
    turns = max(turns, round(turns * seconds / 2 / one))  # the others may slow it by half
    for _ in range(SLICES):
        spent = on_threads(threads, multiply_add_on_all, numbers, threads, turns)
        yield 2 * SUMS * turns * threads / spent


def tried(numbers: np.ndarray, turns: int) -> float:
    """Seconds that one thread takes for so many turns, at best."""
    return min(on_threads(1, multiply_add, numbers, 0, turns) for _ in range(3))


def triad_arrays(floats: int = FLOATS) -> Triad:
    """Three float32 arrays (floats,) that are written to: only then they have memory of their own.

    That takes many times as long as a slice.
    """
    a, b, c = (np.full(floats, k, np.float32) for k in range(3))
    return a, b, c


def bandwidth_slices(threads: int, arrays: Triad) -> Iterator[float]:
    """Bytes/s of one triad after another: two of `triad_arrays` are read and one is written.

    ValueError unless 1 <= threads <= `most_threads()`.
    """
    check_threads(threads)
    a, b, c = arrays
    for _ in range(SLICES):
        spent = on_threads(threads, triad_on_all, a, b, c, threads)
        yield (a.nbytes + b.nbytes + c.nbytes) / spent


def check_threads(threads: int) -> None:
    if not 1 <= threads <= most_threads():
        raise ValueError(f"threads is {threads}, wanted 1 to {most_threads()}")


def peak_flops(threads: int) -> float:
    """The most FLOP/s of float32 on so many threads; takes under a second."""
    return max(peak_flops_slices(threads))


def bandwidth(threads: int) -> float:
    """The most bytes/s from and to memory on so many threads; takes under a second."""
    check_threads(threads)
    return max(bandwidth_slices(threads, triad_arrays()))


def warm() -> None:
    """Compile both loops."""
    for _ in zip(peak_flops_slices(1, 0.0), bandwidth_slices(1, triad_arrays(1)), strict=True):
        pass
