"""Every question of lesson 05: its own answer is right, its known mistakes have their sentences."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from lessons.every_question import EveryQuestion, answer
from numba.core import config

from dlnotes.lessons import depth, depth_pictures
from dlnotes.lessons.depth import CHECKS
from dlnotes.lessons.depth_pictures import random_pieces
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.width_vs_depth import WidthVsDepth

NAME = "05_depth"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


@pytest.fixture(autouse=True)
def short_training(monkeypatch):
    monkeypatch.setattr(depth_pictures, "STEPS", 2)


class TestQuestions(EveryQuestion):
    name = NAME


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["degree"].solution == 32
    assert JUDGES["bound"].solution == 125
    assert "2 − x²" in CHECKS["compose"][0]
    x = np.linspace(-1, 2, 7)
    f = JUDGES["tent"].solution
    np.testing.assert_allclose(f(x), [0, 0, 0, 1, 0, -1, -2], atol=1e-12)


def test_another_right_way_is_right():
    def collapse(weight1, bias1, weight2, bias2):
        at_zero = bias1 @ weight2 + bias2
        return np.eye(len(weight1)) @ weight1 @ weight2, at_zero

    assert "✓" in answer(NAME, "collapse", collapse)._frame["says"]
    assert "✓" in answer(NAME, "compose", "-x**4 + 4*x**2 - 2")._frame["says"]
    assert "✓" in answer(NAME, "bound", "5**3")._frame["says"]


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("bumps", ["f put into itself, 3 times f", "8", "4"]),
        ("reach", ["Multiplied: error 0 (up to rounding)", "Composed: error 0.0763"]),
        ("straight", ["one layer", "="]),
        ("typical", ["Straight pieces of 50 random networks", "the most there can be"]),
        ("spend", ["Errors after 2 steps of training", "1 × 99 units", "4 × 9 units"]),
    ],
)
def test_what_is_revealed_shows_what_was_asked(key, parts):
    prediction = lesson(NAME).predict(key)
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = list(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in parts:
        assert part in words


def test_random_networks_have_few_pieces():
    counts = random_pieces()
    assert len(counts) == 50
    assert counts == sorted(counts, reverse=True)
    assert max(counts) < 60


@pytest.mark.parametrize(
    ("errors", "right", "said"),
    [
        ((0.1, 0.2), "the wide one", "units to spare here"),
        ((0.2, 0.1), "the deep one", "against the rule"),
        ((0.1, 0.12), "both alike", "against the rule"),
    ],
)
def test_what_came_out_better_is_right(errors, right, said, monkeypatch):
    monkeypatch.setattr(depth, "middles", lambda: errors)
    assert depth.spend().judge.solution == right
    assert said in depth.spend().because


@pytest.mark.parametrize(
    ("most", "right"),
    [(40, "a few dozen at most"), (4000, "about half as many"), (9500, "close to 10,000")],
)
def test_as_many_pieces_as_were_counted_are_right(most, right, monkeypatch):
    monkeypatch.setattr(depth, "random_pieces", lambda: [most, 3])
    assert depth.typical().judge.solution == right


def test_what_is_asked_about_is_what_the_widget_trains():
    explorer = WidthVsDepth(steps=100)
    explorer.go()
    result = explorer.compute(**explorer.values)
    wide, _middle, deep = result["nets"]
    for (layers, units), net in zip(depth_pictures.spent(100), (wide, deep), strict=True):
        assert (layers, units) == (net["depth"], net["width"])
        np.testing.assert_allclose(depth_pictures.spent(100)[layers, units], net["errors"])


@pytest.mark.skipif(config.DISABLE_JIT, reason="trains for seconds")
def test_the_wide_network_wins_as_the_lesson_says(monkeypatch):
    monkeypatch.undo()
    assert depth.spend().judge.solution == "the wide one"
    wide, deep = depth_pictures.middles()
    assert wide < 0.3 * deep
