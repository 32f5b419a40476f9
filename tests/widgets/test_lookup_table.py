"""How many rows: exact, in digits, a page at a time."""

import re

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.widgets.lookup_scale import landmarks
from dlnotes.widgets.lookup_table import PAGE, LookupTable, pages_of


def test_the_number_of_the_syllabus():
    table = LookupTable()
    assert table.rows == 256**30_000
    assert len(table.digits) == 72_248
    assert repr(table) == "LookupTable(numbers=30,000, rows=1.58 × 10⁷²²⁴⁷, digits=72,248)"
    assert "256 to the power 30,000 ≈ 1.58 × 10⁷²²⁴⁷" in table._frame["says"]


def test_the_small_table_can_be_built():
    table = LookupTable(width=4, height=4, channels=1, levels=2)
    assert (table.rows, table.digits) == (65_536, "65536")
    assert ">65,536</text>" in table.svg()
    assert "can be built" in table._frame["says"]


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ((1, 1, 1, 2), "can be built"),
        ((4, 4, 1, 3), "fits into all the memory on Earth"),
        ((8, 10, 1, 2), "more rows than all memory on Earth has bytes"),
        ((20, 20, 1, 2), "that many universes"),
    ],
)
def test_it_is_set_beside_memory_and_atoms(sizes, sentence):
    width, height, channels, levels = sizes
    table = LookupTable(width=width, height=height, channels=channels, levels=levels)
    assert sentence in table._frame["says"]
    for mark in landmarks():
        assert mark.source in table.svg()


def written_on(svg):
    groups = re.findall(r'<text x="10" y="[\d.]+">([\d ]+)</text>', svg)
    return "".join(groups).replace(" ", "")


@pytest.mark.parametrize("levels", [255, 256, 10])
def test_all_its_digits_are_written_page_by_page(levels):
    table = LookupTable(width=40, height=40, channels=1, levels=levels, everything=True)
    last = table.controls["page"].maximum
    assert last == pages_of(len(table.digits))
    pages = []
    for page in range(1, last + 1):
        table.page = page
        check_frame(table, table._frame)
        pages.append(written_on(table.svg()))
    assert "".join(pages) == table.digits
    assert len(pages[0]) == min(PAGE, len(table.digits))


def test_the_largest_table_is_still_written():
    table = LookupTable(width=200, height=200, everything=True)
    table.page = table.controls["page"].maximum
    assert written_on(table.svg()) == table.digits[-(len(table.digits) % PAGE) :]
    assert len(table.svg()) < 40_000


def test_pages_are_off_until_there_are_some():
    table = LookupTable()
    assert "Switch" in table.controls["page"].disabled
    page = Page(table)
    page.set("everything", True)
    assert table.controls["page"].disabled == ""
    page.set("page", 30)
    page.set("levels", 2)
    assert table.page == 1
    table.update(width=2, height=2)
    assert "on this page" in table.controls["page"].disabled


def test_everything_can_be_moved():
    rng = np.random.default_rng(0)
    assert move_everything(LookupTable(width=9, height=9), rng) > 20
    assert move_everything(LookupTable(everything=True), rng) > 20


def test_the_smallest_table_is_spoken_of_in_the_singular():
    explorer = LookupTable(width=1, height=1, channels=1, levels=2)
    says = explorer._frame["says"]
    assert says.startswith("1 × 1 × 1 = 1 number, one of 2 levels: 2 to the power 1 = 2 pictures")
    assert "a number of 1 digit." in says
    assert ">1 digit<" in explorer.svg()
