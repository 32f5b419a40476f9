"""Register tiles go back as the plain loops do, shared out by images or by pieces of them."""

import numpy as np
import pytest
from tile_cases import CASES, drawn, near, needs_vectors

from dlnotes.kernels import conv, layout, pooling, tiles, tiles_back

pytestmark = needs_vectors
MANY = (65, 2, (6, 5), 3, (3, 3), ((1, 1), (1, 1)), (1, 1))  # more images than meet dw together


def drawn_dy(y):
    return np.random.default_rng(1).standard_normal(y.shape).astype(np.float32)


def same(found, wanted):
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("by_images", [None, True, False])
@pytest.mark.parametrize("case", [*CASES, MANY])
def test_backward_is_the_plain_loops(case, by_images):
    x, weight, bias, where, padded = drawn(case)
    dilation, sides = case[-1], case[-2]
    y, _, laid = tiles.forward(x, weight, bias, where)
    dy = drawn_dy(y)
    dw, db, dx = tiles_back.backward(dy, laid, weight, where, by_images=by_images)
    near(dw, conv.backward_weight(padded, dy, weight.shape, (1, 1), dilation))
    near(db, dy.sum(axis=(0, 2, 3)))
    whole = conv.backward_x(dy, weight, x.shape[1], padded.shape[2:], (1, 1), dilation)
    (top, _), (left, _) = sides
    near(dx, whole[:, :, top : top + x.shape[2], left : left + x.shape[3]])
    without = tiles_back.backward(dy, laid, weight, where, wants_dx=False, by_images=by_images)
    assert without[2] is None
    near(without[0], dw)
    plain = layout.PLAIN, tiles.NO_Y, tiles.NO_CODE
    np.testing.assert_array_equal(tiles_back.unfused(dy, where, *plain), dy)


@pytest.mark.parametrize("by_images", [True, False])
def test_shared_out_it_is_the_same(by_images, monkeypatch):
    x, weight, bias, where, _ = drawn(MANY)
    y, code, laid = tiles.forward(x, weight, bias, where, layout.POOLED)
    rest = drawn_dy(y), laid, weight, where, layout.POOLED, tiles.NO_Y, code
    alone = tiles_back.backward(*rest, by_images=by_images)
    monkeypatch.setattr("dlnotes.kernels.parallel.little", 0)
    for one, other in zip(alone, tiles_back.backward(*rest, by_images=by_images), strict=True):
        near(one, other)


@pytest.mark.parametrize("case", [*CASES, MANY])
def test_back_through_a_fused_relu(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, laid = tiles.forward(x, weight, bias, where)
    y, _, _ = tiles.forward(x, weight, bias, where, layout.RELU)
    dy = drawn_dy(y)
    through = dy * (plain > 0)
    fused = tiles_back.backward(dy, laid, weight, where, layout.RELU, y)
    same(fused, tiles_back.backward(through, laid, weight, where))
    found = tiles_back.unfused(dy, where, layout.RELU, y, tiles.NO_CODE)
    np.testing.assert_array_equal(found, through)


@pytest.mark.parametrize("case", [case for case in CASES if min(case[2]) > 5])
def test_back_through_fused_pooling(case):
    x, weight, bias, where, _ = drawn(case)
    plain, _, laid = tiles.forward(x, weight, bias, where)
    y, code, _ = tiles.forward(x, weight, bias, where, layout.POOLED)
    planes = np.maximum(plain, 0).reshape(-1, *plain.shape[2:])
    two, none = (2, 2), (0, 0)
    wanted, at = pooling.max_forward(planes, y.shape[2:], two, two, none, (1, 1))
    dy = drawn_dy(y)
    unpooled = pooling.max_backward(dy.reshape(wanted.shape), at, planes.shape[1:])
    dead = unpooled.reshape(plain.shape) * (plain > 0)
    fused = tiles_back.backward(dy, laid, weight, where, layout.POOLED, tiles.NO_Y, code)
    same(fused, tiles_back.backward(dead, laid, weight, where))


def test_pooling_sends_back_to_where_not_a_number_was():
    case = (1, 1, (8, 8), 1, (1, 1), ((0, 0), (0, 0)), (1, 1))
    x, weight, bias, where, _ = drawn(case)
    x[0, 0, 3, 4] = np.nan
    y, code, laid = tiles.forward(x, weight, bias, where, layout.POOLED)
    dy = np.zeros_like(y)
    dy[0, 0, 1, 2] = 1
    _, _, dx = tiles_back.backward(dy, laid, weight, where, layout.POOLED, tiles.NO_Y, code)
    assert np.argwhere(dx).tolist() == [[0, 0, 3, 4]]


def test_warm_compiles_all():
    tiles_back.warm()
