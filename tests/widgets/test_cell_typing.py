"""Numbers are typed key by key; what is no number yet counts as 0."""

import pytest

from dlnotes.widgets.cell_typing import is_typing, steered, typed, value_of


def entered(keys):
    text = ""
    for key in keys:
        text = typed(text, key)
    return text


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("3", "3", 3), ("-1.5", "-1.5", -1.5), ("1-", "-1", -1), ("1--", "1", 1), ("03", "3", 3),
        ("0.5", "0.5", 0.5), (".5", ".5", 0.5), ("1.2.3", "1.23", 1.23), ("1,5", "1.5", 1.5),
        ("−2", "-2", -2), ("100", "100", 100), ("101", "10", 10), ("-", "-", 0), ("x", "", 0),
        ("1.2345678", "1.2345", 1.2345), ("-0", "-0", 0),
    ],
)  # fmt: skip
def test_typing(keys, text, value):
    assert entered(keys) == text
    assert value_of(text) == value
    assert str(value_of(text)) != "-0.0"


def test_taking_back():
    assert typed("12", "Backspace") == "1"
    assert typed("1", "Backspace") == "0"
    assert typed("", "Backspace") == "0"
    assert typed("12", "Delete") == "0"


def test_arrows_stop_at_the_border():
    assert steered((0, 0), "ArrowUp", 3, 4) == (0, 0)
    assert steered((0, 0), "ArrowDown", 3, 4) == (1, 0)
    assert steered((2, 3), "ArrowRight", 3, 4) == (2, 3)
    assert steered((2, 3), "ArrowLeft", 3, 4) == (2, 2)
    assert steered((1, 1), "Home", 3, 4) == (0, 0)
    assert steered((1, 1), "End", 3, 4) == (2, 3)
    assert steered((1, 1), "F5", 3, 4) == (1, 1)


def test_which_keys_type():
    for key in ("1", "-", ".", ",", "Backspace", "Delete"):
        assert is_typing({"how": "key", "key": key})
    for pick in ({"how": "key", "key": "a"}, {"how": "click"}, {"how": "key", "key": "ArrowUp"}):
        assert not is_typing(pick)
    assert not is_typing({"how": "key", "key": ""})
