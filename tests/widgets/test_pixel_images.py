"""The picture in fewer pixels, levels and channels, against means and steps made by hand."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from dlnotes import data
from dlnotes.widgets.pixel_images import (
    DRAWN,
    EXACT,
    image_of,
    level_of,
    photograph,
    shrunk,
    steps,
    uri_of,
)

ALL = (True, True, True)


def test_the_square_is_the_middle_of_the_photograph():
    whole = data.photo("china")
    np.testing.assert_array_equal(photograph("china", "", False), whole)
    np.testing.assert_array_equal(photograph("china", "", True), whole[:, 106:533])


@pytest.mark.parametrize("side", [4, 16, 128, 256])
def test_each_new_pixel_is_the_mean_of_its_block(side):
    whole = photograph("grace_hopper", "", True).astype(float)
    block = 512 // side
    for row, col in [(0, 0), (1, 3), (side - 1, side // 2)]:
        rows, columns = (slice(at * block, (at + 1) * block) for at in (row, col))
        means = whole[rows, columns].mean(axis=(0, 1))
        np.testing.assert_allclose(
            shrunk("grace_hopper", "", True, side)[row, col], means, atol=1.01
        )


def test_full_resolution_is_the_photograph_itself():
    whole = photograph("grace_hopper", "", True)
    assert shrunk("grace_hopper", "", True, 512) is whole
    assert shrunk("grace_hopper", "", False, 300).shape == (300, 256, 3)


@pytest.mark.parametrize("levels", [2, 3, 4, 7, 16, 255, 256])
def test_there_are_as_many_levels_as_asked_for(levels):
    found = steps(levels)
    assert len(set(found.tolist())) == levels
    assert (found[0], found[255]) == (0, 255)
    assert (np.diff(found.astype(int)) >= 0).all()
    sizes = np.bincount([level_of(value, levels) for value in range(256)])
    assert len(sizes) == levels
    assert sizes.max() - sizes.min() <= 1


def test_two_levels_part_in_the_middle_and_256_change_nothing():
    assert steps(2).tolist() == [0] * 128 + [255] * 128
    assert steps(256).tolist() == list(range(256))


def test_a_channel_that_is_off_is_zero():
    whole = image_of("flower", "", True, 32, 256, ALL)
    found = image_of("flower", "", True, 32, 256, (True, False, True))
    assert not found[..., 1].any()
    np.testing.assert_array_equal(found[..., [0, 2]], whole[..., [0, 2]])
    assert not image_of("flower", "", True, 32, 256, (False,) * 3).any()


def decoded(uri):
    return np.array(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


@pytest.mark.parametrize("levels", [2, 8, 256])
@pytest.mark.parametrize("side", [4, 100, EXACT])
def test_a_small_picture_is_drawn_exactly(side, levels):
    key = ("grace_hopper", "", True, side, levels, ALL)
    np.testing.assert_array_equal(decoded(uri_of(*key)), image_of(*key))


@pytest.mark.parametrize("levels", [2, 8, 9, 256])
@pytest.mark.parametrize(("side", "square"), [(512, True), (600, False), (200, True)])
def test_a_large_picture_is_short_and_looks_the_same(side, square, levels):
    key = ("grace_hopper", "", square, side, levels, ALL)
    uri = uri_of(*key)
    assert len(uri) < 130_000
    seen = decoded(uri)
    assert max(seen.shape) == min(side, DRAWN)
    image = image_of(*key).astype(float)
    if levels <= 8:
        assert set(np.unique(seen)) <= set(steps(levels).tolist())
    np.testing.assert_allclose(seen.mean(axis=(0, 1)), image.mean(axis=(0, 1)), atol=2)
