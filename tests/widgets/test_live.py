"""What every explorer that runs by itself promises: it answers, it stops, it remembers."""

import itertools
import signal
import threading

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.pictures.grid import table
from dlnotes.training import Diverged
from dlnotes.widgets import live
from dlnotes.widgets.controls import slider
from dlnotes.widgets.live import Live, Underway


class Count(Live):
    """Adds `pace` at each slice, up to `end`, where it may end badly."""

    title = "A count"
    restarts = ("end",)

    pace = slider("Pace", 1, 9, value=1)
    end = slider("End", 1, 1000, value=1000)
    trouble = None

    def describe(self, **values):
        return {"shown": {"label": "Slice shown"}}

    def moved(self, name, /, **values):
        return {"pace": 2} if name == "end" and values["end"] == 7 else {}

    def pressed(self, name, /, **values):
        return {"pace": 5} if name == "again" and values["pace"] == 9 else {}

    def going(self):
        if self.end == 13:
            raise ValueError("13 is no end.")
        total = 0
        while True:
            yield total
            if total >= self.end:
                if self.trouble:
                    raise self.trouble
                return
            total += self.pace

    def compute(self, **values):
        return self.record[values["shown"]]

    def draw(self, result):
        return table(["total"], [[str(result)]], title=self.title, description=self.say(result))

    def say(self, result):
        return f"It counts {result}."

    def numbers(self, result):
        return {"total": result}


def test_it_waits_until_it_is_told():
    count = Count()
    assert count.record == [0]
    assert not count.running
    assert not count._frame["running"]
    assert Page(count).send(do="tick")["says"] == "It counts 0."


def test_the_page_drives_it():
    count = Count()
    page = Page(count)
    frame = page.press("play")
    assert frame["running"]
    assert count._controls["play"]["label"] == "Pause"
    assert [page.send(do="tick")["says"] for _ in range(3)] == [
        "It counts 1.", "It counts 2.", "It counts 3.",
    ]  # fmt: skip
    check_frame(count, count._frame)
    page.set("pace", 4)  # acts on the run as it goes
    assert page.send(do="tick")["says"] == "It counts 7."
    assert not page.press("play")["running"]
    assert page.send(do="tick")["says"] == "It counts 7."
    assert page.press("one")["says"] == "It counts 11."
    assert count.record == [0, 1, 2, 3, 7, 11]


def test_speed_is_slices_a_picture():
    count = Count(speed=100)
    page = Page(count)
    page.press("play")
    assert page.send(do="tick")["values"]["shown"] == 100


def test_a_picture_waits_for_no_more_than_its_slice_of_time(monkeypatch):
    clock = itertools.count(0, 0.015)
    monkeypatch.setattr(live.time, "perf_counter", lambda: next(clock))
    count = Count(speed=100)
    page = Page(count)
    page.press("play")
    assert page.send(do="tick")["values"]["shown"] == 2


class Slow(Count):
    """A count whose every step takes three slices."""

    def going(self):
        for snapshot in super().going():
            yield snapshot
            yield from (None, None)


def test_a_step_of_several_slices_is_one_snapshot(monkeypatch):
    clock = itertools.count(0, 0.015)
    monkeypatch.setattr(live.time, "perf_counter", lambda: next(clock))
    count = Slow()
    page = Page(count)
    frame = page.press("one")
    assert (frame["says"], frame["running"]) == ("It counts 0.", True)  # not done yet
    frame = page.send(do="tick")
    assert (frame["says"], frame["running"]) == ("It counts 1.", False)
    page.press("play")
    for _tick in range(4):
        page.send(do="tick")
    assert count.record == [0, 1, 2, 3]
    assert count.running
    count.go(2)
    assert count.record == [0, 1, 2, 3, 4, 5]


class Shown(Count):
    """A count whose steps are shown before they are done."""

    def going(self):
        for snapshot in super().going():
            yield snapshot
            yield Underway(snapshot + 0.25)
            yield Underway(snapshot + 0.5)


def test_a_step_is_shown_while_it_is_under_way_but_not_kept(monkeypatch):
    monkeypatch.setattr(live, "SLICE", 0.0)
    count = Shown()
    page = Page(count)
    frame = page.press("one")
    assert (frame["says"], frame["running"]) == ("It counts 0.25.", True)
    assert count.record == [0, 0.25]
    assert page.send(do="tick")["says"] == "It counts 0.5."
    assert count.record == [0, 0.5]
    frame = page.send(do="tick")
    assert (frame["says"], frame["running"]) == ("It counts 1.", False)
    assert count.record == [0, 1]
    count.go(2)
    assert count.record == [0, 1, 2, 3]
    page.press("play")
    page.send(do="tick")
    assert page.press("again")["values"]["shown"] == 0
    count.go(1)
    assert count.record == [0, 1]


def test_what_cannot_be_cut_is_done_beside():
    begun, on = threading.Event(), threading.Event()

    def work():
        begun.set()
        on.wait()

    seconds = live.beside(work)
    first, second = next(seconds), next(seconds)
    assert begun.is_set()
    assert 0 < first < second
    on.set()
    assert all(later > second for later in seconds)
    with pytest.raises(ZeroDivisionError):
        list(live.beside(lambda: 1 / 0))


def test_the_record_is_looked_through():
    count = Count()
    count.go(20)
    assert repr(count) == "Count(total=20)"
    page = Page(count)
    page.press("play")
    frame = page.set("shown", 5)
    assert frame["says"] == "It counts 5."
    assert not frame["running"]
    assert count._controls["shown"]["maximum"] == 20
    assert count._controls["shown"]["label"] == "Slice shown"
    assert page.press("one")["says"] == "It counts 21."


def test_it_ends_and_can_be_played_again():
    count = Count(end=3)
    count.go()
    assert count.record == [0, 1, 2, 3]
    assert count.ended
    assert count._controls["one"]["disabled"]
    assert count._controls["play"]["label"] == "Play again"
    page = Page(count)
    frame = page.press("play")
    assert frame["running"]
    assert frame["says"] == "It counts 0."
    frame = [page.send(do="tick") for _ in range(5)][-1]
    assert not frame["running"]
    assert frame["says"] == "It counts 3."
    page.press("one")
    assert count.record == [0, 1, 2, 3]


def test_it_goes_to_its_end_in_slices():
    count = Slow(end=2)
    assert list(count.slices(2)) == [0, 0, 0.5, 0.5, 0.5, 1, 1, 1]
    assert count.record == [0, 1, 2]
    assert (count.ended, count.shown) == (True, 2)


def test_a_new_start_forgets():
    count = Count(pace=9)
    count.go(3)
    page = Page(count)
    page.press("play")
    frame = page.press("again")
    assert (count.record, frame["running"], count.pace) == ([0], False, 5)


def test_a_setting_that_restarts_keeps_it_running():
    count = Count()
    page = Page(count)
    page.press("play")
    page.send(do="tick")
    frame = page.set("end", 7)
    assert (count.record, frame["running"], count.pace) == ([0], True, 2)
    count.update(end=9)
    assert count.record == [0]
    count.go(2)
    count.end = 8
    assert count.record == [0]


@pytest.mark.parametrize(
    "trouble", [KeyboardInterrupt(), Diverged("Too fast.", epoch=1, step=1, lr=1)]
)
def test_trouble_stops_it(trouble):
    count = Count(end=2)
    count.trouble = trouble
    page = Page(count)
    page.press("play")
    frame = [page.send(do="tick") for _ in range(3)][-1]
    assert not frame["running"]
    assert count.ended
    assert bool(frame["error"]) == isinstance(trouble, Diverged)
    if frame["error"]:
        assert frame["error"] == {"sentence": "Too fast.", "details": ""}
    assert page.press("again")["error"] is None


def test_a_fault_is_said_with_its_details():
    count = Count(end=1)
    count.trouble = KeyError("total")
    page = Page(count)
    page.press("play")
    frame = [page.send(do="tick") for _ in range(2)][-1]
    assert "KeyError" in frame["error"]["details"]
    assert not frame["running"]


def test_a_start_that_fails_is_said_and_can_be_mended():
    count = Count()
    page = Page(count)
    page.press("play")
    frame = page.set("end", 13)
    assert frame["error"]["sentence"] == "13 is no end."
    assert not frame["running"]
    assert page.send(do="tick")["running"] is False
    assert page.set("end", 14)["error"] is None
    assert page.press("one")["says"] == "It counts 1."
    with pytest.raises(ValueError, match="13 is no end"):
        Count(end=13)


def test_its_state_is_its_settings():
    count = Count(pace=3, end=40)
    count.go(4)
    assert "shown" not in count.state
    again = Count.from_state(count.state)
    assert (again.pace, again.end, again.record) == (3, 40, [0])


def test_everything_can_be_moved():
    assert move_everything(Count(), np.random.default_rng(0)) > 20


def test_a_subclass_must_say_how_it_goes_on():
    with pytest.raises(NotImplementedError, match="Live does not say how it goes on"):
        Live()


# An interrupted kernel


def test_an_interrupt_pauses_what_runs():
    count = Count()
    Page(count).press("play")
    live.pause_all(signal.SIGINT, None)
    assert not Page(count).send(do="tick")["running"]
    assert count._controls["play"]["label"] == "Play"


@pytest.fixture
def later(monkeypatch):
    """The calls that a kernel's event loop keeps for later; the handler is as it was afterwards."""
    before, calls = signal.getsignal(signal.SIGINT), []

    class Loop:
        def call_later(self, wait, call, *arguments):
            calls.append(lambda: call(*arguments))

    monkeypatch.setattr(live.asyncio, "get_running_loop", Loop)
    yield calls
    signal.signal(signal.SIGINT, before)


def test_an_idle_kernel_is_watched_once_its_cell_is_done(later):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # while a cell runs
    Count()
    later.pop()()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # idle
    later.pop()()
    assert signal.getsignal(signal.SIGINT) is live.pause_all
    live.listen(0)
    assert not later


def test_other_threads_may_not_listen(later):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    thread = threading.Thread(target=live.listen, args=(0,))
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_without_a_kernel_nothing_is_watched(monkeypatch):
    def no_loop():
        raise RuntimeError

    monkeypatch.setattr(live.asyncio, "get_running_loop", no_loop)
    assert live.watch_interrupts() is None
