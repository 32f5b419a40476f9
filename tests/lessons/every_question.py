"""What holds for every question of a lesson: `class TestQuestions(EveryQuestion): name = …`."""

import json

import numpy as np
import pytest
from driver import Page, check_frame

from dlnotes.lessons.lesson import lesson

GARBAGE = [
    "", " ", "?", "<script>", "1e999", "-1", "0/0", "1,5", "import os", "x" * 200, "a" * 200,
    "((((", "9**9**9", "\ud800", "NaN", "ünïcode", "a", "a**a", "1/a", "f(f(x))",
]  # fmt: skip
ODD = [
    None, ..., "text", np.zeros(0), np.full(3, np.nan), [[1], [1, 2]], {}, print, object(),
    lambda: 1,
]  # fmt: skip


TYPED = ("number", "expression", "choice")  # the kinds of judges that a reader answers in the page


def field(judge):
    return "option" if judge.kind == "choice" else "answer"


def answer(name, key, given):
    """Answer a check as a reader does: typed and pressed, chosen and pressed, or in code."""
    judge = lesson(name).checks[key][1]()
    if judge.kind not in TYPED:
        return lesson(name).check(key, given)
    check = lesson(name).check(key)
    page = Page(check)
    page.set(field(judge), given if isinstance(given, str) else repr(given))
    check_frame(check, page.press("check"))
    return check


class EveryQuestion:
    """A subclass names its lesson, and the checks whose typed answer may also be made in code."""

    name = ""
    also_in_code: tuple[str, ...] = ()

    def pytest_generate_tests(self, metafunc):
        asked = lesson(self.name)
        made = {key: judge().kind for key, (_question, judge) in asked.checks.items()}
        typed = [key for key in made if made[key] in TYPED]
        coded = [key for key in made if key not in typed]
        keys = {
            "key": list(made),
            "typed": typed,
            "coded": coded,
            "handed": [*coded, *self.also_in_code],
            "prediction": list(asked.predictions),
        }
        for name in keys:
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, keys[name])

    def test_its_own_answer_is_right(self, key):
        judge = lesson(self.name).checks[key][1]()
        check = answer(self.name, key, judge.solution)
        assert "✓ Right. " + judge.because in check._frame["says"]
        assert check.progress.entries[self.name][key]["right"] is True

    def test_every_known_mistake_has_its_own_sentence(self, key):
        judge = lesson(self.name).checks[key][1]()
        assert judge.mistakes
        for wrong, sentence in judge.mistakes:
            check = answer(self.name, key, wrong)
            assert "✗ " + sentence in check._frame["says"]
            assert check.progress.entries[self.name][key]["right"] is False

    def test_garbage_that_is_typed_is_answered_in_words(self, typed):
        check = lesson(self.name).check(typed)
        page = Page(check)
        for given in GARBAGE:
            page.set(field(check.judge), given)
            frame = page.press("check")
            check_frame(check, frame)
            assert check.compute(**check.values).state in ("wrong", "unanswered")
            json.dumps(frame)

    @pytest.mark.parametrize("given", ODD, ids=lambda given: type(given).__name__)
    def test_oddities_made_in_code_are_answered_in_words(self, handed, given):
        check = lesson(self.name).check(handed, given)
        assert check.verdict.state in ("wrong", "unanswered")
        assert check.verdict.sentence in check._frame["says"]
        assert check._frame["error"] is None

    def test_what_is_made_in_code_waits_for_it(self, coded):
        check = lesson(self.name).check(coded)
        assert check._controls == {}
        assert check._frame["says"].endswith("… Hand your answer over in the cell above.")
        assert check.progress.entries == {}

    def test_a_prediction_is_kept_and_then_answered(self, prediction):
        asked = lesson(self.name).predict(prediction)
        assert asked.svg() == ""
        options, right = asked.judge.options, asked.judge.solution
        assert len(options) >= 3
        for option in options:
            asked = lesson(self.name).predict(prediction)
            page = Page(asked)
            page.set("guess", option)
            frame = page.press("commit")
            check_frame(asked, frame)
            opening = "✓ As you predicted." if option == right else "✗ Not as you predicted."
            assert frame["says"].startswith(opening)
            assert frame["says"].endswith(asked.because)
