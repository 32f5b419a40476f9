"""Charts as SVG text, made in about a millisecond, so that a picture follows the hand.

Each mark is one method: it checks its arrays, and leaves a function that writes the mark.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from dlnotes.pictures import marks
from dlnotes.pictures.canvas import Canvas
from dlnotes.pictures.contour import contour_segments, even_levels
from dlnotes.pictures.frame import SWATCH, Bar, Frame
from dlnotes.pictures.image import colour, colour_limits, image_tag, png_data_uri
from dlnotes.pictures.palette import letters, paint
from dlnotes.pictures.svg import PAPER, escape, number, numbers, readable, same_length, text_width
from dlnotes.words import _

ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}  # how much of a text lies left of its point
LINE = f"M0 0h{SWATCH}"  # the samples of a line and of an area in the legend
AREA = f"M0 -6h{SWATCH}v12h-{SWATCH}z"


def grid_extent(x: Any, y: Any) -> tuple[float, float, float, float]:
    """The outer edges (x low, x high, y low, y high) of cells whose centres are at `x` and `y`.

    For `image` and `contours` of values computed at `np.linspace(...)`: a cell reaches half a step
    beyond its sample. Both must be evenly spaced.
    """
    edges: list[float] = []
    for name, values in (("x", numbers("x", x)), ("y", numbers("y", y))):
        if len(values) < 2:
            raise ValueError(f"{name} must have at least two values, not {len(values)}")
        half = (values[-1] - values[0]) / (len(values) - 1) / 2
        edges += [float(values[0] - half), float(values[-1] + half)]
    return edges[0], edges[1], edges[2], edges[3]


class Chart(Canvas):
    """A chart of `width` by `height` pixels whose axes show the ranges `x` and `y` (low, high).

    Every mark takes arrays of shape (n,) in the units of the axes, is cut at the plot's edge,
    leaves out what is not finite, and returns the chart. `color` is a palette index 0 to 5, "ink",
    "muted", or on an image "white" or "black". A `label` puts the mark into the legend; marks with
    one label share its line. Bad input raises ValueError naming the argument. `name` tells the
    page which chart a pointer is on. A title or legend of many lines makes the chart higher rather
    than the plot too flat.
    """

    def line(
        self, x: Any, y: Any, *, label: str = "", color: Any = 0, dash: bool = False,
        width: float = 2.0, opacity: float = 1.0,
    ) -> Self:  # fmt: skip
        """A line through the points in turn, broken where one is not finite."""
        x, y = numbers("x", x), numbers("y", y)
        same_length(x=x, y=y)
        style = marks.stroke_style(paint(color), width, dash, opacity)

        def write(f: Frame) -> str:
            return f'<path d="{marks.line_path(f.across(x), f.up(y))}" {style}/>'

        return self._add(write, label, f'<path d="{LINE}" {style}/>')

    def points(
        self, x: Any, y: Any, *, label: str = "", color: Any = 0, marker: str = "circle",
        radius: float = 4.0, opacity: float = 1.0, pick: str = "",
        pick_labels: Sequence[str] | None = None, drag: bool = False,
    ) -> Self:  # fmt: skip
        """A marker a point: circle, square, triangle, diamond or cross, of `radius` pixels.

        With `pick`, each is a button that reports `data-pick="{pick}:{index}"`, named by
        `pick_labels` or by its values; with `drag` too, it can be moved. A point outside the axes
        is hidden.
        """
        x, y = numbers("x", x), numbers("y", y)
        same_length(x=x, y=y)
        if pick_labels is not None and len(pick_labels) != len(x):
            raise ValueError(
                f"pick_labels must be one text a point, not {len(pick_labels)} for {len(x)}"
            )
        shape = marks.marker_shape(marker, radius)
        style = marks.marker_style(marker, paint(color), opacity)
        swatch = f'<path d="M{SWATCH // 2} 0{marks.marker_shape(marker, min(radius, 6))}" {style}/>'

        def write(f: Frame) -> str:
            across, up = f.inside(x, y)
            if not pick:
                return f"<g {style}>{marks.markers(across, up, shape)}</g>"
            named = _point_names(label or pick, x, y) if pick_labels is None else pick_labels
            names, reach = [escape(name) for name in named], max(10.0, radius + 4)
            buttons = marks.picks(
                across, up, shape, pick=escape(pick), names=names, reach=reach, drag=drag
            )
            return f"<g {style}>{buttons}</g>"

        return self._add(write, label, swatch, clipped=False)

    def segments(
        self, x0: Any, y0: Any, x1: Any, y1: Any, *, label: str = "", color: Any = 0,
        dash: bool = False, width: float = 1.5,
    ) -> Self:  # fmt: skip
        """Separate straight pieces from (x0, y0) to (x1, y1), such as residuals."""
        x0, y0, x1, y1 = numbers("x0", x0), numbers("y0", y0), numbers("x1", x1), numbers("y1", y1)
        same_length(x0=x0, y0=y0, x1=x1, y1=y1)
        style = marks.stroke_style(paint(color), width, dash)

        def write(f: Frame) -> str:
            path = marks.segments_path(f.across(x0), f.up(y0), f.across(x1), f.up(y1))
            return f'<path d="{path}" {style}/>'

        return self._add(write, label, f'<path d="{LINE}" {style}/>')

    def bars(
        self, x: Any, height: Any, *, width: float = 0.8, label: str = "", color: Any = 0,
        base: float = 0.0,
    ) -> Self:  # fmt: skip
        """Bars from `base` to `base + height`, centred on `x`, `width` wide in the units of x."""
        x, height = numbers("x", x), numbers("height", height)
        same_length(x=x, height=height)
        style = f'fill="{paint(color)}" stroke="{PAPER}" stroke-width="1"'

        def write(f: Frame) -> str:
            foot = f.up(np.full(len(x), base))
            foot = np.where(np.isnan(foot), f.top + f.height, foot)  # zero on a logarithmic axis
            left, right = f.across(x - width / 2), f.across(x + width / 2)
            return f'<path d="{marks.bars_path(left, right, foot, f.up(base + height))}" {style}/>'

        return self._add(write, label, f'<path d="M6 -6h12v12h-12z" {style}/>')

    def band(
        self, x: Any, low: Any, high: Any, *, label: str = "", color: Any = 0, opacity: float = 0.2
    ) -> Self:
        """The area between two lines, broken where one is not finite."""
        x, low, high = numbers("x", x), numbers("low", low), numbers("high", high)
        same_length(x=x, low=low, high=high)
        style = f'fill="{paint(color)}" fill-opacity="{number(opacity)}"'

        def write(f: Frame) -> str:
            return f'<path d="{marks.band_path(f.across(x), f.up(low), f.up(high))}" {style}/>'

        return self._add(write, label, f'<path d="{AREA}" {style}/>')

    def image(
        self, values: Any, *, extent: Any = None, limits: Any = None, colormap: str = "viridis",
        label: str = "", smooth: bool = False,
    ) -> Self:  # fmt: skip
        """Numbers (rows, cols) as colours, row 0 at the low end of y, with a colour bar beside.

        `extent` is the outer edges (x low, x high, y low, y high), the whole plot unless told;
        `limits` the values at the ends of the colours (see `image.colour`). Cells are evenly spaced
        on the axis as drawn.
        """
        values, extent = numbers("values", values, 2), self._extent(extent)
        uri = png_data_uri(colour(values[::-1], colormap=colormap, limits=limits))
        self._bars.append(Bar(colormap, *colour_limits(values, colormap, limits), label))

        def write(f: Frame) -> str:
            (left, right), (bottom, top) = f.across(extent[:2]), f.up(extent[2:])
            return image_tag(uri, left, top, right - left, bottom - top, smooth)

        return self._add(write)

    def contours(
        self, values: Any, *, extent: Any = None, levels: Any = 8, color: Any = "ink"
    ) -> Self:
        """Lines of equal height through numbers (rows, cols), row 0 at the low end of y.

        `levels` is how many, evenly between lowest and highest, or the values themselves; `extent`
        is as for `image`: the outer edges of the cells in whose centres the values stand.
        """
        values, extent = numbers("values", values, 2), self._extent(extent)
        if min(values.shape) < 2:
            raise ValueError(f"values must have at least 2 rows and 2 columns, not {values.shape}")
        single = np.ndim(levels) == 0
        heights = even_levels(values, int(levels)) if single else numbers("levels", levels)
        places = (contour_segments(values, heights) + 0.5) / np.array(values.shape[::-1])
        style = marks.stroke_style(paint(color), 1, False, 0.55)

        def write(f: Frame) -> str:
            (left, right), (bottom, top) = f.across(extent[:2]), f.up(extent[2:])
            x, y = left + places[..., 0] * (right - left), bottom + places[..., 1] * (top - bottom)
            return f'<path d="{marks.segments_path(x[:, 0], y[:, 0], x[:, 1], y[:, 1])}" {style}/>'

        return self._add(write)

    def _extent(self, extent: Any) -> np.ndarray:
        if extent is None:
            return np.array([self.x.low, self.x.high, self.y.low, self.y.high])
        edges = numbers("extent", extent)
        if len(edges) != 4 or not (edges[0] < edges[1] and edges[2] < edges[3]):
            raise ValueError(f"extent must be (x low, x high, y low, y high), not {extent!r}")
        return edges

    def text(
        self, x: float, y: float, text: str, *, color: Any = "ink", anchor: str = "start",
        size: float = 12,
    ) -> Self:  # fmt: skip
        """A short text whose `anchor` (start, middle, end) is put at a point, within the plot."""
        if anchor not in ANCHORS:
            raise ValueError(f"anchor must be start, middle or end, not {anchor!r}")
        at = numbers("x", [x]), numbers("y", [y])
        before, wide = ANCHORS[anchor], text_width(text, size)
        style = marks.text_style(letters(color), size)

        def write(f: Frame) -> str:
            across, up = (float(place[0]) for place in f.inside(*at))
            if not np.isfinite(across + up):
                return f'<text x="0" y="0" {style} display="none">{escape(text)}</text>'
            start = across - wide * before
            start = max(min(start, f.left + f.width - wide - 2), f.left + 2)
            place = f'x="{number(start + wide * before)}" y="{number(up)}" text-anchor="{anchor}"'
            return f"<text {place} {style}>{escape(text)}</text>"

        return self._add(write, clipped=False)

    def rule(
        self, *, x: float | None = None, y: float | None = None, label: str = "",
        color: Any = "ink", dash: bool = True,
    ) -> Self:  # fmt: skip
        """A line through the whole plot, upright at `x` or level at `y`."""
        if (x is None) == (y is None):
            raise ValueError("x or y: a rule stands at exactly one of them")
        style = marks.stroke_style(paint(color), 1.25, dash)
        along = numbers("y", [y, y]) if x is None else numbers("x", [x, x])

        def write(f: Frame) -> str:
            if x is None:
                ends = np.array([f.left, f.left + f.width]), f.up(along)
            else:
                ends = f.across(along), np.array([f.top, f.top + f.height])
            return f'<path d="{marks.line_path(*ends)}" {style}/>'

        return self._add(write, label, f'<path d="{LINE}" {style}/>')

    def area(self, *, pick: str, label: str, drag: bool = False, draw: bool = False) -> Self:
        """The whole plot as one invisible button, `data-pick="{pick}"`: click (or drag) anywhere.

        With `draw` it is drawn upon: every place of a stroke is reported, not only the newest.

        Put it before points that are to be picked themselves. `label` names it to a screen reader.
        """

        def write(f: Frame) -> str:
            attributes = marks.button(escape(pick), drag) + (' data-draw="1"' if draw else "")
            rect = f'<rect class="dlnotes-area" {f.box()} fill="transparent" {attributes}>'
            return f"{rect}<title>{escape(label)}</title></rect>"

        return self._add(write)


def _point_names(label: str, x: np.ndarray, y: np.ndarray) -> list[str]:
    pattern = _("{label} {number}: x {x}, y {y}")
    return [
        pattern.format(label=label, number=i, x=readable(a), y=readable(b))
        for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True), 1)
    ]
