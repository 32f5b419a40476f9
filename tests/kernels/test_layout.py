"""Images on their long rows are the images again, whatever lies around them."""

import numpy as np
import pytest

from dlnotes.kernels import layout
from dlnotes.kernels.geometry import geometry
from dlnotes.kernels.simd import LANES

pytestmark = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
SHAPES = [(1, 1, 3, 3), (2, 3, 14, 14), (5, 1, 3, 40), (1, 2, 60, 33)]
SIDES = [((0, 0), (0, 0)), ((1, 1), (1, 1)), ((2, 0), (0, 1))]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sides", SIDES)
def test_laid_out_images_are_the_padded_ones(shape, sides):
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    where = geometry(shape, (4, shape[1], 3, 3), sides, (1, 1))
    laid = layout.laid_out(x, where.forward)
    found = layout.padded(laid, where.forward, sides, shape[2:])
    np.testing.assert_array_equal(found, np.pad(x, ((0, 0), (0, 0), *sides)))
    assert np.count_nonzero(laid) == x.size
