"""What a page says of a touch is trusted only as far as it is sound."""

import math

import pytest
from driver import Page
from widgets.waves import Waves

from dlnotes.widgets.layer_collapse import LayerCollapse
from dlnotes.widgets.touch import touched

CLICK = {"pick": "a", "how": "click"}


@pytest.mark.parametrize(
    "message",
    [None, [], "a", {}, {"how": "click"}, {"pick": "a", "how": 1}, {"pick": 1, "how": "click"}],
)
def test_what_is_no_pick_is_none(message):
    assert touched({"pick": "a", "how": "key", "key": 5}) is None
    assert touched(message) is None


@pytest.mark.parametrize("wrong", [None, "1", True, math.nan, math.inf, 10**400, [], {}])
def test_a_place_is_whole_or_not_there(wrong):
    assert touched({"pick": "a"}) == CLICK
    assert touched(CLICK | {"x": 1, "y": 2.5}) == CLICK | {"x": 1.0, "y": 2.5}
    assert touched(CLICK | {"x": 1.0, "y": wrong}) == CLICK
    assert touched(CLICK | {"x": wrong, "y": 1.0}) == CLICK
    points = [[0.5, 1], [wrong, 1], [1], wrong, [1, 2, 3]]
    assert touched(CLICK | {"points": points}) == CLICK | {"points": [[0.5, 1.0]]}


def test_keys_and_pens_come_through():
    key = {"pick": "a", "how": "key", "key": "ArrowUp", "big": True, "axes": "left"}
    assert touched(key) == key
    assert touched(CLICK | {"key": 5, "axes": None, "points": "no", "begin": 1}) == (
        CLICK | {"begin": True}
    )


def test_an_unsound_message_is_answered_and_changes_nothing():
    waves = Waves()
    page, before = Page(waves), waves.values
    for message in (
        {"do": "pick"},
        {"do": "pick", "pick": "wave"},
        {"do": "set", "name": "count"},
    ):
        assert page.send(**message)["error"] is None
    assert waves.values == before


def test_a_hidden_picture_has_no_place_to_drag_to():
    explorer = LayerCollapse()
    before = explorer.x
    frame = Page(explorer).pick("x", "drag", x=None, y=None)
    assert frame["error"] is None
    assert explorer.x == before
