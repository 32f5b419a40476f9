"""Lesson 07's questions: each answer is right, computed, and its mistakes have their sentences."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference

from dlnotes.lessons import convolution
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.filters import preset

LESSON = lesson("07_convolution")


def judged(key, given):
    return LESSON.checks[key][1]().judge(given)


@pytest.mark.parametrize("key", LESSON.checks)
def test_every_check_proves_itself(key):
    question, judge = LESSON.checks[key]
    assert question
    judge().prove()


@pytest.mark.parametrize("key", LESSON.predictions)
def test_every_prediction_shows_its_picture(key):
    predict = LESSON.predict(key)
    assert predict.svg() == ""
    predict.guess = predict.judge.options[0]
    predict.press("commit")
    ElementTree.fromstring(predict.svg())
    assert predict.because in predict._frame["says"]


def test_the_product_is_the_textbooks():
    weights = preset("ramp_upper_right", 3)[None, None]
    window = convolution.WINDOW[None, None].astype(float)
    wanted = reference.conv2d(window, weights, np.array([convolution.BIAS])).item()
    assert judged("product", wanted).state == "right"
    assert "bias is missing" in judged("product", wanted - convolution.BIAS).sentence
    assert "0 0 1 / 0 0 1 / 0 0 0" in LESSON.checks["product"][0]


def test_the_output_size():
    assert judged("output_size", (28 + 2 * 2 - 5) // 2 + 1).state == "right"
    assert "stride is forgotten" in judged("output_size", 28).sentence
    assert "padding is forgotten" in judged("output_size", 12).sentence


def test_the_counts():
    assert judged("shared", 3 * 3 * 3 * 32 + 32).state == "right"
    assert "bias" in judged("shared", 864).sentence
    assert "three channels" in judged("shared", 320).sentence
    verdict = judged("multiplied", 28 * 28 * 25 * 16)
    assert verdict.state == "right"
    assert "78,400" in verdict.sentence
    assert "one filter" in judged("multiplied", 28 * 28 * 25).sentence


def test_only_the_edge_sums_to_zero():
    options = LESSON.checks["balanced"][1]().options
    states = [judged("balanced", option).state for option in options]
    assert states == ["wrong", "right", "wrong", "wrong"]
