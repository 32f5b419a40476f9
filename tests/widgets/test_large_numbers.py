"""Digits of powers, against Python's own integers."""

import sys

import pytest

from dlnotes.widgets.large_numbers import digit_count, digits_of, ends, scientific, shortened

CASES = [
    (2, 16), (2, 1), (1, 5), (10, 7), (100, 30), (256, 1), (256, 300), (255, 1000), (3, 2000),
    (10, 2000), (7, 64), (99, 500), (256, 1500),
]  # fmt: skip


@pytest.mark.parametrize(("base", "exponent"), CASES)
def test_digits_are_pythons(base, exponent):
    expected = str(base**exponent)
    assert digits_of(base, exponent) == expected
    assert digit_count(base, exponent) == len(expected)
    if len(expected) > 18:
        assert ends(base, exponent) == (expected[:18], expected[-18:])


def test_the_articles_number():
    digits = digits_of(256, 30_000)
    assert len(digits) == digit_count(256, 30_000) == 72_248
    assert shortened(256, 30_000) == "1.58 × 10⁷²²⁴⁷"
    number = 0
    for start in range(0, len(digits), 4000):  # below what Python reads at once
        piece = digits[start : start + 4000]
        number = number * 10 ** len(piece) + int(piece)
    assert number == 256**30_000
    assert ends(256, 30_000) == (digits[:18], digits[-18:])


def test_pythons_own_limit_is_left_alone():
    before = sys.get_int_max_str_digits()
    digits_of(254, 20_000)
    assert sys.get_int_max_str_digits() == before
    with pytest.raises(ValueError, match="limit"):
        str(256**30_000)


def test_short_numbers_are_written_in_full():
    assert shortened(2, 16) == "65,536"
    assert shortened(10, 14) == "100,000,000,000,000"
    assert shortened(10, 15) == "1.00 × 10¹⁵"
    assert scientific(6_700) == "6.70 × 10³"
