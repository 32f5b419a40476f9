"""Every question of lesson 09: its own answer is right, its known mistakes have their sentences."""

import re
import runpy
import time
import xml.etree.ElementTree as ElementTree

import nbformat
import numpy as np
import pytest
from driver import NOTEBOOKS
from lessons.every_question import EveryQuestion
from numba import config

from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.network import CHECKS
from dlnotes.widgets.network_builder import START
from dlnotes.widgets.network_plan import plan_of

NAME = "09_a_whole_network"
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["numbers_in"].solution == 16 * 7 * 7
    assert JUDGES["parameters"].solution == 16 * (8 * 5 * 5 + 1)
    assert JUDGES["work"].solution == 16 * 14 * 14 * 8 * 5 * 5
    softmax = JUDGES["softmax"].solution
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [1 / 8, 2 / 8, 5 / 8])
    covered = JUDGES["cover"].solution(np.ones((3, 4)), 1, 1, 2)
    assert covered.tolist() == [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1]]


def test_a_picture_that_is_covered_stays_as_it_was():
    def spoiled(picture, row, col, size):
        picture[row : row + size, col : col + size] = 0
        return picture

    verdict = JUDGES["cover"].judge(spoiled)
    assert verdict.state == "wrong"
    assert "cover a copy" in verdict.sentence


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
