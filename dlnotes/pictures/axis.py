"""One axis: from values to places along it, and the round numbers written beside it."""

import math
from typing import Any

import numpy as np

from dlnotes.pictures.svg import power_of_ten, readable

LARGEST = 1e300  # a range to here leaves room for steps and sums


class Axis:
    """The range from `low` to `high`, even or logarithmic; a range without extent is widened.

    `whole` says that only whole numbers have a meaning: the others get no tick.

    Raises ValueError, naming the axis, for a range that is no pair of finite numbers in order, or
    that is not positive on a logarithmic axis.
    """

    def __init__(self, name: str, limits: Any, log: bool = False, whole: bool = False):
        try:
            low, high = (float(limit) for limit in limits)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be a pair (low, high), not {limits!r}") from None
        if not -LARGEST <= low <= high <= LARGEST:
            raise ValueError(f"{name} must be two finite numbers, low ≤ high, not {limits!r}")
        if log and low < 1 / LARGEST:
            raise ValueError(f"{name} must be positive on a logarithmic axis, not {limits!r}")
        size = max(abs(low), abs(high))
        if log and high - low <= 1e-12 * size:
            low, high = low / 2, high * 2
        elif not log and high - low <= max(1e-12 * size, 1e-300):
            margin = 0.05 * size if size > 1e-290 else 1.0
            low, high = low - margin, high + margin
        self.low, self.high, self.log, self.whole = low, high, log, whole
        self._start, self._end = (math.log10(low), math.log10(high)) if log else (low, high)

    def places(self, values: Any) -> Any:
        """Where values lie: 0 at the low end, 1 at the high end, nan for no place."""
        with np.errstate(all="ignore"):
            if self.log:
                values = np.where(np.asarray(values) > 0, np.log10(values), np.nan)
            return (values - self._start) / (self._end - self._start)

    def ticks(self, count: int) -> tuple[list[float], list[str]]:
        """About `count` round values in the range, two at least, and their texts."""
        place, write = (log_ticks, log_labels) if self.log else (nice_ticks, tick_labels)
        if self.whole:
            count = min(count, max(1, math.floor(self.high) - math.ceil(self.low)))
        values = place(self.low, self.high, count)
        while len(values) < 2:
            count *= 2
            values = place(self.low, self.high, count)
        return values, write(values)


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """About `count` values from `low` to `high`, multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / max(count, 1)
    exponent = math.floor(math.log10(rough))
    unit = next((u for u in (1, 2, 5) if u * 10.0**exponent >= 0.7 * rough), 10)
    step = unit * 10.0**exponent
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Whole numbers divided once: 3 × 0.1 would be 0.30000000000000004.
    up, down = 10 ** max(exponent, 0), 10 ** max(-exponent, 0)
    return [k * unit * up / down for k in range(first, last + 1)]


def tick_labels(ticks: list[float]) -> list[str]:
    """Texts for evenly spaced ticks: all with as many decimals as they need to differ."""
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if largest == 0:
        return ["0"] * len(ticks)
    step = min((b - a for a, b in zip(ticks, ticks[1:], strict=False)), default=largest)
    exponent, digit = math.floor(math.log10(largest) + 1e-12), math.floor(math.log10(step) + 1e-9)
    if largest < 1e-3 or (largest >= 1e6 and exponent - digit <= 3):
        decimals = max(exponent - digit, 0)
        scale, end = 10.0**exponent, "×" + power_of_ten(exponent)
    else:
        decimals, scale, end = max(-digit, 0), 1.0, ""
    return [f"{t / scale:.{decimals}f}{end}".replace("-", "−") if t else "0" for t in ticks]


def log_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Powers of ten from `low` to `high`; in a short range 2 and 5 too, or even steps."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    decades = last - first + 1
    if decades >= 3:
        stride = -(-decades // max(count, 1))
        return [float(f"1e{k}") for k in range(-(-first // stride) * stride, last + 1, stride)]
    found = []
    for marks in ((1, 2, 5), (1, 3), (1,)):
        candidates = [float(f"{m}e{k}") for k in range(first - 1, last + 1) for m in marks]
        ticks = [c for c in candidates if low * (1 - 1e-9) <= c <= high * (1 + 1e-9)]
        if len(ticks) >= 2:
            found.append(ticks)
    few = (ticks for ticks in found if len(ticks) <= 2 * count)
    return next(few, found[-1]) if found else nice_ticks(low, high, count)


def log_labels(ticks: list[float]) -> list[str]:
    """Texts for ticks of a logarithmic axis: all as powers of ten as soon as one needs it."""
    if all(1e-3 <= tick < 1e5 for tick in ticks) or any(not _is_power(tick) for tick in ticks):
        return [readable(tick, 6) for tick in ticks]
    return [power_of_ten(round(math.log10(tick))) for tick in ticks]


def _is_power(tick: float) -> bool:
    return abs(math.log10(tick) - round(math.log10(tick))) < 1e-9
