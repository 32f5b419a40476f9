"""A network as a picture: every layer a band of small maps, one below the other, and the lines
between them.

It knows no layer: it takes arrays and words, and gives SVG text. The maps of a band are one PNG.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.image import colour, image_tag, mapped_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    BOLD,
    EDGE,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    readable,
    text_width,
    title_lines,
    wrap,
)  # fmt: skip

LARGEST, SMALLEST = 34, 18  # pixels of a map's longer side, as far as the width allows
GAP = 2  # picture cells between maps
ZOOM = 28  # picture cells of a map's longer side, at least: a small map is drawn with large cells
THINNED = 1.3  # cells a pixel from which on only some rows and columns of a map are drawn
MOST_MAPS, MOST_NUMBERS = 64, 8000  # of one band
SQUARES, NAMED = 40, 16  # numbers that stand as squares of their own, and with their names
LETTERS, STEP = 11, 13  # pixels
LABEL, WIDTH = 172, 600  # pixels: the words left of a band, and the whole picture
ROOM = WIDTH - LABEL - 2 * EDGE  # pixels for the maps
BAR = 24  # pixels of a colour scale
APART = 12  # pixels between bands
WORDS = 26  # pixels of values and names below a few numbers


@dataclass(frozen=True)
class Band:
    """One layer's maps or numbers, ready to be placed: see `band`."""

    title: tuple[str, ...]  # in lines
    note: str
    uri: str
    limits: tuple[float, float]
    colormap: str
    count: int
    columns: int
    lines: int
    unit: tuple[float, float]  # pixels of a map, across and down
    pitch: tuple[float, float]  # pixels from one map to the next
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()  # of a few numbers, in place of a PNG

    @property
    def size(self) -> tuple[float, float]:
        """Pixels of all maps together."""
        width = (self.columns - 1) * self.pitch[0] + self.unit[0]
        return width, (self.lines - 1) * self.pitch[1] + self.unit[1]

    @property
    def words(self) -> float:
        """Pixels of what is written below the maps: values and names."""
        return WORDS if self.names else 0

    @property
    def height(self) -> float:
        """Pixels of the band: of its words or of its maps, whichever is higher."""
        maps = self.size[1] + self.words
        return max(maps, STEP * (len(self.title) + 1)) + APART

    def place(self, i: int) -> tuple[float, float]:
        """The upper left corner of map i, from the upper left corner of the band's first map."""
        line, column = divmod(i, self.columns)
        return column * self.pitch[0], line * self.pitch[1]


def band(
    values: Any, *, title: str, note: str = "", limits: tuple[float, float],
    colormap: str = "diverging", width: float = ROOM, names: Sequence[str] = (),
) -> Band:  # fmt: skip
    """A layer's maps (count, h, w) or numbers (count,) as a band at most `width` pixels wide.

    `title` and `note` stand beside it; `limits` are the values at the ends of the colour scale.
    `names` stand under a few numbers. Of very many maps or numbers only the first are shown.
    """
    values = np.asarray(values, dtype=float)
    words = wrap(title, LETTERS * BOLD, LABEL - 6)
    lines_of_title = words if len(words) <= 2 else (words[0], words[1][:-1] + "…")
    if values.ndim == 3:
        count = min(len(values), MOST_MAPS)
        columns, unit = _columns_of_maps(count, values.shape[1:], width)
    else:
        count = min(len(values), MOST_NUMBERS)
        values = values[:, None, None]
        few = count <= SQUARES
        columns = count if few else max(100, math.ceil(math.sqrt(30 * count)))
        side = min(20.0, width / columns - 3) if few else min(9.0, width / columns)
        unit = (side, side)
        if names and count <= NAMED:
            numbers = values[:count, 0, 0]
            rgb = colour(numbers[None], colormap=colormap, limits=limits)[0, :, :3].tolist()
            return Band(
                lines_of_title, note, "", limits, colormap, count, count, 1, unit,
                (min(width / count, 42.0), side),
                tuple(names[:count]), tuple(map(briefly, numbers.tolist())),
                tuple("#" + bytes(shade).hex() for shade in rgb),
            )  # fmt: skip
    lines = math.ceil(count / columns)
    gap = GAP if values.shape[1] > 1 or count <= SQUARES else 0
    strip, scale = _strip(values[:count], columns, lines, gap, unit)
    uri = mapped_uri(strip, colormap=colormap, limits=limits)
    pitch = unit[0] + gap * scale, unit[1] + gap * scale
    return Band(lines_of_title, note, uri, limits, colormap, count, columns, lines, unit, pitch)


def briefly(value: float) -> str:
    """A number in a few letters: one that is hardly there is only called so."""
    if 0 < abs(value) < 0.001:
        return "≈ 0"
    return readable(value, 2 if abs(value) >= 0.01 else 1)


def _columns_of_maps(count: int, shape: Any, width: float) -> tuple[int, tuple[float, float]]:
    """How many maps stand side by side, and the pixels of one."""
    h, w = shape
    most = max(1, int((width + 3) // (SMALLEST + 3)))
    columns = math.ceil(count / math.ceil(count / most))
    room = (width - 3 * (columns - 1)) / columns
    side = min(LARGEST, room)
    return columns, (side * w / max(h, w), side * h / max(h, w))


def _strip(
    maps: np.ndarray, columns: int, lines: int, gap: int, unit: tuple[float, float]
) -> tuple[np.ndarray, float]:
    """The maps laid out in one array, nan between them; and the pixels of one of its cells."""
    thin = math.ceil(max(maps.shape[1:]) / (THINNED * max(unit))) if gap else 1
    maps = maps[:, ::thin, ::thin]
    zoom = max(1, round(ZOOM / max(maps.shape[1:]))) if gap else 1
    maps = maps.repeat(zoom, axis=1).repeat(zoom, axis=2)
    count, h, w = maps.shape
    laid = np.full((lines * columns, h + gap, w + gap), np.nan)
    laid[:count, :h, :w] = maps
    laid = laid.reshape(lines, columns, h + gap, w + gap).swapaxes(1, 2)
    laid = laid.reshape(lines * (h + gap), columns * (w + gap))
    return laid[: laid.shape[0] - gap, : laid.shape[1] - gap], unit[0] / w


@lru_cache
def _scale_bar(colormap: str) -> str:
    low = -1 if colormap == "diverging" else 0
    return mapped_uri(np.linspace(low, 1, 63)[None], colormap=colormap, limits=(low, 1))


@dataclass(frozen=True)
class Line:
    """From unit `start` of the band before to unit `end` of band `band`: how strong, ±1 at most."""

    band: int
    start: int
    end: int
    strength: float


def network(
    bands: Sequence[Band], *, title: str, description: str = "", chosen: tuple[int, int] | None,
    hovered: tuple[int, int] | None = None, lines: Sequence[Line] = (), labels: Sequence[str] = (),
) -> str:  # fmt: skip
    """The bands below one another. Each reports as pick "layer:{i}", its axes counting its maps.

    `chosen` and `hovered` are (band, map) to frame; `labels` name the bands for a screen reader.
    """
    words = title_lines(title, WIDTH - 2 * EDGE)
    tops, at = [], float(EDGE + TITLE_STEP * len(words) + 6)
    for item in bands:
        tops.append(at)
        at += item.height
    parts = [heading(words, EDGE)]
    parts.append(_connections(bands, tops, lines))  # below the words
    for i, item in enumerate(bands):
        label = labels[i] if labels else " ".join(item.title)
        parts.append(_one(i, item, tops[i], label, chosen is not None and chosen[0] == i))
    for marked, color in ((chosen, 1), (hovered, 3)):
        if marked and marked[1] < bands[marked[0]].count:
            parts.append(_frame(bands[marked[0]], tops[marked[0]], marked[1], color))
    body = "".join(parts)
    return panel(body, width=WIDTH, height=at + EDGE, title=title, description=description,
                 name="network", role="group")  # fmt: skip


def _one(i: int, item: Band, top: float, label: str, current: bool) -> str:
    """A band: its words and its colour scale on the left, its maps as one button on the right."""
    low, high = (readable(limit, 2) for limit in item.limits)
    base, foot = top + 10, top + 10 + STEP * len(item.title)
    right = EDGE + LABEL - 12
    at = right - text_width(high, LETTERS - 1) - 3 - BAR
    words = "".join(
        f'<text x="{EDGE}" y="{number(base + STEP * j)}" font-weight="600">{escape(line)}</text>'
        for j, line in enumerate(item.title)
    )
    words += f'<text x="{EDGE}" y="{number(foot)}">{escape(item.note)}</text>'
    words += "".join(
        f'<text x="{number(x)}" y="{number(foot)}" font-size="{LETTERS - 1}" text-anchor="end">'
        f"{word}</text>"
        for x, word in ((right, high), (at - 3, low))
    )
    scale = image_tag(_scale_bar(item.colormap), at, foot - 8, BAR, 8, True)
    left = EDGE + LABEL
    wide, high_ = item.size
    axes = {
        "name": f"layer:{i}", "left": left, "top": round(top, 2),
        "width": round(item.columns * item.pitch[0], 2),
        "height": round(item.lines * item.pitch[1], 2),
        "x": [0, item.columns], "y": [item.lines, 0], "x_log": False, "y_log": False,
    }  # fmt: skip
    if item.names:
        pictures = _named(item, top)
        area = item.columns * item.pitch[0], high_ + item.words
    else:
        pictures = image_tag(item.uri, left, top, wide, high_, False)
        area = wide, high_
    box = f'x="{left}" y="{number(top)}" width="{number(area[0])}" height="{number(area[1])}"'
    mark = ' data-current="1"' if current else ""
    return (
        f"<g {marks.text_style(INK, LETTERS)}>{words}</g>{scale}"
        f'<g class="dlnotes-axes" data-axes="{escape(json.dumps(axes))}">{pictures}'
        f'<rect class="dlnotes-area" {box} fill="transparent" data-hover="cells"{mark} '
        f"{marks.button(f'layer:{i}', False)}><title>{escape(label)}</title></rect></g>"
    )


def _named(item: Band, top: float) -> str:
    """A few numbers: each a square, its value and its name below."""
    side = item.unit[0]
    squares, texts = [], []
    for i, (fill, *words) in enumerate(zip(item.fills, item.texts, item.names, strict=True)):
        left = EDGE + LABEL + i * item.pitch[0]
        squares.append(
            f'<rect x="{number(left)}" y="{number(top)}" width="{number(side)}" '
            f'height="{number(side)}" fill="{fill}" stroke="{MUTED}" stroke-width="0.5"/>'
        )
        texts += [
            f'<text x="{number(left + side / 2)}" y="{number(top + side + down)}" fill="{shade}">'
            f"{escape(word)}</text>"
            for word, down, shade in zip(words, (12, 25), (INK, MUTED), strict=True)
        ]
    style = f'font-size="{LETTERS - 1}" text-anchor="middle"'
    return f"{''.join(squares)}<g {style}>{''.join(texts)}</g>"


def _connections(bands: Sequence[Band], tops: Sequence[float], lines: Sequence[Line]) -> str:
    """Lines from map to map, thicker where stronger, dashed where negative."""
    drawn = []
    for line in lines:
        above, below = bands[line.band - 1], bands[line.band]
        if line.start >= above.count or line.end >= below.count:
            continue
        (x0, y0), (x1, y1) = above.place(line.start), below.place(line.end)
        x0, y0 = EDGE + LABEL + x0 + above.unit[0] / 2, tops[line.band - 1] + y0 + above.unit[1]
        y0 += above.words  # which stay readable
        x1, y1 = EDGE + LABEL + x1 + below.unit[0] / 2, tops[line.band] + y1
        size = min(abs(line.strength), 1.0)
        style = marks.stroke_style(
            paint(int(line.strength > 0)), 0.8 + 2.2 * size, line.strength < 0, 0.35 + 0.6 * size
        )
        drawn.append(f'<path d="M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}" {style}/>')
    return f'<g class="dlnotes-lines" pointer-events="none">{"".join(drawn)}</g>'


def _frame(item: Band, top: float, i: int, color: int) -> str:
    x, y = item.place(i)
    box = (
        f'x="{number(EDGE + LABEL + x - 1)}" y="{number(top + y - 1)}" '
        f'width="{number(item.unit[0] + 2)}" height="{number(item.unit[1] + 2)}"'
    )
    return (
        f'<g fill="none" pointer-events="none"><rect {box} stroke="{paint("paper")}" '
        f'stroke-width="4"/><rect {box} stroke="{paint(color)}" stroke-width="2.5"/></g>'
    )
