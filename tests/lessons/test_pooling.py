"""Every question of lesson 08: its own answer is right, its known mistakes have their sentences."""

import re
import xml.etree.ElementTree as ElementTree

import numba
import numpy as np
import pytest
import reference
from lessons.every_question import EveryQuestion

from dlnotes import data
from dlnotes.lessons import pooling
from dlnotes.lessons.lesson import lesson
from dlnotes.lessons.pool_mistakes import CASES, MISTAKES, max_pool
from dlnotes.lessons.pooling import CHECKS
from dlnotes.lessons.pooling_pictures import lines_of, network

NAME = "08_pooling"
if numba.config.DISABLE_JIT:
    pooling.DIGITS = 12  # all of them would take minutes
JUDGES = {key: judge() for key, (_question, judge) in CHECKS.items()}


class TestQuestions(EveryQuestion):
    name = NAME
    also_in_code = ("change",)


NONE = ((0, 0), (0, 0))


# The exercise


def textbook(x, size, stride):
    x = x[None, None]
    return reference.max_pool2d(x, (size, size), (stride, stride), NONE, (1, 1), False)[0, 0]


def loops(x, size, stride):
    """As a reader would write it."""
    h, w = x.shape
    rows, cols = (h - size) // stride + 1, (w - size) // stride + 1
    y = np.zeros((rows, cols))
    for row in range(rows):
        for col in range(cols):
            top, left = row * stride, col * stride
            y[row, col] = x[top : top + size, left : left + size].max()
    return y


def test_the_cases_are_pooled_as_the_textbook_does():
    for case in CASES:
        np.testing.assert_array_equal(max_pool(*case), textbook(*case))


@pytest.mark.parametrize("function", [textbook, loops, lambda *case: loops(*case).tolist()])
def test_right_functions_are_right(function):
    assert lesson(NAME).check("max_pool", function).verdict.state == "right"


def in_lists(x, size, stride):
    """Without a slice, and with a largest that begins at zero."""
    rows, cols = (len(x) - size) // stride + 1, (len(x[0]) - size) // stride + 1
    y = [[0.0] * cols for _row in range(rows)]
    for row in range(rows):
        for col in range(cols):
            for u in range(size):
                for v in range(size):
                    y[row][col] = max(y[row][col], x[row * stride + u][col * stride + v])
    return y


def axes_swapped(x, size, stride):
    y = loops(x, size, stride)
    turned = np.zeros(y.shape[::-1])
    for row, col in np.ndindex(y.shape):
        turned[col, row] = y[row, col]
    return turned


def by_stride_only(x, size, stride):
    rows, cols = x.shape[0] // stride, x.shape[1] // stride
    y = np.zeros((rows, cols))
    for row, col in np.ndindex(y.shape):
        y[row, col] = np.max(x[row * stride :, col * stride :][:size, :size])
    return y


def one_window_too_few(x, size, stride):
    y = [
        [x[i : i + size, j : j + size].max() for j in range(0, x.shape[1] - size, stride)]
        for i in range(0, x.shape[0] - size, stride)
    ]
    return np.array(y)


def one_window_too_many(x, size, stride):
    rows, cols = range(0, len(x) + 1, stride), range(0, x.shape[1] + 1, stride)
    return np.array([[x[i : i + size, j : j + size].max() for j in cols] for i in rows])


def pythons_max(x, size, stride):
    return np.array([[max(x[:size, :size])]])


def stride_forgotten(x, size, stride):
    return loops(x, size, 1)


def mean_for_max(x, size, stride):
    found = np.lib.stride_tricks.sliding_window_view(x, (size, size))[::stride, ::stride]
    return found.mean(axis=(2, 3))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (in_lists, "a largest of 0"),
        (axes_swapped, "Rows and columns are swapped"),
        (by_stride_only, "not h // stride"),
        (one_window_too_few, "came"),
        (stride_forgotten, "The stride is forgotten"),
        (mean_for_max, "the mean of each window"),
        (one_window_too_many, "A window lies beyond the border"),
        (pythons_max, "write .max() behind the window"),
    ],
)
def test_a_readers_mistakes_are_recognised(function, words):
    verdict = lesson(NAME).check("max_pool", function).verdict
    assert verdict.state == "wrong"
    assert words in verdict.sentence


def test_every_mistake_has_a_sentence_of_its_own():
    assert len({sentence for _mistake, sentence in MISTAKES}) == len(MISTAKES)


# The other answers


def test_the_numbers_are_those_of_the_lesson():
    assert JUDGES["quarter"].solution == 100 * 100 / 4
    size, stride = (int(n) for n in re.findall(r"\d+", CHECKS["border"][0])[-2:])
    assert JUDGES["border"].solution == (28 - size) // stride + 1
    assert JUDGES["preimages"].solution == 15**3
    assert JUDGES["dense_parameters"].solution == 8 * 14 * 14 * 10 + 10
    x = data.digits()[0][: pooling.DIGITS, 0]
    shifted = np.zeros_like(x)
    shifted[:, :, :-1] = x[:, :, 1:]

    def pooled(x):
        return x.reshape(-1, 4, 2, 4, 2).max(axis=(2, 4)).reshape(-1, 16)

    gap = np.linalg.norm(pooled(shifted) - pooled(x), axis=1)
    wanted = np.mean(gap / np.linalg.norm(pooled(x), axis=1))
    assert JUDGES["change"].solution == pytest.approx(wanted, rel=1e-5)
    assert lesson(NAME).check("change", wanted).verdict.state == "right"


def test_a_pixel_is_swallowed_to_the_right_only():
    x = np.zeros((4, 6))
    x[1, 2] = 1
    before = textbook(x, 2, 2)
    assert (textbook(np.roll(x, 1, axis=1), 2, 2) == before).all()
    assert (textbook(np.roll(x, -1, axis=1), 2, 2) != before).any()
    assert JUDGES["pixel"].solution == "one pixel to the right"


def test_pooling_changes_the_dense_layers_parameters_only():
    without, pooled = lines_of(network(False)), lines_of(network(True))
    assert pooled["pooling"].parameters == 0
    for found in (without, pooled):
        assert found["second convolution"].parameters == 9 * 8 * 8 + 8
    computing = [found["second convolution"].multiply_adds for found in (without, pooled)]
    assert computing == [9 * 8 * 8 * 28 * 28, 9 * 8 * 8 * 14 * 14]
    assert without["dense"].parameters == 8 * 28 * 28 * 10 + 10
    assert pooled["dense"].parameters == 8 * 14 * 14 * 10 + 10


# Predictions


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("thin", ["The largest", "The mean", "brightest: 1", "brightest: 0.68"]),
        ("forgets", ["3,375", "13,500", "50,625", "65,536"]),
        ("same", ["the pixels", "pooled twice", "Shifted by 1 to the right", "√2"]),
        ("cheaper", ["second convolution", "584", "62,730", "15,690"]),
    ],
)
def test_what_is_revealed_shows_what_was_asked(key, parts):
    prediction = lesson(NAME).predict(key)
    prediction.guess = prediction.judge.options[0]
    prediction.press("commit")
    words = "|".join(ElementTree.fromstring(prediction._frame["picture"]).itertext())
    for part in parts:
        assert part in words
    if key == "same" and not numba.config.DISABLE_JIT:
        assert "0 of 1,797 maps are the same" in prediction.because
        assert "by 0.54 on average, where the pixels change by 0.82" in prediction.because
