"""A judge of code tells right from wrong whatever the code gives, changes, raises or forgets."""

import math
import time

import numpy as np
import pytest

from dlnotes.lessons.code_judges import Array, Function
from dlnotes.lessons.judges import Verdict

MATRIX = np.arange(6.0).reshape(2, 3)


def double(x):
    return 2 * np.asarray(x)


def test_a_judge_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="An array of numbers"):
        Array("abc")
    for tolerance in (-1, math.nan, math.inf):
        with pytest.raises(ValueError, match="A tolerance is a number from 0 up"):
            Array([3], tolerance=tolerance)
        with pytest.raises(ValueError, match="A tolerance is a number from 0 up"):
            Function(double, [(1,)], relative=tolerance)
    with pytest.raises(ValueError, match="“It returns nothing yet"):
        Function(lambda x: None, [(1,)]).judge(double)
    with pytest.raises(ValueError, match="Numbers are wanted, not 'a'"):
        Function(lambda x: "a", [(1,)]).judge(double)
    with pytest.raises(ValueError, match="one tuple of arguments or more"):
        Function(double, []).judge(double)
    with pytest.raises(ValueError, match="one tuple of arguments or more"):
        Function(double, [1, 2]).judge(double)


# Arrays


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (MATRIX.T, "That is the transpose of it: rows and columns are swapped."),
        (
            MATRIX.T + 1,
            "An array of shape (3, 2) came; an array of shape (2, 3) is wanted: "
            "rows and columns are swapped.",
        ),
        (MATRIX[0], "An array of shape (3,) came; an array of shape (2, 3) is wanted."),
        (3, "A single number came; an array of shape (2, 3) is wanted."),
        (-MATRIX, "The sizes are right, the signs are not."),
        (
            MATRIX + [[0, 0, 0], [0, 0.5, 2]],
            "2 of 6 entries are off, most of all [1, 2]: 7, where 5 is wanted.",
        ),
        (
            MATRIX * 0 - 1.7e308,
            "6 of 6 entries are off, most of all [0, 0]: -1.7e+308, where 0 is wanted.",
        ),
        (
            np.where(MATRIX == 1, np.nan, MATRIX + 1),
            "6 of 6 entries are off, most of all [0, 1]: nan, where 1 is wanted.",
        ),
    ],
)
def test_what_is_said_of_a_wrong_array(given, sentence):
    assert Array(MATRIX).judge(given) == Verdict("wrong", sentence)


def test_arrays_that_are_right():
    judge = Array(lambda: MATRIX, tolerance=0.1, relative=0)
    assert judge.judge((MATRIX + 0.09).tolist()).state == "right"
    assert judge.judge(MATRIX + 0.11).state == "wrong"
    assert Array([np.inf, 0]).judge(np.array([np.inf, 0], np.float32)).state == "right"
    assert Array([[1, 2], [3, 4]]).judge([[1, 3], [2, 4]]).sentence.startswith("That is the tran")
    assert Array([np.inf, 0]).judge([0, 0]).state == "wrong"


# Functions


def test_what_is_said_of_a_wrong_function():
    judge = Function(double, [(1.5,), ([1, 2],)])

    def says(function):
        verdict = judge.judge(function)
        return verdict.state, verdict.sentence

    assert says(lambda x: x) == ("wrong", "Called with 1.5: 1.5 came; 3 is wanted.")
    state, sentence = says(lambda x: [][0])
    assert state == "wrong"
    assert sentence == "Called with 1.5, it stopped with IndexError: list index out of range."
    assert says(lambda x: 2 * x) == (
        "wrong",
        "Called with [1, 2]: an array of shape (4,) came; an array of shape (2,) is wanted.",
    )
    assert says(lambda x: np.asarray(2 * np.asarray(x), int)) == ("right", "Right.")
    assert says(lambda x: int(np.sum(x))) == (
        "wrong",
        "Called with 1.5: 1 came; 3 is wanted. "
        "It holds whole numbers (int): was something cut off?",
    )
    assert says(lambda x: (x, x)) == (
        "wrong",
        "Called with 1.5: The number of results is 2; 1 is wanted.",
    )
    assert says(lambda x: "3") == ("wrong", "Called with 1.5: Numbers are wanted, not '3' (str).")
    assert says(lambda x: 3.0 if x == 1.5 else None)[1] == (
        "Called with [1, 2]: Numbers are wanted, not None (NoneType)."
    )
    assert says(lambda x: None) == ("unanswered", "It returns nothing yet: end it with “return …”.")
    assert says(3.0)[1] == "Hand over the function itself, as in f and not f(3); this is 3."

    def leaves(x):
        raise SystemExit

    assert says(leaves) == ("wrong", "Called with 1.5, it stopped with SystemExit.")
    assert says(lambda x: 2 * np.asarray(x) + 1e-5)[1] == (
        "Called with 1.5: 3.00001 came; 3 is wanted."
    )
    assert says(lambda x: 2 * np.asarray(x) + 1e-5 / 2)[1] == (
        "Called with 1.5: 3.000005 came; 3.0 is wanted."
    )

    def later(x):
        raise NotImplementedError

    assert says(later) == ("unanswered", "It is not written yet.")


def test_a_function_cannot_change_what_it_is_called_with():
    def changes(x):
        x *= 2
        return x

    case = np.ones(3)
    judge = Function(double, lambda: [(case,)])
    assert judge.judge(changes).state == "right"
    assert judge.judge(changes).state == "right"
    assert case.tolist() == [1, 1, 1]


def test_a_function_may_fill_one_array_again_and_again():
    store = np.zeros(1)

    def fills(x):
        store[0] = 2 * x
        return (store, [store])

    judge = Function(lambda x: (np.array([2.0 * x]), [[2.0 * x]]), [(1,), (2,)])
    assert judge.judge(fills).state == "right"
    assert judge.judge(lambda x: ([2 * x], [[0]])).state == "wrong"


def test_a_known_mistake_must_show_on_all_cases():
    judge = Function(double, [(0.0,), (3.0,)], mistakes=[(np.square, "Twice, not squared.")])
    assert judge.judge(lambda x: x * x).sentence == "Twice, not squared."
    assert judge.judge(lambda x: x).sentence == "Called with 3: 3 came; 6 is wanted."


def test_long_arguments_are_told_shortly():
    judge = Function(lambda x, text: x.sum(), [(np.zeros((10, 10)), "a" * 200)])
    sentence = judge.judge(lambda x, text: 1.0).sentence
    assert "Called with x of shape (10, 10), text = 'aaa" in sentence
    assert len(sentence) < 200
    sentence = Function(lambda *all: 2.0, [(1, 2)]).judge(lambda *all: 1.0).sentence
    assert sentence == "Called with 1, 2: 1 came; 2 is wanted."


def test_a_function_that_never_ends_is_stopped():
    def endless(x):
        for _second in range(300):
            time.sleep(0.1)

    verdict = Function(double, [(1,)], patience=0.05).judge(endless)
    assert verdict.state == "wrong"
    assert verdict.sentence == (
        "Called with 1, it had not returned after 0.05 seconds: is there a loop that never ends?"
    )


def test_an_exception_gets_its_hint():
    judge = Function(double, [(1,)], hints={"out of range": "Count from 0."})
    assert judge.judge(lambda x: [][x]).sentence.endswith("list index out of range. Count from 0.")
    assert judge.judge(lambda x: 1 / 0).sentence.endswith("division by zero.")


def test_an_argument_may_have_to_stay_as_it_was():
    def in_place(x, n):
        x *= n
        return x

    cases = [(np.ones((2, 2)), 3)]
    assert Function(lambda x, n: n * x, cases).judge(in_place).state == "right"
    strict = Function(lambda x, n: n * x, cases, untouched="Take a copy.")
    assert strict.judge(in_place) == Verdict("wrong", "Take a copy.")
    assert strict.judge(lambda x, n: x * n).state == "right"
