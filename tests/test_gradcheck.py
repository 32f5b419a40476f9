"""The gradient check passes right layers and, which matters more, fails wrong ones."""

import numpy as np
import pytest

import dlnotes.gradcheck
from dlnotes import check_gradients, finite_differences
from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPool2d,
    Parameter,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)


def rng(seed=0):
    return np.random.default_rng(seed)


X = rng(1).normal(size=(3, 4))
IMAGES = rng(2).normal(size=(2, 2, 5, 5))
RIGHT = [
    (Dense(4, 3, rng=rng()), X),
    (Dense(4, 3, bias=False, rng=rng(), dtype=np.float64), X.astype(np.float32)),
    (ReLU(), X),
    (LeakyReLU(0.1), X),
    (Sigmoid(), X * 5),
    (Tanh(), X * 5),
    (Softmax(), X * 10),
    (BatchNorm(4), X),
    (BatchNorm(4), 1000 + X),
    (Conv2d(2, 3, 3, padding="same", rng=rng()), IMAGES),
    (MaxPool2d(2), IMAGES),
    (AvgPool2d(2), IMAGES),
    (Dropout(0.5, rng=rng()), X),
    (
        Sequential(
            *(Conv2d(2, 3, 3, rng=rng()), ReLU(), MaxPool2d(2), Flatten()), Dense(3, 2, rng=rng())
        ),
        IMAGES,
    ),
    (
        Sequential(
            *(Dense(4, 6, rng=rng()), BatchNorm(6), ReLU(), Dropout(0.3, rng=rng()), Softmax())
        ),
        X,
    ),
]


@pytest.mark.parametrize(("layer", "x"), RIGHT, ids=lambda value: type(value).__name__)
def test_right_layers_pass_and_stay_as_they_were(layer, x):
    before = {name: (value.dtype, value.tolist()) for name, value in layer.state().items()}
    given = x.copy()
    report = check_gradients(layer, x)
    assert report
    assert report.ok
    assert report.worst.error <= 1e-6
    assert report.checked == sum(
        layer(x).size * part.size for part in [x, *(p.value for p in layer.parameters())]
    )
    assert report.skipped == ()
    after = {name: (value.dtype, value.tolist()) for name, value in layer.state().items()}
    if not any(isinstance(part, BatchNorm) for part in layer.leaves()):  # layer(x) above moved it
        assert after == before
    assert np.array_equal(x, given)


def test_batch_norm_and_chance_stay_as_they_were():
    layer = Sequential(BatchNorm(4), Dropout(0.5, rng=rng(7)))
    kept = layer[0].weight.value, layer[0].running_mean
    check_gradients(layer, X)
    assert kept[0] is layer[0].weight.value
    assert kept[1] is layer[0].running_mean
    assert (layer[0].running_mean == 0).all()
    assert layer[1].rng.random() == rng(7).random()
    assert layer[0].weight.value.dtype == np.float32
    assert (layer[0].weight.grad == 0).all()


class Affine(Layer):
    """A right layer whose `backward` a test can spoil."""

    def __init__(self, spoil=lambda gradients: gradients):
        self.weight = Parameter(rng(3).normal(size=(4, 4)).astype(np.float32))
        self.bias = Parameter(np.full(4, 0.5, np.float32))
        self.spoil = spoil

    def forward(self, x):
        self.x = x
        return x @ self.weight.value + self.bias.value

    def backward(self, dy):
        gradients = {"x": dy @ self.weight.value.T, "weight": self.x.T @ dy, "bias": dy.sum(axis=0)}
        gradients = self.spoil(gradients)
        if "weight" in gradients:
            self.weight.grad = gradients["weight"]
        if "bias" in gradients:
            self.bias.grad = gradients["bias"]
        return gradients["x"]


def without(name):
    return lambda gradients: {key: value for key, value in gradients.items() if key != name}


def change(name, how):
    return lambda gradients: gradients | {name: how(gradients[name])}


def one_entry(value):
    value = value.copy()
    value[1, 2] *= 1.001
    return value


WRONG = [
    (without("bias"), "bias["),
    (without("weight"), "weight["),
    (change("weight", lambda g: g.T), "weight["),
    (change("x", lambda g: g[:, ::-1]), "x["),
    (change("weight", lambda g: 2 * g), "weight["),
    (change("x", lambda g: g / 2), "x["),
    (change("bias", lambda g: -g), "bias["),
    (change("x", lambda g: -g), "x["),
    (change("bias", lambda g: g / 3), "bias["),  # the mean over the batch in place of its sum
    (change("weight", one_entry), "weight[1, 2]"),
    (change("x", one_entry), "x[1, 2]"),
    (change("bias", np.zeros_like), "bias["),
    (change("x", lambda g: g + 1e-4), "x["),
    (change("x", lambda g: g * np.nan), "x["),
    (change("x", lambda g: g * np.inf), "x["),
]


@pytest.mark.parametrize(("spoil", "name"), WRONG)
def test_wrong_layers_fail_by_name(spoil, name):
    assert check_gradients(Affine(), X).ok
    report = check_gradients(Affine(spoil), X)
    assert not report
    assert not report.ok
    assert report.worst.name.startswith(name)
    assert report.worst.error > 1e-6
    assert report.worst.name in repr(report)
    assert "gradients are wrong" in repr(report)


@pytest.mark.parametrize(
    ("spoil", "name", "words"),
    [
        (change("x", lambda g: g[:2]), "x", "dx is (2, 4) float64, wanted (3, 4) float64"),
        (change("x", lambda g: None), "x", "dx is nothing, wanted (3, 4)"),
        (change("x", lambda g: g.astype(np.int64)), "x", "dx is (3, 4) int64"),
        (
            change("bias", lambda g: g[:2]),
            "bias",
            "backward stopped: Parameter: grad has",
        ),
        (
            change("x", lambda g: g * (1 + (np.count_nonzero(g) > 4))),
            "x",
            "at once dx is not the sum",
        ),
        (
            change("bias", lambda g: g * np.count_nonzero(g)),
            "bias",
            "at once bias.grad is not the sum",
        ),
    ],
)
def test_gradients_that_cannot_be_compared_are_said_in_words(spoil, name, words):
    report = check_gradients(Affine(spoil), X)
    assert not report.ok
    assert report.worst.name == name
    assert report.worst.error == np.inf
    assert words in repr(report)


def test_backward_must_be_proportional_to_dy():
    report = check_gradients(Affine(change("x", lambda g: g * np.abs(g).max())), X)
    assert not report.ok


def test_a_gradient_that_adds_up_fails():
    class Adding(Affine):
        def backward(self, dy):
            self.weight.grad += self.x.T @ dy
            self.bias.grad = dy.sum(axis=0)
            return dy @ self.weight.value.T

    report = check_gradients(Adding(), X)
    assert report.worst.name.startswith("weight")
    assert "unset, or NaN" in repr(report)


class Scaled(Layer):
    """y = size · tanh(x), with a derivative that is `factor` times the right one."""

    def __init__(self, size, factor):
        self.size, self.factor = size, factor

    def forward(self, x):
        self.x = x
        return self.size * np.tanh(x)

    def backward(self, dy):
        return self.factor * self.size * dy * (1 - np.tanh(self.x) ** 2)


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e-6, 1.0, 1e6, 1e12])
def test_small_and_large_gradients_count_alike(size):
    assert check_gradients(Scaled(size, 1.0), X).ok
    assert not check_gradients(Scaled(size, 1.001), X).ok
    assert not check_gradients(Scaled(size, 2.0), X).ok


def test_a_kink_near_by_is_no_mistake():
    near = np.array([[5e-4, -5e-5, 5e-6, 1.0]])
    report = check_gradients(ReLU(), near)
    assert report.ok
    assert report.skipped == ()


def test_a_kink_itself_is_skipped_by_name():
    report = check_gradients(ReLU(), np.array([[0.0, 1.0]]))
    assert report.ok
    assert report.skipped == ("x[0, 0]",)
    assert report.checked == 3
    assert repr(report) == ("The gradients are right: 3 derivatives compared. On a kink: x[0, 0].")


def test_many_kinks_are_counted():
    report = check_gradients(MaxPool2d(2), np.ones((1, 1, 4, 4)))
    assert report.ok
    assert len(report.skipped) == 16
    assert repr(report).endswith("16 in all.")


def test_a_wrong_layer_does_not_hide_on_its_kinks():
    class HalfReLU(ReLU):
        def backward(self, dy):
            return 0.5 * super().backward(dy)

    assert not check_gradients(HalfReLU(), np.zeros((1, 3))).ok


KINKED = [
    lambda: Sequential(
        Dense(4, 6, rng=rng()), BatchNorm(6), LeakyReLU(0.1), Dense(6, 2, rng=rng())
    ),
    lambda: Sequential(Dense(4, 6, bias=False, rng=rng()), ReLU(), Dense(6, 2, rng=rng())),
]


@pytest.mark.parametrize("make", KINKED)
@pytest.mark.parametrize("scale", [0, 1e-6])
def test_many_kinks_in_one_place_are_no_mistake(make, scale):
    net = make()
    report = check_gradients(net, scale * X)
    assert report.ok
    assert report.skipped
    right = net[-1].backward
    net[-1].backward = lambda dy: 1.01 * right(dy)
    assert not check_gradients(net, scale * X).ok


def test_a_wrong_slope_at_a_bend_is_no_kink():
    class Square(Layer):
        def forward(self, x):
            self.x = x
            return x**2

        def backward(self, dy):
            return dy * np.where(self.x == 0, 1e-3, 2 * self.x)

    report = check_gradients(Square(), np.array([1.0, 0.0]))
    assert report.worst.name == "x[1]"
    assert report.worst.analytic == pytest.approx(1e-3)
    assert not report.ok


def test_a_single_number_has_no_index():
    assert check_gradients(Scaled(1.0, 3.0), 0.5).worst.name == "x"


def test_the_words_of_a_failure():
    report = check_gradients(Scaled(1.0, 2.0), np.zeros(1))
    assert repr(report) == (
        "The gradients are wrong, of 1 derivatives the worst is "
        "dy[0]/dx[0]: backward says 2, finite differences 1."
    )


def test_layers_that_cannot_be_checked(monkeypatch):
    class Restless(Layer):
        def forward(self, x):
            self.count = getattr(self, "count", 0) + 1
            return x * self.count

    with pytest.raises(ValueError, match="Restless gives another output each time"):
        check_gradients(Restless(), X)

    class Narrow(Layer):
        def forward(self, x):
            return x.astype(np.float32)

    with pytest.raises(ValueError, match="Narrow gave float32 for a float64 x"):
        check_gradients(Narrow(), X)

    class Broken(Layer):
        def forward(self, x):
            return x / 0

    with pytest.raises(ValueError, match="Broken gave NaN or infinity"):
        check_gradients(Broken(), X)
    monkeypatch.setattr(dlnotes.gradcheck, "LARGEST", 100)
    with pytest.raises(ValueError, match="144 derivatives, wanted at most 100"):
        check_gradients(ReLU(), X)


def test_what_a_layer_changes_in_place_is_put_back():
    class Counting(ReLU):
        def __init__(self):
            self.seen = np.zeros(1)
            self.fixed = np.ones(1)
            self.fixed.flags.writeable = False

        def forward(self, x):
            self.seen += 1
            return super().forward(x)

    layer = Counting()
    y = layer(X)
    assert check_gradients(layer, X).ok
    assert layer.seen == 1
    assert np.array_equal(layer.backward(np.ones_like(y)), X > 0)  # of the forward before


def test_a_layer_whose_check_fails_is_put_back():
    layer = Dense(4, 3, rng=rng())
    with pytest.raises(ValueError, match="Dense: x has shape"):
        check_gradients(layer, X[:, :2])
    assert layer.weight.value.dtype == np.float32
    assert layer(X).dtype == np.float32


def test_a_backward_that_was_put_on_one_layer_alone():
    layer = Dense(4, 3, rng=rng())
    right = layer.backward
    layer.backward = lambda dy: right(dy)
    assert check_gradients(layer, X).ok
    layer.backward = lambda dy: 2 * right(dy)
    report = check_gradients(layer, X)
    assert report.worst.numeric == pytest.approx(report.worst.analytic / 2)


def test_float32_constants_of_a_layer_follow():
    class Filtered(Layer):
        def __init__(self):
            self.filter = np.ones(4, np.float32)

        def forward(self, x):
            return x * self.filter

        def backward(self, dy):
            assert self.filter.dtype == np.float64
            return dy * self.filter

    assert check_gradients(Filtered(), X).ok


@pytest.mark.parametrize(
    ("layer", "x", "options", "error", "message"),
    [
        (None, X, {}, TypeError, "layer is None"),
        (ReLU, X, {}, TypeError, "layer is <class"),
        (np.tanh, X, {}, TypeError, "layer is <ufunc"),
        (ReLU(), np.zeros((0, 3)), {}, ValueError, "x is empty"),
        (ReLU(), X * np.nan, {}, ValueError, "not finite"),
        (ReLU(), X * np.inf, {}, ValueError, "not finite"),
        (ReLU(), X * 1j, {}, TypeError, "x has dtype complex"),
        (ReLU(), X.astype(object), {}, TypeError, "x has dtype object"),
        (ReLU(), np.ma.masked_array(X), {}, TypeError, "x is a masked"),
        (ReLU(), "x", {}, TypeError, "x has dtype"),
        (Dense(3, 2, rng=rng()), X, {}, ValueError, "Dense: x has shape"),
        (ReLU(), X, {"tolerance": 0}, ValueError, "tolerance is 0"),
        (ReLU(), X, {"tolerance": "small"}, ValueError, "tolerance is 'small'"),
        (ReLU(), X, {"tolerance": np.nan}, ValueError, "tolerance is nan"),
        (Layer(), X, {}, NotImplementedError, "Layer has no forward"),
    ],
)
def test_bad_arguments(layer, x, options, error, message):
    with pytest.raises(error, match=message):
        check_gradients(layer, x, **options)


def test_finite_differences_are_the_jacobian():
    layer = Dense(4, 3, rng=rng(), dtype=np.float64)
    found = finite_differences(layer, X[:1])
    weight = layer.weight.value
    assert {name: array.shape for name, array in found.items()} == {
        "x": (3, 1, 4), "weight": (3, 4, 3), "bias": (3, 3),
    }  # fmt: skip
    np.testing.assert_allclose(found["x"][:, 0], weight.T, atol=1e-9)
    np.testing.assert_allclose(found["bias"], np.eye(3), atol=1e-9)
    for output in range(3):
        wanted = np.outer(X[0], np.eye(3)[output])
        np.testing.assert_allclose(found["weight"][output], wanted, atol=1e-9)


def test_finite_differences_ask_what_the_check_asks():
    with pytest.raises(TypeError, match="finite_differences: layer is 3, wanted a layer"):
        finite_differences(3, X)
    with pytest.raises(ValueError, match="finite_differences: x is empty or not finite"):
        finite_differences(ReLU(), X * np.nan)


def test_a_report_carries_the_differences_that_it_compared():
    layer, x = Dense(3, 2, rng=np.random.default_rng(0)), np.ones((2, 3))
    report, found = check_gradients(layer, x), finite_differences(layer, x)
    assert set(report.differences) == set(found) == {"x", "weight", "bias"}
    for name, values in found.items():
        np.testing.assert_array_equal(report.differences[name], values)
