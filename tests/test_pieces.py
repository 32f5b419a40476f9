"""Straight pieces, held against rational arithmetic, against samples, and against theory."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import dlnotes as dl
from dlnotes.pieces import linear_pieces, most_pieces, pieces_of, sawtooth


def make(rng, widths, *, whole=False, slope=None, bias=True):
    """A random network 1 → widths → 1 in float64; with `whole`, of small whole numbers."""
    layers = []
    for n_in, n_out in pairwise([1, *widths, 1]):
        dense = dl.Dense(n_in, n_out, rng=rng, dtype=np.float64, bias=bias)
        for parameter in dense.parameters():
            shape = parameter.value.shape
            parameter.value[:] = rng.integers(-3, 4, shape) if whole else rng.normal(0, 1, shape)
        layers += [dense, dl.ReLU() if slope is None else dl.LeakyReLU(slope)]
    return dl.Sequential(layers[:-1])


def exact_count(net, low, high):
    """The same count in rational numbers, by brute force: every kink of every neuron is an edge."""
    lines = [(Fraction(1), Fraction(0))]
    edges = {Fraction(low), Fraction(high)}

    def value(x, depth):
        """What flows out of the first `depth` layers, and into the next ReLU."""
        flowing = [x]
        for i in range(depth):
            layer = net[2 * i]
            weight = [[Fraction(float(w)) for w in line] for line in layer.weight.value]
            bias = [Fraction(float(b)) for b in layer.bias.value]
            flowing = [
                sum((flowing[c] * weight[c][o] for c in range(len(flowing))), bias[o])
                for o in range(len(bias))
            ]
            if i < depth - 1:
                flowing = [max(entry, Fraction(0)) for entry in flowing]
        return flowing

    layers = (len(net) + 1) // 2
    for depth in range(1, layers):
        for a, b in pairwise(sorted(edges)):
            # Between two edges every neuron of this layer is a straight line.
            for left, right in zip(value(a, depth), value(b, depth), strict=True):
                if left * right < 0:
                    edges.add(a + (b - a) * left / (left - right))
    lines = []
    for a, b in pairwise(sorted(edges)):
        (left,), (right,) = value(a, layers), value(b, layers)
        slope = (right - left) / (b - a)
        lines.append((slope, left - slope * a))
    return 1 + sum(first != second for first, second in pairwise(lines))


@pytest.mark.parametrize("widths", [(1,), (3,), (8,), (3, 3), (2, 4, 3)])
@pytest.mark.parametrize("seed", range(4))
def test_the_count_is_that_of_rational_arithmetic(widths, seed):
    rng = np.random.default_rng(seed)
    for whole in (True, False):
        net = make(rng, widths, whole=whole)
        assert linear_pieces(net, -2, 3).count == exact_count(net, -2, 3)


@pytest.mark.parametrize("slope", [None, 0.1, 1.0])
@pytest.mark.parametrize("widths", [(5,), (4, 4), (6, 3, 6)])
def test_the_chain_of_lines_is_the_network(widths, slope):
    rng = np.random.default_rng(7)
    for bias in (True, False):
        net = make(rng, widths, slope=slope, bias=bias)
        for low, high in ((-5, 5), (-math.inf, math.inf), (-math.inf, 0.5), (0.5, math.inf)):
            x = rng.uniform(max(low, -9), min(high, 9), 300)
            pieces = linear_pieces(net, low, high)
            np.testing.assert_allclose(pieces(x), net.forward(x[:, None]), atol=1e-9)
            assert (np.diff(pieces.edges) > 0).all()
            assert [pieces.edges[0], pieces.edges[-1]] == [low, high]
            assert pieces.count <= most_pieces(widths)
        if slope == 1.0:
            assert linear_pieces(net).count == 1


def test_every_output_has_its_lines():
    rng = np.random.default_rng(1)
    net = dl.Sequential(
        dl.Dense(1, 4, rng=rng, dtype=np.float64), dl.ReLU(), dl.Dense(4, 3, rng=rng)
    )
    pieces = linear_pieces(net)
    assert pieces.slopes.shape == pieces.intercepts.shape == (pieces.count, 3)
    x = rng.uniform(-3, 3, 50)
    np.testing.assert_allclose(pieces(x), net.forward(x[:, None]), atol=1e-6)


def test_a_network_that_is_flat_has_one_piece():
    net = make(np.random.default_rng(0), (3, 3))
    net[-1].weight.value[:] = 0
    assert linear_pieces(net).count == 1


@pytest.mark.parametrize("teeth", [1, 2, 3, 5, 8, 13])
def test_the_sawtooth_made_by_hand(teeth):
    net = sawtooth(teeth, -1, 3)
    pieces = linear_pieces(net, -1, 3)
    assert pieces.count == 2 * teeth
    np.testing.assert_allclose(pieces.edges, np.linspace(-1, 3, 2 * teeth + 1), atol=1e-12)
    heights = net.forward(pieces.edges[:, None])[:, 0]
    np.testing.assert_allclose(heights, np.arange(2 * teeth + 1) % 2, atol=1e-12)
    depth = 1 + math.ceil(math.log2(teeth))
    assert sum(parameter.value.size for parameter in net.parameters()) == 6 * depth + 1
    assert pieces.count <= most_pieces([2] * depth)


def test_the_bound_is_the_product():
    assert most_pieces([]) == 1
    assert most_pieces([4, 4, 4]) == 125
    assert most_pieces([12]) == 13


def test_one_layer_reaches_the_bound():
    net = make(np.random.default_rng(0), (9,))
    assert linear_pieces(net).count == most_pieces([9]) == 10


def test_what_has_no_pieces_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="layer 1 is Tanh; only Dense and ReLU make pieces"):
        linear_pieces(dl.Sequential(dl.Dense(1, 2, rng=rng), dl.Tanh()))
    with pytest.raises(ValueError, match="a layer takes 2 inputs; 1 come"):
        linear_pieces(dl.Sequential(dl.Dense(2, 2, rng=rng)))
    for low, high in ((1, 1), (2, 1), (math.nan, 1)):
        with pytest.raises(ValueError, match="not below high"):
            pieces_of([], low, high)
        with pytest.raises(ValueError, match="not below high"):
            sawtooth(2, low, high)
    for teeth in (0, -1, 2.5, "3"):
        with pytest.raises(ValueError, match="a whole number from 1 up"):
            sawtooth(teeth)
