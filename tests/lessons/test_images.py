"""Every question of lesson 01: its own answer is right, its known mistakes have their sentences."""

import itertools

from lessons.every_question import EveryQuestion

from dlnotes import data
from dlnotes.lessons.images import CHECKS
from dlnotes.lessons.lesson import lesson

NAME = "01_images_as_numbers"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME
    also_in_code = ("pixel", "digits")


def test_the_answers_are_what_is_counted_by_hand():
    assert JUDGES["values"].solution == 64 * 48 * 3 == 9216
    assert JUDGES["colours"].solution == len(list(itertools.product(range(4), repeat=3)))
    assert JUDGES["pictures"].solution == len(list(itertools.product((0, 1), repeat=9)))
    assert JUDGES["digits"].solution == 72_248
    assert JUDGES["pixel"].solution == data.photo()[100, 400][0]


def test_what_the_predictions_say():
    assert "100 × 100 × 3 = 30,000" in lesson(NAME).predict("count").because
    assert "72,248 digits" in lesson(NAME).predict("rows").because
