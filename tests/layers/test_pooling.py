"""Max and average pooling are the definition, for every setting, and agree with PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from layer_checks import agrees, close, distinct, drawn, pairs, seeds

from dlnotes.layers import AvgPool2d, GlobalAvgPool2d, MaxPool2d

settings = {
    "n": st.integers(0, 2),
    "size": pairs(1, 6),
    "kernel": pairs(1, 3),
    "stride": st.one_of(st.none(), pairs(1, 3)),
    "padding": st.one_of(st.just("same"), st.tuples(pairs(0, 2), pairs(0, 2))),
    "ceil": st.booleans(),
    "seed": seeds,
}


def placed(size, kernel, stride, padding, dilation, ceil):
    """Stride and sides for the reference; draws that no layer takes are put back."""
    stride = stride or kernel
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if padding == "same":
        sides = tuple(reference.same_padding(size[a], spans[a], stride[a]) for a in (0, 1))
    else:
        sides = padding
        assume(all(max(sides[a]) < spans[a] for a in (0, 1)))
    assume(
        all(reference.pool_count(size[a], sides[a], spans[a], stride[a], ceil) > 0 for a in (0, 1))
    )
    return stride, sides


@drawn
@given(dilation=st.one_of(st.just((1, 1)), pairs(1, 2)), **settings)
def test_max_pooling_is_the_definition(n, size, kernel, stride, padding, dilation, ceil, seed):
    steps, sides = placed(size, kernel, stride, padding, dilation, ceil)

    def make(_dtype):
        return MaxPool2d(kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil)

    def definition(x):
        return reference.max_pool2d(x, kernel, steps, sides, dilation, ceil)

    x = distinct((n, 2, *size), np.random.default_rng(seed))
    wanted = definition(x)
    if not np.isfinite(wanted).all():  # a dilated window may step over a small image
        np.testing.assert_array_equal(make(None)(x), wanted)
        assert make(None).output_shape(x.shape) == wanted.shape
        return
    agrees(make, definition, x)


@drawn
@given(count_include_pad=st.booleans(), **settings)
def test_average_pooling_is_the_definition(
    n, size, kernel, stride, padding, ceil, seed, count_include_pad
):
    steps, sides = placed(size, kernel, stride, padding, (1, 1), ceil)

    def make(_dtype):
        return AvgPool2d(
            kernel,
            stride=stride,
            padding=padding,
            ceil_mode=ceil,
            count_include_pad=count_include_pad,
        )

    def definition(x):
        return reference.avg_pool2d(x, kernel, steps, sides, ceil, count_include_pad)

    agrees(make, definition, np.random.default_rng(seed).standard_normal((n, 2, *size)))


@drawn
@given(n=st.integers(0, 3), size=pairs(1, 5), seed=seeds)
def test_global_average_pooling_is_the_definition(n, size, seed):
    x = np.random.default_rng(seed).standard_normal((n, 3, *size))
    agrees(lambda _: GlobalAvgPool2d(), reference.global_avg_pool2d, x)


RECORDED = json.loads((Path(__file__).parents[1] / "data" / "pooling.json").read_text())


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: json.dumps(case["options"]))
def test_pooling_is_what_pytorch_computes(case):
    """Windows, ceil_mode and divisors, with gradients, as `tests/data/pooling.py` recorded them."""
    layer = {"MaxPool2d": MaxPool2d, "AvgPool2d": AvgPool2d}[case["layer"]](**case["options"])
    x = np.array(case["x"])
    y = layer(x)
    close(y, case["y"], 1e-12)
    close(layer.backward(np.arange(y.size, dtype=float).reshape(y.shape)), case["dx"], 1e-12)


def test_the_first_of_equal_maxima_gets_the_gradient():
    layer = MaxPool2d(2)
    layer(np.ones((1, 1, 2, 2)))
    assert layer.backward(np.ones((1, 1, 1, 1))).tolist() == [[[[1, 0], [0, 0]]]]


@pytest.mark.parametrize("layer", [MaxPool2d(2), AvgPool2d(2), GlobalAvgPool2d()])
def test_nan_stays_visible(layer):
    x = np.zeros((1, 1, 2, 2))
    x[0, 0, 0, 1] = np.nan
    assert np.isnan(layer(x)).all()


def test_a_window_that_meets_no_pixel_is_minus_infinity_and_learns_nothing():
    layer = MaxPool2d(2, stride=1, padding=1, dilation=2)
    x = np.zeros((1, 1, 1, 1))
    y = layer(x)
    assert y.tolist() == [[[[-np.inf]]]]
    assert layer.backward(np.ones(y.shape)).tolist() == [[[[0]]]]


def test_padding_never_wins_a_maximum():
    assert MaxPool2d(2, padding=1)(np.full((1, 1, 2, 2), -5.0)).max() == -5
