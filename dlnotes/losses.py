"""How wrong a prediction is, as one number, and which way every part of it should move.

`loss(prediction, target)` gives the mean as a float; `loss.backward()` gives its gradient with
respect to the prediction that went in last. All sums are made in float64, whatever the network
works in.
"""

import math
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.kernels import loss as kernels


class Loss:
    """The base of all losses: `loss(prediction, target) -> float`, then `loss.backward() ->
    gradient`.

    `classifies` says whether the target holds labels, so that an accuracy has a meaning.
    """

    classifies = False
    _gradient: np.ndarray | None = None  # in float64
    _dtype: np.dtype = np.dtype(np.float32)  # of the prediction

    def __call__(self, prediction: Any, target: Any) -> float:
        """The mean loss; NaN and infinity in the prediction pass on to it."""
        prediction = self._enter(prediction, "prediction")
        self._dtype = prediction.dtype
        if prediction.size == 0:
            raise ValueError(
                f"{type(self).__name__}: prediction is empty (shape {prediction.shape}), "
                "wanted at least one number"
            )
        # An overflow is a true answer here: it is how training that diverges is noticed.
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            value, self._gradient = self._measure(prediction, target)
        return float(value)

    def backward(self) -> np.ndarray:
        """Gradient of the mean with respect to the prediction: of its shape and dtype."""
        if self._gradient is None:
            raise ValueError(
                f"{type(self).__name__}: backward came before the loss was measured; "
                "call it with a prediction and a target first"
            )
        with np.errstate(over="ignore", under="ignore"):
            return self._gradient.astype(self._dtype)

    def _measure(self, prediction: np.ndarray, target: Any) -> tuple[float, np.ndarray]:
        raise NotImplementedError(f"{type(self).__name__} has no _measure(prediction, target)")

    def _enter(self, value: Any, argument: str, dtype: Any = None) -> np.ndarray:
        return door.array(value, f"{type(self).__name__}: {argument}", dtype=dtype)

    def _residual(self, prediction: np.ndarray, target: Any) -> np.ndarray:
        """Prediction minus target; the two must have the same shape, for broadcasting hides
        mistakes."""
        found = self._enter(target, "target", np.dtype(np.float64))
        if found.shape != prediction.shape:
            raise ValueError(
                f"{type(self).__name__}: target has shape {found.shape}, "
                f"wanted {prediction.shape} as the prediction has"
            )
        return prediction.astype(np.float64) - found

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def mean(values: np.ndarray) -> float:
    """The mean, also where the sum is too large for a float64 and the mean is not."""
    found = float(values.mean())
    if math.isfinite(found) or not np.isfinite(values).all():
        return found
    return float((values / values.size).sum())


class MeanSquaredError(Loss):
    """Mean of (prediction - target)² over all numbers; target of the prediction's shape.

    Gradient: 2 (prediction - target) / count. Errors: ValueError for another or an empty shape,
    TypeError for what is no real numbers.
    """

    def _measure(self, prediction: np.ndarray, target: Any) -> tuple[float, np.ndarray]:
        residual = self._residual(prediction, target)
        value = float(np.square(residual).mean())
        if not math.isfinite(value) and (largest := np.abs(residual).max()) < math.inf:
            # The squares overflow; their mean may not.
            value = float(np.square(residual / largest).mean() * largest * largest)
        return value, residual / residual.size * 2.0


class MeanAbsoluteError(Loss):
    """Mean of |prediction - target| over all numbers; target of the prediction's shape.

    Gradient: sign(prediction - target) / count, and 0 where the two are equal. Errors: ValueError
    for another or an empty shape, TypeError for what is no real numbers.
    """

    def _measure(self, prediction: np.ndarray, target: Any) -> tuple[float, np.ndarray]:
        residual = self._residual(prediction, target)
        return mean(np.abs(residual)), np.sign(residual) / residual.size


class Huber(Loss):
    """Mean of r²/2 where |r| ≤ delta, and of delta (|r| - delta/2) beyond; r = prediction - target.

    Gradient: r clipped to ±delta, over the count. Source: P. J. Huber, "Robust Estimation of a
    Location Parameter", Ann. Math. Statist. 35, 1964. Errors: ValueError for a delta that is not
    above 0, and for another or an empty shape; TypeError for what is no real numbers.
    """

    def __init__(self, delta: float = 1.0) -> None:
        self.delta = door.real(delta, "Huber: delta", above=0.0)

    def _measure(self, prediction: np.ndarray, target: Any) -> tuple[float, np.ndarray]:
        residual = self._residual(prediction, target)
        size = np.abs(residual)
        # With s = min(|r|, delta) both branches are s (|r| - s/2).
        clipped = np.minimum(size, self.delta)
        costs = clipped * (size - 0.5 * clipped)
        return mean(costs), np.clip(residual, -self.delta, self.delta) / residual.size

    def __repr__(self) -> str:
        return f"Huber(delta={self.delta!r})"


class CrossEntropy(Loss):
    """Mean of -log softmax(logits)[label]: logits (n, classes), labels (n,) whole numbers from 0.

    Takes the logits, not probabilities: do not put a `Softmax` before it. Gradient:
    (softmax(logits) - one_hot(labels)) / n. The largest logit of each row is taken off before
    `exp`, and its own exp(0) = 1 goes through `log1p`, so that neither large logits nor tiny losses
    lose digits (Blanchard, Higham & Higham 2021, "Accurately computing the log-sum-exp and softmax
    functions"). Errors: ValueError for shapes that do not fit and for labels outside 0 … classes -
    1; TypeError for labels that are no whole numbers and logits that are no real numbers.
    """

    classifies = True

    def _measure(self, prediction: np.ndarray, target: Any) -> tuple[float, np.ndarray]:
        if prediction.ndim != 2:
            raise ValueError(
                f"CrossEntropy: prediction has shape {prediction.shape}, wanted (n, classes)"
            )
        n, classes = prediction.shape
        labels = whole_labels(target, "CrossEntropy: target", n, classes)
        costs, gradient = np.empty(n), np.empty((n, classes))
        value = kernels.cross_entropy(prediction, labels, costs, gradient) / n
        return value if math.isfinite(value) else mean(costs), gradient


def whole_labels(target: Any, name: str, n: int, classes: int | None = None) -> np.ndarray:
    """`target` as n labels 0 … classes - 1; TypeError or ValueError, naming the first that is
    wrong."""
    if door.holds_masked(target):
        raise TypeError(f"{name} is a masked array; leave the gaps out of prediction and target")
    try:
        labels = np.asarray(target)
    except ValueError as error:
        raise TypeError(f"{name} is ragged, wanted {n} whole numbers") from error
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} has dtype {labels.dtype}, wanted whole numbers, one label an example"
        )
    if labels.shape != (n,):
        raise ValueError(f"{name} has shape {labels.shape}, wanted ({n},): one label an example")
    found = labels.astype(np.intp)
    at = kernels.first_outside(found, np.iinfo(np.intp).max if classes is None else classes)
    if at >= 0:
        highest = "" if classes is None else f" to {classes - 1}"
        raise ValueError(
            f"{name} holds the label {labels[at]} at {at}, wanted 0{highest or ' or more'}"
        )
    return found
