"""A network as a plan: which layers with which options, before any of them is made.

A plan is a list of [class name, options], as `rebuild` reads them. Here is what each layer of a
plan would give, and the plan as a line of code; `network_misfit.py` says where two do not fit.
"""

import ast
import inspect
import json
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


@dataclass(frozen=True)
class Row:
    """One layer of a plan: None for what is not known, because a layer before it does not fit."""

    text: str
    output: Shape | None
    parameters: int
    multiply_adds: int | None


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


def changed(plan: Plan, at: int, **options: Any) -> Plan:
    """The plan with other options in layer `at`."""
    copy = [[kind, dict(given)] for kind, given in plan]
    copy[at][1] |= options
    return copy


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
