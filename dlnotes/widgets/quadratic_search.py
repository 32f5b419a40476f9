"""What the values of a `QuadraticFitter` mean: its points, its problem, where each search has been.

`v` holds the explorer's values by name. All is cached, because a drag asks for the same again.
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.fitting import CurveFit
from dlnotes.widgets.optimizers import descend
from dlnotes.widgets.points import points_of

PARAMETERS = ("a1", "a2", "a3")
GRID_POINTS = 9
DESCENT_STEPS = 60
MOST_PLACES = 2000
SURFACE_POINTS = 31
GOOD_RATE = {"squared": 0.1, "absolute": 3.0, "huber": 0.3}
OWN_RATE = {"adagrad": 3.0, "rmsprop": 0.3, "adam": 1.0}  # these step by the rate, not the slope


def good_rate(method: str, loss: str) -> float:
    """A learning rate that gets an optimiser close in 60 steps on points such as the cars'."""
    rolling = 0.2 if method in ("momentum", "nesterov") else 1.0
    return OWN_RATE.get(method, rolling * GOOD_RATE[loss])


@lru_cache(maxsize=256)
def fit_of(source: str, seed: int, own: str, moved: tuple | None, loss: str) -> CurveFit:
    points = points_of(source, seed, own)
    original = CurveFit(points.x, points.y, loss=loss)
    if moved is None:
        return original
    x, y = np.array(moved, dtype=float).T
    return CurveFit(x, y, loss=loss, delta=original.bend, reference=points.x)


def original_of(v: SimpleNamespace) -> CurveFit:
    """The fit of the source's own points: it defines the units and the ranges of the sliders."""
    return fit_of(v.data, v.seed, v.own, None, v.loss)


def problem_of(v: SimpleNamespace) -> CurveFit:
    """The fit of the points as the reader has moved them."""
    moved = None if v.points is None else tuple(map(tuple, v.points))
    return fit_of(v.data, v.seed, v.own, moved, v.loss)


@lru_cache(maxsize=64)
def best_of(fit: CurveFit) -> np.ndarray:
    return fit.best()


def answer_of(v: SimpleNamespace) -> np.ndarray:
    return best_of(problem_of(v))


@lru_cache(maxsize=64)
def search_of(
    fit: CurveFit, original: CurveFit, search: str, start: tuple, rate: float, method: str
) -> tuple[np.ndarray, np.ndarray, bool]:
    if search == "grid":
        path = original.grid(GRID_POINTS)
    elif search == "random":
        path = original.random(GRID_POINTS**3, np.random.default_rng(0))
    else:
        path = descend(method, start, fit.gradient, rate, DESCENT_STEPS)
    with np.errstate(all="ignore"):
        errors = fit.errors(path)
    lost = np.flatnonzero(~np.isfinite(errors) | (errors > 100 * errors[0] + 1e-12))
    if search == "gradient" and lost.size:
        return path[: lost[0] + 1], errors[: lost[0] + 1], True
    return path, errors, search == "gradient" and bool(errors[-1] > errors[0] * (1 + 1e-9) + 1e-12)


def trace_of(v: SimpleNamespace) -> tuple[np.ndarray, np.ndarray, bool]:
    """What the search shown has evaluated: (m, 3) parameters, (m,) errors, whether it ran away."""
    how = (tuple(v.start), v.rate, v.method) if v.search == "gradient" else ((), 0.0, "")
    return search_of(problem_of(v), original_of(v), v.search, *how)


def follow(v: SimpleNamespace) -> dict[str, Any]:
    """The sliders go where the search stands after `step` evaluations, as far as they reach."""
    if v.search == "hand" or not v.step:
        return {}
    path, errors, _diverged = trace_of(v)
    step = min(v.step, len(path))
    place = path[step - 1] if v.search == "gradient" else path[errors[:step].argmin()]
    low, high, _step = original_of(v).box
    place = np.clip(np.nan_to_num(place), low, high)
    return {"step": step} | dict(zip(PARAMETERS, map(float, place), strict=True))


def visited(v: SimpleNamespace) -> dict[str, Any]:
    """The places visited by hand, with the present one added."""
    return {
        "count": v.hand["count"] + 1,
        "path": [*v.hand["path"], [v.a1, v.a2, v.a3]][-MOST_PLACES:],
    }


def arrow(pick: dict[str, Any], axis: int) -> float:
    """The share of the axis by which an arrow key moves a point."""
    signs = ({"ArrowLeft": -1, "ArrowRight": 1}, {"ArrowDown": -1, "ArrowUp": 1})[axis]
    return signs.get(pick.get("key", ""), 0) * (0.1 if pick.get("big") else 0.02)


def surface(
    fit: CurveFit, box: tuple, parameters: np.ndarray, pair: list[int], goal: str
) -> dict[str, Any]:
    """The loss over two parameters, the third held where it is: (31, 31), the second upwards."""
    low, high, _step = box
    across, up = (np.linspace(low[i], high[i], SURFACE_POINTS) for i in pair)
    candidates = np.empty((SURFACE_POINTS, SURFACE_POINTS, 3))
    candidates[:] = np.nan_to_num(parameters)
    candidates[..., pair[0]] = across
    candidates[..., pair[1]] = up[:, None]
    values = fit.errors(candidates.reshape(-1, 3)).reshape(SURFACE_POINTS, SURFACE_POINTS)
    return {
        "values": -values if goal == "reward" else values,
        "across": across,
        "up": up,
        "held": float(np.delete(parameters, pair)[0]),
    }
