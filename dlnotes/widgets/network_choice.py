"""Choosing a layer, one of its maps and one of its numbers, by pointer and by keyboard."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.network import Band
from dlnotes.widgets.network_arithmetic import Arithmetic
from dlnotes.widgets.network_paint import ARROWS, moved_in
from dlnotes.widgets.network_viewer_picture import as_grid

FAR = 8  # maps that an arrow key passes with Shift


def map_chosen(
    v: SimpleNamespace, bands: Sequence[Band], outputs: Sequence[np.ndarray], layer: int,
    pick: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """What changes when band `layer` is touched: the map chosen or hovered, and its number."""
    shown = bands[layer]
    unit = v.chosen[1] if v.chosen[0] == layer else 0
    if pick["how"] == "key":
        step = ARROWS.get(str(pick.get("key")), (0, 0))
        to = unit + step[0] * shown.columns + step[1] * (FAR if pick.get("big") else 1)
        if step[0] and not 0 <= to < shown.count:  # out of this layer, into the next
            layer = min(max(layer + step[0], 0), len(bands) - 1)
            to = unit * bands[layer].count // shown.count
        unit = min(max(to, 0), bands[layer].count - 1)
    elif "x" in pick:
        unit = int(pick["y"]) * shown.columns + int(pick["x"])
        inside = 0 <= pick["x"] < shown.columns and 0 <= pick["y"] < shown.lines
        if not inside or unit >= shown.count:
            return {"hovered": None} if pick["how"] == "hover" else {}
    if pick["how"] == "hover":
        return {"hovered": [layer, unit]}
    if pick["how"] not in ("click", "key"):
        return {}
    return {"chosen": [layer, unit], "cell": cell_there(v, outputs, layer, unit)}


def cell_there(
    v: SimpleNamespace, outputs: Sequence[np.ndarray], layer: int, unit: int
) -> list[int]:
    """The number to be chosen on another map: as near as it can be to where it was."""
    before, output = outputs[v.chosen[0]], outputs[layer]
    if output.ndim == 1:
        return list(divmod(unit, as_grid(output).shape[1]))
    if before.ndim == 1:
        return [size // 2 for size in output.shape[1:]]
    sizes = zip(v.cell, output.shape[1:], before.shape[1:], strict=True)
    return [min(place * new // old, new - 1) for place, new, old in sizes]


def number_chosen(
    v: SimpleNamespace, outputs: Sequence[np.ndarray], pick: dict[str, Any]
) -> dict[str, Any]:
    """What changes when the enlarged map is touched."""
    layer, unit = v.chosen
    output = outputs[layer]
    h, w = as_grid(output[unit] if output.ndim == 3 else output).shape
    if pick["how"] == "key":
        cell = moved_in(v.cell, pick, (h, w))
    elif "x" in pick and 0 <= pick["x"] < w and 0 <= pick["y"] < h:
        cell = [int(pick["y"]), int(pick["x"])]
    else:
        return {}
    if output.ndim == 3:
        return {"cell": cell}
    unit = min(cell[0] * w + cell[1], output.size - 1)
    return {"chosen": [layer, unit], "cell": list(divmod(unit, w))}


def term_chosen(term: tuple[int, int] | None, how: Any, pick: dict[str, Any]) -> dict[str, Any]:
    """What changes when a window, its weights or their products are touched: the product read."""
    if term is None:
        return {}
    rows, cols = how.window.shape[1:]
    if pick["how"] == "key":
        return {"term": moved_in(list(term), pick, (rows, cols))}
    if "x" not in pick or pick["how"] not in ("click", "hover"):
        return {}
    place = zip((pick["y"], pick["x"]), (rows, cols), strict=True)
    return {"term": [min(max(int(at), 0), size - 1) for at, size in place]}


def term_of(how: Arithmetic, channel: int, term: list[int] | None) -> tuple[int, int] | None:
    """The row and column of the product that is read: the largest, where none is chosen."""
    if how.window is None or how.weights is None:
        return None
    products = how.window[channel] * how.weights[channel]
    if term is not None:
        row, col = (min(at, size - 1) for at, size in zip(term, products.shape, strict=True))
        if not np.isnan(products[row, col]):
            return row, col
    largest = int(np.nan_to_num(np.abs(products), nan=-1.0).argmax())
    return divmod(largest, products.shape[1])
