"""Activations are their formulas, stay finite where they can, and show NaN."""

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from layer_checks import agrees, close, distinct, drawn, seeds

from dlnotes.layers import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh

shapes = st.lists(st.integers(0, 4), min_size=1, max_size=3)


@drawn
@given(shape=shapes, slope=st.sampled_from([0.0, 0.01, 0.5, -1.0]), seed=seeds)
def test_leaky_relu_is_the_definition(shape, slope, seed):
    x = distinct(shape, np.random.default_rng(seed))
    agrees(lambda _: LeakyReLU(slope), lambda x: reference.leaky_relu(x, slope), x)


@drawn
@given(shape=shapes, seed=seeds)
def test_relu_is_the_definition(shape, seed):
    x = distinct(shape, np.random.default_rng(seed))
    agrees(lambda _: ReLU(), lambda x: reference.leaky_relu(x, 0), x)


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh"])
@drawn
@given(shape=shapes, seed=seeds)
def test_smooth_activations_are_their_definition(name, shape, seed):
    made = {"Sigmoid": Sigmoid, "Tanh": Tanh}[name]
    definition = {"Sigmoid": reference.sigmoid, "Tanh": reference.tanh}[name]
    agrees(lambda _: made(), definition, np.random.default_rng(seed).standard_normal(shape))


@drawn
@given(shape=shapes, classes=st.integers(1, 5), seed=seeds)
def test_softmax_is_the_definition(shape, classes, seed):
    x = np.random.default_rng(seed).standard_normal((*shape, classes))
    agrees(lambda _: Softmax(), reference.softmax, x)
    close(Softmax()(x).sum(axis=-1), np.ones(shape), 1e-14)


@pytest.mark.parametrize("made", [ReLU, LeakyReLU, Sigmoid, Tanh, Softmax])
def test_nan_stays_visible_forward_and_backward(made):
    layer = made()
    y = layer([[np.nan, 1.0]])
    assert np.isnan(y[0, 0])
    assert np.isnan(layer.backward([[np.nan, 1.0]])[0, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_numbers_reach_the_limits_of_the_formulas(dtype):
    x = np.array([[-np.inf, -1e30, 1e30, np.inf]], dtype)
    assert ReLU()(x).tolist() == [[0, 0, x[0, 2], np.inf]]
    assert Sigmoid()(x).tolist() == [[0, 0, 1, 1]]
    assert Tanh()(x).tolist() == [[-1, -1, 1, 1]]
    assert Softmax()(x[:, :3]).tolist() == [[0, 0, 1]]
    for layer in (Sigmoid(), Tanh()):
        layer(x)
        assert layer.backward(np.ones_like(x)).tolist() == [[0, 0, 0, 0]]


def test_at_the_kink_the_slope_is_the_one_below():
    for layer, slope in ((ReLU(), 0), (LeakyReLU(0.5), 0.5)):
        layer([0.0])
        assert layer.backward([1.0]).tolist() == [slope]


def test_what_a_reader_writes_into_y_does_not_reach_backward():
    for layer in (Sigmoid(), Tanh(), Softmax()):
        y = layer([[0.5, 1.0]])
        wanted = layer.backward([[1.0, 2.0]])
        y[:] = 0
        np.testing.assert_array_equal(layer.backward([[1.0, 2.0]]), wanted)


def test_a_slope_too_steep_for_float32_is_infinite_without_a_warning():
    layer = LeakyReLU(1e300)
    assert layer(np.array([-1, 1], np.float32)).tolist() == [-np.inf, 1]
    assert layer(np.array([-1.0, 1.0])).tolist() == [-1e300, 1]
