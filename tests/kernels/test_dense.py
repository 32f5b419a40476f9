"""Products by tiles are the products, whatever is left over at their edges."""

import numpy as np
import pytest

from dlnotes.kernels import dense
from dlnotes.kernels.dense import FEW
from dlnotes.kernels.simd import LANES, ROWS, WIDTH

needs_vectors = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
SIZES = [(1, 1, 1), (ROWS, 3, LANES), (ROWS + 3, 5, 4 * LANES + 3), (2, LANES + 1, 2 * LANES)]
SIZES += [(FEW, 2 * LANES, 3 * LANES), (FEW + 1, LANES + 1, 2 * LANES)]
SIZES += [(2 * ROWS + 1, 3, LANES + 1), (ROWS, WIDTH + LANES + 1, 2)]


def drawn(n, n_in, n_out):
    rng = np.random.default_rng(0)
    shapes = ((n, n_in), (n_in, n_out), (n, n_out), n_out)
    return [rng.standard_normal(shape).astype(np.float32) for shape in shapes]


def near(found, wanted):
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)


@needs_vectors
@pytest.mark.parametrize(("n", "n_in", "n_out"), SIZES)
def test_products_are_the_definition(n, n_in, n_out):
    x, weight, dy, bias = drawn(n, n_in, n_out)
    near(dense.forward(x, weight, bias), x.astype(float) @ weight + bias)
    near(dense.forward(x, weight, None), x.astype(float) @ weight)
    dw, db = np.full(weight.shape, np.nan, np.float32), np.full(n_out, np.nan, np.float32)
    dx = dense.backward(x, dy, weight, dw, db)
    near(dw, x.T.astype(float) @ dy)
    near(db, dy.astype(float).sum(axis=0))
    near(dx, dy.astype(float) @ weight.T)


@needs_vectors
def test_dx_is_only_made_where_it_is_wanted():
    x, weight, dy, _ = drawn(3, 4, 5)
    dw, dw_alone = np.empty((2, *weight.shape), np.float32)
    db, db_alone = np.empty((2, weight.shape[1]), np.float32)
    assert dense.backward(x, dy, weight, dw, db) is not None
    assert dense.backward(x, dy, weight, dw_alone, db_alone, wants_dx=False) is None
    np.testing.assert_array_equal(dw_alone, dw)
    np.testing.assert_array_equal(db_alone, db)


@needs_vectors
@pytest.mark.parametrize("n", [1, ROWS + 1])
def test_shared_out_it_is_the_same(n, monkeypatch):
    x, weight, dy, bias = drawn(n, 5 * LANES + 1, LANES + 3)
    results = []
    for little in (10**12, 0):
        monkeypatch.setattr("dlnotes.kernels.parallel.little", little)
        dw, db = np.empty_like(weight), np.empty_like(bias)
        dx = dense.backward(x, dy, weight, dw, db)
        results.append([dense.forward(x, weight, bias), dw, db, dx])
    for alone, shared in zip(*results, strict=True):
        np.testing.assert_array_equal(alone, shared)


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
