"""A curve drawn by hand or by key: whatever arrives, it stays a curve."""

import json
import math

import numpy as np
import pytest

from dlnotes.widgets.drawn_curve import FIRST, PLACES, X, redrawn


def draw(curve, points, begin=True):
    return redrawn(curve, {"pick": "pad:0", "how": "draw", "points": points, "begin": begin})


def test_a_stroke_sets_what_it_passes_over():
    curve = draw(FIRST, [[-0.5, 0.0], [0.5, 1.0]])
    heights = np.array(curve["heights"])
    inside = (X >= -0.5) & (X <= 0.5)
    np.testing.assert_allclose(heights[inside], X[inside] + 0.5, atol=1e-3)
    np.testing.assert_array_equal(heights[~inside], np.array(FIRST["heights"])[~inside])
    assert curve["last"] == [0.5, 1.0]


def test_a_stroke_goes_on_in_the_next_message():
    whole = draw(FIRST, [[-0.5, 0.0], [0.5, 1.0]])
    parts = draw(draw(FIRST, [[-0.5, 0.0]]), [[0.5, 1.0]], begin=False)
    assert parts["heights"] == whole["heights"]
    apart = draw(draw(FIRST, [[-0.5, 0.0]]), [[0.5, 1.0]])
    assert apart["heights"] != whole["heights"]


def test_backwards_is_as_good():
    there, back = draw(FIRST, [[-0.5, 0.0], [0.5, 1.0]]), draw(FIRST, [[0.5, 1.0], [-0.5, 0.0]])
    assert there["heights"] == back["heights"]


def test_a_point_sets_the_nearest_place():
    curve = draw(FIRST, [[0.004, 0.9]])
    changed = np.flatnonzero(np.array(curve["heights"]) != FIRST["heights"])
    assert changed.tolist() == [PLACES // 2]
    assert curve["heights"][PLACES // 2] == 0.9


def test_the_latest_of_two_points_above_each_other_counts():
    assert draw(FIRST, [[0.0, 0.1], [0.0, 0.8]])["heights"][PLACES // 2] == 0.8


@pytest.mark.parametrize(
    "points",
    [None, 3, "x", [None], [[1]], [["a", "b"]], [[math.nan, 0]], [[0, math.inf]], [[True, 0]], []],
)
def test_what_is_no_point_is_left_out(points):
    assert draw(FIRST, points)["heights"] == FIRST["heights"]


def test_it_stays_inside_and_plain():
    curve = draw(FIRST, [[-9, -9], [9, 9]])
    assert min(curve["heights"]) == 0
    assert max(curve["heights"]) == 1
    assert json.loads(json.dumps(curve)) == curve
    assert len(curve["heights"]) == PLACES


def key(curve, name, big=False):
    return redrawn(curve, {"pick": "pad:0", "how": "key", "key": name, "big": big})


def test_keys_choose_a_place_and_lift_it():
    curve = key(FIRST, "ArrowRight")
    assert curve["cursor"] == PLACES // 2 + 1
    assert curve["heights"] == FIRST["heights"]
    lifted = key(curve, "ArrowUp")
    place = curve["cursor"]
    assert lifted["heights"][place] == pytest.approx(FIRST["heights"][place] + 0.04, abs=2e-3)
    assert key(lifted, "ArrowDown")["heights"] == pytest.approx(FIRST["heights"], abs=2e-3)
    for _press in range(30):
        curve = key(key(curve, "ArrowLeft", big=True), "ArrowDown", big=True)
    assert curve["cursor"] == 0
    assert curve["heights"][0] == 0
    for _press in range(30):
        curve = key(key(curve, "ArrowRight", big=True), "ArrowUp", big=True)
    assert curve["cursor"] == PLACES - 1
    assert curve["heights"][-1] == 1
    assert key(FIRST, "ArrowUp")["cursor"] == PLACES // 2


def test_nothing_else_changes_it():
    assert key(FIRST, "Delete") == FIRST
    assert redrawn(FIRST, {"pick": "pad:0", "how": "click"}) == FIRST
