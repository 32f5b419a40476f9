"""What the reader does on the picture and with the controls, as the page sends it."""

import numpy as np
import pytest
from driver import Page

from dlnotes.widgets.conv_explorer import ConvExplorer
from dlnotes.widgets.conv_inputs import FIRST_NUMBERS


@pytest.fixture
def explorer():
    return ConvExplorer(pixels=10)  # 3×3: 8×8 outputs


@pytest.fixture
def page(explorer):
    return Page(explorer)


def weights(explorer):
    return explorer.compute(**explorer.values)["weights"][explorer.filter - 1]


def typed(page, element, keys):
    for key in keys:
        page.pick(element, "key", key=key)


# Where the window is


def test_hovering_moves_the_window_and_pinning_stops_it(explorer, page):
    page.pick("output", "hover", x=3.7, y=2.1)
    assert explorer.step == 2 * 8 + 3 + 1
    page.pick("output", "click", x=5.5, y=0.5)
    assert (explorer.step, explorer.pinned) == (6, True)
    page.pick("output", "hover", x=1, y=1)
    assert explorer.step == 6
    assert "pinned" in explorer.svg()
    page.pick("output", "click", x=1.5, y=1.5)
    assert (explorer.step, explorer.pinned) == (10, True)
    page.pick("output", "click", x=1.5, y=1.5)
    assert (explorer.step, explorer.pinned) == (10, False)
    page.pick("", "leave")
    assert explorer.step == 10


def test_arrow_keys_walk_over_the_output(explorer, page):
    for key, step in [
        ("ArrowRight", 2), ("ArrowDown", 10), ("ArrowLeft", 9), ("ArrowUp", 1), ("ArrowUp", 1),
        ("End", 64), ("Home", 1),
    ]:  # fmt: skip
        page.pick("output", "key", key=key)
        assert explorer.step == step
    page.pick("output", "click")
    assert explorer.pinned
    page.pick("output", "key", key="ArrowRight")
    assert (explorer.step, explorer.pinned) == (2, True)
    page.pick("output", "click")
    assert not explorer.pinned


def test_the_filter_goes_where_the_pointer_is_on_the_input(explorer, page):
    page.pick("input", "hover", x=1.5, y=1.5)
    assert explorer.step == 1
    page.pick("input", "click", x=8.5, y=4.5)
    assert explorer.step == 3 * 8 + 7 + 1
    assert explorer.pinned


def test_play_and_the_slider_move_a_pinned_window(explorer, page):
    page.set("pinned", True)
    page.set("step", 33)
    assert (explorer.step, explorer.pinned) == (33, True)


def test_touches_that_mean_nothing(explorer, page):
    before = explorer.state
    for pick, how in [
        ("output", "drop"), ("nowhere", "click"), ("weight:99", "click"), ("weight:x", "click"),
        ("pixel:0", "click"), ("pad", "click"), ("filter:1", "click"), ("weight:0", "hover"),
        ("filter:0", "hover"),
    ]:  # fmt: skip
        page.pick(pick, how)
    assert explorer.state == before
    explorer.update(size=7, pixels=3)
    page.pick("output", "hover", x=1, y=1)
    assert explorer.step == 1


# The filter's cells


def test_a_cell_is_clicked_and_typed_into(explorer, page):
    page.pick("weight:4", "click")
    assert explorer.cursor["weight"] == 4
    assert explorer.weight == 0
    typed(page, "weight:4", "-1.5")
    assert weights(explorer)[0, 1, 1] == -1.5
    assert (explorer.weight, explorer.preset) == (-1.5, "own")
    page.pick("weight:4", "key", key="ArrowRight")
    assert explorer.cursor == {"weight": 5, "pixel": 0, "typed": ""}
    assert explorer.weight == 1
    typed(page, "weight:5", "2")
    assert weights(explorer)[0].tolist() == [[0, 1, 2], [-1, -1.5, 2], [-2, -1, 0]]
    page.pick("weight:5", "key", key="Backspace")
    assert weights(explorer)[0, 1, 2] == 0


def test_typing_into_another_cell_begins_anew(explorer, page):
    typed(page, "weight:0", "12")
    typed(page, "weight:1", "3")
    assert weights(explorer)[0, 0].tolist() == [12, 3, 2]


def test_an_unfinished_number_is_shown_as_it_stands(explorer, page):
    frame = page.pick("weight:0", "key", key="-")
    assert "−</text>" in frame["picture"]
    assert weights(explorer)[0, 0, 0] == 0


def test_the_slider_changes_the_cell(explorer, page):
    page.pick("weight:8", "click")
    page.set("weight", 2.5)
    assert weights(explorer)[0, 2, 2] == 2.5
    page.set("weight", 2.5)
    assert weights(explorer)[0, 2, 2] == 2.5


def test_a_slider_that_is_not_moved_keeps_the_preset(explorer):
    explorer.update(weight=0, preset="ramp_upper_right")
    assert explorer.preset == "ramp_upper_right"


def test_the_slider_reaches_as_far_as_what_was_typed(explorer, page):
    typed(page, "weight:0", "55")
    assert explorer._controls["weight"]["maximum"] == 100
    page.pick("weight:1", "click")
    assert explorer._controls["weight"]["maximum"] == 10


def test_arrows_walk_through_the_channels_side_by_side():
    explorer = ConvExplorer(pixels=5, colour=True)
    page = Page(explorer)
    page.pick("weight:5", "click")
    page.pick("weight:5", "key", key="ArrowRight")
    assert explorer.cursor["weight"] == 9 + 3
    page.pick("weight:12", "key", key="ArrowDown")
    assert explorer.cursor["weight"] == 9 + 6
    page.pick("weight:15", "key", key="ArrowLeft")
    assert explorer.cursor["weight"] == 8
    page.pick("weight:8", "key", key="End")
    assert explorer.cursor["weight"] == 26
    typed(page, "weight:26", "9")
    assert weights(explorer)[2, 2, 2] == 9
    page.set("colour", False)
    assert explorer.cursor["weight"] == 8


def test_a_preset_is_left_and_ones_own_comes_back(explorer, page):
    typed(page, "weight:0", "7")
    page.set("preset", "blur")
    assert weights(explorer)[0, 0, 0] == pytest.approx(1 / 9)
    assert explorer.weight == pytest.approx(1 / 9)
    page.set("preset", "own")
    assert weights(explorer)[0, 0, 0] == 7


def test_ones_own_begins_as_what_was_there(explorer, page):
    page.set("preset", "sharpen")
    page.set("preset", "own")
    assert weights(explorer)[0].tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert weights(ConvExplorer(preset="own"))[0].tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_a_smaller_filter_loses_nothing(explorer, page):
    typed(page, "weight:0", "7")
    page.set("size", 1)
    assert weights(explorer).tolist() == [[[0]]]
    assert explorer.cursor["weight"] == 0
    page.set("size", 3)
    assert weights(explorer)[0, 0, 0] == 7


def test_several_filters_have_numbers_of_their_own():
    explorer = ConvExplorer(pixels=6, filters=3)
    page = Page(explorer)
    page.set("bias", 2)
    page.pick("filter:1", "click")
    assert (explorer.filter, explorer.bias, explorer.preset) == (2, 0, "ramp_lower_left")
    page.set("preset", "sharpen")
    typed(page, "weight:0", "3")
    page.set("filter", 1)
    assert (explorer.bias, explorer.preset) == (2, "ramp_upper_right")
    page.set("filter", 2)
    assert weights(explorer)[0].tolist() == [[3, -1, 0], [-1, 5, -1], [0, -1, 0]]
    page.set("filters", 1)
    assert (explorer.filter, explorer.preset) == (1, "ramp_upper_right")
    page.pick("filter:1", "click")
    assert explorer.filter == 1


# The image


def test_numbers_are_typed_into_the_image():
    explorer = ConvExplorer(data="numbers", pixels=6)
    page = Page(explorer)
    page.pick("pixel:7", "click")
    typed(page, "pixel:7", "5")
    assert explorer.pixel == 5
    assert explorer.compute(**explorer.values)["x"][0, 1, 1] == 5
    assert explorer.numbers_typed[1] == [0, 5, 0, 1, 1, 1]
    page.pick("pixel:7", "key", key="ArrowDown")
    assert explorer.cursor["pixel"] == 13
    page.set("pixel", -2)
    assert explorer.numbers_typed[2][1] == -2
    page.set("pixels", 9)
    assert explorer.compute(**explorer.values)["x"].shape == (1, 9, 9)
    page.set("pixels", 3)
    assert explorer.cursor["pixel"] == 8
    assert explorer._controls["colour"]["disabled"] == "Typed numbers have one channel."
    assert np.sum(FIRST_NUMBERS) == 12


def test_an_image_is_drawn_and_cleared():
    explorer = ConvExplorer(pixels=8)
    page = Page(explorer)
    page.set("data", "drawing")
    page.pick("pad", "draw", points=[[0.2, 0.5], [0.8, 0.5]], begin=True)
    assert explorer.compute(**explorer.values)["x"].max() > 0.5
    page.pick("pad", "key", key="ArrowRight")
    page.pick("pad", "click")
    frame = page.pick("pad", "key", key="ArrowDown")
    assert "<circle" in frame["picture"]
    page.press("clear")
    assert explorer.compute(**explorer.values)["x"].max() == 0


def test_an_image_comes_with_as_many_pixels_as_it_needs(explorer, page):
    page.set("data", "grace_hopper")
    assert explorer.pixels == 48
    page.set("data", "numbers")
    assert explorer.pixels == 6
    page.set("data", "circle")
    assert explorer.pixels == 10


def test_controls_come_and_go(explorer, page):
    assert not {"digit", "pixel", "clear", "filter"} & set(explorer._controls)
    page.set("data", "digit")
    assert "digit" in explorer._controls
    page.set("data", "numbers")
    assert "pixel" in explorer._controls
    page.set("data", "drawing")
    assert "clear" in explorer._controls
    page.set("filters", 2)
    assert "filter" in explorer._controls
