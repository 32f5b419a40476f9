"""A matrix in a panel: its places, its numbers where there is room, and what can be touched."""

import base64
import io
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

from dlnotes.pictures.image import colour
from dlnotes.pictures.matrix import Matrix, fitted, fitting, short

GRID = Matrix(10, 20, 2, 3, 30)
VALUES = np.array([[0.0, 0.25, np.nan], [1.0, 0.5, -0.125]])


def parsed(body):
    return ElementTree.fromstring(f"<svg>{body}</svg>")


def texts(body):
    return [text.text for text in parsed(body).iter("text")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.001, "0"), (0.125, "0.12"), (-1.5, "−1.5"), (2.0, "2"), (12.34, "12.3"),
        (-123.4, "−123"), (100, "100"), (0.1 + 0.2, "0.3"), (10.0, "10"),
    ],
)  # fmt: skip
def test_short_numbers(value, text):
    assert short(value) == text


@pytest.mark.parametrize(("value", "text"), [(-3.21, "−3.2"), (0.04, "0"), (12.34, "12")])
def test_shorter_numbers(value, text):
    assert short(value, 1) == text


def test_places():
    assert (GRID.width, GRID.height) == (90, 60)
    assert GRID.middle(0, 0) == (25, 35)
    assert GRID.middle(1, 2) == (85, 65)
    assert GRID.box() == 'x="10" y="20" width="90" height="60"'
    assert GRID.box(1, 1, 1, 2) == 'x="40" y="50" width="60" height="30"'


def test_the_longer_side_fills_the_size():
    assert fitted(0, 0, 4, 8, 80) == Matrix(0, 0, 4, 8, 10)


def test_numbers_stand_in_their_cells():
    body = GRID.draw(VALUES)
    assert texts(body) == ["0", "0.2", "1", "0.5", "−0.1"]
    places = [(float(t.get("x")), float(t.get("y"))) for t in parsed(body).iter("text")]
    for (x, y), (row, col) in zip(places, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)], strict=True):
        assert x == pytest.approx(GRID.middle(row, col)[0])
        assert y == pytest.approx(GRID.middle(row, col)[1] + 5, abs=2)


def test_letters_are_light_on_dark_and_dark_on_light():
    fills = [text.get("fill") for text in parsed(GRID.draw(VALUES, limits=(0, 1))).iter("text")]
    assert fills == ["#fff", "#fff", "#000", "#000", "#fff"]


def test_no_numbers_where_there_is_no_room_or_no_wish():
    assert not texts(Matrix(0, 0, 2, 3, 16).draw(VALUES))
    assert not texts(GRID.draw(VALUES, texts=False))
    assert not texts(GRID.draw(np.zeros((2, 3, 3))))


def test_every_number_fits_into_its_cell():
    wide = Matrix(0, 0, 1, 1, 30)
    sizes = []
    for value in (1, -88.8, -1234):
        (group,) = [g for g in parsed(wide.draw([[value]])).iter("g") if g.get("font-size")]
        sizes.append(float(group.get("font-size")))
    assert sizes[0] > sizes[1] > sizes[2] >= 8


@pytest.mark.parametrize(
    ("side", "texts"),
    [(40, ["−3.21", "0.5"]), (26, ["−3.2", "0.5"]), (17, ["−3", "0"]), (8, ["", "0"])],
)
def test_numbers_have_as_many_decimals_as_there_is_room_for(side, texts):
    found, size = fitting([-3.21, 0.5], side)
    assert found == texts
    assert size >= 8


def test_colours_are_told_as_they_are():
    tones = np.zeros((2, 3, 3))
    tones[..., 0] = 1
    assert GRID.draw(tones) != GRID.draw(1 - tones)
    assert texts(GRID.write_on(VALUES, tones)) == texts(GRID.draw(VALUES))
    assert Matrix(0, 0, 2, 3, 9).write_on(VALUES, tones) == ""


@pytest.mark.parametrize(
    ("values", "colormap", "channels"),
    [(VALUES, "grey", 4), (np.eye(3), "grey", 1), (np.eye(3), "viridis", 3)],
)
def test_an_image_holds_no_more_than_it_shows(values, colormap, channels):
    body = Matrix(0, 0, *values.shape, 30).draw(values, colormap=colormap)
    uri = next(parsed(body).iter("image")).get("href")
    image = Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])))
    assert len(image.getbands()) == channels
    wanted = colour(values, colormap=colormap)
    np.testing.assert_array_equal(np.asarray(image.convert("RGBA")), wanted)


def test_words_in_cells():
    assert texts(GRID.write(["a", "", "c", "", "", "<"])) == ["a", "c", "<"]


def test_frames():
    assert 'width="90"' in GRID.frame()
    assert 'stroke-dasharray="4 3"' in GRID.frame(0, 0, 1, 1, dash=True)
    assert GRID.outline([(0, 0), (1, 2)]).count("M") == 2
    assert "M70 50h30v30h-30z" in GRID.outline([(1, 2)])


def test_the_whole_is_one_button():
    (group,) = parsed(GRID.area(pick="output", label="a < b", hover=True))
    axes, rect = json.loads(group.get("data-axes")), group[0]
    assert (axes["x"], axes["y"]) == ([0, 3], [2, 0])
    assert (rect.get("data-pick"), rect.get("data-hover")) == ("output", "cells")
    assert rect[0].text == "a < b"
    (group,) = parsed(GRID.area(pick="pad", label="", draw=True))
    assert json.loads(group.get("data-axes"))["x"] == [0, 1]
    assert group[0].get("data-draw") == "1"
    assert group[0].get("data-hover") is None


def test_each_cell_is_a_button():
    rects = list(parsed(GRID.buttons("weight", list("abcdef"), current=12, first=9)))
    assert [rect.get("data-pick") for rect in rects] == [f"weight:{i}" for i in range(9, 15)]
    assert [rect.get("data-current") for rect in rects] == [None, None, None, "1", None, None]
    assert rects[4].get("x") == "40"
    assert all(rect.get("data-keys") for rect in rects)
