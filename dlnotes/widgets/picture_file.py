"""A reader's own picture file: looked at with care before it is decoded, then its pixels.

A small file may claim to be a picture of thousands of millions of pixels. So its kind is read from
its first bytes and its size from its header, and only what is small enough is decoded.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from dlnotes.widgets.controls import Upload, content
from dlnotes.words import _

KINDS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}  # how such a file begins
FILES = ".png,.jpg,.jpeg"
MOST_BYTES = 7_000_000  # one message to the kernel holds ten million characters
MOST_PIXELS = 25_000_000
LARGEST = 1024  # pixels a side: what is larger is shrunk to this


@lru_cache(maxsize=4)
def picture_in(value: str) -> tuple[np.ndarray, tuple[int, int]]:
    """The picture in a file that is given as base64 text, and its size (h, w) as it came.

    The pixels are uint8 (h, w, 3), red, green and blue, upright, on white where it was transparent,
    and at most `LARGEST` a side. ValueError says in one sentence what is wrong with the file.
    """
    data = content(value)
    if len(data) > MOST_BYTES:
        sentence = _("This file has {count:,} bytes; at most {limit:,} are taken.")
        raise ValueError(sentence.format(count=len(data), limit=MOST_BYTES))
    if not data.startswith(tuple(KINDS.values())):
        raise ValueError(_("This file is neither a PNG nor a JPEG picture."))
    with reading():
        image = Image.open(io.BytesIO(data), formats=tuple(KINDS))
    w, h = image.size
    if w * h > MOST_PIXELS:
        raise too_large(w, h)
    with reading(), image:
        upright = decoded(image)
        w, h = upright.size
        if max(h, w) > LARGEST:
            upright = resized(upright, *fitted(h, w, LARGEST))
        pixels = np.array(upright)
    pixels.setflags(write=False)
    return pixels, (h, w)


@contextmanager
def reading() -> Iterator[None]:
    """Whatever goes wrong in a file becomes a sentence; oddities that do no harm are forgiven."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError:
            raise too_large() from None
        except (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error, EOFError):
            raise ValueError(_("This picture cannot be read: the file is damaged.")) from None


def decoded(image: Image.Image) -> Image.Image:
    """The picture in red, green and blue, 8 bits each, upright, on white."""
    image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = Image.fromarray((np.asarray(image, np.int64) >> 8).clip(0, 255).astype(np.uint8))
    image = ImageOps.exif_transpose(image)  # a camera writes down how it was held
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def too_large(w: int = 0, h: int = 0) -> ValueError:
    sentence = _("This picture has too many pixels: at most {limit:,} are taken.")
    if w:
        sentence = _("This picture has {w:,} × {h:,} pixels; at most {limit:,} are taken.")
    return ValueError(sentence.format(w=w, h=h, limit=MOST_PIXELS))


def fitted(h: int, w: int, side: int) -> tuple[int, int]:
    """(rows, columns) of a picture (h, w) whose longer side is to have `side` pixels."""
    longer = max(h, w)
    return max(round(h * side / longer), 1), max(round(w * side / longer), 1)


def resized(image: Image.Image, rows: int, columns: int) -> Image.Image:
    """A picture of fewer pixels, each the mean of those whose place it takes."""
    return image.resize((columns, rows), Image.Resampling.BOX)


class PictureUpload(Upload):
    """An upload that takes only what is a picture: anything else leaves the one before in place."""

    def check(self, value: Any) -> str:
        text = super().check(value)
        if text:
            picture_in(text)
        return text
