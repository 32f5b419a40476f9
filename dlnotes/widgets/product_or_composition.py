"""Composing is not multiplying: which quartics do two quadratics reach, either way?"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.quartics import Composed, Multiplied, Quartic
from dlnotes.widgets.controls import button, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

REACH = 3.0
POWERS = ("", "x", "x²", "x³", "x⁴")
TARGET, FAMILY = _("The quartic"), _("The composition")


@lru_cache(maxsize=64)
def answers(quartic: Quartic) -> tuple[Multiplied, Composed, np.ndarray, np.ndarray]:
    """A quartic as a product, its best composition, and the error of the best one at each axis."""
    axes = np.linspace(-REACH, REACH, 121)
    errors = quartic.composed_errors(axes)
    return quartic.factors(), quartic.best_composed(REACH), axes, errors


class ProductOrComposition(Explorer):
    """One quartic, reached by multiplying two quadratics and by putting one into the other.

    A composition is its own mirror image about an axis, and once the axis is chosen, the best one
    with it is found by least squares: so the slider of the axis goes through the whole family.
    Errors are root mean squares over x from −1 to 1.

    >>> ProductOrComposition(c1=0.0, axis=0.0)
    """

    title = _("Multiply two quadratics, or compose them")

    c1 = slider(_("c₁ (times x)"), -1, 1, step=0.02, value=0.4, group=TARGET)
    c2 = slider(_("c₂ (times x²)"), -2, 2, step=0.02, value=-1, group=TARGET)
    c3 = slider(_("c₃ (times x³)"), -2, 2, step=0.02, value=0, group=TARGET)
    axis = slider(_("Mirror axis"), -REACH, REACH, step=0.01, value=0, group=FAMILY)
    best = button(_("Go to the best axis"), group=FAMILY)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"axis": answers(quartic_of(values))[1].axis}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "axis":
            return {}
        key = {"ArrowLeft": -1, "ArrowRight": 1}.get(pick.get("key", ""), 0)
        place = pick.get("x", values["axis"] + key * (0.3 if pick.get("big") else 0.03))
        return {"axis": float(np.clip(place, -REACH, REACH))}

    def compute(self, **values: Any) -> dict[str, Any]:
        quartic = quartic_of(values)
        product, best, axes, errors = answers(quartic)
        return {
            "quartic": quartic,
            "product": product,
            "composed": quartic.composed(values["axis"]),
            "best": best,
            "axes": axes,
            "errors": errors,
            "spread": quartic.spread,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        return {
            "axis": r.composed.axis,
            "composition": r.composed.error,
            "best_composition": r.best.error,
            "best_axis": r.best.axis,
            "spread": r.spread,
            "product_is_exact": r.product.error < 1e-9,
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        sentence = _(
            "{target}. Multiplied: ({first})·({second}), error {product}. Composed, with the axis "
            "at {axis}: error {error} of a spread of {spread}; the best axis leaves {best}."
        )
        return sentence.format(
            target=polynomial(r.quartic.coefficients),
            first=polynomial(r.product.first),
            second=polynomial(r.product.second),
            product=error_in_words(r.product.error),
            axis=readable(r.composed.axis),
            error=error_in_words(r.composed.error),
            spread=readable(r.spread),
            best=error_in_words(r.best.error),
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        product = _("Multiplied: error {error}").format(error=error_in_words(r.product.error))
        composed = _("Composed: error {error}").format(error=error_in_words(r.composed.error))
        return row(
            draw_family(r, r.product, product, "product"),
            draw_family(r, r.composed, composed, "composition"),
            draw_axes(r),
            title=self.title,
            description=self.say(result),
        )


def quartic_of(values: dict[str, Any]) -> Quartic:
    return Quartic((0.0, values["c1"], values["c2"], values["c3"], 1.0))


def error_in_words(error: float) -> str:
    """An error; below a billionth it is the arithmetic's own rounding."""
    return readable(error) if error >= 1e-9 else _("0 (up to rounding)")


def polynomial(coefficients: Any) -> str:
    """A polynomial as it is written, highest power first: (0, 0.4, −1) → −x² + 0.4x."""
    text = ""
    for power in reversed(range(len(coefficients))):
        value = float(coefficients[power])
        size = readable(abs(value))
        if abs(value) < 1e-9:
            continue
        sign = (" − " if value < 0 else " + ") if text else ("−" if value < 0 else "")
        text += sign + ("" if size == "1" and power else size) + POWERS[power]
    return text or "0"


def draw_family(r: SimpleNamespace, found: Any, title: str, name: str) -> str:
    x = r.quartic.x[::4]
    y = r.quartic(x)
    room = 0.25 * float(np.ptp(y)) or 1.0
    chart = Chart(
        350,
        310,
        x=(-1, 1),
        y=(float(y.min()) - room, float(y.max()) + room),
        title=title,
        description=_("The quartic, dashed, and what two quadratics make of it."),
        x_label="x",
        name=name,
    )
    if name == "composition" and abs(found.axis) <= 1:
        chart.rule(x=found.axis, color="muted", label=_("its mirror axis"))
    chart.line(x, found(x), color=1 if name == "composition" else 2, width=4, label=_("reached"))
    chart.line(x, y, color="ink", dash=True, width=1.75, label=_("wanted"))
    return chart.svg()


def draw_axes(r: SimpleNamespace) -> str:
    chart = Chart(
        350,
        310,
        x=(-REACH, REACH),
        y=(0, 1.15 * max(r.spread, float(r.errors.max()))),
        title=_("The best composition for every axis"),
        description=_("Its error by the place of the mirror axis. Drag it to choose an axis."),
        x_label=_("mirror axis"),
        y_label=_("error"),
        name="axes",
    )
    chart.rule(y=r.spread, color="muted", label=_("spread of the quartic"))
    chart.line(r.axes, r.errors, color=1, width=2.5, label=_("error"))
    chart.area(pick="axis", drag=True, label=_("The mirror axis: drag, or arrow keys"))
    chart.points(
        [r.composed.axis], [r.composed.error], color=1, marker="diamond", radius=7, label=_("here")
    )
    return chart.svg()
