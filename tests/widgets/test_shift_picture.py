"""A shift in words."""

import pytest

from dlnotes.widgets.shift_picture import shift_in_words


@pytest.mark.parametrize(
    ("right", "down", "words"),
    [
        (0, 0, "by nothing"),
        (2, 0, "by 2 to the right"),
        (-1, 0, "by 1 to the left"),
        (0, 3, "by 3 down"),
        (0, -3, "by 3 up"),
        (2, -1, "by 2 to the right and 1 up"),
    ],
)
def test_a_shift_in_words(right, down, words):
    assert shift_in_words(right, down) == words
