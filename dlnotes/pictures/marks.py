"""The marks of a chart as SVG text: from places in pixels to paths and groups.

A mark keeps its elements from frame to frame: a line is one path, and a point that cannot be shown
is hidden, not left out, so that a page can change attributes in place.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from dlnotes.pictures.svg import PAPER, number

FAR = 1e6  # pixels: what lies further out is drawn here, where no line to it changes visibly
DASH = ' stroke-dasharray="7 5"'
MANY = 400  # from here on the marks of a series are one path, which a page shows faster


def tidy(*columns: np.ndarray) -> np.ndarray:
    """Places side by side, shape (n, columns), to 1 decimal and not out of a page's reach."""
    places = np.column_stack(columns)
    places[np.isinf(places)] = np.nan
    return np.clip(places, -FAR, FAR).round(1) + 0.0  # -0.0 + 0.0 is 0.0


@lru_cache(maxsize=64)
def _whole_line(n: int) -> str:
    return "M%.9g %.9g" + "L%.9g %.9g" * (n - 1)


def line_path(x: np.ndarray, y: np.ndarray) -> str:
    """The `d` of a line through the points in turn, broken where one is not finite."""
    places = tidy(x, y)
    good = np.isfinite(places).all(axis=1)
    if not good.any():
        return ""
    if good.all() and len(good) > 1:
        return _whole_line(len(good)) % tuple(places.ravel().tolist())
    padded = np.concatenate([[False], good, [False]])
    first, last = good & ~padded[:-2], good & ~padded[2:]
    # A point between two gaps is a line of no length: its round ends make it a dot.
    kinds = np.where(first, np.where(last, "M%.9g %.9gh0", "M%.9g %.9g"), "L%.9g %.9g")
    return "".join(kinds[good]) % tuple(places[good].ravel().tolist())


def segments_path(x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray) -> str:
    """The `d` of separate pieces; one with an end that is not finite is left out."""
    places = tidy(x0, y0, x1, y1)
    places = places[np.isfinite(places).all(axis=1)]
    return ("M%.9g %.9gL%.9g %.9g" * len(places)) % tuple(places.ravel().tolist())


def bars_path(left: np.ndarray, right: np.ndarray, foot: np.ndarray, head: np.ndarray) -> str:
    """The `d` of upright rectangles; one that is not finite is left out."""
    places = tidy(left, foot, head, right, foot)
    places = places[np.isfinite(places).all(axis=1)]
    return ("M%.9g %.9gV%.9gH%.9gV%.9gz" * len(places)) % tuple(places.ravel().tolist())


def band_path(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """The `d` of the area between two lines, broken where one is not finite."""
    good = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]])))
    text = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        part = slice(start, stop)
        around = (
            np.concatenate([x[part], x[part][::-1]]),
            np.concatenate([high[part], low[part][::-1]]),
        )
        text.append(line_path(*around) + "z")
    return "".join(text)


def marker_shape(marker: str, radius: float) -> str:
    """A marker's outline around where the pen stands; all have about the area of the circle."""
    r = number(radius)
    if marker == "circle":
        return (
            f"m-{r} 0a{r} {r} 0 1 0 {number(2 * radius)} 0a{r} {r} 0 1 0 -{number(2 * radius)} 0z"
        )
    if marker == "square":
        s = number(1.8 * radius)
        return f"m-{number(0.9 * radius)} -{number(0.9 * radius)}h{s}v{s}h-{s}z"
    if marker == "triangle":
        s, h = number(1.3 * radius), number(2.3 * radius)
        return f"m0 -{number(1.4 * radius)}l{s} {h}h-{number(2.6 * radius)}z"
    if marker == "diamond":
        s = number(1.3 * radius)
        return f"m0 -{s}l{s} {s}l-{s} {s}l-{s} -{s}z"
    if marker == "cross":
        s, d = number(0.9 * radius), number(1.8 * radius)
        return f"m-{s} -{s}l{d} {d}m0 -{d}l-{d} {d}"
    raise ValueError(f"marker must be circle, square, triangle, diamond or cross, not {marker!r}")


def marker_style(marker: str, css: str, opacity: float) -> str:
    """The attributes of a group of markers; a rim of the ground's colour parts neighbours."""
    if marker == "cross":
        style = f'fill="none" stroke="{css}" stroke-width="2" stroke-linecap="round"'
    else:
        style = f'fill="{css}" stroke="{PAPER}" stroke-width="1"'
    return style + (f' opacity="{number(opacity)}"' if opacity < 1 else "")


def markers(x: np.ndarray, y: np.ndarray, shape: str) -> str:
    """One path a point, or one path for all if they are many; nan hides a point."""
    places = tidy(x, y)
    good = np.isfinite(places).all(axis=1)
    if len(places) > MANY:
        joined = (f"M%.9g %.9g{shape}" * int(good.sum())) % tuple(places[good].ravel().tolist())
        return f'<path d="{joined}"/>'
    if good.all():
        return (f'<path d="M%.9g %.9g{shape}"/>' * len(places)) % tuple(places.ravel().tolist())
    return "".join(
        f'<path d="M{a:.9g} {b:.9g}{shape}"/>'
        if seen
        else f'<path d="M0 0{shape}" display="none"/>'
        for (a, b), seen in zip(places.tolist(), good.tolist(), strict=True)
    )


def stroke_style(css: str, width: float, dash: bool = False, opacity: float = 1.0) -> str:
    """The attributes of a line."""
    return (
        f'fill="none" stroke="{css}" stroke-width="{number(width)}" stroke-linecap="round" '
        f'stroke-linejoin="round"{DASH if dash else ""}'
        + (f' opacity="{number(opacity)}"' if opacity < 1 else "")
    )


def text_style(css: str, size: float) -> str:
    """The attributes of a text among marks: a halo of the ground's colour keeps it readable."""
    halo = f'paint-order="stroke" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round"'
    return f'font-size="{number(size)}" fill="{css}" {halo}'


def button(pick: str, drag: bool) -> str:
    """What makes an element clickable and reachable by keyboard; its <title> is to name it."""
    dragged = ' data-drag="true"' if drag else ""
    return f'data-pick="{pick}"{dragged} tabindex="0" role="button"'


def picks(
    x: np.ndarray, y: np.ndarray, shape: str, *, pick: str, names: Sequence[str], reach: float,
    drag: bool,
) -> str:  # fmt: skip
    """Markers that are buttons, each in an invisible disc that is easy to hit; nan hides one."""
    places = tidy(x, y)
    good = np.isfinite(places).all(axis=1).tolist()
    disc = f'<circle class="dlnotes-hit" r="{number(reach)}" fill="transparent" stroke="none"/>'
    mark = f'{disc}<path d="M0 0{shape}"/></g>'
    parts = []
    for i, (a, b) in enumerate(np.nan_to_num(places).tolist()):
        hidden = "" if good[i] else ' display="none"'
        parts.append(
            f'<g class="dlnotes-pick" {button(f"{pick}:{i}", drag)} '
            f'transform="translate({a:.9g} {b:.9g})"{hidden}><title>{names[i]}</title>{mark}'
        )
    return "".join(parts)
