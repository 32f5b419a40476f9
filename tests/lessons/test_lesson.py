"""A lesson gives its questions by name and refuses names that it does not have."""

import pytest

from dlnotes.lessons.judges import Number
from dlnotes.lessons.lesson import LESSONS, Lesson, lesson
from dlnotes.lessons.questions import Check, Predict


def small():
    def predict():
        return Predict("Up or down?", ["up", "down"], "up", because="It rises.")

    checks = {"sum": ("2 + 2?", lambda: Number(4)), "code": ("In code?", lambda: Number(5))}
    return Lesson("01_small", "Small", {"way": predict}, checks)


def test_a_prediction_is_asked_by_name():
    prediction = small().predict("way")
    assert isinstance(prediction, Predict)
    assert prediction.question == "Up or down?"
    assert small().predict("way") is not prediction


def test_a_check_knows_where_it_counts():
    check = small().check("sum")
    assert isinstance(check, Check)
    assert (check.question, check.lesson, check.key) == ("2 + 2?", "01_small", "sum")


def test_an_answer_made_in_code_is_handed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "progress.json"))
    check = small().check("code", 5)
    assert repr(check) == "Check(key=code, state=right)"
    assert check.progress.entries["01_small"]["code"]["right"]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: small().predict("sum"), "Lesson 01_small has no question “sum”; it has way"),
        (lambda: small().check("way"), "Lesson 01_small has no question “way”; it has sum, code"),
        (lambda: lesson("nope"), "There is no lesson “nope”; there are 01_images_as_numbers"),
        (lambda: lesson(2), "There is no lesson “2”"),
    ],
)
def test_unknown_names_are_refused(ask, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask()


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_can_be_had(name):
    found = lesson(name)
    assert found.name == name
    assert found.title
    assert found.predictions
    assert found.checks
