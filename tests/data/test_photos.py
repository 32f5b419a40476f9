"""Photographs that the reader already has."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image
from sklearn.datasets import load_sample_image

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


def test_it_is_the_photograph_that_the_packages_give():
    with Image.open(str(get_sample_data("grace_hopper.jpg", asfileobj=False))) as image:
        np.testing.assert_array_equal(dl.data.photo(), np.array(image))
    for name in ("china", "flower"):
        np.testing.assert_array_equal(dl.data.photo(name), load_sample_image(f"{name}.jpg"))


def test_no_package_is_loaded_for_a_photograph_or_a_digit():
    code = (
        "import sys, dlnotes as dl; before = set(sys.modules); dl.data.photo(); "
        "dl.data.photo('china'); dl.data.digits(28); "
        "print({'matplotlib', 'sklearn'} & (set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_channels_come_in_the_order_red_green_blue():
    sky = dl.data.photo("china")[:60].mean(axis=(0, 1))
    assert sky[2] > sky[0] + 20


@pytest.mark.parametrize("name", ["cat", "", "grace_hopper.jpg", None, 3, ["china"], "../china"])
def test_an_unknown_photograph_is_refused_with_the_names_there_are(name):
    with pytest.raises(
        ValueError, match=r"photo: name is .* wanted one of grace_hopper, china, fl"
    ):
        dl.data.photo(name)
