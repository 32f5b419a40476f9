"""The arithmetic that is written out gives the number that the network gave, for every layer."""

import numpy as np
import pytest
import reference

from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    BlurPool2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from dlnotes.layers.rebuild import KNOWN
from dlnotes.pictures.svg import readable
from dlnotes.widgets.network_arithmetic import EXPLAINED, explained, filled, grid_of

RNG = np.random.default_rng(0)
TRAINED = BatchNorm(4)
TRAINED(RNG.normal(3, 2, (8, 4, 6, 5)))
TRAINED.weight.value, TRAINED.bias.value = [0.5, -2.0, 1.0, 3.0], [1.0, 3.0, -1.0, 0.0]
MAPS = [
    Conv2d(4, 3, 3, rng=RNG),
    Conv2d(4, 6, (3, 2), stride=(2, 1), padding=((2, 0), (1, 3)), dilation=(1, 2), rng=RNG),
    Conv2d(4, 4, 3, stride=2, padding="same", groups=2, bias=False, rng=RNG),
    Conv2d(4, 4, 3, padding=1, groups=4, rng=RNG),
    MaxPool2d(2),
    MaxPool2d(3, stride=2, padding=1),
    MaxPool2d(2, stride=2, ceil_mode=True),
    MaxPool2d(2, dilation=2, padding=1),
    AvgPool2d(2),
    AvgPool2d(3, stride=2, padding=1),
    AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
    AvgPool2d(2, stride=4, padding=((0, 1), (1, 0)), ceil_mode=True),
    BlurPool2d(),
    BlurPool2d((4, 5), stride=(1, 3)),
    GlobalAvgPool2d(),
    TRAINED,
    Flatten(),
    ReLU(),
    LeakyReLU(0.3),
    Sigmoid(),
    Tanh(),
    Softmax(),
    Dropout(0.5, rng=np.random.default_rng(1)),
]
LISTS = [
    *(Dense(7, 3, rng=RNG), Dense(7, 3, bias=False, rng=RNG), ReLU(), LeakyReLU(), Softmax()),
    *(Tanh(), Sigmoid(), Flatten(), Dropout(rng=RNG)),
]


def checked(layer, x):
    """The arithmetic of every number of the layer's output for one example x."""
    layer.training = False
    y = layer(x[None])[0]
    for index in np.ndindex(y.shape):
        place = (*index, 0, 0)[:3]
        how = explained(layer, x, place)
        assert how.value == pytest.approx(float(y[index]), rel=1e-4, abs=2e-5)
        assert how.lines
        assert readable(how.value, 4) in how.lines[-1] or how.rows
        if how.weights is not None:
            assert how.window.shape == how.weights.shape
            total = np.nansum(how.window * how.weights) + (how.bias or 0)
            assert total == pytest.approx(how.value)
            assert how.sums.sum() == pytest.approx(total - (how.bias or 0))
        else:
            assert how.sums is None
        yield how, place


@pytest.mark.parametrize("layer", MAPS, ids=repr)
def test_every_number_of_maps_is_explained(layer):
    x = RNG.standard_normal((4, 6, 5)).astype(np.float32)
    for how, _place in checked(layer, x):
        if how.box and how.window is not None:
            row, col, rows, cols = how.box
            padded = np.pad(x.astype(float), ((0, 0), (9, 9), (9, 9)))
            seen = padded[how.first, row + 9 : row + 9 + rows, col + 9 : col + 9 + cols]
            # Whatever the window holds lies in its box on the map (mirrored borders lie inside).
            for value in how.window[0][np.isfinite(how.window[0])]:
                assert (seen == value).any() or isinstance(layer, BlurPool2d)


@pytest.mark.parametrize("layer", LISTS, ids=repr)
def test_every_number_of_lists_is_explained(layer):
    assert list(checked(layer, RNG.standard_normal(7).astype(np.float32)))


def test_every_layer_of_the_package_is_explained():
    assert {kind.__name__ for kind in EXPLAINED} == set(KNOWN)
    assert {type(layer) for layer in MAPS + LISTS} == set(EXPLAINED)


def test_a_convolution_agrees_with_the_textbook():
    layer = Conv2d(2, 3, 3, stride=2, padding=1, rng=np.random.default_rng(4))
    x = RNG.random((2, 7, 6))
    wanted = reference.conv2d(
        x[None], layer.weight.value.astype(float), layer.bias.value.astype(float),
        (2, 2), ((1, 1), (1, 1)),
    )[0]  # fmt: skip
    for place in np.ndindex(wanted.shape):
        how = explained(layer, x, place)
        assert how.value == pytest.approx(wanted[place], rel=1e-12)
        assert how.box == (2 * place[1] - 1, 2 * place[2] - 1, 3, 3)
        assert f"{readable(how.value, 4)}" in how.lines[0]
    assert not explained(layer, x, (0, 0, 0)).window[:, 0].any()  # the padding's zeros


def test_groups_see_their_own_maps():
    layer = Conv2d(4, 4, 1, groups=2, rng=RNG)
    assert [explained(layer, np.ones((4, 2, 2)), (o, 0, 0)).first for o in range(4)] == [0, 0, 2, 2]


def test_the_largest_of_a_window_is_marked():
    x = np.zeros((2, 6, 6))
    x[1, 3, 4] = 2
    how = explained(MaxPool2d(3), x, (1, 1, 1))
    assert (how.value, how.winner) == (2, (0, 1))
    padded = np.full((1, 4, 4), -3.0)
    padded[0, 0, 0] = -1
    assert explained(MaxPool2d(2, padding=1), padded, (0, 0, 0)).winner == (1, 1)


def test_means_and_scales_are_written_with_four_digits():
    x = np.full((1, 2, 2), 0.123456)
    assert explained(GlobalAvgPool2d(), x, (0, 0, 0)).lines == [
        "The mean of all numbers of map 0: 0.4938 / 4 = 0.1235"
    ]
    layer = BatchNorm(1)
    layer.running_mean[...], layer.running_var[...] = -0.98771, 1.23456
    assert explained(layer, x, (0, 0, 0)).lines[1] == (
        "= 1 · (0.1235 − (−0.9877)) / √(1.235 + 1×10⁻⁵) + 0 = 1"
    )


def test_softmax_is_written_out_with_all_its_terms():
    logits = np.array([1.0, 2.0, 4.0])
    how = explained(Softmax(), logits, (2, 0, 0))
    assert how.value == pytest.approx(reference.softmax(logits[None])[0, 2])
    assert how.marked == 2
    assert [row[1] for row in how.rows] == ["1", "2", "4"]
    assert how.rows[2][2] == readable(np.exp(4), 4)
    assert how.header[2] == "e^(z)"
    assert how.lines[1].startswith("e^(4) / Σ = 54.6 / ")


def test_a_softmax_of_many_numbers_shows_the_largest_and_the_chosen_one():
    logits = np.random.default_rng(3).permutation(100) / 10
    how = explained(Softmax(), logits, (int(logits.argmin()), 0, 0))
    assert len(how.rows) == 12
    assert how.rows[how.marked][1] == "0"
    assert {"9.9", "9.8", "8.9"} <= {row[1] for row in how.rows}
    assert how.lines[-1] == "Of all 100 numbers the table has the largest and this one."


def test_a_softmax_of_large_logits_stays_finite():
    how = explained(Softmax(), np.array([1000.0, 999.0]), (0, 0, 0))
    assert how.value == pytest.approx(1 / (1 + np.exp(-1)))
    assert how.header[2] == "e^(z − 1000)"
    assert "largest logit is taken off" in how.lines[2]


def test_a_dense_layer_behind_maps_is_shown_as_maps():
    layer = Dense(8, 2, rng=RNG)
    x = RNG.random(8)
    how = explained(layer, x, (1, 0, 0), (2, 2, 2))
    assert how.window.tolist() == x.reshape(2, 2, 2).tolist()
    assert how.box == (0, 0, 2, 2)
    np.testing.assert_allclose(how.weights, layer.weight.value[:, 1].reshape(2, 2, 2))


def test_a_flattened_number_tells_where_it_was():
    how = explained(Flatten(), np.arange(24.0).reshape(2, 3, 4), (17, 0, 0))
    assert how.box == (1, 1, 1, 1)
    assert how.first == 1
    assert how.lines == ["Number 17 is row 1, column 1 of map 1, unchanged: 17"]


def test_a_layer_of_the_readers_own_is_shown_but_not_explained():
    how = explained(Layer(), np.array([[[3.0]]]), (0, 0, 0))
    assert np.isnan(how.value)
    assert "code of its own" in how.lines[0]
    assert how.window is None


@pytest.mark.parametrize(("size", "shape"), [(1, (1, 1, 1)), (10, (1, 3, 4)), (784, (1, 28, 28))])
def test_a_list_is_shown_about_square(size, shape):
    assert grid_of(size) == shape
    laid = filled(np.arange(size, dtype=float), shape)
    assert np.isnan(laid).sum() == np.prod(shape) - size
    assert laid.ravel()[:size].tolist() == list(range(size))
