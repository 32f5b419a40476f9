"""Batch normalisation is the definition in both its modes, and agrees with PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from layer_checks import agrees, close, drawn, pairs, seeds

from dlnotes.layers import BatchNorm

EPS = 1e-5


def spread(shape, rng):
    """Values whose variance is not tiny, so that finite differences stay exact."""
    return rng.standard_normal(shape) + np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1))


@drawn
@given(n=st.integers(3, 5), channels=st.integers(1, 3), size=st.none() | pairs(1, 3), seed=seeds)
def test_training_is_the_definition(n, channels, size, seed):
    rng = np.random.default_rng(seed)

    def make(dtype):
        layer = BatchNorm(channels, dtype=dtype)
        layer.weight.value, layer.bias.value = np.arange(1.0, channels + 1), np.ones(channels)
        return layer

    def definition(x, weight, bias):
        return reference.batch_norm(x, weight, bias, EPS)

    agrees(make, definition, spread((n, channels, *(size or ())), rng))


@drawn
@given(n=st.integers(0, 4), channels=st.integers(1, 3), size=st.none() | pairs(1, 3), seed=seeds)
def test_after_training_the_running_mean_and_variance_are_used(n, channels, size, seed):
    rng = np.random.default_rng(seed)
    mean, var = rng.standard_normal(channels), rng.uniform(0.5, 2, channels)

    def make(dtype):
        layer = BatchNorm(channels, dtype=dtype)
        layer.running_mean, layer.running_var = mean.astype(dtype), var.astype(dtype)
        layer.training = False
        return layer

    def definition(x, weight, bias):
        return reference.normalised(x, mean, var, weight, bias, EPS)

    agrees(make, definition, rng.standard_normal((n, channels, *(size or ()))))


RECORDED = json.loads((Path(__file__).parents[1] / "data" / "batch_norm.json").read_text())


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: f"{np.shape(case['x'])}")
def test_batch_norm_is_what_pytorch_computes(case):
    """Output, gradients and running values, as `tests/data/batch_norm.py` recorded them."""
    layer = BatchNorm(2, momentum=case["momentum"], eps=case["eps"], dtype=float)
    layer.weight.value, layer.bias.value = case["weight"], case["bias"]
    y = layer(np.array(case["x"]))
    close(y, case["y"], 1e-12)
    close(layer.backward(case["dy"]), case["dx"], 1e-12)
    close(layer.weight.grad, case["weight_grad"], 1e-12)
    close(layer.bias.grad, case["bias_grad"], 1e-12)
    close(layer.running_mean, case["running_mean"], 1e-12)
    close(layer.running_var, case["running_var"], 1e-12)
    layer.training = False
    close(layer(np.array(case["x"])), case["y_later"], 1e-12)


def test_one_value_a_channel_becomes_the_bias():
    layer = BatchNorm(2)
    layer.bias.value = [3, 4]
    assert layer(np.array([[[[5.0]], [[6.0]]]])).ravel().tolist() == [3, 4]
    np.testing.assert_allclose(layer.running_mean, [0.5, 0.6], rtol=1e-6)
    assert layer.running_var.tolist() == [1, 1]
    assert not layer.backward(np.ones((1, 2, 1, 1))).any()


@pytest.mark.parametrize("shape", [(0, 2), (0, 2, 3, 3)])
def test_an_empty_batch_changes_nothing(shape):
    layer = BatchNorm(2)
    before = layer.state()
    assert layer(np.zeros(shape)).shape == shape
    assert layer.backward(np.zeros(shape)).shape == shape
    for name, value in layer.state().items():
        np.testing.assert_array_equal(value, before[name])


def test_nan_stays_visible():
    y = BatchNorm(2)(np.array([[1, np.nan], [2, 3.0]]))
    assert np.isnan(y).tolist() == [[False, True], [False, True]]


def test_one_multiply_add_a_value():
    assert BatchNorm(3).multiply_adds((2, 3, 4, 5)) == 120
