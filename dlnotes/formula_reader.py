"""What a reader types, read token by token: the door that lets nothing but arithmetic through.

Whatever is no formula is answered with a sentence that names the place. What passes is text that
`dlnotes.formula` may hand to Python's parser, place for place the same.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from dlnotes.words import _

LENGTH = 200  # characters
DEPTH = 30  # open brackets and signs in a row; Python's own parser gives up near 100

CONSTANTS = {"pi": np.float64(np.pi), "π": np.float64(np.pi), "e": np.float64(np.e)}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
    "abs": np.absolute, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh, "arctan": np.arctan,
    "arcsin": np.arcsin, "arccos": np.arccos, "log2": np.log2, "log10": np.log10,
    "floor": np.floor, "ceil": np.ceil, "sign": np.sign,
    "min": np.minimum, "max": np.maximum,
    "relu": lambda x: np.maximum(x, 0.0), "sigmoid": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "ln": np.log, "atan": np.arctan, "asin": np.arcsin, "acos": np.arccos,
}  # fmt: skip

# Full-width letters are what a Japanese keyboard types; the rest is what a formula copied from
# print holds. Each stands for exactly one character, so that places stay where they are.
PLAIN = str.maketrans(
    {0xFF01 + i: chr(0x21 + i) for i in range(94)}
    | dict.fromkeys("\u3000\u00a0\u2009\u202f\t", " ")
    | dict.fromkeys("−–", "-")
    | dict.fromkeys("×·⋅∙", "*")
    | {"÷": "/"}
)
ADVICE = (
    {digit: _("write **{power} for a power.").format(power=power)
     for power, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    | dict.fromkeys("[]{}", _("write round brackets ( )."))
    | dict.fromkeys("\r\n;", _("write the formula on one line."))
    | dict.fromkeys("\"'`", _("a formula holds no quoted text."))
    | dict.fromkeys("<>!", _("a formula compares nothing; min, max, sign and relu may help."))
    | {
        "^": _("write ** for a power, as in x**2."),
        "=": _("write only what stands to the right of the equals sign."),
        "|": _("write abs(x) for the size of x."),
        "√": _("write sqrt(x) for a root."),
        "#": _("a formula holds no comment."),
    }
)  # fmt: skip
TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|//|[-+*/(),])|(?P<space> +)"
)


class FormulaError(ValueError):
    """Why a text is no formula; `position` is that of the first character at fault, from 1."""

    position: int | None = None


class Token(NamedTuple):
    kind: str
    text: str
    position: int


def plain(text: str) -> str:
    """`text` with full-width and printed signs (× ÷ …) as a keyboard has them, one for one."""
    return text.translate(PLAIN)


def refusal(position: int, found: str, advice: str) -> FormulaError:
    # A lone surrogate or a control character would break the page that shows the sentence.
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in found[:20])
    sentence = _("Position {position}, “{found}”: {advice}")
    error = FormulaError(sentence.format(position=position + 1, found=shown, advice=advice))
    error.position = position + 1
    return error


def scan(text: str, variables: tuple[str, ...]) -> str:
    """The text as Python's parser may see it, place for place the same, or a FormulaError."""
    if len(text) > LENGTH:
        sentence = _("The formula has {length:,} characters; at most {limit} are read.")
        raise FormulaError(sentence.format(length=len(text), limit=LENGTH))
    source = plain(text)
    tokens = []
    position = 0
    while position < len(source):
        match = TOKEN.match(source, position)
        # Python's \w takes ² for part of a name, so every character of a name is looked at.
        for i in range(position, match.end() if match else position + 1):
            if source[i] in ADVICE:
                raise refusal(i, text[i], ADVICE[source[i]])
        if match is None:
            raise refusal(position, text[position], _("this has no meaning in a formula."))
        if match.lastgroup != "space":
            tokens.append(Token(str(match.lastgroup), match.group(), position))
        if match.group().isdigit():  # Python refuses 007, a calculator does not
            digits = match.group().lstrip("0") or "0"
            source = source[:position] + digits.rjust(len(match.group())) + source[match.end() :]
        position = match.end()
    if not tokens:
        raise FormulaError(_("The formula is empty; write something like x**2 + 1."))
    check_order(tokens, variables)
    return source


def check_order(tokens: list[Token], variables: tuple[str, ...]) -> None:
    """Refuse what is out of place: two numbers side by side, an open bracket, an unknown name."""
    brackets: list[tuple[Token, bool]] = []  # with whether it holds a function's arguments
    wants_operand = True
    signs = 0
    before = Token("start", "", 0)
    for i, token in enumerate(tokens):
        kind, text, position = token
        signs = signs + 1 if text in ("+", "-") else 0
        if kind == "name":
            check_name(token, before, tokens[i + 1 : i + 2], variables)
        if kind != "sign" or text == "(":
            if not wants_operand:
                product = "*".join("(…)" if t in ("(", ")") else t for t in (before.text, text))
                advice = _("something is missing before this; for a product write {product}.")
                raise refusal(position, text, advice.format(product=product))
            if text == "(":
                brackets.append((token, before.text in FUNCTIONS))
            else:
                wants_operand = text in FUNCTIONS
        elif text == "//":
            raise refusal(position, text, _("write floor(a/b) for a division without remainder."))
        elif wants_operand and text not in ("+", "-"):
            raise refusal(position, text, _("a number or a name is missing before this."))
        elif text == ")":
            if not brackets:
                raise refusal(position, text, _("this bracket closes nothing."))
            brackets.pop()
        elif text == "," and not (brackets and brackets[-1][1]):
            raise refusal(position, text, _("a decimal number is written with a point, as in 1.5."))
        else:
            wants_operand = True
        if len(brackets) + signs > DEPTH:
            advice = _("the formula is nested too deeply; at most {depth} levels are read.")
            raise refusal(position, text, advice.format(depth=DEPTH))
        before = token
    if wants_operand:
        raise refusal(before.position, before.text, _("something is missing after this."))
    if brackets:
        raise refusal(brackets[-1][0].position, "(", _("this bracket is never closed."))


def check_name(token: Token, before: Token, after: list[Token], variables: tuple[str, ...]) -> None:
    name = token.text
    called = bool(after) and after[0].text == "("
    values = {*variables, *CONSTANTS}
    if name in values or (name in FUNCTIONS and called):
        return
    words = {"names": ", ".join([*variables, "pi", "e"]), "functions": ", ".join(FUNCTIONS)}
    words |= {"name": name, "product": "*".join(name)}
    if name in FUNCTIONS:
        advice = _("write {name}(…), with brackets.")
    elif before.kind == "number" and name in ("j", "J"):
        advice = _("only real numbers are read.")
    elif called:
        advice = _("there is no such function; there are {functions}.")
    elif all(letter in values for letter in name):
        advice = _("this name is not known; for a product write {product}.")
    else:
        advice = _("this name is not known; the names are {names}.")
    raise refusal(token.position, name, advice.format(**words))
