"""A pad to draw on, by mouse, pen, finger or keyboard: what is drawn on it, and its pixels.

A pad's value is plain JSON: `strokes`, each a list of points (x, y) in 0–1 with y downwards;
`cursor`, where the keyboard stands, None before its first key; `pen`, whether the keyboard draws.
An explorer keeps it in a trait of its own, `drawing(…)`, and hands what `picked` gets to `drawn`.
"""

from typing import Any

import numpy as np

from dlnotes.kernels.raster import SIDE, ink_line
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import MUTED, number
from dlnotes.widgets.controls import Picks, Value
from dlnotes.widgets.touch import is_place
from dlnotes.words import _

Pad = dict[str, Any]
BLANK: Pad = {"strokes": [], "cursor": None, "pen": False}
MOST = 6000  # points: more than any hand draws on one pad
STEP = 1 / 28  # of the pad's width, for one press of an arrow key
ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
PEN = 1.5  # pixels: the radius of the pen in the box of 20 that a digit is fitted into


class Drawing(Picks):
    """A pad's value: strokes of points in 0–1."""

    def check(self, value: Any) -> Any:
        found = super().check(value)
        strokes, cursor = found["strokes"], found["cursor"]
        if not all(isinstance(stroke, list) for stroke in strokes):
            raise self.refuse(value, _("strokes that are lists of points"))
        points = [*(point for stroke in strokes for point in stroke), *([cursor] if cursor else [])]
        for point in points:
            if not is_place(point) or not 0 <= min(point) <= max(point) <= 1:
                raise self.refuse(point, _("points of two numbers from 0 to 1"))
        return found


def drawing(label: str) -> Value:
    """A trait that the reader draws."""
    return Value(Drawing(label=label, value=BLANK))


def drawn(pad: Pad, pick: dict[str, Any]) -> Pad:
    """The pad after what the reader did on it (see `Explorer.picked`).

    A pen's strokes are added. Arrow keys move the cursor, with Shift four times as far; Space or
    Enter puts its pen down and up; Backspace takes the last stroke back.
    """
    how, key = pick.get("how"), pick.get("key")
    if how == "draw":
        return with_points(pad, points_of(pick.get("points")), bool(pick.get("begin")))
    if how == "key" and key in ARROWS:
        return with_cursor(pad, ARROWS[key], 4 if pick.get("big") else 1)
    if how == "key" and key in ("Backspace", "Delete"):
        return undone(pad)
    if how == "click" and "x" not in pick:
        return with_pen(pad)
    return pad


def points_of(points: Any) -> list[list[float]]:
    """The points of a message that are in fact points, moved onto the pad."""
    found = points if isinstance(points, list) else []
    return [
        [round(min(max(float(value), 0.0), 1.0), 4) for value in point]
        for point in found
        if is_place(point)
    ]


def with_points(pad: Pad, points: list[list[float]], begin: bool) -> Pad:
    strokes = [list(stroke) for stroke in pad["strokes"]]
    if begin or not strokes:
        strokes.append([])
    room = MOST - sum(map(len, strokes))
    for point in points[: max(room, 0)]:
        if not strokes[-1] or strokes[-1][-1] != point:
            strokes[-1].append(point)
    return pad | {"strokes": [stroke for stroke in strokes if stroke]}


def with_cursor(pad: Pad, direction: tuple[int, int], steps: int) -> Pad:
    cursor = pad["cursor"] or [0.5, 0.5]
    moved = [place + steps * STEP * along for place, along in zip(cursor, direction, strict=True)]
    (moved,) = points_of([moved])
    inked = with_points(pad, [moved], begin=False) if pad["pen"] else pad
    return inked | {"cursor": moved}


def with_pen(pad: Pad) -> Pad:
    """The keyboard's pen up, if it was down; else down, which begins a stroke."""
    if pad["pen"]:
        return pad | {"pen": False}
    cursor = pad["cursor"] or [0.5, 0.5]
    return with_points(pad, [cursor], begin=True) | {"pen": True, "cursor": cursor}


def undone(pad: Pad) -> Pad:
    """The pad without its last stroke."""
    return pad | {"strokes": pad["strokes"][:-1], "pen": False}


def line_of(strokes: list[list[list[float]]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All strokes as one line: x, y (p,) float64 and `down` (p,). A single point becomes a dot."""
    x, y, down = [], [], []
    for stroke in strokes:
        places = stroke if len(stroke) > 1 else [*stroke, *stroke]
        for i, (a, b) in enumerate(places):
            x.append(a)
            y.append(b)
            down.append(i > 0)
    return np.array(x, np.float64), np.array(y, np.float64), np.array(down, np.bool_)


def centred(strokes: list[list[list[float]]], *, radius: float = PEN) -> np.ndarray:
    """What is drawn as MNIST's digits are: (28, 28) float32 in 0–1, black where nothing is.

    Fitted into 20×20 pixels, with a pen of `radius` pixels, its centre of mass in the middle.
    """
    picture = np.zeros((SIDE, SIDE), np.float32)
    x, y, down = line_of(strokes)
    if not x.size:
        return picture
    if max(np.ptp(x), np.ptp(y)) < STEP:  # a dot has no size to be fitted by
        x[:], y[:] = SIDE / 2 + (x - x.mean()) * SIDE, SIDE / 2 + (y - y.mean()) * SIDE
        ink_line(x, y, down, radius, False, picture)
    else:
        ink_line(x, y, down, radius, True, picture)
    return picture


def inked(strokes: list[list[list[float]]], size: int = SIDE, *, radius: float = 1.0) -> np.ndarray:
    """What is drawn where it was drawn: (size, size) float32 in 0–1, `radius` in pixels."""
    picture = np.zeros((size, size), np.float32)
    x, y, down = line_of(strokes)
    if x.size:
        ink_line(x * size, y * size, down, radius, False, picture)
    return picture


def pad_tag(pad: Pad, left: float, top: float, size: float, *, width: float = 12) -> str:
    """The pad as part of a picture: a square of `size` pixels that can be drawn on, as pick "pad".

    Its strokes are `width` pixels wide. The keyboard's cursor is a ring, filled where it draws.
    """
    axes = f'{{"name":"pad","left":{number(left)},"top":{number(top)},"width":{number(size)},'
    axes += f'"height":{number(size)},"x":[0,1],"y":[1,0],"x_log":false,"y_log":false}}'
    lines = "".join(
        "M" + "L".join(f"{number(left + a * size)} {number(top + b * size)}" for a, b in places)
        for stroke in pad["strokes"]
        for places in [stroke if len(stroke) > 1 else [*stroke, *stroke]]
    )
    label = _("Draw here. With the keyboard: arrows move, Space puts the pen down and up.")
    parts = [
        f'<g class="dlnotes-axes" data-axes="{axes.replace(chr(34), "&quot;")}">',
        f'<rect x="{number(left)}" y="{number(top)}" width="{number(size)}" '
        f'height="{number(size)}" fill="#000" stroke="{MUTED}" data-pick="pad" data-draw="1" '
        f'tabindex="0" role="button"><title>{label}</title></rect>',
        f'<path d="{lines}" fill="none" stroke="#fff" stroke-width="{number(width)}" '
        'stroke-linecap="round" stroke-linejoin="round" pointer-events="none"/>',
    ]
    if pad["cursor"]:
        a, b = pad["cursor"]
        filled = paint(1) if pad["pen"] else "none"
        parts.append(
            f'<circle cx="{number(left + a * size)}" cy="{number(top + b * size)}" r="7" '
            f'fill="{filled}" stroke="{paint(1)}" stroke-width="3" pointer-events="none"/>'
        )
    return "".join(parts) + "</g>"
