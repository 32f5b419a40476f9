"""How pixels are drawn: the picture, a few of its pixels large, and the numbers of one."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.cells import RULED, Cells
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import EDGE, INK, MUTED, escape, heading, number, panel
from dlnotes.words import _

SIDE = 360  # pixels: the longer side of the picture
NEAR = 5  # pixels a side that are drawn large
LARGE = 60  # pixels: the side of one of these
SHADES = ("#e5484d", "#30a46c", "#3e63dd")  # a bar's colour; its name stands beside it
NAMES = (_("red"), _("green"), _("blue"))
WIDTH, BAR, LEFT = 270, 150, 62  # pixels: the panel of numbers, its longest bar, where bars begin


def draw_pixels(r: SimpleNamespace, *, title: str, says: str) -> str:
    top, left = window(r)
    return row(
        draw_image(r, top, left), draw_near(r, top, left), draw_numbers(r), title=title,
        description=says,
    )  # fmt: skip


def window(r: SimpleNamespace) -> tuple[int, int]:
    """The upper left pixel of those that are drawn large."""
    rows, columns = r.image.shape[:2]
    return (
        min(max(r.row - NEAR // 2, 0), max(rows - NEAR, 0)),
        min(max(r.col - NEAR // 2, 0), max(columns - NEAR, 0)),
    )


def draw_image(r: SimpleNamespace, top: int, left: int) -> str:
    rows, columns = r.image.shape[:2]
    cell = SIDE / max(rows, columns)
    picture = Cells(
        r.image, cell=cell, name="image", uri=r.uri,
        title=_("{rows} × {columns} pixels").format(rows=rows, columns=columns),
        description=_("The photograph, the pixel that is looked at framed."),
    )  # fmt: skip
    if cell >= RULED:
        picture.box(r.row, r.col, 1, 1)
    else:  # a frame would hide the pixel
        picture.box(top, left, min(NEAR, rows), min(NEAR, columns))
    label = _("The picture: point at a pixel, or use the arrow keys, to see its numbers")
    return picture.pick("image", label).svg()


def draw_near(r: SimpleNamespace, top: int, left: int) -> str:
    near = r.image[top : top + NEAR, left : left + NEAR]
    picture = Cells(
        near, cell=LARGE, name="near", least=NEAR * LARGE, title=_("A few pixels, enlarged"),
        description=_("Pixels around the one that is looked at, with their numbers."),
    )  # fmt: skip
    on = [i for i in range(3) if r.channels[i]]
    for place, i in zip(np.linspace(0.5, 1.5, len(on) + 2)[1:-1] - 0.5, on, strict=True):
        picture.texts([[str(value) for value in line] for line in near[..., i]], place, 13)
    return picture.box(r.row - top, r.col - left, 1, 1).svg()


def draw_numbers(r: SimpleNamespace) -> str:
    """The pixel's colour, a bar for each of its numbers, and how many numbers there are."""
    rows, columns = r.image.shape[:2]
    title = _("Row {row}, column {column}").format(row=r.row, column=r.col)
    top = EDGE + 28
    swatch = "#" + bytes(r.pixel).hex()
    parts = [
        heading((title,), EDGE),
        f'<rect x="{EDGE}" y="{top}" width="{WIDTH - 2 * EDGE}" height="44" fill="{swatch}" '
        f'stroke="{MUTED}"/>',
    ]
    for i, name in enumerate(NAMES):
        y = top + 62 + 30 * i
        wide = BAR * r.pixel[i] / 255
        shown = str(r.pixel[i]) if r.channels[i] else _("off")
        parts.append(
            f'<g font-size="14" fill="{INK}"><text x="{EDGE}" y="{y + 15}">{escape(name)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{BAR}" height="20" fill="none" stroke="{MUTED}"/>'
            f'<rect x="{LEFT}" y="{y}" width="{number(wide)}" height="20" fill="{SHADES[i]}"/>'
            f'<text x="{WIDTH - EDGE}" y="{y + 15}" text-anchor="end" font-weight="600">'
            f"{escape(shown)}</text></g>"
        )
    foot = top + 62 + 30 * len(NAMES) + 16
    lines = [
        _("{rows} rows × {columns} columns").format(rows=rows, columns=columns),
        _("= {pixels} pixels").format(pixels=f"{r.pixels:,}"),
        _("× {channels} channels").format(channels=sum(r.channels)),
        _("= {count} numbers").format(count=f"{r.count:,}"),
        _("each one of {levels} levels").format(levels=r.levels),
    ]
    if r.levels < 256 and any(r.channels):
        level = " ".join(str(r.level[i]) for i in range(3) if r.channels[i])
        lines.append(_("this pixel's levels: {level}").format(level=level))
    parts += [
        f'<text x="{EDGE}" y="{foot + 21 * i}" font-size="14" fill="{INK}">{escape(line)}</text>'
        for i, line in enumerate(lines, 1)
    ]
    return panel(
        "".join(parts), width=WIDTH, height=foot + 21 * 6 + EDGE, title=title,
        description=_("The pixel's colour, its numbers as bars of 0 to 255, and the count."),
    )  # fmt: skip
