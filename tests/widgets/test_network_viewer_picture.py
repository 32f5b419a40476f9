"""The right half of the viewer: panels stand within it, windows are written with their numbers."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from dlnotes.layers import Conv2d, Dense, GlobalAvgPool2d, MaxPool2d
from dlnotes.widgets.network_arithmetic import explained
from dlnotes.widgets.network_choice import term_of
from dlnotes.widgets.network_viewer_picture import (
    GRID,
    TERMS,
    WIDTH,
    as_grid,
    as_picture,
    cells,
    draw_right,
    short,
)
from dlnotes.widgets.pad import BLANK

SVG = "{http://www.w3.org/2000/svg}"
RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(20, 9, 9))


def result(how, **changes):
    found = {
        "how": how, "pad": None, "input": MAPS[0], "input_limits": (-2, 2), "brush": None,
        "enlarged": MAPS[1], "enlarged_title": "Map 1", "limits": (-2, 2), "colormap": "diverging",
        "cell": [2, 3], "source": MAPS[0], "source_limits": (-2, 2), "source_colormap": "diverging",
        "source_map": 0, "channel": 0, "number_title": "N", "term": term_of(how, 0, None),
    }  # fmt: skip
    return SimpleNamespace(**found | changes)


def drawn(how, **changes):
    svg = ElementTree.fromstring(draw_right(result(how, **changes)))
    width, height = float(svg.get("width")), float(svg.get("height"))
    panels = [child for child in svg if child.tag == f"{SVG}svg"]
    for panel in panels:
        assert float(panel.get("x")) + float(panel.get("width")) <= width + 1
        assert float(panel.get("y")) + float(panel.get("height")) <= height + 1
    assert width < WIDTH + 60
    return svg, [
        panel.find(f"{SVG}title").text for panel in panels if len(panel.findall(f"{SVG}title"))
    ]


@pytest.mark.parametrize("size", [1, 3, 7, 9])
def test_window_weights_and_products_stand_side_by_side(size):
    layer = Conv2d(20, 2, size, rng=RNG)
    how = explained(layer, MAPS, (1, 0, 0))
    svg, titles = drawn(how)
    assert titles[:2] == ["What goes in", "Map 1"]
    assert {"window", "weights", "products", "N"} <= set(titles)
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert texts.count("×") == texts.count("=") == 1
    picks = [e.get("data-pick") for e in svg.iter() if e.get("data-pick")]
    assert picks == ["input", "map", *TERMS, *(f"sum:{i}" for i in range(20))]


def test_a_single_map_has_no_sums_and_a_pool_no_weights():
    one = explained(Conv2d(1, 1, 3, rng=RNG), MAPS[:1], (0, 0, 0))
    assert "map (choose one)" not in " ".join(drawn(one)[1])
    pool = explained(MaxPool2d(2), MAPS, (3, 1, 1))
    titles = drawn(pool)[1]
    assert "window" in titles
    assert "weights" not in titles
    mean = explained(GlobalAvgPool2d(), MAPS, (3, 0, 0))
    boxes = [str(ElementTree.tostring(drawn(how)[0])).count('stroke-width="4.5"')
             for how in (pool, mean)]  # fmt: skip
    assert boxes[0] == boxes[1] + 1


def test_a_window_of_the_padding_alone_is_drawn():
    how = explained(Conv2d(20, 2, 3, padding=4, rng=RNG), MAPS, (0, 0, 0))
    svg, _titles = drawn(how)
    assert "nan" not in re.sub(r"base64,[^\"']*", "", ElementTree.tostring(svg, "unicode"))


def test_a_list_has_no_map_below_its_window():
    how = explained(Dense(30, 2, rng=RNG), RNG.normal(size=30), (1, 0, 0))
    titles = drawn(how, source=None)[1]
    assert not any(title.startswith("From map") for title in titles)
    assert "window" in titles


def test_the_pad_takes_the_place_of_the_picture():
    how = explained(MaxPool2d(2), MAPS, (0, 0, 0))
    titles = drawn(how, pad=BLANK)[1]
    assert titles[0] == "Draw here"
    assert drawn(how, brush=[1, 1])[1][0] == "What goes in"


def test_as_grid():
    np.testing.assert_array_equal(as_grid(MAPS[0]), MAPS[0])
    grid = as_grid(np.arange(7.0))
    assert grid.shape == (3, 3)
    assert np.isnan(grid[2, 1:]).all()


def test_what_goes_in_is_seen_as_a_picture():
    red = np.zeros((3, 2, 5))
    red[0] = 4
    assert as_picture(red, (0, 4)).tolist() == [[[255, 0, 0]] * 5] * 2
    np.testing.assert_array_equal(as_picture(red * 0, (0.0, 0.0)), np.zeros((2, 5, 3)))
    np.testing.assert_allclose(as_picture(MAPS, (-2, 2)), MAPS.mean(axis=0))
    np.testing.assert_array_equal(as_picture(MAPS[:1], (-2, 2)), MAPS[0])
    assert as_picture(np.arange(7.0), (0, 6)).shape == (3, 3)


def test_a_large_window_says_how_far_its_colours_reach():
    how = explained(Dense(784, 2, rng=RNG), RNG.normal(size=784), (1, 0, 0))
    texts = [text.text for text in drawn(how, source=None)[0].iter(f"{SVG}text")]
    reach = np.abs(how.weights).max()
    assert f"full colour: ±{reach:.3g}" in texts
    small = explained(Conv2d(20, 2, 3, rng=RNG), MAPS, (1, 0, 0))
    assert "full colour" not in "".join(text.text for text in drawn(small)[0].iter(f"{SVG}text"))


def test_numbers_of_a_window_have_as_many_decimals():
    few = np.array([[0.2, -0.05849], [1.3e-7, -1e-9]])
    assert short(few) == [["0.200", "−0.058"], ["0", "0"]]
    assert short(np.array([[1234.5, 0.4, np.nan]])) == [["1234", "0", "–"]]
    assert short(np.array([[-0.2, 0.0, 0.7, 0.04, 1.0]])) == [["-0.2", "0", "0.7", "0", "1.0"]]
    assert short(np.array([[-0.2, 0.0, 0.7, 0.04]])) == [["-0.20", "0", "0.70", "0.04"]]
    assert short(np.array([[-0.02, 0.0, 0.07, 0.004]])) == [["-.020", "0", ".070", ".004"]]
    many = np.array([[-0.2, 0.0, 0.7, 0.04, np.nan, 0.0999]])
    assert short(many) == [["-.20", "0", ".70", ".04", "–", ".10"]]
    assert short(many * 10)[0][:4] == ["-2.0", "0", "7.0", ".4"]
    assert short(many / 10)[0][:4] == ["-.02", "0", ".07", "0"]
    for odd, texts in (([0.0, 0.0], ["0", "0"]), ([np.nan], ["–"]), ([np.inf, 1.0], ["∞", "1"])):
        assert short(np.array([odd])) == [texts]
    assert short(np.array([[1.5e-7, 0.0]])) == [["1.5×10⁻⁷", "0"]]


@pytest.mark.parametrize("side", [3, 5, 7, 8])
def test_numbers_in_a_window_are_large_enough_to_read(side):
    values = RNG.normal(size=(side, side)) * 10.0 ** RNG.integers(-2, 3)
    made = cells(values, GRID, "window", limits=(-3, 3)).svg()
    sizes = [float(size) for size in re.findall(r'<g font-size="([\d.]+)"', made)]
    assert len(sizes) == 2
    assert min(sizes) >= 7.5
    assert not re.findall("<g font-size", cells(values, 64, "w", limits=(-3, 3), write=False).svg())
