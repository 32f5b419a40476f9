"""Pixels pointed at, walked over and pinned; the counts of the article; a reader's own."""

import numpy as np
import pytest
from driver import Page, check_frame, move_everything
from picture_files import COLOURS, claiming, file_of, text

from dlnotes import data
from dlnotes.widgets.pixel_inspector import PixelInspector


def shown(explorer):
    return explorer.compute(**explorer.values)


def test_the_counts_of_the_article():
    explorer = PixelInspector()
    result = shown(explorer)
    assert (result["pixels"], result["count"], result["levels"]) == (10_000, 30_000, 256)
    assert "100 × 100 = 10,000 pixels, 3 numbers each: 30,000 numbers" in explorer._frame["says"]
    assert "one of 256 levels" in explorer._frame["says"]


def test_channels_change_the_count_and_levels_do_not():
    explorer = PixelInspector(blue=False, levels=2)
    assert shown(explorer)["count"] == 20_000
    assert "blue" not in repr(explorer)
    assert "blue" not in explorer._frame["says"]
    explorer.update(red=False, green=False)
    assert shown(explorer)["count"] == 0
    assert "no channel is on" in explorer._frame["says"]
    check_frame(explorer, explorer._frame)


@pytest.mark.parametrize("resolution", [4, 8, 37, 100, 512])
def test_resolution_counts_the_pixels(resolution):
    result = shown(PixelInspector(resolution=resolution))
    assert result["image"].shape == (resolution, resolution, 3)
    assert result["count"] == 3 * resolution**2


def test_at_full_resolution_the_numbers_are_the_photographs():
    explorer = PixelInspector(square=False, resolution=600)
    Page(explorer).pick("image", "hover", x=400.5, y=100.5)
    result = shown(explorer)
    assert (result["row"], result["col"]) == (100, 400)
    assert result["pixel"] == data.photo()[100, 400].tolist()
    assert f"red {data.photo()[100, 400, 0]}," in explorer._frame["says"]


def test_it_is_walked_over_by_keys():
    explorer = PixelInspector(resolution=8)
    page = Page(explorer)
    start = shown(explorer)
    for key, row, col in [
        ("ArrowDown", 1, 0),
        ("ArrowRight", 1, 1),
        ("ArrowUp", 0, 1),
        ("x", 0, 1),
    ]:
        page.pick("image", "key", key=key)
        result = shown(explorer)
        assert (result["row"] - start["row"], result["col"] - start["col"]) == (row, col)
    for key, place in [("ArrowLeft", ("col", 0)), ("ArrowDown", ("row", 7))]:
        for _press in range(9):
            page.pick("image", "key", key=key, big=True)
        assert shown(explorer)[place[0]] == place[1]


def test_a_click_pins_and_lets_go():
    explorer = PixelInspector(resolution=10)
    page = Page(explorer)
    page.pick("image", "hover", x=3.5, y=2.5)
    page.pick("image", "click", x=3.5, y=2.5)
    page.pick("image", "hover", x=8.5, y=8.5)
    assert (shown(explorer)["row"], shown(explorer)["col"]) == (2, 3)
    assert "pinned" in explorer._frame["says"]
    page.pick("image", "click", x=5.5, y=2.5)
    assert explorer.pinned
    assert shown(explorer)["col"] == 5
    page.pick("image", "click")
    assert not explorer.pinned
    page.pick("image", "hover", x=8.5, y=8.5)
    assert shown(explorer)["row"] == 8


def test_the_pixel_keeps_its_place_when_the_resolution_changes():
    explorer = PixelInspector(resolution=100, place=[0.755, 0.255])
    explorer.resolution = 512
    explorer.resolution = 4
    assert (shown(explorer)["row"], shown(explorer)["col"]) == (1, 3)
    explorer.resolution = 100
    assert (shown(explorer)["row"], shown(explorer)["col"]) == (25, 75)


def test_other_touches_and_places_change_nothing():
    explorer = PixelInspector()
    state = explorer.state
    for pick, how in [("other", "click"), ("image", "drag"), ("", "leave")]:
        explorer.pick(pick, how, x=1, y=1)
        assert explorer.state == state
    explorer.place = [-5, 99]
    assert (shown(explorer)["row"], shown(explorer)["col"]) == (99, 0)


def test_levels_are_told():
    explorer = PixelInspector(resolution=16, levels=4)
    result = shown(explorer)
    assert set(result["pixel"]) <= {0, 85, 170, 255}
    assert result["level"] == [value // 85 for value in result["pixel"]]
    assert "this pixel&#39;s levels" in explorer.svg()


def test_an_own_picture_is_looked_at():
    explorer = PixelInspector()
    page = Page(explorer)
    assert "own" not in explorer.controls["photo"].options
    frame = page.set("own", file_of(COLOURS))
    check_frame(explorer, frame)
    assert explorer.photo == "own"
    assert explorer.controls["resolution"].maximum == 5
    np.testing.assert_array_equal(shown(explorer)["image"], COLOURS[:, 1:6])
    assert "Your file has 5 × 7 pixels, 105 numbers." in frame["says"]
    page.set("square", False)
    page.set("resolution", 7)
    np.testing.assert_array_equal(shown(explorer)["image"], COLOURS)
    assert "own" not in frame["values"]
    again = PixelInspector.from_state(explorer.state)
    assert again.svg() == explorer.svg()
    page.set("own", "")
    assert explorer.photo == "grace_hopper"


def test_a_large_picture_is_said_to_be_shrunk():
    explorer = PixelInspector(own=file_of(np.zeros((3, 1030, 3), np.uint8)), square=False)
    explorer.photo = "own"
    assert shown(explorer)["image"].shape[1] <= 1024
    said = "Your file has 3 × 1,030 pixels, 9,270 numbers. It is shown with at most 1,024 pixels"
    assert said in explorer._frame["says"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (text(b"hello"), "neither a PNG nor a JPEG"),
        (text(claiming(50_000, 50_000)), "pixels"),
        (text(b"\xff\xd8\xff" + bytes(30)), "damaged"),
        (text(bytes(7_000_100)), "at most 7,000,000 bytes"),
    ],
)
def test_a_bad_file_is_said_and_nothing_is_lost(file, sentence):
    explorer = PixelInspector()
    page = Page(explorer)
    page.set("own", file_of(COLOURS))
    state, picture = explorer.state, explorer.svg()
    frame = page.set("own", file)
    assert sentence in frame["error"]["sentence"]
    assert frame["error"]["details"] == ""
    assert (explorer.state, explorer.svg()) == (state, picture)
    assert page.set("levels", 255)["error"] is None


def test_a_picture_of_one_pixel():
    explorer = PixelInspector(own=file_of(COLOURS[:1, :1]), photo="own", resolution=1)
    assert shown(explorer)["pixel"] == COLOURS[0, 0].tolist()
    check_frame(explorer, explorer._frame)


@pytest.mark.parametrize("resolution", [4, 100, 512])
@pytest.mark.parametrize("levels", [2, 256])
def test_pictures_are_small_enough_to_be_sent_while_moving(resolution, levels):
    svg = PixelInspector(resolution=resolution, levels=levels).svg()
    assert len(svg) < 60_000


def test_everything_can_be_moved():
    assert move_everything(PixelInspector(), np.random.default_rng(0)) > 30


def test_one_channel_is_one_number_each():
    says = PixelInspector(resolution=8, red=False, green=False)._frame["says"]
    assert says.startswith("8 × 8 = 64 pixels, 1 number each: 64 numbers")
