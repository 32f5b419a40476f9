"""Two quadratics make a quartic in two ways: multiplied, or one put into the other.

Multiplied, they make every real quartic. Composed, g(f(x)) is always its own mirror image about
the axis of f, because f takes the same value left and right of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from dlnotes.words import _

POINTS = 401
# How long a polynomial of degree 4 is over the places, by its coefficients: the length of BASIS·c
# is the root of the sum of its squares there, so that least squares needs five numbers, not 401.
BASIS = np.linalg.qr(np.vander(np.linspace(-1, 1, POINTS), 5, increasing=True)).R


def features(axes: Any) -> np.ndarray:
    """1, f and f² for f = (x − axis)², as columns of a basis of five: (m,) → (m, 5, 3)."""
    a = np.asarray(axes, dtype=float)
    zero, one = np.zeros_like(a), np.ones_like(a)
    columns = [
        [one, zero, zero, zero, zero],
        [a**2, -2 * a, one, zero, zero],
        [a**4, -4 * a**3, 6 * a**2, -4 * a, one],
    ]
    return BASIS @ np.moveaxis(np.array(columns), -1, 0).swapaxes(1, 2)


@dataclass(frozen=True, eq=False)
class Composed:
    """The best g(f(x)) whose mirror axis is at `axis`: f = (x − axis)², g = g₀ + g₁·f + g₂·f²."""

    axis: float
    outer: np.ndarray
    error: float

    def __call__(self, x: Any) -> np.ndarray:
        inner = (np.asarray(x, dtype=float) - self.axis) ** 2
        return np.polynomial.polynomial.polyval(inner, self.outer)


@dataclass(frozen=True, eq=False)
class Multiplied:
    """Two quadratics, `first` and `second` (3,), lowest power first, whose product is exact."""

    first: np.ndarray
    second: np.ndarray
    error: float

    def __call__(self, x: Any) -> np.ndarray:
        value = np.polynomial.polynomial.polyval
        return value(x, self.first) * value(x, self.second)


@dataclass(frozen=True)
class Quartic:
    """The quartic with these `coefficients` (c₀, c₁, c₂, c₃, c₄), looked at for x from −1 to 1.

    Errors are root mean squares over 401 even places. ValueError unless there are five finite
    coefficients, the last of them not 0.
    """

    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        given = np.asarray(self.coefficients, dtype=float)
        if given.shape != (5,) or not np.isfinite(given).all() or given[4] == 0:
            sentence = _("A quartic has five finite coefficients, the last not 0; not {given}.")
            raise ValueError(sentence.format(given=self.coefficients))

    @property
    def x(self) -> np.ndarray:
        return np.linspace(-1, 1, POINTS)

    def __call__(self, x: Any) -> np.ndarray:
        return np.polynomial.polynomial.polyval(np.asarray(x, float), self.coefficients)

    @property
    def spread(self) -> float:
        """The standard deviation of its values: the error of the best constant."""
        return float(np.std(self(self.x)))

    def factors(self) -> Multiplied:
        """Two real quadratics that multiply to it: its four roots, in two pairs.

        Complex roots come in pairs a ± b·i, whose factors multiply to a real quadratic; the real
        ones that are left, none, two or four, make the other.
        """
        roots = np.polynomial.polynomial.polyroots(self.coefficients).astype(complex)
        complete = roots[np.argsort(-np.abs(roots.imag))]
        chosen = complete[0]
        if abs(chosen.imag) < 1e-9:
            pair, rest = np.sort(complete.real)[:2], np.sort(complete.real)[2:]
        else:
            partner = 1 + int(np.argmin(np.abs(complete[1:] - chosen.conjugate())))
            pair = complete[[0, partner]]
            rest = np.delete(complete, [0, partner])
        first, second = (
            np.polynomial.polynomial.polyfromroots(roots).real for roots in (pair, rest)
        )
        found = Multiplied(first, second * self.coefficients[4], 0.0)
        return Multiplied(found.first, found.second, self._error(found))

    def composed(self, axis: float) -> Composed:
        """The best composition of two quadratics with this mirror axis, by linear least squares."""
        q, r = np.linalg.qr(features([axis])[0])
        outer = np.linalg.solve(r, q.T @ self._target)
        return Composed(float(axis), outer, float(self.composed_errors([axis])[0]))

    def composed_errors(self, axes: Any) -> np.ndarray:
        """The error of the best composition at each of these mirror axes: (m,) → (m,)."""
        q = np.linalg.qr(features(axes)).Q
        reached = np.einsum("mij,mkj,k->mi", q, q, self._target)
        return np.sqrt(((self._target - reached) ** 2).sum(axis=1) / POINTS)

    def best_composed(self, reach: float = 3.0) -> Composed:
        """The best composition of all whose axis lies within ±`reach`: a scan, then a closer look.

        With an axis far outside the picture g(f(x)) has no mirror image to show, and is hardly more
        than a quadratic.
        """
        axes = np.linspace(-reach, reach, 121)
        i = int(self.composed_errors(axes).argmin())
        closer = optimize.minimize_scalar(
            lambda axis: self.composed_errors([axis])[0],
            bounds=(axes[max(i - 1, 0)], axes[min(i + 1, axes.size - 1)]),
            method="bounded",
            options={"xatol": 1e-10},
        )
        return min(self.composed(axes[i]), self.composed(closer.x), key=lambda found: found.error)

    @property
    def _target(self) -> np.ndarray:
        return BASIS @ np.asarray(self.coefficients)

    def _error(self, found: Any) -> float:
        return float(np.sqrt(np.mean((found(self.x) - self(self.x)) ** 2)))
