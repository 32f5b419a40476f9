"""Fitting one curve to points: a family of functions, an error, and four ways to the best of them.

This is the whole of learning in its smallest form: three numbers are the function, the error says
how good it is, a search finds better numbers. Everything is computed by `kernels.polynomial`.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy import optimize

from dlnotes.kernels import loss as kinds
from dlnotes.kernels import polynomial
from dlnotes.words import _

LOSSES = {"squared": kinds.SQUARED, "absolute": kinds.ABSOLUTE, "huber": kinds.HUBER}


@dataclass(frozen=True, eq=False)
class CurveFit:
    """The problem of fitting y = a₁ + a₂·u + a₃·u² + … to points, u being x in standard units.

    u = (x − mean of x) / (standard deviation of x): measured so, a₁ lifts the curve, a₂ tilts it,
    a₃ bends it, each nearly without disturbing the others. Parameters are in the units of y.

    Parameters
    ----------
    x, y : (n,) points; ValueError unless they are finite, of one length, with a spread in x.
    degree : 0 or more; there are degree + 1 parameters.
    loss : "squared" (mean of r²), "absolute" (mean of |r|) or "huber" (Huber's, bent at `delta`).
    delta : above 0, in the units of y; by default half the standard deviation of y.
    reference : the x values that define u, x itself by default.
    """

    x: np.ndarray
    y: np.ndarray
    degree: int = 2
    loss: str = "squared"
    delta: float | None = None
    reference: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("x", "y") if self.reference is None else ("x", "y", "reference"):
            object.__setattr__(self, name, finite_list(name, getattr(self, name)))
        if self.x.size != self.y.size:
            sentence = _("CurveFit: x has {x} values and y has {y}; they must be as many.")
            raise ValueError(sentence.format(x=self.x.size, y=self.y.size))
        if not isinstance(self.loss, str) or self.loss not in LOSSES:
            sentence = _("CurveFit: loss is one of {names}, not {loss!r}.")
            raise ValueError(sentence.format(names=", ".join(LOSSES), loss=self.loss))
        if not isinstance(self.degree, Integral) or self.degree < 0:
            sentence = _("CurveFit: degree is a whole number from 0 up, not {degree!r}.")
            raise ValueError(sentence.format(degree=self.degree))
        if self.delta is not None and not (
            isinstance(self.delta, Real) and 0 < self.delta < math.inf
        ):
            sentence = _("CurveFit: delta is a number above 0, not {delta!r}.")
            raise ValueError(sentence.format(delta=self.delta))
        if self.spread == 0:
            sentence = _("CurveFit: all x are the same, so no curve can be told from another.")
            raise ValueError(sentence)
        if not (math.isfinite(self.spread) and math.isfinite(deviation(self.y))):
            raise ValueError(_("CurveFit: the points lie too far apart to reckon with."))

    @cached_property
    def middle(self) -> float:
        """Mean of the reference x."""
        return float(np.mean(self.x if self.reference is None else self.reference))

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the reference x."""
        return deviation(self.x if self.reference is None else self.reference)

    @cached_property
    def bend(self) -> float:
        """Huber's delta: errors larger than this count by their size, no longer by their square."""
        return self.delta if self.delta is not None else (deviation(self.y) / 2 or 1.0)

    def features_at(self, x: np.ndarray) -> np.ndarray:
        """The powers of u at x: (m,) → (m, degree + 1)."""
        x = np.asarray(x, dtype=float)
        if x.ndim != 1:
            sentence = _("CurveFit: x must be a list of numbers, not of shape {shape}.")
            raise ValueError(sentence.format(shape=x.shape))
        u = (x - self.middle) / self.spread
        return polynomial.powers(u, self.degree)

    @cached_property
    def features(self) -> np.ndarray:
        return self.features_at(self.x)

    def predict(self, parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The curve's height at x: (m,)."""
        return polynomial.predict(self._whole(parameters, 1), self.features_at(x))

    def error(self, parameters: np.ndarray) -> float:
        """The loss of one set of parameters, (degree + 1,)."""
        return float(self.errors(self._whole(parameters, 1)[None])[0])

    def errors(self, candidates: np.ndarray) -> np.ndarray:
        """The loss of each of m candidates: (m, degree + 1) → (m,)."""
        candidates = self._whole(candidates, 2)
        return polynomial.losses(candidates, self.features, self.y, LOSSES[self.loss], self.bend)

    def gradient(self, parameters: np.ndarray) -> np.ndarray:
        """How the loss changes with each parameter: (degree + 1,)."""
        parameters = self._whole(parameters, 1)
        return polynomial.gradient(parameters, self.features, self.y, LOSSES[self.loss], self.bend)

    def best(self) -> np.ndarray:
        """The answer key: the parameters of least loss, (degree + 1,).

        Squared errors: linear least squares. Absolute errors: a linear programme, because min Σ|r|
        is min Σt with −t ≤ r ≤ t. Huber's: BFGS from the least-squares answer, as it is convex.
        """
        least_squares = np.linalg.lstsq(self.features, self.y, rcond=None)[0]
        left = self.y - self.predict(least_squares, self.x)
        scale = float(np.abs(left).max())
        if self.loss == "squared" or scale == 0:
            return least_squares
        # Both solvers stop at a fixed closeness, so the step from least squares to the answer is
        # reckoned in units of the largest error: nanometres and light years fit alike.
        n, k = self.features.shape
        if self.loss == "absolute":
            cost = np.r_[np.zeros(k), np.ones(n)]
            sides = np.block([[self.features, -np.eye(n)], [-self.features, -np.eye(n)]])
            free = [(None, None)] * k + [(0, None)] * n
            answer = optimize.linprog(cost, sides, np.r_[left, -left] / scale, bounds=free)
            return least_squares + scale * answer.x[:k]
        unit = self.error(least_squares)
        if unit == 0:  # the errors are too small for their squares to be told from zero
            return least_squares
        answer = optimize.minimize(
            lambda step: self.error(least_squares + scale * step) / unit,
            np.zeros(k),
            jac=lambda step: self.gradient(least_squares + scale * step) * scale / unit,
            method="BFGS",
            options={"gtol": 1e-9},
        )
        return least_squares + scale * answer.x

    # Searching ----------------------------------------------------------------------------------

    @cached_property
    def box(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Where to look: each parameter's lowest and highest value, and a round step between."""
        step = round_number(deviation(self.y) / 50 or 0.02)
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
        """Gradient descent: the (steps + 1, k) parameters it visits. Too high a rate diverges."""
        start = self._whole(start, 1)
        if steps < 0:
            raise ValueError(_("CurveFit: steps is 0 or more, not {steps}.").format(steps=steps))
        with np.errstate(all="ignore"):
            return polynomial.descend(
                start, self.features, self.y, LOSSES[self.loss], self.bend, float(rate), steps
            )

    def _whole(self, values: np.ndarray, dimensions: int) -> np.ndarray:
        """Parameters as the kernels read them, whose shape is checked: they check no bounds."""
        values = np.ascontiguousarray(values, dtype=float)
        if values.ndim != dimensions or values.shape[-1] != self.degree + 1:
            sentence = _("CurveFit: a curve has {count} parameters; these have the shape {shape}.")
            raise ValueError(sentence.format(count=self.degree + 1, shape=values.shape))
        return values


def finite_list(name: str, given: Any) -> np.ndarray:
    """What was given as a new (n,) float64 array, or one clear ValueError."""
    try:
        values = np.asarray(given)
    except ValueError:  # rows of different lengths
        values = np.asarray(None)
    if values.dtype.kind in "biuf" and values.ndim == 1 and values.size:
        values = np.array(values, dtype=float)
        if np.isfinite(values).all():
            return values
    raise ValueError(_("CurveFit: {name} must be a list of finite numbers.").format(name=name))


@np.errstate(all="ignore")  # of huge values it is inf or nan
def deviation(values: np.ndarray) -> float:
    """The standard deviation; exactly 0 where all are the same, whose mean may be rounded."""
    return float(np.std(values)) if (values != values[0]).any() else 0.0


def round_number(value: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten, from below."""
    power = 10.0 ** math.floor(math.log10(value))
    share = value / power
    return float(f"{(5 if share >= 5 else 2 if share >= 2 else 1) * power:.12g}")
