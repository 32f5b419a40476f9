"""A pad: what is drawn on it by pen and by keyboard, and what a network then sees."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from dlnotes.widgets import pad
from dlnotes.widgets.pad import BLANK, MOST, SIDE, STEP, centred, drawn, inked, pad_tag


def pen(points, begin=True):
    return {"pick": "pad", "how": "draw", "points": points, "begin": begin}


def key(name, big=False):
    return {"pick": "pad", "how": "key", "key": name, "big": big}


PRESS = {"pick": "pad", "how": "click"}
BAR = [[0.5, 0.1], [0.5, 0.9]]


def after(*picks):
    value = BLANK
    for pick in picks:
        value = drawn(value, pick)
    return value


def test_strokes_are_drawn_in_pieces():
    value = after(pen([[0.1, 0.1]]), pen([[0.2, 0.1], [0.2, 0.1]], begin=False), pen([[0.5, 0.5]]))
    assert value["strokes"] == [[[0.1, 0.1], [0.2, 0.1]], [[0.5, 0.5]]]
    assert BLANK["strokes"] == []
    assert after(pen([[0.3, 0.3]], begin=False))["strokes"] == [[[0.3, 0.3]]]


def test_points_stay_on_the_pad_and_nonsense_is_left_out():
    points = [[-1, 2], [math.nan, 0], ["a", 1], [1], None, [True, 0], [0.12345, 0.5]]
    assert after(pen(points))["strokes"] == [[[0.0, 1.0], [0.1235, 0.5]]]
    assert after(pen(None)) == after(pen("ab")) == BLANK


def test_a_pad_is_full_at_last():
    value = after(pen([[i / MOST, 0.5] for i in range(MOST + 50)]), pen([[0.1, 0.1]]))
    assert sum(map(len, value["strokes"])) <= MOST


def test_what_is_no_drawing_changes_nothing():
    for how in ("hover", "drop", "leave"):
        assert drawn(BLANK, {"pick": "pad", "how": how}) is BLANK
    assert drawn(BLANK, {"pick": "pad", "how": "click", "x": 0.5, "y": 0.5}) is BLANK
    assert drawn(BLANK, key("Home")) is BLANK


def test_the_keyboard_draws():
    value = after(key("ArrowUp"), PRESS, key("ArrowLeft"), key("ArrowDown", big=True), PRESS)
    high, left = 0.5 - STEP, 0.5 - STEP
    assert np.allclose(value["strokes"], [[[0.5, high], [left, high], [left, high + 4 * STEP]]],
                       atol=1e-3)  # fmt: skip
    assert not value["pen"]
    moved = drawn(value, key("ArrowRight"))
    assert moved["strokes"] == value["strokes"]
    assert after(PRESS)["strokes"] == [[[0.5, 0.5]]]
    assert after(PRESS, key("Backspace")) == BLANK | {"cursor": [0.5, 0.5]}
    assert after(pen(BAR), pen(BAR), key("Delete"))["strokes"] == [BAR]


def test_a_drawing_is_centred_as_mnist_is():
    picture = centred([BAR])
    assert picture.shape == (SIDE, SIDE)
    assert picture.dtype == np.float32
    rows, cols = picture.any(axis=1).nonzero()[0], picture.any(axis=0).nonzero()[0]
    assert rows[-1] - rows[0] + 1 == 20
    assert abs((rows[0] + rows[-1] + 1) / 2 - SIDE / 2) <= 1
    assert abs((cols[0] + cols[-1] + 1) / 2 - SIDE / 2) <= 1
    small = centred([[[0.1, 0.1], [0.1, 0.3]]])  # small or large, here or there: all the same
    assert np.allclose(small, picture, atol=1e-5)


@pytest.mark.parametrize("strokes", [[[[0.1, 0.9]]], [[[0.1, 0.9], [0.11, 0.9]]]])
def test_a_dot_is_a_dot_in_the_middle(strokes):
    picture = centred(strokes)
    assert np.isfinite(picture).all()
    assert 3 < picture.sum() < 15
    rows, cols = picture.nonzero()
    assert abs(rows.mean() + 0.5 - SIDE / 2) < 1
    assert abs(cols.mean() + 0.5 - SIDE / 2) < 1


def test_nothing_drawn_is_black():
    assert not centred([]).any()
    assert not inked([], 12).any()


def test_ink_is_where_it_was_drawn():
    picture = inked([[[0.25, 0.25], [0.75, 0.25]]], 8, radius=0.5)
    assert picture.shape == (8, 8)
    assert picture[1:3, 2:6] == pytest.approx(0.5, abs=0.01)
    assert not picture[4:].any()


@pytest.mark.parametrize("value", [BLANK, after(pen(BAR), pen([[0.2, 0.2]])), after(PRESS)])
def test_a_pad_is_shown_with_its_cursor(value):
    tag = ElementTree.fromstring(f"<svg>{pad_tag(value, 10, 20, 200)}</svg>")
    (rect,) = tag.iter("rect")
    assert rect.get("data-pick") == "pad"
    assert rect.get("data-draw")
    assert tag[0].get("data-axes").startswith('{"name":"pad"')
    assert len(list(tag.iter("circle"))) == bool(value["cursor"])
    assert tag.find(".//path").get("d").count("M") == len(value["strokes"])


def test_a_blank_pad_is_never_changed():
    assert pad.BLANK == {"strokes": [], "cursor": None, "pen": False}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"strokes": [[[1e308, 0.2]]]}, "points of two numbers from 0 to 1, not [1e+308, 0.2]"),
        ({"strokes": [[[0.5, -0.1]]]}, "points of two numbers from 0 to 1, not [0.5, -0.1]"),
        ({"strokes": [[0.5, 0.1]]}, "points of two numbers from 0 to 1, not 0.5"),
        ({"strokes": [3]}, "strokes that are lists of points"),
        ({"cursor": [2, 0]}, "points of two numbers from 0 to 1, not [2, 0]"),
    ],
)
def test_what_does_not_lie_on_the_pad_is_refused_in_words(value, words):
    control = pad.drawing("Drawn").control
    assert control.check(BLANK | {"strokes": [BAR]}) == BLANK | {"strokes": [BAR]}
    with pytest.raises(ValueError, match=r"“Drawn” takes ") as refused:
        control.check(BLANK | value)
    assert words in str(refused.value)
