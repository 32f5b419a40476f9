"""Texts and numbers reach the page whole, short and harmless."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnotes.pictures.svg import (
    escape,
    number,
    numbers,
    panel,
    readable,
    same_length,
    text_width,
    wrap,
)  # fmt: skip


@given(st.text())
def test_any_text_survives_in_an_element_and_in_an_attribute(text):
    root = ElementTree.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    allowed = "".join(c if c in "\t\n\r" or is_plain_xml(c) else "\ufffd" for c in text)
    assert (root.text or "") == allowed.replace("\r\n", "\n").replace("\r", "\n")
    assert len(root.get("b")) <= len(text)


def is_plain_xml(letter):  # the characters of XML 1.0, without the discouraged controls
    code = ord(letter)
    return 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"'&<>", "a\x00b\x1b", "\ud800 lone", "]]>", "\ufffe"]
)
def test_hostile_text_stays_text_in_a_panel(text):
    svg = panel("", width=10, height=10, title=text, description=text, name=text)
    root = ElementTree.fromstring(svg)
    assert [child.tag.split("}")[1] for child in root] == ["title", "desc", "rect"]
    assert "<script" not in svg


def test_a_panel_is_named_and_described_by_its_ids():
    root = ElementTree.fromstring(panel("", width=300, height=200.5, title="A", description="B"))
    names = {child.get("id"): child.text for child in root}
    assert names[root.get("aria-labelledby")] == "A"
    assert names[root.get("aria-describedby")] == "B"
    assert root.get("viewBox") == "0 0 300 200.5"
    assert (root.get("role"), root.get("class")) == ("img", "dlnotes-panel")
    assert "aria-labelledby" not in panel("", width=1, height=1, title="")


def test_ids_are_the_same_for_the_same_words_and_differ_for_others():
    def keys(**words):
        return ElementTree.fromstring(panel("", width=9, height=9, **words)).get("aria-labelledby")

    assert keys(title="A") == keys(title="A")
    assert len({keys(title=t, name=n) for t in ("A", "B") for n in ("", "fit")}) == 4


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.345678, "12.35"), (3.0, "3"), (0.1, "0.1"), (-0.001, "0"), (-2.5, "-2.5"), (100, "100")],
)
def test_a_coordinate_is_short(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1234.5, "1230"), (0.012345, "0.0123"), (-1.5e-7, "−1.5×10⁻⁷"),
        (1e12, "1×10¹²"), (99999, "1×10⁵"), (5e-324, "4.94×10⁻³²⁴"),
        (np.inf, "∞"), (-np.inf, "−∞"), (np.nan, "–"),
    ],
)  # fmt: skip
def test_a_value_is_readable(value, text):
    assert readable(value) == text


def test_lines_are_no_wider_than_asked_and_lose_no_word():
    text = "The error on the training set falls, and 学習率が大きすぎると発散する too"
    lines = wrap(text, 15, 150)
    assert len(lines) > 3
    assert all(text_width(line, 15) <= 150 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("", 15, 100) == ()
    assert wrap("  one \n two ", 15, 200) == ("one two",)


def test_a_word_longer_than_a_line_is_broken():
    lines = wrap("a " + "x" * 50, 10, 60)
    assert "".join(lines) == "a" + "x" * 50
    assert all(text_width(line, 10) <= 60 for line in lines)
    assert "".join(wrap("y" * 50, 10, 60)) == "y" * 50


def test_wide_letters_measure_more_than_narrow_ones():
    assert text_width("学", 10) > text_width("W", 10) > text_width("A", 10)
    assert text_width("A", 10) > text_width("a", 10) > text_width("i", 10)
    assert text_width("e\u0301", 10) == text_width("e", 10)


@pytest.mark.parametrize(
    "values", ["abc", [1, "x"], [1j], np.array([1j]), [None, object()], 10**400]
)
def test_what_is_no_row_of_numbers_is_refused_by_name(values):
    with pytest.raises(ValueError, match="heights"):
        numbers("heights", values)


def test_numbers_copies_and_masks():
    given_values = np.array([1.0, 2.0])
    copy = numbers("x", given_values)
    copy[0] = 9
    assert given_values[0] == 1
    masked = numbers("x", np.ma.array([1, 2], mask=[False, True]))
    assert masked[0] == 1
    assert np.isnan(masked[1])


def test_lengths_that_differ_are_named():
    with pytest.raises(ValueError, match="x has 2, y has 3"):
        same_length(x=np.zeros(2), y=np.zeros(3))
