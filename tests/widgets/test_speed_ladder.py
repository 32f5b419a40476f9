"""The speed ladder: rung by rung, under a roof that was measured."""

import threading
import time
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, move_everything

from dlnotes.widgets import live, rungs, speed_ladder
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
    assert [len(rungs) for rungs in timed] == [0, 0, 0, 1, 2, 3, 4, 5]
    assert "Fastest: " in explorer._frame["says"]
    assert repr(explorer) == "SpeedLadder(multiply_adds=1152, rungs=5)"


def words(explorer):
    return list(ElementTree.fromstring(explorer.svg()).itertext())


def tick_by_tick(explorer, monkeypatch):
    """The frames of a run in which each tick is one slice."""
    monkeypatch.setattr(live, "SLICE", 0.0)
    page = Page(explorer)
    page.press("play")
    while explorer.running:
        yield page.send(do="tick")


def test_each_slice_of_it_is_a_new_picture(monkeypatch):
    """And each is a short one, so that it can be paused."""
    monkeypatch.setattr(rungs, "SLICE", 0.0)
    explorer = ladder(seconds=0.001)
    frames = list(tick_by_tick(explorer, monkeypatch))
    pictures = {frame["picture"] for frame in frames}
    assert len(pictures) > 0.9 * len(frames) > 30
    assert sum("Now: Python loops" in frame["says"] for frame in frames) == 2 * 8 + 1
    assert len(explorer.record) == 1 + 2 + len(NAMES)


def test_what_is_compiled_is_waited_for_on_another_thread(monkeypatch):
    threads = []

    def wake(bench):
        time.sleep(0.1)
        threads.append(threading.current_thread())

    monkeypatch.setattr(speed_ladder, "wake", wake)
    explorer = ladder()
    frames = tick_by_tick(explorer, monkeypatch)
    frame = next(frames)
    assert "Compiling what is going to be measured." in frame["says"]
    assert any(word.endswith(" s so far") for word in words(explorer))
    assert not Page(explorer).press("play")["running"]  # long before it is done
    assert len(explorer.record) == 2
    explorer.go(1)
    assert explorer.record[-1]["doing"] == "peak"
    assert threads
    assert threading.main_thread() not in threads


def test_how_far_a_rung_is_can_be_seen(monkeypatch):
    monkeypatch.setattr(rungs, "SLICE", 0.0)
    monkeypatch.setattr(live, "SLICE", 0.0)
    explorer = ladder()
    explorer.go(2)  # the two limits
    Page(explorer).press("one")
    explorer.pause()
    assert "Now: Python loops" in explorer._frame["says"]
    found = explorer.compute(**explorer.values)
    assert found["rates"]["python"] == pytest.approx(
        2 * found["multiply_adds"] / found["timed"]["python"].seconds
    )
    assert f"{found['share']:.0%} done" in words(explorer)
    assert repr(explorer) == "SpeedLadder(multiply_adds=1152, rungs=0)"
    explorer.go(1)
    assert explorer.compute(**explorer.values)["timed"]["python"].done


def test_rates_stand_under_the_roof_where_they_are_drawn():
    explorer = ladder()
    explorer.go()
    r = explorer.compute(**explorer.values)
    for rung, timed in r["timed"].items():
        assert r["rates"][rung] == pytest.approx(2 * r["multiply_adds"] / timed.seconds)
    found = words(explorer)
    assert "All is measured" in found
    for name in NAMES.values():
        assert found.count(name) == 2  # in the legend and in the table
    assert any(word.startswith("the roof: ") for word in found)


@pytest.mark.parametrize("roof", [1e30, 1.0])
def test_a_roof_that_a_rung_stands_above_is_measured_again_and_then_said(monkeypatch, roof):
    calls = []

    def measured(seconds, arrays):
        calls.append(roof)
        yield "peak", roof / len(calls), 1.0
        yield "bandwidth", roof / len(calls), 1.0

    monkeypatch.setattr("dlnotes.widgets.speed_ladder.limits", measured)
    explorer = ladder()
    explorer.go()
    assert len(calls) == (1 if roof > 1 else 1 + len(NAMES))
    assert len(explorer.record) == 1 + 2 + len(NAMES)
    assert explorer.record[-1]["roof"] == {"peak": roof, "bandwidth": roof}
    assert ("above the roof" in explorer._frame["says"]) == (roof == 1.0)


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
    ("share", "said"), [(1e-6, "< 0.01%"), (0.00032, "0.032%"), (0.5412, "54%"), (1.0, "100%")]
)
def test_a_share_of_the_peak_is_never_none_at_all(share, said):
    assert share_of(share) == said
