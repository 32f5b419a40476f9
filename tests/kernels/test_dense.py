"""Products by tiles are the products, whatever is left over at their edges."""

import numpy as np
import pytest

from dlnotes.kernels import dense
from dlnotes.kernels.dense import FEW
from dlnotes.kernels.simd import LANES, ROWS

needs_vectors = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
SIZES = [(1, 1, 1), (ROWS, 3, LANES), (ROWS + 3, 5, 4 * LANES + 3), (2, LANES + 1, 2 * LANES)]
SIZES += [(FEW, 2 * LANES, 3 * LANES), (FEW + 1, LANES + 1, 2 * LANES)]
SIZES.append((2 * ROWS + 1, 3, LANES + 1))


@needs_vectors
@pytest.mark.parametrize(("n", "n_in", "n_out"), SIZES)
def test_products_are_the_definition(n, n_in, n_out):
    rng = np.random.default_rng(0)
    x, weight, dy, bias = (
        rng.standard_normal(shape).astype(np.float32)
        for shape in ((n, n_in), (n_in, n_out), (n, n_out), n_out)
    )
    for found, wanted in (
        (dense.forward(x, weight, bias), x.astype(float) @ weight + bias),
        (dense.forward(x, weight, None), x.astype(float) @ weight),
        (dense.backward_weight(x, dy), x.T.astype(float) @ dy),
        (dense.backward_weight(x, dy, np.full((n_in, n_out), np.nan, np.float32)), x.T @ dy),
        (dense.backward_x(dy, weight), dy.astype(float) @ weight.T),
    ):
        assert found.flags.c_contiguous
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@needs_vectors
def test_not_a_number_stays_in_its_row():
    x = np.ones((ROWS + 1, 3), np.float32)
    x[ROWS - 1, 1] = np.nan
    y = dense.forward(x, np.ones((3, 2), np.float32), None)
    assert np.flatnonzero(np.isnan(y).any(axis=1)).tolist() == [ROWS - 1]


def test_what_is_left_to_the_library(monkeypatch):
    dense.warm()
    x = np.ones((2, 3), np.float32)
    assert dense.suits(x, 4) == bool(LANES)
    assert not dense.suits(x.astype(float), 4)
    assert not dense.suits(x[:0], 4)
    assert not dense.suits(x, dense.LARGE)
    monkeypatch.setattr(dense, "LANES", 0)
    assert not dense.suits(x, 4)
    dense.warm()
