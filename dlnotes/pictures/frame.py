"""Where things stand in a chart: the plot's rectangle, and the words and colour bars around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnotes.pictures.axis import Axis
from dlnotes.pictures.image import colour_bar, image_tag
from dlnotes.pictures.svg import (
    EDGE,
    GRID,
    INK,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    readable,
    text_width,
    title_lines,
)  # fmt: skip

TICK_SIZE, LABEL_SIZE, LEGEND_SIZE, LEGEND_STEP = 12, 13, 13, 20  # pixels
SWATCH = 24  # pixels: the sample of a mark in the legend
LOWEST_PLOT = 80  # pixels: a plot is never smaller than this, either way


@dataclass(frozen=True)
class Bar:
    """A colour bar: the map, the values at its ends, and what they are."""

    colormap: str
    low: float
    high: float
    label: str

    @property
    def texts(self) -> list[str]:
        middle = "0" if self.colormap == "diverging" else ""
        return [readable(self.high), middle, readable(self.low)]

    @property
    def width(self) -> float:
        texts = max(text_width(text, TICK_SIZE) for text in self.texts)
        return 12 + 12 + 5 + texts + (LABEL_SIZE + 7 if self.label else 0)

    def draw(self, left: float, top: float, height: float) -> str:
        box = f'x="{number(left + 12)}" y="{number(top)}" width="12" height="{number(height)}"'
        heights = (top + 9, top + height / 2 + 4, top + height)
        texts = "".join(
            f'<text x="{number(left + 29)}" y="{number(y)}">{text}</text>'
            for y, text in zip(heights, self.texts, strict=True)
        )
        label = _upright(self.label, left + self.width - 4, top + height / 2) if self.label else ""
        return (
            image_tag(colour_bar(self.colormap), left + 12, top, 12, height, True)
            + f'<rect {box} fill="none" stroke="{MUTED}" stroke-width="0.75"/>'
            + f'<g font-size="{TICK_SIZE}" fill="{INK}">{texts}</g>{label}'
        )


@dataclass(frozen=True)
class Frame:
    """The plot's rectangle in pixels, between its two axes."""

    x: Axis
    y: Axis
    left: float
    top: float
    width: float
    height: float

    def across(self, x: Any) -> Any:
        """Pixels from the left for values on the x axis; nan where there is no place."""
        return self.left + self.width * self.x.places(x)

    def up(self, y: Any) -> Any:
        """Pixels from the top for values on the y axis; nan where there is no place."""
        return self.top + self.height * (1 - self.y.places(y))

    def inside(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`across` and `up`, nan for points outside the plot (by more than rounding)."""
        across, up = self.across(x), self.up(y)
        with np.errstate(invalid="ignore"):
            seen = (abs(across - self.left - self.width / 2) <= self.width / 2 + 0.01) & (
                abs(up - self.top - self.height / 2) <= self.height / 2 + 0.01
            )
        return np.where(seen, across, np.nan), np.where(seen, up, np.nan)

    def box(self) -> str:
        place = f'x="{number(self.left)}" y="{number(self.top)}"'
        return f'{place} width="{number(self.width)}" height="{number(self.height)}"'

    def clip(self, body: str) -> str:
        """`body` cut at the plot's edge, by an inner <svg>: two charts could share an id."""
        view = f"{number(self.left)} {number(self.top)} {number(self.width)} {number(self.height)}"
        opening = f'<svg class="dlnotes-plot" {self.box()} viewBox="{view}" overflow="hidden">'
        return f"{opening}{body}</svg>"


@dataclass(frozen=True)
class Layout:
    """A frame, the chart's whole height, what stands around the plot and what lies under it."""

    frame: Frame
    height: float
    around: str
    under: str


def lay_out(
    width: float, height: float, x: Axis, y: Axis, *,
    title: str, x_label: str, y_label: str, legend: Mapping[str, str], bars: Sequence[Bar],
) -> Layout:  # fmt: skip
    """Lay a chart out from the outside in; a chart that is too low for its words grows."""
    lines = title_lines(title, width - 2 * EDGE)
    legend_top = EDGE + TITLE_STEP * len(lines)
    legend_text, legend_height = _legend(legend, legend_top, width - 2 * EDGE)
    top = legend_top + legend_height + 10
    below = TICK_SIZE + 10 + (LABEL_SIZE + 7 if x_label else 0) + EDGE - 4
    high = max(height - top - below, LOWEST_PLOT)
    y_ticks, y_texts = _y_ticks(y, high)
    left = EDGE + (LABEL_SIZE + 8 if y_label else 0) + _widest(y_texts) + 8
    right = EDGE + sum(bar.width for bar in bars)
    x_ticks, x_texts = _x_ticks(x, max(width - left - right, LOWEST_PLOT))
    if not bars:  # room for the half of the last number that hangs over the plot's end
        right = max(right, 4 + _widest(x_texts) / 2)
    wide = max(width - left - right, LOWEST_PLOT)
    frame = Frame(x, y, left, top, wide, high)
    xs, ys = frame.across(np.array(x_ticks)).tolist(), frame.up(np.array(y_ticks)).tolist()
    foot = top + high
    words = [
        heading(lines, EDGE),
        legend_text,
        _numbers(xs, [foot + 18] * len(xs), x_texts, "middle"),
        _numbers([left - 8] * len(ys), [at + 4 for at in ys], y_texts, "end"),
    ]
    if x_label:
        place = f'x="{number(left + wide / 2)}" y="{number(foot + TICK_SIZE + LABEL_SIZE + 15)}"'
        style = f'font-size="{LABEL_SIZE}" fill="{INK}" text-anchor="middle"'
        words.append(f"<text {place} {style}>{escape(x_label)}</text>")
    if y_label:
        words.append(_upright(y_label, EDGE + LABEL_SIZE - 2, top + high / 2))
    bar_left = left + wide
    for bar in bars:
        words.append(bar.draw(bar_left, top, high))
        bar_left += bar.width
    grid = "".join(f"M{number(at)} {number(top)}v{number(high)}" for at in xs)
    grid += "".join(f"M{number(left)} {number(at)}h{number(wide)}" for at in ys)
    corner = f"M{number(left)} {number(top)}V{number(foot)}H{number(left + wide)}"
    under = (
        f'<rect {frame.box()} fill="transparent"/><path d="{grid}" fill="none" stroke="{GRID}"/>'
        f'<path d="{corner}" fill="none" stroke="{MUTED}"/>'
    )
    return Layout(frame, foot + below, "".join(words), under)


def _widest(texts: Sequence[str]) -> float:
    return max(text_width(text, TICK_SIZE) for text in texts)


def _y_ticks(y: Axis, high: float) -> tuple[list[float], list[str]]:
    """As many ticks and texts as have room one above the other."""
    count = max(3, int(high // 45))
    while True:
        ticks, texts = y.ticks(count)
        if count == 1 or high * np.diff(y.places(np.array(ticks))).min() >= TICK_SIZE + 2:
            return ticks, texts
        count -= 1


def _x_ticks(x: Axis, wide: float) -> tuple[list[float], list[str]]:
    """As many ticks and texts as have room side by side."""
    count = max(2, int(wide // 40))
    while True:
        ticks, texts = x.ticks(count)
        apart = wide * np.diff(x.places(np.array(ticks))).min()
        if count == 1 or _widest(texts) + 14 <= apart:
            return ticks, texts
        count -= 1


def _numbers(xs: Sequence[float], ys: Sequence[float], texts: Sequence[str], anchor: str) -> str:
    written = "".join(
        f'<text x="{number(x)}" y="{number(y)}">{text}</text>'
        for x, y, text in zip(xs, ys, texts, strict=True)
    )
    return f'<g font-size="{TICK_SIZE}" fill="{INK}" text-anchor="{anchor}">{written}</g>'


def _legend(legend: Mapping[str, str], top: float, width: float) -> tuple[str, float]:
    """The legend under the title, in as many rows as it needs, and its height."""
    parts: list[str] = []
    x, y = 0.0, -LEGEND_STEP
    for label, swatch in legend.items():
        wide = SWATCH + 7 + text_width(label, LEGEND_SIZE)
        if not parts or x + wide > width:
            x, y = 0.0, y + LEGEND_STEP
        parts.append(
            f'<g transform="translate({number(EDGE + x)} {number(top + y + 12)})">{swatch}'
            f'<text x="{SWATCH + 7}" y="4.5" font-size="{LEGEND_SIZE}" fill="{INK}">'
            f"{escape(label)}</text></g>"
        )
        x += wide + 18
    return f'<g class="dlnotes-legend">{"".join(parts)}</g>', float(y + LEGEND_STEP)


def _upright(text: str, x: float, y: float) -> str:
    """A text that reads upwards, its middle at y."""
    place = f'transform="translate({number(x)} {number(y)}) rotate(-90)"'
    style = f'font-size="{LABEL_SIZE}" fill="{INK}" text-anchor="middle"'
    return f"<text {place} {style}>{escape(text)}</text>"
