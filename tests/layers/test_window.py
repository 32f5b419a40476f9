"""Windows counted one by one, as a reader would with a pencil."""

import itertools

import numpy as np
import pytest

from dlnotes.layers import window


def counted(size, before, after, span, stride):
    """The starts whose window ends on the padded axis."""
    whole = size + before + after
    return sum(start + span <= whole for start in range(0, whole, stride))


def test_windows_are_counted():
    for case in itertools.product(range(3, 8), range(2), range(2), (1, 2, 3), (1, 2, 3)):
        assert window.count(*case, ceil=False) == counted(*case), case


@pytest.mark.parametrize("size", [1, 5, 6])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("span", [1, 2, 3])
def test_same_gives_as_many_windows_as_strides(size, stride, span):
    pairs = window.sides("same", (size, size), (span, span), (stride, stride))
    assert window.count(size, *pairs[0], span, stride, ceil=False) == -(-size // stride)
    assert pairs[0][1] - pairs[0][0] in (0, 1)


def test_padding_puts_zeros_around_and_copies_nothing_for_none():
    x = np.ones((1, 1, 2, 2))
    assert window.pad(x, ((0, 0), (0, 0))) is x
    padded = window.pad(x, ((1, 0), (0, 2)))
    assert padded.shape == (1, 1, 3, 4)
    assert padded.sum() == 4
    assert padded[0, 0, 1:, :2].sum() == 4
