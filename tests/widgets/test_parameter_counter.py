"""Counts of real layers, held against the textbook's formulas."""

import numpy as np
import pytest
from driver import check_frame, move_everything

from dlnotes.layers import Dense
from dlnotes.widgets.parameter_counter import ParameterCounter, compared, dense_line, totals


def sides(**values):
    counter = ParameterCounter(**values)
    result = counter.compute(**counter.values)
    return totals(result["dense"]), totals(result["conv"]), counter


def test_the_articles_numbers():
    dense, conv, counter = sides(pixels=100, channels=3, units=32, filters=32)
    assert conv[0] == 3 * 3 * 3 * 32 + 32 == 896
    assert dense[0] == 100 * 100 * 3 * 32 + 32 == 960_032
    assert "dense_parameters=960,032, " in repr(counter)
    assert "960,032" in counter.svg()
    assert "896" in counter.svg()


def test_fewer_parameters_is_not_less_computing():
    dense, conv, counter = sides(units=100)
    assert conv == (320, 28 * 28 * 9 * 32)
    assert dense == (78_500, 78_400)
    assert "225,792 against 78,400" in counter._frame["says"]
    assert "The dense side has 245 times as many parameters" in counter._frame["says"]


def test_a_dense_layers_counts_are_those_of_the_layer():
    layer = Dense(50, 7, rng=np.random.default_rng(0))
    line = dense_line(50, 7)
    assert line.shape == layer.output_shape((1, 50))[1:]
    assert line.parameters == sum(parameter.value.size for parameter in layer.parameters())
    assert line.multiply_adds == layer.multiply_adds((1, 50))


@pytest.mark.parametrize("kernel", [1, 2, 5])
def test_the_formulas(kernel):
    dense, conv, _ = sides(pixels=9, channels=2, units=7, filters=5, kernel=kernel)
    assert conv == (kernel**2 * 2 * 5 + 5, 9 * 9 * kernel**2 * 2 * 5)
    assert dense == (9 * 9 * 2 * 7 + 7, 9 * 9 * 2 * 7)


def test_pooling_shrinks_the_dense_layer_and_no_convolution():
    values = {"pixels": 12, "filters": 4, "units": 6, "rest": True}
    counters = [ParameterCounter(pool=pool, **values) for pool in ("none", "2")]
    without, with_pool = (counter.compute(**counter.values)["conv"] for counter in counters)
    assert [line.parameters for line in without] == [40, 148, 12 * 12 * 4 * 10 + 10]
    assert [line.parameters for line in with_pool] == [40, 0, 148, 0, 3 * 3 * 4 * 10 + 10]
    assert with_pool[2].multiply_adds == without[1].multiply_adds / 4
    assert [line.shape for line in with_pool] == [
        (4, 12, 12), (4, 6, 6), (4, 6, 6), (4, 3, 3), (10,),
    ]  # fmt: skip
    assert "max pool 2×2" in counters[1].svg()


def test_pooling_alone():
    dense, conv, _ = sides(pixels=5, pool="4")
    assert conv[0] == 320
    assert sides(pixels=5)[1] == conv


def test_comparing_in_words():
    assert compared("x", 5, 5) == "Both have 5 x."
    assert compared("x", 105, 100) == "Both have about as many x (105 and 100)."
    assert compared("x", 100, 250) == ("The dense side has 2.5 times as many x (250 against 100).")
    assert compared("x", 12_000, 100) == (
        "The convolution side has 120 times as many x (12,000 against 100)."
    )


@pytest.mark.parametrize("rest", [True, False])
def test_everything_can_be_moved(rest):
    counter = ParameterCounter(rest=rest)
    check_frame(counter, counter._frame)
    assert move_everything(counter, np.random.default_rng(0)) > 20
