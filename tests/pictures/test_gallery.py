"""A gallery shows every picture with its words, in rows, within its panel."""

from xml.etree import ElementTree

import numpy as np
import pytest

from dlnotes.pictures.gallery import gallery

SVG = "{http://www.w3.org/2000/svg}"

PICTURES = np.linspace(0, 1, 7 * 4 * 4).reshape(7, 4, 4)
CAPTIONS = [[f"is <{i}>", f"read {i + 1}"] for i in range(7)]


def root(**options):
    found = {"pictures": PICTURES, "captions": CAPTIONS, "title": "T"} | options
    return ElementTree.fromstring(gallery(found.pop("pictures"), found.pop("captions"), **found))


def test_pictures_stand_in_rows_with_their_words():
    svg = root(columns=3, size=50)
    images = svg.findall(f".//{SVG}image")
    assert len(images) == 7
    assert len({image.get("x") for image in images}) == 3
    assert len({image.get("y") for image in images}) == 3
    for image in images:
        assert float(image.get("x")) + 50 <= float(svg.get("width"))
        assert float(image.get("y")) + 50 <= float(svg.get("height"))
    words = [text.text for text in svg.iter(f"{SVG}text")]
    assert words[0] == "T"
    assert words[1:] == [line for lines in CAPTIONS for line in lines]
    assert svg.get("role") == "img"


def test_pictures_are_buttons_where_that_is_wanted():
    svg = root(pick="one", chosen=2)
    picks = [element for element in svg.iter() if element.get("data-pick")]
    assert [element.get("data-pick") for element in picks] == [f"one:{i}" for i in range(7)]
    assert [element.get("data-current") for element in picks].index("1") == 2
    assert picks[3].find(f"{SVG}title").text == "is <3>, read 4"
    assert svg.get("role") == "group"


def test_captions_are_one_a_picture():
    with pytest.raises(ValueError, match="captions must be 7, one a picture, not 1"):
        gallery(PICTURES, [["a"]], title="T")
    assert len(root(pictures=PICTURES[:0], captions=[]).findall(f".//{SVG}image")) == 0
