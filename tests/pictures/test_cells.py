"""Cells stand where their axes say, their numbers are readable, and marks lie on their cells."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures.reading import SVG, mapping

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.image import is_light

VALUES = np.arange(12.0).reshape(3, 4)


def cells(**options):
    return Cells(**({"values": VALUES, "cell": 40, "title": "T", "name": "in"} | options))


def elements(svg, tag):
    return ElementTree.fromstring(svg).findall(f".//{SVG}{tag}")


def test_the_axes_count_cells_from_the_upper_left():
    svg = cells().svg()
    m = mapping(svg)
    assert (m["name"], m["x"], m["y"]) == ("in", [0, 4], [3, 0])
    assert (m["width"], m["height"]) == (160, 120)
    image = elements(svg, "image")[0]
    assert [float(image.get(k)) for k in ("x", "y", "width", "height")] == [
        m["left"], m["top"], 160, 120,
    ]  # fmt: skip


@pytest.mark.parametrize("cell", [3, 9, 40])
def test_a_picture_lies_within_its_panel(cell):
    root = ElementTree.fromstring(cells(cell=cell, title="A title of several words").svg())
    m = mapping(cells(cell=cell, title="A title of several words").svg())
    assert m["left"] >= 0
    assert m["left"] + m["width"] <= float(root.get("width"))
    assert m["top"] + m["height"] <= float(root.get("height"))


def test_lines_part_the_cells_that_can_be_counted():
    assert len(elements(cells(cell=8).svg(), "path")) == 0
    path = elements(cells(cell=9).svg(), "path")[0].get("d")
    assert len(re.findall("H", path)) == 2
    assert len(re.findall("V", path)) == 3


def test_every_number_stands_in_its_cell_and_contrasts():
    picture = cells().numbers()
    svg = picture.svg()
    m, found = mapping(svg), {}
    for group in elements(svg, "g"):
        for text in group.findall(f"{SVG}text"):
            if group.get("text-anchor") == "middle":
                col = int((float(text.get("x")) - m["left"]) // 40)
                row = int((float(text.get("y")) - m["top"]) // 40)
                found[row, col] = text.text, group.get("fill")
    assert {place: value for place, (value, _fill) in found.items()} == {
        (row, col): f"{VALUES[row, col]:g}" for row in range(3) for col in range(4)
    }
    assert found[0, 0][1] == "#FFFFFF"  # on black
    assert found[2, 3][1] == "#000000"  # on white


def test_letters_are_read_on_every_shade():
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    linear = ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4
    contrast = np.where(is_light(grey)[0], (linear + 0.05) / 0.05, 1.05 / (linear + 0.05))
    assert contrast.min() >= 4.5


def test_numbers_are_short():
    svg = Cells([[1 / 3, -2.5e-9]], cell=40, title="").numbers(2).svg()
    assert ">0.33<" in svg
    assert ">−2.5×10⁻⁹<" in svg


def test_notes_stand_at_the_foot_of_their_cells():
    svg = cells().notes([["<a>", "b", "c", "d"]] * 3).svg()
    m = mapping(svg)
    texts = [t for t in elements(svg, "text") if t.text == "<a>"]
    assert [(float(t.get("x")) - m["left"]) // 40 for t in texts] == [0, 0, 0]
    heights = sorted((float(t.get("y")) - m["top"]) / 40 for t in texts)
    np.testing.assert_allclose(heights, [0.9, 1.9, 2.9], atol=0.09)


def test_a_text_below_keeps_its_room():
    short, long = (cells().below(text, lines=2) for text in ("a", "words " * 20))
    assert short.height == cells().height + 2 * 19 + 6
    assert long.height > short.height
    last = [t for t in elements(long.svg(), "text") if "words" in t.text][-1]
    assert float(last.get("y")) < long.height


def test_a_box_and_dots_lie_on_their_cells():
    svg = cells().box(1, 2, 2, 1.5).dots([2, 0], [0, 3]).svg()
    m = mapping(svg)
    boxes = [r for r in elements(svg, "rect") if r.get("stroke-width") == "3"]
    assert len(boxes) == 1
    assert [float(boxes[0].get(k)) for k in ("x", "y", "width", "height")] == [
        m["left"] + 80, m["top"] + 40, 60, 80,
    ]  # fmt: skip
    dots = [p.get("d") for p in elements(svg, "path") if p.get("stroke-linecap")]
    x, y = m["left"], m["top"]
    wanted = [(x + 20, y + 100), (x + 140, y + 20)]
    for path in dots:
        places = re.findall(r"M(\S+) ([\d.]+)h0", path)
        assert [(float(a), float(b)) for a, b in places] == wanted


def test_rules_part_rows_and_columns():
    svg = cells().rules([1], [2, 3]).svg()
    m = mapping(svg)
    path = elements(svg, "path")[-1].get("d")
    assert f"V{m['top'] + 120:g}" in path
    assert path.startswith(f"M{m['left']:g} {m['top'] + 40:g}H")
    assert path.count("V") == 2


def test_the_whole_is_one_button():
    root = ElementTree.fromstring(cells().pick("out", "Choose <one>").svg())
    button = root.find(f".//{SVG}rect[@data-pick='out']")
    assert button.get("data-hover") == "cells"
    assert button.get("tabindex") == "0"
    assert button.find(f"{SVG}title").text == "Choose <one>"
    assert root.get("role") == "group"
    assert ElementTree.fromstring(cells().svg()).get("role") == "img"


def test_each_cell_is_a_button():
    svg = cells().buttons("pixel", [f"cell {i}" for i in range(12)]).svg()
    m = mapping(svg)
    buttons = [r for r in elements(svg, "rect") if (r.get("data-pick") or "").startswith("pixel")]
    assert [b.get("data-pick") for b in buttons] == [f"pixel:{i}" for i in range(12)]
    assert (float(buttons[6].get("x")), float(buttons[6].get("y"))) == (
        m["left"] + 80, m["top"] + 40,
    )  # fmt: skip
    assert buttons[6].find(f"{SVG}title").text == "cell 6"
    assert {b.get("data-columns") for b in buttons} == {str(cells().w)}


def test_what_is_no_image_is_refused():
    with pytest.raises(ValueError, match="values must have 2 dimension"):
        cells(values=[1, 2])
