"""Plans bring each number of an image to its place on the long row, and back."""

import numpy as np
import pytest

from dlnotes.kernels import plans
from dlnotes.kernels.lines import HEAD
from dlnotes.kernels.simd import LANES

pytestmark = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
SIZES = [(1, 1), (5, 3), (14, 14), (3, 40)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("begin", [(0, 0), (1, 2)])
def test_laying_brings_an_image_between_zeros(size, begin):
    h, w = size
    across = w + 2
    floats = -(-((h + 2) * across + 2 * LANES) // LANES) * LANES
    wanted = np.zeros(floats)
    image = np.arange(1, h * w + 1)
    for r in range(h):
        start = (begin[0] + r) * across + begin[1]
        wanted[start : start + w] = image[r * w : (r + 1) * w]
    found = np.full(floats, np.nan)
    for to, at, count, *order in plans.laying(floats, begin, across, size):
        numbers = np.append(image[at : at + count], np.zeros(LANES))
        assert max(order) <= count
        found[to : to + LANES] = numbers[order]
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("size", SIZES)
def test_keeping_takes_it_off_again(size):
    h, w = size
    across = w + 3
    length = (h - 1) * across + w
    row = np.full(length + LANES, np.nan)
    for r in range(h):
        row[r * across : r * across + w] = np.arange(r * w, (r + 1) * w)
    found = []
    for to, at, count, *order in plans.keeping(length, across, w):
        assert count == 0 or at == len(found)
        found.extend(row[to : to + LANES][order[:count]])
    assert found == list(range(h * w))
    assert plans.keeping(length, across, w).shape == (-(-length // LANES), HEAD + LANES)
