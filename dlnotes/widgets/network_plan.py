"""A network as a plan: which layers with which options, before any of them is made.

A plan is a list of [class name, options], as `rebuild` reads them. Here is what each layer of a
plan would give, where two do not fit and how that is mended, and the plan as a line of code.
"""

import ast
import inspect
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.layers import Layer, Sequential, rebuild
from dlnotes.layers.rebuild import KNOWN
from dlnotes.layers.table import count
from dlnotes.words import _

Plan = list[list[Any]]  # [[class name, options], …]
Shape = tuple[int, ...]

MOST_LAYERS = 24
MOST_WEIGHTS = 5_000_000  # of one layer: what a lesson's computer trains in good time
ON_IMAGES = ("Conv2d", "MaxPool2d", "AvgPool2d", "BlurPool2d", "GlobalAvgPool2d")
TO_LISTS = ("Flatten", "GlobalAvgPool2d")


@dataclass(frozen=True)
class Row:
    """One layer of a plan: None for what is not known, because a layer before it does not fit."""

    text: str
    output: Shape | None
    parameters: int
    multiply_adds: int | None


@dataclass(frozen=True)
class Problem:
    """Where a plan does not fit and why; `repair` is what mends it, and `mended` the plan then.

    `at` is the number of the layer, or the number of layers where the end does not fit.
    """

    at: int
    reason: str
    repair: str
    mended: Plan


class Zeros(np.random.Generator):
    """Gives zeros at once: a layer is made to be asked for its shapes, and forgotten."""

    def __init__(self) -> None:
        super().__init__(np.random.PCG64(0))

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        return np.zeros(size)


def made(kind: str, options: dict[str, Any]) -> Layer:
    """The layer without its chance; ValueError in a sentence for what cannot be."""
    if kind not in KNOWN:
        sentence = _("There is no layer {kind}; there are {names}.")
        raise ValueError(sentence.format(kind=kind, names=", ".join(KNOWN)))
    weights = weights_of(kind, options)
    if weights > MOST_WEIGHTS:
        sentence = _("{kind} would have {weights:,} weights; at most {most:,} are taken here.")
        raise ValueError(sentence.format(kind=kind, weights=weights, most=MOST_WEIGHTS))
    try:
        return rebuild(kind, options, rng=Zeros())
    except ValueError as error:
        raise ValueError(str(error).rpartition("}: ")[2] or str(error)) from None


def weights_of(kind: str, options: dict[str, Any]) -> int:
    """How many weights a layer would have, before it is made; 0 where that is not the question."""
    try:
        if kind == "Dense":
            return int(options["n_in"] * options["n_out"])
        if kind == "Conv2d":
            cells = np.prod(np.broadcast_to(options["kernel_size"], 2), dtype=object)
            return int(options["c_in"] * options["c_out"] * cells)
        if kind == "BatchNorm":
            return int(options["channels"])
    except (KeyError, TypeError, ValueError):
        pass  # the layer itself says what is wrong with it
    return 0


@lru_cache(maxsize=4096)
def asked(
    kind: str, options: str, shape: Shape | None
) -> tuple[str, int, Shape | None, int | None]:
    """Of one layer: its text, its parameters, and for an x of `shape` its output and its work.

    The last two are None where the shape does not fit.
    """
    layer = made(kind, json.loads(options))
    try:
        if shape is not None:
            output = layer.output_shape((1, *shape))[1:]
            work = layer.multiply_adds((1, *shape))
            return repr(layer), count(layer), output, work
    except ValueError:
        pass
    return repr(layer), count(layer), None, None


def rows_of(plan: Plan, shape: Shape) -> list[Row]:
    """What each layer gives for one example of `shape`."""
    rows: list[Row] = []
    flowing: Shape | None = tuple(shape)
    for kind, options in plan:
        text, parameters, flowing, work = asked(kind, json.dumps(options, sort_keys=True), flowing)
        rows.append(Row(text, flowing, parameters, work))
    return rows


def in_words(shape: Sequence[int]) -> str:
    """A shape as a reader calls it."""
    if len(shape) == 3:
        c, h, w = shape
        pattern = _("{c} map of {h} × {w}") if c == 1 else _("{c} maps of {h} × {w}")
        return pattern.format(c=c, h=h, w=w)
    if tuple(shape) == (1,):
        return _("1 number")
    return _("{n} numbers").format(n=" × ".join(map(str, shape)))


def problem_of(plan: Plan, shape: Shape, classes: int | None) -> Problem | None:
    """The first place where the plan does not fit, None if all of it does."""
    flowing = tuple(shape)
    for i, row in enumerate(rows_of(plan, shape)):
        if row.output is None:
            return misfit(plan, i, flowing)
        flowing = row.output
    if classes is None or flowing == (classes,):
        return None
    return wrong_end(plan, flowing, classes)


def changed(plan: Plan, at: int, **options: Any) -> Plan:
    """The plan with other options in layer `at`."""
    copy = [[kind, dict(given)] for kind, given in plan]
    copy[at][1] |= options
    return copy


def misfit(plan: Plan, i: int, came: Shape) -> Problem:
    """Why layer i does not take what comes, and what would mend it."""
    kind, options = plan[i]
    comes = in_words(came)
    if kind in ON_IMAGES and len(came) != 3:
        reason = _("{comes} come in, and {kind} works on images.").format(comes=comes, kind=kind)
        before = [j for j in range(i) if plan[j][0] in TO_LISTS]
        rest = [layer for j, layer in enumerate(plan) if j != i]
        if not rest:
            repair = _("Put a dense layer in its place")
            dense = filled_in("Dense", {"n_in": math.prod(came), "n_out": 10})
            return Problem(i, reason, repair, [dense])
        if before and (kind not in TO_LISTS or plan[before[-1]][0] == "Flatten"):
            j = before[-1]
            repair = _("Move it before {layer}").format(layer=plan[j][0])
            return Problem(i, reason, repair, [*rest[:j], plan[i], *rest[j:]])
        return Problem(i, reason, _("Take it out"), rest)
    if kind == "Dense" and len(came) != 1:
        reason = _("{comes} come in, and a dense layer takes a list of numbers.")
        flat = [*plan[:i], ["Flatten", {}], *plan[i:]]
        mended = changed(flat, i + 1, n_in=math.prod(came))
        return Problem(i, reason.format(comes=comes), _("Put Flatten() before it"), mended)
    wanted = {"Dense": "n_in", "Conv2d": "c_in", "BatchNorm": "channels"}.get(kind)
    if wanted and options[wanted] != came[0]:
        reason = _("{comes} come in, and it expects {wanted}.").format(
            comes=comes, wanted=options[wanted]
        )
        new = {wanted: came[0]}
        if kind == "Conv2d" and came[0] % options["groups"]:
            new["groups"] = 1
        repair = _("Let it expect {count}").format(count=came[0])
        return Problem(i, reason, repair, changed(plan, i, **new))
    return too_small(plan, i, came)


def too_small(plan: Plan, i: int, came: Shape) -> Problem:
    """The window of layer i is larger than the image: make it as large."""
    cells = np.broadcast_to(plan[i][1]["kernel_size"], 2)
    dilation = np.broadcast_to(plan[i][1].get("dilation", 1), 2)
    spans = (cells - 1) * dilation + 1
    reason = _(
        "Its window covers {rows} × {cols} pixels, more than there are: {comes} come in."
    ).format(rows=spans[0], cols=spans[1], comes=in_words(came))
    side = min(*came[1:], *cells.tolist())
    new: dict[str, Any] = {"kernel_size": side, "padding": 0}
    if plan[i][0] != "AvgPool2d":
        new["dilation"] = 1
    repair = _("Make its window {side} × {side}").format(side=side)
    return Problem(i, reason, repair, changed(plan, i, **new))


def wrong_end(plan: Plan, last: Shape, classes: int) -> Problem:
    """All layers fit, but what comes out is not one number a class."""
    reason = _("It ends with {last}; for {classes} classes it must end with {classes} numbers.")
    reason = reason.format(last=in_words(last), classes=classes)
    heads = [i for i, (kind, _options) in enumerate(plan) if kind == "Dense"]
    keeps = {"ReLU", "LeakyReLU", "Sigmoid", "Tanh", "Softmax", "Dropout"}
    if heads and all(kind in keeps for kind, _options in plan[heads[-1] + 1 :]):
        repair = _("Let the last Dense layer give {classes}").format(classes=classes)
        return Problem(len(plan), reason, repair, changed(plan, heads[-1], n_out=classes))
    flat: Plan = [] if len(last) == 1 else [["Flatten", {}]]
    head = filled_in("Dense", {"n_in": math.prod(last), "n_out": classes})
    names = "Flatten(), Dense" if flat else "Dense"
    repair = _("End with {names}({n_in}, {classes})").format(
        names=names, n_in=math.prod(last), classes=classes
    )
    return Problem(len(plan), reason, repair, [*plan, *flat, head])


def filled_in(kind: str, options: dict[str, Any]) -> list[Any]:
    """[class name, all its options]: those that are not given are at their defaults."""
    return [kind, made(kind, options).config()]


# As a line of code -----------------------------------------------------------------------------


def code_of(plan: Plan) -> str:
    """The plan as Python that makes the network: `rng` is a NumPy generator."""
    parts = []
    for kind, options in plan:
        text = asked(kind, json.dumps(options, sort_keys=True), None)[0].replace("'", '"')
        if "rng" in inspect.signature(KNOWN[kind]).parameters:
            text = text[:-1] + (", " if not text.endswith("()") else "") + "rng=rng)"
        parts.append(f"dl.{text}")
    return f"net = dl.Sequential({', '.join(parts)})"


def plan_of(code: str) -> Plan:
    """The plan that a line of code describes; ValueError in a sentence where it is none.

    Nothing is run: names are looked up in a fixed list, and options are plain numbers and texts.
    """
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(_("This is not Python yet: look at the brackets and commas.")) from None
    wanted = _("Write one line, as net = dl.Sequential(dl.ReLU(), …).")
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Assign | ast.Expr):
        raise ValueError(wanted)
    call = tree.body[0].value
    if not isinstance(call, ast.Call) or name_of(call.func) != "Sequential":
        raise ValueError(wanted)
    listed = call.args
    if len(listed) == 1 and isinstance(listed[0], ast.List | ast.Tuple):
        listed = listed[0].elts
    if not listed:
        raise ValueError(_("A network has at least one layer."))
    if len(listed) > MOST_LAYERS:
        raise ValueError(_("At most {most} layers are taken here.").format(most=MOST_LAYERS))
    return [layer_of(i, node) for i, node in enumerate(listed)]


def layer_of(i: int, node: ast.expr) -> list[Any]:
    """One layer's entry in the plan."""
    kind = name_of(node.func) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or kind not in KNOWN:
        sentence = _("Layer {i}: “{text}” is no layer; there are {names}.")
        text = ast.unparse(node)[:60]
        raise ValueError(sentence.format(i=i, text=text, names=", ".join(KNOWN)))
    try:
        given = [ast.literal_eval(value) for value in node.args]
        named = {
            str(word.arg): ast.literal_eval(word.value)
            for word in node.keywords
            if word.arg not in ("rng", "dtype")
        }
        known = inspect.signature(KNOWN[kind])
        needed = {"rng": None} if "rng" in known.parameters else {}
        bound = known.bind(*given, **named, **needed).arguments
        return filled_in(kind, {name: value for name, value in bound.items() if name != "rng"})
    except (TypeError, ValueError, RecursionError) as error:
        sentence = _("Layer {i}, {kind}: {why}.")
        raise ValueError(sentence.format(i=i, kind=kind, why=str(error).rstrip("."))) from None


def name_of(node: ast.expr) -> str:
    """ReLU of `ReLU`, `dl.ReLU` or `dl.layers.ReLU`; "" of anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def plan_from(net: Sequential) -> Plan:
    """The plan of a network that is there; ValueError for layers that are not of the package."""
    plan: Plan = []
    for layer in net:
        if isinstance(layer, Sequential):
            plan += plan_from(layer)
        else:
            plan.append(filled_in(type(layer).__name__, layer.config()))
    return plan
