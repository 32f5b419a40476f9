"""The filters of an explorer as plain JSON: each a preset, or cells that the reader has changed.

A filter is {"preset": name, "own": weights or None, "bias": number}. A preset exists at every size;
what a reader has changed is shown cut, or with zeros around it, where the size is another.
"""

from typing import Any

import numpy as np

from dlnotes.widgets.filters import LARGEST, preset, resized
from dlnotes.words import _

Filter = dict[str, Any]
MOST = 4
FIRST = ("ramp_upper_right", "ramp_lower_left", "laplace", "blur")
OWN = "own"


def bank(preset: str = FIRST[0], bias: float = 0.0) -> list[Filter]:
    """Filters to begin with, the first one as told."""
    names = [preset, *FIRST[1:]]
    return [
        {"preset": name, "own": None, "bias": float(bias) if i == 0 else 0.0}
        for i, name in enumerate(names)
    ]


def own(weights: Any, bias: float = 0.0) -> Filter:
    """A filter of one's own, weights (k, k) or (channels, k, k); ValueError if they do not fit."""
    sentence = _("A filter is a square of numbers, 1×1 to {most}×{most}, one for each channel.")
    try:
        array = np.array(weights, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(sentence.format(most=LARGEST)) from None
    array = array[None] if array.ndim == 2 else array
    square = array.ndim == 3 and array.shape[1] == array.shape[2]
    if not square or not 1 <= array.shape[2] <= LARGEST or not 1 <= len(array) <= 3:
        raise ValueError(sentence.format(most=LARGEST))
    if not np.isfinite(array).all():
        raise ValueError(sentence.format(most=LARGEST))
    return {"preset": OWN, "own": array.tolist(), "bias": float(bias)}


def checked(filters: Any) -> list[Filter]:
    """The filters if they are some; ValueError where a state holds anything else."""
    if isinstance(filters, list) and len(filters) == MOST and all(map(_is_filter, filters)):
        return filters
    raise ValueError(_("The filters of this state are not {count} filters.").format(count=MOST))


def _is_filter(one: Any) -> bool:
    if not isinstance(one, dict) or set(one) != {"preset", "own", "bias"}:
        return False
    if isinstance(one["bias"], bool) or not isinstance(one["bias"], int | float):
        return False
    try:
        return one["own"] is None or bool(own(one["own"]))
    except ValueError:
        return False


def weights_of(one: Filter, size: int, channels: int) -> np.ndarray:
    """A filter's weights (channels, size, size); a preset is the same in every channel."""
    return _all_weights(one, size, channels)[:channels]


def with_weight(one: Filter, size: int, channels: int, index: int, value: float) -> Filter:
    """The filter with one of its cells, counted through the channels, changed."""
    weights = _all_weights(one, size, channels)
    weights.flat[index] = value
    return one | {"preset": OWN, "own": weights.tolist()}


def _all_weights(one: Filter, size: int, channels: int) -> np.ndarray:
    """The weights of `channels` channels, or of more, where more have been changed."""
    if one["preset"] != OWN or one["own"] is None:
        name = "identity" if one["preset"] == OWN else one["preset"]
        return np.repeat(preset(name, size)[None], channels, axis=0)
    weights = resized(np.array(one["own"], dtype=float), size)
    missing = max(channels - len(weights), 0)
    return np.concatenate([weights, np.repeat(weights[-1:], missing, axis=0)])
