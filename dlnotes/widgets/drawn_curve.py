"""A curve that the reader draws over x from −1 to 1: one height for each place, by hand or by key.

Its value is plain JSON: `heights` in 0 to 1 at even places, `last`, where the pen was, and
`cursor`, the place at which the keyboard stands, None before its first key.
"""

from typing import Any

import numpy as np

from dlnotes.widgets.touch import is_place

PLACES = 41
X = np.linspace(-1, 1, PLACES)
Curve = dict[str, Any]
# To begin with, a curve with a slope and a corner: something to be drawn over.
FIRST: Curve = {
    "heights": [round(float(y), 3) for y in 0.5 + 0.35 * np.sin(4 * X) * (1 - 0.6 * np.abs(X))],
    "last": None,
    "cursor": None,
}


def redrawn(curve: Curve, pick: dict[str, Any]) -> Curve:
    """The curve after what the reader did on it (see `Explorer.picked`).

    A stroke sets the heights that it passes over. Left and Right move the keyboard's place, Up and
    Down lift and lower the curve there; with Shift, further.
    """
    how, key, far = pick.get("how"), pick.get("key"), bool(pick.get("big"))
    if how == "draw":
        return stroked(curve, pick.get("points"), bool(pick.get("begin")))
    if how != "key":
        return curve
    cursor = PLACES // 2 if curve["cursor"] is None else curve["cursor"]
    if key in ("ArrowLeft", "ArrowRight"):
        step = (4 if far else 1) * (1 if key == "ArrowRight" else -1)
        return curve | {"cursor": min(max(cursor + step, 0), PLACES - 1)}
    if key in ("ArrowUp", "ArrowDown"):
        heights = list(curve["heights"])
        lift = (0.2 if far else 0.04) * (1 if key == "ArrowUp" else -1)
        heights[cursor] = round(min(max(heights[cursor] + lift, 0.0), 1.0), 3)
        return curve | {"heights": heights, "cursor": cursor}
    return curve


def stroked(curve: Curve, points: Any, begin: bool) -> Curve:
    heights, last = list(curve["heights"]), None if begin else curve["last"]
    for point in points if isinstance(points, list) else []:
        if not is_place(point):
            continue
        here = [min(max(float(point[0]), -1.0), 1.0), min(max(float(point[1]), 0.0), 1.0)]
        (x0, y0), (x1, y1) = sorted([last or here, here])
        nearest = round((here[0] + 1) / 2 * (PLACES - 1))
        for i in {nearest, *np.flatnonzero((x0 <= X) & (x1 >= X)).tolist()}:
            share = min(max((X[i] - x0) / (x1 - x0), 0.0), 1.0) if x1 > x0 else 0.0
            heights[i] = round(here[1] if i == nearest else float(y0 + share * (y1 - y0)), 3)
        last = here
    return curve | {"heights": heights, "last": last}
