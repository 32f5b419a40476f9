"""A chart says what it was given: read back from its XML, mark by mark."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from pictures.reading import SVG, X, chart, mapping, marks_of, path_of, places, to_data

from dlnotes.pictures.chart import Chart, grid_extent


def test_a_line_breaks_at_what_is_not_finite():
    x = np.arange(7.0)
    svg = chart(x=(0, 6)).line(x, [1, 2, np.nan, 4, np.inf, 6, 7]).svg()
    assert re.sub(r"[\d. ]", "", path_of(svg)) == "MLMhML"
    assert path_of(chart().line([np.nan], [1]).svg()) == ""
    assert path_of(chart().line([], []).svg()) == ""


def test_far_values_stay_in_reach_and_never_say_nan():
    svg = chart().line([1, 2, 3], [1e300, -1e300, np.nan]).bars(X, [1e200, np.nan, 1]).svg()
    svg += chart().band(X, [0, np.nan, 1], [1, 1, 1e99]).points(X, [np.inf, np.nan, 1]).svg()
    svg += chart().segments(X, X, X, [np.nan, 1, -1e99]).rule(x=np.nan).text(np.nan, 1, "t").svg()
    drawn = re.findall(r' (?:d|x|y|width|height|transform)="([^"]*)"', svg)
    assert not [
        text for text in drawn if re.search(r"nan|inf|\d{8}|e", text.replace("translate", ""))
    ]


def test_marks_are_cut_at_the_plot_and_points_outside_are_hidden():
    svg = chart().line(X, X).points([2, 5, np.nan], [5, 5, 5]).svg()
    plot, points = marks_of(svg)
    m = mapping(svg)
    assert plot.get("overflow") == "hidden"
    assert [float(plot.get(k)) for k in ("x", "y", "width", "height")] == [
        m[k] for k in ("left", "top", "width", "height")
    ]
    assert [path.get("display") for path in points] == [None, "none", "none"]


def test_points_that_can_be_picked_are_named_buttons():
    svg = chart().points(X, X, label="data", pick="point", drag=True).svg()
    buttons = list(marks_of(svg)[0])
    assert [b.get("data-pick") for b in buttons] == ["point:0", "point:1", "point:2"]
    for button in buttons:
        assert (button.get("tabindex"), button.get("role"), button.get("data-drag")) == (
            "0",
            "button",
            "true",
        )
        assert float(button.find(f"{SVG}circle").get("r")) >= 10
    assert buttons[1].find(f"{SVG}title").text == "data 2: x 2, y 2"
    assert ElementTree.fromstring(svg).get("role") == "group"


def test_pick_names_of_the_caller_are_escaped():
    svg = chart().points([1, 9], [1, 1], pick='p"', pick_labels=["<a>", '"b"']).svg()
    first, second = marks_of(svg)[0]
    assert [pick.find(f"{SVG}title").text for pick in (first, second)] == ["<a>", '"b"']
    assert (first.get("data-pick"), first.get("data-drag")) == ('p":0', None)
    assert second.get("display") == "none"


def test_the_whole_plot_can_be_a_button():
    svg = chart().area(pick="place", label="Go here", drag=True).svg()
    rect = marks_of(svg)[0].find(f"{SVG}rect")
    assert (rect.get("data-pick"), rect.find(f"{SVG}title").text) == ("place", "Go here")
    assert float(rect.get("width")) == mapping(svg)["width"]
    assert (rect.get("data-drag"), rect.get("data-draw")) == ("true", None)
    pad = marks_of(chart().area(pick="pad", label="Draw here", draw=True).svg())[0][0]
    assert (pad.get("data-drag"), pad.get("data-draw")) == (None, "1")


def test_a_great_many_points_are_one_path():
    x = np.linspace(0, 4, 1000)
    svg = chart().points(np.append(x, np.nan), np.append(x, 1)).svg()
    assert len(marks_of(svg)[0]) == 1
    assert marks_of(svg)[0][0].get("d").count("M") == 1000


def test_an_image_is_upright_and_states_its_limits():
    svg = chart(x=(0, 2), y=(0, 2)).image([[0, 1], [2, 3]], label="error").svg()
    root = ElementTree.fromstring(svg)
    texts = [t.text for t in root.iter(f"{SVG}text")]
    assert {"3", "0", "error"} <= set(texts)
    image = marks_of(svg)[0].find(f"{SVG}image")
    m = mapping(svg)
    assert [float(image.get(k)) for k in ("x", "y", "width", "height")] == [
        m[k] for k in ("left", "top", "width", "height")
    ]
    assert image.get("image-rendering") == "pixelated"
    assert "auto" in chart().image([[0, 1]], smooth=True, colormap="diverging").svg()


def test_contours_of_a_plane_stand_where_the_value_is():
    x, y = np.linspace(0, 4, 9), np.linspace(0, 10, 9)
    plane = np.tile(x, (9, 1))
    svg = chart().contours(plane, extent=grid_extent(x, y), levels=[1.25]).svg()
    found = to_data(svg, places(path_of(svg)))
    np.testing.assert_allclose(found[:, 0], 1.25, atol=0.02)
    assert len(found) == 16
    assert path_of(chart().contours(plane).svg()).count("M") == 8 * 8
    assert path_of(chart().contours(np.ones((3, 3))).svg()) == ""


def test_bars_stand_on_the_base_even_on_a_logarithmic_axis():
    svg = chart(y=(0.1, 10), y_log=True).bars([2], [1], base=0).svg()
    m = mapping(svg)
    left, foot, head, right = map(float, re.findall(r"[\d.]+", path_of(svg))[:4])
    assert foot == pytest.approx(m["top"] + m["height"], abs=0.02)
    assert head == pytest.approx(m["top"] + m["height"] / 2, abs=0.02)
    assert (right - left) / m["width"] == pytest.approx(0.8 / 4, abs=0.001)


def test_rules_cross_the_whole_plot():
    svg = chart().rule(x=1, label="here").rule(y=5, dash=False).svg()
    upright, level = (places(path.get("d")) for path in marks_of(svg)[0])
    m = mapping(svg)
    assert np.ptp(upright[:, 1]) == pytest.approx(m["height"], abs=0.02)
    assert np.ptp(level[:, 0]) == pytest.approx(m["width"], abs=0.02)


def test_a_text_stays_inside_the_plot():
    svg = chart().text(3.9, 5, "a long remark at the edge").text(9, 9, "outside").svg()
    inside, outside = marks_of(svg)
    m = mapping(svg)
    assert float(inside.get("x")) + 100 < m["left"] + m["width"]
    assert outside.get("display") == "none"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda c: c.line([1], [1, 2]), "x has 1, y has 2"),
        (lambda c: c.line([[1]], [1]), "x must have 1 dim"),
        (lambda c: c.points(X, X, marker="star"), "marker"),
        (lambda c: c.points(X, X, color=6), "color"),
        (lambda c: c.points(X, X, color=True), "color"),
        (lambda c: c.points(X, X, pick="p", pick_labels=["a"]), "pick_labels"),
        (lambda c: c.segments(X, X, X, X[:1]), "y1 has 1"),
        (lambda c: c.bars(X, "high"), "height"),
        (lambda c: c.band(X, X, X[:2]), "high has 2"),
        (lambda c: c.image(X), "values"),
        (lambda c: c.image([[1, 2]], colormap="jet"), "colormap"),
        (lambda c: c.image([[1, 2]], extent=(0, 1, 2)), "extent"),
        (lambda c: c.image([[1, 2]], extent=(0, 0, 0, 1)), "extent"),
        (lambda c: c.image([[1, 2]], limits=(1, np.nan)), "limits"),
        (lambda c: c.image([[1, 2]], limits=3), "limits"),
        (lambda c: c.contours([[1, 2]]), "values"),
        (lambda c: c.text(1, 1, "t", anchor="left"), "anchor"),
        (lambda c: c.rule(), "x or y"),
        (lambda c: c.rule(x=1, y=1), "x or y"),
        (lambda c: grid_extent([1], [1, 2]), "x must have at least two"),
    ],
)
def test_bad_input_is_refused_by_name(wrong, named):
    with pytest.raises(ValueError, match=re.escape(named)):
        wrong(chart())


@pytest.mark.parametrize("marker", ["circle", "square", "triangle", "diamond", "cross"])
def test_every_marker_is_drawn_around_its_point(marker):
    group = marks_of(chart().points([2], [5], marker=marker, opacity=0.5).svg())[0]
    assert group.get("opacity") == "0.5"
    assert re.match(r"M\d+\.?\d* \d+\.?\d*m", group[0].get("d"))


@pytest.mark.parametrize("low", [1e-6, 0.011, 0.02, 0.3, 2])
@pytest.mark.parametrize("height", [60, 160, 400])
def test_numbers_beside_a_logarithmic_axis_stand_apart(low, height):
    chart = Chart(500, height, x=(0, 1), y=(low, 9.5), y_log=True, title="t", y_label="loss")
    found = ElementTree.fromstring(chart.svg()).iter("{http://www.w3.org/2000/svg}g")
    numbers = next(g for g in found if g.get("text-anchor") == "end" and len(g) > 1)
    heights = sorted(float(text.get("y")) for text in numbers)
    assert len(heights) >= 2
    assert min(np.diff(heights)) >= 13
