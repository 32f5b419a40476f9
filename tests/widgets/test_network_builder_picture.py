"""Long layers are cut to their column, and a bar is as long as its share."""

import re

import pytest

from dlnotes.pictures.svg import text_width
from dlnotes.widgets.network_builder_picture import BAR, LETTERS, bar, cut, shown


def test_a_text_that_fits_stays_and_a_long_one_ends_in_dots():
    assert cut("ReLU()", 200) == "ReLU()"
    long = cut("Conv2d(8, 16, 3, padding=1, rng=rng)", 120)
    assert long.endswith("…")
    assert text_width(long, LETTERS) <= 120


@pytest.mark.parametrize(("value", "width"), [(50, BAR / 2), (100, BAR), (1e-9, 1)])
def test_a_bar_is_as_long_as_its_share(value, width):
    (drawn,) = re.findall(r'width="([\d.]+)"', bar(500, 20, value, 100, 0))
    assert float(drawn) == pytest.approx(width)


@pytest.mark.parametrize("value", [0, None])
def test_nothing_has_no_bar(value):
    assert bar(500, 20, value, 100, 0) == ""
    assert shown(value) == ("?" if value is None else "0")
