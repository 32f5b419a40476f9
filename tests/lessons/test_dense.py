"""Every question of lesson 06: its own answer is right, its known mistakes have their sentences."""

import json
import xml.etree.ElementTree as ElementTree
from functools import partial

import numpy as np
import pytest
import reference
from driver import Page, check_frame

from dlnotes import data
from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.lessons import dense_pictures
from dlnotes.lessons.dense import CHECKS, PREDICTIONS
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets import head_comparison, relu_trap

NAME = "06_dense_layer"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}
TYPED = [key for key, judge in JUDGES.items() if judge.kind in ("number", "expression", "choice")]
CODED = [key for key in JUDGES if key not in TYPED]
GARBAGE = [
    "", " ", "?", "<script>", "1e999", "-1", "0/0", "1,5", "import os", "x" * 200, "a" * 200,
    "((((", "9**9**9", "\ud800", "NaN", "ünïcode", "a", "a**a", "1/a",
]  # fmt: skip
ODD = [None, ..., "text", 3, np.zeros(0), np.full(3, np.nan), [[1], [1, 2]], {}, print, object()]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Small networks and short runs, so that the questions are quick without the compiler, too."""
    net = Sequential(Flatten(), Dense(784, 12, rng=np.random.default_rng(0)))
    x, y = data.digits(size=8)
    monkeypatch.setattr(dense_pictures.trained, "dense", lambda: net)
    monkeypatch.setattr(dense_pictures, "SCRIBBLES", 12)
    monkeypatch.setattr(dense_pictures, "SEEDS", 1)
    monkeypatch.setattr(dense_pictures, "EPOCHS", 1)
    monkeypatch.setattr(head_comparison, "STEPS", 10)
    few = partial(head_comparison.HeadComparison, x[:30], y[:30], real=(x[:20], y[:20]))
    monkeypatch.setattr(dense_pictures, "HeadComparison", few)
    monkeypatch.setattr(dense_pictures, "ReluTrap", partial(relu_trap.ReluTrap, hidden=4))
    monkeypatch.setattr(relu_trap, "pictures", lambda: (x[:200].reshape(200, 64), y[:200]))
    monkeypatch.setattr(relu_trap, "HELD_BACK", 50)


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
    assert check.verdict.sentence in check._frame["says"]
    assert check._frame["error"] is None


@pytest.mark.parametrize("key", CODED)
def test_what_is_made_in_code_waits_for_it(key):
    check = lesson(NAME).check(key)
    assert check._controls == {}
    assert check._frame["says"].endswith("… Hand your answer over in the cell above.")
    assert check.progress.entries == {}


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
        ("weights", ["The weights of 12 trained units"]),
        ("trap", ["linear logits", "dead"]),
        ("scribbles", ["12 scribbles are read with more than 50 %"]),
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
