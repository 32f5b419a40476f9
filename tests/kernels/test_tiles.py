"""Register tiles give what the plain loops give, fused or not, and NaN stays where it belongs."""

import numpy as np
import pytest
import reference
from tile_cases import CASES, drawn, near, needs_vectors

from dlnotes.kernels import layout, pooling, tiles

pytestmark = needs_vectors


@pytest.mark.parametrize("case", CASES)
def test_forward_is_the_definition(case):
    x, weight, bias, where, padded = drawn(case)
    sides, dilation = case[-2:]
    y, _, laid = tiles.forward(x, weight, bias, where)
    near(y, reference.conv2d(x, weight, bias, (1, 1), sides, dilation))
    np.testing.assert_array_equal(layout.padded(laid, where.forward, sides, x.shape[2:]), padded)


@pytest.mark.parametrize("case", CASES)
def test_relu_fused_is_relu_after_it(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, _ = tiles.forward(x, weight, bias, where)
    y, _, _ = tiles.forward(x, weight, bias, where, layout.RELU)
    np.testing.assert_array_equal(y, np.maximum(plain, 0))


@pytest.mark.parametrize("case", [case for case in CASES if min(case[2]) > 5])
def test_pooling_fused_is_pooling_after_it(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, _ = tiles.forward(x, weight, bias, where)
    y, _, _ = tiles.forward(x, weight, bias, where, layout.POOLED)
    planes = np.maximum(plain, 0).reshape(-1, *plain.shape[2:])
    two, none = (2, 2), (0, 0)
    wanted, _ = pooling.max_forward(planes, y.shape[2:], two, two, none, (1, 1))
    np.testing.assert_array_equal(y.reshape(wanted.shape), wanted)


@pytest.mark.parametrize("n", [1, 3, 8])
def test_shared_out_it_is_the_same(n, monkeypatch):
    x, weight, bias, where, _ = drawn((n, 2, (9, 9), 9, (3, 3), ((1, 1), (1, 1)), (1, 1)))
    alone = tiles.forward(x, weight, bias, where, layout.POOLED)
    monkeypatch.setattr("dlnotes.kernels.parallel.little", 0)
    for one, other in zip(alone, tiles.forward(x, weight, bias, where, layout.POOLED), strict=True):
        np.testing.assert_array_equal(one, other)


def test_not_a_number_passes_through_relu_and_pooling():
    case = (1, 1, (8, 8), 1, (1, 1), ((0, 0), (0, 0)), (1, 1))
    x, weight, bias, where, _ = drawn(case)
    x[0, 0, 3, 4] = np.nan
    y, code, _ = tiles.forward(x, weight, bias, where, layout.POOLED)
    assert np.argwhere(np.isnan(y)).tolist() == [[0, 0, 1, 2]]
    assert code[0, 0, 1, 2] == 2  # lower line, left
    y, _, _ = tiles.forward(x, weight, bias, where, layout.RELU)
    assert np.argwhere(np.isnan(y)).tolist() == [[0, 0, 3, 4]]


def test_warm_compiles_all():
    tiles.warm()
