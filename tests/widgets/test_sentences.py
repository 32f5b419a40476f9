"""Failures are said in words, numbers to four digits."""

import numpy as np
import traitlets

from dlnotes.widgets.sentences import a_digit, explained, rounded


def raised(error):
    try:
        raise error
    except Exception as caught:
        return explained(caught)


def test_a_value_that_does_not_fit_speaks_for_itself():
    for error in (ValueError("Too long."), traitlets.TraitError("Too long.")):
        assert raised(error) == {"sentence": "Too long.", "details": ""}


def test_a_fault_is_told_with_its_traceback_aside():
    said = raised(ZeroDivisionError("division by zero"))
    assert said["sentence"] == "Something went wrong inside this widget: division by zero."
    assert said["details"].startswith("Traceback")
    assert "ZeroDivisionError: division by zero" in said["details"]


def test_numbers_are_rounded_to_four_digits():
    assert rounded(1 / 3) == "0.3333"
    assert rounded(np.float64(123456.7)) == "1.235e+05"
    assert rounded([729, 2 / 3, ("a", 1e-9)]) == "[729, 0.6667, [a, 1e-09]]"
    assert rounded(None) == "None"
    assert rounded(123456) == "123456"


def test_a_digit_has_its_article():
    assert [a_digit(digit) for digit in (0, 7, 8, 9)] == ["a 0", "a 7", "an 8", "a 9"]
