"""Inside a dense layer: every number is that of the textbook's sums."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.layers import (
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)
from dlnotes.widgets import dense_explorer
from dlnotes.widgets.dense_explorer import DenseExplorer
from dlnotes.widgets.picture_value import value_of

X = np.random.default_rng(1).random((3, 1, 28, 28)).astype(np.float32)
RULES = {
    "relu": lambda z: reference.leaky_relu(z, 0),
    "sigmoid": reference.sigmoid,
    "tanh": reference.tanh,
    "none": lambda z: z,
}


def network(hidden=5, *, bias=True, flatten=True):
    rng = np.random.default_rng(0)
    layers = [Dense(784, hidden, rng=rng, bias=bias), ReLU(), Dense(hidden, 10, rng=rng)]
    return Sequential(Flatten(), *layers) if flatten else Sequential(*layers)


def explorer(**options):
    return DenseExplorer(network(), X, **options)


def shown(made):
    return made.compute(**made.values)


@pytest.mark.parametrize("activation", RULES)
def test_its_numbers_are_those_of_the_definition(activation):
    made = explorer(unit=4, example=2, activation=activation)
    found, (_flatten, first, _relu, second) = shown(made), made.net
    x = X[2].reshape(1, 784).astype(float)
    weight, bias = first.weight.value.astype(float), first.bias.value.astype(float)
    z = reference.dense(x, weight, bias)
    a = RULES[activation](z)
    assert found["z"] == pytest.approx(z[0, 3])
    assert found["a"] == pytest.approx(a[0, 3])
    assert found["bias"] == bias[3]
    assert found["running"][-1] == pytest.approx(z[0, 3] - bias[3])
    assert found["running"][99] == pytest.approx(sum(x[0, i] * weight[i, 3] for i in range(100)))
    np.testing.assert_allclose(found["products"].ravel(), x[0] * weight[:, 3])
    np.testing.assert_allclose(found["outputs"], a[0])
    after = second.weight.value.astype(float)
    np.testing.assert_allclose(found["parts"], a[0, 3] * after[3])
    logits = reference.dense(a, after, second.bias.value.astype(float))
    np.testing.assert_allclose(found["probabilities"], reference.softmax(logits)[0])
    curve_z, curve_a = found["curve"]
    np.testing.assert_allclose(curve_a, RULES[activation](curve_z), atol=1e-12)
    assert repr(made).startswith("DenseExplorer(unit=4, sum=")


def test_the_sentence_says_the_sum():
    made = explorer(unit=2)
    assert made._frame["says"].startswith("Unit 2: the 784 products add up to ")
    assert "ReLU makes a = " in made._frame["says"]
    assert "Pixel" not in made._frame["says"]


@pytest.mark.parametrize("image", ["picture", "weights", "products"])
def test_a_pixel_is_pointed_at(image):
    made = explorer()
    page = Page(made)
    page.pick(image, "hover", x=12.7, y=3.2)
    assert made.pixel == [3, 12]
    result = shown(made)
    assert "Pixel in row 3, column 12: " in made._frame["says"]
    assert result["products"][3, 12] == pytest.approx(
        result["image"][3, 12] * result["weights"][3, 12]
    )
    check_frame(made, made._frame)
    for key, wanted in (
        ("ArrowUp", [2, 12]),
        ("ArrowDown", [3, 12]),
        ("ArrowRight", [3, 13]),
        ("ArrowLeft", [3, 12]),
        ("Home", [3, 12]),
    ):
        page.pick(image, "key", key=key)
        assert made.pixel == wanted
    page.pick(image, "click", x=99, y=-4)
    assert made.pixel == [0, 27]
    fresh = explorer()
    Page(fresh).pick(image, "key", key="ArrowUp")
    assert fresh.pixel == [13, 14]


def test_a_unit_is_clicked():
    made = explorer(unit=1)
    page = Page(made)
    page.pick("units", "click", x=3.8, y=0.1)
    assert made.unit == 4
    for key, wanted in (("ArrowRight", 5), ("ArrowRight", 5), ("ArrowLeft", 4), ("Home", 4)):
        page.pick("units", "key", key=key)
        assert made.unit == wanted
    page.pick("elsewhere", "click", x=1, y=1)
    assert made.unit == 4


def test_a_picture_can_be_handed_over():
    made = explorer(example=1)
    mine = np.eye(28)
    made.picture = value_of(mine)
    np.testing.assert_array_equal(shown(made)["image"], mine)
    assert made.example_picture == value_of(mine)
    Page(made).set("example", 2)
    assert made.picture is None
    assert made.example_picture == value_of(X[2])
    made.picture = [[1]]
    assert "28 rows of 28" in made._frame["error"]["sentence"]


@pytest.mark.parametrize(
    ("between", "activation"),
    [
        ([ReLU()], "relu"),
        ([Sigmoid()], "sigmoid"),
        ([Dropout(0.5, rng=np.random.default_rng(0)), Tanh()], "tanh"),
        ([], "none"),
        ([LeakyReLU()], "own"),
        ([Tanh(), ReLU()], "own"),
    ],
)
def test_it_begins_with_the_networks_own_activation(between, activation):
    rng = np.random.default_rng(0)
    net = Sequential(Dense(784, 4, rng=rng), *between, Dense(4, 10, rng=rng), ReLU())
    assert DenseExplorer(net, np.zeros((1, 1, 28, 28))).activation == activation


class Square(Layer):
    def forward(self, x):
        return x * x


@pytest.mark.parametrize("last", [[], [ReLU()], [Softmax()], [LeakyReLU(0.3), Softmax()]])
@pytest.mark.parametrize(
    ("between", "name"),
    [
        ([LeakyReLU(0.2)], "LeakyReLU(0.2)"),
        ([BatchNorm(5), Sigmoid()], "BatchNorm(5) and Sigmoid"),
        ([Softmax()], "Softmax"),
        ([Square()], "Square"),
        ([Dropout(0.9, rng=np.random.default_rng(0)), Tanh(), Tanh()], "Tanh and Tanh"),
        ([ReLU(), Dropout(0.9, rng=np.random.default_rng(0))], "ReLU"),
    ],
)
def test_whatever_the_layers_are_it_shows_what_the_network_does(between, name, last):
    rng = np.random.default_rng(3)
    inside = [Dense(784, 5, rng=rng), *between]
    net = Sequential(Flatten(), *inside, Dense(5, 10, rng=rng), *last)
    if isinstance(between[0], BatchNorm):
        between[0].running_mean = rng.standard_normal(5).astype(np.float32)
        between[0].weight.value = rng.standard_normal(5)
    net.training, kept = True, between[0]._kept
    made = DenseExplorer(net, X, unit=2, example=1)
    found = shown(made)
    assert net.training
    assert between[0]._kept is kept  # a network in the middle of its training is left alone
    assert f"Activation: {name}" in "".join(ElementTree.fromstring(made.svg()).itertext())
    assert f"and {name} makes a = " in made._frame["says"]
    net.training = False
    y, outputs = net(X[1:2]), Sequential(*inside)(X[1].reshape(1, 784))[0]
    if last[-1:] == [] or not isinstance(last[-1], Softmax):
        y = reference.softmax(y)
    np.testing.assert_allclose(found["probabilities"], y[0], rtol=1e-4)
    np.testing.assert_allclose(found["outputs"], outputs, rtol=1e-4, atol=1e-6)
    z, a = found["curve"]
    place = np.searchsorted(z, found["z"])
    assert (
        min(a[place - 1 : place + 1]) - 1e-9 <= found["a"] <= max(a[place - 1 : place + 1]) + 1e-9
    )
    check_frame(made, made._frame)


def test_a_plain_activation_has_no_second_name():
    assert "own" not in dict(explorer()._controls["activation"]["options"])
    with pytest.raises(ValueError, match="takes one of relu, sigmoid, tanh, none, not 'own'"):
        explorer(activation="own")


def test_networks_of_other_forms():
    check_frame(plain := DenseExplorer(network(flatten=False, bias=False), X), plain._frame)
    assert shown(plain)["bias"] == 0
    assert plain._controls["unit"]["maximum"] == 5
    assert plain._controls["example"]["maximum"] == 2
    rng = np.random.default_rng(0)
    for wrong in (
        Sequential(Dense(784, 10, rng=rng)),
        Sequential(Dense(64, 5, rng=rng), Dense(5, 10, rng=rng)),
        Sequential(ReLU(), Dense(784, 5, rng=rng), Dense(5, 10, rng=rng)),
        Dense(784, 10, rng=rng),
    ):
        with pytest.raises(ValueError, match="net must be two dense layers, 784–H–10"):
            DenseExplorer(wrong, X)
    with pytest.raises(ValueError, match="do not fit: 5 outputs, 4 inputs"):
        DenseExplorer(Sequential(Dense(784, 5, rng=rng), Dense(4, 10, rng=rng)), X)
    for bad in (X[:0], X[:, :, :7]):
        with pytest.raises(ValueError, match=r"wanted \(n, 1, 28, 28\)"):
            DenseExplorer(network(), bad)


def test_blank_pictures_and_silent_units_are_drawn():
    net = network()
    net[1].weight.value *= 0
    net[1].bias.value *= 0
    made = DenseExplorer(net, np.zeros((1, 784)))
    for activation in RULES:
        made.activation = activation
        check_frame(made, made._frame)


def test_without_arguments_it_trains_a_network_and_takes_real_digits(monkeypatch):
    monkeypatch.setattr(dense_explorer.trained, "dense", network)
    monkeypatch.setattr(dense_explorer.data, "digits", lambda size: (X, None))
    made = DenseExplorer()
    assert len(made.images) == 3
    assert "The whole layer" in "".join(ElementTree.fromstring(made.svg()).itertext())


def test_everything_can_be_moved():
    assert move_everything(explorer(), np.random.default_rng(0)) > 30
