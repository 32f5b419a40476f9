"""What goes into a network that is looked at: its pictures, checked, and changed by hand."""

import json

import numpy as np
import pytest

from dlnotes import data
from dlnotes.layers import Conv2d, Dense, Flatten, ReLU, Sequential
from dlnotes.widgets.network_input import changed, checked_examples, examples_for

RNG = np.random.default_rng(0)
STILL = {"down": 0, "right": 0, "noise": 0.0, "seed": 0, "painted": "[]", "limits": (0.0, 1.0)}


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (Sequential(Conv2d(1, 2, 3, rng=RNG)), (10, 1, 28, 28)),
        (Sequential(Flatten(), Dense(64, 2, rng=RNG)), (10, 1, 8, 8)),
        (Sequential(Dense(784, 2, rng=RNG)), (10, 784)),
        (Sequential(Dense(64, 2, rng=RNG)), (10, 64)),
        (Sequential(ReLU(), input_shape=(1, 8, 8)), (10, 1, 8, 8)),
    ],
)
def test_a_network_on_digits_gets_one_of_each(net, shape):
    x, y = examples_for(net)
    assert x.shape == shape
    assert y.tolist() == list(range(10))
    real, labels = data.digits(size=28 if 28 in shape or 784 in shape else 8)
    np.testing.assert_array_equal(x[4].ravel(), real[np.flatnonzero(labels == 4)[0]].ravel())


def test_a_network_on_something_else_is_told_so():
    with pytest.raises(ValueError, match="does not take digits: hand over"):
        examples_for(Sequential(Dense(5, 2, rng=RNG)))


def test_nothing_changes_the_pictures_themselves():
    x = RNG.random((2, 5, 5)).astype(np.float32)
    before = x.copy()
    y = changed(x, **STILL | {"down": 1, "noise": 0.3, "painted": "[[0, 0, 1.0]]"})
    assert y.dtype == np.float32
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(changed(x, **STILL), x)


def test_what_comes_in_at_the_border_is_the_background():
    x = np.full((1, 4, 4), 0.5)
    y = changed(x, **STILL | {"down": 1, "limits": (-1.0, 1.0)})
    assert y[0, 0].tolist() == [-1.0] * 4
    assert y[0, 1:].ravel().tolist() == [0.5] * 12


def test_noise_has_the_size_it_says_and_paint_lies_on_top():
    x = np.zeros((1, 60, 60))
    y = changed(x, **STILL | {"noise": 0.1, "limits": (-2.0, 2.0)})
    assert y.std() == pytest.approx(0.4, rel=0.05)
    again = changed(x, **STILL | {"noise": 0.1, "limits": (-2.0, 2.0)})
    np.testing.assert_array_equal(y, again)
    painted = json.dumps([[2, 3, 1.5], [0, 1, -1]])
    y = changed(np.zeros((3, 5, 5)), **STILL | {"noise": 1.0, "painted": painted})
    assert y[:, 2, 3].tolist() == [1.5] * 3
    assert y[:, 0, 1].tolist() == [-1] * 3
    line = changed(np.zeros(9), **STILL | {"painted": "[[2, 1, 1.5]]", "down": 2})
    assert line.nonzero()[0].tolist() == [7]


def test_examples_are_checked():
    net = Sequential(Dense(3, 2, rng=RNG))
    x, y = checked_examples(net, [[1, 2, 3]], None, "who")
    assert x.dtype == np.float32
    assert y is None
    with pytest.raises(ValueError, match="who: y has shape"):
        checked_examples(net, [[1, 2, 3]], [1, 2], "who")
