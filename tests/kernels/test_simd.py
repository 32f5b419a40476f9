"""What stands in compiled code for an operation on tiles and lines does what it means in Python.

The compiler is called by name here, for it runs even where NUMBA_DISABLE_JIT is set.
"""

from types import FunctionType

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from dlnotes.kernels import addresses, lines, plans, simd
from dlnotes.kernels.simd import COLS, LANES, MACHINE, MEANING, ROWS, SUMS, WIDTH

pytestmark = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
NAMES = {"ROWS": ROWS, "COLS": COLS, "LANES": LANES, "WIDTH": WIDTH}


def both(function, *arguments):
    """`function` with each operation's meaning, in Python, and with its machine code."""
    meant = FunctionType(function.__code__, NAMES | MEANING)
    compiled = FunctionType(function.__code__, NAMES | MACHINE)
    compiled.__module__ = __name__
    machine = CPUDispatcher(compiled, targetoptions={"nopython": True})
    results = []
    for version in (meant, machine):
        copies = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
        version(*copies)
        results.append(copies)
    return zip(*results, strict=True)


def numbers(size, seed=0):
    return np.random.default_rng(seed).normal(size=size).astype(np.float32)


def with_nan(size):
    found = numbers(size, 1)
    found[::7] = np.nan
    found[3::11] = 0
    found[5::13] = found[4::13][: len(found[5::13])]
    return found


def sweep(factors, source, target, halves):
    tile = filled(ROWS, COLS, factors, 1)  # noqa: F821
    for k in range(3):
        tile = add_scaled(tile, factors, k, 3, source, 2 * k + 1)  # noqa: F821
    store(scale(at_least(tile, halves[0]), halves), target, 1, WIDTH + 3)  # noqa: F821


def products(a, b, starts, target):
    tile = filled(ROWS, COLS, a, 0)  # noqa: F821
    tile = add_products(tile, a, 2, LANES + 1, b, starts, 1, 4)  # noqa: F821
    add_sums(tile, target, 1)  # noqa: F821


def places(source, bends, plan, target):
    place(source, 1, plan, 1, target, 2)  # noqa: F821
    wipe(target, 2 + LANES // 2)  # noqa: F821
    place_passed(source, bends, 0, plan, 1, target, LANES)  # noqa: F821


def puts(factors, source, plan, target):
    tile = filled(ROWS, COLS, factors, 1)  # noqa: F821
    tile = add_scaled(tile, factors, 0, 1, source, 0)  # noqa: F821
    put(tile, plan, 1, target, 1, 2 * WIDTH, ROWS - 1, WIDTH - 5)  # noqa: F821


def pools(source, floor, target, code, back):
    pool(source, 1, 2 * LANES + 3, floor, target, code, 2)  # noqa: F821
    unpool(target, code, 2, 0, back, 1)  # noqa: F821
    unpool(target, code, 2, 1, back, 2 * LANES + 2)  # noqa: F821


def points(address, source, target):
    for k in range(WIDTH):
        target[k] = pointer(address, source)[k]  # noqa: F821


def turns(source, target):
    turn(source, 1, LANES + 1, target, 2, LANES + 2)  # noqa: F821


POINTED = numbers(WIDTH, 2)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (
            sweep,
            (
                *(numbers(4 * ROWS), numbers(WIDTH + 6)),
                *(np.ones(ROWS * (WIDTH + 3), np.float32), numbers(2)),
            ),
        ),
        (
            products,
            (
                *(numbers(2 + ROWS * (LANES + 1)), numbers(3 * LANES)),
                *(np.array([99, 5, 0, 7]), np.ones(SUMS + 1, np.float32)),
            ),
        ),
        (
            places,
            (
                *(numbers(2 * LANES), with_nan(2 * LANES)),
                *(plans.laying(2 * LANES, (0, 2), 9, (6, 5)), np.ones(4 * LANES, np.float32)),
            ),
        ),
        (
            puts,
            (
                *(numbers(ROWS + 1), numbers(WIDTH)),
                *(plans.keeping(WIDTH + LANES, 11, 9), np.ones(2 * ROWS * WIDTH, np.float32)),
            ),
        ),
        (points, (POINTED.ctypes.data, POINTED, np.ones(WIDTH, np.float32))),
        (turns, (numbers(LANES * (LANES + 1) + 1), np.ones(LANES * (LANES + 2) + 2, np.float32))),
        *(
            (
                pools,
                (
                    *(np.maximum(with_nan(4 * LANES + 3), 0), np.float32(floor)),
                    *(np.ones(LANES + 2, np.float32), np.ones(LANES + 2, np.uint8)),
                    np.ones(4 * LANES + 3, np.float32),
                ),
            )
            for floor in (0, np.nan)
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_machine_code_does_what_is_meant(function, arguments):
    before = [np.copy(argument) for argument in arguments]
    for meant, machine in both(function, *arguments):
        np.testing.assert_allclose(machine, meant, rtol=2e-6, atol=2e-6)
    assert any(
        not np.array_equal(was, became, equal_nan=True)
        for was, (became, _) in zip(before, both(function, *arguments), strict=True)
    )


def test_every_operation_is_tried():
    tried = {
        name
        for function in (sweep, products, places, puts, points, turns, pools)
        for name in function.__code__.co_names
    }
    assert set(MACHINE) == set(MEANING) == tried - set(NAMES) - {"range"}


@pytest.mark.parametrize("start", [-1, 1])
def test_a_tile_that_leaves_its_array_is_seen_where_bounds_are_checked(start, monkeypatch):
    monkeypatch.setattr(simd.config, "BOUNDSCHECK", 1)
    load = FunctionType(leaving.__code__, NAMES | MACHINE)
    load.__module__ = __name__
    machine = CPUDispatcher(load, targetoptions={"nopython": True})
    source = np.zeros(LANES, np.float32)
    machine(source, 0)
    for version in (machine, FunctionType(leaving.__code__, NAMES | MEANING)):
        with pytest.raises(IndexError, match="a tile leaves its array"):
            version(source, start)


def leaving(source, start):
    wipe(source, start)  # noqa: F821


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


def test_both_rooms_share_the_operations():
    assert lines.operation is addresses.operation is simd.operation
