"""Every question of lesson 03: its own answer is right, its known mistakes have their sentences."""

import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame

from dlnotes.lessons import searching_pictures
from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.searching import CHECKS, PREDICTIONS

NAME = "03_searching_well"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}
TYPED = [key for key, judge in JUDGES.items() if judge.kind in ("number", "expression", "choice")]
CODED = [key for key in JUDGES if key not in TYPED]
GARBAGE = [
    "", " ", "?", "<script>", "1e999", "-1", "0/0", "1,5", "import os", "x" * 200, "a" * 200,
    "((((", "9**9**9", "\ud800", "NaN", "ünïcode", "0", "a", "a**a", "1/a",
]  # fmt: skip
ODD = [None, ..., "text", 3, np.zeros(0), np.full(3, np.nan), [[1], [1, 2]], {}, print, object()]


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
        ("batches", ["batch size 1", "batch size 32", "batch size 40"]),
        ("cost", ["79,511", "1 forward, 1 backward", "nudging takes, here"]),
        ("fair", ["Adagrad", "never", "its best rate"]),
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
