"""A formula that a reader types, read safely: it can say no more than a pocket calculator can.

Three doors stand one behind the other. `scan`, in `dlnotes.formula_reader`, reads the text token by
token and answers whatever is not arithmetic with a sentence that names the place; Python's `ast`
then finds what binds to what; `build` turns the tree, node by whitelisted node, into closures over
NumPy's functions. Nothing is ever handed to `eval`, `exec` or `compile`.

What evaluating can cost is bounded when the formula is made: at most `NODES` passes over the
points, every number a float64, so that `9**9**9` can neither grow an integer nor keep a core busy.
"""

import ast
import keyword
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import itemgetter
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from dlnotes.formula_reader import CONSTANTS, FUNCTIONS, FormulaError, plain, refusal, scan
from dlnotes.words import _

__all__ = ["FUNCTIONS", "Formula", "FormulaError", "plain"]

NODES = 100  # numbers, names, operators and calls
EXPONENT = 100.0  # the largest constant exponent, either sign
SEVERAL = ("min", "max")  # these take two arguments or more, all others one

OPERATORS: dict[type, Callable[..., Any]] = {
    ast.UAdd: np.positive, ast.USub: np.negative,
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.Pow: np.power,
}  # fmt: skip
LEAVES = (ast.Expression, ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.BinOp, ast.Call)
WHITELIST = (*LEAVES, *OPERATORS)

Part = np.float64 | Callable[[Sequence[Any]], Any]


@dataclass(frozen=True)
class Formula:
    """A function of its variables, from text such as `"x**2 + sin(x)"`.

    It may hold numbers, `variables`, `pi` and `e`, + - * / **, brackets, and what `FUNCTIONS` names
    (`log` is the natural logarithm; `min` and `max` take two arguments or more, all others one).
    Any expression may be an exponent; one that is a constant must lie between -100 and 100.

    Call it with one number or array for each variable, of shapes that broadcast: arrays give a new
    float64 array of the broadcast shape (a constant does too), numbers alone give a float. What has
    no value is inf or nan, as in NumPy, without a warning. Formulas are equal when their texts and
    variables are.

    Raises FormulaError, a ValueError, for a text that is no formula; TypeError for no text at all.
    """

    text: str
    variables: tuple[str, ...] = ("x",)
    _part: Part = field(init=False, repr=False, compare=False)

    def __init__(self, text: str, variables: Iterable[str] = ("x",)) -> None:
        if not isinstance(text, str):
            kind = type(text).__name__
            raise TypeError(_("A formula is text such as “x**2”, not {kind}.").format(kind=kind))
        names = check_variables(variables)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "variables", names)
        object.__setattr__(self, "_part", build(scan(text, names), names))

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...]]]:
        return Formula, (self.text, self.variables)  # closures cannot be pickled, the text can

    def __call__(self, *values: npt.ArrayLike) -> Any:
        if len(values) != len(self.variables):
            sentence = _("The formula {text} takes one value for each of ({names}), not {came}.")
            names = ", ".join(self.variables)
            raise TypeError(sentence.format(text=self.text, names=names, came=len(values)))
        with np.errstate(all="ignore"):
            arrays = [as_float64(*pair) for pair in zip(self.variables, values, strict=True)]
            try:
                shape = np.broadcast_shapes(*(array.shape for array in arrays))
            except ValueError:
                shapes = ", ".join(str(array.shape) for array in arrays)
                sentence = _("A formula's values must fit together; their shapes are {shapes}.")
                raise ValueError(sentence.format(shapes=shapes)) from None
            result = self._part(arrays) if callable(self._part) else self._part
        if shape == ():
            return float(result)
        return np.array(np.broadcast_to(result, shape), order="C")


def check_variables(variables: Iterable[str]) -> tuple[str, ...]:
    if isinstance(variables, str):
        raise TypeError(f'variables is a tuple of names such as ("x",), not {variables!r}.')
    names = tuple(variables)
    for name in names:
        usable = isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)
        # Python reads identifiers in their NFKC form, so any other spelling would never be found.
        if not usable or unicodedata.normalize("NFKC", name) != name:
            raise ValueError(f"A variable is a name such as x, not {name!r}.")
        if name in FUNCTIONS or name in CONSTANTS or names.count(name) > 1:
            raise ValueError(f"The variable {name!r} is already taken.")
    return names


def as_float64(name: str, value: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.asarray(None)
    if array.dtype.kind not in "biuf" or isinstance(value, np.ma.MaskedArray):
        sentence = _("The value of {name} must be real numbers, not {kind} ({dtype}).")
        kind = type(value).__name__
        raise TypeError(sentence.format(name=name, kind=kind, dtype=array.dtype))
    return array.astype(np.float64, copy=False)


def build(source: str, variables: tuple[str, ...]) -> Part:
    """The formula as a function of the list of its variables' arrays, or a number if constant."""
    shift = len(source) - len(source.lstrip())
    tree = ast.parse(source.strip(), mode="eval")
    nodes = list(ast.walk(tree))
    # `scan` lets nothing else through; this stands even if it should err.
    for node in nodes:
        if not isinstance(node, WHITELIST):
            kind = type(node).__name__
            raise FormulaError(_("A formula is arithmetic, and holds no {kind}.").format(kind=kind))
    count = sum(isinstance(node, ast.expr) for node in nodes)
    if count > NODES:
        sentence = _("The formula has {count} parts; at most {limit} are read.")
        raise FormulaError(sentence.format(count=count, limit=NODES))

    def refuse(node: Any, advice: str) -> FormulaError:
        encoded = source.strip().encode()  # ast counts bytes
        start = len(encoded[: node.col_offset].decode())
        found = encoded[node.col_offset : node.end_col_offset].decode()
        return refusal(start + shift, found, advice)

    def part(node: Any) -> Part:
        if isinstance(node, ast.Constant):
            number = np.float64(cast(float, node.value))  # `scan` lets no text through
            if not np.isfinite(number):
                raise refuse(node, _("this number is too large."))
            return number
        if isinstance(node, ast.Name):
            constant = CONSTANTS.get(node.id)
            return itemgetter(variables.index(node.id)) if constant is None else constant
        if isinstance(node, ast.UnaryOp):
            return apply(OPERATORS[type(node.op)], part(node.operand))
        if isinstance(node, ast.BinOp):
            left, right = part(node.left), part(node.right)
            if isinstance(node.op, ast.Pow) and not callable(right):
                if not abs(right) <= EXPONENT:
                    advice = _("an exponent lies between -{limit:g} and {limit:g}.")
                    raise refuse(node.right, advice.format(limit=EXPONENT))
                if right in range(2, 101):
                    return apply(partial(whole_power, exponent=int(right)), left)
            return apply(OPERATORS[type(node.op)], left, right)
        name = node.func.id
        parts = [part(argument) for argument in node.args]
        if name not in SEVERAL and len(parts) == 1:
            return apply(FUNCTIONS[name], parts[0])
        if name not in SEVERAL:
            raise refuse(node, _("{name} takes one argument.").format(name=name))
        if len(parts) == 1:
            raise refuse(node, _("{name} takes two arguments or more.").format(name=name))
        return reduce(partial(apply, FUNCTIONS[name]), parts)

    return part(tree.body)


def whole_power(base: Any, exponent: int) -> Any:
    """`base`**`exponent` by repeated squaring, right to some 1e-14, ten times quicker than pow."""
    power = base if exponent % 2 else 1.0
    while exponent := exponent // 2:
        base = base * base
        power = power * base if exponent % 2 else power
    return power


def apply(function: Callable[..., Any], *parts: Part) -> Part:
    """`function` of the parts: worked out at once where all are constant, else when values come."""
    if not any(callable(part) for part in parts):
        with np.errstate(all="ignore"):
            return np.float64(function(*parts))
    branches = [p if callable(p) else (lambda values, number=p: number) for p in parts]
    if len(branches) == 1:
        return lambda values: function(branches[0](values))
    left, right = branches
    return lambda values: function(left(values), right(values))
