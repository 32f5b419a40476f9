"""Networks trained together learn what each would learn alone."""

import numpy as np
import pytest
import reference

import dlnotes as dl
from dlnotes.ensemble import Ensemble
from dlnotes.pieces import pieces_of, sawtooth

X = np.linspace(-1, 1, 9)[:, None]
Y = np.abs(X) - 0.3 * X


def test_each_is_the_network_that_it_is_alone():
    ensemble = Ensemble([1, 4, 3, 1], [3, 8])
    outputs = ensemble.predict(X)
    assert outputs.shape == (2, 9, 1)
    for i in range(2):
        net = ensemble.network(i)
        np.testing.assert_allclose(outputs[i], net.forward(X), atol=1e-12)
        flowing = X
        for j in range(0, 5, 2):
            flowing = reference.dense(flowing, net[j].weight.value, net[j].bias.value)
            flowing = np.maximum(flowing, 0) if j < 4 else flowing
        np.testing.assert_allclose(outputs[i], flowing, atol=1e-12)
        assert ensemble.count == sum(parameter.value.size for parameter in net.parameters())


def test_it_learns_as_each_would_alone():
    ensemble = Ensemble([1, 4, 3, 1], [3, 8], lr=0.02)
    nets = [ensemble.network(i) for i in range(2)]
    ensemble.train(X, Y, 7)
    for i, net in enumerate(nets):
        loss, optimizer = dl.MeanSquaredError(), dl.optim.Adam(net.parameters(), lr=0.02)
        for _step in range(7):
            loss(net.forward(X), Y)
            net.backward(loss.backward())
            optimizer.step()
        np.testing.assert_allclose(ensemble.predict(X)[i], net.forward(X), atol=1e-9)


def test_the_loss_is_each_network_s_own():
    ensemble = Ensemble([1, 3, 1], [0, 1, 2])
    losses = ensemble.backward(X, Y)
    np.testing.assert_allclose(losses, ((ensemble.predict(X) - Y) ** 2).mean(axis=(1, 2)))
    assert [weight.grad.shape for weight, _bias in ensemble.layers] == [(3, 1, 3), (3, 3, 1)]


def test_a_seed_says_all_about_a_start():
    first, second = Ensemble([1, 3, 1], [5, 6]), Ensemble([1, 3, 1], [6])
    np.testing.assert_array_equal(first.predict(X)[1], second.predict(X)[0])
    assert (first.predict(X)[0] != first.predict(X)[1]).any()


def test_its_networks_pieces_can_be_counted():
    ensemble = Ensemble([1, 5, 1], [4])
    pieces = pieces_of(ensemble.steps(0), -1, 1)
    np.testing.assert_allclose(pieces(X[:, 0]), ensemble.predict(X)[0], atol=1e-12)
    assert pieces.count == dl.linear_pieces(ensemble.network(0), -1, 1).count


def test_it_can_start_near_a_network():
    net = sawtooth(3, -1, 1)
    exact = Ensemble.near(net, [0, 1], noise=0.0)
    for output in exact.predict(X):
        np.testing.assert_allclose(output, net.forward(X), atol=1e-12)
    off = Ensemble.near(net, [0, 1], noise=0.01).predict(X)
    assert np.abs(off - net.forward(X)).max() > 0
    assert (off[0] != off[1]).any()


def test_steps_that_are_too_large_are_said():
    ensemble = Ensemble([1, 3, 1], [0], lr=1e200)
    with pytest.raises(dl.Diverged, match="Lower the learning rate and start again"):
        ensemble.train(X, Y, 10)


@pytest.mark.parametrize("sizes", [[], [1], [1, 0, 1]])
def test_sizes_that_make_no_network_are_refused(sizes):
    with pytest.raises(ValueError, match="sizes are two numbers or more from 1 up"):
        Ensemble(sizes, [0])


def test_no_seed_is_refused():
    with pytest.raises(ValueError, match="no seeds"):
        Ensemble([1, 2, 1], [])
