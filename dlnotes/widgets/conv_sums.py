"""The arithmetic of one output cell: window, filter, the k² products, their sum, the bias."""

from types import SimpleNamespace

import numpy as np

from dlnotes.pictures.matrix import Matrix, short
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
        pattern.format(row=i // k + 1, col=i % k + 1, value=short(value))
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
    parts.append(words(_("Products: input × weight"), EDGE, top - 6, size=13))
    wide = (ROOM - (channels - 1) * GAP) / channels
    limits = colours(r.products)
    foot = top
    for c in range(channels):
        grid = Products(EDGE + c * (wide + GAP), top, wide / k, channels == 1)
        parts.append(grid.draw(r.window[c], r.applied[c], r.products[c], limits))
        foot = top + grid.high(k) * k
    return foot


class Products:
    """k² products: as "x × w = p" where there is room for it, in two lines, or just as p."""

    def __init__(self, left: float, top: float, wide: float, alone: bool) -> None:
        self.left, self.top, self.wide, self.alone = left, top, wide, alone

    def lines(self) -> int:
        return 1 if self.wide >= 85 or self.wide < 44 else 2

    def high(self, k: int) -> float:
        if self.lines() == 2:
            return 26.0
        return min(22.0, self.wide) if self.alone or self.wide < 44 else 22.0

    def draw(
        self, x: np.ndarray, weights: np.ndarray, products: np.ndarray, limits: tuple[float, float]
    ) -> str:
        k, high = len(x), self.high(len(x))
        texts = self.texts(x, weights, products)
        widest = max(text_width(line, 1) for lines in texts for line in lines)
        size = max(min(12.0, self.wide / widest, 0.7 * high), 6.5)
        parts = []
        for i, lines in enumerate(texts):
            row, col = divmod(i, k)
            left, top = self.left + col * self.wide, self.top + row * high
            strength = abs(products.flat[i]) / limits[1]
            tone = paint(1 if products.flat[i] > 0 else 0)
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{self.wide:.1f}" height="{high:.1f}" '
                f'fill="{tone}" fill-opacity="{0.4 * strength:.2f}" stroke="{MUTED}" '
                'stroke-opacity="0.4"/>'
            )
            first = top + high / 2 + 0.36 * size - (len(lines) - 1) * (size + 1) / 2
            for line, text in enumerate(lines):
                parts.append(
                    f'<text x="{left + self.wide / 2:.1f}" y="{first + line * (size + 1):.1f}">'
                    f"{escape(text)}</text>"
                )
        style = f'font-size="{size:.3g}" fill="{INK}" text-anchor="middle"'
        return f"<g {style}>{''.join(parts)}</g>"

    def texts(
        self, x: np.ndarray, weights: np.ndarray, products: np.ndarray
    ) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for a, b, p in zip(
            x.ravel().tolist(), weights.ravel().tolist(), products.ravel().tolist(), strict=True
        ):
            if self.wide < 44:
                found.append((short(p),))
            elif self.lines() == 2:
                found.append((f"{short(a)}×{short(b)}", f"= {short(p)}"))
            else:
                found.append((f"{short(a)} × {short(b)} = {short(p)}",))
        return found


def draw_total(r: SimpleNamespace, top: float, parts: list[str]) -> float:
    """The sum, the bias and what comes out; with several channels, each channel's sum."""
    amount = [readable(value, 4) for value in (r.sum, r.bias, r.value)]
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
    text = readable(value, 4)
    return f"({text})" if value < 0 else text


def described(r: SimpleNamespace) -> str:
    """The products in words, for a screen reader."""
    if r.y is None:
        return _("The filter is larger than the image with its padding.")
    pairs = zip(r.window.ravel().tolist(), r.applied.ravel().tolist(), strict=True)
    terms = " + ".join(f"{short(a)} × {bracketed(round(b, 2))}" for a, b in pairs)
    return _("{terms} = {sum}; plus bias {bias}: {value}").format(
        terms=terms, sum=readable(r.sum, 4), bias=bracketed(r.bias), value=readable(r.value, 4)
    )
