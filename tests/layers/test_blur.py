"""Blur pooling is the paper's: mirrored border, binomial weights, then every second pixel."""

import numpy as np
import reference
from hypothesis import given
from hypothesis import strategies as st
from layer_checks import agrees, close, drawn, pairs, seeds

from dlnotes.layers import BlurPool2d, MaxPool2d, Sequential


@drawn
@given(n=st.integers(0, 2), size=pairs(1, 7), kernel=pairs(1, 4), stride=pairs(1, 3), seed=seeds)
def test_blur_pooling_is_the_definition(n, size, kernel, stride, seed):
    def definition(x):
        return reference.blur_pool2d(x, kernel, stride)

    x = np.random.default_rng(seed).standard_normal((n, 2, *size))
    agrees(lambda _: BlurPool2d(kernel, stride=stride), definition, x)


def test_an_even_picture_stays_even_to_its_border():
    close(BlurPool2d()(np.full((1, 1, 5, 6), 7.0)), np.full((1, 1, 3, 3), 7.0), 1e-14)


def test_blur_pooling_makes_a_shift_change_less():
    x = np.random.default_rng(0).standard_normal((1, 1, 16, 16))
    shifted = np.roll(x, 1, axis=3)
    plain, blurred = MaxPool2d(2), Sequential(MaxPool2d(2, stride=1), BlurPool2d())
    changes = [
        np.abs(net(shifted) - net(x)).mean() / np.abs(net(x)).mean() for net in (plain, blurred)
    ]
    assert changes[1] < changes[0] / 2


def test_multiply_adds_count_each_window():
    assert BlurPool2d().multiply_adds((1, 2, 8, 8)) == 2 * 4 * 4 * 9
