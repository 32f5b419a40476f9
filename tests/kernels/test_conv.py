"""The long rows give the textbook convolution, and its exact adjoint."""

import numpy as np
import pytest
import reference

from dlnotes.kernels import conv


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


CASES = [  # n, c_in, c_out, groups, (h, w), (k_h, k_w), stride, dilation
    (2, 1, 2, 1, (5, 6), (3, 3), (1, 1), (1, 1)),
    (1, 4, 2, 2, (6, 4), (2, 3), (1, 1), (2, 1)),
    (1, 2, 3, 1, (1, 1), (1, 1), (1, 1), (1, 1)),
    (0, 1, 2, 1, (4, 4), (3, 3), (1, 1), (1, 1)),
    (1, 2, 1, 1, (7, 5), (4, 5), (2, 1), (1, 1)),
    (2, 2, 4, 2, (8, 7), (3, 2), (3, 2), (1, 3)),
    (1, 1, 1, 1, (9, 4), (1, 2), (5, 3), (1, 1)),
]


@pytest.mark.parametrize("case", CASES)
def test_forward_is_the_definition(case):
    n, c_in, c_out, groups, size, kernel, stride, dilation = case
    x, weight, bias = drawn(1, (n, c_in, *size), (c_out, c_in // groups, *kernel), (c_out,))
    y = conv.forward(x, weight, bias, stride, dilation)
    wanted = reference.conv2d(x, weight, bias, stride, dilation=dilation, groups=groups)
    np.testing.assert_allclose(y, wanted, rtol=0, atol=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_backward_is_the_adjoint(case):
    """⟨conv(x), dy⟩ = ⟨x, dx⟩ for every single pixel x, and likewise for every weight."""
    n, c_in, c_out, groups, size, kernel, stride, dilation = case
    x, weight = drawn(2, (n, c_in, *size), (c_out, c_in // groups, *kernel))
    bias = np.zeros(c_out)
    dy = np.random.default_rng(3).standard_normal(
        conv.forward(x, weight, bias, stride, dilation).shape
    )
    dx = conv.backward_x(dy, weight, c_in, size, stride, dilation)
    dw = conv.backward_weight(x, dy, weight.shape, stride, dilation)
    plain = np.zeros_like(dw)
    conv.backward_weight_plain(x, dy, stride, dilation, plain, nanoseconds=0)
    np.testing.assert_allclose(dw, plain, rtol=0, atol=1e-13)
    for place in np.ndindex(x.shape):
        one = np.zeros_like(x)
        one[place] = 1
        wanted = np.sum(conv.forward(one, weight, bias, stride, dilation) * dy)
        np.testing.assert_allclose(dx[place], wanted, rtol=0, atol=1e-13)
    for place in np.ndindex(weight.shape):
        one = np.zeros_like(weight)
        one[place] = 1
        wanted = np.sum(conv.forward(x, one, bias, stride, dilation) * dy)
        np.testing.assert_allclose(dw[place], wanted, rtol=0, atol=1e-12)


def test_pixels_that_no_window_meets_get_no_gradient():
    (dy, weight) = drawn(3, (1, 1, 2, 2), (1, 1, 2, 2))
    dx = conv.backward_x(dy, weight, 1, (6, 6), (3, 3), (1, 1))
    assert not dx[:, :, 2].any()
    assert not dx[:, :, 5].any()
    assert dx[:, :, 3, 3].all()


def test_a_dealt_image_holds_every_stride_th_pixel():
    rows, size = conv.dealt(np.arange(15.0).reshape(1, 1, 3, 5), (2, 3))
    assert size == (2, 2)
    assert rows.reshape(6, 4).tolist() == [
        *([0, 3, 10, 13], [1, 4, 11, 14], [2, 0, 12, 0]),
        *([5, 8, 0, 0], [6, 9, 0, 0], [7, 0, 0, 0]),
    ]


def test_warm_compiles_what_the_lessons_call():
    conv.warm()
