"""The one door: whatever a caller hands in is checked and converted here, so that kernels can be
trusted.

What leaves `array` is native-endian, C-contiguous, aligned, writable and float32 or float64:
exactly the arrays that the kernels were compiled for. A strided or read-only view that reached
Numba would cost a new compilation in the middle of a lesson. Nothing that a caller passed is ever
changed.
"""

import math
import operator
from typing import Any

import numpy as np

Shape = tuple[int, ...]
FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
MOST = 2**31 - 1  # of whatever sizes an array or a window: beyond it, no memory is large enough


def brief(value: Any, length: int = 80) -> str:
    """`repr` of a value on one line, cut where it is long: a sentence has to stay a sentence."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an int of thousands of digits, or a caller's own repr
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= length else text[: length - 1] + "…"


def array(value: Any, name: str, *, dtype: np.dtype | None = None) -> np.ndarray:
    """`value` as an array that the kernels know; `name` is what a message calls it ("Dense: x").

    Without `dtype`, float64 stays float64 and everything else (float32, float16, whole numbers,
    truth values) becomes float32. NaN and infinity pass. TypeError for masked, object, complex,
    text and ragged input.
    """
    if (
        type(value) is np.ndarray
        and (value.dtype == dtype if dtype is not None else value.dtype in FLOATS)
        and value.dtype.isnative
        and value.flags.carray  # contiguous, aligned and writable
    ):
        return value
    if holds_masked(value):
        raise TypeError(f"{name} is a masked array; fill its gaps first, with .filled(value)")
    try:
        found = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} is ragged; all its rows must have the same length") from error
    if found.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {found.dtype}; it must hold real numbers")
    if dtype is None:
        dtype = np.dtype(
            np.float64 if found.dtype.kind == "f" and found.itemsize > 4 else np.float32
        )
    with np.errstate(over="ignore"):  # Too large for float32 becomes infinity, and stays visible.
        found = np.asarray(found, dtype=dtype, order="C")
    return found if found.flags.writeable and found.flags.aligned else found.copy()


def holds_masked(value: Any) -> bool:
    """Whether `value` is a masked array, or a list with one in it: NumPy would lose its mask."""
    if isinstance(value, list | tuple):
        return any(holds_masked(item) for item in value)
    return isinstance(value, np.ma.MaskedArray)


def array_of_shape(value: Any, name: str, shape: Shape, *, dtype: np.dtype) -> np.ndarray:
    """`array(...)` of exactly `shape`; ValueError otherwise."""
    found = array(value, name, dtype=dtype)
    if found.shape != shape:
        raise ValueError(f"{name} has shape {found.shape}, wanted {shape}")
    return found


def float_type(dtype: Any, name: str) -> np.dtype:
    """`dtype` as float32 or float64 in this machine's byte order; TypeError for any other."""
    try:
        found = np.dtype(dtype).newbyteorder("=")
    except TypeError as error:
        raise TypeError(f"{name} is {brief(dtype)}, wanted float32 or float64") from error
    if dtype is None or found not in (np.float32, np.float64):
        raise TypeError(f"{name} is {brief(dtype)}, wanted float32 or float64")
    return found


def generator(rng: Any, name: str) -> np.random.Generator:
    """`rng` if it is a NumPy generator; TypeError otherwise, for a seed or `None` would hide the
    chance.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{name} is {brief(rng)}, wanted a generator as numpy.random.default_rng(seed) makes it"
        )
    return rng


def truth(value: Any, name: str) -> bool:
    """`value` as True or False; ValueError for anything else."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {brief(value)}, wanted True or False")
    return bool(value)


def whole(value: Any, name: str, *, least: int = 1, most: int | None = None) -> int:
    """`value` as a whole number of at least `least` and at most `most`; ValueError otherwise (2.0
    and True are refused too).
    """
    wanted = f"wanted a whole number of at least {least}"
    if isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {brief(value)}, {wanted}")
    try:
        found = operator.index(value)
    except TypeError as error:
        raise ValueError(f"{name} is {brief(value)}, {wanted}") from error
    if found < least:
        raise ValueError(f"{name} is {brief(value)}, {wanted}")
    if most is not None and found > most:
        raise ValueError(f"{name} is {brief(value)}, wanted at most {most}")
    return found


def size(value: Any, name: str, *, least: int = 1) -> int:
    """`value` as a whole number that can size an array; ValueError otherwise."""
    return whole(value, name, least=least, most=MOST)


def pair(value: Any, name: str, *, least: int = 1) -> tuple[int, int]:
    """`value`, one whole number or two, as (height, width); ValueError otherwise."""
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1):
        if len(value) != 2:
            raise ValueError(f"{name} is {brief(value)}, wanted one whole number or a pair of them")
        return size(value[0], name, least=least), size(value[1], name, least=least)
    number = size(value, name, least=least)
    return number, number


def real(
    value: Any,
    name: str,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """`value` as a finite number with `least` <= value, `above` < value < `below`; ValueError
    otherwise.
    """
    bounds = [
        "a finite number",
        *([f"at least {least:g}"] if least > -math.inf else []),
        *([f"above {above:g}"] if above > -math.inf else []),
        *([f"below {below:g}"] if below < math.inf else []),
    ]
    wanted = "wanted " + ", ".join(bounds)
    try:
        if isinstance(value, bool | np.bool_ | str | bytes):
            raise TypeError
        found = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} is {brief(value)}, {wanted}") from error
    if not (math.isfinite(found) and found >= least and above < found < below):
        raise ValueError(f"{name} is {brief(value)}, {wanted}")
    return found
