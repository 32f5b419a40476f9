"""The images: their shapes, their numbers, and what is refused."""

import json

import numpy as np
import pytest
import reference

from dlnotes import data
from dlnotes.widgets.conv_inputs import (
    FIRST_NUMBERS,
    GREY,
    PHOTOS,
    SOURCES,
    TINT,
    photograph,
    picture_of,
    shrunk,
)

OWN = {"numbers": json.dumps(FIRST_NUMBERS), "drawing": "[[[0.1, 0.1], [0.9, 0.9]]]"}


def image(source, size=10, colour=False, which=3):
    return picture_of(source, size, colour, which, OWN.get(source, ""))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("size", [3, 10, 28])
def test_every_image_has_every_size(source, size):
    for colour in (False, True):
        x = image(source, size, colour)
        assert x.shape == (3 if colour else 1, size, size)
        assert x.dtype == np.float64
        assert ((x >= 0) & (x <= 1)).all()
        assert not x.flags.writeable
        np.testing.assert_allclose(x, x.round(2), atol=1e-12)


@pytest.mark.parametrize("source", [name for name in SOURCES if name not in PHOTOS])
def test_what_is_no_photograph_is_tinted(source):
    grey, colour = image(source)[0], image(source, colour=True)
    for channel, tint in zip(colour, TINT, strict=True):
        np.testing.assert_allclose(channel, grey * tint, atol=0.011)


def test_a_photograph_in_grey_is_as_bright_as_in_colour():
    grey, colour = image("flower")[0], image("flower", colour=True)
    np.testing.assert_allclose(grey, np.tensordot(GREY, colour, 1), atol=0.011)


@pytest.mark.parametrize("size", [3, 5, 9, 10, 64])
def test_the_disc_has_no_hole_and_a_white_border(size):
    disc = image("disc", size)[0]
    assert disc[size // 2, size // 2] == 0
    assert disc[0].min() > 0.4
    np.testing.assert_array_equal(disc, disc.T)


def test_shapes_are_those_of_the_library():
    np.testing.assert_allclose(image("cross", 14)[0], data.shape("cross", size=14), atol=0.006)


def test_digits_are_those_asked_for():
    x, y = data.digits(28)
    for which in (0, 7):
        np.testing.assert_allclose(
            image("digit", 28, which=which)[0], x[list(y).index(which), 0], atol=0.006
        )


def test_typed_numbers_keep_their_middle():
    assert image("numbers", 6)[0].tolist() == FIRST_NUMBERS
    assert image("numbers", 8)[0][1:7, 1:7].tolist() == FIRST_NUMBERS
    assert image("numbers", 4)[0].tolist() == [row[1:5] for row in FIRST_NUMBERS[1:5]]


@pytest.mark.parametrize("own", ["", "[1, 2]", "[[1, 2]]", '[["a"]]', "[[1, 2], [3]]", "[[NaN]]"])
def test_what_is_no_image_is_refused(own):
    with pytest.raises(ValueError, match="The typed numbers are not a square of numbers"):
        picture_of("numbers", 3, False, 0, own)


def test_a_drawing_is_where_it_was_drawn():
    drawn = picture_of("drawing", 16, False, 0, "[[[0.1, 0.5], [0.9, 0.5]]]")[0]
    assert drawn[7:9, 3:13].min() > 0.4
    assert drawn[[0, 1, 2, -3, -2, -1]].max() == 0
    assert picture_of("drawing", 16, False, 0, "[]").max() == 0


def test_shrinking_takes_the_mean_of_what_a_pixel_covers():
    rng = np.random.default_rng(0)
    x = rng.random((12, 12))
    for size in (3, 4, 6):
        k = 12 // size
        pooled = reference.avg_pool2d(x[None, None], (k, k), (k, k), ((0, 0), (0, 0)), False, True)
        np.testing.assert_allclose(shrunk(x, size), pooled[0, 0])
    np.testing.assert_allclose(shrunk(x, 12), x)
    np.testing.assert_allclose(shrunk(np.ones((5, 5)), 3), np.ones((3, 3)))
    assert shrunk(x, 5).mean() == pytest.approx(x.mean())


@pytest.mark.parametrize("name", PHOTOS)
def test_photographs_are_square(name):
    photo = photograph(name)
    assert photo.shape[0] == 3
    assert photo.shape[1] == photo.shape[2]
