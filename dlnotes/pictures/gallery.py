"""Small pictures in rows, with a line or two below each, as buttons where that is wanted."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.image import colour, image_tag, png_data_uri
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    title_lines,
)  # fmt: skip

LETTERS, STEP, GAP = 12, 15, 8  # pixels


def gallery(
    pictures: Any, captions: Sequence[Sequence[str]], *, title: str, description: str = "",
    size: float = 64, columns: int = 6, limits: tuple[float, float] = (0, 1), pick: str = "",
    chosen: int | None = None, gap: float = GAP,
) -> str:  # fmt: skip
    """Pictures (n, h, w), each `size` pixels wide, with its caption's lines below it.

    They stand `gap` pixels apart. With `pick`, each is a button that reports
    `data-pick="{pick}:{index}"`; `chosen` is framed. Raises ValueError unless there is
    one caption a picture.
    """
    pictures = np.asarray(pictures)
    if len(captions) != len(pictures):
        raise ValueError(f"captions must be {len(pictures)}, one a picture, not {len(captions)}")
    width = columns * (size + gap) - gap + 2 * EDGE
    lines = title_lines(title, width - 2 * EDGE)
    top = EDGE + TITLE_STEP * len(lines) + 4
    down = size + STEP * max((len(words) for words in captions), default=0) + GAP
    parts = [heading(lines, EDGE)]
    for i, (values, words) in enumerate(zip(pictures, captions, strict=True)):
        row, col = divmod(i, columns)
        x, y = EDGE + col * (size + gap), top + row * down
        uri = png_data_uri(
            np.ascontiguousarray(colour(values, colormap="grey", limits=limits)[..., 0])
        )
        edge = paint(1) if i == chosen else MUTED
        box = f'width="{number(size)}" height="{number(size)}"'
        texts = "".join(
            f'<text x="{number(x + size / 2)}" y="{number(y + size + STEP * (j + 1) - 3)}">'
            f"{escape(line)}</text>"
            for j, line in enumerate(words)
        )
        inside = (
            image_tag(uri, x, y, size, size, False)
            + f'<rect x="{number(x)}" y="{number(y)}" {box} fill="transparent" stroke="{edge}" '
            f'stroke-width="{3 if i == chosen else 1}"/>{texts}'
        )
        if pick:
            current = ' data-current="1"' if i == chosen else ""
            inside = (
                f'<g class="dlnotes-pick" {marks.button(f"{escape(pick)}:{i}", False)}{current}>'
                f"<title>{escape(', '.join(words))}</title>{inside}</g>"
            )
        parts.append(inside)
    style = f'font-size="{LETTERS}" fill="{INK}" text-anchor="middle"'
    height = top + math.ceil(len(pictures) / columns) * down + EDGE
    body = f"{parts[0]}<g {style}>{''.join(parts[1:])}</g>"
    return panel(body, width=width, height=height, title=title, description=description,
                 role="group" if pick else "img")  # fmt: skip
