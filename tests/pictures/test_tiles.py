"""Small images as one picture."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlnotes.pictures.image import colour
from dlnotes.pictures.tiles import SHADES, mosaic, shades, tiles_tag


def pixels(uri):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGBA"))


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_each_image_stands_in_its_place(columns):
    images = np.arange(5 * 2 * 3, dtype=float).reshape(5, 2, 3)
    sheet = mosaic(images, columns, gap=1)
    assert sheet.shape == (-(-5 // columns) * 3 - 1, columns * 4 - 1)
    for i, image in enumerate(images):
        row, col = i // columns * 3, i % columns * 4
        np.testing.assert_array_equal(sheet[row : row + 2, col : col + 3], image)
    assert np.isfinite(sheet).sum() == 30
    assert mosaic(images, 5, gap=0).shape == (2, 15)


@pytest.mark.parametrize("colormap", ["diverging", "grey", "viridis"])
def test_colours_are_those_of_the_map(colormap):
    values = np.linspace(-1, 1, SHADES)[None]
    wanted = colour(values, colormap=colormap, limits=(-1, 1))
    found = pixels(shades(values, colormap=colormap, limits=(-1, 1)))
    assert np.abs(found.astype(int) - wanted.astype(int)).max() <= 2
    assert pixels(shades(np.array([[np.nan, 0.0]])))[0, :, 3].tolist() == [0, 255]
    beyond = pixels(shades(np.array([[-9.0, 9.0]]), colormap=colormap, limits=(-1, 1)))
    assert np.abs(beyond.astype(int) - wanted[:, [0, -1]].astype(int)).max() <= 2


def test_zero_is_the_middle_of_a_diverging_map():
    middle = pixels(shades(np.array([[-3.0, 0.0, 1.0]])))[0, 1, :3]
    assert middle.min() > 240


def test_all_the_same_is_drawn():
    assert pixels(shades(np.zeros((2, 2)), colormap="grey")).shape == (2, 2, 4)


def test_a_tag_is_as_large_as_it_says():
    tag, width, height = tiles_tag(np.zeros((6, 4, 4)), 3, 5, size=40, columns=3)
    assert (width, height) == (3 * 50 - 10, 2 * 50 - 10)
    assert re.search(r'x="3" y="5" width="140" height="90"', tag)
