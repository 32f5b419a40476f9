"""A plan tells what each layer gives; as code it comes back."""

import numpy as np
import pytest

import dlnotes as dl
from dlnotes.layers import Sequential
from dlnotes.layers.layer import Layer
from dlnotes.layers.rebuild import KNOWN, rebuild
from dlnotes.layers.table import count
from dlnotes.widgets.network_plan import (
    MOST_LAYERS,
    MOST_WEIGHTS,
    changed,
    code_of,
    in_words,
    made,
    plan_from,
    plan_of,
    rows_of,
    weights_of,
)

IMAGE = (1, 28, 28)
ALL = (
    "dl.Sequential(dl.Conv2d(1, 4, 3), dl.BatchNorm(4), dl.ReLU(), dl.MaxPool2d(2, stride=1), "
    "dl.BlurPool2d(), dl.AvgPool2d(2), dl.LeakyReLU(0.2), dl.Flatten(), dl.Dense(144, 12), "
    "dl.Sigmoid(), dl.Tanh(), dl.Dropout(0.3), dl.Dense(12, 10), dl.Softmax())"
)


def network(plan, seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(*(rebuild(kind, options, rng=rng) for kind, options in plan))


def test_rows_are_what_the_network_itself_says():
    plan = plan_of(ALL)
    net, shape = network(plan), (1, *IMAGE)
    for layer, row in zip(net, rows_of(plan, IMAGE), strict=True):
        assert row.text == repr(layer)
        assert row.parameters == count(layer)
        assert row.multiply_adds == layer.multiply_adds(shape)
        shape = layer.output_shape(shape)
        assert row.output == shape[1:]
    assert row.output == (10,)


def test_behind_a_misfit_nothing_is_known():
    rows = rows_of(plan_of("Sequential(Flatten(), Dense(3, 4), ReLU())"), IMAGE)
    assert [row.output for row in rows] == [(784,), None, None]
    assert [row.multiply_adds for row in rows] == [0, None, None]
    assert rows[1].parameters == 16


# As code


def test_the_line_of_code_makes_the_network():
    plan = plan_of(ALL)
    code = code_of(plan)
    assert code.startswith("net = dl.Sequential(dl.Conv2d(1, 4, 3, rng=rng), ")
    assert '"' not in code
    space = {"dl": dl, "rng": np.random.default_rng(0)}
    exec(code, space)
    assert repr(space["net"]) == repr(network(plan))
    assert plan_of(code) == plan


def test_texts_stand_in_double_quotes():
    assert 'padding="same", rng=rng' in code_of(
        plan_of('Sequential(Conv2d(1, 2, 3, padding="same"))')
    )


@pytest.mark.parametrize(
    "code",
    [
        "Sequential([ReLU(), Flatten()])",
        "net = dl.Sequential(dl.ReLU(), dl.layers.Flatten())",
        "  Sequential((ReLU(), Flatten()), input_shape=(1, 28, 28))  ",
    ],
)
def test_code_is_read_in_several_forms(code):
    assert plan_of(code) == [["ReLU", {}], ["Flatten", {}]]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Write one line"),
        ("Sequential(", "not Python yet"),
        ("x" * 3000 + "(" * 900, "not Python yet"),
        ("1 + 1", "Write one line"),
        ("import os", "Write one line"),
        ("Sequential(ReLU()); Sequential(ReLU())", "Write one line"),
        ("(lambda: 3)()", "Write one line"),
        ("Sequential()", "at least one layer"),
        ("Sequential(ReLU)", "Layer 0: “ReLU” is no layer"),
        ("Sequential(ReLU(), Relu())", "Layer 1: “Relu\\(\\)” is no layer; there are"),
        ("Sequential(*layers)", "is no layer"),
        ("Sequential(Dense(3))", "Layer 0, Dense: missing a required argument: 'n_out'"),
        ("Sequential(Dense(3, n))", "Layer 0, Dense: malformed"),
        ("Sequential(Dense(0, 4))", "Layer 0, Dense: Dense: n_in"),
        ("Sequential(Conv2d(1, 4, 3, color=2))", "unexpected keyword argument 'color'"),
        ("Sequential(Conv2d(1, 4, 3, **{}))", "Layer 0, Conv2d"),
        ("Sequential(Conv2d(1, 'a', 3))", "Layer 0, Conv2d"),
        ("Sequential(Dense(90000, 90000))", "8,100,000,000 weights; at most"),
        (f"Sequential({'ReLU(), ' * (MOST_LAYERS + 1)})", "At most 24 layers"),
    ],
)
def test_what_is_no_network_is_refused_in_a_sentence(code, sentence):
    with pytest.raises(ValueError, match=sentence):
        plan_of(code)


def test_a_network_becomes_a_plan_and_comes_back():
    plan = plan_of(ALL)
    net = network(plan)
    assert plan_from(net) == plan
    assert plan_from(Sequential(net[:3], net[3:])) == plan

    class Own(Layer):
        pass

    with pytest.raises(ValueError, match="There is no layer Own; there are"):
        plan_from(Sequential(Own()))


# Small parts


def test_weights_are_counted_before_they_are_made():
    for kind in KNOWN:
        assert weights_of(kind, {"unknown": 1}) == 0
    assert weights_of("Conv2d", {"c_in": 2, "c_out": 3, "kernel_size": (4, 5)}) == 120
    with pytest.raises(ValueError, match="BatchNorm would have"):
        made("BatchNorm", {"channels": MOST_WEIGHTS + 1})


def test_a_change_leaves_the_plan_as_it_was():
    plan = plan_of("Sequential(Dense(3, 4))")
    assert changed(plan, 0, n_out=5)[0][1]["n_out"] == 5
    assert plan[0][1]["n_out"] == 4


def test_shapes_in_words():
    assert in_words((1,)) == "1 number"
    assert in_words((7,)) == "7 numbers"
    assert in_words((1, 2, 3)) == "1 map of 2 × 3"
    assert in_words((2, 2, 3)) == "2 maps of 2 × 3"
    assert in_words((4, 5)) == "4 × 5 numbers"
