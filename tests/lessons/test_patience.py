"""A call that takes too long is stopped, one that is done in time is left alone."""

import threading
import time

import pytest

from dlnotes.lessons import patience
from dlnotes.lessons.patience import TooLong, within


def endless(seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_returns_in_time_is_handed_on():
    assert within(10, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(10, lambda: 1 / 0)


def test_what_never_ends_is_stopped():
    begun = time.monotonic()
    with pytest.raises(TooLong):
        within(0.05, endless)
    assert time.monotonic() - begun < 5
    assert within(10, lambda: 3) == 3  # nothing is left behind


def test_what_catches_everything_is_stopped_at_the_next_attempt(monkeypatch):
    monkeypatch.setattr(patience, "AGAIN", 0.05)
    caught = []

    def stubborn():
        try:
            endless()
        except BaseException as error:
            caught.append(error)
        endless()

    with pytest.raises(TooLong):
        within(0.05, stubborn)
    assert len(caught) == 1


def test_it_gives_up_in_the_end(monkeypatch):
    monkeypatch.setattr(patience, "AGAIN", 0.01)
    before = threading.active_count()

    def unstoppable():
        while True:
            try:
                while threading.active_count() > before:
                    pass
                return "done"
            except TooLong:
                continue

    assert within(0.01, unstoppable) == "done"


def test_it_works_beside_the_main_thread():
    found = []

    def beside():
        with pytest.raises(TooLong):
            within(0.05, endless)
        found.append(True)

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join(10)
    assert found == [True]
