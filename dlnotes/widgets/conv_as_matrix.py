"""A convolution as a matrix: large, mostly zero, and the same few numbers again and again."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.grid import row
from dlnotes.pictures.image import colour
from dlnotes.pictures.matrix import Matrix, fitted
from dlnotes.pictures.svg import EDGE, TITLE_STEP, heading, panel, readable
from dlnotes.widgets import cell_typing
from dlnotes.widgets.controls import choice, slider
from dlnotes.widgets.conv_arithmetic import Setting, convolved, outputs
from dlnotes.widgets.conv_inputs import picture_of
from dlnotes.widgets.conv_sums import colours, words
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.filters import PRESETS, preset
from dlnotes.words import _

SMALL, LARGE = 132, 440  # pixels
GAP = 26
IMAGES = {"disc": _("Dark disc on white"), "cross": _("Cross"), "lines": _("Upright lines")}


def matrix_of(weights: np.ndarray, n: int, setting: Setting) -> np.ndarray:
    """The matrix (n_out², n²) that does what the layer with `weights` (k, k) does to n × n pixels.

    Column j is what the layer makes of an image whose pixel j is 1 and all others 0.
    """
    pixels = np.eye(n * n).reshape(n * n, 1, n, n)
    columns = [
        convolved(pixel, weights[None, None], np.zeros(1), setting).ravel() for pixel in pixels
    ]
    return np.stack(columns, axis=1)


@lru_cache(maxsize=64)
def cells_of(n: int, setting: Setting) -> np.ndarray:
    """Which cell of the filter stands where in the matrix, counted from 1; 0 where none does."""
    counting = np.arange(1.0, setting.size**2 + 1).reshape(setting.size, setting.size)
    return matrix_of(counting, n, setting).round().astype(int)


class ConvAsMatrix(Explorer):
    """The layer as a matrix times the image laid out in one column, and both answers compared.

    Each row makes one output cell: choose one by hovering, or with the arrow keys. Entries have the
    colour of the filter's cell that stands there; where nothing stands there is a zero.

    >>> ConvAsMatrix(pixels=6, padding=1)
    """

    title = _("A convolution as a matrix")

    pixels = slider(_("Pixels a side"), 3, 8, value=5, group=_("Image"))
    image = choice(_("Image"), IMAGES, value="cross", group=_("Image"))
    preset = choice(_("Filter"), PRESETS, value="ramp_upper_right", group=_("Filter"))
    size = slider(_("Filter size"), 1, 3, value=3, group=_("Filter"))
    stride = slider(_("Stride"), 1, 2, value=1, group=_("Movement"))
    padding = slider(_("Padding"), 0, 2, value=0, group=_("Movement"))
    chosen = slider(_("Matrix row"), 1, 100, value=1, group=_("Movement"), play=True)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        n_out = setting_of(v).output(v.pixels)
        covered = Setting(v.size, padding=v.padding).output(v.pixels) == 1
        nowhere = _("The window covers the whole image: there is nowhere for it to go.")
        return {
            "chosen": {"maximum": n_out**2},
            "stride": {"disabled": nowhere if covered else ""},
        }

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        n_out = setting_of(v).output(v.pixels)
        rows, name, how = n_out**2, pick.get("pick"), pick.get("how")
        if how == "key" and name == "matrix":
            at, _col = cell_typing.steered((v.chosen - 1, 0), pick.get("key", ""), rows, 1)
            return {"chosen": at + 1}
        if how == "key" and name == "output":
            place = divmod(v.chosen - 1, n_out)
            down, right = cell_typing.steered(place, pick.get("key", ""), n_out, n_out)
            return {"chosen": down * n_out + right + 1}
        if how not in ("hover", "click") or "x" not in pick:
            return {}
        if name == "matrix":
            return {"chosen": min(max(int(pick["y"]), 0), rows - 1) + 1}
        if name == "output":
            down, right = (min(max(int(pick[axis]), 0), n_out - 1) for axis in "yx")
            return {"chosen": down * n_out + right + 1}
        return {}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        setting, weights = setting_of(v), preset(v.preset, v.size)
        x = picture_of(v.image, v.pixels, False, 0, "")[0]
        cells = cells_of(v.pixels, setting)
        matrix = np.concatenate([[0.0], weights.ravel()])[cells]
        multiplied = matrix @ x.ravel()
        y = outputs(x[None], weights[None, None], np.zeros(1), setting)[0]
        return {
            "values": v,
            "setting": setting,
            "weights": weights,
            "x": x,
            "cells": cells,
            "matrix": matrix,
            "multiplied": multiplied.reshape(y.shape),
            "y": y,
            "difference": float(np.abs(multiplied - y.ravel()).max()),
            "zeros": int((cells == 0).sum()),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        rows, cols = result["matrix"].shape
        return {
            "matrix": f"{rows}×{cols}",
            "entries": rows * cols,
            "zeros": result["zeros"],
            "different": result["weights"].size,
            "difference": round(result["difference"], 9),
        }

    def say(self, result: dict[str, Any]) -> str:
        rows, cols = result["matrix"].shape
        return _(
            "{rows} × {cols} = {entries} entries: {zeros} of them are zero because the window is "
            "elsewhere; the other {others} hold the filter's {size}×{size} weights. Matrix times "
            "image and the layer's own answer differ by at most {difference}."
        ).format(
            rows=rows, cols=cols, entries=f"{rows * cols:,}", zeros=f"{result['zeros']:,}",
            others=f"{rows * cols - result['zeros']:,}", size=len(result["weights"]),
            difference=readable(result["difference"], 2),
        )  # fmt: skip

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_sources(r),
            draw_matrix(r),
            draw_answers(r),
            title=self.title,
            description=self.say(result),
        )


def setting_of(v: SimpleNamespace) -> Setting:
    return Setting(v.size, v.stride, v.padding)


def shades(r: SimpleNamespace) -> np.ndarray:
    """The colours (k² + 1, 3) in 0–1 of the filter's cells; the first is that of no cell."""
    n = r.weights.size
    ramp = colour(np.arange(n)[None], limits=(0, max(n - 1, 1)))[0, :, :3] / 255
    return np.concatenate([[[0.93, 0.93, 0.93]], ramp])


def draw_sources(r: SimpleNamespace) -> str:
    """The filter with the colours of its cells, and the image with the window of this row."""
    v, k, n = r.values, r.values.size, r.values.pixels
    title = _("Filter and image")
    top = EDGE + TITLE_STEP + 20.0
    filter_cells = fitted(EDGE, top, k, k, SMALL)
    tones = shades(r)[1:].reshape(k, k, 3)
    below = top + SMALL + GAP
    whole = n + 2 * v.padding
    image_cells = fitted(EDGE, below, whole, whole, SMALL)
    place = divmod(v.chosen - 1, len(r.y))
    rows, cols = r.setting.window(*place)
    padded = np.pad(r.x, v.padding, constant_values=np.nan)
    body = (
        heading((title,), EDGE)
        + words(_("filter"), EDGE, top - 5)
        + filter_cells.draw(tones)
        + filter_cells.write_on(r.weights, tones)
        + words(_("image"), EDGE, below - 5)
        + image_cells.draw(padded, limits=(0, 1), texts=False)
        + image_cells.frame(v.padding, v.padding, n, n, color="ink")
        + image_cells.frame(int(rows[0]), int(cols[0]), k, k, color=1, width=3)
    )
    said = _("Each cell of the filter has a colour; the frame is the window of this row.")
    return panel(
        body, width=SMALL + 2 * EDGE + 30, height=below + SMALL + EDGE, title=title,
        description=said, name="sources",
    )  # fmt: skip


def draw_matrix(r: SimpleNamespace) -> str:
    high, wide = r.matrix.shape
    title = _("The matrix, {rows} × {cols}").format(rows=high, cols=wide)
    side = min(LARGE / wide, 300 / high)
    cells = Matrix(EDGE, EDGE + TITLE_STEP + 6, high, wide, side)
    at = r.values.chosen - 1
    said = _("Coloured by the filter's cell. Pale: zero, the window is elsewhere.")
    label = _("The matrix. Hover, or use the arrow keys, to choose a row.")
    body = (
        heading((title,), EDGE)
        + cells.draw(shades(r)[r.cells])
        + cells.write_on(np.where(r.cells, r.matrix, np.nan), shades(r)[r.cells])
        + cells.frame(at, 0, 1, wide, color=1, width=min(2.5, side / 3))
        + cells.area(pick="matrix", label=label, hover=True)
        + words(said, EDGE, cells.top + cells.height + 18)
    )
    return panel(
        body, width=LARGE + 2 * EDGE, height=cells.top + cells.height + 30, title=title,
        description=said, name="matrix", role="group",
    )  # fmt: skip


def draw_answers(r: SimpleNamespace) -> str:
    """Matrix times image beside what the layer gives, and their difference."""
    title, n = _("Two ways, one answer"), len(r.y)
    top = EDGE + TITLE_STEP + 20.0
    down, right = divmod(r.values.chosen - 1, n)
    parts = [heading((title,), EDGE)]
    answers = (
        (_("matrix × image"), r.multiplied, "output"),
        (_("the layer"), r.y, ""),
        (_("difference"), r.multiplied - r.y, ""),
    )
    for i, (label, values, pick) in enumerate(answers):
        left = EDGE + (i % 2) * (SMALL + 16)
        cells = fitted(left, top + (i // 2) * (SMALL + GAP), n, n, SMALL)
        parts.append(words(label, left, cells.top - 5))
        parts.append(cells.draw(values, colormap="diverging", limits=colours(r.y)))
        if i < 2:
            parts.append(cells.frame(down, right, 1, 1, color=1, width=3))
        if pick:
            said = _("The output. Hover, or use the arrow keys, to choose a cell.")
            parts.append(cells.area(pick=pick, label=said, hover=True))
    most = _("at most {difference}").format(difference=readable(r.difference, 2))
    parts.append(words(most, EDGE + SMALL + 16, top + SMALL + GAP + 20, size=13))
    return panel(
        "".join(parts), width=2 * SMALL + 16 + 2 * EDGE, height=top + 2 * SMALL + GAP + EDGE,
        title=title, description=most, name="answers", role="group",
    )  # fmt: skip
