"""Grids of numbers as pictures: one small PNG in a data URI, not thousands of rectangles."""

import base64
import struct
import zlib
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.pictures.svg import (
    EDGE,
    MUTED,
    TITLE_STEP,
    heading,
    number,
    numbers,
    panel,
    title_lines,
)

# Colours at even distances, joined by straight lines. Viridis: S. van der Walt and N. Smith, CC0.
_STOPS = {
    "viridis": "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1f9f88 27ad81 "
    "3dbc74 5cc863 81d34d aadc32 d5e21a fde725",
    "diverging": "053b70 1f69a8 5b9bcb a9cde6 f7f7f7 fbcf9d ee9645 c76410 853b00",
    "grey": "000000 ffffff",
}
_COLOUR_TYPE = {1: 0, 3: 2, 4: 6}  # PNG's numbers for grey, RGB and RGBA
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of red, green and blue: WCAG 2.2
_MIDDLE = 0.1791  # of white's luminance: black and white are read equally well on it


def is_light(pixels: np.ndarray) -> np.ndarray:
    """Where black is read better than white on pixels (..., 3 or 4), 0 to 255: booleans (...)."""
    light = ((pixels[..., :3] / 255 + 0.055) / 1.055) ** 2.4
    return np.asarray(light @ _LUMINANCE > _MIDDLE)


@lru_cache
def colours(colormap: str) -> np.ndarray:
    """The 256 colours of a map, and a transparent one for what is not a number: (257, 4) uint8."""
    if colormap not in _STOPS:
        raise ValueError(f"colormap must be one of {', '.join(_STOPS)}, not {colormap!r}")
    stops = np.array([list(bytes.fromhex(stop)) for stop in _STOPS[colormap].split()], dtype=float)
    table = np.zeros((257, 4), dtype=np.uint8)
    at, along = np.linspace(0, 1, 256), np.linspace(0, 1, len(stops))
    table[:256, :3] = np.stack([np.interp(at, along, stop) for stop in stops.T], axis=-1).round()
    table[:256, 3] = 255
    return table


def png_data_uri(pixels: Any, palette: np.ndarray | None = None) -> str:
    """`data:image/png;base64,…` of uint8 pixels (h, w) or (h, w, 3 or 4), the first row on top.

    With a `palette` (colours, 4) uint8, pixels (h, w) are numbers of its colours: a fourth of the
    bytes.
    """
    pixels = np.asarray(pixels)
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1] if pixels.ndim == 3 else 0
    if pixels.dtype != np.uint8 or channels not in _COLOUR_TYPE or pixels.size == 0:
        raise ValueError(
            "pixels must be uint8 of shape (h, w) or (h, w, 3 or 4) and not empty, "
            f"not {pixels.dtype} of shape {pixels.shape}"
        )
    h, w = pixels.shape[:2]
    rows = np.zeros((h, 1 + w * channels), dtype=np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = pixels.reshape(h, -1)
    kind = _COLOUR_TYPE[channels] if palette is None else 3
    header = struct.pack(">IIBBBBB", w, h, 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b"")]
    if palette is not None:
        chunks[1:1] = [(b"PLTE", palette[:, :3].tobytes()), (b"tRNS", palette[:, 3].tobytes())]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def colour_limits(values: np.ndarray, colormap: str, limits: Any = None) -> tuple[float, float]:
    """The values at the two ends of the map: `limits`, or the lowest and highest finite value.

    A diverging map keeps zero in its middle, so its limits are made equal on both sides.
    """
    if limits is not None:
        try:
            low, high = (float(limit) for limit in limits)
        except (TypeError, ValueError):
            raise ValueError(f"limits must be a pair (low, high), not {limits!r}") from None
        if not np.isfinite(high - low) or low > high:
            raise ValueError(f"limits must be two finite numbers, low ≤ high, not {limits!r}")
    else:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if colormap == "diverging":
        size = max(abs(low), abs(high))
        return -size, size
    return low, high


def colour(values: Any, *, colormap: str = "viridis", limits: Any = None) -> np.ndarray:
    """The colours of `values` (h, w): uint8 (h, w, 4), transparent where a value is nan.

    `colormap` is "viridis" (low to high), "diverging" (blue, white at zero, orange) or "grey"
    (black to white). Values beyond `limits` take the colour of the nearer end.
    """
    values, table = numbers("values", values, 2), colours(colormap)
    low, high = colour_limits(values, colormap, limits)
    with np.errstate(all="ignore"):
        place = (
            (values - low) / (high - low) if high > low else np.where(np.isnan(values), values, 0.5)
        )
    place = np.where(np.isnan(place), 256 / 255, np.clip(place, 0, 1))
    return table[(place * 255 + 0.5).astype(np.intp)]


LEVELS = 31  # of a mapped picture: more cannot be told apart where a map is small


@lru_cache
def _palette(colormap: str) -> np.ndarray:
    """A map in `LEVELS` colours, then one that is clear: (LEVELS + 1, 4) uint8."""
    return colours(colormap)[[*np.linspace(0, 255, LEVELS).round().astype(int), 256]]


def mapped_uri(values: Any, *, colormap: str, limits: Any) -> str:
    """A small PNG of `values` (h, w) in `LEVELS` colours of a map, clear where a value is nan.

    A fifth of the bytes of `png_data_uri(colour(…))`: for many small maps side by side.
    """
    values = numbers("values", values, 2)
    low, high = colour_limits(values, colormap, limits)
    with np.errstate(all="ignore"):
        place = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    levels = np.clip(np.nan_to_num(place), 0, 1) * (LEVELS - 1) + 0.5
    indices = np.where(np.isnan(values), LEVELS, levels).astype(np.uint8)
    return png_data_uri(indices, _palette(colormap))


@lru_cache
def colour_bar(colormap: str) -> str:
    """The data URI of a map as a column, high on top."""
    return png_data_uri(colours(colormap)[255::-1, None, :3])


def image_tag(
    uri: str, x: float, y: float, width: float, height: float, smooth: bool, more: str = ""
) -> str:
    rendering = "auto" if smooth else "pixelated"
    return (
        f'<image x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'preserveAspectRatio="none" image-rendering="{rendering}"{more} href="{uri}"/>'
    )


def picture(
    values: Any,
    *,
    size: float = 240,
    title: str,
    description: str = "",
    limits: Any = None,
    colormap: str = "grey",
    smooth: bool = False,
) -> str:
    """A panel that shows an image, row 0 on top, its longer side `size` pixels.

    `values` has shape (h, w), drawn through `colormap` and `limits` (uint8: 0 to 255 unless told),
    or (h, w, 3): red, green, blue as uint8, or as numbers from 0 to 1. Raises ValueError for other
    shapes.
    """
    raw = np.asarray(values)
    if raw.ndim == 3 and raw.shape[-1] == 3:
        shades = numbers("values", values, 3) * (1 if raw.dtype == np.uint8 else 255)
        pixels = np.clip(np.nan_to_num(shades).round(), 0, 255).astype(np.uint8)
    elif raw.ndim == 2:
        whole = (0, 255) if raw.dtype == np.uint8 else None
        pixels = colour(values, colormap=colormap, limits=whole if limits is None else limits)
    else:
        raise ValueError(f"values must have shape (h, w) or (h, w, 3), not {raw.shape}")
    uri = png_data_uri(pixels)
    h, w = pixels.shape[:2]
    wide, high = size * w / max(h, w), size * h / max(h, w)
    width = max(wide, 96) + 2 * EDGE
    lines = title_lines(title, width - 2 * EDGE)
    top = EDGE + TITLE_STEP * len(lines) + (4 if lines else 0)
    left = (width - wide) / 2
    edge = f'<rect x="{number(left - 0.5)}" y="{number(top - 0.5)}" width="{number(wide + 1)}" '
    edge += f'height="{number(high + 1)}" fill="none" stroke="{MUTED}"/>'
    body = heading(lines, EDGE) + image_tag(uri, left, top, wide, high, smooth) + edge
    return panel(body, width=width, height=top + high + EDGE, title=title, description=description)
