"""The rungs of the speed ladder: one convolution each, and its time."""

import itertools

import numpy as np
import pytest
import reference

from dlnotes.kernels import roofline
from dlnotes.widgets import rungs
from dlnotes.widgets.rungs import NAMES, Bench, limits, timing_of

BENCH = Bench(5, 2, 3)


@pytest.mark.parametrize("rung", NAMES)
def test_every_rung_is_the_textbooks_convolution_and_is_timed(rung):
    *before, timed = timing_of(rung, BENCH, 0.0)
    assert timed.done
    assert timed.share == 1
    assert timed.seconds > 0
    assert timed.runs >= 1
    assert timed.difference < 1e-5
    assert not any(early.done for early in before)


def test_python_loops_are_timed_over_the_rows_that_are_done(monkeypatch):
    monkeypatch.setattr(rungs, "SLICE", 0.0)
    clock = itertools.count()
    monkeypatch.setattr(rungs.time, "perf_counter", lambda: next(clock))
    *before, timed = timing_of("python", BENCH, 0.0)
    rows = 3 * 5
    assert [early.share for early in before] == [(done + 1) / rows for done in range(rows)]
    # A second a row: what part of them took says what the whole takes.
    assert [early.seconds for early in before] == pytest.approx([rows] * rows)
    assert timed.seconds == rows
    assert timed.runs == 1


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
    *before, timed = timing_of("library", BENCH, 0.05)
    assert len(before) >= 2
    shares = [early.share for early in before]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    times = [early.seconds for early in before]
    assert times == sorted(times, reverse=True)  # the best one counts
    assert timed.seconds == times[-1]
    assert timed.runs > 1


def test_the_machines_limits_are_measured_slice_by_slice(monkeypatch):
    found = list(limits(0.0, roofline.triad_arrays(8)))
    assert {name for name, _value, _share in found} == {"peak", "bandwidth"}
    assert all(value > 0 for _name, value, _share in found)
    slices = [lambda *_limits: iter([1.0, 3.0, 2.0]), lambda *_limits: iter([5.0, 4.0, 4.0])]
    monkeypatch.setattr(roofline, "SLICES", 3)
    for name, given in zip(("peak_flops_slices", "bandwidth_slices"), slices, strict=True):
        monkeypatch.setattr(roofline, name, given)
    assert list(limits(0.0, roofline.triad_arrays(8))) == [
        ("peak", 1.0, 1 / 3), ("peak", 3.0, 2 / 3), ("peak", 3.0, 1.0),
        ("bandwidth", 5.0, 1 / 3), ("bandwidth", 5.0, 2 / 3), ("bandwidth", 5.0, 1.0),
    ]  # fmt: skip
