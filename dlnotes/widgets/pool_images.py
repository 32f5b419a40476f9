"""What is pooled in lesson 08: the article's circle, what a filter made of it, digits, numbers."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.layers import AvgPool2d, BlurPool2d, Conv2d, Layer, MaxPool2d, ReLU
from dlnotes.widgets.controls import shorten
from dlnotes.words import _

KINDS = {
    "max": _("max: the largest"),
    "average": _("average: the mean"),
    "blur": _("blur: a weighted mean"),
}
IMAGES = {
    "circle": _("The circle"),
    "edge": _("What a filter found on a disc"),
    "digit": _("A handwritten digit, 8×8"),
    "photo": _("A photograph"),
    "random": _("Random numbers"),
    "own": _("My own numbers"),
}
SIZED = ("circle", "edge", "photo")  # the images that are made in any size
OWN = "1 3 2 0\n4 0 1 5\n0 2 7 1\n6 1 3 3\n"
OWN_EXAMPLES = ("1 2\n3 4\n", "1, -2.5, 3\n", "1 2\n3\n", "1 x\n", "1e999 0\n")
MOST = 16  # rows, or numbers in a row, that a reader may type
LARGEST = 1e6
RANDOM_SIDE = 6
# Large where the lower left is bright and the upper right is dark: at an upper-right edge.
UPPER_RIGHT_EDGE = np.array([[0, -1, -2], [1, 0, -1], [2, 1, 0]]) / 4


def pooling(kind: str, size: int, stride: int) -> Layer:
    """The library's layer of a kind."""
    return {"max": MaxPool2d, "average": AvgPool2d, "blur": BlurPool2d}[kind](size, stride=stride)


@lru_cache(maxsize=64)
def image_of(image: str, side: int, digit: int, seed: int, own: str) -> np.ndarray:
    """The chosen image (h, w), float64; ValueError says what is wrong with the reader's own."""
    if image == "circle":
        x = circle(side)
    elif image == "edge":
        disc = data.shape("circle", size=side, radius=0.2 * side, thickness=0.4 * side)
        x = filtered(disc.astype(float))
    elif image == "digit":
        x = data.digits()[0][digit, 0].astype(float)
    elif image == "photo":
        x = photograph(side)
    elif image == "random":
        x = np.random.default_rng(seed).integers(0, 10, (RANDOM_SIDE, RANDOM_SIDE)).astype(float)
    else:
        x = rows_of(own)
    x.setflags(write=False)
    return x


def circle(side: int) -> np.ndarray:
    """A circle whose line is about one pixel wide."""
    return data.shape("circle", size=side, thickness=1.2).astype(float)


def filtered(x: np.ndarray) -> np.ndarray:
    """Pictures x (…, h, w) after the 3×3 upper-right edge filter and ReLU, of the same size."""
    rng = np.random.default_rng(0)
    conv = Conv2d(1, 1, 3, padding="same", bias=False, rng=rng, dtype=x.dtype)
    conv.weight.value = UPPER_RIGHT_EDGE[None, None]
    return ReLU()(conv(x.reshape(-1, 1, *x.shape[-2:]))).reshape(x.shape)


@lru_cache(maxsize=1)
def grey_photo() -> np.ndarray:
    """The upper square of a photograph, (512, 512) in 0–1."""
    return data.photo()[:512].mean(axis=2) / 255


def photograph(side: int) -> np.ndarray:
    """The photograph in grey, each pixel the mean of a block."""
    grey = grey_photo()
    block = len(grey) // side
    cut = grey[: block * side, : block * side]
    return AvgPool2d(block)(cut[None, None])[0, 0]


def rows_of(text: str) -> np.ndarray:
    """Typed rows of numbers, parted by spaces, commas, semicolons or tabs, as an array (h, w)."""
    lines = [
        (i, line.replace(",", " ").replace(";", " ").split())
        for i, line in enumerate(text.splitlines(), 1)
    ]
    lines = [(i, cells) for i, cells in lines if cells]
    if not lines:
        raise ValueError(_("Type a few rows of numbers, such as 1 3 2 0."))
    if max(len(lines), *(len(cells) for _i, cells in lines)) > MOST:
        raise ValueError(_("At most {most} rows of {most} numbers are read.").format(most=MOST))
    values: list[list[float]] = []
    for i, cells in lines:
        values.append([value_of(i, cell) for cell in cells])
        if len(cells) != len(values[0]):
            sentence = _("Row {row} has {count} numbers, the first row has {first}.")
            raise ValueError(sentence.format(row=i, count=len(cells), first=len(values[0])))
    return np.array(values)


def value_of(row: int, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST:  # true of nan, too
        shown = shorten("".join(c if c.isprintable() else " " for c in cell), 20)
        sentence = _("Row {row}: “{cell}” is not a number up to {largest:,.0f} in size.")
        raise ValueError(sentence.format(row=row, cell=shown, largest=LARGEST))
    return value


def size_of(**values: Any) -> tuple[int, int]:
    """(h, w) of the chosen image, (0, 0) where there is none."""
    try:
        return image_of(**values).shape
    except ValueError:
        return 0, 0
