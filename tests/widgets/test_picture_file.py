"""A reader's picture file: what is a picture is read, anything else is refused in a sentence."""

import numpy as np
import pytest
from picture_files import COLOURS, claiming, file_of, text, written
from PIL import Image, PngImagePlugin

from dlnotes.widgets import picture_file
from dlnotes.widgets.picture_file import FILES, MOST_BYTES, PictureUpload, fitted, picture_in


def test_a_png_comes_back_pixel_by_pixel():
    pixels, came = picture_in(file_of(COLOURS))
    np.testing.assert_array_equal(pixels, COLOURS)
    assert (pixels.dtype, came) == (np.uint8, (5, 7))
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_a_jpeg_is_read():
    flat = np.full((8, 8, 3), (200, 100, 50), np.uint8)
    pixels, came = picture_in(file_of(flat, "JPEG", quality=95))
    assert came == (8, 8)
    assert np.abs(pixels.astype(int) - flat).max() < 6


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_red_green_and_blue(mode):
    if mode == "I;16":
        image = Image.fromarray(np.array([[0, 256 * 7], [65535, 256 * 200]], np.uint16))
        expected = [[0, 7], [255, 200]]
    else:
        image = Image.fromarray(np.array([[0, 255], [255, 0]], np.uint8)).convert(mode)
        expected = [[0, 255], [255, 0]]
    kind = "JPEG" if mode == "CMYK" else "PNG"
    pixels, _came = picture_in(text(written(image, kind)))
    assert pixels.shape == (2, 2, 3)
    if kind == "PNG":
        np.testing.assert_array_equal(pixels, np.repeat(np.array(expected)[..., None], 3, axis=2))


def test_what_is_transparent_lies_on_white():
    clear = np.dstack([COLOURS, np.zeros((5, 7, 1), np.uint8)])
    clear[0, 0, 3] = 255
    pixels, _came = picture_in(file_of(clear))
    np.testing.assert_array_equal(pixels[0, 0], COLOURS[0, 0])
    assert (pixels.reshape(-1, 3)[1:] == 255).all()


def test_a_picture_is_turned_as_the_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    pixels, came = picture_in(file_of(COLOURS, exif=exif))
    np.testing.assert_array_equal(pixels, np.rot90(COLOURS, -1))
    assert came == (7, 5)


def test_a_large_picture_is_shrunk_and_its_size_is_kept(monkeypatch):
    monkeypatch.setattr(picture_file, "LARGEST", 3)
    large = np.repeat(np.repeat(COLOURS[:2, :3], 4, axis=0), 4, axis=1)
    pixels, came = picture_in(file_of(large))
    np.testing.assert_array_equal(pixels, COLOURS[:2, :3])
    assert came == (8, 12)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"GIF89a" + bytes(50), b"%PDF-1.7", b"<svg/>", b"BM" + bytes(99), bytes(99)],
)
def test_other_files_are_refused_by_kind(data):
    if not data:
        return  # no file
    with pytest.raises(ValueError, match="neither a PNG nor a JPEG"):
        picture_in(text(data))


def test_a_gif_named_png_is_refused():
    with pytest.raises(ValueError, match="neither a PNG nor a JPEG"):
        picture_in(file_of(COLOURS[..., 0], "GIF"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.7])
def test_a_file_cut_short_is_damaged(kind, share):
    whole = written(Image.fromarray(np.tile(COLOURS, (9, 9, 1))), kind)
    with pytest.raises(ValueError, match="the file is damaged"):
        picture_in(text(whole[: max(int(share * len(whole)), 12)]))


def test_a_png_in_name_only_is_damaged():
    with pytest.raises(ValueError, match="the file is damaged"):
        picture_in(text(b"\x89PNG\r\n\x1a\n" + bytes(200)))


@pytest.mark.parametrize(("w", "h"), [(30_000, 30_000), (9_000, 9_000), (6_000, 5_000), (1, 99**4)])
def test_a_bomb_is_refused_before_it_is_decoded(w, h, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(ValueError, match="pixels; at most 25,000,000|too many pixels"):
        picture_in(text(claiming(w, h)))


def test_a_bomb_of_text_is_damaged():
    info = PngImagePlugin.PngInfo()
    info.add_text("bomb", "x" * 3_000_000, zip=True)
    with pytest.raises(ValueError, match="the file is damaged"):
        picture_in(file_of(COLOURS, pnginfo=info))


def test_a_file_of_too_many_bytes_is_refused():
    with pytest.raises(ValueError, match="at most 7,000,000 are taken"):
        picture_in(text(bytes(MOST_BYTES + 1)))


def test_the_upload_takes_pictures_only():
    control = PictureUpload(label="Mine", value="", files=FILES, limit=MOST_BYTES)
    assert control.check("") == ""
    good = file_of(COLOURS)
    assert control.check(good) == good
    for bad in (text(b"hello"), "not base64", 3):
        with pytest.raises(ValueError, match="neither|base64"):
            control.check(bad)


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((600, 512), 100, (100, 85)),
        ((5, 7), 7, (5, 7)),
        ((1, 1000), 4, (1, 4)),
        ((3, 3), 2, (2, 2)),
    ],
)
def test_proportions_are_kept(size, side, expected):
    assert fitted(*size, side) == expected
