"""Two threads may bring a page's messages: they are done in the order in which they were sent."""

import threading
import time

import pytest
from widgets.waves import Waves

from dlnotes.widgets import turns
from dlnotes.widgets.turns import Turns


def message(number, view="a", **more):
    return {"view": view, "number": number} | (more or {"do": "tick"})


def in_threads(messages, do, apart=0.02):
    """Each message on a thread of its own, the first of them first."""
    threads = [threading.Thread(target=do, args=(each,)) for each in messages]
    for thread in threads:
        thread.start()
        time.sleep(apart)
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3), (3, 2, 1), (2, 3, 1)])
def test_what_comes_too_early_waits(order, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 10)
    found, queue = [], Turns()

    def do(each):
        with queue.turn(each) as counts:
            found.append((each["number"], counts))

    in_threads(map(message, order), do)
    assert found == [(1, True), (2, True), (3, True)]


def test_the_newest_value_of_a_slider_stays(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 10)
    waves = Waves()
    sent = [
        message(2, do="set", name="count", value=9),
        message(1, do="set", name="count", value=8),
    ]
    in_threads(sent, lambda each: waves._receive(waves, each, []))
    assert waves.count == waves._frame["values"]["count"] == 9
    assert waves._frame["answers"] == ["a", 2]


def test_a_thread_that_is_busy_is_not_waited_for_but_does_not_turn_back_either(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    waves = Waves()
    for number, name, value in [(3, "count", 9), (1, "height", 2.5), (2, "count", 8)]:
        waves._receive(waves, message(number, do="set", name=name, value=value), [])
        assert waves._frame["answers"] == ["a", number]
    assert (waves.count, waves.height) == (9, 2.5)


def test_views_do_not_wait_for_each_other_nor_does_what_has_no_number(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 10)
    queue, start = Turns(), time.perf_counter()
    for each in [
        message(1),
        message(1, "b"),
        message(2),
        {},
        {"view": "a"},
        message("9"),
        message(3),
    ]:
        with queue.turn(each) as counts:
            assert counts
    assert time.perf_counter() - start < 5


def test_an_error_ends_a_turn():
    queue = Turns()
    with pytest.raises(ZeroDivisionError), queue.turn(message(1)):
        raise ZeroDivisionError
    start = time.perf_counter()
    with queue.turn(message(2)):
        assert time.perf_counter() - start < turns.PATIENCE
