"""The explorer of convolution as a picture: the input with its window, the sums, the output."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.grid import row as in_a_row
from dlnotes.pictures.matrix import SMALLEST_TEXT, Matrix, fitted, short
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import EDGE, INK, MUTED, TITLE_STEP, heading, number, panel, wrap
from dlnotes.pictures.svg import escape as escaped
from dlnotes.widgets.conv_sums import colours, draw_sums, words
from dlnotes.words import _

SIDE = 280  # pixels: the input and the output
TOP = EDGE + TITLE_STEP + 6
SMALL = 62  # pixels: a map that is not the one shown, and a channel of the input
GAP = 8
CHANNELS = (_("red"), _("green"), _("blue"))
WINDOW, TAPS = 1, 1  # colours of the palette
BRIGHT = 0.46  # of white: on a brighter cell letters are black


def draw(r: SimpleNamespace, title: str, description: str) -> str:
    return in_a_row(
        draw_input(r), draw_sums(r), draw_output(r), title=title, description=description
    )


def paragraph(text: str, left: float, top: float, width: float, size: float = 12) -> str:
    """A text in as many lines as it needs."""
    return "".join(
        f'<text x="{number(left)}" y="{number(top + size + i * (size + 4))}" '
        f'font-size="{size:g}" fill="{INK}">{escaped(line)}</text>'
        for i, line in enumerate(wrap(text, size, width))
    )


# The input ---------------------------------------------------------------------------------------


def draw_input(r: SimpleNamespace) -> str:
    v, n, whole = r.values, r.x.shape[1], r.padded.shape[1]
    cells = fitted(EDGE, TOP, whole, whole, SIDE)
    title = _("Input, {n}×{n}").format(n=n)
    parts = [heading((title,), EDGE), cells.draw(*seen(r), limits=shades(r))]
    if v.padding:
        zeros = np.pad(np.full((n, n), False), v.padding, constant_values=True)
        if whole <= 16:
            texts = ["0" if zero else "" for zero in zeros.ravel().tolist()]
            parts.append(cells.write(texts, color="muted"))
        parts.append(cells.frame(v.padding, v.padding, n, n, color="ink", width=1.5))
    if r.y is not None:
        parts.append(laid_on(r, cells))
        parts.append(window(r, cells, width=2.5))
    inner = Matrix(
        cells.left + v.padding * cells.side, TOP + v.padding * cells.side, n, n, cells.side
    )
    if v.data == "drawing":
        parts.append(draw_pad(r, inner))
    elif v.data == "numbers":
        parts.append(typed_cells(r, inner))
    else:
        label = _("The input. Hover or click: the filter goes there. Arrow keys move it.")
        parts.append(cells.area(pick="input", label=label, hover=True))
    foot = TOP + SIDE + GAP
    if len(r.x) == 3:
        parts.append(draw_channels(r, foot))
        foot += SMALL + 24
    notes = captions(r)
    parts.append(paragraph(notes, EDGE, foot, SIDE))
    lines = len(wrap(notes, 12, SIDE))
    return panel(
        "".join(parts), width=SIDE + 2 * EDGE, height=foot + 16 * lines + EDGE, title=title,
        description=notes, name="input", role="group",
    )  # fmt: skip


def captions(r: SimpleNamespace) -> str:
    v = r.values
    notes = []
    if v.data == "drawing":
        notes.append(_("Draw here; Space puts the keyboard's pen down and up."))
    if v.data == "numbers":
        notes.append(_("Click a cell and type a number."))
    if v.padding:
        notes.append(
            _("Around it {padding} of zeros: {n}×{n}.").format(
                padding=v.padding, n=r.padded.shape[1]
            )
        )
    if v.dilation > 1 and r.y is not None:
        notes.append(
            _("{k}×{k} cells, {dilation} apart, cover {span}×{span}.").format(
                k=v.size, dilation=v.dilation, span=r.setting.span
            )
        )
    return " ".join(notes)


def seen(r: SimpleNamespace) -> tuple[np.ndarray]:
    """What is shown of the input: in colour if it has three channels; the padding stays empty."""
    p = r.values.padding
    if len(r.x) == 3:
        return (np.pad(r.x.transpose(1, 2, 0), ((p, p), (p, p), (0, 0))),)
    return (np.pad(r.x[0], p, constant_values=np.nan),)


def shades(r: SimpleNamespace) -> tuple[float, float]:
    return min(0.0, float(r.x.min())), max(1.0, float(r.x.max()))


def window(r: SimpleNamespace, cells: Matrix, width: float) -> str:
    """The cells of the input that the output cell is made of."""
    v, span = r.values, r.setting.span
    rows, cols = r.setting.window(r.row, r.col)
    place = int(rows[0]), int(cols[0]), span, span
    parts = [cells.frame(*place, color="white", width=width + 2.5)]
    if v.dilation > 1:
        taps = r.setting.cells(r.row, r.col)
        parts.append(cells.outline(taps, color=TAPS, width=max(width - 1, 1)))
    parts.append(cells.frame(*place, color=WINDOW, width=width, dash=v.dilation > 1))
    return "".join(parts)


def laid_on(r: SimpleNamespace, cells: Matrix) -> str:
    """The filter laid on the image: in the corner of each pixel the weight that it meets."""
    size = min(0.26 * cells.side, 12)
    if size < SMALLEST_TEXT or len(r.x) > 1:
        return ""
    (low, high), parts = shades(r), []
    places = r.setting.cells(r.row, r.col)
    for (row, col), weight in zip(places, r.applied.ravel().tolist(), strict=True):
        x, y = cells.middle(row + 0.5, col + 0.5)
        inside = all(0 <= place - r.values.padding < r.x.shape[1] for place in (row, col))
        bright = (r.padded[0, row, col] - low) / (high - low) > BRIGHT
        shade = paint("black" if bright else "white") if inside else INK
        parts.append(
            f'<text x="{number(x - 4)}" y="{number(y - 4)}" fill="{shade}">×{short(weight)}</text>'
        )
    style = f'font-size="{size:.3g}" text-anchor="end" pointer-events="none"'
    return f"<g {style}>{''.join(parts)}</g>"


def draw_channels(r: SimpleNamespace, top: float) -> str:
    parts = []
    for c, name in enumerate(CHANNELS):
        left = EDGE + c * (SMALL + 30)
        whole = r.padded.shape[1]
        cells = fitted(left, top, whole, whole, SMALL)
        parts.append(cells.draw(r.padded[c], limits=(0, 1), texts=False))
        if r.y is not None:
            parts.append(window(r, cells, width=1.5))
        parts.append(
            f'<text x="{number(left)}" y="{number(top + SMALL + 14)}" font-size="12" '
            f'fill="{INK}">{escaped(name)}</text>'
        )
    return "".join(parts)


def draw_pad(r: SimpleNamespace, inner: Matrix) -> str:
    label = _("Draw here. With the keyboard: arrows move, Space puts the pen down and up.")
    tag = inner.area(pick="pad", label=label, draw=True)
    drawing = r.values.drawing
    if drawing["cursor"]:
        x, y = (place * inner.width for place in drawing["cursor"])
        filled = paint(WINDOW) if drawing["pen"] else "none"
        tag += (
            f'<circle cx="{number(inner.left + x)}" cy="{number(inner.top + y)}" r="6" '
            f'fill="{filled}" stroke="{paint(WINDOW)}" stroke-width="3" pointer-events="none"/>'
        )
    return tag


def typed_cells(r: SimpleNamespace, inner: Matrix) -> str:
    n, at = inner.rows, r.values.cursor["pixel"]
    pattern = _("Input row {row}, column {col}: {value}")
    labels = [
        pattern.format(row=i // n, col=i % n, value=value)
        for i, value in enumerate(r.x[0].ravel().tolist())
    ]
    row, col = divmod(at, n)
    current = inner.frame(row, col, 1, 1, color=0, width=2, dash=True) if row < n else ""
    return current + inner.buttons("pixel", labels, at)


# The output --------------------------------------------------------------------------------------


def draw_output(r: SimpleNamespace) -> str:
    v, n = r.values, r.n_out
    title = _("Output, {n}×{n}").format(n=n) if n else _("No output")
    parts = [heading((title,), EDGE)]
    if n:
        cells = fitted(EDGE, TOP, n, n, SIDE)
        shown = r.y[v.filter - 1]
        limits = colours(shown)
        if v.fill:
            shown = np.where(np.arange(n * n).reshape(n, n) < v.step, shown, np.nan)
        parts.append(cells.draw(shown, colormap="diverging", limits=limits))
        parts.append(cells.frame(r.row, r.col, 1, 1, color="white", width=5))
        parts.append(cells.frame(r.row, r.col, 1, 1, color=WINDOW, width=2.5))
        if v.pinned:
            parts.append(pin(cells, r.row, r.col))
        label = _("The output. Hover or use the arrow keys; click or press Enter to pin a cell.")
        parts.append(cells.area(pick="output", label=label, hover=True))
    else:
        parts.append(
            f'<rect x="{EDGE}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" '
            f'stroke="{MUTED}" stroke-dasharray="5 5"/>'
        )
    foot = TOP + SIDE + GAP
    if n and v.filters > 1:
        parts.append(draw_maps(r, foot))
        foot += SMALL + 24
    formula = size_formula(r)
    for line in formula:
        parts.append(words(line, EDGE, foot + 11, size=11.5))
        foot += 16
    return panel(
        "".join(parts), width=SIDE + 2 * EDGE, height=foot + EDGE, title=title,
        description=" ".join(formula), name="output", role="group",
    )  # fmt: skip


def size_formula(r: SimpleNamespace) -> list[str]:
    """The output's size by the formula, with this setting's numbers in it."""
    v = r.values
    numbers = _(
        "= ⌊({n} + 2·{padding} − {dilation}·({k} − 1) − 1) / {stride}⌋ + 1 = {result}"
    ).format(
        n=r.x.shape[1], padding=v.padding, dilation=v.dilation, k=v.size, stride=v.stride,
        result=short(r.setting.fitting(r.x.shape[1])),
    )  # fmt: skip
    return [
        _("⌊(n + 2·p − d·(k − 1) − 1) / s⌋ + 1"),
        numbers,
        _("n pixels, p padding, d dilation, k×k filter, s stride"),
    ]


def pin(cells: Matrix, row: int, col: int) -> str:
    """A pin at the cell's upper right corner, so that its number stays free."""
    x, y = cells.middle(row - 0.5, col + 0.5)
    return (
        f'<path d="M{number(x)} {number(y)}l-5 -12a6 6 0 1 1 10 0z" fill="{paint(WINDOW)}" '
        f'stroke="{paint("paper")}" stroke-width="1.5"><title>{_("pinned")}</title></path>'
    )


def draw_maps(r: SimpleNamespace, top: float) -> str:
    """Every filter's output, small and in colours of its own; the one shown is framed."""
    v, parts = r.values, []
    for i in range(v.filters):
        cells = fitted(EDGE + i * (SMALL + GAP), top, r.n_out, r.n_out, SMALL)
        look: dict[str, Any] = {"colormap": "diverging", "limits": colours(r.y[i])}
        parts.append(cells.draw(r.y[i], texts=False, **look))
        if i == v.filter - 1:
            parts.append(cells.frame(color=WINDOW, width=3))
        name = _("filter {i}").format(i=i + 1)
        parts.append(
            f'<text x="{number(cells.left)}" y="{number(top + SMALL + 14)}" font-size="12" '
            f'fill="{INK}">{escaped(name)}</text>'
            f'<rect {cells.box()} fill="transparent" data-pick="filter:{i}" '
            f'data-columns="{v.filters}" tabindex="0" '
            f'role="button"><title>{escaped(name)}</title></rect>'
        )
    return "".join(parts)
