"""The dense layer is x @ weight + bias, forward and backward."""

import numpy as np
import reference
from hypothesis import given
from hypothesis import strategies as st
from layer_checks import agrees, drawn, seeds, sizes

from dlnotes.layers import Dense


@drawn
@given(n=st.integers(0, 4), n_in=sizes, n_out=sizes, bias=st.booleans(), seed=seeds)
def test_dense_is_the_definition(n, n_in, n_out, bias, seed):
    def make(dtype):
        return Dense(n_in, n_out, bias=bias, rng=np.random.default_rng(seed), dtype=dtype)

    def definition(x, weight, given_bias=None):
        return reference.dense(x, weight, np.zeros(n_out) if given_bias is None else given_bias)

    agrees(make, definition, np.random.default_rng(seed).standard_normal((n, n_in)))


def test_weights_start_uniform_within_one_over_the_root_of_n_in():
    layer = Dense(100, 300, rng=np.random.default_rng(1))
    for parameter in layer.parameters():
        assert np.abs(parameter.value).max() <= 0.1
    np.testing.assert_allclose(layer.weight.value.std(), 0.1 / np.sqrt(3), rtol=0.02)


def test_the_same_generator_gives_the_same_layer():
    one, two = (Dense(3, 2, rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one.weight.value, two.weight.value)


def test_without_a_bias_there_is_one_parameter():
    layer = Dense(3, 2, bias=False, rng=np.random.default_rng(4))
    assert layer.bias is None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]


def test_multiply_adds_are_one_per_weight_and_example():
    layer = Dense(784, 100, rng=np.random.default_rng(0))
    assert layer.multiply_adds((1, 784)) == 78_400
    assert layer.multiply_adds((64, 784)) == 64 * 78_400
