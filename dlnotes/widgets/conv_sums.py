"""The arithmetic of one output cell: window, filter, the k² products, their sum, the bias."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.matrix import Matrix, fitting, short
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
    readable,
    text_width,
)
from dlnotes.words import _

WIDTH = 460
ROOM = WIDTH - 2 * EDGE
GAP = 14
LARGEST, HIGHEST = 42, 182  # pixels: a cell of the filter, and the filter
ONE_LINE, SMALLEST = 85.0, 7.2  # pixels: a product's cell that takes one line; its letters
ROUNDED = _("Products: input × weight (rounded)")
DIGITS = 5  # of a sum
MIDDLE = ' text-anchor="middle"'
CHANNELS = (_("red"), _("green"), _("blue"))


def draw_sums(r: SimpleNamespace) -> str:
    v, channels = r.values, len(r.x)
    name = _("Filter {i} of {count}").format(i=v.filter, count=v.filters)
    title = name if v.filters > 1 else _("Filter")
    parts = [heading((title,), EDGE)]
    top = EDGE + TITLE_STEP + 6.0
    drawn = one_channel(r, top, parts) if channels == 1 else colour_channels(r, top, parts)
    top = drawn.top + drawn.height + 10
    if v.mode == "convolution":
        parts.append(
            words(_("Turned by half a turn before it is laid on the window."), EDGE, top + 10)
        )
        top += 18
    if r.y is not None:
        top = draw_products(r, top + 18, parts)
        top = draw_total(r, top + 24, parts)
    return panel(
        "".join(parts), width=WIDTH, height=top + EDGE, title=title, description=described(r),
        name="sums", role="group",
    )  # fmt: skip


def words(text: str, x: float, y: float, *, size: float = 12, more: str = "") -> str:
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{size:g}" fill="{INK}"{more}>'
        f"{escape(text)}</text>"
    )


def colours(values: np.ndarray) -> tuple[float, float]:
    most = float(np.abs(values).max()) or 1.0
    return -most, most


def one_channel(r: SimpleNamespace, top: float, parts: list[str]) -> Matrix:
    """The filter, and the window that it is laid on, side by side."""
    k = r.values.size
    side = min(LARGEST, HIGHEST / k)
    cells = Matrix(EDGE, top, k, k, side)
    parts.append(draw_filter(r, cells, 0))
    if r.y is not None:
        left = max(cells.left + cells.width + 44, EDGE + ROOM / 2 - 10)
        seen = Matrix(left, top, k, k, side)
        middle = (cells.left + cells.width + left) / 2
        parts.append(words("×", middle, top + cells.height / 2 + 7, size=20, more=MIDDLE))
        low, high = min(0.0, float(r.x.min())), max(1.0, float(r.x.max()))
        parts.append(seen.draw(r.window[0], limits=(low, high)))
        parts.append(seen.frame(color=1, width=2.5))
        parts.append(words(_("Window on the input"), left, EDGE + 14, size=13))
    return cells


def colour_channels(r: SimpleNamespace, top: float, parts: list[str]) -> Matrix:
    """The filter's three channels side by side; the last of them."""
    k = r.values.size
    wide = (ROOM - 2 * GAP) / 3
    side = min(wide / k, LARGEST)
    for c, name in enumerate(CHANNELS):
        cells = Matrix(EDGE + c * (wide + GAP), top + 16, k, k, side)
        parts.append(words(name, cells.left, top + 10))
        parts.append(draw_filter(r, cells, c))
    return cells


def draw_filter(r: SimpleNamespace, cells: Matrix, channel: int) -> str:
    """One channel of the filter, to be typed into."""
    v, k = r.values, cells.rows
    weights = r.weights[v.filter - 1]
    first, at = channel * k * k, v.cursor["weight"]
    pattern = _("Weight row {row}, column {col}: {value}")
    labels = [
        pattern.format(row=i // k, col=i % k, value=short(value))
        for i, value in enumerate(weights[channel].ravel().tolist())
    ]
    parts = [cells.draw(weights[channel], colormap="diverging", limits=colours(weights))]
    if first <= at < first + k * k:
        row, col = divmod(at - first, k)
        parts.append(cells.frame(row, col, 1, 1, color=0, width=2, dash=True))
        if v.cursor["typed"] in ("-", ".", "-.") or v.cursor["typed"].endswith("."):
            parts.append(unfinished(cells, row, col, v.cursor["typed"]))
    parts.append(cells.buttons("weight", labels, at, first))
    return "".join(parts)


def unfinished(cells: Matrix, row: int, col: int, text: str) -> str:
    """What has been typed so far, where it is no number yet."""
    x, y = cells.middle(row, col)
    return (
        f'<rect {cells.box(row, col, 1, 1)} fill="{paint("paper")}" stroke="{paint(0)}" '
        'stroke-width="3"/>' + words(text.replace("-", "−"), x, y + 5, size=13, more=MIDDLE)
    )


def draw_products(r: SimpleNamespace, top: float, parts: list[str]) -> float:
    """Every product in the place of its cell; returns where they end."""
    channels, k = r.products.shape[:2]
    wide = (ROOM - (channels - 1) * GAP) / channels
    texts, size = written(r, wide / k)
    label = _("Products: input × weight") if exact(r, texts) else ROUNDED
    parts.append(words(label, EDGE, top - 6, size=13))
    high = 26.0 if len(texts[0]) == 2 else min(22.0, wide / k)
    limits = colours(r.products)
    style = f'font-size="{size:.3g}" fill="{INK}" text-anchor="middle"'
    for c in range(channels):
        cells = EDGE + c * (wide + GAP), top, wide / k, high
        drawn = draw_cells(cells, texts[c * k * k :][: k * k], r.products[c], limits, size)
        parts.append(f"<g {style}>{drawn}</g>")
    return top + high * k


def draw_cells(
    place: tuple[float, float, float, float], texts: list[tuple[str, ...]], products: np.ndarray,
    limits: tuple[float, float], size: float,
) -> str:  # fmt: skip
    """One channel's products (k, k): each cell coloured by its product, its lines in the middle.

    `place` is where the first cell is, and how wide and high each is.
    """
    left, top, wide, high = place
    parts = []
    for i, (lines, product) in enumerate(zip(texts, products.ravel().tolist(), strict=True)):
        row, col = divmod(i, len(products))
        x, y = left + col * wide, top + row * high
        tone, strength = paint(1 if product > 0 else 0), abs(product) / limits[1]
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" '
            f'fill="{tone}" fill-opacity="{0.4 * strength:.2f}" stroke="{MUTED}" '
            'stroke-opacity="0.4"/>'
        )
        first = y + high / 2 + 0.36 * size - (len(lines) - 1) * (size + 1) / 2
        parts += (
            f'<text x="{x + wide / 2:.1f}" y="{first + line * (size + 1):.1f}">{escape(text)}'
            "</text>"
            for line, text in enumerate(lines)
        )
    return "".join(parts)


def written(r: SimpleNamespace, wide: float) -> tuple[list[tuple[str, ...]], float]:
    """The lines of each product for cells so wide, channel by channel, and the letters' height.

    "x × w = p" where there is room for it, in two lines where they can be read, or just p.
    """
    numbers = (a.ravel().tolist() for a in (r.window, r.applied, r.products))
    factors = [(short(a), short(b), short(p)) for a, b, p in zip(*numbers, strict=True)]
    found: list[tuple[str, ...]]
    if wide >= ONE_LINE:
        found = [(f"{a} × {b} = {p}",) for a, b, p in factors]
    else:
        found = [(f"{a}×{b}", f"= {p}") for a, b, p in factors]
    widest = max(text_width(line, 1) for lines in found for line in lines)
    size = min(12.0, 0.96 * wide / widest)
    if size >= SMALLEST:
        return found, size
    texts, size = fitting(r.products.ravel().tolist(), wide, SMALLEST)
    return [(text,) for text in texts], size


def exact(r: SimpleNamespace, texts: list[tuple[str, ...]]) -> bool:
    """Whether each product is written with all its decimals."""
    pairs = zip(texts, r.products.ravel().tolist(), strict=True)
    return all(lines[-1].rpartition("= ")[2] == readable(p + 0.0, 12) for lines, p in pairs)


def draw_total(r: SimpleNamespace, top: float, parts: list[str]) -> float:
    """The sum, the bias and what comes out; with several channels, each channel's sum."""
    amount = [readable(value, DIGITS) for value in (r.sum, r.bias, r.value)]
    if len(r.sums) > 1:
        line = " + ".join(
            _("{channel} {sum}").format(channel=name, sum=bracketed(total))
            for name, total in zip(CHANNELS, r.sums.tolist(), strict=True)
        )
        parts.append(words(f"{line} = {amount[0]}", EDGE, top, size=13))
        top += 20
    line = _("sum {sum} + bias {bias} = {value}").format(
        sum=amount[0], bias=bracketed(r.bias), value=amount[2]
    )
    parts.append(words(line, EDGE, top, size=16, more=' font-weight="600"'))
    return top + 6


def bracketed(value: float) -> str:
    """A number behind a plus sign: a negative one in brackets."""
    text = readable(value, DIGITS)
    return f"({text})" if value < 0 else text


def described(r: SimpleNamespace) -> str:
    """The products in words, for a screen reader."""
    if r.y is None:
        return _("The filter is larger than the image with its padding.")
    pairs = zip(r.window.ravel().tolist(), r.applied.ravel().tolist(), strict=True)
    terms = " + ".join(f"{short(a)} × {bracketed(round(b, 2))}" for a, b in pairs)
    return _("{terms} = {sum}; plus bias {bias}: {value}").format(
        terms=terms,
        sum=readable(r.sum, DIGITS),
        bias=bracketed(r.bias),
        value=readable(r.value, DIGITS),
    )
