"""Convolutions for register tiles, forward and backward, and what they are of."""

import numpy as np
import pytest

from dlnotes.kernels.geometry import geometry
from dlnotes.kernels.simd import LANES

needs_vectors = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")

CASES = [  # n, c_in, (h, w), c_out, (k_h, k_w), ((top, bottom), (left, right)), dilation
    (2, 1, (6, 5), 3, (3, 3), ((1, 1), (1, 1)), (1, 1)),
    (3, 2, (14, 14), 9, (3, 3), ((1, 1), (1, 1)), (1, 1)),
    (1, 3, (7, 40), 2, (5, 5), ((2, 2), (2, 2)), (1, 1)),
    (2, 2, (9, 6), 4, (2, 3), ((0, 1), (2, 0)), (1, 1)),
    (1, 2, (8, 9), 5, (3, 2), ((2, 0), (1, 2)), (2, 3)),
    (1, 1, (70, 34), 1, (3, 3), ((1, 1), (1, 1)), (1, 1)),
    (2, 1, (1, 1), 1, (1, 1), ((0, 0), (0, 0)), (1, 1)),
    (1, 1, (5, 4), 2, (5, 4), ((0, 0), (0, 0)), (1, 1)),
]


def drawn(case):
    n, c_in, size, c_out, kernel, sides, dilation = case
    rng = np.random.default_rng(0)
    x, weight, bias = (
        rng.standard_normal(shape).astype(np.float32)
        for shape in ((n, c_in, *size), (c_out, c_in, *kernel), (c_out,))
    )
    where = geometry(x.shape, weight.shape, sides, dilation)
    return x, weight, bias, where, np.pad(x, ((0, 0), (0, 0), *sides))


def near(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
