"""The convolution is the textbook sum, for every setting, and the identities hold."""

import numpy as np
import pytest
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from layer_checks import agrees, close, drawn, pairs, seeds

from dlnotes.layers import AvgPool2d, Conv2d, Dense

paddings = st.one_of(
    st.just("same"),
    st.integers(0, 2),
    pairs(0, 2),
    st.tuples(pairs(0, 2), pairs(0, 2)),
)


def rng():
    return np.random.default_rng(3)


def as_sides(padding, size, kernel, dilation, stride):
    """What the reference wants: ((top, bottom), (left, right))."""
    if padding == "same":
        return tuple(
            reference.same_padding(size[a], (kernel[a] - 1) * dilation[a] + 1, stride[a])
            for a in (0, 1)
        )
    if isinstance(padding, int):
        return ((padding, padding), (padding, padding))
    if isinstance(padding[0], int):
        return ((padding[0], padding[0]), (padding[1], padding[1]))
    return padding


@drawn
@given(
    n=st.integers(0, 2),
    groups=st.sampled_from([1, 1, 2]),
    channels=pairs(1, 2),
    size=pairs(1, 6),
    kernel=pairs(1, 3),
    stride=st.one_of(st.just((1, 1)), pairs(1, 3)),
    dilation=st.one_of(st.just((1, 1)), pairs(1, 2)),
    padding=paddings,
    bias=st.booleans(),
    seed=seeds,
)
def test_conv_is_the_definition(
    n, groups, channels, size, kernel, stride, dilation, padding, bias, seed
):
    c_in, c_out = groups * channels[0], groups * channels[1]
    sides = as_sides(padding, size, kernel, dilation, stride)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    assume(all(size[a] + sum(sides[a]) >= spans[a] for a in (0, 1)))

    def make(dtype):
        return Conv2d(
            c_in,
            c_out,
            kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=bias,
            rng=np.random.default_rng(seed),
            dtype=dtype,
        )

    def definition(x, weight, given_bias=None):
        given_bias = np.zeros(c_out) if given_bias is None else given_bias
        return reference.conv2d(x, weight, given_bias, stride, sides, dilation, groups)

    x = np.random.default_rng(seed).standard_normal((n, c_in, *size))
    agrees(make, definition, x)
    assert make(np.float64).output_shape(x.shape) == make(np.float64)(x).shape


def test_a_one_by_one_convolution_is_a_dense_layer_per_pixel():
    conv, dense = Conv2d(3, 4, 1, rng=rng(), dtype=float), Dense(3, 4, rng=rng(), dtype=float)
    dense.weight.value = conv.weight.value[:, :, 0, 0].T
    dense.bias.value = conv.bias.value
    x = rng().standard_normal((2, 3, 5, 6))
    per_pixel = dense(x.transpose(0, 2, 3, 1).reshape(-1, 3)).reshape(2, 5, 6, 4)
    close(conv(x), per_pixel.transpose(0, 3, 1, 2), 1e-13)


def test_dilation_is_a_kernel_with_zeros_between():
    dilated = Conv2d(2, 3, 2, dilation=3, rng=rng(), dtype=float)
    wide = Conv2d(2, 3, 4, rng=rng(), dtype=float)
    kernel = np.zeros(wide.weight.value.shape)
    kernel[:, :, ::3, ::3] = dilated.weight.value
    wide.weight.value, wide.bias.value = kernel, dilated.bias.value
    x = rng().standard_normal((2, 2, 7, 6))
    close(dilated(x), wide(x), 1e-13)


def test_average_pooling_is_convolution_with_a_constant_kernel():
    conv = Conv2d(2, 2, (2, 3), stride=2, padding=1, groups=2, bias=False, rng=rng(), dtype=float)
    conv.weight.value = np.full(conv.weight.value.shape, 1 / 6)
    x = rng().standard_normal((2, 2, 7, 6))
    close(AvgPool2d((2, 3), stride=2, padding=1)(x), conv(x), 1e-13)


@pytest.mark.parametrize("stride", [1, 2, (3, 1)])
@pytest.mark.parametrize("groups", [1, 2])
def test_inner_products_agree(stride, groups):
    """⟨conv(x), dy⟩ = ⟨x, dx⟩ = ⟨weight, dw⟩: convolution is linear in each."""
    conv = Conv2d(
        *(2, 4, (3, 2)),
        stride=stride,
        padding=((1, 0), (2, 1)),
        groups=groups,
        bias=False,
        rng=rng(),
        dtype=float,
    )
    x = rng().standard_normal((2, 2, 6, 5))
    y = conv(x)
    dy = np.random.default_rng(9).standard_normal(y.shape)
    dx = conv.backward(dy)
    close(np.sum(y * dy), np.sum(x * dx), 1e-12)
    close(np.sum(y * dy), np.sum(conv.weight.value * conv.weight.grad), 1e-12)


def test_shifting_the_image_shifts_the_output():
    conv = Conv2d(1, 2, 3, rng=rng(), dtype=float)
    x = rng().standard_normal((1, 1, 8, 8))
    close(conv(np.roll(x, 1, axis=3))[:, :, :, 1:], conv(x)[:, :, :, :-1], 1e-13)


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_wild_pixel_shows_exactly_where_it_was_seen(wild, stride, dtype):
    conv = Conv2d(1, 2, 3, stride=stride, rng=rng(), dtype=dtype)
    x = rng().standard_normal((2, 1, 6, 6)).astype(dtype)
    x[0, 0, 1, 4] = wild
    with np.errstate(invalid="ignore"):
        wanted = reference.conv2d(x, conv.weight.value, conv.bias.value, (stride, stride))
    y = conv(x)
    np.testing.assert_array_equal(np.isfinite(y), np.isfinite(wanted))
    dy = np.ones(y.shape)
    conv.backward(dy)
    seen = np.zeros((3, 3), bool)
    for row, col in np.ndindex(y.shape[2:]):
        u, v = 1 - row * stride, 4 - col * stride
        if 0 <= u < 3 and 0 <= v < 3:
            seen[u, v] = True
    np.testing.assert_array_equal(~np.isfinite(conv.weight.grad[0, 0]), seen)


def test_multiply_adds_and_parameters_of_the_syllabus():
    layer = Conv2d(1, 32, 3, padding="same", bias=False, rng=rng())
    assert layer.multiply_adds((1, 1, 28, 28)) == 225_792
    assert sum(p.value.size for p in Conv2d(3, 32, 3, rng=rng()).parameters()) == 896
    depthwise = Conv2d(4, 4, 3, padding=1, groups=4, rng=rng())
    assert depthwise.multiply_adds((2, 4, 5, 5)) == 2 * 4 * 25 * 9


@pytest.mark.parametrize(
    ("padding", "said"),
    [(0, 0), ((1, 2), [1, 2]), (((1, 1), (2, 2)), [1, 2]), (((0, 1), (2, 2)), [[0, 1], [2, 2]])],
)
def test_config_says_padding_shortly(padding, said):
    assert Conv2d(1, 1, 1, padding=padding, rng=rng()).config()["padding"] == said


def test_weights_start_uniform_within_one_over_the_root_of_the_fan_in():
    layer = Conv2d(4, 300, 5, rng=np.random.default_rng(1))
    assert np.abs(layer.weight.value).max() <= 0.1
    np.testing.assert_allclose(layer.weight.value.std(), 0.1 / np.sqrt(3), rtol=0.02)


@pytest.mark.parametrize("stride", [9, 10**9, (1, 10**9), (10**9, 2)])
@pytest.mark.parametrize("padding", ["same", 1, ((0, 2), (1, 0))])
def test_a_stride_beyond_the_image_costs_no_more_than_the_image(stride, padding):
    """It is cut to what still gives the same windows, or it would be dealt out cell by cell."""
    x = np.random.default_rng(2).normal(size=(2, 2, 6, 7))
    layer = Conv2d(2, 3, (2, 3), stride=stride, padding=padding, rng=rng(), dtype=np.float64)
    down, across = (stride, stride) if isinstance(stride, int) else stride
    if padding == "same":
        plain = Conv2d(2, 3, (2, 3), stride=1, padding="same", rng=rng(), dtype=np.float64)
        # PyTorch's "same" is for stride 1; elsewhere the padding depends on the stride.
        plain.padding = layer._sides(x.shape)
    else:
        plain = Conv2d(2, 3, (2, 3), padding=padding, rng=rng(), dtype=np.float64)
    y, all_y = layer(x), plain(x)
    np.testing.assert_allclose(y, all_y[:, :, ::down, ::across], rtol=1e-12, atol=1e-14)
    dy = np.zeros_like(all_y)
    dy[:, :, ::down, ::across] = 1
    close(layer.backward(np.ones_like(y)), plain.backward(dy), 1e-12)
    close(layer.weight.grad, plain.weight.grad, 1e-12)


@pytest.mark.parametrize("padding", [((1, 2), 3), (1, (2, 3)), ((1, 2), (3,)), [[1, 2]]])
def test_half_said_padding_is_refused(padding):
    with pytest.raises(ValueError, match="^Conv2d: padding is "):
        Conv2d(1, 1, 3, padding=padding, rng=rng())
