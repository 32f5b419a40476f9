"""Windows over the border, ties and NaN, cell by cell."""

import itertools

import numpy as np
import pytest

from dlnotes.kernels import pooling

ONE, TWO, NONE = (1, 1), (2, 2), (0, 0)


def test_reaches_find_the_cells_that_lie_on_the_image():
    for stride, before, cells, dilation, size in itertools.product(
        (1, 3), (0, 2), (1, 3), (1, 2), (1, 4)
    ):
        table = pooling.reaches(3, stride, before, cells, dilation, size)
        for k, (first, past) in enumerate(table):
            start = k * stride - before
            inside = [u for u in range(cells) if 0 <= start + u * dilation < size]
            assert list(range(first, past)) == inside


def test_the_maximum_and_its_place():
    x = np.array([[[1.0, 5, 2], [4, 3, 9]]])
    y, where = pooling.max_forward(x, (1, 2), TWO, ONE, NONE, ONE)
    assert y.tolist() == [[[5, 9]]]
    assert where.tolist() == [[[1, 5]]]
    dx = pooling.max_backward(np.array([[[10.0, 20]]]), where, (2, 3))
    assert dx.tolist() == [[[0, 10, 0], [0, 0, 20]]]


def test_a_pixel_that_wins_two_windows_gets_both_gradients():
    x = np.array([[[0.0, 7, 0]]])
    _, where = pooling.max_forward(x, (1, 2), (1, 2), ONE, NONE, ONE)
    assert pooling.max_backward(np.array([[[1.0, 2]]]), where, (1, 3)).tolist() == [[[0, 3, 0]]]


def test_the_last_nan_of_a_window_wins():
    x = np.array([[[np.nan, 9, np.nan, 9]]])
    y, where = pooling.max_forward(x, ONE, (1, 4), ONE, NONE, ONE)
    assert np.isnan(y).all()
    assert where.tolist() == [[[2]]]


def test_minus_infinity_is_a_maximum_with_a_place():
    _, where = pooling.max_forward(np.full((1, 1, 2), -np.inf), ONE, (1, 2), ONE, NONE, ONE)
    assert where.tolist() == [[[0]]]


def test_the_average_counts_the_padding_or_not():
    x = np.full((1, 1, 1), 8.0)
    for padded, y in ((True, 2), (False, 8)):
        options = (TWO, ONE, ONE, NONE, padded)
        assert pooling.average_forward(x, ONE, *options).tolist() == [[[y]]]
        assert pooling.average_backward(np.ones((1, 1, 1)), ONE, *options).tolist() == [[[y / 8]]]


def test_warm_compiles_what_the_lessons_call():
    pooling.warm()


@pytest.mark.parametrize("shape", [(1, 2, 2), (3, 4, 5), (2, 7, 40), (5, 2, 3), (4, 9, 71)])
def test_pairs_pool_as_the_plain_loops_do(shape, monkeypatch):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    x.flat[::9] = np.nan
    x.flat[1::7] = x.flat[:-1:7]
    x.flat[3::11] = -np.inf
    two, out = (2, 2), (shape[1] // 2, shape[2] // 2)
    found = pooling.max_forward(x, out, two, two, NONE, ONE)
    dy = np.random.default_rng(1).normal(size=found[0].shape).astype(np.float32)
    dx = pooling.max_backward(dy, found[1], shape[1:])
    assert found[1].dtype == (np.uint8 if pooling.LANES else np.int64)
    monkeypatch.setattr(pooling, "LANES", 0)
    wanted, where = pooling.max_forward(x, out, two, two, NONE, ONE)
    np.testing.assert_array_equal(found[0], wanted)
    np.testing.assert_array_equal(dx, pooling.max_backward(dy, where, shape[1:]))
