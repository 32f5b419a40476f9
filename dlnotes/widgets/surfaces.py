"""Functions of two variables to walk down: four that textbooks use, and one that a reader types."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.formula import Formula
from dlnotes.pictures.contour import contour_lines
from dlnotes.pictures.svg import readable
from dlnotes.words import _

OWN = "own"
SURFACES = {
    "valley": "x²/20 + y²",
    "rosenbrock": _("Rosenbrock’s curved valley"),
    "saddle": _("A saddle between two valleys"),
    "himmelblau": _("Himmelblau’s four valleys"),
    OWN: _("A formula of my own"),
}
GRID = 51  # places along each side of the map
FINE = 101  # the same, for the lines of equal height of the four
STRAIGHT = 0.08  # of the distance between two such places: no eye sees less
LEVELS = (0.004, 0.02, 0.06, 0.13, 0.25, 0.4, 0.6, 0.8, 0.95)  # shares of the map below a line
NUDGE = 6e-6  # of a central difference: about the cube root of a float64's rounding
MOST_MINIMA = 6
AROUND = np.array([-1.0, 0.0, 1.0])
STENCIL = 1e-5  # from a place to those around it, as a share of the map
MOST_STEPS, MOST_DAMPING = 100, 1e12
FAR = 100.0  # so many times the map's reach away counts as run away
STEEPEST = 1e290  # how far from zero a typed formula's values on the map may be

Window = tuple[float, float]
Slope = Callable[[Any, Any], tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class Surface:
    """A function of x and y, its slope, the piece of the plane to show, and where to start.

    `formula` and `slope` take x and y, numbers or arrays of one shape; `slope` gives a pair of it.
    `lowest` is the least value there is: known of the four, found on the map of a typed one.
    `valleys` are places near the bottom of each valley, where they are known. `open`: whether the
    lowest place on the map is at its edge, so that it may go on downwards beyond.
    """

    formula: Formula
    slope: Slope
    x: Window
    y: Window
    start: tuple[float, float]
    valleys: tuple[tuple[float, float], ...] = ()
    lowest: float = 0.0
    open: bool = False

    @property
    def bound(self) -> float:
        return FAR * max(map(abs, (*self.x, *self.y)))

    def slopes(self, places: np.ndarray) -> np.ndarray:
        """The slope at each place: (m, 2) → (m, 2)."""
        return np.stack(self.slope(places[:, 0], places[:, 1]), axis=1)

    def heights(self, path: np.ndarray) -> np.ndarray:
        """The function at each place: (m, 2) → (m,)."""
        return self.formula(path[:, 0], path[:, 1])

    def grid(self, side: int = GRID) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x (side,), y (side,) and the heights (side, side) over the map, y upwards."""
        x, y = np.linspace(*self.x, side), np.linspace(*self.y, side)
        return x, y, self.formula(x[None, :], y[:, None])


def rosenbrock_slope(x: Any, y: Any) -> tuple[Any, Any]:
    bend = y - x * x
    return -2 * (1 - x) - 400 * x * bend, 200 * bend


def himmelblau_slope(x: Any, y: Any) -> tuple[Any, Any]:
    first, second = x * x + y - 11, x + y * y - 7
    return 4 * x * first + 2 * second, 2 * first + 4 * y * second


NAMES = ("x", "y")
KNOWN = {
    "valley": Surface(
        Formula("x**2/20 + y**2", NAMES),
        lambda x, y: (x / 10, 2 * y),
        (-10, 10), (-4, 4), start=(-7.0, 2.0), valleys=((0.0, 0.0),),
    ),
    "rosenbrock": Surface(
        Formula("(1 - x)**2 + 100*(y - x**2)**2", NAMES),
        rosenbrock_slope,
        (-2, 2), (-1, 3), start=(-1.2, 1.0), valleys=((1.0, 1.0),),
    ),
    # It slopes down from its saddle at (0, 0) to 0 at (0, -1) and (0, 1).
    "saddle": Surface(
        Formula("x**2/2 + (y**2 - 1)**2/4", NAMES),
        lambda x, y: (x, y * (y * y - 1)),
        (-2, 2), (-2, 2), start=(-1.5, 0.01), valleys=((0.0, -1.0), (0.0, 1.0)),
    ),
    "himmelblau": Surface(
        Formula("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", NAMES),
        himmelblau_slope,
        (-6, 6), (-6, 6), start=(0.0, 0.0),
        valleys=((3.0, 2.0), (-3.0, 3.0), (-4.0, -3.0), (4.0, -2.0)),
    ),
}  # fmt: skip


def differences(formula: Formula) -> Slope:
    """The slope of a formula of x and y by central differences, all in one evaluation."""

    def slope(x: Any, y: Any) -> tuple[Any, Any]:
        step_x, step_y = NUDGE * np.maximum(1.0, np.abs(x)), NUDGE * np.maximum(1.0, np.abs(y))
        across, up = (
            np.array([x + step_x, x - step_x, x, x]),
            np.array([y, y, y + step_y, y - step_y]),
        )
        right, left, above, below = formula(across, up)
        return (right - left) / (2 * step_x), (above - below) / (2 * step_y)

    return slope


@lru_cache(maxsize=64)
def surface_of(name: str, own: str, reach: float) -> Surface:
    """The surface of that name; ValueError says what is wrong with a typed one.

    A typed one is shown from -reach to reach both ways, and its lowest value is that on the map.
    Where it has no value or no slope at the usual start, the nearest place of the grid is taken.
    """
    if name != OWN:
        return KNOWN[name]
    formula = Formula(own, NAMES)
    sides = (-reach, reach)
    start = (-0.7 * reach, 0.5 * reach)
    surface = Surface(formula, differences(formula), sides, sides, start)
    x, y, heights = surface.grid()
    if not np.isfinite(heights).any():
        raise ValueError(_("This formula has no value anywhere on the map."))
    if np.abs(heights[np.isfinite(heights)]).max() > STEEPEST:
        sentence = _(
            "On this map the formula goes beyond {most}: make the map smaller, or the formula "
            "flatter."
        )
        raise ValueError(sentence.format(most=readable(STEEPEST)))
    heights = np.where(np.isfinite(heights), heights, np.inf)
    row, col = np.unravel_index(heights.argmin(), heights.shape)
    bottom = improved(surface, (float(x[col]), float(y[row])))
    lowest = min(float(formula(*bottom)), float(heights.min()))
    at_edge = np.abs(bottom).max() > 0.999 * reach and heights.min() < heights[1:-1, 1:-1].min()
    return replace(surface, start=begun(surface), lowest=lowest, open=bool(at_edge))


def begun(surface: Surface) -> tuple[float, float]:
    """Where to start: the surface's start, or the nearest place from which there is a way on."""
    x, y = surface.grid()[:2]
    places = np.array(np.meshgrid(x, y)).reshape(2, -1).T
    places = np.concatenate([[surface.start], places])
    with np.errstate(all="ignore"):
        known = np.isfinite(surface.heights(places)) & np.isfinite(surface.slopes(places)).all(
            axis=1
        )
    far = np.where(known, np.hypot(*(places - surface.start).T), np.inf)
    at = int(far.argmin())
    return float(places[at, 0]), float(places[at, 1])


@np.errstate(all="ignore")
def improved(surface: Surface, start: tuple[float, float]) -> tuple[float, float]:
    """A place near `start` that no way leads down from, within the map, by damped Newton steps.

    Slope and curvature come from nine heights around the place (Levenberg 1944, Marquardt 1963:
    a step that does not lead down is tried again, shorter and more along the slope).
    """
    (x_low, x_high), (y_low, y_high) = surface.x, surface.y
    h = STENCIL * min(x_high - x_low, y_high - y_low)
    x, y = start
    damping = 1e-3
    for _step in range(MOST_STEPS):
        around = surface.formula(x + h * AROUND[None, :], y + h * AROUND[:, None])
        here = around[1, 1]
        g_x, g_y = (around[1, 2] - around[1, 0]) / (2 * h), (around[2, 1] - around[0, 1]) / (2 * h)
        a = (around[1, 2] - 2 * here + around[1, 0]) / h**2
        d = (around[2, 1] - 2 * here + around[0, 1]) / h**2
        b = (around[2, 2] - around[2, 0] - around[0, 2] + around[0, 0]) / (4 * h**2)
        if not np.isfinite(a + b + d):
            break
        # The least curvature of all directions is made positive, and never zero.
        lowest = (a + d) / 2 - math.hypot((a - d) / 2, b)
        extra = max(0.0, -lowest) + damping * (abs(a) + abs(d) + abs(b)) + 1e-12
        a, d = a + extra, d + extra
        scale = a * d - b * b
        new_x = min(max(x - (d * g_x - b * g_y) / scale, x_low), x_high)
        new_y = min(max(y - (a * g_y - b * g_x) / scale, y_low), y_high)
        if surface.formula(new_x, new_y) < here:
            x, y, damping = new_x, new_y, damping / 10
        elif damping > MOST_DAMPING or (new_x, new_y) == (x, y):
            break
        else:
            damping *= 10
    return x, y


@lru_cache(maxsize=64)
def contours_of(surface: Surface) -> tuple[np.ndarray, np.ndarray]:
    """x and y of lines of equal height, (m,), nan between two; equal areas of the map apart."""
    side = FINE if surface.valleys else GRID  # a typed one's map is dragged larger and smaller
    x, y, heights = surface.grid(side)
    levels = np.unique(np.quantile(heights[np.isfinite(heights)], LEVELS))
    col, row = straightened(contour_lines(heights, levels)).T / (side - 1)
    return x[0] + col * (x[-1] - x[0]), y[0] + row * (y[-1] - y[0])


def straightened(lines: np.ndarray) -> np.ndarray:
    """Lines (m, 2) with gaps of nan, without places that lie straight between their neighbours."""
    for _turn in range(2):
        along, here = lines[2:] - lines[:-2], lines[1:-1] - lines[:-2]
        with np.errstate(all="ignore"):
            off = np.abs(along[:, 0] * here[:, 1] - along[:, 1] * here[:, 0]) / np.hypot(*along.T)
        drop = (off < STRAIGHT) & (np.arange(len(off)) % 2 == 0)
        lines = lines[~np.concatenate([[False], drop, [False]])] if len(drop) else lines
    return lines


@lru_cache(maxsize=64)
def minima_of(surface: Surface) -> np.ndarray:
    """The bottoms of the valleys on the map: (m, 2); of a typed formula the lowest six at most."""
    low, high = np.array([surface.x, surface.y], dtype=float).T
    size = high - low
    found: list[np.ndarray] = []
    for guess in surface.valleys or lowest_cells(surface):
        place = np.array(improved(surface, guess))
        new = all(np.abs((place - other) / size).max() > 1e-3 for other in found)
        share = (place - low) / size
        if new and share.min() > 1e-3 and share.max() < 1 - 1e-3:  # not at the map's edge
            found.append(place)
    return np.array(found).reshape(-1, 2)


def lowest_cells(surface: Surface) -> list[tuple[float, float]]:
    """The places of the grid that lie lower than all eight around them, the lowest first."""
    x, y, heights = surface.grid()
    heights = np.where(np.isfinite(heights), heights, np.inf)
    inner, last = heights[1:-1, 1:-1], GRID - 1
    around = [
        heights[1 + up : last + up, 1 + across : last + across]
        for up in (-1, 0, 1)
        for across in (-1, 0, 1)
        if up or across
    ]
    rows, cols = np.nonzero(inner < np.min(around, axis=0))
    order = np.argsort(inner[rows, cols])[:MOST_MINIMA]
    return [
        (float(x[col + 1]), float(y[row + 1]))
        for row, col in zip(rows[order], cols[order], strict=True)
    ]
