"""What follows what in a network, and which maps a map is made from."""

import numpy as np
import pytest

from dlnotes.layers import Conv2d, Dense, Flatten, ReLU, Sequential, Softmax
from dlnotes.widgets.network_sources import flat, sources, viewable

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("layer", "shape", "unit", "wanted"),
    [
        (ReLU(), (3, 4, 4), 2, {2: 1.0}),
        (Flatten(), (3, 4, 4), 17, {1: 1.0}),
        (Flatten(), (7,), 5, {5: 1.0}),
        (Softmax(), (3,), 0, {0: 1.0, 1: 1.0, 2: 1.0}),
        (Softmax(), (2, 3, 3), 1, {1: 1.0}),
    ],
    ids=repr,
)
def test_sources(layer, shape, unit, wanted):
    assert sources(layer, shape, unit) == wanted


def test_sources_of_weights():
    dense = Dense(3, 2, rng=RNG)
    assert list(sources(dense, (3,), 1).values()) == pytest.approx(
        dense.weight.value[:, 1].tolist()
    )
    grouped = Conv2d(4, 4, 1, groups=2, rng=RNG)
    assert set(sources(grouped, (4, 3, 3), 3)) == {2, 3}


def test_a_network_inside_a_network_is_laid_out_flat():
    first, second, third = ReLU(), Flatten(), Softmax()
    assert flat(Sequential(first, Sequential(second, Sequential(third)))) == [first, second, third]
    assert flat(first) == [first]


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [((3,), (3,)), ((2, 3), (1, 2, 3)), ((2, 3, 4), (2, 3, 4)), ((2,) * 4, (16,))],
)
def test_any_output_can_be_viewed(shape, wanted):
    assert viewable(np.zeros(shape)).shape == wanted
    assert viewable(np.array(3.0)).shape == (1,)
