"""Many small images of one size as one picture: filters, weights, maps, digits.

All of them are one PNG of few colours, because noise, such as young weights, does not compress.
"""

from typing import Any

import numpy as np

from dlnotes.pictures.image import colour_limits, colours, image_tag, png_data_uri
from dlnotes.pictures.svg import numbers

SHADES = 25  # an odd number, so that a diverging map has one for zero


def mosaic(images: Any, columns: int, *, gap: int = 1) -> np.ndarray:
    """Images (k, h, w) in rows of `columns`, `gap` cells of nan between them: (rows, cols)."""
    images = numbers("images", images, 3)
    k, h, w = images.shape
    rows = -(-k // columns)
    sheet = np.full((rows, columns, h + gap, w + gap), np.nan)
    sheet.reshape(rows * columns, h + gap, w + gap)[:k, :h, :w] = images
    whole = sheet.transpose(0, 2, 1, 3).reshape(rows * (h + gap), columns * (w + gap))
    return whole[: rows * (h + gap) - gap, : columns * (w + gap) - gap]


def shades(values: np.ndarray, *, colormap: str = "diverging", limits: Any = None) -> str:
    """The data URI of numbers (h, w) in `SHADES` colours; nan is transparent. See `image.colour`.

    Values beyond `limits` take the colour of the nearer end.
    """
    low, high = colour_limits(values, colormap, limits)
    place = np.clip((values - low) / ((high - low) or 1.0), 0, 1) * (SHADES - 1) + 0.5
    indices = np.where(np.isnan(place), SHADES, place).astype(np.uint8)
    chosen = np.round(np.linspace(0, 255, SHADES)).astype(int)
    return png_data_uri(indices, colours(colormap)[[*chosen, 256]])


def tiles_tag(
    images: Any, left: float, top: float, *, size: float, columns: int, gap: int = 1,
    colormap: str = "diverging", limits: Any = None,
) -> tuple[str, float, float]:  # fmt: skip
    """Images (k, h, w), each with its longer side `size` pixels: the tag, its width and height."""
    sheet = mosaic(images, columns, gap=gap)
    _k, h, w = np.shape(images)
    cell = size / max(h, w)
    width, height = sheet.shape[1] * cell, sheet.shape[0] * cell
    uri = shades(sheet, colormap=colormap, limits=limits)
    return image_tag(uri, left, top, width, height, False), width, height
