"""The rungs of the speed ladder: one convolution each, and its time."""

import numpy as np
import pytest
import reference

from dlnotes.widgets.rungs import NAMES, Bench, Timed, limits, timing_of

BENCH = Bench(5, 2, 3)


@pytest.mark.parametrize("rung", NAMES)
def test_every_rung_is_the_textbooks_convolution_and_is_timed(rung):
    *shares, timed = timing_of(rung, BENCH, 0.0)
    assert isinstance(timed, Timed)
    assert timed.seconds > 0
    assert timed.runs >= 1
    assert timed.difference < 1e-5
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def test_the_answer_is_the_textbooks():
    sides = ((1, 1), (1, 1))
    wanted = reference.conv2d(BENCH.x[None], BENCH.weight, np.zeros(3), sides=sides)[0]
    for rung in ("numpy", "matrix", "numba", "library"):
        np.testing.assert_allclose(getattr(BENCH, f"by_{rung}")(), wanted, atol=1e-5)


def test_work_and_bytes_are_counted():
    assert BENCH.multiply_adds == 5 * 5 * 2 * 3 * 9
    assert BENCH.flops == 2 * BENCH.multiply_adds
    assert BENCH.least_bytes == 4 * (2 * 25 + 2 * 3 * 9 + 3 * 25)
    assert BENCH.intensity == BENCH.flops / BENCH.least_bytes


def test_a_rung_is_run_for_some_time():
    *shares, timed = timing_of("library", BENCH, 0.05)
    assert len(shares) >= 2
    assert timed.runs > 1


def test_the_machines_limits_are_measured_slice_by_slice():
    found = list(limits(0.0, 8))
    assert {name for name, _value in found} == {"peak", "bandwidth"}
    assert all(value > 0 for _name, value in found)
