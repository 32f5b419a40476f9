"""Inside a dense layer: a unit's weights, products, sum, bias, activation, and what follows."""

from collections.abc import Callable, Iterable
from copy import copy
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.layers import Dense, Dropout, Flatten, Layer, ReLU, Sequential, Sigmoid, Softmax, Tanh
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.widgets import trained
from dlnotes.widgets.controls import choice, picks, slider
from dlnotes.widgets.dense_picture import (
    ACTIVATIONS,
    OWN,
    draw_activation,
    draw_image,
    draw_layer,
    draw_next,
    draw_outputs,
    draw_sum,
)
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.picture_value import image_of, value_of
from dlnotes.widgets.reading import in_per_cent
from dlnotes.widgets.sentences import a_digit
from dlnotes.words import _

PICTURES = 60  # real digits to choose from, where none are given
SIDE = 28
ARROWS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}


class DenseExplorer(Explorer):
    """One unit j of the hidden layer of a network 784–H–10, and the way through it.

    Parameters
    ----------
    net : a network of two dense layers for pictures of 28×28, with any layers after each; one that
        is trained when first needed if None.
    x : pictures (n, 1, 28, 28) in 0–1 to choose from; real digits if None.

    It shows the sum z_j = Σ_i x_i·w_ij + b_j product by product, the activation a_j = f(z_j), and
    the parts a_j·v_jk that the next layer takes from it. It begins with the network's own
    activation, be it any layer or several; another is applied to the same sums, but the network was
    trained with its own.

    >>> DenseExplorer(unit=3, activation="sigmoid")
    """

    title = _("Inside a dense layer")

    example = slider(_("Picture"), 0, PICTURES - 1, value=0)
    unit = slider(_("Unit j"), 1, 784, value=3)
    activation = choice(_("Activation"), ACTIVATIONS | OWN, value="relu")

    picture = picks(_("A picture from elsewhere"), value=None)
    pixel = picks(_("The pixel looked at"), value=None)

    def __init__(self, net: Layer | None = None, x: Any = None, **values: Any) -> None:
        self.net = trained.dense() if net is None else net
        self.first, self.between, self.second, self.behind = two_dense(self.net)
        images = data.digits(size=SIDE)[0][:PICTURES] if x is None else np.asarray(x)
        if images.size == 0 or images[0].size != SIDE * SIDE:
            sentence = _("DenseExplorer: x has shape {shape}, wanted (n, 1, 28, 28).")
            raise ValueError(sentence.format(shape=images.shape))
        self.images = images.reshape(-1, SIDE, SIDE)
        super().__init__(**{"activation": own_activation(self.between)} | values)

    # The values' consequences -------------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        unnamed = own_activation(self.between) == "own"
        return {
            "activation": {"options": ACTIVATIONS | OWN if unnamed else ACTIVATIONS},
            "example": {"maximum": len(self.images) - 1},
            "unit": {"maximum": self.first.n_out},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"picture": None} if name == "example" else {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        name, how = pick.get("pick"), pick.get("how")
        if name in ("picture", "weights", "products"):
            if "x" in pick and how in ("click", "hover"):
                place = [int(pick["y"] // 1), int(pick["x"] // 1)]
            elif how == "key" and pick.get("key") in ARROWS:
                old = values["pixel"] or [SIDE // 2, SIDE // 2]
                place = [a + b for a, b in zip(old, ARROWS[pick["key"]], strict=True)]
            else:
                return {}
            return {"pixel": [min(max(at, 0), SIDE - 1) for at in place]}
        if name == "units":
            step = {"ArrowRight": 1, "ArrowLeft": -1}.get(str(pick.get("key")), 0)
            unit = round(pick["x"]) if "x" in pick else values["unit"] + step
            return {"unit": min(max(unit, 1), self.first.n_out)}
        return {}

    # What is shown ------------------------------------------------------------------------------

    def named(self, activation: str) -> str:
        """The activation in words."""
        if activation != "own":
            return ACTIVATIONS[activation]
        names = [repr(layer).removesuffix("()") for layer in self.between]
        return _(" and ").join(names)

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        image = self.images[v.example] if v.picture is None else image_of(v.picture)
        j = v.unit - 1
        x = np.asarray(image, dtype=float).ravel()
        weights = self.first.weight.value.astype(float)
        products = x * weights[:, j]
        bias = bias_of(self.first)
        sums = x @ weights + bias
        reach = max(3.0, 1.1 * float(np.abs(sums).max()))
        curve = np.linspace(-reach, reach, 121)
        if v.activation == "own":  # what it makes of a unit may depend on its number and the others
            outputs = passed(self.between, sums[None])[0]
            along = np.repeat(sums[None], len(curve), axis=0)
            along[:, j] = curve
            bent = passed(self.between, along)[:, j]
        else:
            function = FUNCTIONS[v.activation]
            outputs, bent = function(sums), function(curve)
        after = self.second.weight.value.astype(float)
        logits = outputs @ after + bias_of(self.second)
        return {
            "unit": v.unit,
            "activation": self.named(v.activation),
            "image": image,
            "weights": weights[:, j].reshape(SIDE, SIDE),
            "strongest": float(np.abs(weights[:, j]).max()),
            "products": products.reshape(SIDE, SIDE),
            "running": np.cumsum(products),
            "bias": float(bias[j]),
            "z": float(sums[j]),
            "a": float(outputs[j]),
            "outputs": outputs,
            "curve": (curve, bent),
            "parts": outputs[j] * after[j],
            "probabilities": Softmax()(passed(self.behind, logits[None]))[0],
            "pixel": v.pixel,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        sum_of = float(r.running[-1])
        found = {"unit": r.unit, "sum": sum_of, "bias": r.bias, "z": r.z, "a": r.a}
        return found | {"reads": int(r.probabilities.argmax())}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        best = int(r.probabilities.argmax())
        sentence = _(
            "Unit {unit}: the 784 products add up to {sum}; with the bias {bias} the sum is "
            "z = {z}, and {activation} makes a = {a} of it. The network reads {best}, "
            "{share}%."
        ).format(
            unit=r.unit, sum=readable(r.running[-1]), bias=readable(r.bias), z=readable(r.z),
            activation=r.activation, a=readable(r.a), best=a_digit(best),
            share=in_per_cent(r.probabilities[best], 0),
        )  # fmt: skip
        if r.pixel:
            at = tuple(r.pixel)
            sentence += " " + _(
                "Pixel in row {row}, column {col}: {x} × {w} = {product}."
            ).format(
                row=at[0], col=at[1], x=readable(r.image[at]), w=readable(r.weights[at]),
                product=readable(r.products[at]),
            )  # fmt: skip
        return sentence

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        size = max(float(np.abs(r.products).max()), 1e-9)
        strongest = max(r.strongest, 1e-9)
        panels = [
            draw_image(r, r.image, "picture", _("Picture x"), (0, 1), "grey"),
            draw_image(
                r, r.weights, "weights", _("Weights of unit {unit}").format(unit=r.unit),
                (-strongest, strongest), "diverging",
            ),
            draw_image(
                r, r.products, "products", _("Products x·w"), (-size, size), "diverging"
            ),
            draw_sum(r),
            draw_activation(r),
            draw_layer(r),
            draw_next(r),
            draw_outputs(r),
        ]  # fmt: skip
        return row(*panels, title=self.title, description=self.say(result), columns=4)

    @property
    def example_picture(self) -> Any:
        """The picture shown, as a value that another explorer takes."""
        image = self.images[self.example] if self.picture is None else image_of(self.picture)
        return value_of(image)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(z / 2))  # 1 / (1 + exp(-z)), which could overflow


FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "none": lambda z: z * 1.0,
}


NAMES: dict[type, str] = {ReLU: "relu", Sigmoid: "sigmoid", Tanh: "tanh"}


def bias_of(layer: Dense) -> np.ndarray:
    return np.zeros(layer.n_out) if layer.bias is None else layer.bias.value.astype(float)


def passed(layers: Iterable[Layer], x: np.ndarray) -> np.ndarray:
    """x through the layers, as they are used and not taught; they themselves are left alone."""
    for layer in layers:
        alike = copy(layer)
        alike.training = False
        x = np.asarray(alike(x), dtype=float)
    return x


def own_activation(between: list[Layer]) -> str:
    """The activation that the layers between two dense ones are; "own" for one without a name."""
    if not between:
        return "none"
    return NAMES.get(type(between[0]), "own") if len(between) == 1 else "own"


def two_dense(net: Layer) -> tuple[Dense, list[Layer], Dense, list[Layer]]:
    """The dense layers of a network 784–H–10, each with the layers after it that do something.

    `Flatten` does nothing to a list, nor `Dropout` once a network is taught. The softmax at the end
    is left out. ValueError where the network is another.
    """
    inside = list(net.leaves()) if isinstance(net, Sequential) else []
    inside = [layer for layer in inside if not isinstance(layer, Flatten | Dropout)]
    dense = [layer for layer in inside if isinstance(layer, Dense)]
    if len(dense) != 2 or inside[0] is not dense[0] or dense[0].n_in != SIDE * SIDE:
        raise ValueError(_("DenseExplorer: net must be two dense layers, 784–H–10."))
    first, second = dense
    if first.n_out != second.n_in:
        sentence = _("DenseExplorer: net's layers do not fit: {given} outputs, {wanted} inputs.")
        raise ValueError(sentence.format(given=first.n_out, wanted=second.n_in))
    place = inside.index(second)
    behind = inside[place + 1 :]
    if behind and type(behind[-1]) is Softmax:
        behind.pop()
    return first, inside[1:place], second, behind
