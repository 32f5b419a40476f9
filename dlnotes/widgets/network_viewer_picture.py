"""The right half of a `NetworkViewer`: what goes in, the chosen map enlarged, how a number came."""

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import GAP, table
from dlnotes.pictures.svg import EDGE, INK, TITLE_STEP, escape, number, panel, readable, wrap
from dlnotes.widgets.network_arithmetic import Arithmetic, bracketed, grid_of
from dlnotes.widgets.pad import pad_tag
from dlnotes.words import _

INPUT, ENLARGED, SOURCE, GRID = 128, 168, 128, 138  # pixels of the pictures' longer sides
COUNTED = 8  # cells a side up to which the numbers are written into a window
FEW, SEVERAL = 3, 5  # cells a side: up to the first, numbers are long; beyond the other, shortest
LETTERS, STEP = 13, 19
WIDTH = 512
TERMS = ("window", "weights", "products")  # the pictures on which a product is chosen
MOST_SUMS = 16  # sums in one row

Placed = tuple[str, float, float]  # a panel's text, its width and height


def cells(
    values: np.ndarray, size: float, title: str, *, limits: Any, colormap: str = "diverging",
    name: str = "", write: bool | None = None,
) -> Cells:  # fmt: skip
    """An image whose longer side takes `size` pixels, its numbers written where there is room."""
    made = Cells(values, cell=size / max(values.shape[:2]), title=title, limits=limits,
                 colormap=colormap, name=name)  # fmt: skip
    counted = max(values.shape) <= COUNTED if write is None else write
    return made.filled(short(values), LETTERS) if counted else made


def scaled(made: Cells, reach: float) -> Cells:
    """The picture, saying how far its colours reach where its numbers are not written."""
    if max(made.values.shape) <= COUNTED:
        return made
    return made.below(_("full colour: ±{reach}").format(reach=readable(reach)))


def short(values: np.ndarray) -> list[list[str]]:
    """The values as texts that are read in small cells, all to as many decimals.

    In few cells the largest value has three digits, in more of them two, and the minus is short;
    in many the zero before the point is left out, too: -.08 for −0.08, and one digit may do.
    """
    side = max(values.shape)
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    digits = 3 if side <= FEW else 2 if side <= SEVERAL or largest >= 0.1 else 1
    if not 1e-3 <= largest < 1e4:
        return [[readable(value, digits) for value in row] for row in values.tolist()]
    decimals = max(0, digits - 1 - math.floor(math.log10(largest)))
    texts = [
        [readable(value) if math.isnan(value) else fixed(value, decimals) for value in row]
        for row in values.tolist()
    ]
    if side > FEW:
        texts = [[text.replace("−", "-") for text in row] for row in texts]
    if side > SEVERAL or (side > FEW and decimals > 2):
        texts = [[re.sub(r"^(-?)0\.", r"\1.", text) for text in row] for row in texts]
    return texts


def fixed(value: float, decimals: int) -> str:
    """A number with that many decimals; one that is nothing then is 0."""
    rounded = round(value, decimals) + 0.0  # -0.0 + 0.0 is 0.0
    return f"{rounded:.{decimals}f}".replace("-", "−") if rounded else "0"


def placed(made: Cells) -> Placed:
    return made.svg(), made.width, made.height


def stacked(rows: list[list[Placed]], *, title: str, description: str) -> str:
    """Panels in rows, as one panel."""
    parts, top, widest = [], 0.0, 0.0
    for row in rows:
        left = 0.0
        for text, width, _height in row:
            parts.append(f'<svg x="{number(left)}" y="{number(top)}" {text[5:]}')
            left += width
        widest = max(widest, left)
        top += max((height for _text, _width, height in row), default=0.0) + GAP / 2
    return panel("".join(parts), width=max(widest, WIDTH), height=top, title=title,
                 description=description, role="group")  # fmt: skip


def draw_input(r: SimpleNamespace) -> Placed:
    """The picture that goes in, to paint on; or the pad, to draw on."""
    if r.pad is not None:
        width = INPUT + 2 * EDGE
        words = f'<text x="{EDGE}" y="{EDGE + 14}" font-size="15" font-weight="600" fill="{INK}">'
        words += f"{escape(_('Draw here'))}</text>"
        top = EDGE + TITLE_STEP + 4
        body = words + pad_tag(r.pad, EDGE, top, INPUT, width=9)
        height = top + INPUT + EDGE
        text = panel(body, width=width, height=height, title=_("Draw here"), role="group")
        return text, width, height
    shown = cells(r.input, INPUT, _("What goes in"), limits=r.input_limits, colormap="grey",
                  name="input", write=False)  # fmt: skip
    if r.brush:
        shown.box(r.brush[0], r.brush[1], 1, 1, color=2)
    shown.pick(
        "input",
        _("Paint pixels: drag here, or move with the arrow keys and press Space."),
        pen=True,
    )
    return placed(shown)


def draw_enlarged(r: SimpleNamespace) -> Placed:
    values = r.enlarged
    shown = cells(values, ENLARGED, r.enlarged_title, limits=r.limits, colormap=r.colormap,
                  name="map")  # fmt: skip
    row, col = r.cell
    shown.box(row, col, 1, 1)
    shown.pick("map", _("Choose a number: click it, or move with the arrow keys."))
    return placed(shown)


def draw_source(r: SimpleNamespace) -> Placed | None:
    """The map that the window lies on, with the window."""
    how: Arithmetic = r.how
    if how.box is None or r.source is None:
        return None
    title = _("From map {map}").format(map=r.source_map)
    shown = cells(r.source, SOURCE, title, limits=r.source_limits, colormap=r.source_colormap,
                  write=False)  # fmt: skip
    row, col, rows, cols = how.box
    h, w = r.source.shape
    # What reaches beyond the map is padding: the frame is drawn as far as there is room.
    top, left = max(row, -1), max(col, -1)
    bottom, right = min(row + rows, h + 1), min(col + cols, w + 1)
    shown.box(top, left, bottom - top, right - left)
    return placed(shown)


def operator(sign: str, height: float) -> Placed:
    text = (
        f'<text x="8" y="{number(height / 2 + 12)}" font-size="20" fill="{INK}" '
        f'text-anchor="middle">{sign}</text>'
    )
    return panel(text, width=16, height=height, title=""), 16.0, height


def draw_window(r: SimpleNamespace) -> list[Placed]:
    """window × weights = products, of one map."""
    how: Arithmetic = r.how
    if how.window is None or r.source_limits is None:
        return []
    window = how.window[r.channel]
    first = cells(window, GRID, _("window"), limits=r.source_limits, colormap=r.source_colormap,
                  name="window")  # fmt: skip
    out = 2 / first.cell  # a frame leaves the number free
    if how.weights is None:
        if how.winner:
            row, col = how.winner
            first.box(row - out, col - out, 1 + 2 * out, 1 + 2 * out)
        return [placed(first)]
    weights = how.weights[r.channel]
    reach = float(np.nanmax(np.abs(how.weights), initial=0.0)) or 1.0
    products = window * weights
    size = float(np.nanmax(np.abs(how.window * how.weights), initial=0.0)) or 1.0
    second = cells(weights, GRID, _("weights"), limits=(-reach, reach), name="weights")
    third = cells(products, GRID, _("products"), limits=(-size, size), name="products")
    second, third = scaled(second, reach), scaled(third, size)
    row, col = r.term
    for name, shown in zip(TERMS, (first, second, third), strict=True):
        shown.box(row - out, col - out, 1 + 2 * out, 1 + 2 * out)
        shown.pick(name, _("Choose a product: point at it, or move with the arrow keys."))
    times, equals = (operator(sign, first.height) for sign in "×=")
    return [placed(first), times, placed(second), equals, placed(third)]


def term_in_words(r: SimpleNamespace) -> list[str]:
    """The product that is read, as it would be reckoned by hand."""
    if r.term is None:
        return []
    row, col = r.term
    came, weight = (float(values[r.channel, row, col]) for values in (r.how.window, r.how.weights))
    sentence = _("Row {row}, column {col} of the window: {came} × {weight} = {product}")
    return [
        sentence.format(
            row=row, col=col, came=readable(came, 4), weight=bracketed(weight),
            product=readable(came * weight + 0.0, 4),
        )
    ]  # fmt: skip


def draw_sums(r: SimpleNamespace) -> list[Placed]:
    """The sum of the products, map by map; each can be chosen."""
    sums = r.how.sums
    if sums is None or sums.size == 1:
        return []
    columns = min(sums.size, MOST_SUMS)
    rows = math.ceil(sums.size / columns)
    laid = np.full(rows * columns, np.nan)
    laid[: sums.size] = sums
    reach = float(np.abs(sums).max()) or 1.0
    made = Cells(
        laid.reshape(rows, columns),
        cell=min(44, (WIDTH - 2 * EDGE) / columns),
        title=_("Sums by map (choose one)"),
        limits=(-reach, reach),
        colormap="diverging",
        name="sums",
    )
    if rows == 1:
        made.filled(short(made.values), LETTERS)
    labels = [
        _("Map {map}: {total}").format(map=r.how.first + i, total=readable(total))
        for i, total in enumerate(sums.tolist())
    ]
    made.buttons("sum", labels)
    line, column = divmod(r.channel, columns)
    made.box(line, column, 1, 1)
    width = max(made.width, WIDTH)
    return [(made.svg(), width, made.height)]


def draw_lines(title: str, lines: list[str]) -> Placed:
    """A heading and some lines of text."""
    wrapped = [part for line in lines for part in wrap(line, LETTERS, WIDTH - 2 * EDGE)]
    texts = [
        f'<text x="{EDGE}" y="{number(EDGE + 12)}" font-size="15" font-weight="600">'
        f"{escape(title)}</text>"
    ]
    texts += [
        f'<text x="{EDGE}" y="{number(EDGE + 12 + STEP * (i + 1))}" font-size="{LETTERS}">'
        f"{escape(line)}</text>"
        for i, line in enumerate(wrapped)
    ]
    height = EDGE + 18 + STEP * len(wrapped)
    body = f'<g fill="{INK}">{"".join(texts)}</g>'
    return panel(body, width=WIDTH, height=height, title=title), WIDTH, height


def draw_right(r: SimpleNamespace) -> str:
    how: Arithmetic = r.how
    above = [draw_input(r), draw_enlarged(r)]
    source = draw_source(r)
    rows = [
        above + ([source] if source else []),
        [draw_lines(r.number_title, [*how.lines, *term_in_words(r)])],
    ]
    rows += [draw_window(r), draw_sums(r)]
    if how.rows:
        text = table(how.header, how.rows, width=WIDTH - 60, title="", highlight=how.marked,
                     description="")  # fmt: skip
        height = 24 * (len(how.rows) + 1) + 2 * EDGE
        rows.append([(text, WIDTH, height)])
    return stacked(
        [row for row in rows if row], title=_("One number, and how it came about"),
        description=" ".join([r.number_title, *how.lines]),
    )  # fmt: skip


def as_picture(x: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """What goes in, as it is looked at: in colour with three channels, else their mean."""
    if x.ndim == 1:
        return as_grid(x)
    if len(x) != 3:
        return x.mean(axis=0)
    low, high = limits
    shares = (x.transpose(1, 2, 0) - low) / ((high - low) or 1.0)
    return (255 * shares.clip(0, 1)).round().astype(np.uint8)


def as_grid(values: np.ndarray) -> np.ndarray:
    """One map as it is, a list of numbers about square, nan where there is room left."""
    if values.ndim == 2:
        return values
    shape = grid_of(values.size)[1:]
    laid = np.full(shape[0] * shape[1], np.nan)
    laid[: values.size] = values
    return laid.reshape(shape)
