"""Arrays by their address are the arrays, and no address outlives what it named."""

import copy
import pickle

import numpy as np
import pytest

from dlnotes.kernels.addresses import Table, share
from dlnotes.kernels.compiled import njit


@njit
def doubled(table, row, k, part, parts, like):
    found = share(table, row, k, part, parts, like)
    for i in range(found.size):
        found[i] *= 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_kernel_reaches_every_part_of_every_array(dtype):
    table, arrays = Table(), [np.ones((2, size), dtype) for size in (3, 1, 8)]
    for row, (one, other) in enumerate(arrays):
        table.note(row, one, other)
    doubled(table.array, 0, 1, 0, 1, table.like)
    doubled(table.array, 2, 2, 1, 3, table.like)
    assert arrays[0].tolist() == [[2, 2, 2], [1, 1, 1]]
    assert arrays[1].tolist() == [[1], [1]]
    assert table.numbers == 3 + 1 + 8
    assert arrays[2].tolist() == [[1] * 8, [1, 1, 2, 2, 2, 1, 1, 1]]


def test_a_row_may_be_noted_again_and_holds_its_arrays():
    table = Table()
    for fill in (1, 2):
        table.note(0, np.full(4, fill, np.float32))
    doubled(table.array, 0, 1, 0, 1, table.like)
    assert table.rows[0][0].tolist() == [4] * 4


@pytest.mark.parametrize(
    "array", [np.zeros(3), np.zeros(2, np.float32), np.zeros((2, 3), np.float32)[:, 0]]
)
def test_what_no_kernel_could_read_is_refused(array):
    table, first = Table(), np.zeros(3, np.float32)
    table.note(0, first, first)
    before = table.array.copy()
    with pytest.raises(ValueError, match="came, wanted contiguous ones of 3 numbers of float32"):
        table.note(1, first, array)
    np.testing.assert_array_equal(table.array, before)
    with pytest.raises(ValueError, match="dtype int64"):
        Table().note(0, np.zeros(3, np.int64))


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))]
)
def test_a_copy_begins_empty(again):
    table = Table()
    table.note(0, np.zeros(3, np.float32))
    found = again(table)
    assert not found.rows
    assert found.array.size == 0
