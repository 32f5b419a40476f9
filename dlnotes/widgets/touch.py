"""What the page says of a touch of the picture, reduced to what can be relied on.

A picture that is hidden or has no size has no units either, and the page then sends a place that is
none. Every `picked` may trust what comes through here.
"""

import math
from collections.abc import Mapping
from typing import Any


def touched(message: Any) -> dict[str, Any] | None:
    """The pick in the shape that `Explorer.picked` promises; None for what is no pick at all.

    "pick", "how", "key" and "axes" are text, "x" and "y" finite floats, both or neither, "points"
    pairs of finite floats, "begin" and "big" True or False. What is not so is left out.
    """
    if not isinstance(message, Mapping):
        return None
    told = {"how": "click", **message}
    names = ("pick", "how", "key", "axes")
    pick: dict[str, Any] = {key: told[key] for key in names if isinstance(told.get(key), str)}
    if not {"pick", "how"} <= pick.keys() or (pick["how"] == "key" and "key" not in pick):
        return None
    x: Any = message.get("x")
    y: Any = message.get("y")
    if is_place([x, y]):
        pick |= {"x": float(x), "y": float(y)}
    points = message.get("points")
    if isinstance(points, list):
        pick["points"] = [list(map(float, point)) for point in points if is_place(point)]
    return pick | {key: bool(message[key]) for key in ("begin", "big") if key in message}


def is_place(point: Any) -> bool:
    return isinstance(point, list | tuple) and len(point) == 2 and all(map(is_number, point))


def is_number(value: Any) -> bool:
    """Whether it is a finite number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
