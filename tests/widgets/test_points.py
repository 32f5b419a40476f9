"""Every source gives points that a fit can take, and the reader's own are read or refused."""

import numpy as np
import pytest

from dlnotes import data
from dlnotes.widgets.points import OWN, OWN_EXAMPLES, SOURCES, Points, points_of


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_gives_points(source):
    points = points_of(source, 1, OWN)
    assert points.x.shape == points.y.shape
    assert np.unique(points.x).size >= 3
    assert points.x_label
    assert points.y_label


def test_the_cars_come_with_their_units():
    points = points_of("stopping", 1, "")
    np.testing.assert_array_equal([points.x, points.y], data.stopping_distances())
    assert points.unit == "feet"
    assert "miles per hour" in points.x_label


def test_a_seed_makes_a_curve():
    one, other = points_of("made", 1, ""), points_of("made", 2, "")
    wanted = data.made_curve(rng=np.random.default_rng(1))
    np.testing.assert_array_equal([one.x, one.y], wanted)
    assert (one.y != other.y).any()


def test_the_readers_own_are_what_they_wrote():
    points = points_of("own", 1, OWN)
    assert points.x.tolist() == [1, 2, 3, 4, 5, 6]
    assert points.y.tolist() == [3, 4, 8, 13, 24, 33]


def test_the_examples_show_what_is_read_and_what_is_not():
    good, oops, tabs, upright = OWN_EXAMPLES
    assert points_of("own", 1, good).y.tolist() == [2, 3.5, 1]
    assert points_of("own", 1, tabs).x.tolist() == [5, 6, 7]
    with pytest.raises(ValueError, match="Line 3, “3 oops”"):
        points_of("own", 1, oops)
    with pytest.raises(ValueError, match="3 different x values; here are 1"):
        points_of("own", 1, upright)


def test_a_window_leaves_room_around_the_values():
    points = Points(np.array([0.0, 10.0]), np.array([5.0, 5.0]))
    assert points.window(points.x) == pytest.approx((-0.8, 10.8))
    assert points.window(points.y) == (4, 6)
