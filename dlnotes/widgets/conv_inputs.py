"""The images that a filter slides over: shapes, a digit, photographs, a drawing, typed numbers."""

import json
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.widgets.filters import resized
from dlnotes.widgets.pad import inked
from dlnotes.words import _

SOURCES = {
    "disc": _("Dark disc on white"),
    "circle": _("Circle (a bright line)"),
    "cross": _("Cross"),
    "lines": _("Upright lines"),
    "square": _("Square"),
    "digit": _("A handwritten digit"),
    "grace_hopper": _("Photograph: a portrait"),
    "china": _("Photograph: a palace"),
    "flower": _("Photograph: a flower"),
    "drawing": _("My own drawing"),
    "numbers": _("Numbers that I type"),
}
PHOTOS = ("grace_hopper", "china", "flower")
CROPS = {"grace_hopper": (20, 90, 330), "china": (0, 110, 427), "flower": (0, 130, 427)}
TINT = (1.0, 0.6, 0.2)  # what is not a photograph is seen in orange, if it is to have a colour
GREY = (0.299, 0.587, 0.114)  # ITU-R BT.601: how bright red, green and blue look
FIRST_NUMBERS = [
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, 1, 1],
    [0, 0, 0, 1, 1, 1],
    [0, 0, 0, 1, 1, 1],
    [0, 0, 0, 1, 1, 1],
    [0, 0, 0, 0, 0, 0],
]
MOST_TYPED = 9  # pixels a side


def shrunk(image: np.ndarray, size: int) -> np.ndarray:
    """A square image (n, n) as (size, size): each new pixel is the mean of what it covers."""
    n = len(image)
    total = np.zeros((n + 1, n + 1))  # of all pixels above and to the left of each corner
    total[1:, 1:] = image.cumsum(axis=0).cumsum(axis=1)
    edges = np.linspace(0, n, size + 1)
    whole = np.minimum(edges.astype(int), n - 1)
    part = edges - whole
    rows = total[whole] + part[:, None] * (total[whole + 1] - total[whole])
    corners = rows[:, whole] + part * (rows[:, whole + 1] - rows[:, whole])
    return np.diff(np.diff(corners, axis=0), axis=1) * (size / n) ** 2


@lru_cache(maxsize=8)
def photograph(name: str) -> np.ndarray:
    """The interesting square of a photograph, (3, n, n) in 0–1."""
    top, left, n = CROPS[name]
    photo = data.photo(name)[top : top + n, left : left + n]
    return np.ascontiguousarray(photo.transpose(2, 0, 1)) / 255


@lru_cache(maxsize=16)
def digit(which: int) -> np.ndarray:
    """The first real handwritten digit of its kind, (28, 28) in 0–1."""
    x, y = data.digits()
    first = int(np.argmax(y == which))
    return data.like_mnist(x[first : first + 1])[0, 0].astype(float)


def shape(kind: str, size: int) -> np.ndarray:
    """A shape of `dlnotes.data.shape`; the disc is dark on white, as if printed."""
    if kind == "disc":
        # A ring whose line is so thick that it has no hole; its outer radius is 0.36 size.
        radius, pen = 0.18 * size - 0.25, 0.36 * size + 0.5
        return 1.0 - data.shape("circle", size=size, radius=radius, thickness=pen)
    return data.shape(kind, size=size).astype(float)


@lru_cache(maxsize=64)
def typed_numbers(numbers: str, size: int) -> np.ndarray:
    """The typed numbers (JSON rows) as (size, size), the middle kept; ValueError for no numbers."""
    try:
        found = np.array(json.loads(numbers), dtype=float)
        if found.ndim != 2 or found.shape[0] != found.shape[1] or not np.isfinite(found).all():
            raise ValueError
    except (TypeError, ValueError):
        raise ValueError(_("The typed numbers are not a square of numbers.")) from None
    return resized(found, size)


@lru_cache(maxsize=128)
def picture_of(source: str, size: int, colour: bool, which: int, own: str) -> np.ndarray:
    """The image (c, size, size) of a source, c = 3 in colour and 1 in grey; not to be written into.

    `which` is the digit; `own` (JSON) the typed numbers, or the strokes that were drawn.

    Its numbers have two decimals at most, so that a reader can follow every product.
    """
    if source in PHOTOS:
        image = np.stack([shrunk(channel, size) for channel in photograph(source)])
        if not colour:
            image = np.tensordot(GREY, image, 1)[None]
    else:
        if source == "numbers":
            grey: Any = typed_numbers(own, size)
        elif source == "drawing":
            grey = inked(json.loads(own), size, radius=max(0.04 * size, 0.5))
        elif source == "digit":
            grey = shrunk(digit(which), size)
        else:
            grey = shape(source, size)
        image = np.multiply.outer(TINT, grey) if colour else grey[None]
    image = np.round(image.astype(np.float64), 2) + 0.0
    image.flags.writeable = False
    return image
