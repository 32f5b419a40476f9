"""Fitting one curve to points: a family of functions, an error, and four ways to search for the best.

This is the whole of learning in its smallest form: three numbers are the function, the error says how
good it is, a search finds better numbers. Everything is computed by `kernels.polynomial`.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize

from dlnotes.kernels import loss as kinds
from dlnotes.kernels import polynomial
from dlnotes.words import _

LOSSES = {"squared": kinds.SQUARED, "absolute": kinds.ABSOLUTE, "huber": kinds.HUBER}


@dataclass(frozen=True, eq=False)
class CurveFit:
    """The problem of fitting y = a₁ + a₂·u + a₃·u² + … to points, u being x in standard units.

    u = (x − mean of x) / (standard deviation of x): measured so, a₁ lifts the curve, a₂ tilts it, a₃
    bends it, each nearly without disturbing the others. Parameters are in the units of y.

    Parameters
    ----------
    x, y : (n,) points; ValueError unless they are finite, of one length, with a spread in x.
    degree : 0 or more; there are degree + 1 parameters.
    loss : "squared" (mean of r²), "absolute" (mean of |r|) or "huber" (Huber's, bending at `delta`).
    delta : in the units of y; by default half the standard deviation of y.
    reference : the x values that define u, x itself by default.
    """

    x: np.ndarray
    y: np.ndarray
    degree: int = 2
    loss: str = "squared"
    delta: float | None = None
    reference: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            given = np.array(getattr(self, name), dtype=float)
            if given.ndim != 1 or given.size == 0 or not np.isfinite(given).all():
                sentence = _("CurveFit: {name} must be a list of finite numbers.")
                raise ValueError(sentence.format(name=name))
            object.__setattr__(self, name, given)
        if self.x.size != self.y.size:
            sentence = _("CurveFit: x has {x} values and y has {y}; they must be as many.")
            raise ValueError(sentence.format(x=self.x.size, y=self.y.size))
        if self.loss not in LOSSES:
            sentence = _("CurveFit: loss is one of {names}, not {loss!r}.")
            raise ValueError(sentence.format(names=", ".join(LOSSES), loss=self.loss))
        if self.degree < 0:
            raise ValueError(_("CurveFit: degree is 0 or more, not {degree}.").format(degree=self.degree))
        if self.spread == 0:
            raise ValueError(_("CurveFit: all x are the same, so no curve can be told from another."))

    @cached_property
    def middle(self) -> float:
        """Mean of the reference x."""
        return float(np.mean(self.x if self.reference is None else self.reference))

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the reference x."""
        return float(np.std(self.x if self.reference is None else self.reference))

    @cached_property
    def bend(self) -> float:
        """Huber's delta: errors larger than this count by their size, no longer by their square."""
        return self.delta if self.delta is not None else (float(np.std(self.y)) / 2 or 1.0)

    def features_at(self, x: np.ndarray) -> np.ndarray:
        """The powers of u at x: (m,) → (m, degree + 1)."""
        u = (np.asarray(x, dtype=float) - self.middle) / self.spread
        return polynomial.powers(u, self.degree)

    @cached_property
    def features(self) -> np.ndarray:
        return self.features_at(self.x)

    def predict(self, parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The curve's height at x: (m,)."""
        return polynomial.predict(as_parameters(parameters), self.features_at(x))

    def error(self, parameters: np.ndarray) -> float:
        """The loss of one set of parameters, (degree + 1,)."""
        return float(self.errors(as_parameters(parameters)[None])[0])

    def errors(self, candidates: np.ndarray) -> np.ndarray:
        """The loss of each of m candidates: (m, degree + 1) → (m,)."""
        candidates = np.ascontiguousarray(candidates, dtype=float)
        return polynomial.losses(candidates, self.features, self.y, LOSSES[self.loss], self.bend)

    def gradient(self, parameters: np.ndarray) -> np.ndarray:
        """How the loss changes with each parameter: (degree + 1,)."""
        parameters = as_parameters(parameters)
        return polynomial.gradient(parameters, self.features, self.y, LOSSES[self.loss], self.bend)

    def best(self) -> np.ndarray:
        """The answer key: the parameters of least loss, (degree + 1,).

        Squared errors: linear least squares. Absolute errors: a linear programme, because min Σ|r| is
        min Σt with −t ≤ r ≤ t. Huber's: BFGS from the least-squares answer, the loss being convex.
        """
        least_squares = np.linalg.lstsq(self.features, self.y, rcond=None)[0]
        if self.loss == "squared":
            return least_squares
        n, k = self.features.shape
        if self.loss == "absolute":
            cost = np.r_[np.zeros(k), np.ones(n)]
            sides = np.block([[self.features, -np.eye(n)], [-self.features, -np.eye(n)]])
            free = [(None, None)] * k + [(0, None)] * n
            answer = optimize.linprog(cost, sides, np.r_[self.y, -self.y], bounds=free)
            return answer.x[:k]
        return optimize.minimize(self.error, least_squares, jac=self.gradient, method="BFGS").x

    # Searching ----------------------------------------------------------------------------------

    @cached_property
    def box(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Where to look: the lowest and highest value of each parameter, and a round step between."""
        step = round_number(float(np.std(self.y)) / 50 or 0.02)
        centre = np.zeros(self.degree + 1)
        centre[0] = round(float(np.mean(self.y)) / (10 * step)) * 10 * step
        reach = np.full(self.degree + 1, 100 * step)
        reach[2:] = 50 * step
        return centre - reach, centre + reach, step

    def grid(self, points: int) -> np.ndarray:
        """All candidates of a grid over the box, `points` to a parameter: (points^k, k)."""
        low, high, _step = self.box
        axes = [np.linspace(a, b, points) for a, b in zip(low, high, strict=True)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, low.size)

    def random(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """`count` candidates drawn evenly from the box: (count, k)."""
        low, high, _step = self.box
        return rng.uniform(low, high, (count, low.size))

    def descend(self, start: np.ndarray, rate: float, steps: int) -> np.ndarray:
        """Gradient descent: the (steps + 1, k) parameters it visits. Too high a rate runs to infinity."""
        return polynomial.descend(
            as_parameters(start), self.features, self.y, LOSSES[self.loss], self.bend, rate, steps
        )


def as_parameters(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=float)


def round_number(value: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten, from below."""
    power = 10.0 ** math.floor(math.log10(value))
    share = value / power
    return float(f"{(5 if share >= 5 else 2 if share >= 2 else 1) * power:.12g}")
