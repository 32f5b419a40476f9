"""What changes in the explorer of convolution when a control is moved or the picture is touched.

Pure functions of the control values `v`: they return the values that change.
"""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.widgets import cell_typing
from dlnotes.widgets.conv_arithmetic import Setting
from dlnotes.widgets.conv_inputs import MOST_TYPED, picture_of
from dlnotes.widgets.filter_bank import OWN, weights_of, with_weight

LIMIT = 10.0  # a slider's reach for the number in a cell; typed, it may be larger


def setting_of(v: SimpleNamespace) -> Setting:
    return Setting(v.size, v.stride, v.padding, v.dilation)


def in_colour(v: SimpleNamespace) -> bool:
    return v.colour and v.data != "numbers"


def reach(value: float) -> dict[str, float]:
    """The range of a cell's slider: wider where a larger number has been typed."""
    most = LIMIT if abs(value) <= LIMIT else cell_typing.LIMIT
    return {"minimum": -most, "maximum": most}


def weights_at(v: SimpleNamespace) -> list[float]:
    """The numbers in the cells of the filter that is shown, one after another."""
    channels = 3 if in_colour(v) else 1
    found = weights_of(v.bank[v.filter - 1], v.size, channels).ravel().tolist()
    v.cursor = v.cursor | {"weight": min(v.cursor["weight"], len(found) - 1)}
    return found


def numbers_at(v: SimpleNamespace) -> list[float]:
    """The numbers in the cells of the typed image, one after another."""
    n = min(v.pixels, MOST_TYPED)
    found = picture_of("numbers", n, False, 0, json.dumps(v.numbers_typed)).ravel().tolist()
    v.cursor = v.cursor | {"pixel": min(v.cursor["pixel"], len(found) - 1)}
    return found


def mirrored(v: SimpleNamespace) -> dict[str, Any]:
    """The controls that show what is in the filter shown and in the cells at the cursor."""
    one, weights, numbers = v.bank[v.filter - 1], weights_at(v), numbers_at(v)
    return {
        "cursor": v.cursor,
        "filter": v.filter,
        "preset": one["preset"],
        "bias": one["bias"],
        "weight": weights[v.cursor["weight"]],
        "pixel": numbers[v.cursor["pixel"]],
    }


def change_filter(v: SimpleNamespace, changes: dict[str, Any]) -> dict[str, Any]:
    i = v.filter - 1
    v.bank = [*v.bank[:i], v.bank[i] | changes, *v.bank[i + 1 :]]
    return {"bank": v.bank} | mirrored(v)


def change_preset(v: SimpleNamespace) -> dict[str, Any]:
    """Another filter; one's own begins as the one that was there before."""
    one = v.bank[v.filter - 1]
    if v.preset == OWN and one["own"] is None:
        own = weights_of(one, v.size, 3 if in_colour(v) else 1).tolist()
        return change_filter(v, {"preset": OWN, "own": own})
    return change_filter(v, {"preset": v.preset})


def change_weight(v: SimpleNamespace, value: float) -> dict[str, Any]:
    """The filter with another number in the cell at the cursor."""
    if weights_at(v)[v.cursor["weight"]] == value:
        return mirrored(v)
    channels = 3 if in_colour(v) else 1
    one = with_weight(v.bank[v.filter - 1], v.size, channels, v.cursor["weight"], value)
    return change_filter(v, one)


def change_pixel(v: SimpleNamespace, value: float) -> dict[str, Any]:
    """The typed image with another number in the cell at the cursor."""
    numbers = np.array(numbers_at(v))
    if numbers[v.cursor["pixel"]] == value:
        return mirrored(v)
    numbers[v.cursor["pixel"]] = value
    side = min(v.pixels, MOST_TYPED)
    v.numbers_typed = numbers.reshape(side, side).tolist()
    return {"numbers_typed": v.numbers_typed} | mirrored(v)


def touch_cell(v: SimpleNamespace, kind: str, index: str, pick: dict[str, Any]) -> dict[str, Any]:
    """A cell of the filter or of the typed image is clicked, typed into, or left by an arrow."""
    numbers, side = (weights_at(v), v.size) if kind == "weight" else (numbers_at(v), v.pixels)
    if index not in map(str, range(len(numbers))):
        return {}  # of a picture before this one
    if pick.get("how") == "click":
        v.cursor = v.cursor | {kind: int(index), "typed": ""}
        return mirrored(v)
    if cell_typing.is_typing(pick):
        same = v.cursor[kind] == int(index)
        typed = cell_typing.typed(v.cursor["typed"] if same else "", pick["key"])
        v.cursor = v.cursor | {kind: int(index), "typed": typed}
        value = cell_typing.value_of(typed)
        return change_weight(v, value) if kind == "weight" else change_pixel(v, value)
    if pick.get("how") == "key":
        # The channels' grids stand side by side, and the arrows walk through all of them.
        channel, place = divmod(v.cursor[kind], side**2)
        row, col = place // side, channel * side + place % side
        cols = len(numbers) // side
        row, col = cell_typing.steered((row, col), pick.get("key", ""), side, cols)
        place = col // side * side**2 + row * side + col % side
        v.cursor = v.cursor | {kind: place, "typed": ""}
        return mirrored(v)
    return {}


def visit(v: SimpleNamespace, name: str, pick: dict[str, Any]) -> dict[str, Any]:
    """The pointer or a key is on the output, or on the input: which output cell is meant."""
    setting, how = setting_of(v), pick.get("how")
    n_out, here = setting.output(v.pixels), v.step - 1
    if how == "key":
        row, col = cell_typing.steered(divmod(here, n_out), pick.get("key", ""), n_out, n_out)
        return {"step": row * n_out + col + 1}
    if how == "click" and "x" not in pick:
        return {"pinned": not v.pinned}
    if how not in ("click", "hover") or (how == "hover" and v.pinned) or "x" not in pick:
        return {}
    if name == "input":
        row, col = setting.nearest(pick["x"], pick["y"], v.pixels)
    else:
        row, col = (min(max(int(pick[axis]), 0), n_out - 1) for axis in "yx")
    step = row * n_out + col + 1
    if how == "hover":
        return {"step": step}
    return {"step": step, "pinned": not (v.pinned and step == v.step)}
