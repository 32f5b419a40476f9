"""A judge tells right from wrong, knows the mistakes it was told of, and takes whatever comes."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnotes.formula import Formula
from dlnotes.lessons.code_judges import Array, Function
from dlnotes.lessons.judges import Choice, Expression, Number, Verdict

MATRIX = np.arange(6.0).reshape(2, 3)


def double(x):
    return 2 * np.asarray(x)


def judges():
    return [
        Number(
            30000, mistakes=[(10000, "That counts pixels; each has three numbers.")], unit="numbers"
        ),
        Choice(["max", "mean"], "max", mistakes={"mean": "That one blurs."}),
        Expression("2*x", mistakes=[("x**2", "That is the function, not its slope.")]),
        Array(MATRIX, mistakes=[(MATRIX + 1, "The bias was added twice.")]),
        Function(double, [(1.5,), (MATRIX,)], mistakes=[(np.square, "Twice, not squared.")]),
    ]


@pytest.mark.parametrize("judge", judges(), ids=lambda judge: judge.kind)
def test_each_judge_knows_its_answer_and_its_mistakes(judge):
    assert judge.judge(judge.solution) == Verdict("right", "Right.")
    ((wrong, sentence),) = judge.mistakes
    assert judge.judge(wrong) == Verdict("wrong", sentence)


class Hostile:
    """An answer whose every way to be looked at fails."""

    def __repr__(self):
        raise RuntimeError

    def __array__(self, *args, **kwargs):
        raise RuntimeError


ODD = [
    None, ..., NotImplemented, "", "?", "\ud800", b"1", True, 1j, math.nan, -math.inf, 10**400,
    [[1.7e308, -1.7e308, 0]] * 2, np.float32(3), np.array(3.0), np.array([]), np.array(["a"]),
    [[1], [1, 2]], {"a": 1}, print, Fraction(10**400), iter([]), Hostile(), object,
    np.ma.masked_array([1.0], [True]),
]  # fmt: skip


@pytest.mark.parametrize("judge", judges(), ids=lambda judge: judge.kind)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_no_answer_is_too_odd(judge, odd, capsys):
    verdict = judge.judge(odd)
    assert verdict.state in ("wrong", "unanswered")
    assert 0 < len(verdict.sentence) < 400
    assert "\n" not in verdict.sentence


@pytest.mark.parametrize("judge", judges(), ids=lambda judge: judge.kind)
def test_nothing_yet_is_unanswered(judge):
    for nothing in (None, ...):
        assert judge.judge(nothing).state == "unanswered"


def test_because_follows_right():
    assert Number(3, because="One a channel.").judge("3").sentence == "Right. One a channel."


def test_answers_are_computed_at_first_use():
    calls = []

    def answer():
        calls.append(1)
        return 784 * 100 + 100

    judge = Number(answer, mistakes=[(lambda: 784 * 100, "The biases are missing.")])
    assert not calls
    assert judge.judge(78500).state == "right"
    assert judge.judge(78400).sentence == "The biases are missing."
    assert judge.solution == 78500
    assert len(calls) == 1


def test_a_judge_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="number: the mistake 3 is judged “Right.”"):
        Number(3.0, mistakes=[(3, "No.")])
    with pytest.raises(ValueError, match="the mistake 4 is judged “First.”"):
        Number(3.0, mistakes=[(4, "First."), (4.0, "Never reached.")])
    with pytest.raises(ValueError, match="the answer itself is judged “It came out as nan"):
        Number(math.nan)
    with pytest.raises(ValueError, match="Choose one of these: a, b"):
        Choice(["a", "b"], "c")
    with pytest.raises(ValueError, match="mistake 'c' is judged “Choose"):
        Choice(["a", "b"], "a", mistakes={"c": "No."})
    with pytest.raises(ValueError, match="Each option stands once"):
        Choice(["a", "a"], "a")
    with pytest.raises(ValueError, match="Position 2"):
        Expression("x^2")
    with pytest.raises(ValueError, match="mistake 'x\\+x' is judged “Right"):
        Expression("2*x", mistakes=[("x+x", "No.")])
    with pytest.raises(ValueError, match="from low to high"):
        Expression("x", domain=(1, 1))
    with pytest.raises(ValueError, match="hardly a value between"):
        Expression("log(-1-x**2)")
    for tolerance in (-1, math.nan, math.inf):
        with pytest.raises(ValueError, match="A tolerance is a number from 0 up"):
            Number(3, tolerance=tolerance)
    lazy = Number(lambda: 3, mistakes=[(lambda: 3, "No.")])
    for _attempt in range(2):
        with pytest.raises(ValueError, match="is judged “Right"):
            lazy.judge(3)


# Numbers


@pytest.mark.parametrize(
    "text",
    ["30000", " 30,000 ", "30 000", "30_000", "30’000", "3e4", "30000.0", "+30000", "100*100*3",
     "30,000 numbers", "３０，０００", "30\u00a0000"],
)  # fmt: skip
def test_ways_to_write_thirty_thousand(text):
    assert Number(30000, unit="numbers").judge(text).state == "right"


@pytest.mark.parametrize("text", ["thirty", "", "nan", "1 2", "30 00", "½", "x", "0x10"])
def test_what_is_not_read_as_a_number(text):
    assert Number(30000).judge(text) == Verdict(
        "unanswered", "Write a number, such as 1250 or 0.5."
    )


@pytest.mark.parametrize("text", ["1,5", "0,500", "1,50,000", "1.000,5"])
def test_a_decimal_comma_is_asked_about(text):
    assert Number(1.5).judge(text).sentence == "Write a decimal number with a point: 1.5, not 1,5."


def test_how_near_is_right():
    assert Number(0.3).judge(0.1 + 0.2).state == "right"
    assert Number(0.1).judge(np.float32(0.1)).state == "right"
    assert Number(0).judge(1e-16).state == "right"
    assert Number(256**4).judge(256**4 - 1).state == "wrong"
    assert Number(2.0, tolerance=0.1).judge("2.09").state == "right"
    assert Number(2.0, tolerance=0.1).judge("2.11").state == "wrong"
    assert Number(200, relative=0.05).judge(209).state == "right"
    assert Number(200, relative=0.05).judge(211).state == "wrong"
    assert Number(256**30000).judge(256**30000).state == "right"
    assert Number(0.5).judge("1/2").state == "right"
    assert Number(Fraction(1, 2)).judge(np.array(0.5)).state == "right"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (-250, "The size is right, the sign is not."),
        (2.5, "The digits are right, but 2.5 is too small: look at the decimal point."),
        (2500, "The digits are right, but 2500 is too large: look at the decimal point."),
        (3, "3 is too small."),
        (250.00000001, "250.00000001 is too large."),
        (1e6, "1000000 is too large."),
        (1234567.5e6, "1.23457e+12 is too large."),
        (10**400, "A number of 401 digits is too large."),
        (math.nan, "It came out as nan: look for a division by zero or an overflow."),
        ("1/0", "It came out as inf: look for a division by zero or an overflow."),
        (Fraction(10**400), "It came out as inf: look for a division by zero or an overflow."),
    ],
)
def test_what_is_said_of_a_wrong_number(given, sentence):
    assert Number(250).judge(given) == Verdict("wrong", sentence)


def test_zero_is_no_factor():
    assert Number(0).judge(5).sentence == "5 is too large."


# Choices


def test_a_choice_is_one_of_the_options():
    judge = Choice(["a", "b", "c"], lambda: "b", mistakes={"a": "Why a?"})
    assert judge.options == ("a", "b", "c")
    assert judge.judge("a") == Verdict("wrong", "Why a?")
    assert judge.judge("c") == Verdict("wrong", "Not that one.")
    assert judge.judge("B") == Verdict("unanswered", "Choose one of these: a, b, c.")
    assert judge.solution == "b"


# Expressions


@pytest.mark.parametrize("same", ["2*x", "x+x", "4*x/2", "(x**2+2*x+1) - x**2 - 1", Formula("x*2")])
def test_the_same_function_in_another_form_is_right(same):
    assert Expression("2*x").judge(same).state == "right"


def test_expressions_that_are_another_function():
    judge = Expression("x**2")
    assert judge.judge("2*x").sentence == "At x = 0.5 yours gives 1; 0.25 is wanted."
    assert judge.judge("x**2 + 1e-6").state == "wrong"
    assert judge.judge("0*x + 1/0").sentence.endswith("yours gives inf; 0.25 is wanted.")
    assert judge.judge("x^2") == Verdict(
        "unanswered", "Position 2, “^”: write ** for a power, as in x**2."
    )
    assert judge.judge(3).sentence == "Write a formula, such as x**2 + 1."
    assert Expression("0").judge("sin(x)**2 + cos(x)**2 - 1").state == "right"


def test_expressions_agree_on_where_they_have_a_value():
    assert Expression("log(x)").judge("log(x**2)/2").state == "wrong"
    assert Expression("log(x)").judge("log(x**3)/3").state == "right"


def test_expressions_of_several_variables():
    judge = Expression(lambda: "x*y", variables=("x", "y"), domain=(0, 1))
    assert judge.judge("y*x").state == "right"
    assert judge.judge("x + y").sentence.startswith("At x = 0.")
    assert ", y = 0." in judge.judge("x + y").sentence


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_whatever_is_typed_gets_a_verdict(text):
    for judge in (Number(3), Expression("x"), Choice(["a"], "a")):
        verdict = judge.judge(text)
        assert verdict.state in ("right", "wrong", "unanswered")
        verdict.sentence.encode()
