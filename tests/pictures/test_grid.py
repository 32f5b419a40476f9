"""Panels stand beside and below one another without touching, and a table reads straight down."""

from xml.etree import ElementTree

import numpy as np
import pytest

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.image import picture

SVG = "{http://www.w3.org/2000/svg}"


def panels():
    charts = [
        Chart(w, h, x=(0, 1), y=(0, 1), title=f"{w}").svg() for w, h in ((480, 360), (300, 200))
    ]
    return [*charts, picture(np.eye(3), title="p", size=150)]


def boxes(svg):
    root = ElementTree.fromstring(svg)
    found = root.findall(f"{SVG}svg[@class='dlnotes-panel']")
    return root, [[float(p.get(k)) for k in ("x", "y", "width", "height")] for p in found]


@pytest.mark.parametrize("columns", [None, 1, 2, 5])
def test_panels_do_not_overlap_and_fill_the_box(columns):
    root, found = boxes(row(*panels(), columns=columns))
    assert len(found) == 3
    for i, (x, y, w, h) in enumerate(found):
        for x2, y2, *_ in found[i + 1 :]:
            assert x2 >= x + w or y2 >= y + h
    assert float(root.get("width")) == max(x + w for x, _, w, _ in found)
    assert float(root.get("height")) == max(y + h for _, y, _, h in found)


def test_a_row_is_a_named_group_around_the_panels_as_they_were():
    first, *rest = panels()
    root, _ = boxes(row(first, *rest, title="Both <views>", description="D"))
    assert (root.get("class"), root.get("role")) == ("dlnotes-row", "group")
    assert root.find(f"{SVG}title").text == "Both <views>"
    inner = root.find(f"{SVG}svg")
    alone = ElementTree.fromstring(first)
    assert inner.get("viewBox") == alone.get("viewBox")
    assert [ElementTree.tostring(c) for c in inner] == [ElementTree.tostring(c) for c in alone]
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)


def test_a_row_in_a_row():
    root, found = boxes(row(row(*panels()), panels()[0], columns=1))
    assert root.find(f"{SVG}svg").get("class") == "dlnotes-row"
    assert len(found) == 1


def test_panels_that_stay_together_are_one_panel():
    root, found = boxes(row(row(*panels(), together=True), panels()[0]))
    assert len(found) == 2
    inner = root.find(f"{SVG}svg")
    assert inner.get("role") == "group"
    assert len(inner.findall(f"{SVG}svg")) == 3


@pytest.mark.parametrize(
    ("arguments", "columns", "named"),
    [((), None, "panels"), (("<p/>",), None, "panels"), ((panels()[0],), 0, "columns")],
)
def test_a_row_of_something_else_is_refused(arguments, columns, named):
    with pytest.raises(ValueError, match=named):
        row(*arguments, columns=columns)


HEADER = ["method", "error", "note"]
ROWS = [["direct", "0.01 m²", ""], ["descent", "−1.2×10⁻⁷", "1,200"], ["<b>", "ran away", "best"]]


def rows_of(svg):
    root = ElementTree.fromstring(svg)
    return root, [g for g in root.iter(f"{SVG}g") if g.get("font-weight")]


def test_a_table_shows_every_cell_and_sets_numbers_to_the_right():
    root, lines = rows_of(table(HEADER, ROWS, title="Costs"))
    cells = [[text.text or "" for text in line][1:] for line in lines]
    assert cells == [HEADER, *ROWS]
    anchors = [[text.get("text-anchor") for text in line][1:] for line in lines]
    assert anchors == [["start", "end", "start"]] * 4
    assert "ran away" in root.find(f"{SVG}desc").text


def test_the_marked_row_has_a_pointer_and_weight_and_nothing_moves():
    _, plain = rows_of(table(HEADER, ROWS, title="T"))
    _, marked = rows_of(table(HEADER, ROWS, title="T", highlight=1, description="D"))
    assert [line[0].text or "" for line in marked] == ["", "", "▸", ""]
    assert [line.get("font-weight") for line in marked] == ["600", "400", "700", "400"]
    assert all(
        [t.get("x") for t in a] == [t.get("x") for t in b]
        for a, b in zip(plain, marked, strict=True)
    )


def test_a_table_grows_for_its_words_and_may_be_empty():
    wide = ElementTree.fromstring(table(["a" * 80], [["b"]], width=200, title="T"))
    assert float(wide.get("width")) > 500
    ElementTree.fromstring(table([], [], title=""))


def test_bad_tables_are_refused():
    with pytest.raises(ValueError, match="row 0 has 1 cells, header has 2"):
        table(["a", "b"], [["1"]], title="T")
    with pytest.raises(ValueError, match="highlight"):
        table(["a"], [["1"]], title="T", highlight=1)
