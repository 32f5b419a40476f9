"""The picture whose pixels are looked at: its resolution, its levels, its channels."""

import base64
import io
from functools import lru_cache

import numpy as np
from PIL import Image

from dlnotes import data
from dlnotes.pictures.image import png_data_uri
from dlnotes.widgets.picture_file import fitted, picture_in, resized
from dlnotes.words import _

PHOTOS = {
    "grace_hopper": _("a portrait"),
    "china": _("a palace"),
    "flower": _("a flower"),
}
OWN = {"own": _("my own picture")}
DRAWN = 360  # pixels: no more are drawn, whatever the picture has
EXACT = 112  # pixels a side up to which a picture is drawn without the losses of JPEG
FEW = 8  # levels up to which PNG is the smaller file
QUALITY = 72  # of a JPEG, in per cent
TOP = 255


@lru_cache(maxsize=4)
def photograph(photo: str, own: str, square: bool) -> np.ndarray:
    """All the pixels there are, uint8 (h, w, 3); with `square` only the square in the middle."""
    pixels = picture_in(own)[0] if photo == "own" else data.photo(photo)
    if square:
        h, w = pixels.shape[:2]
        side = min(h, w)
        top, left = (h - side) // 2, (w - side) // 2
        pixels = pixels[top : top + side, left : left + side]
    pixels = np.ascontiguousarray(pixels)
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=8)
def shrunk(photo: str, own: str, square: bool, resolution: int) -> np.ndarray:
    """The photograph with `resolution` pixels on its longer side, uint8 (rows, columns, 3)."""
    pixels = photograph(photo, own, square)
    rows, columns = fitted(pixels.shape[0], pixels.shape[1], resolution)
    if (rows, columns) != pixels.shape[:2]:
        pixels = np.array(resized(Image.fromarray(pixels), rows, columns))
        pixels.setflags(write=False)
    return pixels


def level_of(value: int, levels: int) -> int:
    """Which of `levels` equal parts of 0–255 a value lies in, counted from 0."""
    return value * levels // (TOP + 1)


@lru_cache(maxsize=8)
def steps(levels: int) -> np.ndarray:
    """What each value 0–255 becomes where there are only `levels` values: uint8 (256,)."""
    return np.array(
        [round(level_of(value, levels) * TOP / (levels - 1)) for value in range(TOP + 1)], np.uint8
    )


@lru_cache(maxsize=8)
def image_of(
    photo: str, own: str, square: bool, resolution: int, levels: int, channels: tuple[bool, ...]
) -> np.ndarray:
    """The picture that is looked at, uint8 (rows, columns, 3); a channel that is off is 0."""
    pixels = steps(levels)[shrunk(photo, own, square, resolution)]
    pixels[..., [not on for on in channels]] = 0
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=8)
def uri_of(
    photo: str, own: str, square: bool, resolution: int, levels: int, channels: tuple[bool, ...]
) -> str:
    """That picture as a data URI of a few ten thousand characters.

    A large one is drawn in fewer pixels, and as a JPEG, whose small errors cannot be seen.
    """
    pixels = image_of(photo, own, square, resolution, levels, channels)
    rows, columns = pixels.shape[:2]
    few = levels <= FEW
    if max(rows, columns) > DRAWN:
        h, w = fitted(rows, columns, DRAWN)
        if few:  # whole pixels, because a mean would bring other levels in
            pixels = pixels[np.arange(h) * rows // h][:, np.arange(w) * columns // w]
        else:
            pixels = np.array(resized(Image.fromarray(pixels), h, w))
    if few or max(rows, columns) <= EXACT:
        return png_data_uri(pixels)
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=QUALITY, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(written.getvalue()).decode()
