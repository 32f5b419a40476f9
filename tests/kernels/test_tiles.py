"""Register tiles give what the plain loops give, fused or not, and NaN stays where it belongs."""

import numpy as np
import pytest
import reference

from dlnotes.kernels import conv, layout, pooling, tiles
from dlnotes.kernels.geometry import geometry

pytestmark = pytest.mark.skipif(not tiles.LANES, reason="this processor has no such vectors")

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


@pytest.mark.parametrize("case", CASES)
def test_both_ways_are_the_plain_loops(case):
    x, weight, bias, where, padded = drawn(case)
    dilation, sides = case[-1], case[-2]
    y, _, laid = tiles.forward(x, weight, bias, where)
    near(y, reference.conv2d(x, weight, bias, (1, 1), sides, dilation))
    dy = np.random.default_rng(1).standard_normal(y.shape).astype(np.float32)
    dw, db, dx, back = tiles.backward(dy, laid, weight, where)
    np.testing.assert_array_equal(layout.taken_up(back, where), dy)
    near(dw, conv.backward_weight(padded, dy, weight.shape, (1, 1), dilation))
    near(db, dy.sum(axis=(0, 2, 3)))
    whole = conv.backward_x(dy, weight, x.shape[1], padded.shape[2:], (1, 1), dilation)
    (top, _), (left, _) = sides
    near(dx, whole[:, :, top : top + x.shape[2], left : left + x.shape[3]])
    assert tiles.backward(dy, laid, weight, where, wants_dx=False)[2] is None
    np.testing.assert_array_equal(layout.padded(laid, where.forward, sides, x.shape[2:]), padded)


@pytest.mark.parametrize("case", CASES)
def test_relu_fused_is_relu_after_it(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, laid = tiles.forward(x, weight, bias, where)
    y, _, _ = tiles.forward(x, weight, bias, where, layout.RELU)
    np.testing.assert_array_equal(y, np.maximum(plain, 0))
    dy = np.random.default_rng(1).standard_normal(y.shape).astype(np.float32)
    fused = tiles.backward(dy, laid, weight, where, layout.RELU, y)
    for one, other in zip(
        fused, tiles.backward(dy * (plain > 0), laid, weight, where), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", [case for case in CASES if min(case[2]) > 5])
def test_pooling_fused_is_pooling_after_it(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, laid = tiles.forward(x, weight, bias, where)
    y, code, _ = tiles.forward(x, weight, bias, where, layout.POOLED)
    planes = np.maximum(plain, 0).reshape(-1, *plain.shape[2:])
    two, none = (2, 2), (0, 0)
    wanted, at = pooling.max_forward(planes, y.shape[2:], two, two, none, (1, 1))
    np.testing.assert_array_equal(y.reshape(wanted.shape), wanted)
    dy = np.random.default_rng(1).standard_normal(y.shape).astype(np.float32)
    unpooled = pooling.max_backward(dy.reshape(wanted.shape), at, planes.shape[1:])
    dead = unpooled.reshape(plain.shape) * (plain > 0)
    fused = tiles.backward(dy, laid, weight, where, layout.POOLED, tiles.NO_Y, code)
    for one, other in zip(fused, tiles.backward(dead, laid, weight, where), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_not_a_number_passes_through_relu_and_pooling():
    case = (1, 1, (8, 8), 1, (1, 1), ((0, 0), (0, 0)), (1, 1))
    x, weight, bias, where, _ = drawn(case)
    x[0, 0, 3, 4] = np.nan
    y, code, laid = tiles.forward(x, weight, bias, where, layout.POOLED)
    assert np.argwhere(np.isnan(y)).tolist() == [[0, 0, 1, 2]]
    assert code[0, 0, 1, 2] == 2  # lower line, left
    dy = np.zeros_like(y)
    dy[0, 0, 1, 2] = 1
    _, _, dx, _ = tiles.backward(dy, laid, weight, where, layout.POOLED, tiles.NO_Y, code)
    assert np.argwhere(dx).tolist() == [[0, 0, 3, 4]]
    y, _, _ = tiles.forward(x, weight, bias, where, layout.RELU)
    assert np.argwhere(np.isnan(y)).tolist() == [[0, 0, 3, 4]]


def test_warm_compiles_all():
    tiles.warm()
