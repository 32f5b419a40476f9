"""Ticks are round, lie in the range and are told apart, whatever the range."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlnotes.pictures.axis import Axis, nice_ticks, tick_labels

finite = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("low", "high", "count", "texts"),
    [
        (0, 1, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-3, 3, 6, ["−3", "−2", "−1", "0", "1", "2", "3"]),
        (0, 0.3, 3, ["0", "0.1", "0.2", "0.3"]),
        (0, 1e-12, 2, ["0", "0.5×10⁻¹²", "1.0×10⁻¹²"]),
        (0, 3e12, 3, ["0", "1×10¹²", "2×10¹²", "3×10¹²"]),
        (1e6, 1e6 + 2, 2, ["1000000", "1000001", "1000002"]),
        (0, 200_000, 2, ["0", "100000", "200000"]),
        (0.4, 0.6, 1, ["0.4", "0.6"]),
    ],
)
def test_known_ticks(low, high, count, texts):
    assert tick_labels(nice_ticks(low, high, count)) == texts


@given(finite, finite, st.integers(1, 12))
def test_ticks_lie_in_the_range_evenly_and_their_texts_differ(a, b, count):
    low, high = min(a, b), max(a, b)
    assume(high - low > 1e-6 * max(abs(low), abs(high)) and high - low > 1e-250)
    ticks, texts = Axis("x", (low, high)).ticks(count)
    slack = 1e-6 * (high - low)
    assert 2 <= len(ticks) <= max(1.5 * count, 4) + 1
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    assert len(set(texts)) == len(texts)
    assert len(ticks) < 3 or np.ptp(np.diff(ticks)) <= slack


@given(st.floats(-299, 279), st.floats(0.01, 20), st.integers(2, 12))
def test_logarithmic_ticks_lie_in_the_range_and_their_texts_differ(start, decades, count):
    low, high = 10.0**start, 10.0 ** (start + decades)
    ticks, texts = Axis("y", (low, high), log=True).ticks(count)
    assert all(low * (1 - 1e-6) <= tick <= high * (1 + 1e-6) for tick in ticks)
    assert len(set(ticks)) == len(ticks) == len(texts)
    assert len(ticks) >= 2


@pytest.mark.parametrize(
    ("limits", "texts"),
    [
        ((1e-4, 1e2), ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]),
        ((0.01, 100), ["0.01", "0.1", "1", "10", "100"]),
        ((1, 20), ["1", "2", "5", "10", "20"]),
        ((2.1, 2.5), ["2.1", "2.15", "2.2", "2.25", "2.3", "2.35", "2.4", "2.45", "2.5"]),
    ],
)
def test_known_logarithmic_ticks(limits, texts):
    assert Axis("y", limits, log=True).ticks(8)[1] == texts


@pytest.mark.parametrize(("limits", "log"), [((0.4, 1.6), False), ((1e-3, 1e3), True)])
def test_an_axis_has_two_numbers_at_least(limits, log):
    assert len(Axis("x", limits, log).ticks(1)[0]) >= 2


def test_a_tick_of_zero_alone_and_no_tick():
    assert tick_labels([0.0]) == ["0"]
    assert tick_labels([]) == []


def test_many_decades_are_thinned():
    ticks, texts = Axis("y", (1e-12, 1e12), log=True).ticks(5)
    assert len(ticks) <= 5
    assert texts[0].startswith("10⁻")


@pytest.mark.parametrize("value", [0.0, 5.0, -3e-9, 1e12, 5e-324])
def test_a_range_without_extent_is_widened_around_its_value(value):
    axis = Axis("x", (value, value))
    assert axis.low < value < axis.high
    assert axis.places(value) == pytest.approx(0.5)


@pytest.mark.parametrize("value", [10, 1e-300, 1e300])
def test_a_logarithmic_range_without_extent_is_widened(value):
    axis = Axis("x", (value, value), log=True)
    assert 0 < axis.low < value < axis.high < math.inf
    assert axis.places(value) == pytest.approx(0.5)
    assert axis.ticks(5)[0]


def test_places_and_what_has_none():
    assert Axis("x", (-1, 3)).places(np.array([-1, 1, 3])).tolist() == [0, 0.5, 1]
    places = Axis("x", (1, 100), log=True).places(np.array([10, 0, -1, np.nan]))
    assert places[0] == 0.5
    assert np.isnan(places[1:]).all()
    assert math.isinf(Axis("x", (0, 1)).places(np.inf))


@pytest.mark.parametrize(
    ("limits", "log"),
    [
        ((1, 0), False), ((0, math.nan), False), ((0, math.inf), False), (None, False),
        ((1, 2, 3), False), (("a", "b"), False), ((-1e308, 1e308), False), ((0, 1), True),
        ((-1, 1), True), ((1e-310, 1), True),
    ],
)  # fmt: skip
def test_a_range_that_is_none_is_refused_by_name(limits, log):
    with pytest.raises(ValueError, match="loss"):
        Axis("loss", limits, log)


@pytest.mark.parametrize("high", [1, 1.4, 1.9, 2, 4.2, 9.6, 33])
@pytest.mark.parametrize("count", [1, 3, 12])
def test_whole_numbers_alone_have_ticks(high, count):
    ticks, texts = Axis("x", (-0.2, high), whole=True).ticks(count)
    assert len(ticks) >= 2
    assert all(float(tick).is_integer() for tick in ticks)
    assert not any("." in text for text in texts)


@pytest.mark.parametrize(
    ("low", "high", "count", "texts"),
    [
        (0.02, 3, 6, ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]),
        (0.02, 3, 3, ["0.03", "0.1", "0.3", "1", "3"]),
        (0.02, 3, 2, ["0.1", "1"]),
        (0.2, 3, 1, ["0.3", "1", "3"]),
        (0.21, 0.45, 3, ["0.3", "0.4"]),
    ],
)
def test_a_short_logarithmic_axis_has_fewer_ticks(low, high, count, texts):
    ticks, _texts = Axis("y", (low, high), log=True).ticks(count)
    assert ticks == [float(text) for text in texts]
