"""Fused layers give what they give one by one, and nobody can tell."""

import copy
import gc
import tracemalloc
import weakref

import numpy as np
import pytest

from dlnotes import layers
from dlnotes.kernels.tiles import LANES
from dlnotes.layers import Conv2d, Dense, Flatten, LeakyReLU, MaxPool2d, ReLU, Sequential
from dlnotes.layers.fused import Run, run_length

needs_vectors = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")


def rng():
    return np.random.default_rng(3)


def network(bias=True):
    return Sequential(
        *(Conv2d(1, 3, 3, padding=1, bias=bias, rng=rng()), ReLU(), MaxPool2d(2)),
        *(Conv2d(3, 2, 2, rng=rng()), ReLU(), Flatten(), Dense(18, 4, rng=rng())),
    )


def x_and_dy():
    x = rng().standard_normal((2, 1, 8, 9)).astype(np.float32)
    return x, rng().standard_normal((2, 4)).astype(np.float32)


def one_by_one(net, x, dy):
    """dx and all gradients, by each layer's own methods."""
    for layer in net:
        x = layer(x)
    for layer in reversed(net.layers):
        dy = layer.backward(dy)
    return [x, dy, *(parameter.grad.copy() for parameter in net.parameters())]


def same(found, wanted):
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@needs_vectors
def test_these_are_fused():
    net = network()
    net(x_and_dy()[0])
    assert [i for i, step in net._steps if isinstance(step, Run)] == [2, 4]


@pytest.mark.parametrize("bias", [True, False])
def test_a_fused_network_is_its_layers(bias):
    net, (x, dy) = network(bias), x_and_dy()
    wanted = one_by_one(network(bias), x, dy)
    y = net(x)
    same([y, net.backward(dy), *(p.grad for p in net.parameters())], wanted)
    np.testing.assert_array_equal(net.trace(x)[-1], y)
    same([y, net.backward(dy), *(p.grad for p in net.parameters())], wanted)


def test_after_a_fused_forward_each_layer_has_its_own_backward():
    net, (x, dy) = network(), x_and_dy()
    wanted = one_by_one(network(), x, dy)
    y = net(x)
    for layer in reversed(net.layers):
        dy = layer.backward(dy)
    same([y, dy, *(p.grad for p in net.parameters())], wanted)


def test_a_copied_network_goes_on_by_itself():
    net, (x, dy) = network(), x_and_dy()
    y = net(x)
    again = copy.deepcopy(net)
    net(2 * x)
    same([y, again.backward(dy)], one_by_one(network(), x, dy)[:2])


@needs_vectors
def test_a_convolution_that_met_another_x_leaves_nothing_to_go_back_through():
    net, (x, _) = network(), x_and_dy()
    net(x)
    net[0](x)
    with pytest.raises(ValueError, match="MaxPool2d: backward came before forward"):
        net[2].backward(np.zeros((2, 3, 4, 4)))


def test_learning_wants_no_dx():
    net, (x, dy) = network(), x_and_dy()
    wanted = one_by_one(network(), x, dy)[2:]
    net(x)
    assert net.learn(dy) is None
    same([p.grad for p in net.parameters()], wanted)
    net.trace(x)
    net.learn(dy)
    same([p.grad for p in net.parameters()], wanted)


def test_learning_skips_what_has_nothing_to_learn():
    net = Sequential(Flatten(), ReLU(), Dense(4, 2, rng=rng()))
    net(np.ones((1, 2, 2)))
    net.layers[1].backward = None  # calling it would fail
    net.learn(np.ones((1, 2)))
    assert net[2].weight.grad.any()
    nothing = Sequential(ReLU(), LeakyReLU())
    nothing(np.ones((1, 2)))
    nothing.learn(np.ones((1, 2)))


def test_a_dy_that_does_not_fit_is_refused_at_the_layer_that_gave_y():
    net = Sequential(*network().layers[:3], ReLU())
    net(x_and_dy()[0])
    net.layers.pop()
    with pytest.raises(ValueError, match="^Sequential, layer 2: MaxPool2d: dy has shape"):
        net.backward(np.ones((1, 2)))


class Own(ReLU):
    """A reader's own, which may do anything."""


def test_only_what_is_known_is_fused():
    conv, relu, pool = Conv2d(1, 1, 3, rng=rng()), ReLU(), MaxPool2d(2)
    assert run_length([conv, relu, pool, Flatten()], 0) == 3
    assert run_length([conv, relu, pool], 0) == 2
    assert run_length([conv, relu], 0) == 1
    assert run_length([conv, Own(), pool, Flatten()], 0) == 1
    for other in (
        *(MaxPool2d(3), MaxPool2d(2, stride=1), MaxPool2d(2, padding=1), MaxPool2d(2, dilation=2)),
        *(MaxPool2d(2, ceil_mode=True), layers.AvgPool2d(2)),
    ):
        assert run_length([conv, relu, other, Flatten()], 0) == 2


@pytest.mark.parametrize(
    ("conv", "shape"),
    [
        (Conv2d(1, 2, 3, stride=2, rng=rng()), (2, 1, 9, 9)),
        (Conv2d(1, 2, 3, rng=rng(), dtype=np.float64), (2, 1, 9, 9)),
        (Conv2d(1, 2, 3, rng=rng()), (2, 1, 3, 9)),
        (Conv2d(1, 2, 3, rng=rng()), (0, 1, 9, 9)),
    ],
)
def test_what_tiles_cannot_do_goes_one_by_one(conv, shape):
    net = Sequential(conv, ReLU(), Flatten())
    y = net(np.ones(shape))
    assert not any(isinstance(step, Run) for _, step in net._steps)
    assert net.backward(y).shape == shape


@pytest.mark.parametrize("wild", [np.nan, np.inf])
def test_a_wild_pixel_reaches_only_weights_that_saw_it(wild):
    net = Sequential(*network().layers[:3], Flatten())
    x, _ = x_and_dy()
    x[0, 0, 0, 0] = wild
    y = net(x)
    net.backward(np.ones_like(y))
    fused = net[0].weight.grad.copy()
    alone = Sequential(*net.layers)
    with np.errstate(invalid="ignore"):
        one_by_one(alone, x, np.ones_like(y))
    np.testing.assert_array_equal(np.isfinite(fused), np.isfinite(net[0].weight.grad))


def test_a_step_allocates_at_most_its_activations_and_one_copy():
    net = Sequential(
        *(Conv2d(1, 4, 3, padding=1, rng=rng()), ReLU(), MaxPool2d(2)),
        *(Conv2d(4, 8, 3, padding=1, rng=rng()), ReLU(), MaxPool2d(2)),
        *(Flatten(), Dense(8 * 49, 10, rng=rng())),
    )
    x = rng().random((6, 1, 28, 28), np.float32)
    activations = sum(y.nbytes for y in net.trace(x)) + x.nbytes
    for _ in range(2):  # the first may fill caches
        tracemalloc.start()
        net.backward(net(x))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert most <= 2 * activations


@needs_vectors
def test_what_a_forward_left_is_gone_with_the_next():
    """Not only when Python looks for cycles: by then a thousand steps' activations wait."""
    net = Sequential(Conv2d(1, 2, 3, rng=rng()), ReLU(), MaxPool2d(2), Flatten())
    x = np.ones((2, 1, 8, 8), np.float32)
    gc.disable()
    try:
        net(x)
        left = [weakref.ref(step) for _, step in net._steps if isinstance(step, Run)]
        net(x)
        assert [run() for run in left] == [None]
    finally:
        gc.enable()
