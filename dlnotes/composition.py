"""A function of a function of a function: how often a composed curve turns, counted on the curve.

Sampling would miss bumps, because those of f∘f∘…∘f become as narrow as one likes. So the curve is
cut where it turns: between two cuts of f∘…∘f it only rises or only falls, and one more f adds a
cut where it passes a turning point of f, which bisection finds. Where it passes a place at which f
jumps or has a pole it is torn: a gap remains, and nothing is counted across it.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnotes.formula import Formula
from dlnotes.formula_reader import CONSTANTS, scan

Curve = Callable[[np.ndarray], np.ndarray]
HUGE = 1e300  # what grows beyond is held here: it has a side of zero, and no more
FAR = 1e6  # a typed formula's turning points are looked for as far as this
SAMPLES = (2001, 3238)  # places at which a formula is looked at; the ratio is no simple one
STEEP = 4  # times as high as those beside it: such a step between two places may be a jump
TORN = 1e-12  # of the whole range: how far from a break the curve ends
BISECTIONS = 60
MOST_CUTS = 4096  # where there are more, counting stops
MOST_DEGREE = 200


def iterates(f: Curve, x: Any, depth: int) -> np.ndarray:
    """x, f(x), f(f(x)), …: (n,) → (depth + 1, n).

    What grows beyond ±1e300 stays there; what is infinite at once, as 1/x at 0, is nan.
    """
    x = np.asarray(x, dtype=float)
    found = np.empty((depth + 1, x.size))
    found[0] = x
    with np.errstate(all="ignore"):
        for level in range(depth):
            found[level + 1] = applied(f, found[level])
    return found


def applied(f: Curve, x: np.ndarray) -> np.ndarray:
    """f(x), held and with gaps as `iterates` says."""
    came = f(x)
    infinite = np.isinf(came)
    if infinite.any():
        came = np.where(infinite & (np.abs(x) < FAR), np.nan, came)
    return np.minimum(np.maximum(came, -HUGE), HUGE)


@dataclass(frozen=True, eq=False)
class Cuts:
    """A composed curve between its cuts: it only rises or only falls from each to the next.

    x, y : (n,) the cuts and the curve's heights there, both ends of the range among them.
    peaks : (m,) indices of the cuts where it turns from rising to falling, its bumps.
    hollows : the same where it turns from falling to rising.
    breaks : (k,) places inside where it jumps, or grows beyond all bounds.
    complete : False where there were more than could be followed.
    """

    x: np.ndarray
    y: np.ndarray
    peaks: np.ndarray
    hollows: np.ndarray
    breaks: np.ndarray
    complete: bool = True


def cuts(
    f: Curve,
    low: float,
    high: float,
    depth: int,
    turns: Callable[[float, float], np.ndarray] | None = None,
) -> list[Cuts]:
    """The cuts of f, f∘f, … up to `depth` times f, for x from `low` to `high`.

    `turns(a, b)` gives the places between a and b where f itself turns, if it is continuous;
    without it, f is sampled.
    """
    near, none = (2 * low - high, 2 * high - low), np.zeros(0)
    x = np.linspace(low, high, 65)
    y, found = x, []
    complete, turning, breaks = True, none, none
    for level in range(depth):
        finite = y[np.isfinite(y)]
        if complete and finite.size:
            ends = float(finite.min()), float(finite.max())
            target, torn, seen = (
                (turns(*ends), none, True) if turns else sampled_turns(f, *ends, near)
            )
            whole = ~torn_steps(x, breaks)
            fresh = crossings(f, x, y, target, level, whole)
            gone = np.concatenate([crossings(f, x, y, torn, level, whole), x[hits(y, torn)]])
            complete = seen and x.size + fresh.size + gone.size <= MOST_CUTS
        if complete and finite.size:
            turning = np.concatenate([turning, fresh, x[np.isin(y, target)]])
            breaks = np.unique(np.concatenate([breaks, gone[(gone > low) & (gone < high)]]))
            x = beside(np.concatenate([x, fresh]), breaks, TORN * (high - low))
        y = iterates(f, x, level + 1)[-1]
        finite = y[np.isfinite(y)]
        tolerance = 1e-9 * min(high - low, float(np.ptp(finite)) if finite.size else 0.0)
        peaks, hollows = extremes(y, tolerance, np.isin(x, turning), torn_steps(x, breaks))
        found.append(Cuts(x, y, peaks, hollows, breaks, complete))
    return found


def hits(y: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Whether a curve of heights y passes one of the targets just there (n,): not on a plateau."""
    moves = np.diff(y, prepend=np.nan, append=np.nan) != 0
    return np.isin(y, target) & moves[:-1] & moves[1:]


def beside(x: np.ndarray, breaks: np.ndarray, apart: float) -> np.ndarray:
    """The places x in order, none of them at a break, but two beside each, `apart` from it."""
    left, right = breaks - apart, breaks + apart
    inside = np.searchsorted(left, x, "left") > np.searchsorted(right, x, "right")
    return np.unique(np.concatenate([x[~inside], left, right]))


def torn_steps(x: np.ndarray, breaks: np.ndarray) -> np.ndarray:
    """Whether a break lies between each of the places x and the next: (n,) → (n − 1,)."""
    torn = np.zeros(x.size - 1, dtype=bool)
    torn[np.searchsorted(x, breaks) - 1] = True
    return torn


def crossings(
    f: Curve, x: np.ndarray, y: np.ndarray, target: np.ndarray, level: int, whole: np.ndarray
) -> np.ndarray:
    """Where the curve of heights y, `level` times f, passes each target: found by bisection.

    Only steps from one place to the next that are `whole` (n − 1,) are looked at.
    """
    above = y[:, None] > target
    below = y[:, None] < target
    passes = ((above[:-1] & below[1:]) | (below[:-1] & above[1:])) & whole[:, None]
    piece, which = np.nonzero(passes)
    if piece.size > MOST_CUTS:
        return x[piece]  # too many to be followed, which the caller sees by their number
    left, right, goal = x[piece], x[piece + 1], target[which]
    rising = y[piece] < goal
    with np.errstate(all="ignore"):
        for _turn in range(BISECTIONS if piece.size else 0):
            middle = reached = left + (right - left) / 2
            if not ((left < middle) & (middle < right)).any():
                break  # no number lies between
            for _level in range(level):
                reached = applied(f, reached)
            before = (reached < goal) == rising
            left, right = np.where(before, middle, left), np.where(before, right, middle)
    return right


def sampled_turns(
    f: Curve, low: float, high: float, near: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Where f turns between low and high, where it breaks, and whether these can be all.

    Seen in samples, then closed in by golden section. The samples lie evenly over the whole range,
    and once more over the part of it that is `near`. Where more samples show more turns than fewer
    do, f turns too often to be seen so.
    """
    low, high = max(low, -FAR), min(high, FAR)
    first, last = np.clip(near, low, high).tolist()
    counts = []
    with np.errstate(all="ignore"):
        for samples in SAMPLES:
            even, close = np.linspace(low, high, samples), np.linspace(first, last, samples)
            grid = np.unique(np.concatenate([even, close]))
            y = np.clip(np.asarray(f(grid), dtype=float), -HUGE, HUGE)
            peaks, hollows = extremes(y, 0.0)
            counts.append(peaks.size + hollows.size)
        place = np.concatenate([peaks, hollows])
        sign = np.concatenate([np.ones(peaks.size), -np.ones(hollows.size)])
        left, right = grid[place - 1], grid[place + 1]  # neither end turns
        share = (5**0.5 - 1) / 2
        for _turn in range(BISECTIONS if place.size else 0):
            first, second = right - share * (right - left), left + share * (right - left)
            higher = sign * f(first) >= sign * f(second)
            left, right = np.where(higher, left, first), np.where(higher, second, right)
        found = np.sort(left + (right - left) / 2)
        # Higher than that is a pole, not a peak; a logarithm's is flat, and seen at its place only.
        pole = ~(np.abs(f(found)) <= FAR) | np.isinf(f(np.round(found, 9)))
        y[np.abs(y) == HUGE] = np.nan
        breaks = np.unique(np.concatenate([found[pole], jumps(f, grid, y)]).round(12))
    # A pole between a hollow and a peak has been found from either side.
    breaks = breaks[np.diff(breaks, prepend=-np.inf) > 1e-9 * (1 + np.abs(breaks))]
    away = np.abs(found[:, None] - breaks).min(axis=1, initial=np.inf) > 1e-9 * (1 + np.abs(found))
    return found[away], breaks, counts[0] == counts[1]


def jumps(f: Curve, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where f, whose heights at x are y, jumps: there a step stays high, however short it is."""
    step = np.abs(np.diff(y))
    beside = np.fmax(np.append(step[1:], 0.0), np.append(0.0, step[:-1]))
    least = 1e-9 * np.nanmax(np.abs(y), initial=0.0)
    (steep,) = np.nonzero(step > np.fmax(STEEP * beside, least))
    left, right, before, after = x[steep], x[steep + 1], y[steep], y[steep + 1]
    for _turn in range(BISECTIONS if steep.size else 0):
        middle = left + (right - left) / 2
        height = np.asarray(f(middle), dtype=float)
        first = np.abs(height - before) >= np.abs(after - height)
        left, right = np.where(first, left, middle), np.where(first, middle, right)
        before, after = np.where(first, before, height), np.where(first, height, after)
    return right[np.abs(after - before) > step[steep] / 2]


def extremes(
    y: np.ndarray,
    tolerance: float,
    turning: np.ndarray | None = None,
    torn: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Where values turn: indices of peaks and of hollows. A step within `tolerance` is level.

    The two ends are no turning points, and at a gap (nan, or a step that is `torn` (n − 1,))
    everything begins anew. With `turning` (n,) only the places marked there count: elsewhere the
    curve jumps.
    """
    step = np.diff(y)
    if torn is not None:
        step[torn] = np.nan
    gaps = np.isnan(step)
    rounding = 1e-12 * np.maximum(np.abs(y[:-1]), np.abs(y[1:]))
    steep = np.flatnonzero((np.abs(step) > tolerance + rounding) | gaps)
    rises = np.where(np.isnan(step[steep]), 0, np.sign(step[steep]))
    before, after = rises[:-1], rises[1:]
    real = np.ones(before.size, dtype=bool)
    if turning is not None:
        marked = np.concatenate([[0], np.cumsum(turning)])
        real = marked[steep[1:] + 1] > marked[steep[:-1] + 1]
    peaks = steep[1:][(before > 0) & (after < 0) & real]
    hollows = steep[1:][(before < 0) & (after > 0) & real]
    return peaks, hollows


def polynomial_degree(text: str) -> int | None:
    """The degree of the polynomial in x that a formula is, None where it is none.

    What cancels does not count: `(x + 1)**2 - x**2` has degree 1. Raises FormulaError for a text
    that is no formula.
    """
    Formula(text)
    coefficients = polynomial(ast.parse(scan(text, ("x",)).strip(), mode="eval").body)
    if coefficients is None or not np.isfinite(coefficients).all():
        return None
    largest = np.abs(coefficients).max()
    kept = np.flatnonzero(np.abs(coefficients) > 1e-12 * largest)
    return int(kept[-1]) if kept.size else 0


def polynomial(node: ast.AST) -> np.ndarray | None:
    """The coefficients of a part of a formula, lowest power first; None if it is no polynomial."""
    if isinstance(node, ast.Constant):
        return np.array([float(ast.literal_eval(node))])
    if isinstance(node, ast.Name):
        return np.array([0.0, 1.0]) if node.id == "x" else np.array([float(CONSTANTS[node.id])])
    if isinstance(node, ast.UnaryOp):
        inner = polynomial(node.operand)
        return -inner if inner is not None and isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        left, right = polynomial(node.left), polynomial(node.right)
        return None if left is None or right is None else combined(node.op, left, right)
    constant = not any(isinstance(part, ast.Name) and part.id == "x" for part in ast.walk(node))
    return np.array([Formula(ast.unparse(node), ())()]) if constant else None


@np.errstate(all="ignore")
def combined(operator: ast.operator, left: np.ndarray, right: np.ndarray) -> np.ndarray | None:
    """Two polynomials added, subtracted, multiplied, or by a number divided or raised."""
    if isinstance(operator, ast.Add | ast.Sub):
        size = max(left.size, right.size)
        total = np.zeros(size)
        total[: left.size] += left
        total[: right.size] += right if isinstance(operator, ast.Add) else -right
        return total
    if isinstance(operator, ast.Mult):
        return np.convolve(left, right) if left.size + right.size <= MOST_DEGREE else None
    if right.size > 1:
        return None
    if isinstance(operator, ast.Div):
        return left / right[0]
    if left.size == 1:
        return left ** right[0]
    power = right[0]
    if power < 0 or power != int(power) or (left.size - 1) * power > MOST_DEGREE:
        return None
    result = np.ones(1)
    for _factor in range(int(power)):
        result = np.convolve(result, left)
    return result
