"""An image as cells that can be counted: its numbers, a window on it, marks, and one to be picked.

The colours are one small PNG; what lies over it is a few paths, whatever the number of cells.
"""

import json
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.image import colour, image_tag, is_light, png_data_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    numbers,
    panel,
    readable,
    text_width,
    title_lines,
    wrap,
)  # fmt: skip

BELOW_SIZE, BELOW_STEP = 13, 19  # pixels: the letters below a picture, and from line to line
NARROWEST = 120  # pixels: a panel is never narrower than this
RULED = 9  # pixels: from this size on, cells are parted by lines


class Cells:
    """`values` (h, w) in square cells of `cell` pixels, row 0 on top, painted by `image.colour`.

    Or pixels (h, w, 3) uint8, red, green and blue; `uri` is then the picture that is shown, where a
    smaller one than a PNG of them is known. Each mark returns the picture. Rows and columns are
    counted from 0, from the upper left corner; parts of a cell are allowed. `name` tells the page
    which picture a pointer is on: its axes run from (0, 0) in that corner to (w, h). The panel is
    at least `least` pixels wide. Raises ValueError for values that are not an image.
    """

    def __init__(
        self, values: Any, *, cell: float, title: str, description: str = "", limits: Any = None,
        colormap: str = "grey", name: str = "", least: float = NARROWEST, uri: str = "",
    ) -> None:  # fmt: skip
        self.cell, self.title, self.description, self.name = cell, title, description, name
        if np.ndim(values) == 3:
            self.values = self.pixels = np.asarray(values)
        else:
            self.values = numbers("values", values, 2)
            self.pixels = colour(self.values, colormap=colormap, limits=limits)
        self.uri = uri or png_data_uri(self.pixels)
        self.h, self.w = self.values.shape[:2]
        self.width = max(self.w * cell, least) + 2 * EDGE
        self.lines = title_lines(title, self.width - 2 * EDGE)
        self.top = EDGE + TITLE_STEP * len(self.lines) + 4
        self.left = (self.width - self.w * cell) / 2
        self.height = self.top + self.h * cell + EDGE
        self._marks: list[str] = []
        self._below = ""
        self._picked = False

    def numbers(self, digits: int = 2) -> Self:
        """Each cell's number written into it, black or white, whichever is read better."""
        return self.filled([[readable(value, digits) for value in line] for line in self.values])

    def filled(self, texts: Sequence[Sequence[str]], most: float = 18) -> Self:
        """A text in the middle of each cell, `texts[row][col]`, as large as all of them fit.

        They are at most `most` pixels high.
        """
        widest = max(text_width(text, 1) for line in texts for text in line)
        return self.texts(texts, 0.5, min(0.5 * self.cell, most, 0.92 * self.cell / widest))

    def notes(self, texts: Sequence[Sequence[str]]) -> Self:
        """A small text at the foot of each cell, `texts[row][col]`."""
        widest = max(text_width(text, 1) for line in texts for text in line)
        return self.texts(texts, 0.84, min(0.24 * self.cell, 12, 0.92 * self.cell / widest))

    def texts(self, texts: Sequence[Sequence[str]], height: float, size: float) -> Self:
        """A text in each cell, `texts[row][col]`, `size` pixels high, `height` of the way down."""
        bright = is_light(self.pixels)
        for shade, chosen in (("white", ~bright), ("black", bright)):
            written = "".join(
                f'<text x="{number(self.across(col + 0.5))}" '
                f'y="{number(self.down(row + height) + 0.36 * size)}">{escape(texts[row][col])}'
                "</text>"
                for row, col in np.argwhere(chosen).tolist()
            )
            style = f'font-size="{number(size)}" text-anchor="middle" fill="{paint(shade)}"'
            self._marks.append(f'<g {style} pointer-events="none">{written}</g>')
        return self

    def box(self, row: float, col: float, rows: float, cols: float, *, color: Any = 1) -> Self:
        """A frame around `rows` by `cols` cells whose upper left one is (row, col)."""
        place = (
            f'x="{number(self.across(col))}" y="{number(self.down(row))}" '
            f'width="{number(cols * self.cell)}" height="{number(rows * self.cell)}"'
        )
        self._marks.append(
            f'<g fill="none" stroke-linejoin="round" pointer-events="none">'
            f'<rect {place} stroke="{paint("white")}" stroke-width="6"/>'
            f'<rect {place} stroke="{paint("black")}" stroke-width="4.5"/>'
            f'<rect {place} stroke="{paint(color)}" stroke-width="3"/></g>'
        )
        return self

    def rules(self, rows: Any, cols: Any, *, color: Any = 0) -> Self:
        """Level lines below `rows` cells from the top, upright ones right of `cols` cells."""
        right, foot = self.across(self.w), self.down(self.h)
        level = "".join(f"M{number(self.left)} {number(self.down(row))}H{right:g}" for row in rows)
        up = "".join(f"M{number(self.across(col))} {number(self.top)}V{foot:g}" for col in cols)
        style = f'fill="none" stroke="{paint(color)}" stroke-width="2" pointer-events="none"'
        self._marks.append(f'<path d="{level}{up}" {style}/>')
        return self

    def dots(self, rows: Any, cols: Any, *, color: Any = 1, size: float = 0.5) -> Self:
        """A dot in the middle of each of the cells (rows[i], cols[i]), `size` of a cell wide."""
        across = self.across(numbers("cols", cols) + 0.5)
        down = self.down(numbers("rows", rows) + 0.5)
        places = marks.tidy(across, down).ravel().tolist()
        path = ("M%.9g %.9gh0" * (len(places) // 2)) % tuple(places)  # round ends make it a dot
        width = size * min(self.cell, 36)
        rim = [("black", 1.0)] if self.cell >= RULED else []  # a small dot has no room for one
        for shade, part in [*rim, (color, 0.68)]:
            style = marks.stroke_style(paint(shade), part * width)
            self._marks.append(f'<path d="{path}" {style} pointer-events="none"/>')
        return self

    def below(self, text: str, *, lines: int = 1) -> Self:
        """A text under the picture; the panel keeps room for at least so many `lines` of it."""
        wrapped = wrap(text, BELOW_SIZE, self.width - 2 * EDGE)
        foot = self.top + self.h * self.cell + 6
        self._below = "".join(
            f'<text x="{EDGE}" y="{number(foot + BELOW_STEP * (i + 1) - 5)}" '
            f'font-size="{BELOW_SIZE}" fill="{INK}">{escape(line)}</text>'
            for i, line in enumerate(wrapped)
        )
        self.height = foot + BELOW_STEP * max(lines, len(wrapped)) + EDGE
        return self

    def pick(self, pick: str, label: str, *, drag: bool = False, pen: bool = False) -> Self:
        """The whole picture as one button that reports its clicks, its keys and hovered cells.

        With `drag`, it reports where the pointer is dragged instead of clicks; with `pen`, all
        places that it passes on the way.
        """
        self._picked = True
        how = ' data-draw="1"' if pen else ' data-hover="cells"'
        self._marks.append(
            f'<rect class="dlnotes-area" {self.around(0)} fill="transparent"{how} '
            f"{marks.button(escape(pick), drag)}><title>{escape(label)}</title></rect>"
        )
        return self

    def buttons(self, pick: str, labels: Any) -> Self:
        """Each cell as a button of its own, `data-pick="{pick}:{index}"`, named by `labels`."""
        self._picked = True
        for i, label in enumerate(labels):
            row, col = divmod(i, self.w)
            self._marks.append(
                f'<rect class="dlnotes-pick" x="{number(self.across(col))}" '
                f'y="{number(self.down(row))}" width="{number(self.cell)}" '
                f'height="{number(self.cell)}" fill="transparent" data-columns="{self.w}" '
                f"{marks.button(f'{escape(pick)}:{i}', False)}>"
                f"<title>{escape(label)}</title></rect>"
            )
        return self

    def across(self, col: Any) -> Any:
        """Pixels from the panel's left edge."""
        return self.left + col * self.cell

    def down(self, row: Any) -> Any:
        """Pixels from the panel's top."""
        return self.top + row * self.cell

    def around(self, margin: float) -> str:
        """The place of the picture with `margin` pixels around it."""
        return (
            f'x="{number(self.left - margin)}" y="{number(self.top - margin)}" '
            f'width="{number(self.w * self.cell + 2 * margin)}" '
            f'height="{number(self.h * self.cell + 2 * margin)}"'
        )

    def svg(self) -> str:
        """The picture as a complete, standalone <svg>."""
        axes = {
            "name": self.name, "left": round(self.left, 2), "top": round(self.top, 2),
            "width": round(self.w * self.cell, 2), "height": round(self.h * self.cell, 2),
            "x": [0, self.w], "y": [self.h, 0], "x_log": False, "y_log": False,
        }  # fmt: skip
        across, down = self.w * self.cell, self.h * self.cell
        image = image_tag(self.uri, self.left, self.top, across, down, False)
        edge = f'<rect {self.around(0.5)} fill="none" stroke="{MUTED}"/>'
        opening = f'<g class="dlnotes-axes" data-axes="{escape(json.dumps(axes))}">'
        return panel(
            f"{heading(self.lines, EDGE)}{opening}{image}{self._grid()}{edge}"
            f"{''.join(self._marks)}</g>{self._below}",
            width=self.width,
            height=self.height,
            title=self.title,
            description=self.description,
            name=self.name,
            role="group" if self._picked else "img",
        )

    def _grid(self) -> str:
        """Lines between the cells, where these are large enough to be counted."""
        if self.cell < RULED:
            return ""
        right, foot = self.across(self.w), self.down(self.h)
        level = (f"M{self.left:g} {self.down(row):g}H{right:g}" for row in range(1, self.h))
        up = (f"M{self.across(col):g} {self.top:g}V{foot:g}" for col in range(1, self.w))
        style = f'fill="none" stroke="{MUTED}" stroke-width="0.5" stroke-opacity="0.7"'
        return f'<path d="{"".join((*level, *up))}" {style}/>'
