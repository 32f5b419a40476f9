"""Is `backward` the derivative of `forward`? Compared number by number with finite differences.

A wrong gradient still learns, only worse, so that nobody notices: this is how one does. Every entry
of the Jacobian is compared, of every output with respect to x and to each parameter, in float64.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.evaluation import generators, in_float64
from dlnotes.layers import Layer
from dlnotes.words import _

TOLERANCE = 1e-6
STEPS = (1e-3, 1e-4, 1e-5, 1e-6)  # a smaller one where a kink stands within reach of a larger
ROUNDING = 50 * np.finfo(np.float64).eps
LARGEST = 20_000_000  # entries of the Jacobian: 160 MB


@dataclass(frozen=True)
class Entry:
    """One derivative: of y at `output` with respect to `name`, such as "weight[0, 2]" or "x[3]"."""

    name: str
    output: tuple[int, ...]
    analytic: float
    numeric: float
    error: float  # relative to the larger of the two

    def __str__(self) -> str:
        y = f"y{list(self.output)}"
        if np.isnan(self.analytic):
            return _("{name}: backward left its gradient unset, or NaN").format(name=self.name)
        return _(
            "d{y}/d{name}: backward says {analytic:.9g}, finite differences {numeric:.9g}"
        ).format(y=y, name=self.name, analytic=self.analytic, numeric=self.numeric)


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `check_gradients` found. True where all is well.

    `worst` is the entry that is furthest off, `skipped` names what stands on a kink (there,
    `backward` chose one of several slopes), `checked` counts entries, `problem` says in words what
    made a comparison impossible, and `differences` is what `finite_differences` gives.
    """

    ok: bool
    worst: Entry
    checked: int
    skipped: tuple[str, ...] = ()
    problem: str = ""
    differences: dict[str, np.ndarray] = field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        if self.problem:
            return _("The gradients are wrong: {problem}.").format(problem=self.problem)
        if self.ok:
            said = _("The gradients are right: {checked} derivatives compared.")
        else:
            said = _("The gradients are wrong, of {checked} derivatives the worst is {worst}.")
        said = said.format(checked=self.checked, worst=self.worst)
        if self.skipped:
            said += " " + _("On a kink: {names}.").format(names=", ".join(self.skipped[:10]))
            if len(self.skipped) > 10:
                said += " " + _("{n} in all.").format(n=len(self.skipped))
        return said


def check_gradients(layer: Layer, x: Any, *, tolerance: float = TOLERANCE) -> GradientReport:
    """Compare `layer.backward` at x (n, …) with central differences, for dx and every parameter.

    The layer works in float64 meanwhile, and is afterwards as it was, bit by bit. Chance, as in a
    `Dropout` that is training, is held fast: each forward draws the same numbers. Differences are
    made at two steps and extrapolated (Richardson 1911); where they disagree with `backward`,
    smaller steps are tried. What differs on a kink itself, where there is no derivative, is
    `skipped`, and then all is checked once more a little beside it, so that no mistake hides
    there.

    Errors: TypeError for what is no layer or no real numbers; ValueError for an empty or infinite
    x, for a Jacobian above 20 million entries, and for a layer whose output is another each time or
    is not float64.
    """
    x = checked_input(layer, x, "check_gradients")
    tolerance = door.real(tolerance, "check_gradients: tolerance", above=0.0)
    with np.errstate(all="ignore"), in_float64(layer):
        subject = Subject(layer, x)
        report = subject.compare(tolerance)
        if report.ok and report.skipped:
            subject.move_aside()
            aside = subject.compare(tolerance)
            if not aside.ok:
                return aside
    return report


def finite_differences(layer: Layer, x: Any) -> dict[str, np.ndarray]:
    """The Jacobian of y at x (n, …) from forward passes alone, as `check_gradients` makes it.

    {"x": (outputs, *shape of x), "weight": (outputs, *its shape), …} in float64. Errors: as
    `check_gradients`.
    """
    x = checked_input(layer, x, "finite_differences")
    with np.errstate(all="ignore"), in_float64(layer):
        subject = Subject(layer, x)
        rows = subject.analytic()
        found = {}
        for name, array in subject.inputs.items():
            columns = [
                subject.column(array, index, rows[name][:, i], TOLERANCE)[0]
                for i, index in enumerate(np.ndindex(array.shape))
            ]
            found[name] = np.array(columns).T.reshape(-1, *array.shape)
    return found


def checked_input(layer: Any, x: Any, caller: str) -> np.ndarray:
    """x as a float64 array of its own; TypeError or ValueError where it is no input to check."""
    if not isinstance(layer, Layer):
        raise TypeError(f"{caller}: layer is {layer!r}, wanted a layer")
    x = door.array(x, f"{caller}: x", dtype=np.dtype(np.float64)).copy()
    if x.size == 0 or not np.isfinite(x).all():
        raise ValueError(f"{caller}: x is empty or not finite (shape {x.shape})")
    return x


class Subject:
    """A layer, in float64, and the numbers that its output depends on."""

    def __init__(self, layer: Layer, x: np.ndarray) -> None:
        self.layer = layer
        self.inputs = {"x": x}
        self.parameters = dict(self.layer.named_parameters())
        self.inputs |= {name: item.value for name, item in self.parameters.items()}
        self.chance = [(rng, rng.bit_generator.state) for rng in generators(layer)]
        y = self.forward()
        if y.dtype != np.float64:
            raise ValueError(
                f"check_gradients: {type(layer).__name__} gave {y.dtype} for a float64 x, "
                "wanted float64; differences of smaller numbers say little"
            )
        if not np.isfinite(y).all():
            raise ValueError(f"check_gradients: {type(layer).__name__} gave NaN or infinity at x")
        if not np.array_equal(y, self.forward()):
            raise ValueError(
                f"check_gradients: {type(layer).__name__} gives another output each time; draw "
                "from a numpy.random.Generator that the layer keeps, so that it can be held fast"
            )
        count = y.size * sum(array.size for array in self.inputs.values())
        if count > LARGEST:
            raise ValueError(
                f"check_gradients: {count:,} derivatives, wanted at most {LARGEST:,}; "
                "use a smaller x or layer"
            )

    def forward(self) -> np.ndarray:
        """y, from the same chance each time, as an array of its own."""
        for rng, state in self.chance:
            rng.bit_generator.state = state
        return np.array(self.layer.forward(self.inputs["x"].copy()))

    def move_aside(self) -> None:
        """All inputs a little elsewhere, where no kink is likely."""
        rng = np.random.default_rng(0)
        for array in self.inputs.values():
            array += 0.02 * np.maximum(1.0, np.abs(array)) * rng.uniform(0.5, 1.0, array.shape)

    def analytic(self) -> dict[str, np.ndarray]:
        """The Jacobian that `backward` claims: one row of outputs by inputs for each name."""
        y = self.forward()
        rows = {name: np.empty((y.size, array.size)) for name, array in self.inputs.items()}
        for row in range(y.size):
            dy = np.zeros(y.shape)
            # Not 1, whose square is itself: backward must be proportional to dy.
            dy.reshape(-1)[row] = -1.5
            for name, gradient in self.backward(dy).items():
                rows[name][row] = gradient.reshape(-1) / -1.5
        return rows

    def check_sums(self, rows: dict[str, np.ndarray]) -> None:
        """`backward` must be linear in dy: for all outputs at once, the sum over the rows."""
        y = self.forward()
        dy = np.random.default_rng(1).normal(size=y.shape)
        for name, gradient in self.backward(dy).items():
            terms = dy.reshape(-1, 1) * rows[name]
            off = np.abs(gradient.reshape(-1) - terms.sum(axis=0))
            rounding = ROUNDING * np.abs(y).max() / STEPS[0]
            if (off > 1e-9 * np.abs(terms).sum(axis=0) + rounding).any():
                named = "dx" if name == "x" else f"{name}.grad"
                problem = _("for two outputs at once {name} is not the sum of what it is for each")
                raise WrongGradient(name, problem.format(name=named))

    def backward(self, dy: np.ndarray) -> dict[str, np.ndarray]:
        """dx and the parameters' gradients for one dy, after a forward of its own."""
        self.forward()
        for parameter in self.parameters.values():
            parameter.grad = np.full_like(parameter.value, np.nan)  # unless backward replaces it
        try:
            dx = self.layer.backward(dy)
        except ValueError as error:
            unset = [n for n, p in self.parameters.items() if np.isnan(p.grad).any()]
            problem = _("backward stopped: {error}").format(error=error)
            raise WrongGradient((unset or ["x"])[0], problem) from error
        x = self.inputs["x"]
        if np.shape(dx) != x.shape or np.asarray(dx).dtype.kind != "f":
            came = _("nothing") if dx is None else f"{np.shape(dx)} {np.asarray(dx).dtype}"
            problem = _("dx is {came}, wanted {wanted} float64")
            raise WrongGradient("x", problem.format(came=came, wanted=x.shape))
        return {"x": np.array(dx)} | {name: p.grad.copy() for name, p in self.parameters.items()}

    def compare(self, tolerance: float) -> GradientReport:
        try:
            rows = self.analytic()
            report = self.compare_entries(rows, tolerance)
            if report.ok:
                self.check_sums(rows)
        except WrongGradient as wrong:
            worst = Entry(wrong.name, (), np.nan, np.nan, np.inf)
            return GradientReport(False, worst, 0, problem=str(wrong))
        return report

    def compare_entries(self, rows: dict[str, np.ndarray], tolerance: float) -> GradientReport:
        shape = self.forward().shape
        worst, checked, skipped = Entry("", (), 0.0, 0.0, -1.0), 0, []
        found = {name: np.empty_like(rows[name]) for name in self.inputs}
        for name, array in self.inputs.items():
            for i, index in enumerate(np.ndindex(array.shape)):
                place = f"{name}{list(index)}" if index else name
                column = rows[name][:, i]
                numeric, error, kinks = self.column(array, index, column, tolerance)
                found[name][:, i] = numeric
                checked += int((~kinks).sum())
                if kinks.any():
                    skipped.append(place)
                at = int(error.argmax())
                if error[at] > worst.error:
                    output = tuple(map(int, np.unravel_index(at, shape)))
                    worst = Entry(
                        place, output, float(column[at]), float(numeric[at]), float(error[at])
                    )
            found[name] = found[name].reshape(-1, *array.shape)
        ok = worst.error <= tolerance
        return GradientReport(ok, worst, checked, tuple(skipped), differences=found)

    def column(
        self, array: np.ndarray, index: tuple[int, ...], analytic: np.ndarray, tolerance: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Derivatives of all outputs by one input: numeric, relative error, and which are on a
        kink."""
        start = float(array[index])

        def at(step: float) -> np.ndarray:
            array[index] = start + step
            y = self.forward().reshape(-1)
            array[index] = start
            return y

        unit = max(1.0, abs(start))
        numeric, found = np.zeros(analytic.size), np.zeros(analytic.size)
        error = np.full(analytic.size, np.inf)
        for step in STEPS:
            before = found
            found, found_error = central(at, step * unit, analytic, tolerance)
            better = found_error < error
            numeric[better], error[better] = found[better], found_error[better]
            if (error <= tolerance).all():
                return numeric, error, np.zeros(analytic.size, bool)
        numeric[np.isinf(error)] = found[np.isinf(error)]
        # Around a kink slopes change with the step, or the two sides keep apart however small it
        # is; at a mere bend they close up.
        here = at(0.0)
        near, far = (
            np.abs(at(step * unit) - 2 * here + at(-step * unit)) / (step * unit)
            for step in (STEPS[-1], STEPS[-2])
        )
        rounding = ROUNDING * np.abs(here).max() / (STEPS[-1] * unit)
        unsteady = np.abs(found - before) > 1e-3 * np.maximum(np.abs(found), np.abs(before))
        kinks = (error > tolerance) & (near > rounding) & ((near > 0.3 * far) | unsteady)
        error[kinks] = 0.0
        return numeric, error, kinks


class WrongGradient(Exception):
    """`backward` gave what cannot be compared, for the input `name`; the message says what."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def central(
    at: Callable[[float], np.ndarray], step: float, analytic: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Central differences, extrapolated from two steps, and their relative distance to `analytic`.

    The distance is relative to the larger of the two numbers, but numbers that are small beside the
    rounding of y, or a thousandth of what the same input does elsewhere, count by that measure.
    """
    outer, inner = (at(step), at(-step)), (at(step / 2), at(-step / 2))
    coarse, fine = (outer[0] - outer[1]) / (2 * step), (inner[0] - inner[1]) / step
    numeric = (4 * fine - coarse) / 3
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    rounding = ROUNDING * np.abs(outer).max() / tolerance
    # A small step rounds more, which must not hide what is wrong by a factor.
    noise = np.maximum(rounding / STEPS[0], np.minimum(rounding / step, 1e-3 / tolerance * size))
    scale = np.maximum(np.maximum(size, 1e-3 * np.abs(numeric).max()), noise)
    error = np.abs(analytic - numeric) / np.maximum(scale, np.finfo(np.float64).tiny)
    return numeric, np.where(np.isnan(error), np.inf, error)
