"""Back-propagation, one operation at a time, on a network small enough to reckon along."""

from types import SimpleNamespace
from typing import Any

from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.widgets.backprop import (
    INPUTS,
    Weights,
    count,
    downhill,
    first_weights,
    large,
    loss_of,
    network,
    passes_of,
    seconds,
    symbols,
)
from dlnotes.widgets.backprop_picture import (
    draw_cost,
    draw_graph,
    draw_slopes,
    operations,
    sentence,
)
from dlnotes.widgets.controls import button, choice, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

STEP, EXAMPLE, NETWORK, COST = _("Step"), _("Example"), _("Network"), _("Cost")
MOST_UNITS = 4
MOST_LOSS = 1e9  # a step that leads beyond is not taken: its numbers say nothing any more
PARTS = {"network": _("the network"), "cost": _("what it costs"), "both": _("both")}


class BackpropStepper(Explorer):
    """A real network, 2 – `hidden` – 1, drawn as a graph and stepped forward, then backward.

    Every node and edge shows its value and, as the backward pass reaches it, its gradient; beside
    it finite differences say the same. A weight is chosen on the picture and moved by a slider.
    `parts="cost"` shows only what the slopes of 784 – `width` – 10 cost, "network" only the rest.

    >>> BackpropStepper(hidden=2, activation="relu", x1=0.5)
    """

    title = _("Back-propagation, step by step")

    hidden = slider(_("Hidden units"), 1, MOST_UNITS, value=3, group=NETWORK)
    activation = choice(
        _("Activation"),
        {"tanh": "tanh", "sigmoid": _("sigmoid σ"), "relu": "ReLU"},
        value="tanh",
        group=NETWORK,
    )
    seed = slider(_("Seed of the weights"), 0, 20, value=0, group=NETWORK)
    weight = slider(_("Chosen number"), -3, 3, step=0.01, value=0.0, group=NETWORK)
    rate = slider(_("Learning rate"), 0.01, 1, step=1.1, value=0.1, log=True, group=NETWORK)
    learn = button(_("One step downhill"), group=NETWORK)
    first = button(_("First weights again"), group=NETWORK)

    x1 = slider("x₁", -2, 2, step=0.1, value=1.0, group=EXAMPLE)
    x2 = slider("x₂", -2, 2, step=0.1, value=-0.5, group=EXAMPLE)
    target = slider(_("Target t"), -2, 2, step=0.1, value=-0.5, group=EXAMPLE)

    step = slider(_("Operation"), 0, 4 * MOST_UNITS + 4, value=0, group=STEP, play=True)
    back = button(_("One back"), group=STEP)
    forward = button(_("Next operation"), group=STEP)

    parts = choice(_("Shown"), PARTS, value="both", group=COST)
    width = slider(_("Units, large net"), 10, 300, step=10, value=100, group=COST)
    measure = button(_("Measure the times here"), group=COST)

    weights = picks(_("The parameters"), value=None)
    chosen = picks(_("The number chosen"), value=None)
    times = picks(_("Seconds of a forward and a backward pass"), value=None)

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        last = 2 * len(operations(v.hidden))
        if v.chosen is None:
            weight = {"disabled": _("Choose a number on the picture first.")}
        else:
            weight = {"label": _("Value of {name}").format(name=symbols(v.hidden)[v.chosen])}
        return {
            "step": {"maximum": last},
            "back": {"disabled": "" if v.step else _("This is the beginning.")},
            "forward": {"disabled": _("All is done.") if v.step >= last else ""},
            "first": {"disabled": _("These are the first weights.") if v.weights is None else ""},
            "weight": weight,
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name in ("hidden", "seed"):
            return {"weights": None, "chosen": None, "times": None}
        if name == "weight" and v.chosen is not None:
            changed = list(weights_of(v))
            changed[v.chosen] = v.weight
            return {"weights": changed}
        return {"times": None} if name == "width" else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name == "measure":
            small = network(v.hidden, v.activation, weights_of(v))
            return {"times": [seconds(small, INPUTS), seconds(large(v.width), 784)]}
        if name == "learn":
            x = (v.x1, v.x2)
            new = downhill(v.hidden, v.activation, weights_of(v), x, v.target, v.rate)
            loss = loss_of(v.hidden, v.activation, new, x, v.target)
            if not loss <= MOST_LOSS:
                sentence = _(
                    "The steps overshoot by more and more: the next would make the loss {loss}. "
                    "Lower the learning rate and take the first weights again."
                )
                raise ValueError(sentence.format(loss=readable(loss)))
            return {"weights": new} | ({} if v.chosen is None else {"weight": new[v.chosen]})
        if name == "first":
            return {"weights": None, "chosen": None}
        last = 2 * len(operations(v.hidden))
        return {"step": min(max(v.step + (1 if name == "forward" else -1), 0), last)}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        group, _colon, place = str(pick.get("pick")).partition(":")
        weights = weights_of(v)
        if group != "weight" or place not in map(str, range(len(weights))):
            return {}
        k = int(place)
        sign = {"ArrowUp": 1, "ArrowRight": 1, "ArrowDown": -1, "ArrowLeft": -1}.get(
            pick.get("key", ""), 0
        )
        if not (sign or pick.get("how") == "click"):
            return {}
        moved = list(weights)
        if sign:
            moved[k] = round(moved[k] + sign * (0.1 if pick.get("big") else 0.01), 10)
        return {"chosen": k, "weights": moved, "weight": min(max(moved[k], -3.0), 3.0)}

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        weights = weights_of(v)
        small = network(v.hidden, v.activation, weights)
        costs = [
            SimpleNamespace(name=f"{INPUTS}-{v.hidden}-1", parameters=count(small)),
            SimpleNamespace(name=f"784-{v.width}-10", parameters=count(large(v.width))),
        ]
        return {
            "hidden": v.hidden,
            "activation": v.activation,
            "step": v.step,
            "weights": weights,
            "chosen": v.chosen,
            "passes": passes_of(v.hidden, v.activation, weights, (v.x1, v.x2), v.target),
            "parts": v.parts,
            "costs": costs,
            "times": v.times,
        }

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = []
        if r.parts != "cost":
            panels += [draw_graph(r), draw_slopes(r)]
        if r.parts != "network":
            panels.append(draw_cost(r))
        return row(*panels, title=self.title, description=self.say(result), columns=2)

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.parts != "cost":
            return sentence(r)
        cost = r.costs[-1]
        return _(
            "{name} has {parameters} parameters: nudging each takes {passes} forward passes, "
            "back-propagation one forward and one backward."
        ).format(
            name=cost.name,
            parameters=f"{cost.parameters:,}",
            passes=f"{cost.parameters + 1:,}",
        )

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        if r.parts == "cost":
            cost = r.costs[-1]
            return {"parameters": cost.parameters, "forward_passes": cost.parameters + 1}
        p = r.passes
        return {"step": r.step, "loss": p.loss, "slopes": list(p.slopes), "right": bool(p.report)}


def weights_of(v: SimpleNamespace) -> Weights:
    """The parameters in order: as the reader has changed them, or as they were drawn."""
    return first_weights(v.hidden, v.seed) if v.weights is None else tuple(v.weights)
