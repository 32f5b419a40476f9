"""Values as judges take them and tell of them: whatever a reader's code hands over, nothing stops.

Pure functions: a value as numbers, a value in one short line, how two arrays differ in a sentence.
"""

import math
from typing import Any

import numpy as np

from dlnotes.words import _


def is_nothing(value: Any) -> bool:
    return value is None or value is Ellipsis or value is NotImplemented


def is_times(factor: float, came: int | float, wanted: int | float) -> bool:
    try:
        return math.isclose(came / wanted, factor, rel_tol=1e-6)
    except (OverflowError, ZeroDivisionError):
        return False


def numbers(value: Any) -> np.ndarray | None:
    """`value` as a new float64 array, or None where it does not consist of real numbers."""
    try:
        array = np.asarray(value)
    except Exception:  # rows of different lengths, or a class that converts itself and fails
        return None
    if array.dtype.kind not in "biuf" or isinstance(value, np.ma.MaskedArray):
        return None
    with np.errstate(all="ignore"):  # a long double may be too large
        return np.array(array, dtype=np.float64)


def snapshot(result: Any) -> Any:
    """`result` as it is now, should the reader's function fill the same array again."""
    if type(result) in (tuple, list):
        return type(result)(map(snapshot, result))
    return result.copy() if isinstance(result, np.ndarray) else result


def kind_of(value: Any) -> str:
    return str(getattr(value, "dtype", type(value).__name__))


def shortly(value: Any) -> str:
    """`value` in one short line."""
    if isinstance(value, np.ndarray) and value.size > 9:
        return _("an array of shape {shape}").format(shape=value.shape)
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, int) and abs(value) > 10**15:
        digits = int(abs(value).bit_length() * math.log10(2)) + 1
        return _("a number of {digits:,} digits").format(digits=digits)
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e9 else f"{value:.6g}"
    if isinstance(value, list) and all(isinstance(item, int | float) for item in value):
        words = f"[{', '.join(map(shortly, value))}]"
    else:
        try:
            words = getattr(value, "__name__", None) or " ".join(repr(value).split())
        except Exception:  # the reader's own class may do anything
            words = type(value).__name__
    return words if len(words) <= 80 else words[:79] + "…"


def told_apart(came: Any, wanted: Any) -> tuple[str, str]:
    """Two different numbers in a few digits, or in all where a few would look the same."""
    words = shortly(came), shortly(wanted)
    if words[0] == words[1] and isinstance(came, float):
        return repr(float(came)), repr(float(wanted))
    return words


def in_shape(array: np.ndarray) -> str:
    if array.ndim == 0:
        return _("a single number")
    return _("an array of shape {shape}").format(shape=array.shape)


@np.errstate(all="ignore")  # differences of huge numbers may overflow
def difference(came: np.ndarray, wanted: np.ndarray, tolerance: float, relative: float) -> str:
    """How two arrays differ, in a sentence; nothing where they agree."""

    def agree(came: np.ndarray) -> np.ndarray:
        return np.isclose(came, wanted, rtol=relative, atol=tolerance)

    same_shape = came.shape == wanted.shape
    if same_shape and agree(came).all():
        return ""
    if came.T.shape == wanted.shape and agree(came.T).all():
        return _("That is the transpose of it: rows and columns are swapped.")
    if not same_shape:
        sentence = _("{came} came; {wanted} is wanted.")
        if came.shape == wanted.shape[::-1]:
            sentence = _("{came} came; {wanted} is wanted: rows and columns are swapped.")
        return sentence.format(came=in_shape(came), wanted=in_shape(wanted))
    off = ~agree(came)
    if agree(-came).all():
        return _("The sizes are right, the signs are not.")
    gap = np.where(off, np.abs(np.where(off, came, 0) - np.where(off, wanted, 0)), -1)
    worst = np.unravel_index(np.argmax(gap), gap.shape)  # a nan counts as the largest
    came_words, wanted_words = told_apart(came[worst], wanted[worst])
    if came.ndim == 0:
        return _("{came} came; {wanted} is wanted.").format(came=came_words, wanted=wanted_words)
    sentence = _(
        "{count} of {size} entries are off, most of all {place}: {came}, where {wanted} is wanted."
    )
    place = [int(i) for i in worst]
    return sentence.format(
        count=off.sum(), size=off.size, place=place, came=came_words, wanted=wanted_words
    )
