"""The machine's two limits: plausible, in slices, and on as many threads as are there."""

import numba
import numpy as np
import pytest

from dlnotes.kernels import roofline, simd
from dlnotes.kernels.compiled import config


def test_a_slice_counts_what_it_does(monkeypatch):
    monkeypatch.setattr(roofline, "on_threads", lambda threads, call, *arguments: 0.5)
    # Half a second is long enough at once: one turn, two operations on each number.
    assert set(roofline.peak_flops_slices(1)) == {2 * roofline.SUMS / 0.5}
    arrays = roofline.triad_arrays(100)
    assert set(roofline.bandwidth_slices(1, arrays)) == {3 * 4 * 100 / 0.5}


def test_more_turns_until_a_slice_is_long_enough(monkeypatch):
    turns = []

    def taking(threads, call, numbers, pieces, count):
        turns.append(count)
        return count / 1000

    monkeypatch.setattr(roofline, "on_threads", taking)
    assert len(list(roofline.peak_flops_slices(1, 0.05))) == roofline.SLICES
    # A twentieth of it is long enough to tell how many turns fill half of it.
    assert turns == [1] * 3 + [2] * 3 + [4] * 3 + [25] * roofline.SLICES


@pytest.mark.parametrize("measure", [roofline.peak_flops, roofline.bandwidth])
@pytest.mark.parametrize("threads", [0, -1, config.NUMBA_NUM_THREADS + 1])
def test_threads_that_are_not_there_are_refused(measure, threads):
    with pytest.raises(ValueError, match=f"threads is {threads}, wanted 1 to"):
        measure(threads)


def test_the_best_slice_counts(monkeypatch):
    monkeypatch.setattr(roofline, "peak_flops_slices", lambda threads: iter([1.0, 3.0, 2.0]))
    monkeypatch.setattr(roofline, "bandwidth_slices", lambda threads, arrays: iter([5.0, 4.0]))
    assert (roofline.peak_flops(1), roofline.bandwidth(1)) == (3.0, 5.0)


def test_the_loops_compute_what_they_say():
    numbers = np.arange(2 * roofline.SUMS, dtype=np.float32)
    halved, start = numbers[roofline.SUMS :] / 8 + 0.875, roofline.SUMS
    roofline.multiply_add_plain(numbers, start, 3)
    np.testing.assert_array_equal(numbers[:start], np.arange(start))
    np.testing.assert_allclose(numbers[start:], halved)
    numbers = np.ones(roofline.SUMS, np.float32)
    roofline.multiply_add(numbers, 0, 3)
    wanted = 1.0 if roofline.multiply_add is roofline.multiply_add_plain else 2 / 8 + 0.875
    np.testing.assert_allclose(numbers, wanted)
    a, b, c = np.zeros(5), np.arange(5.0), np.ones(5)
    roofline.triad_on_all(a, b, c, 2)
    np.testing.assert_array_equal(a, b + 3)


def test_measured_and_threads_given_back():
    before = numba.get_num_threads()
    assert next(roofline.peak_flops_slices(1, 0.0)) > 0
    assert next(roofline.bandwidth_slices(1, roofline.triad_arrays(1000))) > 0
    assert numba.get_num_threads() == before


@pytest.mark.skipif(config.DISABLE_JIT or not simd.LANES, reason="needs the compiled vectors")
def test_the_tile_is_faster_than_one_number_at_a_time():
    """A processor has at least a gigahertz, and a vector at least eight numbers."""
    assert roofline.peak_flops(1) > 8e9


def test_warm_compiles_both():
    roofline.warm()
