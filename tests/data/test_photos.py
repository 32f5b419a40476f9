"""Photographs that the reader already has."""

import numpy as np
import pytest

import dlnotes as dl


@pytest.mark.parametrize(
    ("name", "shape"),
    [("grace_hopper", (600, 512, 3)), ("china", (427, 640, 3)), ("flower", (427, 640, 3))],
)
def test_a_photograph_is_red_green_and_blue_bytes(name, shape):
    picture = dl.data.photo(name)
    assert (picture.shape, picture.dtype) == (shape, np.uint8)
    assert picture.min() < 10
    assert picture.max() > 245
    picture[:] = 0  # It is the caller's own.
    assert dl.data.photo(name).any()


def test_channels_come_in_the_order_red_green_blue():
    sky = dl.data.photo("china")[:60].mean(axis=(0, 1))
    assert sky[2] > sky[0] + 20


@pytest.mark.parametrize("name", ["cat", "", "grace_hopper.jpg", None, 3, ["china"], "../china"])
def test_an_unknown_photograph_is_refused_with_the_names_there_are(name):
    with pytest.raises(
        ValueError, match=r"photo: name is .* wanted one of grace_hopper, china, fl"
    ):
        dl.data.photo(name)
