"""Without a non-linearity between them ten layers are one: their weights multiply together."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers import Dense, ReLU, Sequential
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.pieces import linear_pieces
from dlnotes.widgets.controls import slider, switch
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

LOW, HIGH = -2.0, 2.0
POINTS = 201
MOST_LAYERS = 10
UNITS_SHOWN = 3
NETWORK = _("Network")


@lru_cache(maxsize=64)
def network(layers: int, width: int, relu: bool, seed: int) -> Sequential:
    """A random network from one number to one number, of so many dense layers.

    Weights are normal with variance 2 / n_in (He et al. 2015, arXiv:1502.01852), biases normal with
    standard deviation ½; the same seed gives the same weights with and without ReLU.
    """
    rng = np.random.default_rng(seed)
    sizes = [1] + [width] * (layers - 1) + [1]
    parts: list[Any] = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        dense = Dense(n_in, n_out, rng=rng, dtype=np.float64)
        dense.weight.value[:] = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
        dense.parameters()[1].value[:] = rng.normal(0, 0.5, n_out)
        parts += [dense, ReLU()] if relu else [dense]
    return Sequential(parts[:-1] if relu else parts)


def collapsed(dense: list[Dense]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The one weight (1, n_out) and bias (n_out,) that equal the first 1, 2, … layers together.

    (x·W₁ + b₁)·W₂ + b₂ = x·(W₁·W₂) + (b₁·W₂ + b₂), and so on.
    """
    weight, bias = np.eye(1), np.zeros(1)
    found = []
    for layer in dense:
        its_weight, its_bias = (parameter.value for parameter in layer.parameters())
        weight, bias = weight @ its_weight, bias @ its_weight + its_bias
        found.append((weight, bias))
    return found


class LayerCollapse(Explorer):
    """A random network of up to ten layers, with ReLU between them or with nothing.

    Beside the network stands the single layer that its weights multiply into. Without ReLU the two
    are equal, layer by layer; with it they are not.

    >>> LayerCollapse(layers=10, relu=False)
    """

    title = _("Ten layers, or one?")

    layers = slider(_("Layers"), 1, MOST_LAYERS, value=10, group=NETWORK)
    width = slider(_("Units a layer"), 1, 12, value=6, group=NETWORK)
    seed = slider(_("Weights no."), 0, 50, value=3, group=NETWORK)
    relu = switch(_("ReLU between the layers"), value=True, group=_("Look"))
    x = slider(_("x sent through"), LOW, HIGH, step=0.02, value=1, group=_("Look"))

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "x":
            return {}
        key = {"ArrowLeft": -1, "ArrowRight": 1}.get(pick.get("key", ""), 0)
        place = pick.get("x", values["x"] + key * (0.2 if pick.get("big") else 0.02))
        return {"x": float(np.clip(place, LOW, HIGH))}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        net = network(v.layers, v.width, v.relu, v.seed)
        dense = [layer for layer in net if isinstance(layer, Dense)]
        singles = collapsed(dense)
        grid = np.linspace(LOW, HIGH, POINTS)
        through = net.forward(grid[:, None])[:, 0]
        outputs = net.trace(np.array([[v.x]]))
        # What a layer hands on, after its ReLU where there is one.
        handed = [*outputs[1::2], outputs[-1]] if v.relu else outputs
        height, along = net.forward(np.array([[0.0], [1.0]]))[:, 0]
        single = grid * singles[-1][0][0, 0] + singles[-1][1][0]
        return {
            "layers": v.layers,
            "relu": v.relu,
            "parameters": sum(parameter.value.size for parameter in net.parameters()),
            "grid": grid,
            "through": through,
            "single": single,
            "apart": float(np.abs(through - single).max()),
            "slope": float(along - height),
            "height": float(height),
            "pieces": linear_pieces(net, LOW, HIGH).count,
            "weight": float(singles[-1][0][0, 0]),
            "bias": float(singles[-1][1][0]),
            "x": v.x,
            "y": float(outputs[-1][0, 0]),
            "rows": [
                (layer[0], v.x * weight[0] + bias)
                for layer, (weight, bias) in zip(handed[: v.layers], singles, strict=True)
            ],
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        names = ("layers", "parameters", "relu", "pieces", "weight", "bias")
        return {name: result[name] for name in names} | {"equal": equal(result)}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        line = line_in_words(r.weight, r.bias)
        layers = _("1 layer") if r.layers == 1 else _("{count} layers").format(count=r.layers)
        pieces = _("1 straight piece")
        if r.pieces != 1:
            pieces = _("{count} straight pieces").format(count=r.pieces)
        if equal(result):
            opening = _("{layers} with {count} parameters are one straight line.")
            if r.layers == 1:
                opening = _("{layers} with {count} parameters is one straight line.")
            sentence = f"{opening} " + _(
                "Sent through the layers, x = 0 gives {height} and each step of 1 adds {slope}; "
                "multiplied, the weights make {line}. The two differ by {apart} at most: rounding."
            )
        else:
            sentence = _(
                "{layers} with ReLU between them: {pieces}. Their weights multiplied into one "
                "layer would be {line}, and the two differ by up to {apart}."
            )
        return sentence.format(
            layers=layers, count=f"{r.parameters:,}", pieces=pieces, line=line,
            apart=readable(r.apart, 2), height=readable(r.height), slope=readable(r.slope),
        )  # fmt: skip

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_both(r), draw_rows(r), title=self.title, description=self.say(result), columns=2
        )


def equal(result: dict[str, Any]) -> bool:
    """Whether network and single layer agree, but for rounding."""
    return result["apart"] <= 1e-9 * (1 + float(np.abs(result["single"]).max()))


def line_in_words(weight: float, bias: float) -> str:
    """The line weight·x + bias, a negative bias with a minus sign."""
    sign = "−" if bias < 0 else "+"
    return f"{readable(weight)}·x {sign} {readable(abs(bias))}"


def draw_both(r: SimpleNamespace) -> str:
    low, high = float(r.through.min()), float(r.through.max())
    room = 0.2 * (high - low) or 1.0
    chart = Chart(
        480,
        320,
        x=(LOW, HIGH),
        y=(low - room, high + room),
        title=_("The network and the one layer"),
        description=_("The network's output for every x, and that of its collapsed weights."),
        x_label="x",
        y_label=_("output"),
        name="both",
    )
    chart.line(r.grid, r.through, color=1, width=4, label=_("through all layers"))
    seen = ((r.single > chart.y.low) & (r.single < chart.y.high)).any()
    name = _("one layer") if seen else _("one layer (outside the picture)")
    chart.line(r.grid, r.single, color=0, dash=True, width=2, label=name)
    chart.area(pick="x", drag=True, label=_("The x sent through: drag, or arrow keys"))
    chart.points([r.x], [r.y], color=1, radius=6, label=_("the x sent through"))
    return chart.svg()


def units(values: np.ndarray) -> str:
    """The first few of a layer's numbers."""
    numbers = [readable(value) for value in values[:UNITS_SHOWN].tolist()]
    return "(" + ", ".join(numbers + ["…"] * (values.size > UNITS_SHOWN)) + ")"


def draw_rows(r: SimpleNamespace) -> str:
    lines = [["", "", "", ""] for _layer in range(MOST_LAYERS)]
    for i, (through, single) in enumerate(r.rows):
        same = bool(np.allclose(through, single, rtol=1e-9, atol=1e-9))
        lines[i] = [str(i + 1), units(through), "=" if same else "≠", units(single)]
    return table(
        [_("layer"), _("layer by layer"), "", _("collapsed")],
        lines,
        width=560,
        title=_("x = {x} on its way").format(x=readable(r.x)),
        description="",
    )
