"""The brightness trap: an inner product is also large where the picture is merely bright."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.grid import row
from dlnotes.pictures.matrix import Matrix
from dlnotes.pictures.svg import EDGE, TITLE_STEP, heading, panel, readable
from dlnotes.widgets.controls import slider, switch
from dlnotes.widgets.conv_arithmetic import Setting, outputs, tidy
from dlnotes.widgets.conv_sums import MIDDLE, colours, words
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.filters import preset
from dlnotes.words import _

K = 3
SIDE = 44  # pixels
GAP = 34
CASES = {"line": _("A diagonal line"), "flat": _("A flat patch, no line at all")}


class BrightnessTrap(Explorer):
    """One filter on two patches: a line that it should find, and plain brightness.

    A filter of ones scores higher on the flat patch; one whose numbers add up to zero does not see
    brightness at all. `balanced` switches between them.

    >>> BrightnessTrap(balanced=True)
    """

    title = _("The brightness trap")

    balanced = switch(_("A filter whose numbers add up to zero"))
    line = slider(_("Line"), 0, 1, step=0.05, value=0.5, group=_("Brightness"))
    flat = slider(_("Flat patch"), 0, 1, step=0.05, value=1, group=_("Brightness"))

    def compute(self, **values: Any) -> dict[str, Any]:
        weights = preset("diagonal_balanced" if values["balanced"] else "diagonal", K)
        patches = {
            "line": values["line"] * preset("diagonal", K),
            "flat": np.full((K, K), float(values["flat"])),
        }
        scores = {
            name: float(
                tidy(outputs(patch[None], weights[None, None], np.zeros(1), Setting(K))).item()
            )
            for name, patch in patches.items()
        }
        return {"weights": weights, "patches": patches, "scores": scores} | values

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"line": result["scores"]["line"], "flat": result["scores"]["flat"]}

    def say(self, result: dict[str, Any]) -> str:
        line, flat = result["scores"]["line"], result["scores"]["flat"]
        sentence = _("The line scores {line}, the flat patch {flat}: ").format(
            line=readable(line), flat=readable(flat)
        )
        if np.isclose(line, flat):
            return sentence + _("the filter cannot tell them apart.")
        if line > flat:
            return sentence + _("the filter finds the line.")
        return sentence + _("brightness wins, and the filter has found nothing.")

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            *(draw_case(r, name) for name in CASES),
            title=self.title,
            description=self.say(result),
        )


def draw_case(r: SimpleNamespace, name: str) -> str:
    """One patch: its numbers, the filter's, their products and the sum."""
    patch, score = r.patches[name], r.scores[name]
    products = patch * r.weights
    top = EDGE + TITLE_STEP + 22
    wide = K * SIDE
    title = CASES[name]
    parts = [heading((title,), EDGE)]
    columns: tuple[tuple[str, np.ndarray, dict[str, Any], str], ...] = (
        (_("patch"), patch, {"limits": (0, 1)}, "×"),
        (_("filter"), r.weights, {"limits": colours(r.weights), "colormap": "diverging"}, "="),
        (_("products"), products, {"limits": colours(r.weights), "colormap": "diverging"}, ""),
    )
    for i, (label, values, look, sign) in enumerate(columns):
        cells = Matrix(EDGE + i * (wide + GAP), top, K, K, SIDE)
        parts.append(words(label, cells.left, top - 6))
        parts.append(cells.draw(values, **look))
        middle = cells.left + wide + GAP / 2
        parts.append(words(sign, middle, top + wide / 2 + 7, size=20, more=MIDDLE))
    total = _("sum of the products: {score}").format(score=readable(score))
    parts.append(words(total, EDGE, top + wide + 28, size=16, more=' font-weight="600"'))
    return panel(
        "".join(parts), width=3 * wide + 2 * GAP + 2 * EDGE, height=top + wide + 40, title=title,
        description=total, name=name,
    )  # fmt: skip
