"""Every question of lesson 09: its own answer is right, its known mistakes have their sentences."""

import json
import re
import runpy
import time
import xml.etree.ElementTree as ElementTree

import nbformat
import numpy as np
import pytest
from driver import NOTEBOOKS, Page, check_frame
from numba import config

from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.network import CHECKS, PREDICTIONS
from dlnotes.widgets.network_builder import START
from dlnotes.widgets.network_plan import plan_of

NAME = "09_a_whole_network"
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
    assert JUDGES["numbers_in"].solution == 16 * 7 * 7
    assert JUDGES["parameters"].solution == 16 * (8 * 5 * 5 + 1)
    assert JUDGES["work"].solution == 16 * 14 * 14 * 8 * 5 * 5
    softmax = JUDGES["softmax"].solution
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [1 / 8, 2 / 8, 5 / 8])
    covered = JUDGES["cover"].solution(np.ones((3, 4)), 1, 1, 2)
    assert covered.tolist() == [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1]]


def network_of(source):
    """The network that a notebook's code makes, whether ours or PyTorch's, as its repr."""
    call = source[source.index("Sequential(") :]
    call = call.replace("nn.Linear", "dl.Dense").replace("nn.", "dl.")
    return plan_of("dl." + call)


def test_the_notebook_writes_the_same_network_in_pytorch_as_in_our_words():
    notebook = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    code = next(c.source for c in notebook.cells if c.source.startswith("net = dl.Sequential("))
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    (block,) = re.findall(r"```python\n(.*?Sequential.*?)```", prose, re.S)
    beside = re.findall(r"^\| `(.*?)` \| `(.*?)` \|$", prose, re.M)
    written = [block, *("".join(lines) for lines in zip(*beside, strict=True))]
    plans = [network_of(source) for source in (code, *written)]
    assert len(plans) == 4
    assert all(plan == plan_of(START) for plan in plans)


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


def test_what_is_revealed_shows_what_was_asked():
    prediction = lesson(NAME).predict("most")
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = "|".join(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in ("7,850", "3,216", "627,200"):
        assert part in words


@pytest.mark.skipif(config.DISABLE_JIT, reason="trains for seconds")
def test_the_network_of_the_notebook_learns_from_drawings_and_reads_real_digits():
    benchmark = runpy.run_path(str(NOTEBOOKS.parent / "benchmarks" / "whole_network.py"))
    started = time.process_time()
    accuracy, _seconds = benchmark["measure"](0)
    assert accuracy >= 0.94
    assert time.process_time() - started < 120  # a minute on two cores
