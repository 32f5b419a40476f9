"""A network's bands: every map stands where its axes say, and the lines join the maps they name."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from dlnotes.pictures.network import (
    EDGE,
    LABEL,
    MOST_MAPS,
    NAMED,
    ROOM,
    Line,
    band,
    briefly,
    network,
)

SVG = "{http://www.w3.org/2000/svg}"

RNG = np.random.default_rng(0)


def bands():
    return [
        band(RNG.random((1, 28, 28)), title="in", limits=(0, 1), colormap="grey"),
        band(RNG.normal(size=(8, 14, 14)), title="<maps>", limits=(-2, 2)),
        band(RNG.normal(size=100), title="list", limits=(-2, 2)),
        band(RNG.normal(size=5), title="few", limits=(-2, 2), names="abcde"),
    ]


def root(**options):
    found = {"title": "T", "chosen": (1, 3)} | options
    return ElementTree.fromstring(network(bands(), **found))


@pytest.mark.parametrize(
    ("shape", "columns", "lines"),
    [
        ((1, 28, 28), 1, 1),
        ((8, 28, 28), 8, 1),
        ((16, 7, 7), 16, 1),
        ((32, 7, 7), 16, 2),
        ((200, 3, 3), 16, 4),
        ((3, 1, 1), 3, 1),
        ((2, 200, 120), 2, 1),
        ((4, 5, 60), 4, 1),
        ((40,), 40, 1),
        ((784,), 154, 6),
        ((9000,), 490, 17),
        ((1,), 1, 1),
    ],
)
def test_maps_and_numbers_find_room(shape, columns, lines):
    made = band(RNG.normal(size=shape), title="t", limits=(-1, 1))
    assert (made.columns, made.lines) == (columns, lines)
    assert made.count <= made.columns * made.lines
    assert made.count == min(shape[0], MOST_MAPS if len(shape) == 3 else 8000)
    width, height = made.size
    assert width <= ROOM + 1
    assert made.height > height
    assert made.uri.startswith("data:image/png;base64,")
    assert len(made.uri) < 30_000
    last = made.place(made.count - 1)
    assert last[0] + made.unit[0] <= width + 0.01
    assert last[1] + made.unit[1] <= height + 0.01


def test_a_map_keeps_its_proportions():
    made = band(np.zeros((2, 10, 20)), title="t", limits=(0, 1))
    assert made.unit[0] == pytest.approx(2 * made.unit[1])


def test_a_few_numbers_stand_with_their_names():
    made = band([0.5, 0.0, 1e-7, -3.0], title="t", limits=(-3, 3), names=["a", "b", "c", "<d>"])
    assert made.names == ("a", "b", "c", "<d>")
    assert made.texts == ("0.5", "0", "≈ 0", "−3")
    assert made.fills[1] == "#f7f6f6"  # zero is nearly white
    assert len(set(made.fills)) == 3
    many = band(np.zeros(NAMED + 1), title="t", limits=(0, 1), names=["a"] * (NAMED + 1))
    assert many.names == ()
    assert band([0.5], title="t", limits=(0, 1)).names == ()
    svg = network([made], title="T", chosen=None)
    assert "&lt;d&gt;" in svg


def test_the_axes_of_a_band_count_its_maps():
    for i, (group, made) in enumerate(
        zip(root().findall(f".//{SVG}g[@class='dlnotes-axes']"), bands(), strict=True)
    ):
        axes = json.loads(group.get("data-axes"))
        assert (axes["x"], axes["y"]) == ([0, made.columns], [made.lines, 0])
        assert axes["width"] / made.columns == pytest.approx(made.pitch[0], abs=0.01)
        area = group.find(f"{SVG}rect[@data-pick]")
        assert area.get("data-pick") == f"layer:{i}"
        assert area.get("data-hover") == "cells"
        assert (area.get("data-current") == "1") == (i == 1)


def test_lines_leave_the_values_and_names_of_a_few_numbers_free():
    few = band(RNG.normal(size=5), title="few", limits=(-2, 2), names="abcde")
    picture = network([few, few], title="t", chosen=None, lines=[Line(1, 0, 3, 1.0)])
    svg = ElementTree.fromstring(picture)
    (line,) = svg.find(f".//{SVG}g[@class='dlnotes-lines']")
    start, end = (float(y) for y in re.findall(r"[ML]\S+ ([^L]+)", line.get("d")))
    name = min(float(text.get("y")) for text in svg.iter(f"{SVG}text") if text.text == "a")
    assert name < start < end


def test_lines_join_the_middles_of_their_maps():
    lines = [Line(1, 0, 3, 1.0), Line(1, 0, 2, -0.5), Line(1, 9, 0, 1.0), Line(1, 0, 99, 1.0)]
    group = root(lines=lines).find(f".//{SVG}g[@class='dlnotes-lines']")
    assert len(group) == 2  # those to maps that are not shown are left out
    strong, weak = group
    assert "stroke-dasharray" not in strong.attrib
    assert "stroke-dasharray" in weak.attrib
    assert float(strong.get("stroke-width")) > float(weak.get("stroke-width"))
    (x0, y0), (x1, y1) = (
        (float(a), float(b)) for a, b in re.findall(r"[ML](\S+) ([^L]+)", strong.get("d"))
    )
    _input, maps, *_rest = bands()
    assert x1 == pytest.approx(EDGE + LABEL + 3 * maps.pitch[0] + maps.unit[0] / 2, abs=0.01)
    assert y1 > y0
    assert x0 == pytest.approx(EDGE + LABEL + 34 / 2, abs=0.01)


def test_what_is_chosen_and_hovered_is_framed():
    plain, framed = (
        len(root(chosen=chosen, hovered=hovered).findall(f".//{SVG}rect"))
        for chosen, hovered in ((None, None), ((1, 3), (2, 50)))
    )
    assert framed == plain + 4
    assert len(root(chosen=(1, 70)).findall(f".//{SVG}rect")) == plain


def test_scales_are_stated_and_words_escaped():
    words = [text.text for text in root().iter(f"{SVG}text")]
    assert {"in", "<maps>", "list", "few"} <= set(words)
    assert words.count("2") == words.count("−2") == 3
    titles = [
        title.text for title in root(labels=["one", "two", "three", "four"]).iter(f"{SVG}title")
    ]
    assert titles[1:] == ["one", "two", "three", "four"]


def test_words_beside_a_band_are_wrapped_and_cut():
    made = band(
        np.zeros(3),
        title="A long title that takes many more than two lines here, I fear",
        limits=(0, 1),
    )
    assert len(made.title) == 2
    assert made.title[1].endswith("…")
    assert made.height > 3 * 13
    noted = band(np.zeros(3), title="t", note="3 numbers", limits=(0, 1))
    assert "3 numbers" in network([noted], title="T", chosen=None)


def test_briefly():
    assert [briefly(value) for value in (0, 0.0009, -1e-9, 0.001, 12.34)] == [
        *("0", "≈ 0", "≈ 0", "0.001", "12"),
    ]  # fmt: skip
