"""The fast path over one long row and the plain loops give the same convolution."""

import numpy as np
import pytest
import reference

from dlnotes.kernels import conv


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


CASES = [  # n, c_in, c_out, groups, (h, w), (k_h, k_w), dilation
    (2, 1, 2, 1, (5, 6), (3, 3), (1, 1)),
    (1, 4, 2, 2, (6, 4), (2, 3), (2, 1)),
    (1, 2, 3, 1, (1, 1), (1, 1), (1, 1)),
    (1, 1, 1, 1, (7, 5), (4, 5), (1, 1)),
    (0, 1, 2, 1, (4, 4), (3, 3), (1, 1)),
]


@pytest.mark.parametrize("case", CASES)
def test_long_row_and_plain_loops_agree(case):
    n, c_in, c_out, groups, size, kernel, dilation = case
    x, weight, bias = drawn(1, (n, c_in, *size), (c_out, c_in // groups, *kernel), (c_out,))
    y = conv.forward(x, weight, bias, (1, 1), dilation)
    plain = np.zeros_like(y)
    conv.forward_plain(x, weight, bias, (1, 1), dilation, plain)
    np.testing.assert_allclose(y, plain, rtol=0, atol=1e-13)
    wanted = reference.conv2d(x, weight, bias, dilation=dilation, groups=groups)
    np.testing.assert_allclose(y, wanted, rtol=0, atol=1e-13)

    (dy,) = drawn(2, y.shape)
    dx = conv.backward_x(dy, weight, c_in, size, (1, 1), dilation)
    plain = np.zeros_like(dx)
    conv.backward_x_plain(dy, weight, (1, 1), dilation, plain)
    np.testing.assert_allclose(dx, plain, rtol=0, atol=1e-13)

    dw = conv.backward_weight(x, dy, weight.shape, (1, 1), dilation)
    plain = np.zeros_like(dw)
    conv.backward_weight_plain(x, dy, (1, 1), dilation, plain)
    np.testing.assert_allclose(dw, plain, rtol=0, atol=1e-13)


def test_pixels_that_no_window_meets_get_no_gradient():
    (dy, weight) = drawn(3, (1, 1, 2, 2), (1, 1, 2, 2))
    dx = conv.backward_x(dy, weight, 1, (6, 6), (3, 3), (1, 1))
    assert not dx[:, :, 2].any()
    assert not dx[:, :, 5].any()
    assert dx[:, :, 3, 3].all()


def test_warm_compiles_what_the_lessons_call():
    conv.warm()
