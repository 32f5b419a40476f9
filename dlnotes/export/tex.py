"""Formulas as MathML, which browsers draw by themselves, without a script or a font of ours."""

import re
import xml.etree.ElementTree as ElementTree
from html import escape

from dlnotes.words import _

MATHML = "http://www.w3.org/1998/Math/MathML"
TEXT = re.compile(r"\\(?:text\w*|mbox)\{[^{}]*\}")
BAD = re.compile(r"on|href|src|.*[:}]")  # attributes that a formula has no use for

# What the converter does not know, as what it knows. A page has no numbers of equations.
SAME = {
    "align": "align*", "aligned": "align*", "alignat": "align*", "alignedat": "align*",
    "eqnarray": "align*", "gather": "matrix", "gathered": "matrix", "multline": "matrix",
    "subarray": "matrix", "dcases": "cases", "equation": "", "math": "", "displaymath": "",
}  # fmt: skip
END = re.compile(r"\\(begin|end)\{([a-zA-Z]+)\*?\}")
COLUMNS = re.compile(r"(\\begin\{(?:alignat|alignedat|subarray)\*?\})\s*\{\w*\}")
NUMBERED = re.compile(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)(?![a-zA-Z])")
TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
NEW_LINE = re.compile(r"\\\\\s*\[-?[\d.]+\s*[a-z]+\]")  # with more room above it
NAME = re.compile(r"\\(arg|Tr|tr|diag|rank|sgn|Var|Cov)(?![a-zA-Z])")
ROUND = re.compile(r"(<mo>&#x00028;</mo>)<mtable>")  # the page draws the brackets of a matrix
SPACED = re.compile(r"\\operatorname\*?\{([^{}\\ ]*)(?:\\[,;: ]| )([^{}\\]*)\}")


class Missing(Exception):
    """A package that an export needs is not installed; the message says how to get it."""


def missing(package: str) -> str:
    sentence = _("{package} is not installed. Run: python -m pip install 'dlnotes[slides]'")
    return sentence.format(package=package)


def mathml(latex: str, *, block: bool) -> str:
    """A formula as MathML; as code where it cannot be read."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise Missing(missing("latex2mathml")) from None
    text = TEXT.sub(lambda match: escape(match.group(), quote=False), translated(latex))
    try:
        found = convert(text, display="block" if block else "inline")
    except Exception:  # it has no one exception of its own
        found = ""
    found = ROUND.sub(r'\1<mtable class="round">', found)
    return found if is_mathml(found) else f"<code>{escape(latex)}</code>"


def is_mathml(text: str) -> bool:
    """Whether it is well-formed and holds nothing but MathML: the converter escapes too little."""
    try:
        elements = list(ElementTree.fromstring(text).iter())
    except ElementTree.ParseError:
        return False
    return all(
        element.tag.startswith(f"{{{MATHML}}}m") and not any(map(BAD.match, element.attrib))
        for element in elements
    )


def translated(latex: str) -> str:
    """The same formula in what the converter knows of LaTeX."""
    text = NEW_LINE.sub(r"\\\\", NUMBERED.sub("", COLUMNS.sub(r"\1", latex)))
    text = NAME.sub(r"\\operatorname{\1}", TAG.sub(r"\\qquad\\text{(\1)}", text))
    text = END.sub(known, SPACED.sub(r"\\text{\1 \2}", text)).strip()
    if r"\\" in text and r"\begin{" not in text:
        text = rf"\begin{{matrix}}{text}\end{{matrix}}"
    return text


def known(match: re.Match[str]) -> str:
    """One end of an environment; in braces, so that what is raised behind it stays behind it."""
    which, name = match.groups()
    name = SAME.get(name, match[0].removeprefix(rf"\{which}{{").removesuffix("}"))
    if not name:
        return ""
    end = rf"\{which}{{{name}}}"
    return f"{{{end}" if which == "begin" else f"{end}}}"
