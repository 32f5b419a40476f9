"""What was taken for what: a matrix of counts, and beside it the pictures of one of its cells."""

import json
from collections.abc import Sequence
from typing import Any

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
    text_width,
    title_lines,
    wrap,
)
from dlnotes.pictures.tiles import tiles_tag
from dlnotes.words import _

WIDE, HIGH = 260, 180  # pixels: the matrix; three digits need wide cells
LARGEST_CELL = 26
WRITTEN = 15  # pixels: from this height of a cell on, counts are written
LETTERS = 13  # pixels: of names and counts, where the cells have room
CASE = 40  # pixels: one picture of a cell

Size = tuple[float, float]  # of a cell: width and height


def confusion(
    counts: Any, labels: Sequence[str], *, title: str, width: float = 520, height: float = 256,
    cell: Sequence[int] | None = None, cases: Any = None, said: str = "", pick: str = "confusion",
) -> str:  # fmt: skip
    """Counts (k, k), rows what it is, columns what it was taken for; a panel of that size.

    Colours are the root of each row's shares, so that rare mistakes are seen. `cell` (row, col) is
    marked; `cases` (m, h, w) are its pictures, in 0–1, and `said` what is said of them. The matrix
    is one button `pick`, whose axes count cells from the upper left corner.
    """
    counts = numbers("counts", counts, 2)
    k = len(labels)
    if counts.shape != (k, k):
        raise ValueError(f"counts must have shape ({k}, {k}) as labels has, not {counts.shape}")
    lines = title_lines(title, width - 2 * EDGE)
    size = min(WIDE / k, LARGEST_CELL), min(HIGH / k, LARGEST_CELL)
    wide, high = k * size[0], k * size[1]
    beside = min(max(text_width(label, LETTERS) for label in labels), 60)
    left = EDGE + 18 + beside + 6
    top = EDGE + TITLE_STEP * len(lines) + 36
    share = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    pixels = colour(share, limits=(0, 1))
    image = image_tag(png_data_uri(pixels), left, top, wide, high, False)
    axes = {
        "name": pick, "left": round(left, 2), "top": round(top, 2), "width": round(wide, 2),
        "height": round(high, 2), "x": [0, k], "y": [k, 0], "x_log": False, "y_log": False,
    }  # fmt: skip
    label = _("A cell of the matrix: click one, or move with the arrow keys, to see its pictures")
    box = f'x="{number(left)}" y="{number(top)}" '
    box += f'width="{number(wide)}" height="{number(high)}"'
    body = [
        heading(lines, EDGE),
        names(labels, left, top, size, beside),
        f'<g class="dlnotes-axes" data-axes="{escape(json.dumps(axes))}">{image}',
        written(counts, pixels, left, top, size) if size[1] >= WRITTEN else "",
        f'<rect class="dlnotes-area" {box} fill="transparent" {marks.button(escape(pick), False)}>'
        f"<title>{escape(label)}</title></rect>",
        frame(cell, left, top, size) if cell else "",  # last: what has the focus keeps its place
        "</g>",
        beside_it(left + wide + 18, top - 22, width, height, cases, said),
    ]
    description = _("Rows are what a picture is, columns what it was taken for.") + " " + said
    return panel(
        "".join(body), width=width, height=height, title=title, description=description.strip(),
        name=pick, role="group",
    )  # fmt: skip


def names(labels: Sequence[str], left: float, top: float, cell: Size, beside: float) -> str:
    """The classes along both sides, and what the sides are."""
    wide, high = cell
    size = min(LETTERS, high)
    short = [label if text_width(label, LETTERS) <= beside else label[:6] + "…" for label in labels]
    rows = "".join(
        f'<text x="{number(left - 6)}" y="{number(top + (i + 0.5) * high + 0.35 * size)}" '
        f'text-anchor="end">{escape(name)}</text>'
        for i, name in enumerate(short)
    )
    columns = "".join(
        f'<text x="{number(left + (i + 0.5) * wide)}" y="{number(top - 5)}" '
        f'text-anchor="middle">{escape(name)}</text>'
        for i, name in enumerate(short)
        if text_width(name, size) <= wide
    )
    middle = left + len(labels) * wide / 2
    x, y = EDGE + 11, top + len(labels) * high / 2
    return (
        f'<g font-size="{number(size)}" fill="{INK}">{rows}{columns}</g>'
        f'<g font-size="{LETTERS}" fill="{MUTED}" text-anchor="middle">'
        f'<text x="{number(middle)}" y="{number(top - 21)}">{escape(_("taken for"))}</text>'
        f'<text transform="translate({x} {number(y)}) rotate(-90)">{escape(_("what it is"))}</text>'
        "</g>"
    )


def written(counts: np.ndarray, pixels: np.ndarray, left: float, top: float, cell: Size) -> str:
    """Each count that is not 0 in its cell, black or white, whichever is read better."""
    wide, high = cell
    bright = is_light(pixels)
    parts = []
    for shade, chosen in (("white", ~bright), ("black", bright)):
        texts = "".join(
            count_tag(f"{counts[row, col]:.0f}", left + col * wide, top + row * high, cell)
            for row, col in np.argwhere(chosen & (counts > 0)).tolist()
        )
        parts.append(f'<g fill="{paint(shade)}">{texts}</g>')
    return f'<g text-anchor="middle" pointer-events="none">{"".join(parts)}</g>'


def count_tag(count: str, left: float, top: float, cell: Size) -> str:
    """One count, as large as its cell allows."""
    wide, high = cell
    size = min(LETTERS, 0.75 * high, 0.94 * wide / text_width(count, 1))
    return (
        f'<text x="{number(left + 0.5 * wide)}" y="{number(top + 0.5 * high + 0.36 * size)}" '
        f'font-size="{number(size)}">{count}</text>'
    )


def frame(cell: Sequence[int], left: float, top: float, size: Size) -> str:
    (row, col), (wide, high) = cell, size
    place = f'x="{number(left + col * wide)}" y="{number(top + row * high)}" '
    place += f'width="{number(wide)}" height="{number(high)}" fill="none" pointer-events="none"'
    outer = f'<rect {place} stroke="{paint("white")}" stroke-width="5"/>'
    return f'{outer}<rect {place} stroke="{paint(1)}" stroke-width="3"/>'


def beside_it(left: float, top: float, width: float, height: float, cases: Any, said: str) -> str:
    """What is said of the marked cell, and its pictures below."""
    room = width - left - EDGE
    words = wrap(said or _("Click a cell to see its pictures."), LETTERS, room)
    text = "".join(
        f'<text x="{number(left)}" y="{number(top + 13 + 17 * i)}">{escape(line)}</text>'
        for i, line in enumerate(words)
    )
    text = f'<g font-size="{LETTERS}" fill="{INK}">{text}</g>'
    if cases is None or len(cases) == 0:
        return text
    down = top + 17 * len(words) + 10
    columns = max(int(room // (CASE + 2)), 1)
    most = columns * max(int((height - down - EDGE) // (CASE + 2)), 1)
    tag, _width, _height = tiles_tag(
        cases[:most], left, down, size=CASE, columns=columns, colormap="grey", limits=(0, 1)
    )
    return text + tag
