"""The speed ladder: rung by rung, under a roof that was measured."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import move_everything

from dlnotes.widgets.rungs import NAMES
from dlnotes.widgets.speed_ladder import SpeedLadder, said_time, share_of


def ladder(**options):
    return SpeedLadder(
        **({"size": 8, "c_in": 1, "c_out": 2, "seconds": 0.0, "floats": 8} | options)
    )


def test_it_climbs_rung_by_rung():
    explorer = ladder()
    assert explorer._frame["says"].endswith("Press Play.")
    assert "nothing yet" in explorer.svg()
    explorer.go(1)
    assert "Measuring what this machine can do at most." in explorer._frame["says"]
    explorer.go()
    timed = [list(found["timed"]) for found in explorer.record]
    assert timed[-1] == list(NAMES)
    assert [len(rungs) for rungs in timed] == sorted(len(rungs) for rungs in timed)
    assert "Fastest: " in explorer._frame["says"]
    assert repr(explorer) == "SpeedLadder(multiply_adds=1152, rungs=5)"


def test_how_far_a_rung_is_can_be_seen():
    explorer = ladder()
    explorer.go()
    shares = [found["share"] for found in explorer.record if found["doing"] == "python"]
    assert len(shares) > 5
    at = next(i for i, found in enumerate(explorer.record) if found["doing"] == "python")
    explorer.shown = at
    assert "Now: Python loops" in explorer._frame["says"]


def test_rates_stand_under_the_roof_where_they_are_drawn():
    explorer = ladder()
    explorer.go()
    r = explorer.compute(**explorer.values)
    for rung, timed in r["timed"].items():
        assert r["rates"][rung] == pytest.approx(2 * r["multiply_adds"] / timed.seconds)
    words = list(ElementTree.fromstring(explorer.svg()).itertext())
    for name in NAMES.values():
        assert words.count(name) == 2  # in the legend and in the table
    assert any(word.startswith("the roof: ") for word in words)


def test_another_convolution_begins_anew():
    explorer = ladder()
    explorer.go()
    explorer.c_out = 1
    assert len(explorer.record) == 1
    assert explorer.compute(**explorer.values)["multiply_adds"] == 576


@pytest.mark.parametrize(
    ("seconds", "said"), [(2, "2 s"), (0.0125, "12.5 ms"), (3e-6, "3 µs"), (2e-10, "0.2 ns")]
)
def test_a_time_is_said_in_its_unit(seconds, said):
    assert said_time(seconds) == said


def test_everything_can_be_moved():
    assert move_everything(ladder(), np.random.default_rng(0)) > 10


@pytest.mark.parametrize(
    ("share", "said"), [(1e-6, "< 0.01 %"), (0.00032, "0.032 %"), (0.5412, "54 %"), (1.0, "100 %")]
)
def test_a_share_of_the_peak_is_never_none_at_all(share, said):
    assert share_of(share) == said
