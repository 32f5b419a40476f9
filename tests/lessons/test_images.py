"""Every question of lesson 01: its own answer is right, its known mistakes have their sentences."""

import itertools
import json
import xml.etree.ElementTree as ElementTree

import pytest
from driver import Page, check_frame

from dlnotes import data
from dlnotes.lessons.images import CHECKS, PREDICTIONS
from dlnotes.lessons.lesson import lesson

NAME = "01_images_as_numbers"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}
IN_CODE = ("pixel", "digits")
GARBAGE = ["", " ", "?", "<script>", "1e999", "-1", "0/0", "1,5", "x" * 200, "\ud800", "NaN", "0"]
ODD = [None, ..., "text", [], {}, print, object()]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "progress.json"))


def answer(key, given):
    """Answer a check as a reader does: typed and pressed, chosen and pressed, or in code."""
    if key in IN_CODE:
        return lesson(NAME).check(key, given)
    check = lesson(NAME).check(key)
    page = Page(check)
    page.set("option" if JUDGES[key].kind == "choice" else "answer", str(given))
    check_frame(check, page.press("check"))
    return check


@pytest.mark.parametrize("key", CHECKS)
def test_its_own_answer_is_right(key):
    check = answer(key, JUDGES[key].solution)
    assert "✓ Right. " + JUDGES[key].because in check._frame["says"]
    assert check.progress.entries[NAME][key]["right"] is True


@pytest.mark.parametrize("key", CHECKS)
def test_every_known_mistake_has_its_own_sentence(key):
    assert JUDGES[key].mistakes
    for wrong, sentence in JUDGES[key].mistakes:
        check = answer(key, wrong)
        assert "✗ " + sentence in check._frame["says"]
        assert check.progress.entries[NAME][key]["right"] is False


@pytest.mark.parametrize("key", [key for key in CHECKS if key not in IN_CODE])
def test_garbage_that_is_typed_is_answered_in_words(key):
    check = lesson(NAME).check(key)
    page, field = Page(check), "option" if JUDGES[key].kind == "choice" else "answer"
    for given in GARBAGE:
        page.set(field, given)
        frame = page.press("check")
        check_frame(check, frame)
        assert check.compute(**check.values).state in ("wrong", "unanswered")
        json.dumps(frame)


@pytest.mark.parametrize("key", IN_CODE)
@pytest.mark.parametrize("given", ODD, ids=lambda given: type(given).__name__)
def test_oddities_made_in_code_are_answered_in_words(key, given):
    check = lesson(NAME).check(key, given)
    assert check.verdict.state in ("wrong", "unanswered")
    assert check._frame["error"] is None


def test_the_answers_are_what_is_counted_by_hand():
    assert JUDGES["values"].solution == 64 * 48 * 3 == 9216
    assert JUDGES["colours"].solution == len(list(itertools.product(range(4), repeat=3)))
    assert JUDGES["pictures"].solution == len(list(itertools.product((0, 1), repeat=9)))
    assert JUDGES["digits"].solution == 72_248
    assert JUDGES["pixel"].solution == data.photo()[100, 400][0]


@pytest.mark.parametrize("key", PREDICTIONS)
def test_predictions_are_made_before_the_picture_is_seen(key):
    prediction = lesson(NAME).predict(key)
    page = Page(prediction)
    assert prediction.svg() == ""
    options = prediction.judge.options
    wrong = next(option for option in options if option != prediction.judge.solution)
    page.set("guess", wrong)
    frame = page.press("commit")
    check_frame(prediction, frame)
    assert "Not as you predicted." in frame["says"]
    ElementTree.fromstring(frame["picture"])
    right = lesson(NAME).predict(key)
    Page(right).set("guess", right.judge.solution)
    assert "As you predicted." in Page(right).press("commit")["says"]


def test_what_the_predictions_say():
    assert "100 × 100 × 3 = 30,000" in lesson(NAME).predict("count").because
    assert "72,248 digits" in lesson(NAME).predict("rows").because
