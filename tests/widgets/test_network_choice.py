"""A map is chosen where it was pointed at, and its number stays as near as it can."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.pictures.network import band
from dlnotes.widgets.network_choice import cell_there, map_chosen, number_chosen

OUTPUTS = [np.zeros((2, 8, 6)), np.zeros((41, 4, 3)), np.zeros(10)]
BANDS = [band(output, title="t", limits=(-1, 1)) for output in OUTPUTS]


def chosen(pick, *, layer, at=(0, 0), cell=(0, 0)):
    v = SimpleNamespace(chosen=list(at), cell=list(cell))
    return map_chosen(v, BANDS, OUTPUTS, layer, pick)


def test_a_map_on_the_second_line_is_found():
    columns = BANDS[1].columns
    assert columns < 41
    found = chosen({"how": "click", "x": 1.5, "y": 1.2}, layer=1)
    assert found["chosen"] == [1, columns + 1]
    assert chosen({"how": "key", "key": "ArrowDown"}, layer=1, at=(1, 3))["chosen"] == [
        1,
        columns + 3,
    ]
    far = chosen({"how": "key", "key": "ArrowRight", "big": True}, layer=1, at=(1, 3))
    assert far["chosen"] == [1, 11]
    beyond = {"how": "click", "x": columns - 0.5, "y": BANDS[1].lines - 0.5}
    assert BANDS[1].columns * BANDS[1].lines > 41
    assert chosen(beyond, layer=1) == {}


def test_hovering_chooses_nothing():
    assert chosen({"how": "hover", "x": 1.5, "y": 0.2}, layer=0) == {"hovered": [0, 1]}
    assert chosen({"how": "hover", "x": 9, "y": 0.2}, layer=0) == {"hovered": None}
    assert chosen({"how": "drop", "x": 1, "y": 0}, layer=0) == {}


@pytest.mark.parametrize(
    ("at", "cell", "layer", "unit", "wanted"),
    [
        ((0, 0), (7, 5), 1, 0, [3, 2]),
        ((1, 0), (3, 2), 0, 0, [6, 4]),
        ((0, 0), (7, 5), 2, 7, [1, 3]),
        ((2, 7), (1, 3), 0, 0, [4, 3]),
    ],
)
def test_the_number_stays_in_its_place(at, cell, layer, unit, wanted):
    v = SimpleNamespace(chosen=list(at), cell=list(cell))
    assert cell_there(v, OUTPUTS, layer, unit) == wanted


def test_numbers():
    v = SimpleNamespace(chosen=[2, 0], cell=[0, 0])
    found = number_chosen(v, OUTPUTS, {"how": "click", "x": 3.5, "y": 2.5})
    assert found == {"chosen": [2, 9], "cell": [2, 1]}
    v = SimpleNamespace(chosen=[0, 1], cell=[0, 0])
    assert number_chosen(v, OUTPUTS, {"how": "key", "key": "ArrowDown"}) == {"cell": [1, 0]}
    assert number_chosen(v, OUTPUTS, {"how": "click", "x": 6, "y": 1}) == {}
