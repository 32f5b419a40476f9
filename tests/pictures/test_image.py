"""Pixels come back from the PNG as they went in, and numbers have the colours that the map says."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import colormaps
from PIL import Image

from dlnotes.pictures.image import colour, mapped_uri, picture, png_data_uri

SVG = "{http://www.w3.org/2000/svg}"


def decode(uri):
    head, data = uri.split(",")
    assert head == "data:image/png;base64"
    return np.array(Image.open(io.BytesIO(base64.b64decode(data))))


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (4, 3, 3), (6, 2, 4)])
def test_a_png_gives_its_pixels_back(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    np.testing.assert_array_equal(decode(png_data_uri(pixels)), pixels)
    np.testing.assert_array_equal(decode(png_data_uri(pixels[::-1])), pixels[::-1])


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2)), *(np.zeros(s, np.uint8) for s in [(3,), (2, 2, 2), (0, 2)])],
)  # fmt: skip
def test_what_is_no_image_is_refused(pixels):
    with pytest.raises(ValueError, match="pixels"):
        png_data_uri(pixels)


def test_viridis_is_matplotlibs_to_the_eye():
    ours = colour([np.linspace(0, 1, 256)])[0, :, :3].astype(int)
    theirs = np.round(colormaps["viridis"](np.arange(256))[:, :3] * 255)
    assert np.abs(ours - theirs).max() <= 7


def test_ends_limits_and_gaps():
    shades = colour([[0, 1, np.nan, -9, 9, np.inf]], colormap="grey", limits=(0, 1))[0]
    assert shades[:, 0].tolist() == [0, 255, 0, 0, 255, 255]
    assert shades[:, 3].tolist() == [255, 255, 0, 255, 255, 255]


def test_zero_is_in_the_middle_of_a_diverging_map():
    lopsided = colour([[-1, 0, 4]], colormap="diverging")[0].astype(int)
    assert np.ptp(lopsided[1, :3]) <= 2
    assert lopsided[1, 0] > 240
    told = colour([[-1, 0, 4]], colormap="diverging", limits=(-1, 0.5))[0]
    assert told[1].tolist() == lopsided[1].tolist()
    assert told[0].tolist() == colour([[-4]], colormap="diverging", limits=(-4, 4))[0, 0].tolist()


def test_one_value_only_and_none_at_all():
    assert colour([[3, 3]], colormap="grey")[0, :, 0].tolist() == [128, 128]
    assert colour([[np.nan]])[0, 0, 3] == 0


def shown(svg):
    root = ElementTree.fromstring(svg)
    image = root.find(f"{SVG}image")
    return root, image, decode(image.get("href"))


def test_a_picture_has_its_first_row_on_top_and_square_cells():
    _, image, pixels = shown(picture([[0, 1], [2, 3], [4, 5]], size=90, title="six"))
    assert pixels[..., 0].tolist() == [[0, 51], [102, 153], [204, 255]]
    assert (image.get("width"), image.get("height")) == ("60", "90")


def test_bytes_count_from_0_to_255_unless_told():
    dim = np.array([[10, 20]], dtype=np.uint8)
    assert shown(picture(dim, title=""))[2][0, :, 0].tolist() == [10, 20]
    assert shown(picture(dim, title="", limits=(10, 20)))[2][0, :, 0].tolist() == [0, 255]


def test_colours_as_bytes_and_as_shares():
    rgb = np.array([[[0, 51, 255]]], dtype=np.uint8)
    assert shown(picture(rgb, title="t"))[2].tolist() == rgb.tolist()
    assert shown(picture(rgb / 255, title="t"))[2].tolist() == rgb.tolist()
    assert shown(picture([[[2.0, -1.0, np.nan]]], title="t"))[2].tolist() == [[[255, 0, 0]]]


def test_a_title_wider_than_the_picture_wraps_and_does_not_cover_it():
    root, image, _ = shown(
        picture(np.eye(4), size=120, title="a title of many, many words <b>", description="D")
    )
    lines = root.findall(f"{SVG}text")
    assert len(lines) > 1
    assert max(float(line.get("y")) for line in lines) < float(image.get("y"))
    assert root.find(f"{SVG}desc").text == "D"


def test_a_shape_that_is_no_image_is_refused():
    with pytest.raises(ValueError, match="values"):
        picture(np.zeros((2, 2, 2)), title="t")


def test_a_palette_names_the_colours():
    palette = np.array([[9, 8, 7, 255], [200, 100, 0, 0]], np.uint8)
    uri = png_data_uri(np.array([[0, 1, 1]], np.uint8), palette)
    found = Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGBA")
    np.testing.assert_array_equal(np.asarray(found)[0], palette[[0, 1, 1]])


def test_a_mapped_picture_is_small_and_its_colours_are_those_of_the_map():
    values = np.linspace(-2, 2, 28 * 28).reshape(28, 28)
    values[0, 0] = np.nan
    uri = mapped_uri(values, colormap="diverging", limits=(-2, 2))
    assert len(uri) < len(png_data_uri(colour(values, colormap="diverging", limits=(-2, 2)))) / 2
    data = io.BytesIO(base64.b64decode(uri.split(",")[1]))
    pixels = np.array(Image.open(data).convert("RGBA"))
    assert pixels[0, 0, 3] == 0
    wanted = colour(values, colormap="diverging", limits=(-2, 2))
    assert np.abs(pixels[1:, :, :3].astype(int) - wanted[1:, :, :3]).max() <= 20
    assert (pixels[1:, :, 3] == 255).all()
    assert decode(mapped_uri(np.zeros((2, 2)), colormap="grey", limits=(1, 1))).std() == 0
