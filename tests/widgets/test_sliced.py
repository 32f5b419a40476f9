"""What is made in slices is made once, goes on where it was left, and is there for everybody."""

import itertools
import threading

import pytest

from dlnotes.widgets import sliced as sliced_module
from dlnotes.widgets.sliced import Work, sliced


def counted(slices=3, kept=8):
    """A function made in slices, and a list of the slices that were worked."""
    worked = []

    @sliced(kept)
    def squared(x, *, plus=0):
        """The square of x."""
        for i in range(slices):
            worked.append((x, i))
            yield (i + 1) / slices
        return x * x + plus

    return squared, worked


def test_a_call_does_all_of_it_once():
    squared, worked = counted()
    assert squared.__doc__ == "The square of x."
    assert [squared(3), squared(3), squared(3, plus=1)] == [9, 9, 10]
    assert worked == [(3, i) for i in (0, 1, 2, 0, 1, 2)]
    squared.cache_clear()
    squared(3)
    assert len(worked) == 9


def test_slices_go_on_where_they_were_left():
    squared, worked = counted()
    assert next(squared.slices(3)) == pytest.approx(1 / 3)
    assert list(squared.slices(3)) == pytest.approx([2 / 3, 1])
    assert list(squared.slices(3)) == []
    assert squared(3) == 9
    assert len(worked) == 3


def test_a_call_finishes_what_was_begun():
    squared, worked = counted()
    going = squared.slices(2)
    next(going)
    assert squared(2) == 4
    assert list(going) == []
    assert len(worked) == 3


def test_the_oldest_are_forgotten():
    squared, worked = counted(1, kept=2)
    for x in (1, 2, 3, 1):
        squared(x)
    assert [x for x, _i in worked] == [1, 2, 3, 1]


def test_what_fails_begins_anew():
    tried = []

    @sliced()
    def fails():
        tried.append(len(tried))
        yield 0.5
        if len(tried) < 2:
            raise ZeroDivisionError
        return "made"

    with pytest.raises(ZeroDivisionError):
        fails()
    assert fails() == "made"


def test_threads_make_it_together():
    squared, worked = counted(200)
    found = []
    threads = [threading.Thread(target=lambda: found.append(squared(5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [25] * 4
    assert len(worked) == 200


def test_work_says_what_is_left(monkeypatch):
    clock = itertools.count(0, 0.5)
    monkeypatch.setattr(sliced_module.time, "perf_counter", lambda: next(clock))
    work = Work(iter([0, 0.5, 0.51, 0.6, 0.8, 1.0]))  # somebody else has done the first half
    for share in (0, 0.5, 0.51):
        assert not work.go_on(0)
        assert (work.share, work.left) == (share, None)
    assert not work.go_on(0)
    assert work.share == 0.6
    assert work.left == pytest.approx(0.4 * (work.spent - 1.5) / 0.1)
    assert not work.go_on(0)
    assert not work.go_on(0)
    assert work.left == 0
    assert work.go_on(0)
