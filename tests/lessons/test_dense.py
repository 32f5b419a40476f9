"""Every question of lesson 06: its own answer is right, its known mistakes have their sentences."""

import xml.etree.ElementTree as ElementTree
from functools import partial

import numpy as np
import pytest
import reference
from lessons.every_question import EveryQuestion

from dlnotes import data
from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.lessons import dense, dense_pictures
from dlnotes.lessons.dense import CHECKS
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets import head_comparison, relu_trap
from dlnotes.widgets.sliced import sliced

NAME = "06_dense_layer"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME


def known(net):
    @sliced()
    def trained():
        yield 0.5
        return net

    return trained


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Small networks and short runs, so that the questions are quick without the compiler, too."""
    net = Sequential(Flatten(), Dense(784, 12, rng=np.random.default_rng(0)))
    x, y = data.digits(size=8)
    monkeypatch.setattr(dense_pictures.trained, "dense", known(net))
    monkeypatch.setattr(dense_pictures, "SCRIBBLES", 12)
    monkeypatch.setattr(dense, "SEEDS", 1)
    monkeypatch.setattr(dense, "EPOCHS", 1)
    monkeypatch.setattr(head_comparison, "STEPS", 10)
    few = partial(head_comparison.HeadComparison, x[:30], y[:30], real=(x[:20], y[:20]))
    monkeypatch.setattr(dense_pictures, "HeadComparison", few)
    monkeypatch.setattr(dense_pictures, "ReluTrap", partial(relu_trap.ReluTrap, hidden=4))
    monkeypatch.setattr(relu_trap, "pictures", lambda: (x[:200].reshape(200, 64), y[:200]))
    monkeypatch.setattr(relu_trap, "HELD_BACK", 50)


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["by_hand"].solution == max(0, 2 * 0.5 - 3 * 1 + 4 * 0 + 0.5)
    assert JUDGES["parameters"].solution == 784 * 100 + 100 + 100 * 10 + 10
    wanted = reference.softmax(np.array([[2.0, 0.0]]))[0, 0]
    assert JUDGES["two_classes"].solution == pytest.approx(wanted)
    x, weight, bias = np.arange(6.0).reshape(2, 3), np.ones((3, 2)), np.array([1.0, 2.0])
    wanted = reference.dense(x, weight, bias)
    np.testing.assert_allclose(JUDGES["dense"].solution(x, weight, bias), wanted)
    assert JUDGES["accuracy"].solution(np.array([1, 2, 3, 3]), np.array([1, 2, 2, 1])) == 0.5


# Predictions


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("weights", ["The weights of 12 trained units"]),
        ("trap", ["linear logits", "dead"]),
        ("scribbles", ["12 scribbles are read with more than 50%"]),
        ("heads", ["edges in blocks", "Real digits read rightly"]),
    ],
)
def test_what_is_revealed_shows_what_was_asked(key, parts):
    prediction = lesson(NAME).predict(key)
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = "|".join(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in parts:
        assert part in words
