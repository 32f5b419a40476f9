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

MATRIX = 180  # pixels: its sides
LARGEST_CELL = 26
WRITTEN = 15  # pixels: from this size of a cell on, counts are written
LETTERS = 13  # pixels: of names and counts, where the cells have room
CASE = 40  # pixels: one picture of a cell


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
    side = min(MATRIX / k, LARGEST_CELL)
    beside = min(max(text_width(label, LETTERS) for label in labels), 60)
    left = EDGE + 18 + beside + 6
    top = EDGE + TITLE_STEP * len(lines) + 36
    share = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    pixels = colour(share, limits=(0, 1))
    image = image_tag(png_data_uri(pixels), left, top, k * side, k * side, False)
    axes = {
        "name": pick, "left": round(left, 2), "top": round(top, 2), "width": round(k * side, 2),
        "height": round(k * side, 2), "x": [0, k], "y": [k, 0], "x_log": False, "y_log": False,
    }  # fmt: skip
    label = _("A cell of the matrix: click one, or move with the arrow keys, to see its pictures")
    box = f'x="{number(left)}" y="{number(top)}" '
    box += f'width="{number(k * side)}" height="{number(k * side)}"'
    body = [
        heading(lines, EDGE),
        names(labels, left, top, side, beside),
        f'<g class="dlnotes-axes" data-axes="{escape(json.dumps(axes))}">{image}',
        written(counts, pixels, left, top, side) if side >= WRITTEN else "",
        f'<rect class="dlnotes-area" {box} fill="transparent" {marks.button(escape(pick), False)}>'
        f"<title>{escape(label)}</title></rect>",
        frame(cell, left, top, side) if cell else "",  # last: what has the focus keeps its place
        "</g>",
        beside_it(left + k * side + 18, top - 22, width, height, cases, said),
    ]
    description = _("Rows are what a picture is, columns what it was taken for.") + " " + said
    return panel(
        "".join(body), width=width, height=height, title=title, description=description.strip(),
        name=pick, role="group",
    )  # fmt: skip


def names(labels: Sequence[str], left: float, top: float, side: float, beside: float) -> str:
    """The classes along both sides, and what the sides are."""
    size = min(LETTERS, side)
    short = [label if text_width(label, LETTERS) <= beside else label[:6] + "…" for label in labels]
    rows = "".join(
        f'<text x="{number(left - 6)}" y="{number(top + (i + 0.5) * side + 0.35 * size)}" '
        f'text-anchor="end">{escape(name)}</text>'
        for i, name in enumerate(short)
    )
    columns = "".join(
        f'<text x="{number(left + (i + 0.5) * side)}" y="{number(top - 5)}" '
        f'text-anchor="middle">{escape(name)}</text>'
        for i, name in enumerate(short)
        if text_width(name, size) <= side
    )
    middle = len(labels) * side / 2
    x, y = EDGE + 11, top + middle
    return (
        f'<g font-size="{number(size)}" fill="{INK}">{rows}{columns}</g>'
        f'<g font-size="{LETTERS}" fill="{MUTED}" text-anchor="middle">'
        f'<text x="{number(left + middle)}" y="{number(top - 21)}">{escape(_("taken for"))}</text>'
        f'<text transform="translate({x} {number(y)}) rotate(-90)">{escape(_("what it is"))}</text>'
        "</g>"
    )


def written(counts: np.ndarray, pixels: np.ndarray, left: float, top: float, side: float) -> str:
    """Each count that is not 0 in its cell, black or white, whichever is read better."""
    bright = is_light(pixels)
    parts = []
    for shade, chosen in (("white", ~bright), ("black", bright)):
        texts = "".join(
            count_tag(f"{counts[row, col]:.0f}", left + (col + 0.5) * side, top + row * side, side)
            for row, col in np.argwhere(chosen & (counts > 0)).tolist()
        )
        parts.append(f'<g fill="{paint(shade)}">{texts}</g>')
    return f'<g text-anchor="middle" pointer-events="none">{"".join(parts)}</g>'


def count_tag(count: str, middle: float, top: float, side: float) -> str:
    """One count, as large as its cell allows."""
    size = min(LETTERS, 0.75 * side, 0.94 * side / text_width(count, 1))
    return (
        f'<text x="{number(middle)}" y="{number(top + 0.5 * side + 0.36 * size)}" '
        f'font-size="{number(size)}">{count}</text>'
    )


def frame(cell: Sequence[int], left: float, top: float, side: float) -> str:
    row, col = cell
    place = f'x="{number(left + col * side)}" y="{number(top + row * side)}" '
    place += f'width="{number(side)}" height="{number(side)}" fill="none" pointer-events="none"'
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
