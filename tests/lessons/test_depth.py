"""Every question of lesson 05: its own answer is right, its known mistakes have their sentences."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame
from numba.core import config

from dlnotes.lessons.depth import CHECKS, PREDICTIONS, spend
from dlnotes.lessons.depth_pictures import random_pieces
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.width_vs_depth import WidthVsDepth

NAME = "05_depth"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}
TYPED = [key for key, judge in JUDGES.items() if judge.kind in ("number", "expression", "choice")]
CODED = [key for key in JUDGES if key not in TYPED]
GARBAGE = ["", " ", "?", "<script>", "1e999", "-1", "0/0", "1,5", "import os", "x" * 200, "f(f(x))"]
ODD = [None, ..., "text", 3, np.zeros(0), {}, print, object(), lambda: 1]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "progress.json"))


def answer(key, given):
    """Answer a check as a reader does: typed and pressed, chosen and pressed, or in code."""
    if key in CODED:
        return lesson(NAME).check(key, given)
    check = lesson(NAME).check(key)
    page = Page(check)
    page.set("option" if JUDGES[key].kind == "choice" else "answer", given)
    check_frame(check, page.press("check"))
    return check


def as_typed(key, value):
    return value if key in CODED or isinstance(value, str) else repr(value)


@pytest.mark.parametrize("key", CHECKS)
def test_its_own_answer_is_right(key):
    check = answer(key, as_typed(key, JUDGES[key].solution))
    assert "✓ Right. " + JUDGES[key].because in check._frame["says"]
    assert check.progress.entries[NAME][key]["right"] is True


@pytest.mark.parametrize("key", CHECKS)
def test_every_known_mistake_has_its_own_sentence(key):
    judge = JUDGES[key]
    assert judge.mistakes
    assert len({sentence for _wrong, sentence in judge.mistakes}) == len(judge.mistakes)
    for wrong, sentence in judge.mistakes:
        check = answer(key, as_typed(key, wrong))
        assert "✗ " + sentence in check._frame["says"]
        assert check.progress.entries[NAME][key]["right"] is False


@pytest.mark.parametrize("key", TYPED)
def test_garbage_that_is_typed_is_answered_in_words(key):
    check = lesson(NAME).check(key)
    page, field = Page(check), "option" if JUDGES[key].kind == "choice" else "answer"
    for given in GARBAGE:
        page.set(field, given)
        frame = page.press("check")
        check_frame(check, frame)
        assert check.compute(**check.values).state in ("wrong", "unanswered")
        json.dumps(frame)


@pytest.mark.parametrize("key", CODED)
@pytest.mark.parametrize("given", ODD, ids=lambda given: type(given).__name__)
def test_oddities_made_in_code_are_answered_in_words(key, given):
    check = lesson(NAME).check(key, given)
    assert check.verdict.state in ("wrong", "unanswered")
    assert check._frame["error"] is None


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

    assert "✓" in answer("collapse", collapse)._frame["says"]
    assert "✓" in answer("compose", "-x**4 + 4*x**2 - 2")._frame["says"]
    assert "✓" in answer("bound", "5**3")._frame["says"]


@pytest.mark.parametrize("key", PREDICTIONS)
def test_a_prediction_is_kept_and_then_answered(key):
    options = lesson(NAME).predict(key).judge.options
    right = lesson(NAME).predict(key).judge.solution
    assert len(options) >= 3
    for option in options:
        prediction = lesson(NAME).predict(key)
        page = Page(prediction)
        page.set("guess", option)
        frame = page.press("commit")
        check_frame(prediction, frame)
        opening = "✓ As you predicted." if option == right else "✗ Not as you predicted."
        assert frame["says"].startswith(opening)
        assert frame["says"].endswith(prediction.because)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("bumps", ["f put into itself, 3 times f", "8", "4"]),
        ("reach", ["Multiplied: error 0 (up to rounding)", "Composed: error 0.0763"]),
        ("straight", ["one layer", "="]),
        ("typical", ["Straight pieces of 50 random networks", "the most there can be"]),
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


@pytest.mark.skipif(config.DISABLE_JIT, reason="trains for seconds")
def test_the_wide_network_wins_as_the_lesson_says():
    assert spend().judge.solution == "the wide one"
    explorer = WidthVsDepth()
    explorer.go()
    result = explorer.compute(**explorer.values)
    wide, _middle, deep = (np.median(net["errors"]) for net in result["nets"])
    assert wide < 0.3 * deep
