"""The real digits, as published and framed like MNIST's."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

import dlnotes as dl


def test_the_digits_are_scikit_learns():
    x, y = dl.data.digits()
    published = load_digits()
    assert (x.dtype, y.dtype, x.shape) == (np.float32, np.int64, (1797, 1, 8, 8))
    assert np.array_equal(x[:, 0] * 16, published.images)
    assert np.array_equal(y, published.target)


def test_enlarged_they_fill_20_pixels_with_their_centre_of_mass_in_the_middle():
    x, y = dl.data.digits(size=28)
    assert (x.dtype, x.shape) == (np.float32, (1797, 1, 28, 28))
    assert np.array_equal(y, dl.data.digits(8)[1])
    assert (x.min(), x.max()) == (0, 1)
    x = x[:, 0].astype(np.float64)
    places, mass = np.arange(28) + 0.5, x.sum(axis=(1, 2))
    down, across = x.sum(axis=2) @ places / mass, x.sum(axis=1) @ places / mass
    assert np.abs(down - 14).max() <= 0.5001
    assert np.abs(across - 14).max() <= 0.5001
    heights, widths = x.any(axis=2).sum(axis=1), x.any(axis=1).sum(axis=1)
    assert set(np.maximum(heights, widths)) <= {19, 20}


def test_what_is_handed_out_is_the_callers_own():
    x, y = dl.data.digits(28)
    x[:], y[:] = 0.5, 3
    assert dl.data.digits(28)[0].max() == 1
    assert len(set(dl.data.digits(28)[1])) == 10


def test_a_picture_is_enlarged_by_cubic_convolution():
    # Keys' curve with a = -1/2, written out for one dot of a 2x2 picture.
    dot = np.zeros((1, 1, 2, 2))
    dot[0, 0, 0, 0] = dot[0, 0, 1, 1] = 1

    def keys(s):
        s = abs(s)
        if s < 1:
            return 1.5 * s**3 - 2.5 * s**2 + 1
        return -0.5 * s**3 + 2.5 * s**2 - 4 * s + 2 if s < 2 else 0

    line = np.array([[keys((k + 0.5) / 10 - 0.5 - cell) for cell in (0, 1)] for k in range(20)])
    expected = np.clip(np.outer(line[:, 0], line[:, 0]) + np.outer(line[:, 1], line[:, 1]), 0, 1)
    expected[expected < 0.01] = 0  # the curve's ripples
    found = dl.data.like_mnist(dot)[0, 0]
    assert found[4:24, 4:24] == pytest.approx(expected, abs=1e-6)
    assert found.sum() == pytest.approx(expected.sum(), rel=1e-5)


def test_size_and_place_of_what_was_drawn_do_not_matter():
    x, _ = dl.data.strokes(4, rng=np.random.default_rng(1))
    far = np.zeros((4, 1, 60, 50), np.float32)
    far[:, :, 31:59, 2:30] = x
    far[2] = 0
    result = dl.data.like_mnist(far)
    assert result[[0, 1, 3]] == pytest.approx(x[[0, 1, 3]], abs=0.02)
    assert not result[2].any()
    large = np.kron(x, np.ones((10, 10), np.float32))
    assert np.abs(dl.data.like_mnist(large) - x).mean() < 0.01


def test_no_pictures_give_no_pictures():
    assert dl.data.like_mnist(np.zeros((0, 1, 8, 8))).shape == (0, 1, 28, 28)


@pytest.mark.parametrize(
    "size", [7, 0, -28, True, None, "28", 28.5, (28, 28), np.nan, np.array([8, 28])]
)
def test_another_size_is_refused(size):
    with pytest.raises(ValueError, match=r"^digits: size is .*wanted 8 or 28"):
        dl.data.digits(size)


@pytest.mark.parametrize("shape", [(8, 8), (2, 8, 8), (2, 3, 8, 8), (), (1, 1, 1, 8, 8)])
def test_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"^like_mnist: x has shape .*wanted \(n, 1, h, w\)"):
        dl.data.like_mnist(np.zeros(shape))


@pytest.mark.parametrize("value", [-0.1, 1.5, 255, np.nan, np.inf])
def test_what_is_not_in_0_to_1_is_refused(value):
    with pytest.raises(ValueError, match=r"^like_mnist: x has values outside 0–1, wanted"):
        dl.data.like_mnist(np.full((1, 1, 8, 8), value))


@pytest.mark.parametrize("x", [None, "digit", np.ones((1, 1, 2, 2), complex), [[1], [1, 2]]])
def test_what_is_no_picture_is_refused(x):
    with pytest.raises(TypeError, match=r"^like_mnist: x "):
        dl.data.like_mnist(x)
