"""Shift the input, and the output shifts: where that holds exactly, and where it does not."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import row
from dlnotes.pictures.matrix import fitted
from dlnotes.pictures.svg import EDGE, TITLE_STEP, heading, panel, readable
from dlnotes.widgets.controls import choice, picks, slider, switch
from dlnotes.widgets.conv_arithmetic import Setting, outputs
from dlnotes.widgets.conv_inputs import SOURCES, picture_of
from dlnotes.widgets.conv_sums import words
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.filters import PRESETS, preset
from dlnotes.widgets.picture_value import image_of
from dlnotes.widgets.shift_picture import shift_in_words
from dlnotes.words import _

SIDE = 240  # pixels
N = 32  # pixels a side of the image
K = 3
FAR = 8  # pixels: how far the image can be shifted
ROUNDING = 1e-9  # differences below this come from the order of sums, not from the layer
IMAGES = {name: SOURCES[name] for name in ("disc", "circle", "digit", "grace_hopper", "china")}
SENT = {"sent": _("a digit drawn on a pad")}


def inside(n: int, setting: Setting, rows: int, cols: int) -> np.ndarray:
    """The output cells (n_out, n_out) that neither the border nor the shift's new zeros reach.

    The window before the shift and the window after it lie within the image, on pixels that are in
    both. `rows` and `cols` are what the input is shifted by.
    """
    found = []
    for moved in (rows, cols):
        steps = shifted_steps(moved, setting.stride)
        cell = np.arange(setting.output(n))
        after = cell * setting.stride - setting.padding
        before = (cell - steps) * setting.stride - setting.padding
        low, high = max(0, moved), n - 1 + min(0, moved)
        seen = (after >= low) & (after + setting.span - 1 <= high)
        known = (before >= 0) & (before + setting.span - 1 <= n - 1)
        found.append(seen & known & (cell - steps >= 0) & (cell - steps < len(cell)))
    return np.logical_and.outer(*found)


def shifted_steps(pixels: int, stride: int) -> int:
    """By how many output cells the output is shifted for an input shifted by so many pixels."""
    return int(pixels / stride)  # towards zero, where it is not a whole number


class ShiftEquivariance(Explorer):
    """conv(shift(x)) beside shift(conv(x)), and their difference: inside, and at the border.

    A `picture` (see `DrawDigit.send_to`) is shown as soon as it comes.

    >>> ShiftEquivariance(right=3, stride=2)
    """

    title = _("Shift the input, and the output shifts")

    image = choice(_("Image"), IMAGES | SENT, value="china", group=_("Image"))
    right = slider(_("To the right"), -FAR, FAR, value=3, group=_("Shift"), play=True)
    down = slider(_("Downwards"), -FAR, FAR, value=0, group=_("Shift"))
    preset = choice(_("Filter"), PRESETS, value="ramp_upper_right", group=_("Convolution"))
    stride = slider(_("Stride"), 1, 3, value=1, group=_("Convolution"))
    same = switch(_("Zeros around the image (padding)"), value=True, group=_("Convolution"))

    picture = picks(_("A picture from elsewhere"), value=None)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {"image": {"options": IMAGES | (SENT if values["picture"] else {})}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"image": "sent"} if name == "picture" and values["picture"] else {}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        setting = Setting(K, v.stride, (K - 1) // 2 if v.same else 0)
        x = picture_of(v.image, N, False, 3, "") if v.image != "sent" else sent(v.picture)
        weights, bias = preset(v.preset, K)[None, None], np.zeros(1)
        shifted = data.shift(x, v.down, v.right)
        one = outputs(shifted, weights, bias, setting)[0]
        steps = shifted_steps(v.down, v.stride), shifted_steps(v.right, v.stride)
        other = data.shift(outputs(x, weights, bias, setting), *steps)[0]
        gap, within = one - other, inside(N, setting, v.down, v.right)
        return {
            "values": v,
            "x": shifted[0],
            "one": one,
            "other": other,
            "gap": gap,
            "within": within,
            "inside": float(np.abs(gap[within]).max(initial=0.0)),
            "border": float(np.abs(gap[~within]).max(initial=0.0)),
            "cells": int(within.sum()),
            "steps": steps,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"inside": tidy(result["inside"]), "border": tidy(result["border"])}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        v = r.values
        sentence = _(
            "The two differ by at most {inside} inside and {border} at the border."
        ).format(inside=readable(tidy(r.inside)), border=readable(tidy(r.border)))
        if v.right % v.stride or v.down % v.stride:
            sentence += " " + _(
                "A shift {shift} is no whole number of steps of {stride}: no shift of the output "
                "can match it."
            ).format(shift=shift_in_words(v.right, v.down), stride=v.stride)
        return sentence

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        most = max(float(np.abs(r.one).max()), float(np.abs(r.other).max())) or 1.0
        look: dict[str, Any] = {
            "cell": SIDE / len(r.one), "colormap": "diverging", "limits": (-most, most),
        }  # fmt: skip
        return row(
            Cells(r.x, cell=SIDE / N, title=_("shift(x)"), limits=(0, 1), name="x").svg(),
            Cells(r.one, title=_("conv(shift(x))"), name="one", **look).svg(),
            Cells(r.other, title=_("shift(conv(x))"), name="other", **look).svg(),
            draw_gap(r, most),
            title=self.title,
            description=self.say(result),
        )


def sent(picture: Any) -> np.ndarray:
    """A picture from elsewhere as an image (1, N, N), a margin of zeros around it."""
    image = image_of(picture).astype(np.float64)
    return np.pad(image, (N - len(image)) // 2)[None]


def tidy(value: float) -> float:
    """A difference, 0 where it is only rounding."""
    return 0.0 if value < ROUNDING else value


def draw_gap(r: SimpleNamespace, most: float) -> str:
    """The difference, and a frame around the inside."""
    title = _("Their difference")
    n = len(r.gap)
    cells = fitted(EDGE, EDGE + TITLE_STEP + 4, n, n, SIDE)
    body = heading((title,), EDGE)
    body += cells.draw(r.gap, colormap="diverging", limits=(-most, most), texts=False)
    rows, cols = np.flatnonzero(r.within.any(axis=1)), np.flatnonzero(r.within.any(axis=0))
    place = int(rows[0]), int(cols[0]), len(rows), len(cols)
    body += cells.frame(*place, color="black", width=2, dash=True)
    said = _("Dashed: the inside, {cells} cells.").format(cells=r.cells)
    body += words(said, EDGE, cells.top + SIDE + 18)
    return panel(
        body, width=SIDE + 2 * EDGE, height=cells.top + SIDE + 30, title=title, description=said,
        name="gap",
    )  # fmt: skip
