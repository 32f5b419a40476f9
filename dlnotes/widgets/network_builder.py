"""Build a network: a list of layers with shapes and costs, and a word where two do not fit."""

import math
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers import Sequential
from dlnotes.layers.rebuild import rebuild
from dlnotes.widgets.controls import button, choice, picks, slider, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.network_builder_picture import draw_plan
from dlnotes.widgets.network_misfit import problem_of
from dlnotes.widgets.network_plan import (
    MOST_LAYERS,
    ON_IMAGES,
    Plan,
    changed,
    code_of,
    filled_in,
    in_words,
    plan_from,
    plan_of,
    rows_of,
)
from dlnotes.words import _

KINDS = {
    "Conv2d": _("Conv2d: filters slide over the maps"),
    "MaxPool2d": _("MaxPool2d: the largest of each window"),
    "AvgPool2d": _("AvgPool2d: the mean of each window"),
    "BlurPool2d": _("BlurPool2d: blur, then shrink"),
    "GlobalAvgPool2d": _("GlobalAvgPool2d: one mean a map"),
    "Flatten": _("Flatten: maps to a list of numbers"),
    "Dense": _("Dense: all inputs to every output"),
    "ReLU": _("ReLU: below zero becomes zero"),
    "LeakyReLU": _("LeakyReLU: below zero, a little"),
    "Sigmoid": _("Sigmoid: into 0 to 1"),
    "Tanh": _("Tanh: into −1 to 1"),
    "Softmax": _("Softmax: logits to probabilities"),
    "Dropout": _("Dropout: leave some out while learning"),
    "BatchNorm": _("BatchNorm: bring to a common scale"),
}
START = (
    'dl.Sequential(dl.Conv2d(1, 8, 5, padding="same"), dl.ReLU(), dl.MaxPool2d(2), '
    'dl.Conv2d(8, 16, 5, padding="same"), dl.ReLU(), dl.MaxPool2d(2), dl.Flatten(), '
    "dl.Dense(784, 10))"
)
PADDINGS = {str(size): str(size) for size in range(4)} | {"same": _("same size out")}
OTHER = {"other": _("(as in the code)")}
MOVES = {"up": -1, "down": 1}


class NetworkBuilder(Explorer):
    """A list of layers to edit, each with its output shape, parameters and multiply-adds.

    Parameters
    ----------
    net : the network to begin with; if None, two convolutions with pooling and a dense layer.
    input_shape : the shape of one example, (c, h, w) or (n_in,).
    classes : how many numbers must come out, None for any.

    `builder.net(rng)` makes the network that the list describes, with fresh weights.

    >>> NetworkBuilder(input_shape=(1, 28, 28), classes=10)
    """

    title = _("Build a network")

    kind = choice(_("A layer"), KINDS, value="Conv2d", group=_("Change the list"))
    add = button(_("Add it below"), group=_("Change the list"))
    remove = button(_("Take the chosen one out"), group=_("Change the list"))
    up = button(_("Move up"), group=_("Change the list"))
    down = button(_("Move down"), group=_("Change the list"))
    repair = button(_("Repair"), group=_("Change the list"))

    outputs = slider(_("Gives"), 1, 256, value=8, group=_("The chosen layer"))
    kernel = slider(_("Window"), 1, 11, value=5, unit="px", group=_("The chosen layer"))
    stride = slider(_("Stride"), 1, 4, value=1, unit="px", group=_("The chosen layer"))
    padding = choice(_("Padding"), PADDINGS | OTHER, value="same", group=_("The chosen layer"))
    dilation = slider(_("Dilation"), 1, 4, value=1, unit="px", group=_("The chosen layer"))
    groups = choice(_("Groups"), {"1": "1"}, value="1", group=_("The chosen layer"))
    share = slider(_("Share left out"), 0, 0.9, step=0.05, value=0.5, group=_("The chosen layer"))

    code = text(
        _("The same as a line of code, to copy or to change"),
        value=code_of(plan_of(START)),
        rows=7,
        limit=4000,
        examples=(START, "Sequential(", "dl.Sequential(dl.Dense(784, 10), dl.What())"),
    )

    plan = picks(_("The layers"), value=plan_of(START))
    at = picks(_("The chosen layer"), value=0)

    def __init__(
        self, net: Sequential | None = None, *, input_shape: Any = (1, 28, 28),
        classes: int | None = 10, show: Iterable[str] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        if not isinstance(input_shape, list | tuple) or len(input_shape) not in (1, 3):
            raise ValueError(
                f"NetworkBuilder: input_shape is {input_shape!r}, wanted (c, h, w) or (n_in,)"
            )
        self.shape = tuple(door.size(s, "NetworkBuilder: input_shape") for s in input_shape)
        self.classes = None if classes is None else door.size(classes, "NetworkBuilder: classes")
        if net is not None:
            if not isinstance(net, Sequential):
                raise TypeError(f"NetworkBuilder: net is {net!r}, wanted a Sequential")
            options = {"plan": plan_from(net)} | options
        super().__init__(show=show)
        self.update(**options)  # the list, the code and the chosen layer's settings follow

    def net(self, rng: np.random.Generator) -> Sequential:
        """The network of the list, with fresh weights from `rng`; ValueError where it does not fit.

        TypeError for an `rng` that is no NumPy generator.
        """
        door.generator(rng, "NetworkBuilder.net: rng")
        if problem := problem_of(self.plan, self.shape, None):
            sentence = _("Layer {i}: {reason}")
            raise ValueError(sentence.format(i=problem.at, reason=problem.reason))
        layers = [rebuild(kind, options, rng=rng) for kind, options in self.plan]
        return Sequential(*layers, input_shape=self.shape)

    # What the reader does -----------------------------------------------------------------------

    def seen(self, values: dict[str, Any]) -> SimpleNamespace:
        """The values by name, the chosen layer being one that there is."""
        return SimpleNamespace(**values | {"at": min(values["at"], len(values["plan"]) - 1)})

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = self.seen(values)
        kind, options = v.plan[v.at]
        problem = problem_of(v.plan, self.shape, self.classes)
        maps = kind == "Conv2d"
        full = _("There are {most} layers: that is enough here.").format(most=MOST_LAYERS)
        alone = _("A network has at least one layer.")
        chosen = _("Layer {i}: {kind}").format(i=v.at, kind=kind)
        found: dict[str, dict[str, Any]] = {
            "add": {"disabled": full if len(v.plan) >= MOST_LAYERS else ""},
            "remove": {"disabled": alone if len(v.plan) == 1 else ""},
            "up": {"disabled": "" if v.at else _("It is the first.")},
            "down": {"disabled": "" if v.at < len(v.plan) - 1 else _("It is the last.")},
            "repair": {
                "hidden": problem is None,
                "label": _("Repair: {what}").format(what=problem.repair) if problem else "",
            },
            "outputs": {
                "hidden": kind not in ("Conv2d", "Dense"),
                "label": _("Maps it gives") if maps else _("Numbers it gives"),
            },
            "kernel": {"hidden": "kernel_size" not in options},
            "stride": {"hidden": "stride" not in options},
            "padding": {"hidden": "padding" not in options},
            "dilation": {"hidden": "dilation" not in options},
            "groups": {"hidden": not maps, "options": groups_of(options) if maps else {"1": "1"}},
            "share": {"hidden": kind != "Dropout"},
        }
        for name in ("outputs", "kernel", "stride", "padding", "dilation", "groups", "share"):
            found[name]["group"] = chosen
        if str(options.get("padding")) in PADDINGS:
            found["padding"]["options"] = PADDINGS
        return found

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = self.seen(values)
        if name == "plan":
            return follow(v.plan, v.at)
        if name == "at":
            return {"at": v.at} | settings(v.plan, v.at)
        if name == "code":
            plan = plan_of(v.code)
            at = min(v.at, len(plan) - 1)
            return {"plan": plan, "at": at} | settings(plan, at)
        kind, options = v.plan[v.at]
        new: dict[str, Any] = {}
        if name == "outputs" and kind in ("Conv2d", "Dense"):
            new = {"c_out" if kind == "Conv2d" else "n_out": v.outputs}
            if kind == "Conv2d" and v.outputs % options["groups"]:
                new["groups"] = 1
        elif name == "kernel" and "kernel_size" in options:
            new = {"kernel_size": v.kernel}
            if options.get("stride", 1) is None or kind in ("MaxPool2d", "AvgPool2d"):
                new["padding"] = 0  # a pooling's padding must be less than its window
        elif name == "stride" and "stride" in options:
            new = {"stride": v.stride}
        elif name == "padding" and "padding" in options and v.padding != "other":
            padding: Any = v.padding if v.padding == "same" else int(v.padding)
            if kind in ("MaxPool2d", "AvgPool2d") and padding != "same":
                padding = min(padding, int(np.min(options["kernel_size"])) - 1)
            new = {"padding": padding}
        elif name == "dilation" and "dilation" in options:
            new = {"dilation": v.dilation}
        elif name == "groups" and kind == "Conv2d":
            new = {"groups": int(v.groups)}
        elif name == "share" and kind == "Dropout":
            new = {"p": v.share}
        return follow(changed(v.plan, v.at, **new), v.at) if new else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = self.seen(values)
        plan, at = list(v.plan), v.at
        if name == "repair":
            problem = problem_of(plan, self.shape, self.classes)
            if problem is None:
                return {}
            return follow(problem.mended, min(problem.at, len(problem.mended) - 1))
        if name == "add" and len(plan) < MOST_LAYERS:
            flowing = rows_of(plan[: at + 1], self.shape)[-1].output
            return follow([*plan[: at + 1], fresh(v.kind, flowing), *plan[at + 1 :]], at + 1)
        if name == "remove" and len(plan) > 1:
            del plan[at]
            return follow(plan, min(at, len(plan) - 1))
        if name in MOVES and 0 <= at + MOVES[name] < len(plan):
            other = at + MOVES[name]
            plan[at], plan[other] = plan[other], plan[at]
            return follow(plan, other)
        return {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = self.seen(values)
        step = {"ArrowUp": -1, "ArrowDown": 1, "Home": -MOST_LAYERS, "End": MOST_LAYERS}
        name, _colon, place = pick["pick"].partition(":")
        if name != "row" or place not in map(str, range(len(v.plan))):
            return {}
        if pick["how"] == "click":
            at = int(place)
        elif pick["how"] == "key" and pick.get("key") in step:
            at = min(max(v.at + step[pick["key"]], 0), len(v.plan) - 1)
        elif pick["how"] == "key" and pick.get("key") in ("Delete", "Backspace"):
            return self.pressed("remove", **values)
        else:
            return {}
        return {"at": at} | settings(v.plan, at)

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = self.seen(values)
        rows = rows_of(v.plan, self.shape)
        problem = problem_of(v.plan, self.shape, self.classes)
        work = [row.multiply_adds for row in rows]
        return {
            "input": self.shape,
            "rows": rows,
            "at": v.at,
            "problem": problem,
            "parameters": sum(row.parameters for row in rows),
            "multiply_adds": None if None in work else sum(filter(None, work)),
            "output": rows[-1].output,
            "softmax": v.plan[-1][0] == "Softmax",
            "code": code_of(v.plan),
        }

    def draw(self, result: dict[str, Any]) -> str:
        return draw_plan(SimpleNamespace(**result), title=self.title, said=self.say(result))

    def say(self, result: dict[str, Any]) -> str:
        problem = result["problem"]
        if problem:
            where = (
                _("At the end: {reason}")
                if problem.at == len(result["rows"])
                else _("Layer {i} does not fit: {reason}")
            )
            return where.format(i=problem.at, reason=problem.reason)
        sentence = _(
            "It fits: {came} in, {left} out, {parameters:,} parameters and {work:,} "
            "multiply-adds for one example."
        ).format(
            came=in_words(result["input"]),
            left=in_words(result["output"]),
            parameters=result["parameters"],
            work=result["multiply_adds"],
        )
        if result["softmax"]:
            sentence += " " + _(
                "CrossEntropy takes logits and applies the softmax itself: for learning, leave "
                "Softmax out."
            )
        return sentence

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {
            "layers": len(result["rows"]),
            "output": list(result["output"]) if result["output"] else "?",
            "parameters": result["parameters"],
            "fits": result["problem"] is None,
        }


def groups_of(options: dict[str, Any]) -> dict[str, str]:
    """Into how many groups a convolution's maps can be split, and what each filter then sees."""
    c_in, c_out = options["c_in"], options["c_out"]
    counts = [k for k in range(1, min(c_in, c_out) + 1) if c_in % k == c_out % k == 0]
    sentence = _("{count}: a filter sees {seen} of {all} maps")
    return {str(k): sentence.format(count=k, seen=c_in // k, all=c_in) for k in counts}


def follow(plan: Plan, at: int) -> dict[str, Any]:
    """All that changes with the plan: its code, and the controls of its chosen layer."""
    return {"plan": plan, "at": at, "code": code_of(plan)} | settings(plan, at)


def settings(plan: Plan, at: int) -> dict[str, Any]:
    """The controls' values for the chosen layer; those it does not have stay as they are."""
    options = plan[at][1]
    found: dict[str, Any] = {}
    for key in ("c_out", "n_out"):
        if key in options:
            found["outputs"] = min(options[key], 256)
    for name, key, most in (
        ("kernel", "kernel_size", 11), ("stride", "stride", 4), ("dilation", "dilation", 4),
    ):  # fmt: skip
        if key in options:
            value = options[key] or options["kernel_size"]  # a pooling's stride is its window
            found[name] = min(int(np.max(value)), most)
    if "padding" in options:
        padding = str(options["padding"])
        found["padding"] = padding if padding in PADDINGS else "other"
    if "groups" in options:
        found["groups"] = str(options["groups"])
    if "p" in options:
        found["share"] = min(options["p"], 0.9)
    return found


def fresh(kind: str, flowing: tuple[int, ...] | None) -> list[Any]:
    """A new layer that takes what comes there."""
    first = flowing[0] if flowing else 1
    options: dict[str, dict[str, Any]] = {
        "Conv2d": {"c_in": first, "c_out": 8, "kernel_size": 3, "padding": "same"},
        "Dense": {"n_in": math.prod(flowing or (1,)), "n_out": 32},
        "BatchNorm": {"channels": first},
    }
    if kind in ON_IMAGES and kind.endswith("Pool2d") and kind[0] in "MA":
        return filled_in(kind, {"kernel_size": 2})
    return filled_in(kind, options.get(kind, {}))
