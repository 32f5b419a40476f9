"""How pooling is drawn: the image with a window on it, the result, and the window's arithmetic."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.words import _

SIDE = 336  # pixels: the longer side of the image
WINDOW_SIDE = 208  # pixels: the side of the window drawn large
READABLE = 18  # pixels: the smallest cell with a number in it
WRITTEN = 9  # numbers whose arithmetic is written out
NOTED = 5  # pixels: in a larger window there is only room for a weight without its divisor


def draw_pooling(r: SimpleNamespace, *, title: str, description: str) -> str:
    cell = min(SIDE // max(r.x.shape), 56)
    large = min(cell * max(r.x.shape) // max(r.y.shape), 56) if r.enlarge else cell
    limits = float(r.x.min()), float(r.x.max())
    return row(
        draw_image(r, cell, limits),
        draw_result(r, large, limits),
        draw_window(r, limits),
        title=title,
        description=description,
    )


def draw_image(r: SimpleNamespace, cell: int, limits: tuple[float, float]) -> str:
    h, w = r.x.shape
    picture = Cells(
        r.x, cell=cell, limits=limits, name="input", least=150,
        title=_("The image: {h} × {w}").format(h=h, w=w),
        description=_("The image that is pooled, the present window framed."),
    )  # fmt: skip
    if r.values:
        picture.numbers()
    if r.winners.size:
        corner, size = (0.33, 0.24) if r.values else (0, 0.5)  # a number stands in the middle
        picture.dots(*(r.winners + corner), color=0, size=size)
    top, left = r.row * r.stride, r.col * r.stride
    if r.kind == "blur":
        top, left = top - (r.size - 1) // 2, left - (r.size - 1) // 2
    bottom, right = min(top + r.size, h), min(left + r.size, w)
    top, left = max(top, 0), max(left, 0)
    picture.box(top, left, bottom - top, right - left)
    return picture.pick("input", _("The image: point at a pixel to see its window")).svg()


def draw_result(r: SimpleNamespace, cell: int, limits: tuple[float, float]) -> str:
    h, w = r.y.shape
    picture = Cells(
        r.y, cell=cell, limits=limits, name="result", least=150,
        title=_("Pooled: {h} × {w}").format(h=h, w=w),
        description=_("The result, the present window's number framed."),
    )  # fmt: skip
    if r.values and cell >= READABLE:
        picture.numbers()
    picture.box(r.row, r.col, 1, 1)
    label = _("The result: point at a cell, or use the arrow keys, to see its window")
    return picture.pick("result", label).svg()


def draw_window(r: SimpleNamespace, limits: tuple[float, float]) -> str:
    picture = Cells(
        r.pixels, cell=min(WINDOW_SIDE / r.size, 64), limits=limits, name="window",
        least=WINDOW_SIDE, title=_("The window"), description=arithmetic(r),
    )  # fmt: skip
    picture.numbers(digits_of(r))
    if r.weights is None:
        place = np.unravel_index(r.pixels.argmax(), r.pixels.shape)
        picture.box(int(place[0]), int(place[1]), 1, 1, color=0)
    elif r.kind == "blur" and r.size > 1:
        of = f"/{r.weights.sum()}" if r.size <= NOTED else ""
        picture.notes([[f"×{weight}{of}" for weight in line] for line in r.weights])
    return picture.below(arithmetic(r), lines=4).svg()


def digits_of(r: SimpleNamespace) -> int:
    """How many digits the window's numbers have: as the result where there is room for them."""
    return 3 if r.pixels.size <= WRITTEN else 2


def arithmetic(r: SimpleNamespace) -> str:
    """How the window becomes one number, written out where it is short."""
    texts = [readable(value, digits_of(r)) for value in r.pixels.ravel()]
    few, result = len(texts) <= WRITTEN, readable(r.value)
    if r.kind == "max":
        inside = ", ".join(texts) if few else _("{count} numbers").format(count=len(texts))
        return f"max({inside}) = {result}"
    total = r.weights.sum()
    if r.kind == "average":
        inside = " + ".join(texts) if few else _("sum of {count} numbers").format(count=len(texts))
    elif few:
        pairs = zip(r.weights.ravel(), texts, strict=True)
        inside = " + ".join(f"{weight}·{text}" for weight, text in pairs)
    else:
        inside = _("sum of {count} products").format(count=len(texts))
    return f"({inside}) / {total} = {result}"
