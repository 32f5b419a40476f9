"""Ten layers without a non-linearity are one; with it they are not."""

import numpy as np
import pytest
import reference
from driver import check_frame, move_everything

from dlnotes.layers import Dense
from dlnotes.widgets.layer_collapse import LayerCollapse, collapsed, network, units


def shown(explorer):
    return explorer.compute(**explorer.values)


@pytest.mark.parametrize("layers", [1, 2, 10])
@pytest.mark.parametrize("width", [1, 5])
def test_without_relu_the_single_layer_is_equal(layers, width):
    for seed in range(3):
        explorer = LayerCollapse(layers=layers, width=width, seed=seed, relu=False)
        check_frame(explorer, explorer._frame)
        result = shown(explorer)
        assert result["pieces"] == 1
        verb = "is" if layers == 1 else "are"
        assert f"{verb} one straight line" in explorer._frame["says"]
        assert "+ −" not in explorer._frame["says"]
        line = result["weight"] * result["grid"] + result["bias"]
        np.testing.assert_allclose(result["through"], line, rtol=1e-9, atol=1e-9)
        assert result["slope"] == pytest.approx(result["weight"], abs=1e-9)
        assert result["height"] == pytest.approx(result["bias"], abs=1e-9)
        assert len(result["rows"]) == layers
        for through, single in result["rows"]:
            np.testing.assert_allclose(through, single, rtol=1e-9, atol=1e-9)
        assert explorer.svg().count(">≠<") == 0
        assert explorer.svg().count(">=<") == layers


def test_with_relu_it_is_not():
    explorer = LayerCollapse(layers=10, relu=True)
    check_frame(explorer, explorer._frame)
    result = shown(explorer)
    assert result["pieces"] > 5
    assert result["apart"] > 0.1
    assert "equal=False" in repr(explorer)
    assert ">≠<" in explorer.svg()


def test_one_layer_has_nothing_between():
    assert "equal=True" in repr(LayerCollapse(layers=1, relu=True))


def test_the_weights_are_the_same_with_and_without():
    with_relu, without = network(4, 3, True, 7), network(4, 3, False, 7)
    dense = [layer for layer in with_relu if isinstance(layer, Dense)]
    for one, other in zip(dense, without, strict=True):
        np.testing.assert_array_equal(one.weight.value, other.weight.value)
        np.testing.assert_array_equal(one.bias.value, other.bias.value)


def test_the_rows_are_the_network_by_the_textbook():
    net = network(3, 4, True, 5)
    dense = [layer for layer in net if isinstance(layer, Dense)]
    result = shown(LayerCollapse(layers=3, width=4, seed=5, x=0.5))
    flowing, linear = np.array([[0.5]]), np.array([[0.5]])
    for i, layer in enumerate(dense):
        flowing = reference.dense(flowing, layer.weight.value, layer.bias.value)
        linear = reference.dense(linear, layer.weight.value, layer.bias.value)
        flowing = reference.leaky_relu(flowing, 0.0) if i < 2 else flowing
        np.testing.assert_allclose(result["rows"][i][0], flowing[0])
        np.testing.assert_allclose(result["rows"][i][1], linear[0])
    weight, bias = collapsed(dense)[-1]
    np.testing.assert_allclose(0.5 * weight[0] + bias, linear[0])


def test_x_is_dragged():
    explorer = LayerCollapse()
    explorer.pick("x", "drag", x=-1.5, y=0)
    assert explorer.x == -1.5
    explorer.pick("x", "key", key="ArrowRight", big=True)
    assert explorer.x == pytest.approx(-1.3)
    explorer.pick("x", "key", key="ArrowLeft")
    assert explorer.x == pytest.approx(-1.32)
    explorer.pick("x", "drag", x=-99, y=0)
    assert explorer.x == -2
    explorer.pick("elsewhere", "click", x=0, y=0)
    assert explorer.x == -2


def test_a_line_outside_the_picture_is_said():
    words = {"outside the picture" in LayerCollapse(seed=seed).svg() for seed in range(20)}
    assert words == {True, False}


def test_a_layer_s_numbers_in_short():
    assert units(np.array([1.0])) == "(1)"
    assert units(np.array([1.0, -0.5, 0.25])) == "(1, −0.5, 0.25)"
    assert units(np.arange(5.0)) == "(0, 1, 2, …)"


def test_everything_can_be_moved():
    assert move_everything(LayerCollapse(), np.random.default_rng(0)) > 20
