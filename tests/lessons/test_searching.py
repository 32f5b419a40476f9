"""Every question of lesson 03: its own answer is right, its known mistakes have their sentences."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from lessons.every_question import EveryQuestion

from dlnotes.lessons import searching, searching_pictures
from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.searching import CHECKS
from dlnotes.widgets.optimizers import OPTIMIZERS

NAME = "03_searching_well"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["epoch"].solution == 1000 / 50
    w, x, t = (float(text) for text in re.findall(r"= (\d+)", CHECKS["chain"][0]))
    assert JUDGES["chain"].solution == pytest.approx(2 * (w * x - t) * x)
    assert JUDGES["passes"].solution == 784 * 50 + 50 + 50 * 10 + 10 + 1 == 39_761
    slope, rate = (float(text) for text in re.findall(r"[\d.]+\d", CHECKS["adam"][0]))
    assert JUDGES["adam"].solution == pytest.approx(rate, rel=1e-6)
    assert JUDGES["adam"].mistakes[0][0] == pytest.approx(rate * slope)


def test_the_backward_pass_is_the_three_products():
    def written(x, weight, dy):
        return dy @ weight.T, x.T @ dy, dy.sum(axis=0)

    assert JUDGES["backward"].judge(written).state == "right"
    x, weight, dy = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.eye(2)
    came = JUDGES["backward"].solution(x, weight, dy)
    for got, wanted in zip(came, written(x, weight, dy), strict=True):
        np.testing.assert_allclose(got, wanted)


# Predictions


@pytest.fixture(autouse=True)
def short_runs(monkeypatch):
    monkeypatch.setattr(searching_pictures, "EXAMPLES", 40)
    monkeypatch.setattr(searching_pictures, "SECONDS", 0.02)
    monkeypatch.setattr(searching_pictures, "UNITS", 3)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("batches", ["batch size 1", "batch size 32", "batch size 40"]),
        ("cost", ["79,511", "1 forward, 1 backward", "nudging takes, here"]),
        (
            "fair",
            ["Adagrad", "never", "its best rate", "a loss of 0.01 on x²/20 + y², of at most 150"],
        ),
        ("correction", ["with the correction", "without it"]),
    ],
)
def test_what_is_revealed_shows_what_was_asked(key, parts):
    prediction = lesson(NAME).predict(key)
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = "|".join(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in parts:
        assert part in words


@pytest.mark.parametrize(
    ("ahead", "right", "said"),
    [
        (0, "1", "in this measurement it was 1."),
        (1, "32", "A slope"),
        (2, "all 1,000", "all 1,000."),
    ],
)
def test_the_batch_size_that_was_ahead_is_right(ahead, right, said, monkeypatch):
    monkeypatch.setattr(searching, "lowest", lambda: ahead)
    asked = searching.batches()
    assert asked.judge.solution == right
    assert said in asked.because


def test_who_ended_lowest_was_ahead(monkeypatch):
    runs = [(1, [0.0], [2.0, 0.5]), (32, [0.0], [2.0, 0.1]), (1000, [0.0], [0.05, 0.3])]
    monkeypatch.setattr(searching_pictures, "races", lambda examples, seconds: runs)
    assert searching_pictures.lowest() == 1


@pytest.mark.parametrize(
    ("steps", "right"),
    [
        ((9, 8, 7, 5, 5, 6), "first, or level with the first"),
        ((9, 8, 7, 6, 5, 6), "in the middle"),
        ((5, 6, 7, 9, 8, 4), "still among the last"),
        ((5, 6, 7, None, 8, 4), "still among the last"),
    ],
)
def test_the_place_that_adagrad_takes_is_right(steps, right, monkeypatch):
    found = [(name, None, 0.1, after) for name, after in zip(OPTIMIZERS, steps, strict=True)]
    monkeypatch.setattr(searching, "rankings", lambda: found)
    assert searching.fair().judge.solution == right


def test_what_is_said_to_happen_happens():
    found = {name: (before, after) for name, before, _rate, after in searching_pictures.rankings()}
    assert found["adagrad"][0] is None
    assert found["adagrad"][1] == min(after for _before, after in found.values())
    with_it, without = map(searching_pictures.step_lengths, ("adam", "uncorrected"))
    np.testing.assert_allclose(with_it, 1, rtol=1e-6)
    assert without[0] == pytest.approx(0.1 / 0.001**0.5)
    assert (without > 1).all()
    assert without[1] > without[0]
    for batch, seconds, losses in searching_pictures.races(40, 0.02):
        assert batch in (1, 32, 40)
        assert seconds[-1] >= 0.02
        assert losses[0] == pytest.approx(np.log(10), rel=0.2)
