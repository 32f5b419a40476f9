"""Mini-batches: every example once, in an order that the generator picks."""

import numpy as np
import pytest

import dlnotes as dl


def parts(x, y, batch_size, seed=1):
    return list(dl.data.batches(x, y, batch_size, rng=np.random.default_rng(seed)))


def test_every_example_comes_once_with_its_own_label():
    x, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    found = parts(x, y, 4)
    assert [len(part) for part, _ in found] == [4, 4, 2]
    assert np.sort(np.concatenate([labels for _, labels in found])).tolist() == list(range(10))
    for part, labels in found:
        assert np.array_equal(part, x[labels])
        assert (part.dtype, labels.dtype) == (x.dtype, y.dtype)


def test_the_generator_decides_the_order_and_each_epoch_has_its_own():
    x, rng = np.arange(50), np.random.default_rng(1)
    first = next(dl.data.batches(x, x, 50, rng=rng))[0]
    second = next(dl.data.batches(x, x, 50, rng=rng))[0]
    assert not np.array_equal(first, second)
    assert np.array_equal(first, parts(x, x, 50)[0][0])


def test_a_batch_is_the_callers_own():
    x = np.ones((4, 2))
    for part, _ in parts(x, [1, 2, 3, 4], 9):
        part[:] = 0
    assert x.all()


@pytest.mark.parametrize(
    ("x", "y", "batch_size", "named"),
    [
        (np.ones(3), np.ones(4), 2, "x has 3 examples and y has 4"),
        (np.ones((0, 2)), np.ones(0), 2, "x has shape"),
        (np.ones(3), 1.0, 2, "y has shape"),
        (5, np.ones(3), 2, "x has shape"),
        (np.ones(3), np.ones(3), 0, "batch_size is 0"),
        (np.ones(3), np.ones(3), -2, "batch_size is -2"),
        (np.ones(3), np.ones(3), 2.0, "batch_size is 2.0"),
        (np.ones(3), np.ones(3), None, "batch_size is None"),
        (np.ones(3), np.ones(3), True, "batch_size is True"),
    ],
)
def test_what_does_not_fit_is_refused_at_the_call(x, y, batch_size, named):
    with pytest.raises(ValueError, match=rf"^batches: {named}.*wanted"):
        dl.data.batches(x, y, batch_size, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("x", "y", "rng", "named"),
    [
        (["a", "b"], [1, 2], np.random.default_rng(1), "x"),
        ([1, 2], [None, 1], np.random.default_rng(1), "y"),
        ([[1], [1, 2]], [1, 2], np.random.default_rng(1), "x"),
        (np.ma.masked_array([1, 2]), [1, 2], np.random.default_rng(1), "x"),
        ([1, 2], [1, 2j], np.random.default_rng(1), "y"),
        ([1, 2], [1, 2], 1, "rng"),
        ([1, 2], [1, 2], None, "rng"),
    ],
)
def test_what_is_of_another_kind_is_refused_at_the_call(x, y, rng, named):
    with pytest.raises(TypeError, match=rf"^batches: {named} "):
        dl.data.batches(x, y, 1, rng=rng)
