"""A filter slides over an image: at each place the products, their sum, and what they make."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.svg import readable
from dlnotes.widgets import filter_bank, pad
from dlnotes.widgets.controls import button, choice, picks, slider, switch
from dlnotes.widgets.conv_arithmetic import outputs, padded, tidy
from dlnotes.widgets.conv_inputs import FIRST_NUMBERS, MOST_TYPED, PHOTOS, SOURCES, picture_of
from dlnotes.widgets.conv_moves import (
    LIMIT,
    change_filter,
    change_pixel,
    change_preset,
    change_weight,
    in_colour,
    mirrored,
    numbers_at,
    reach,
    setting_of,
    touch_cell,
    visit,
    weights_at,
)
from dlnotes.widgets.conv_picture import draw
from dlnotes.widgets.conv_sums import DIGITS
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.filter_bank import MOST, OWN, weights_of
from dlnotes.widgets.filters import LARGEST, PRESETS
from dlnotes.words import _

MODES = {
    "cross": _("cross-correlation (deep learning)"),
    "convolution": _("convolution (filter flipped)"),
}
FILTERS = PRESETS | {OWN: _("My own numbers")}
PIXELS = dict.fromkeys(PHOTOS, 48) | {"digit": 14, "drawing": 14}  # that show what there is


class ConvExplorer(Explorer):
    """A filter over an image, cell by cell, with every product, their sum and the bias.

    Hover over the output, step with the arrow keys, or play; a click pins a cell. The filter's
    cells are clicked and typed into. `weights`, of shape (k, k) or (channels, k, k), begins with a
    filter of one's own instead of a `preset`; `preset` and `bias` are those of the first filter.

    >>> ConvExplorer(data="cross", preset="sobel_x", padding=1)
    """

    title = _("A filter slides over an image")

    data = choice(_("Image"), SOURCES, value="disc", group=_("Image"))
    pixels = slider(_("Pixels a side"), 3, 64, value=10, group=_("Image"))
    digit = slider(_("Which digit"), 0, 9, value=3, group=_("Image"))
    pixel = slider(_("Cell's number"), -LIMIT, LIMIT, step=0.5, value=0, group=_("Image"))
    colour = switch(_("In colour: three channels"), group=_("Image"))
    clear = button(_("Clear the drawing"), group=_("Image"))

    preset = choice(_("Filter"), FILTERS, value=filter_bank.FIRST[0], group=_("Filter"))
    size = slider(_("Size"), 1, LARGEST, value=3, group=_("Filter"))
    weight = slider(_("Cell's weight"), -LIMIT, LIMIT, step=0.5, value=0, group=_("Filter"))
    bias = slider(_("Bias"), -LIMIT, LIMIT, step=0.5, value=0, group=_("Filter"))
    filters = slider(_("Filters"), 1, MOST, value=1, group=_("Filter"))
    filter = slider(_("Filter shown"), 1, MOST, value=1, group=_("Filter"))

    stride = slider(_("Stride"), 1, 4, value=1, group=_("Movement"))
    padding = slider(_("Padding"), 0, 6, value=0, group=_("Movement"))
    dilation = slider(_("Dilation"), 1, 4, value=1, group=_("Movement"))
    mode = choice(_("Operation"), MODES, value="cross", group=_("Movement"))
    step = slider(_("Output cell"), 1, 75**2, value=1, play=True, group=_("Movement"))
    fill = switch(_("Show only the cells so far"), group=_("Movement"))
    pinned = switch(_("Pinned (hovering does not move it)"), group=_("Movement"))

    bank = picks(_("The filters"), value=filter_bank.bank())
    cursor = picks(_("The cell that is typed into"), value={"weight": 0, "pixel": 0, "typed": ""})
    numbers_typed = picks(_("The typed image"), value=FIRST_NUMBERS)
    drawing = picks(_("The drawing"), value=pad.BLANK)

    def __init__(self, *, weights: Any = None, **values: Any) -> None:
        if weights is not None:
            first = filter_bank.own(weights, values.get("bias", 0.0))
            values["bank"] = [first, *filter_bank.bank()[1:]]
            values = {"size": len(first["own"][0]), "colour": len(first["own"]) > 1} | values
            values["preset"] = OWN
        elif "bank" not in values:
            chosen = values.get("preset", filter_bank.FIRST[0]), values.get("bias", 0.0)
            values["bank"] = filter_bank.bank(*chosen)
        super().__init__(**values)

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        filter_bank.checked(v.bank)
        n_out = setting_of(v).output(v.pixels)
        typed, drawn, one = v.data == "numbers", v.data == "drawing", v.bank[v.filter - 1]
        changes: dict[str, dict[str, Any]] = {
            "digit": {"hidden": v.data != "digit"},
            "pixel": {"hidden": not typed} | reach(numbers_at(v)[v.cursor["pixel"]]),
            "clear": {"hidden": not drawn},
            "pixels": {"maximum": MOST_TYPED if typed else 64},
            "filter": {"maximum": v.filters, "hidden": v.filters == 1},
            "step": {"maximum": max(n_out**2, 1)},
            "weight": reach(weights_at(v)[v.cursor["weight"]]),
            "bias": reach(one["bias"]),
        }
        if typed:
            changes["colour"] = {"disabled": _("Typed numbers have one channel.")}
        if not n_out:
            changes["step"]["disabled"] = _("These settings give no output.")
        return changes

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name == "preset":
            return change_preset(v)
        if name == "bias":
            return change_filter(v, {"bias": v.bias})
        if name == "weight":
            v.cursor = v.cursor | {"typed": ""}
            return {"cursor": v.cursor} | change_weight(v, v.weight)
        if name == "pixel":
            v.cursor = v.cursor | {"typed": ""}
            return {"cursor": v.cursor} | change_pixel(v, v.pixel)
        if name in ("pinned", "fill", "step"):
            return {}
        if name == "data":
            v.pixels = len(v.numbers_typed) if v.data == "numbers" else PIXELS.get(v.data, 10)
            return {"pixels": v.pixels} | mirrored(v)
        return mirrored(v)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"drawing": pad.BLANK}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        name, _colon, index = str(pick.get("pick")).partition(":")
        if name == "weight":
            return touch_cell(v, "weight", index, pick)
        if name == "pixel" and v.data == "numbers":
            return touch_cell(v, "pixel", index, pick)
        if name == "pad" and v.data == "drawing":
            return {"drawing": pad.drawn(v.drawing, pick)}
        if name == "filter" and pick.get("how") == "click" and index in map(str, range(v.filters)):
            v.filter = int(index) + 1
            return mirrored(v)
        if name in ("output", "input") and setting_of(v).output(v.pixels):
            return visit(v, name, pick)
        return {}

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        setting = setting_of(v)
        own = json.dumps(v.numbers_typed if v.data == "numbers" else v.drawing["strokes"])
        x = picture_of(v.data, v.pixels, in_colour(v), v.digit, own)
        typed = np.stack([weights_of(one, v.size, len(x)) for one in v.bank[: v.filters]])
        weights = typed[..., ::-1, ::-1] if v.mode == "convolution" else typed
        bias = np.array([one["bias"] for one in v.bank[: v.filters]], dtype=float)
        n_out, shown = setting.output(v.pixels), v.filter - 1
        result = {
            "values": v,
            "setting": setting,
            "x": x,
            "padded": padded(x, v.padding),
            "weights": typed,
            "applied": weights[shown],
            "bias": float(bias[shown]),
            "n_out": n_out,
            "y": None,
        }
        if n_out:
            row, col = divmod(v.step - 1, n_out)
            rows, cols = setting.window(row, col)
            window = result["padded"][:, rows[:, None], cols]
            products = window * weights[shown]
            y = tidy(outputs(x, weights, bias, setting))
            result |= {
                "y": y,
                "row": row,
                "col": col,
                "window": window,
                "products": products,
                "sums": tidy(products.sum(axis=(1, 2))),
                "sum": float(tidy(products.sum())),
                "value": float(y[shown, row, col]),
            }
        return result

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        shape = f"{result['n_out']}×{result['n_out']}"
        if result["y"] is None:
            return {"output": shape}
        return {
            "output": shape,
            "cell": [result["row"], result["col"]],
            "sum": result["sum"],
            "bias": result["bias"],
            "value": result["value"],
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.y is None:
            return _(
                "No output: the filter covers {span}×{span} pixels, and the image with its padding "
                "has only {n}×{n}."
            ).format(span=r.setting.span, n=r.padded.shape[1])
        shape = r.products.shape if len(r.x) > 1 else r.products.shape[1:]
        return _(
            "Output cell row {row}, column {col}: {count} products add up to {sum}; with the bias "
            "{bias} that is {value}. Its receptive field: {span}×{span} pixels of the input."
        ).format(
            row=r.row, col=r.col, count="×".join(map(str, shape)),
            sum=readable(r.sum, DIGITS), bias=readable(r.bias, DIGITS),
            value=readable(r.value, DIGITS), span=r.setting.span,
        )  # fmt: skip

    def draw(self, result: dict[str, Any]) -> str:
        return draw(SimpleNamespace(**result), self.title, self.say(result))
