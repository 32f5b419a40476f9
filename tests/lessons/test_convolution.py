"""Lesson 07's questions: each answer is right, computed, and its mistakes have their sentences."""

import numpy as np
import reference
from lessons.every_question import EveryQuestion

from dlnotes.lessons import convolution
from dlnotes.lessons.lesson import lesson
from dlnotes.widgets.filters import preset

LESSON = lesson("07_convolution")


def judged(key, given):
    return LESSON.checks[key][1]().judge(given)


class TestQuestions(EveryQuestion):
    name = LESSON.name


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
