"""Layers one after another, their trace, and the table that a notebook shows."""

import numpy as np
import pytest
from layer_checks import close

from dlnotes.layers import BatchNorm, Conv2d, Dense, Flatten, Layer, MaxPool2d, ReLU, Sequential


def rng():
    return np.random.default_rng(3)


def network():
    return Sequential(
        Conv2d(1, 8, 3, padding="same", rng=rng()),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dense(1568, 10, rng=rng()),
    )


def test_forward_runs_first_to_last_and_backward_last_to_first():
    one, two = Dense(3, 4, rng=rng(), dtype=float), Dense(4, 2, rng=rng(), dtype=float)
    net = Sequential(one, ReLU(), two)
    x = rng().standard_normal((5, 3))
    hidden = np.maximum(x @ one.weight.value + one.bias.value, 0)
    y = net(x)
    close(y, hidden @ two.weight.value + two.bias.value, 1e-14)
    dx = net.backward(y)
    close(dx, ((y @ two.weight.value.T) * (hidden > 0)) @ one.weight.value.T, 1e-14)
    assert net.parameters() == [*one.parameters(), *two.parameters()]


def test_a_list_of_layers_is_a_network_too():
    layers = [Dense(3, 4, rng=rng()), ReLU()]
    assert [*Sequential(layers)] == layers == [*Sequential(*layers)]


def test_trace_gives_every_layers_output():
    net, x = network(), rng().standard_normal((2, 1, 28, 28))
    outputs = net.trace(x)
    assert [y.shape for y in outputs] == [
        *((2, 8, 28, 28), (2, 8, 28, 28), (2, 8, 14, 14), (2, 1568), (2, 10)),
    ]
    np.testing.assert_array_equal(outputs[-1], net(x))
    np.testing.assert_array_equal(outputs[1], np.maximum(outputs[0], 0))


def test_indexing_shares_the_layers():
    net = network()
    assert len(net) == 5
    assert isinstance(net[0], Conv2d)
    assert net[-1] is net[4]
    head = net[3:]
    assert isinstance(head, Sequential)
    assert [*head] == [net[3], net[4]]
    with pytest.raises(IndexError):
        net[5]


def test_shapes_and_multiply_adds_follow_the_layers():
    net = network()
    assert net.output_shape((7, 1, 28, 28)) == (7, 10)
    assert net.multiply_adds((1, 1, 28, 28)) == 8 * 9 * 784 + 15_680
    assert net.multiply_adds((7, 1, 28, 28)) == 7 * net.multiply_adds((1, 1, 28, 28))


@pytest.mark.parametrize("shape", [(1, 1, 27, 27), (1, 2, 28, 28), (28, 28), (0, 1, 28, 26)])
def test_a_shape_that_does_not_fit_is_refused_at_its_layer(shape):
    net = network()
    for refused in (lambda: net(np.ones(shape)), lambda: net.output_shape(shape)):
        with pytest.raises(
            ValueError, match=r"^Sequential, layer [04]: (Conv2d|Dense): x has shape"
        ):
            refused()
    with pytest.raises(ValueError, match=r"^Sequential, layer [04]: "):
        net.multiply_adds(shape)


def test_a_dy_that_does_not_fit_is_refused_at_its_layer():
    net = Sequential(Dense(2, 3, rng=rng()), ReLU())
    with pytest.raises(ValueError, match="^Sequential, layer 1: ReLU: backward came before"):
        net.backward(np.ones((1, 3)))
    net(np.ones((1, 2)))
    with pytest.raises(ValueError, match="^Sequential, layer 1: ReLU: dy has shape"):
        net.backward(np.ones((1, 2)))


@pytest.mark.parametrize(
    "bad", [None, 3, "ReLU", ReLU, [ReLU()], (), np.ones(2), {}, object(), 1.5, len, Layer]
)
def test_only_layers_make_a_network(bad):
    with pytest.raises(TypeError, match="^Sequential: item 1 is .*, wanted a Layer"):
        Sequential(ReLU(), bad)


def test_a_network_has_layers_and_each_once():
    for none in ((), ([],), ((),)):
        with pytest.raises(ValueError, match="no layers came"):
            Sequential(*none)
    shared = ReLU()
    for again in ([shared, BatchNorm(2), shared], [Sequential(shared), BatchNorm(2), shared]):
        with pytest.raises(ValueError, match="ReLU 0 stands again at 2"):
            Sequential(*again)


def test_table_of_the_x_that_came_last():
    net = network()
    assert repr(net) == "\n".join(
        [
            "   layer                            output  parameters  multiply-adds",
            "0  Conv2d(1, 8, 3, padding='same')  ?               80              ?",
            "1  ReLU()                           ?                0              ?",
            "2  MaxPool2d(2)                     ?                0              ?",
            "3  Flatten()                        ?                0              ?",
            "4  Dense(1568, 10)                  ?           15,690              ?",
            "   all                                          15,770              ?",
            '"?" is known once an x has gone through, or from input_shape=(…) of one example.',
        ]
    )
    net(np.zeros((2, 1, 28, 28)))
    assert repr(net) == "\n".join(
        [
            "   layer                            output          parameters  multiply-adds",
            "0  Conv2d(1, 8, 3, padding='same')  (n, 8, 28, 28)          80         56,448",
            "1  ReLU()                           (n, 8, 28, 28)           0              0",
            "2  MaxPool2d(2)                     (n, 8, 14, 14)           0              0",
            "3  Flatten()                        (n, 1568)                0              0",
            "4  Dense(1568, 10)                  (n, 10)             15,690         15,680",
            "   all                                                  15,770         72,128",
            "Multiply-adds are for one example.",
        ]
    )


def test_table_before_the_first_x():
    dense = Sequential(Dense(784, 100, rng=rng()), ReLU(), Dense(100, 10, rng=rng()))
    assert "79,510" in repr(dense)
    assert "79,400" in repr(dense)
    inside = Sequential(dense, ReLU())
    assert "0  Sequential(3 layers)  (n, 10)      79,510         79,400" in repr(inside)
    pool = Sequential(MaxPool2d(2), input_shape=(3, 8, 6))
    assert "(n, 3, 4, 3)" in repr(pool)
    pool.layers.append(Dense(5, 5, rng=rng()))  # what does not fit has no shape to show
    assert "1  Dense(5, 5)   ? " in repr(pool)


def test_a_part_knows_the_shape_that_comes_to_it():
    net = network()
    assert net[1:].example_shape() is None  # nor does the whole
    net(np.zeros((2, 1, 28, 28)))
    for part in (net[:-1], net[:2][:1], net[-5:3]):
        assert part.example_shape() == (1, 28, 28)
    assert net[1:].example_shape() == net[1:3].example_shape() == (8, 28, 28)
    assert net[3:].example_shape() == net[2:][1:].example_shape() == (8, 14, 14)
    assert "(n, 1568)" in repr(net[3:])
    assert "?" not in repr(net[:-1])
    named = Sequential(MaxPool2d(2), ReLU(), input_shape=(3, 8, 6))
    assert named[1:].example_shape() == (3, 4, 3)
    dense = Sequential(Dense(7, 5, rng=rng()), ReLU(), Dense(5, 2, rng=rng()))
    assert dense[1:].example_shape() == (5,)
    named.layers.insert(0, Dense(5, 5, rng=rng()))  # what does not fit has no shape to show
    assert named[1:].example_shape() is None


def test_table_in_a_notebook():
    html = Sequential(Dense(2, 3, rng=rng()), ReLU())._repr_html_()
    assert html.count("<tr>") == 4
    assert '<td style="text-align: left">Dense(2, 3)</td>' in html
    assert '<th style="text-align: right">9</th>' in html
    assert "<caption>Multiply-adds are for one example.</caption>" in html


@pytest.mark.parametrize("bad", ["28", 28, (0,), (-1,), (1.5,), (True,), (None,), 1j, {4}])
def test_input_shape_is_the_shape_of_one_example(bad):
    with pytest.raises(ValueError, match="^Sequential: input_shape is .*, wanted"):
        Sequential(ReLU(), input_shape=bad)


def test_input_shape_must_fit_the_layers():
    with pytest.raises(ValueError, match="layer 0: Dense: x has shape"):
        Sequential(Dense(4, 2, rng=rng()), input_shape=(5,))
