"""A chart is laid out so that words, numbers and marks keep out of each other's way."""

import time
from xml.etree import ElementTree

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pictures.reading import SVG, X, chart, mapping, path_of, places, shape_of, to_data

from dlnotes.pictures.svg import text_width


def test_the_mapping_gives_the_data_back():
    svg = chart(name='a "quoted" <name>').line(X, [2, 8, 5]).svg()
    assert mapping(svg)["name"] == 'a "quoted" <name>'
    np.testing.assert_allclose(
        to_data(svg, places(path_of(svg))), [[1, 2], [2, 8], [3, 5]], atol=0.03
    )


def test_logarithmic_axes_put_decades_at_equal_distances():
    svg = chart(x=(1, 1000), x_log=True, y=(1e-3, 10), y_log=True)
    svg = svg.line([1, 10, 100, 1000, 0], [1e-3, 1e-2, 1e-1, 1, 1]).svg()
    at = places(path_of(svg))
    assert len(at) == 4  # a logarithmic axis has no place for zero
    np.testing.assert_allclose(np.diff(at, axis=0), [np.diff(at, axis=0)[0]] * 3, atol=0.02)
    assert (mapping(svg)["x_log"], mapping(svg)["y_log"]) == (True, True)


def test_the_same_calls_give_the_same_text_and_other_numbers_the_same_tree():
    def frame(shift):
        c = chart().image(np.eye(3) * shift).line(X, X + shift, label="fit").bars(X, X * shift)
        c.points(X, X + shift, pick="point", drag=True).points(X + shift, X).text(shift, 1, "here")
        return c.rule(y=shift).band(X, X, X + shift).segments(X, X, X, X * shift).svg()

    assert frame(1.0) == frame(1.0)
    first, second = (ElementTree.fromstring(frame(shift)) for shift in (1.0, 3.5))
    assert shape_of(first) == shape_of(second)
    assert first.get("aria-labelledby") == second.get("aria-labelledby")


def test_the_legend_names_each_label_once_and_shows_all_its_marks():
    c = chart().line(X, X, label="fit", color=1).points(X, X, label="fit", color=1)
    c.points(X, X, label="fit", color=1).bars(X, X, label="<b>").line(X, X)
    legend = ElementTree.fromstring(c.svg()).find(f".//{SVG}g[@class='dlnotes-legend']")
    assert [entry.find(f"{SVG}text").text for entry in legend] == ["fit", "<b>"]
    assert len(legend[0].findall(f"{SVG}path")) == 2


def test_words_grow_the_chart_and_never_cover_the_plot():
    short = chart().svg()
    long = chart(title="many words " * 30)
    for i in range(12):
        long.line(X, X, label=f"a label that is rather long, number {i}")
    svg = long.svg()
    root = ElementTree.fromstring(svg)
    lowest = max(float(t.get("y")) for t in root.findall(f"{SVG}text") if t.get("font-weight"))
    assert lowest < mapping(svg)["top"]
    assert float(root.get("height")) > float(ElementTree.fromstring(short).get("height")) == 360
    assert mapping(svg)["height"] >= 80


@given(
    st.sampled_from([300, 480, 700]), st.booleans(), st.floats(-1e9, 1e9), st.floats(1e-9, 1e12),
    st.text(max_size=30), st.text(max_size=30), st.booleans(),
)  # fmt: skip
def test_every_number_on_the_axes_stays_on_the_sheet(
    width, image, low, size, x_label, y_label, log
):
    size = max(size, 1e-9 * abs(low))
    x = (abs(low) + 1e-9, abs(low) + size + 1) if log else (low, low + size)
    c = chart(width=width, x=x, x_log=log, x_label=x_label, y_label=y_label)
    if image:
        c.image(np.eye(2), label="value")
    root = ElementTree.fromstring(c.svg())
    m = mapping(c.svg())
    assert m["left"] >= 10
    assert m["left"] + m["width"] <= float(root.get("width")) or m["width"] == 80
    assert m["top"] + m["height"] < float(root.get("height"))


def test_a_description_is_made_where_none_is_given():
    svg = chart(x_label="time").line(X, X, label="loss").svg()
    said = ElementTree.fromstring(svg).find(f"{SVG}desc").text
    assert said == "Chart of time from 0 to 4 and y from 0 to 10. Shown: loss."
    assert "mine" in chart(description="mine").svg()
    assert ElementTree.fromstring(chart().svg()).find(f"{SVG}desc").text.endswith("10.")


def test_a_typical_chart_takes_a_few_milliseconds_at_most():
    x = np.linspace(0, 4, 200)
    some = np.linspace(0, 4, 50)

    def draw():
        c = chart(x_label="x", y_label="y").points(some, some, label="data")
        return c.line(x, x, label="fit").line(x, 2 * x, label="truth", color=1, dash=True).svg()

    draw()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        draw()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.003


def test_numbers_beside_one_another_do_not_touch():
    svg = chart(width=330, x=(1e9, 1e9 + 4), x_label="x").svg()
    numbers = ElementTree.fromstring(svg).findall(f"{SVG}g[@text-anchor='middle']")[0]
    at = [float(text.get("x")) for text in numbers]
    assert len(at) >= 2
    assert min(np.diff(at)) > max(text_width(text.text, 12) for text in numbers)


def test_a_chart_too_narrow_for_two_numbers_shows_them_all_the_same():
    svg = chart(width=100, x=(1e9, 1e9 + 4)).svg()
    assert len(ElementTree.fromstring(svg).findall(f"{SVG}g[@text-anchor='middle']")[0]) >= 2
