"""What takes long is made at once by a cell, and in slices that a page asks for."""

import threading

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.pictures.grid import table
from dlnotes.widgets import live
from dlnotes.widgets.controls import button, slider
from dlnotes.widgets.live import pause_all
from dlnotes.widgets.page import peeked
from dlnotes.widgets.prepared import Prepared
from dlnotes.widgets.sliced import sliced


class Roots(Prepared):
    """Shows the root of `n`, which has to be made first."""

    title = "Roots"
    making = "Making roots"

    n = slider("n", 0, 9, value=0)
    other = slider("Other", 0, 9, value=0)
    up = button("One up")
    trouble = None

    def __init__(self, **values):
        self.made = []

        @sliced()
        def root(n):
            for i in range(4):
                self.made.append(n)
                if self.trouble and i == 2:
                    raise self.trouble
                yield (i + 1) / 4
            return float(np.sqrt(n))

        self.root = root
        super().__init__(**values)

    def moved(self, name, /, **values):
        return {"other": 7} if name == "n" and values["n"] == 7 else {}

    def pressed(self, name, /, **values):
        return {"n": values["n"] + 1}

    def before_press(self, name, /, **values):
        return self.root.slices(values["n"] + 1)

    def preparing(self, **values):
        return self.root.slices(values["n"]) if values["n"] else iter(())

    def compute(self, **values):
        return self.root(values["n"]) if values["n"] else 0.0

    def draw(self, result):
        return table(["root"], [[str(result)]], title=self.title, description=self.say(result))

    def say(self, result):
        return f"It is {result}."


@pytest.fixture
def roots(monkeypatch):
    """Each tick works one slice."""
    monkeypatch.setattr("dlnotes.widgets.prepared.SLICE", -1)
    monkeypatch.setattr(live, "GLANCE", 60)
    return Roots()


def test_a_cell_gets_it_at_once():
    assert Roots(n=4)._frame["says"] == "It is 2.0."
    roots = Roots()
    roots.n = 9
    assert roots._frame["says"] == "It is 3.0."
    roots.update(n=1)
    assert roots.made == [9, 9, 9, 9, 1, 1, 1, 1]
    assert not roots._frame["running"]


def test_a_page_asks_for_slices(roots):
    page, before = Page(roots), roots.svg()
    frame = page.once(do="set", name="n", value=4)
    assert (frame["running"], frame["waits"]) == (True, True)
    assert frame["values"]["n"] == 4
    assert frame["says"] == "Making roots … 25%"
    assert frame["picture"] == before
    assert frame["alone"] == ""  # the page must not take this for the picture of these values
    assert page.once(do="tick")["says"] == "Making roots … 50%, about 1 second left."
    frame = page.send(do="tick")
    assert (frame["running"], frame["waits"]) == (False, False)
    assert frame["says"] == "It is 2.0."
    check_frame(roots, frame)
    frame = page.once(do="set", name="other", value=3)
    assert (frame["says"], frame["alone"]) == ("It is 2.0.", "other")


def test_moving_on_keeps_what_was_made(roots):
    page = Page(roots)
    page.once(do="set", name="n", value=4)
    page.once(do="set", name="other", value=3)
    page.once(do="set", name="n", value=7)
    assert roots.other == 7
    assert page.set("n", 4)["says"] == "It is 2.0."
    assert roots.made == [4, 4, 7, 4, 4]


def test_what_takes_long_says_how_long(roots):
    page = Page(roots)
    page.once(do="set", name="n", value=4)
    roots._work._begun, roots._work.spent = (0.0, 0.0), 9.0
    assert page.once(do="tick")["says"] == "Making roots … 50%, about 9 seconds left."


def test_an_interrupt_stops_it(roots):
    page = Page(roots)
    page.once(do="set", name="n", value=4)
    pause_all()
    frame = page.once(do="tick")
    assert (frame["running"], frame["waits"]) == (False, True)
    assert frame["says"] == "Stopped at 25%. Move something to go on."
    assert roots.made == [4]
    assert page.set("other", 1)["says"] == "It is 2.0."


def test_an_interrupt_in_the_middle_of_a_slice_stops_it(roots):
    page = Page(roots)
    roots.trouble = KeyboardInterrupt()
    page.once(do="set", name="n", value=4)
    page.once(do="tick")
    frame = page.once(do="tick")
    assert frame["says"] == "Stopped at 0%. Move something to go on."
    assert page.once(do="tick")["says"] == frame["says"]
    roots.trouble = None
    assert page.set("other", 1)["says"] == "It is 2.0."


def test_what_goes_wrong_is_said(roots):
    page = Page(roots)
    roots.trouble = ValueError("There is no such root.")
    frame = page.send(do="set", name="n", value=4)
    assert frame["error"] == {"sentence": "There is no such root.", "details": ""}
    assert not frame["running"]
    roots.trouble = None
    frame = page.set("n", 9)
    assert (frame["error"], frame["says"]) == (None, "It is 3.0.")


def test_nothing_is_looked_ahead_at_that_takes_long(roots):
    assert peeked(roots, "other", 2)["says"] == "It is 0.0."
    assert peeked(roots, "n", 4) is None
    Page(roots).set("n", 4)
    assert peeked(roots, "other", 2)["says"] == "It is 2.0."


def test_everything_can_be_moved():
    assert move_everything(Roots(), np.random.default_rng(0)) > 10


def test_it_begins_beside_the_main_thread():
    """The first slice of all may have to load a library."""
    threads = []

    class Watched(Roots):
        def preparing(self, **values):
            for share in super().preparing(**values):
                threads.append(threading.current_thread())
                yield share

    page = Page(Watched())
    page.set("n", 4)
    page.set("n", 9)
    assert threads[0] is not threading.main_thread()
    assert set(threads[1:]) == {threading.main_thread()}


def test_what_begins_slowly_is_waited_for(monkeypatch):
    monkeypatch.setattr(live, "GLANCE", 0.001)
    roots, go_on = Roots(), threading.Event()

    @sliced()
    def slow(n):
        go_on.wait(10)
        yield 0.5
        return 2.0

    roots.root = slow
    page = Page(roots)
    for frame in (page.once(do="set", name="n", value=4), page.once(do="tick")):
        assert (frame["says"], frame["running"]) == ("Making roots … 0%", True)
    go_on.set()
    assert page.send(do="tick")["says"] == "It is 2.0."


def test_what_a_button_needs_is_made_before_it_is_pressed(roots):
    page = Page(roots)
    frame = page.once(do="press", name="up")
    assert (frame["running"], frame["values"]["n"]) == (True, 0)
    page.once(do="tick")
    pause_all()
    assert page.once(do="tick")["says"] == "Stopped at 50%. Move something to go on."
    frame = page.set("other", 2)
    assert (frame["says"], roots.made) == ("It is 1.0.", [1, 1, 1, 1])
    roots.press("up")
    assert roots._frame["says"].startswith("It is 1.41")


def test_a_button_that_fails_says_so(roots):
    page = Page(roots)
    page.set("n", 9)
    frame = page.press("up")
    assert frame["error"]["sentence"].startswith("“n” takes a number from 0 to 9")
    assert page.set("n", 4)["says"] == "It is 2.0."
