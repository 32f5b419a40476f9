"""The drawing of the box: the numbers that go in, and the picture that is dragged on top."""

import re

import numpy as np

from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.widgets.function_box import FunctionBox, shelf
from dlnotes.widgets.function_picture import BOX, HOMES, LETTERS, SIZE, WIDTH, padded

NET = Sequential(Flatten(), Dense(784, 10, rng=np.random.default_rng(0)))


def test_all_numbers_are_written():
    svg = FunctionBox(NET, inside=3).svg()
    lines = re.findall(r'textLength="640"[^>]*>([^<]*)</text>', svg)
    written = [[int(value) for value in line.split()] for line in lines]
    np.testing.assert_array_equal(written, np.rint(255 * shelf(0)[0][3]))
    assert padded(7) == "\u00a0\u00a0\u00a07"
    assert LETTERS >= 11  # pixels: they are to be read
    assert len(svg) < 40_000


def test_what_is_dragged_lies_on_the_box_and_stays_on_the_sheet():
    svg = FunctionBox(NET, held=[2, 5000, -9]).svg()
    assert svg.index("drop a picture here") < svg.index('data-pick="picture:0"')
    assert re.findall(r'data-pick="picture:(\d)"', svg) == [str(i) for i in range(10)]
    assert f'<rect x="{WIDTH - SIZE / 2:g}" y="{-SIZE / 2:g}"' in svg


def test_no_picture_of_the_shelf_lies_in_the_box():
    assert max(y for _x, y in HOMES) + SIZE / 2 < BOX[1]
    assert max(x for x, _y in HOMES) + SIZE / 2 < WIDTH
