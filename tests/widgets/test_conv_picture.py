"""The picture shows the window where it is, in words and frames, and can be reached by keys."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from dlnotes.widgets.conv_explorer import ConvExplorer
from dlnotes.widgets.conv_picture import EDGE, SIDE, TOP

XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


def panels(explorer):
    root = ElementTree.fromstring(explorer.svg().replace(XMLNS, ""))
    return {panel.findtext("title"): panel for panel in root.findall("svg")}


def words(panel):
    return " ".join(text.text for text in panel.iter("text"))


def frames(panel, color=1):
    """The frames of one colour: x, y, width, height in pixels."""
    return [
        [float(rect.get(name)) for name in ("x", "y", "width", "height")]
        for rect in panel.iter("rect")
        if f"--dlnotes-{color}," in rect.get("stroke", "")
    ]


def test_three_panels_with_their_sizes():
    found = panels(ConvExplorer(pixels=9, stride=2, padding=1))
    assert list(found) == ["Input, 9×9", "Filter", "Output, 5×5"]
    assert "Around it 1 of zeros: 11×11." in words(found["Input, 9×9"])
    assert list(panels(ConvExplorer(filters=2, filter=2)))[1] == "Filter 2 of 2"


def laid(explorer):
    """The weights that are written on the input, with their colours."""
    texts = next(iter(panels(explorer).values())).iter("text")
    return [(text.text, text.get("fill")) for text in texts if text.text.startswith("×")]


def test_the_filter_is_laid_on_the_image():
    white, black, ink = "#FFFFFF", "#000000", "--dlnotes-ink"
    explorer = ConvExplorer(data="numbers", pixels=6, preset="edge_right", step=7)
    found = laid(explorer)
    assert [text for text, _ in found] == ["×−1", "×0", "×1"] * 3
    for (_, fill), pixel in zip(
        found, explorer.compute(**explorer.values)["window"].flat, strict=True
    ):
        assert (black if pixel == 1 else white) in fill
    turned = laid(ConvExplorer(data="numbers", pixels=6, preset="edge_right", mode="convolution"))
    assert [text for text, _ in turned] == ["×1", "×0", "×−1"] * 3
    around = laid(ConvExplorer(data="numbers", pixels=6, padding=1))
    assert sum(ink in fill for _, fill in around) == 5


@pytest.mark.parametrize("values", [{"pixels": 12}, {"pixels": 6, "colour": True}])
def test_no_weights_where_there_is_no_room_or_several_channels(values):
    assert not laid(ConvExplorer(**values))


def test_the_window_is_where_the_output_cell_says():
    explorer = ConvExplorer(pixels=10, stride=2, padding=1, dilation=2, step=6)
    found = panels(explorer)
    cell = SIDE / 12
    n_out = explorer.compute(**explorer.values)["n_out"]
    row, col = divmod(5, n_out)
    (window,) = frames(found["Input, 10×10"])
    wanted = [EDGE + 2 * col * cell, TOP + 2 * row * cell, 5 * cell, 5 * cell]
    assert window == pytest.approx(wanted, abs=0.02)
    (output,) = frames(found[f"Output, {n_out}×{n_out}"])
    side = SIDE / n_out
    assert output == pytest.approx([EDGE + col * side, TOP + row * side, side, side], abs=0.02)
    assert "3×3 cells, 2 apart, cover 5×5." in words(found["Input, 10×10"])


def test_colour_shows_its_channels():
    found = panels(ConvExplorer(pixels=8, colour=True))["Input, 8×8"]
    assert {"red", "green", "blue"} <= set(words(found).split())
    assert len(list(found.iter("image"))) == 4
    assert len(frames(found)) == 4


def test_the_output_fills_as_the_filter_moves():
    explorer = ConvExplorer(pixels=5, fill=True, step=4)
    output = panels(explorer)["Output, 3×3"]
    numbers = [t for g in output.iter("g") if g.get("text-anchor") for t in g.iter("text")]
    assert len(numbers) == 4
    explorer.step = 9
    output = panels(explorer)["Output, 3×3"]
    numbers = [t for g in output.iter("g") if g.get("text-anchor") for t in g.iter("text")]
    assert len(numbers) == 9


def test_every_filters_map_can_be_chosen():
    found = panels(ConvExplorer(pixels=8, filters=3, filter=2))["Output, 6×6"]
    chosen = [e.get("data-pick") for e in found.iter() if "filter:" in e.get("data-pick", "")]
    assert chosen == ["filter:0", "filter:1", "filter:2"]
    assert len(list(found.iter("image"))) == 4


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"input", "output", "weight"}),
        ({"data": "drawing"}, {"pad", "output", "weight"}),
        ({"data": "numbers", "pixels": 4}, {"pixel", "output", "weight"}),
        ({"pixels": 3, "size": 7}, {"input", "weight"}),
    ],
)
def test_what_can_be_touched(values, expected):
    root = ElementTree.fromstring(ConvExplorer(**values).svg().replace(XMLNS, ""))
    touched = [element for element in root.iter() if element.get("data-pick")]
    assert {element.get("data-pick").split(":")[0] for element in touched} == expected
    for element in touched:
        assert element.get("tabindex") == "0"
        assert element.find("title").text


def test_a_cursor_that_is_elsewhere_marks_nothing():
    explorer = ConvExplorer(data="numbers", pixels=4)
    values = explorer.values | {"cursor": {"weight": 99, "pixel": 99, "typed": ""}}
    assert "data-current" not in explorer.draw(explorer.compute(**values))


def test_many_pixels_have_no_numbers():
    few, many = ConvExplorer(pixels=8), ConvExplorer(pixels=40)
    assert len(panels(few)["Input, 8×8"].findall(".//text")) > 64
    assert len(panels(many)["Input, 40×40"].findall(".//text")) < 5
    padded = ConvExplorer(pixels=40, padding=2)
    assert ">0<" not in re.split(r"Filter</title>", padded.svg())[0]


@pytest.mark.parametrize("values", [{}, {"pixels": 64, "data": "china"}])
def test_pictures_stay_small(values):
    assert len(ConvExplorer(**values).svg()) < 40_000
