"""The drawing of pixels: which are enlarged, and what is written into them."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.widgets.pixel_inspector import PixelInspector
from dlnotes.widgets.pixel_picture import window


@pytest.mark.parametrize(
    ("shape", "place", "expected"),
    [((10, 10), (5, 5), (3, 3)), ((10, 10), (0, 9), (0, 5)), ((3, 8), (2, 0), (0, 0))],
)
def test_the_enlarged_pixels_lie_within_the_picture(shape, place, expected):
    image = np.zeros((*shape, 3), np.uint8)
    assert window(SimpleNamespace(image=image, row=place[0], col=place[1])) == expected


def test_every_enlarged_pixel_has_its_three_numbers():
    explorer = PixelInspector(resolution=16, place=[0.5, 0.5])
    result = explorer.compute(**explorer.values)
    svg = explorer.svg()
    for value in result["image"][6:11, 6:11].ravel():
        assert f">{value}</text>" in svg
    assert svg.count("<text") >= 75


def test_a_channel_that_is_off_is_said_to_be_off():
    assert ">off</text>" in PixelInspector(green=False).svg()
    assert ">off</text>" not in PixelInspector().svg()
