"""Every question of lesson 02: its own answer is right, its known mistakes have their sentences."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from lessons.every_question import EveryQuestion

from dlnotes import data
from dlnotes.lessons.fitting import CHECKS
from dlnotes.lessons.lesson import lesson

NAME = "02_fitting_a_function"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["value"].solution == pytest.approx(40 + 20 + 5)
    assert JUDGES["grid_cost"].solution == 9**3
    values, parameters = re.findall(r"\d+", CHECKS["huge"][0])
    assert JUDGES["huge"].solution == int(values) ** int(parameters)
    x, y = data.made_curve(rng=np.random.default_rng(3))
    u = (x - x.mean()) / x.std()
    wanted = np.polynomial.polynomial.polyfit(u, y, 2)
    np.testing.assert_allclose(JUDGES["answer_key"].solution, wanted)
    right = JUDGES["squared_error"].solution
    assert right(np.array([1.0, 2.0]), np.array([2.0, 4.0])) == 2.5


# Predictions


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("bend", ["a₃ = 0", "a₃ = 10"]),
        ("outlier", ["mean squared error", "mean absolute error", "the far point"]),
        ("cheap", ["grid search", "gradient descent", "the least possible"]),
        ("unseen", ["Mean squared error by degree", "held back"]),
    ],
)
def test_what_is_revealed_shows_what_was_asked(key, parts):
    prediction = lesson(NAME).predict(key)
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = "|".join(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in parts:
        assert part in words
