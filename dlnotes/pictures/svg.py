"""What every picture is written with: escaped text, short numbers, measured lines, the outer <svg>.

Pictures are plain text, because text is the fastest thing that Python can make and a page can show:
no tree is built, and nothing is drawn twice.
"""

import hashlib
import math
import re
import unicodedata
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.pictures.palette import paint

INK, MUTED, GRID, PAPER = (paint(name) for name in ("ink", "muted", "grid", "paper"))
FONT = "font-family:var(--dlnotes-font, system-ui, sans-serif)"
TITLE_SIZE, TITLE_STEP = 15, 20  # pixels: the letters of a title, and from one line to the next
BOLD = 1.12  # how much wider than plain letters bold ones are
EDGE = 10  # pixels kept free around a panel

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NARROW, _WIDE = frozenset(" !'()*,-./:;I[]fijlrt|"), frozenset("@MW%mw−×+=<>~")


@lru_cache(maxsize=1024)
def escape(text: str) -> str:
    """`text` for an XML element or a quoted attribute; a character that XML forbids becomes �."""
    return _NOT_XML.sub("\ufffd", str(text)).translate(_ENTITIES)


def number(value: float) -> str:
    """A coordinate as short text: two decimals at most, no trailing zeros, never `nan` or `-0`."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"


def power_of_ten(exponent: int) -> str:
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def readable(value: float, digits: int = 3) -> str:
    """A value for a reader: `digits` significant digits; `1.5×10⁻⁷` instead of many zeros."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "–"
    value = value or 0.0  # no minus before a zero
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if value == 0 or -4 < int(exponent) < 5:
        text = f"{float(f'{mantissa}e{exponent}'):.10f}".rstrip("0").rstrip(".")
    else:
        text = mantissa.rstrip("0").rstrip(".") + "×" + power_of_ten(int(exponent))
    return text.replace("-", "−")


@lru_cache(maxsize=2048)
def text_width(text: str, size: float) -> float:
    """About how many pixels `text` takes, by kinds of letters, in a wide font."""
    width = 0.0
    for letter in text:
        if unicodedata.east_asian_width(letter) in "WF":
            width += 1.0
        elif letter in _NARROW:
            width += 0.36
        elif letter in _WIDE:
            width += 0.92
        elif not unicodedata.combining(letter):
            width += 0.68 if letter.isupper() else 0.635
    return width * size


@lru_cache(maxsize=512)
def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """`text` in lines of at most `width` pixels, broken at spaces or wide (Japanese) letters."""
    lines, line = [], ""
    for piece in re.findall(
        r"[\u2e80-\u9fff\uf900-\uffef]|[^\s\u2e80-\u9fff\uf900-\uffef]+|\s+", text
    ):
        piece = " " if piece.isspace() else piece
        if text_width((line + piece).rstrip(), size) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = ""
        for letter in piece.lstrip():  # a word that is longer than a line is broken anywhere
            if line and text_width(line + letter, size) > width:
                lines.append(line)
                line = ""
            line += letter
    return tuple([*lines, line.strip()] if line.strip() else lines)


def title_lines(title: str, width: float) -> tuple[str, ...]:
    return wrap(title, TITLE_SIZE * BOLD, width)


def heading(lines: tuple[str, ...], left: float) -> str:
    """A panel's title, its first line at the top edge."""
    return "".join(
        f'<text x="{number(left)}" y="{number(EDGE + 14 + i * TITLE_STEP)}" '
        f'font-size="{TITLE_SIZE}" font-weight="600" fill="{INK}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )


def panel(
    body: str,
    *,
    width: float,
    height: float,
    title: str,
    description: str = "",
    name: str = "",
    kind: str = "dlnotes-panel",
    role: str = "img",
) -> str:
    """A complete <svg> around `body`, named and described for a screen reader, on a painted ground.

    The ids of title and description are a digest of what they say, so that two pictures on one page
    share an id only where they share the words, and a frame that says the same keeps its ids.
    """
    words = "\0".join((name, title, description)).encode("utf-8", "replace")
    key = "dl" + hashlib.blake2s(words, digest_size=6).hexdigest()
    labelled = "".join(
        f' aria-{role}="{key}{end}"'
        for role, end, text in (("labelledby", "t", title), ("describedby", "d", description))
        if text
    )
    size = f'width="{number(width)}" height="{number(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" {size} '
        f'viewBox="0 0 {number(width)} {number(height)}" role="{role}"{labelled} style="{FONT}">'
        + (f'<title id="{key}t">{escape(title)}</title>' if title else "")
        + (f'<desc id="{key}d">{escape(description)}</desc>' if description else "")
        + f'<rect class="dlnotes-ground" width="100%" height="100%" fill="{PAPER}"/>{body}</svg>'
    )


def numbers(name: str, values: Any, rank: int = 1) -> np.ndarray:
    """`values` as a new float64 array of that rank, masked values nan; else ValueError."""
    try:
        if isinstance(values, np.ma.MaskedArray):
            values = np.ma.filled(values.astype(float), np.nan)
        if np.iscomplexobj(values):
            raise TypeError
        array = np.array(values, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be an array of real numbers") from None
    if array.ndim != rank:
        raise ValueError(f"{name} must have {rank} dimension(s), not shape {array.shape}")
    return array


def same_length(**arrays: np.ndarray) -> None:
    """Raise ValueError, naming the arguments, unless all arrays are of one length."""
    if len({len(array) for array in arrays.values()}) > 1:
        lengths = ", ".join(f"{name} has {len(array)}" for name, array in arrays.items())
        raise ValueError(f"lengths differ: {lengths}")
