"""Parameter and Layer: what a layer of one's own gets, and what a checkpoint relies on."""

import numpy as np
import pytest

from dlnotes.kernels.simd import LANES
from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Layer,
    LeakyReLU,
    MaxPool2d,
    Parameter,
    ReLU,
    Sequential,
)


def rng():
    return np.random.default_rng(3)


class Doubling(Layer):
    """A layer as a reader writes one."""

    def forward(self, x):
        return 2 * x

    def backward(self, dy):
        return 2 * dy


class Scaling(Layer):
    """A layer with a parameter and an option of its own."""

    def __init__(self, factor):
        self.factor = Parameter(factor)

    def forward(self, x):
        self.x = x
        return x * self.factor.value

    def backward(self, dy):
        self.factor.grad = np.sum(dy * self.x)
        return dy * self.factor.value

    def config(self):
        return {"factor": self.factor.value.tolist(), "colour": "red"}


def test_a_parameter_copies_what_it_is_given_and_starts_with_no_gradient():
    given = np.array([1.0, 2.0])
    parameter = Parameter(given)
    parameter.value -= 1
    parameter.value[0] = 7
    assert given.tolist() == [1, 2]
    assert parameter.value.tolist() == [7, 1]
    assert parameter.grad.tolist() == [0, 0]
    assert repr(parameter) == "Parameter(shape=(2,), dtype=float64)"


def test_a_gradient_that_was_read_never_changes_and_another_is_written_over():
    layer = Dense(2 * 16, 16, rng=rng())
    x, dy = np.ones((2, 32), np.float32), np.ones((2, 16), np.float32)

    def learnt(times):
        layer(x * np.float32(times))
        layer.learn(dy)

    learnt(1)
    unread = layer.weight.passing_grad()
    learnt(2)
    read = layer.weight.grad
    if LANES:  # what the library multiplies comes in an array of its own
        assert read is unread
    learnt(3)
    later = layer.weight.grad
    assert read is not later
    assert read.tolist() == [[4] * 16] * 32
    assert later.tolist() == [[6] * 16] * 32


def test_a_gradient_in_another_order_is_not_written_into():
    parameter = Parameter(np.zeros((2, 3), np.float32))
    parameter.take_grad(np.ones((3, 2), np.float32).T)
    assert parameter.spare_grad().flags.c_contiguous
    assert parameter.passing_grad().tolist() == [[1] * 3] * 2


def test_a_parameter_keeps_its_shape_and_dtype():
    parameter = Parameter(np.zeros((2, 3), np.float32))
    given = np.ones((2, 3), np.int64)
    parameter.value = given
    parameter.grad = given
    parameter.grad *= 0.5
    assert parameter.value.dtype == parameter.grad.dtype == np.float32
    assert given.tolist() == [[1, 1, 1], [1, 1, 1]]
    for bad in (np.ones((3, 2)), np.ones(6), 1.0, [], np.ones((1, 2, 3))):
        with pytest.raises(ValueError, match=r"Parameter: value has shape .*, wanted \(2, 3\)"):
            parameter.value = bad
        with pytest.raises(ValueError, match=r"Parameter: grad has shape .*, wanted \(2, 3\)"):
            parameter.grad = bad


@pytest.mark.parametrize(
    "bad",
    [
        *(None, "1", 1j, object(), [[1], [1, 2]], [None], {"a": 1}, {1, 2}, np.array(["a"])),
        *(np.ma.ones(3), [np.ma.ones(3)], np.zeros(1, "m8[s]"), np.zeros(2, complex)),
    ],
)
def test_a_parameter_is_of_real_numbers(bad):
    with pytest.raises(TypeError, match="Parameter: value"):
        Parameter(bad)
    parameter = Parameter(np.zeros(3))
    with pytest.raises(TypeError, match="Parameter: value"):
        parameter.value = bad
    with pytest.raises(TypeError, match="Parameter: grad"):
        parameter.grad = bad


def test_a_layer_of_ones_own_needs_only_forward_and_backward():
    net = Sequential(Doubling(), Scaling(3.0))
    x = np.ones((2, 1))
    assert net(x).tolist() == [[6], [6]]
    assert net.backward(x).tolist() == [[6], [6]]
    assert [p.grad.tolist() for p in net.parameters()] == [4]
    assert net.output_shape((2, 1)) == (2, 1)
    assert net.multiply_adds((2, 1)) == 0
    assert repr(net[0]) == "Doubling()"
    assert repr(net[1]) == "Scaling(3.0, colour='red')"
    assert Layer().config() == {}


@pytest.mark.parametrize(
    "bad", [None, 1, 1.5, "x", [], {}, (), np.ones(2), np.ones((1, 2)), True, 1j, object()]
)
def test_a_bare_layer_computes_nothing(bad):
    with pytest.raises(NotImplementedError, match="Layer has no forward"):
        Layer()(bad)
    with pytest.raises(NotImplementedError, match="Layer has no backward"):
        Layer().backward(bad)


def test_training_is_set_for_all_layers_inside():
    net = Sequential(Sequential(Dropout(0.5, rng=rng())), BatchNorm(2))
    assert net.training
    net.training = False
    assert not any(layer.training for layer in (net, net[0], net[0][0], net[1]))
    net.training = np.True_
    assert net[0][0].training is True


@pytest.mark.parametrize("bad", [None, 0, 1, "yes", [], np.ones(1)])
def test_training_is_true_or_false(bad):
    with pytest.raises(ValueError, match="ReLU: training is .*, wanted True or False"):
        ReLU().training = bad


def test_state_is_a_copy_of_parameters_and_buffers():
    net = Sequential(Dense(2, 3, rng=rng()), BatchNorm(3))
    state = net.state()
    assert list(state) == [
        *("0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"),
    ]
    assert [name for name, _ in net.named_parameters()] == list(state)[:4]
    state["0.weight"][:] = 5
    state["1.running_mean"][:] = 5
    assert not (net[0].weight.value == 5).any()
    net.load_state(state)
    state["1.running_mean"][:] = 6
    assert (net[0].weight.value == 5).all()
    assert (net[1].running_mean == 5).all()


def test_a_state_that_does_not_fit_changes_nothing():
    net = Sequential(Dense(2, 3, rng=rng()), BatchNorm(3))
    before, fresh = net.state(), {name: value + 1 for name, value in net.state().items()}
    short = {name: value for name, value in fresh.items() if name != "0.bias"}
    for bad, message in (
        (short, "differ in 0.bias"),
        (fresh | {"2.weight": 1}, "differ in 2.weight"),
        (fresh | {"1.running_var": np.ones(4)}, r"1.running_var has shape \(4,\), wanted \(3,\)"),
        (fresh | {"0.weight": np.ones((3, 2))}, r"0.weight has shape \(3, 2\), wanted \(2, 3\)"),
    ):
        with pytest.raises(ValueError, match=f"^Sequential: .*{message}"):
            net.load_state(bad)
        for name, value in net.state().items():
            np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize(
    ("layer", "written"),
    [
        (Dense(2, 3, rng=rng()), "Dense(2, 3)"),
        (
            Dense(2, 3, bias=False, rng=rng(), dtype=float),
            "Dense(2, 3, bias=False, dtype='float64')",
        ),
        (Conv2d(1, 8, 3, padding="same", rng=rng()), "Conv2d(1, 8, 3, padding='same')"),
        (Conv2d(2, 8, (3, 1), groups=2, rng=rng()), "Conv2d(2, 8, [3, 1], groups=2)"),
        (MaxPool2d(2), "MaxPool2d(2)"),
        (MaxPool2d(2, stride=(1, 2)), "MaxPool2d(2, stride=[1, 2])"),
        (AvgPool2d(2, ceil_mode=True), "AvgPool2d(2, ceil_mode=True)"),
        (LeakyReLU(0.2), "LeakyReLU(0.2)"),
        (ReLU(), "ReLU()"),
        (Dropout(0.3, rng=rng()), "Dropout(0.3)"),
    ],
)
def test_a_layer_shows_itself_as_it_was_made(layer, written):
    assert repr(layer) == written
