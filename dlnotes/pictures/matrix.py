"""A matrix as a part of a panel: several may stand in one, and a reader follows them cell by cell.

The cells' colours are one image; numbers are written only where a cell has room for them. What has
been drawn is remembered: as a window moves over a matrix, only the window is written anew.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.pictures.image import colour, image_tag, is_light, png_data_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import MUTED, escape, number, text_width

SMALLEST = 17  # pixels: a cell that is smaller has no number in it
LARGEST_TEXT, SMALLEST_TEXT = 14.0, 9.0
ROOM = 0.95  # of a cell's width: what its number may take, so that neighbours stay apart


def short(value: float, fewer: int = 0) -> str:
    """A number for a small cell: at most two decimals, none from 100 on; or some `fewer`."""
    decimals = max((2 if abs(value) < 10 else 1 if abs(value) < 100 else 0) - fewer, 0)
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text == "-0" else text.replace("-", "−")


@dataclass(frozen=True)
class Matrix:
    """`rows` × `cols` square cells of `side` pixels whose upper left corner is (left, top)."""

    left: float
    top: float
    rows: int
    cols: int
    side: float

    @property
    def width(self) -> float:
        return self.cols * self.side

    @property
    def height(self) -> float:
        return self.rows * self.side

    def middle(self, row: float, col: float) -> tuple[float, float]:
        """Where the middle of a cell is, in pixels: x, y."""
        return self.left + (col + 0.5) * self.side, self.top + (row + 0.5) * self.side

    def box(self, row: float = 0, col: float = 0, rows: float = 0, cols: float = 0) -> str:
        """x, y, width and height of a part of the grid, all of it unless told."""
        x, y = self.left + col * self.side, self.top + row * self.side
        width, height = (cols or self.cols) * self.side, (rows or self.rows) * self.side
        return f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'

    def draw(
        self, values: Any, *, colormap: str = "grey", limits: Any = None, texts: bool = True
    ) -> str:
        """The cells' colours, lines between them, and their numbers; nan leaves a cell empty.

        `values` has shape (rows, cols), or (rows, cols, 3): red, green and blue in 0–1, which has
        no numbers.
        """
        values = np.ascontiguousarray(values, dtype=np.float64)
        ends = None if limits is None else (float(limits[0]), float(limits[1]))
        return _drawn(self, values.tobytes(), values.shape, colormap, ends, texts)

    def write(self, texts: Sequence[str], *, color: Any = "ink", weight: int = 400) -> str:
        """A text in the middle of each cell, row by row; "" leaves one out."""
        return _written(self, tuple(texts), paint(color), weight)

    def write_on(self, values: Any, shades: Any) -> str:
        """Numbers (rows, cols) on colours (rows, cols, 3) in 0–1: light on dark, dark on light."""
        if self.side < SMALLEST:
            return ""
        return _numbers(self, np.asarray(values, dtype=float), 255 * np.asarray(shades))

    def outline(
        self, places: Iterable[tuple[int, int]], *, color: Any = 1, width: float = 2.0
    ) -> str:
        """A frame around each of the cells (row, col)."""
        side = number(self.side)
        path = "".join(
            f"M{number(self.left + col * self.side)} {number(self.top + row * self.side)}"
            f"h{side}v{side}h-{side}z"
            for row, col in places
        )
        return f'<path d="{path}" fill="none" stroke="{paint(color)}" stroke-width="{width:g}"/>'

    def frame(
        self, row: float = 0, col: float = 0, rows: float = 0, cols: float = 0, *,
        color: Any = "muted", width: float = 1.0, dash: bool = False,
    ) -> str:  # fmt: skip
        """A frame around a part of the grid, all of it unless told."""
        dashes = ' stroke-dasharray="4 3"' if dash else ""
        style = f'fill="none" stroke="{paint(color)}" stroke-width="{width:g}"{dashes}'
        return f"<rect {self.box(row, col, rows, cols)} {style}/>"

    def area(self, *, pick: str, label: str, hover: bool = False, draw: bool = False) -> str:
        """The whole grid as one invisible button; a place on it is (column, row) from the top.

        With `hover` it reports each cell that the pointer enters. With `draw` it is a pad to draw
        on, whose places run from 0 to 1 both ways.
        """
        right, down = (1, 1) if draw else (self.cols, self.rows)
        axes = {
            "name": pick, "left": round(self.left, 2), "top": round(self.top, 2),
            "width": round(self.width, 2), "height": round(self.height, 2),
            "x": [0, right], "y": [down, 0], "x_log": False, "y_log": False,
        }  # fmt: skip
        more = (' data-hover="cells"' if hover else "") + (' data-draw="1"' if draw else "")
        return (
            f'<g data-axes="{escape(json.dumps(axes))}"><rect class="dlnotes-area" {self.box()} '
            f'fill="transparent" data-pick="{escape(pick)}"{more} tabindex="0" role="button">'
            f"<title>{escape(label)}</title></rect></g>"
        )

    def buttons(self, pick: str, labels: Sequence[str], current: int, first: int = 0) -> str:
        """Each cell as a button `data-pick="{pick}:{index}"` that can be typed on.

        Indices count on from `first`, row by row; the one that is `current` is marked.
        """
        parts = []
        for i, label in enumerate(labels):
            row, col = divmod(i, self.cols)
            now = ' data-current="1"' if first + i == current else ""
            parts.append(
                f'<rect {self.box(row, col, 1, 1)} fill="transparent" '
                f'data-pick="{pick}:{first + i}" data-keys="1"{now} tabindex="0" role="button">'
                f"<title>{escape(label)}</title></rect>"
            )
        return "".join(parts)


def fitted(left: float, top: float, rows: int, cols: int, size: float) -> Matrix:
    """Cells whose longer side takes `size` pixels."""
    return Matrix(left, top, rows, cols, size / max(rows, cols))


@lru_cache(maxsize=256)
def _drawn(
    cells: Matrix, data: bytes, shape: tuple, colormap: str, limits: Any, texts: bool
) -> str:
    values = np.frombuffer(data).reshape(shape)
    if values.ndim == 3:
        pixels = (values.clip(0, 1) * 255).round().astype(np.uint8)
    else:
        pixels = colour(values, colormap=colormap, limits=limits)
    uri = png_data_uri(_lean(pixels))
    image = image_tag(uri, cells.left, cells.top, cells.width, cells.height, False)
    if cells.side < SMALLEST:
        return image + cells.frame()
    numbers = ""
    if texts and values.ndim == 2:
        numbers = _numbers(cells, values, pixels)
    return image + _lines(cells) + numbers


def _lean(pixels: np.ndarray) -> np.ndarray:
    """The same pixels without channels that say nothing: a page has less to read."""
    if pixels.shape[2] == 4 and (pixels[..., 3] < 255).any():
        return pixels
    red = pixels[..., :1]
    grey = (pixels[..., :3] == red).all()
    return np.ascontiguousarray(red[..., 0] if grey else pixels[..., :3])


def _lines(cells: Matrix) -> str:
    """Thin lines between the cells and around them."""
    path = "".join(
        f"M{number(cells.left)} {number(cells.top + row * cells.side)}h{number(cells.width)}"
        for row in range(cells.rows + 1)
    ) + "".join(
        f"M{number(cells.left + col * cells.side)} {number(cells.top)}v{number(cells.height)}"
        for col in range(cells.cols + 1)
    )
    return f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-opacity="0.45" stroke-width="1"/>'


def fitting(
    values: Iterable[float], width: float, least: float = SMALLEST_TEXT
) -> tuple[list[str], float]:
    """Short numbers for cells so wide, and the letters' height with which each of them fits.

    Where letters would be smaller than `least`, all have fewer decimals; a number for which even
    that leaves no room is "".
    """
    values = list(values)
    for fewer in range(3):
        texts = ["" if math.isnan(value) else short(value, fewer) for value in values]
        size = _size(width, texts)
        if size >= least:
            return texts, size
    return [text if least * text_width(text, 1) <= ROOM * width else "" for text in texts], least


def _size(width: float, texts: Iterable[str]) -> float:
    """The letters' height with which each of the texts fits into a cell."""
    widest = max(text_width(text, 1) for text in (*texts, "00"))
    return min(ROOM * width / widest, 0.55 * width, LARGEST_TEXT)


def _numbers(cells: Matrix, values: np.ndarray, pixels: np.ndarray) -> str:
    """Every cell's number, light on dark colours and dark on light ones."""
    texts, size = fitting(values.ravel().tolist(), cells.side)
    light = is_light(pixels).ravel().tolist()
    body = "".join(
        _text(cells, i, text, size, f' fill="{"#000" if light[i] else "#fff"}"')
        for i, text in enumerate(texts)
        if text
    )
    return f'<g font-size="{size:.3g}" text-anchor="middle" pointer-events="none">{body}</g>'


def _text(cells: Matrix, index: int, text: str, size: float, more: str = "") -> str:
    x, y = cells.middle(*divmod(index, cells.cols))
    return f'<text x="{x:.1f}" y="{y + 0.35 * size:.1f}"{more}>{escape(text)}</text>'


@lru_cache(maxsize=256)
def _written(cells: Matrix, texts: tuple[str, ...], css: str, weight: int) -> str:
    size = max(_size(cells.side, texts), SMALLEST_TEXT)
    body = "".join(_text(cells, i, text, size) for i, text in enumerate(texts) if text)
    style = f'font-size="{size:.3g}" fill="{css}" font-weight="{weight}" text-anchor="middle"'
    return f'<g {style} pointer-events="none">{body}</g>'
