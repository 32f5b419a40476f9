"""What is pooled: every image is one, and typed rows are read or refused in one sentence."""

import numpy as np
import pytest
import reference

from dlnotes.widgets.pool_images import (
    IMAGES,
    OWN,
    UPPER_RIGHT_EDGE,
    filtered,
    image_of,
    photograph,
    pooling,
    rows_of,
    size_of,
)


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("side", [8, 28, 64])
def test_every_image_has_contrast_and_its_size(image, side):
    x = image_of(image, side, 5, 3, OWN)
    assert x.dtype == np.float64
    assert x.min() < x.max()
    sides = {"digit": 8, "random": 6, "own": 4}
    assert x.shape == (sides.get(image, side),) * 2
    assert size_of(image=image, side=side, digit=5, seed=3, own=OWN) == x.shape


def test_the_edge_is_found_at_the_upper_right():
    x = image_of("edge", 32, 0, 0, "")
    rows, cols = np.nonzero(x > 0.5 * x.max())
    assert rows.max() < 24
    assert cols.min() > 8
    assert rows.mean() < 12
    assert cols.mean() > 20


def test_the_filter_is_a_convolution_and_relu():
    x = np.random.default_rng(0).normal(size=(2, 1, 5, 6))
    sides = ((1, 1), (1, 1))
    wanted = reference.conv2d(x, UPPER_RIGHT_EDGE[None, None], np.zeros(1), sides=sides)
    np.testing.assert_allclose(filtered(x), np.maximum(wanted, 0), atol=1e-12)
    np.testing.assert_allclose(filtered(x[0, 0]), np.maximum(wanted[0, 0], 0), atol=1e-12)


def test_a_photograph_is_made_of_means():
    x = photograph(64)
    assert x.shape == (64, 64)
    assert 0 <= x.min() < 0.3 < x.max() <= 1
    np.testing.assert_allclose(x.reshape(32, 2, 32, 2).mean(axis=(1, 3)), photograph(32))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1 2\n3 4", [[1, 2], [3, 4]]),
        ("1,2;3\n\n4\t5 6\n", [[1, 2, 3], [4, 5, 6]]),
        (" -1.5e2 ", [[-150]]),
    ],
)
def test_rows_are_read(text, values):
    np.testing.assert_array_equal(rows_of(text), values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "Type a few rows of numbers, such as 1 3 2 0."),
        ("1 2\n3", "Row 2 has 1 numbers, the first row has 2."),
        ("1 2\n3 \ud800x", "Row 2: “ x” is not a number up to 1,000,000 in size."),
        ("nan", "Row 1: “nan” is not a number up to 1,000,000 in size."),
        ("1e7", "Row 1: “1e7” is not a number up to 1,000,000 in size."),
        ("1 " * 17, "At most 16 rows of 16 numbers are read."),
        ("1\n" * 17, "At most 16 rows of 16 numbers are read."),
    ],
)
def test_what_cannot_be_read_is_said(text, sentence):
    with pytest.raises(ValueError, match="^" + sentence.replace("(", r"\(") + "$"):
        rows_of(text)
    assert size_of(image="own", side=8, digit=0, seed=0, own=text) == (0, 0)


def test_the_kinds_are_the_librarys_layers():
    x = np.random.default_rng(1).normal(size=(1, 1, 7, 8))
    none = ((0, 0), (0, 0))
    np.testing.assert_allclose(
        pooling("max", 3, 2)(x), reference.max_pool2d(x, (3, 3), (2, 2), none, (1, 1), False)
    )
    np.testing.assert_allclose(
        pooling("average", 3, 2)(x), reference.avg_pool2d(x, (3, 3), (2, 2), none, False, True)
    )
    np.testing.assert_allclose(
        pooling("blur", 3, 2)(x), reference.blur_pool2d(x, (3, 3), (2, 2)), atol=1e-12
    )
