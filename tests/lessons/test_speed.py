"""The questions of lesson 04: answered rightly, and each known mistake named."""

import pytest

from dlnotes.lessons import speed
from dlnotes.lessons.judges import Verdict
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.rungs import Bench


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    monkeypatch.setattr(speed, "BENCH", Bench(8, 1, 1))
    monkeypatch.setattr(speed, "SECONDS", 0.0)
    monkeypatch.setattr(speed, "MATRIX", 8)
    yield
    speed.rung_times.cache_clear()
    speed.product_times.cache_clear()


@pytest.mark.parametrize("key", speed.PREDICTIONS)
def test_a_prediction_is_followed_by_what_was_measured(key):
    asked = lesson("04_computing_fast").predict(key)
    asked.guess = asked.judge.options[0]
    asked.press("commit")
    assert "Measured here and now." in asked.svg()


@pytest.mark.parametrize(
    ("times", "right"),
    [
        ({"python": 1, "library": 0.2}, "about 10 times"),
        ({"python": 1, "library": 0.002}, "about 300 times"),
        ({"python": 1, "library": 2e-5}, "10,000 times, or more"),
    ],
)
def test_what_is_nearest_is_right(times, right, monkeypatch):
    monkeypatch.setattr(speed, "rung_times", lambda: times)
    assert speed.ladder().judge.solution == right
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("times", "right"),
    [
        ({"numba": 3, "numpy": 1}, "NumPy's @"),
        ({"numba": 1, "numpy": 3}, "compiled loops"),
        ({"numba": 1, "numpy": 1.1}, "both alike"),
    ],
)
def test_what_was_faster_is_right(times, right, monkeypatch):
    monkeypatch.setattr(speed, "product_times", lambda: times)
    assert speed.product().judge.solution == right
    monkeypatch.undo()


@pytest.mark.parametrize("key", speed.CHECKS)
def test_the_answer_is_right_and_the_mistakes_are_named(key):
    judge = speed.CHECKS[key][1]()
    assert judge.judge(judge.solution).state == "right"
    for wrong, sentence in judge.mistakes:
        assert judge.judge(wrong) == Verdict("wrong", sentence)


def test_the_loops_product_is_the_product():
    assert set(speed.product_times()) == {"numba", "numpy"}
