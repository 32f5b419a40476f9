"""Tiles do in machine code what they mean in Python.

The compiler is called by name here, for it runs even where NUMBA_DISABLE_JIT is set.
"""

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from dlnotes.kernels import simd
from dlnotes.kernels.simd import COLS, LANES, MACHINE, ROWS

needs_vectors = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
SIZE = ROWS * COLS * LANES


def compiled(function):
    return CPUDispatcher(function, targetoptions={"nopython": True})


load, store, scale = (MACHINE[name] for name in ("load", "store", "scale"))


@pytest.mark.parametrize(
    ("features", "count"),
    [
        ("+avx2,+avx512f,+fma", 16),
        ("+avx2,-avx512f,+fma", 8),
        ("+avx2,-fma", 0),
        ("+sse2", 0),
        ("+neon,+fp-armv8", 0),
        ("", 0),
    ],
)
def test_lanes_of_a_processor(features, count):
    assert simd.lanes(features) == count


@needs_vectors
def test_a_tile_is_loaded_scaled_and_stored():
    @compiled
    def machine(source, target, factor, shift):
        tile = load(ROWS, COLS, source, 2)
        store(scale(tile, factor, shift), target, 1)

    source = np.arange(SIZE + 3, dtype=np.float32)
    found, wanted = np.zeros((2, SIZE + 2), np.float32)
    machine(source, found, np.float32(3), np.float32(0.5))
    np.testing.assert_array_equal(found[1:-1], 3 * source[2:-1] + 0.5)
    assert found[0] == found[-1] == 0
    if simd.config.DISABLE_JIT:
        tile = simd.load(ROWS, COLS, source, 2)
        simd.store(simd.scale(tile, np.float32(3), np.float32(0.5)), wanted, 1)
        np.testing.assert_array_equal(found, wanted)


@needs_vectors
@pytest.mark.parametrize("start", [-1, 1])
def test_a_tile_that_leaves_its_array_is_seen_where_bounds_are_checked(start, monkeypatch):
    monkeypatch.setattr(simd.config, "BOUNDSCHECK", 1)

    @compiled
    def machine(source, start):
        store(load(ROWS, COLS, source, start), source, start)

    source = np.arange(SIZE, dtype=np.float32)
    machine(source, 0)
    with pytest.raises(IndexError, match="a tile leaves its array"):
        machine(source, start)
