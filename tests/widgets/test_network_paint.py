"""Pixels are painted where the pen passes, without gaps, and by the keyboard."""

from types import SimpleNamespace

import pytest

from dlnotes.widgets.network_paint import MOST_PAINTED, between, moved_in, painted_after, points_of


def after(pick, *, painted=(), at=None, brush=1.0, shape=(8, 8), count=64):
    v = SimpleNamespace(painted=[list(entry) for entry in painted], at=at, brush=brush)
    return painted_after(v, pick, shape, count)


def test_a_stroke_leaves_no_gaps_and_goes_on():
    first = after({"how": "draw", "points": [[1.5, 2.5], [4.2, 2.9]], "begin": True})
    assert [entry[:2] for entry in first["painted"]] == [[2, 1], [2, 2], [2, 3], [2, 4]]
    assert first["at"] == [2, 4]
    on = after({"how": "draw", "points": [[4.1, 4.1]], "begin": False}, **first)
    assert [entry[:2] for entry in on["painted"][4:]] == [[3, 4], [4, 4]]
    new = after({"how": "draw", "points": [[0.1, 0.1]], "begin": True}, **first)
    assert [entry[:2] for entry in new["painted"][4:]] == [[0, 0]]


def test_the_newest_colour_counts_and_many_marks_are_bounded():
    painted = [[0, 0, 1.0], [0, 1, 1.0]]
    found = after(
        {"how": "draw", "points": [[0.5, 0.5]], "begin": True}, painted=painted, brush=0.2
    )
    assert found["painted"] == [[0, 1, 1.0], [0, 0, 0.2]]
    points = [[x + 0.5, y + 0.5] for y in range(30) for x in range(30)]
    found = after({"how": "draw", "points": points, "begin": True}, shape=(30, 30), count=900)
    assert len(found["painted"]) == MOST_PAINTED
    assert found["painted"][-1][:2] == [29, 29]


def test_the_keyboard_moves_paints_and_takes_back():
    assert after({"how": "key", "key": "ArrowLeft"}) == {"at": [4, 3]}
    assert after({"how": "key", "key": "ArrowDown", "big": True}, at=[6, 0]) == {"at": [7, 0]}
    found = after({"how": "click"}, at=[1, 2])
    assert found == {"painted": [[1, 2, 1.0]], "at": [1, 2]}
    assert after({"how": "key", "key": "Delete"}, painted=[[0, 0, 1.0]]) == {"painted": []}
    assert after({"how": "click", "x": 1, "y": 1}) == {}
    assert after({"how": "drop", "x": 1, "y": 1}) == {}


def test_what_lies_beside_the_picture_or_its_numbers_is_left_out():
    found = after({"how": "draw", "points": [[-1, 2], [3, 9], ["a", 1], 7, [1]], "begin": True})
    assert found == {"painted": [], "at": None}
    assert after({"how": "draw", "points": [[2.5, 1.5]], "begin": True}, shape=(2, 3), count=5) == {
        "painted": [],
        "at": [1, 2],
    }
    assert after({"how": "draw", "points": None, "begin": False}, at=[0, 0], count=64)["at"] == [
        0,
        0,
    ]


def test_small_parts():
    assert points_of([[0, 0], [7.9, 3], [8, 0], [float("nan"), 0]], (8, 4)) == [(0, 0), (7.9, 3)]
    assert between([]) == []
    assert between([(0, 0), (0, 0), (2, 1)]) == [(0, 0), (1, 0), (2, 1)]
    assert moved_in([3, 3], {"key": "x"}, (8, 8)) == [3, 3]


@pytest.mark.parametrize("key", ["ArrowUp", "ArrowRight"])
def test_a_brush_stays_inside(key):
    assert moved_in([0, 7], {"key": key}, (8, 8)) == [0, 7]
