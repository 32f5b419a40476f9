"""The losses against 50 digits, against finite differences, and against what they must refuse."""

import math

import mpmath
import numpy as np
import pytest

from dlnotes import losses
from dlnotes.losses import CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError

mpmath.mp.dps = 50
RESIDUAL_LOSSES = [MeanSquaredError(), MeanAbsoluteError(), Huber(), Huber(delta=0.3), Huber(1e200)]
LABELS = np.array([0, 2, 1, 2])


def exact(value):
    return mpmath.mpf(float(value))


def exact_cost(loss, residual):
    """Cost of one residual and its slope, by the definitions."""
    if isinstance(loss, MeanSquaredError):
        return residual**2, 2 * residual
    if isinstance(loss, MeanAbsoluteError):
        return abs(residual), mpmath.sign(residual)
    if abs(residual) <= loss.delta:
        return residual**2 / 2, residual
    delta = exact(loss.delta)
    return delta * (abs(residual) - delta / 2), delta * mpmath.sign(residual)


def exact_cross_entropy(logits, labels):
    total, gradient = mpmath.mpf(0), []
    for row, label in zip(logits, labels, strict=True):
        row = [exact(z) for z in row]
        largest = max(row)
        powers = [mpmath.exp(z - largest) for z in row]
        whole = mpmath.fsum(powers)
        total += mpmath.log(whole) - (row[label] - largest)
        others = [mpmath.fsum(powers[:k] + powers[k + 1 :]) for k in range(len(row))]
        gradient.append(
            [
                (-others[k] if k == label else powers[k]) / whole / len(labels)
                for k in range(len(row))
            ]
        )
    return float(total / len(labels)), np.array([[float(g) for g in row] for row in gradient])


@pytest.mark.parametrize("loss", RESIDUAL_LOSSES, ids=repr)
@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1.0, 1e8, 1e150])
def test_residual_losses_to_fifty_digits(loss, scale):
    rng = np.random.default_rng(1)
    prediction, target = rng.normal(size=(2, 5, 3)) * scale
    target[0] = prediction[0]
    count = prediction.size
    costs = [
        exact_cost(loss, exact(p) - exact(t))
        for p, t in zip(prediction.flat, target.flat, strict=True)
    ]
    wanted = mpmath.fsum(cost for cost, _ in costs) / count
    assert loss(prediction, target) == pytest.approx(float(wanted), rel=1e-14)
    slopes = np.array([float(slope / count) for _, slope in costs]).reshape(prediction.shape)
    np.testing.assert_allclose(loss.backward(), slopes, rtol=1e-14)


def test_residuals_of_1e300():
    huge = np.array([1e300, -1e300, 1e300])
    assert MeanAbsoluteError()(huge, -huge) == pytest.approx(2e300, rel=1e-15)
    assert Huber(2.0)(huge, -huge) == pytest.approx(4e300, rel=1e-15)
    loss = MeanSquaredError()
    assert loss(huge, -huge) == math.inf  # 4e600 is beyond a float
    np.testing.assert_allclose(loss.backward(), 4 * huge / 3, rtol=1e-15)


def test_means_that_fit_though_their_sums_do_not():
    large = np.full(100, 1.5e308)
    assert MeanAbsoluteError()(large, np.zeros(100)) == pytest.approx(1.5e308, rel=1e-14)
    lonely = np.zeros(100)
    lonely[3] = 1e155
    assert MeanSquaredError()(lonely, np.zeros(100)) == pytest.approx(1e308, rel=1e-14)


@pytest.mark.parametrize("loss", [*RESIDUAL_LOSSES, CrossEntropy()], ids=repr)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_passes_on(loss, value):
    prediction = np.zeros((4, 3))
    prediction[1] = value
    target = LABELS if loss.classifies else np.zeros((4, 3))
    assert not math.isfinite(loss(prediction, target))
    assert not np.isfinite(loss.backward()).all() or isinstance(loss, MeanAbsoluteError | Huber)


@pytest.mark.parametrize("scale", [0.0, 1e-300, 1e-8, 1.0, 30.0, 700.0, 1e5, 1e300])
def test_cross_entropy_to_fifty_digits(scale):
    logits = np.random.default_rng(2).normal(size=(4, 3)) * scale
    loss, (value, gradient) = CrossEntropy(), exact_cross_entropy(logits, LABELS)
    assert loss(logits, LABELS) == pytest.approx(value, rel=1e-13, abs=0)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    "row",
    [[1e300, -1e300, 0], [-1e300, -1e300, -1e300], [0, 50, -50], [800, 0, 799.5], [1e300] * 3],
)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_cross_entropy_of_extreme_logits(row, label):
    loss, (value, gradient) = CrossEntropy(), exact_cross_entropy([row], [label])
    assert loss(np.array([row], float), [label]) == pytest.approx(value, rel=1e-14, abs=0)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-13, atol=0)


def test_a_nearly_sure_answer_keeps_its_digits():
    loss = CrossEntropy()
    assert loss(np.array([[50.0, 0.0]]), [0]) == pytest.approx(math.exp(-50), rel=1e-14)
    assert loss.backward()[0, 0] == pytest.approx(-math.exp(-50), rel=1e-14)


def test_impossible_classes_have_probability_zero():
    loss = CrossEntropy()
    assert loss(np.array([[-np.inf, 0.0]]), [1]) == 0
    assert loss.backward().tolist() == [[0, 0]]


@pytest.mark.parametrize("loss", [*RESIDUAL_LOSSES[:4], CrossEntropy()], ids=repr)
def test_backward_is_the_slope(loss):
    rng = np.random.default_rng(3)
    prediction = rng.normal(size=(4, 3))
    target = LABELS if loss.classifies else rng.normal(size=(4, 3))
    loss(prediction, target)
    gradient = loss.backward()
    for at in np.ndindex(4, 3):
        step = np.zeros((4, 3))
        step[at] = 1e-6
        slope = (loss(prediction + step, target) - loss(prediction - step, target)) / 2e-6
        assert gradient[at] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("loss", [*RESIDUAL_LOSSES[:4], CrossEntropy()], ids=repr)
def test_float32_stays_float32_and_sums_in_float64(loss):
    prediction = np.random.default_rng(4).normal(size=(4, 3)).astype(np.float32)
    target = LABELS if loss.classifies else np.full((4, 3), 0.5)
    single = loss(prediction, target)
    gradient = loss.backward()
    assert type(single) is float
    assert gradient.dtype == np.float32
    assert gradient.shape == (4, 3)
    assert loss(prediction.astype(np.float64), target) == single
    assert loss.backward().dtype == np.float64


def test_nothing_of_the_caller_is_changed():
    prediction, labels = np.ones((4, 3)), LABELS.copy()
    loss = CrossEntropy()
    loss(prediction, labels)
    loss.backward()[...] = 7
    assert (prediction == 1).all()
    assert (labels == LABELS).all()
    assert loss.backward()[0, 0] != 7


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64, ">i4"])
def test_labels_of_any_whole_type(dtype):
    loss = CrossEntropy()
    wanted = loss(np.eye(4, 3), LABELS)
    assert loss(np.eye(4, 3), LABELS.astype(dtype)) == wanted
    assert loss(np.eye(4, 3), LABELS.tolist()) == wanted


def test_repr():
    assert repr(Huber(0.5)) == "Huber(delta=0.5)"
    assert repr(CrossEntropy()) == "CrossEntropy()"


ROWS = np.zeros((4, 3))
BAD_RESIDUALS = [
    (ROWS, np.zeros((4, 1)), ValueError, r"target has shape \(4, 1\), wanted \(4, 3\)"),
    (ROWS, np.zeros(4), ValueError, r"target has shape \(4,\), wanted \(4, 3\)"),
    (np.zeros((4, 1)), np.zeros(4), ValueError, r"target has shape \(4,\), wanted \(4, 1\)"),
    (ROWS, 0.0, ValueError, r"target has shape \(\)"),
    (ROWS, np.zeros((3, 4)), ValueError, r"target has shape \(3, 4\)"),
    (np.zeros((0, 3)), np.zeros((0, 3)), ValueError, "prediction is empty"),
    (ROWS, ROWS * 1j, TypeError, "target has dtype complex128"),
    (ROWS * 1j, ROWS, TypeError, "prediction has dtype complex128"),
    (ROWS, ROWS.astype(object), TypeError, "target has dtype object"),
    (ROWS.astype(str), ROWS, TypeError, "prediction has dtype"),
    (ROWS, None, TypeError, "target has dtype object"),
    (ROWS, np.ma.masked_array(ROWS), TypeError, "target is a masked array"),
    ([[1.0], [1.0, 2.0]], ROWS, TypeError, "prediction is ragged"),
]


@pytest.mark.parametrize("loss", RESIDUAL_LOSSES[:3], ids=repr)
@pytest.mark.parametrize(("prediction", "target", "error", "message"), BAD_RESIDUALS)
def test_bad_residuals(loss, prediction, target, error, message):
    with pytest.raises(error, match=rf"{type(loss).__name__}: {message}"):
        loss(prediction, target)


BAD_LABELS = [
    (ROWS, [0, 1, 2, 3], ValueError, "target holds the label 3 at 3, wanted 0 to 2"),
    (ROWS, [0, -1, 2, 5], ValueError, "target holds the label -1 at 1, wanted 0 to 2"),
    (ROWS, [0, 1, 2], ValueError, r"target has shape \(3,\), wanted \(4,\)"),
    (ROWS, [[0], [1], [2], [0]], ValueError, r"target has shape \(4, 1\)"),
    (ROWS, 1, ValueError, r"target has shape \(\)"),
    (ROWS, [0.0, 1.0, 2.0, 0.0], TypeError, "target has dtype float64"),
    (ROWS, [True, False, True, True], TypeError, "target has dtype bool"),
    (ROWS, ["a", "b", "c", "d"], TypeError, "target has dtype <U1"),
    (ROWS, [None] * 4, TypeError, "target has dtype object"),
    (ROWS, [[0], [1, 2]], TypeError, "target is ragged"),
    (ROWS, np.ma.masked_array(LABELS), TypeError, "target is a masked array"),
    (np.zeros(3), [0, 1, 2], ValueError, r"prediction has shape \(3,\), wanted \(n, classes\)"),
    (np.zeros((4, 3, 2)), LABELS, ValueError, r"prediction has shape \(4, 3, 2\)"),
    (np.zeros((0, 3)), [], ValueError, "prediction is empty"),
    (np.zeros((4, 0)), LABELS, ValueError, "prediction is empty"),
    (ROWS.astype("datetime64[s]"), LABELS, TypeError, "prediction has dtype datetime64"),
]


@pytest.mark.parametrize(("prediction", "target", "error", "message"), BAD_LABELS)
def test_bad_labels(prediction, target, error, message):
    with pytest.raises(error, match=f"CrossEntropy: {message}"):
        CrossEntropy()(prediction, target)


def test_labels_without_a_number_of_classes():
    assert losses.whole_labels([0, 7], "y", 2).tolist() == [0, 7]
    with pytest.raises(ValueError, match="y holds the label -3 at 1, wanted 0 or more"):
        losses.whole_labels([0, -3], "y", 2)
    with pytest.raises(ValueError, match="y holds the label 18446744073709551615 at 0"):
        losses.whole_labels(np.array([2**64 - 1], np.uint64), "y", 1)


@pytest.mark.parametrize(
    "delta", [0, -1, 0.0, -0.5, math.nan, math.inf, -math.inf, "1", None, True, [1.0], 1j]
)
def test_bad_delta(delta):
    with pytest.raises(ValueError, match="Huber: delta is .*, wanted a finite number, above 0"):
        Huber(delta)


@pytest.mark.parametrize("loss", [*RESIDUAL_LOSSES[:3], CrossEntropy()], ids=repr)
def test_backward_before_forward(loss):
    with pytest.raises(ValueError, match=f"{type(loss).__name__}: backward came before"):
        type(loss)().backward()


def test_the_base_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="Loss has no _measure"):
        losses.Loss()([1.0], [1.0])
