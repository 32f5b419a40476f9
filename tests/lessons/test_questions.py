"""A prediction hides its answer until it is made; a check answers at once and counts once."""

import itertools
import json

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.export.moves import Moves
from dlnotes.lessons import progress as progress_module
from dlnotes.lessons.code_judges import Array, Function
from dlnotes.lessons.judges import Choice, Expression, Number, Verdict
from dlnotes.lessons.progress import Progress
from dlnotes.lessons.questions import Check, Predict
from dlnotes.pictures.chart import Chart
from dlnotes.widgets import prepared
from dlnotes.widgets import sliced as sliced_module
from dlnotes.widgets.live import pause_all
from dlnotes.widgets.sliced import sliced

PICTURE = Chart(200, 150, x=(0, 1), y=(0, 1), title="The secret picture").svg()
SECRETS = ("secret", "Because", "You mixed", "As you predicted", "✓", "✗")


def prediction(**values):
    return Predict(
        "Up or <down>?",
        ["up", "down", "neither"],
        "up",
        because="Because it rises.",
        mistakes={"down": "You mixed up the sign."},
        picture=lambda: PICTURE,
        **values,
    )


def everything_seen(explorer):
    bundle, _metadata = explorer._repr_mimebundle_()
    return (
        json.dumps(bundle, ensure_ascii=False)
        + json.dumps([explorer._frame, explorer._controls, explorer.state], ensure_ascii=False)
        + repr(explorer)
        + explorer.svg()
    )


# Predict


def test_nothing_is_seen_before_the_commitment():
    for asked in (prediction(), prediction(guess="up"), prediction(guess="down")):
        seen = everything_seen(asked)
        assert not [secret for secret in SECRETS if secret in seen]
        assert repr(asked) == "Predict(committed=None)"
        assert asked._controls["guess"]["label"] == "Up or <down>?"
    Page(asked).set("guess", "up")
    assert not [secret for secret in SECRETS if secret in everything_seen(asked)]


def measured_prediction(slices=4):
    """A prediction whose answer is measured in slices, and what has been measured so far."""
    done = []

    @sliced()
    def measure():
        for i in range(slices):
            done.append(i)
            yield (i + 1) / slices
        return "up"

    asked = Predict(
        "Up or down?",
        ["up", "down"],
        lambda: measure(),
        because=lambda: f"It was {measure()}.",
        picture=lambda: PICTURE,
        measure=measure.slices,
        guess="up",
    )
    return asked, done


@pytest.fixture
def clock(monkeypatch):
    """Each look at the clock finds it 15 milliseconds later: two slices of work in a tick."""

    def at_once(work):
        work()
        return iter(())

    monkeypatch.setattr(prepared, "beside", at_once)
    looks = itertools.count(0, 0.015)
    monkeypatch.setattr(sliced_module.time, "perf_counter", lambda: next(looks))


def test_what_takes_long_is_measured_at_once_by_a_cell():
    asked, done = measured_prediction()
    assert not done
    assert asked._frame["says"] == ""
    asked.press("commit")
    assert done == [0, 1, 2, 3]
    assert asked._frame["says"] == "✓ As you predicted. It was up."
    assert not asked._frame["running"]


def test_what_takes_long_is_measured_in_slices_that_the_page_asks_for(clock):
    asked, done = measured_prediction(6)
    page = Page(asked)
    frame = page.once(do="press", name="commit")
    assert (frame["running"], frame["waits"], done) == (True, True, [0, 1])
    assert frame["says"] == "Measuring … 33%, about 1 second left."
    assert frame["picture"] == ""
    assert set(asked._controls) == {"guess", "commit"}
    assert asked._controls["commit"]["label"] == "Pause"
    assert asked._controls["guess"]["disabled"]
    frame = page.once(do="tick")
    assert frame["says"].startswith("Measuring … 67%")
    frame = page.send(do="tick")
    assert (frame["running"], frame["waits"], done) == (False, False, [0, 1, 2, 3, 4, 5])
    assert frame["says"] == "✓ As you predicted. It was up."
    assert frame["picture"] == PICTURE
    assert asked._controls["commit"]["disabled"]


def test_measuring_is_paused_and_goes_on(clock):
    asked, done = measured_prediction(6)
    page = Page(asked)
    page.once(do="press", name="commit")
    frame = page.once(do="press", name="commit")
    assert (frame["running"], frame["says"]) == (False, "Stopped at 33%. Press “Go on”.")
    assert asked._controls["commit"]["label"] == "Go on"
    assert page.once(do="tick")["says"] == frame["says"]
    assert done == [0, 1]
    assert page.press("commit")["says"] == "✓ As you predicted. It was up."


def test_an_interrupted_kernel_pauses_the_measuring(clock):
    asked, done = measured_prediction(6)
    page = Page(asked)
    page.once(do="press", name="commit")
    pause_all()
    assert page.once(do="tick")["says"].startswith("Stopped at 33%.")
    asked.press("commit")  # a cell does not wait for a page
    assert asked._frame["says"] == "✓ As you predicted. It was up."


def test_a_recording_holds_what_was_measured():
    asked, _done = measured_prediction()
    asked.guess = None
    moves = Moves(asked)
    guessed = moves.after(moves.first, {"do": "set", "name": "guess", "value": "up"})
    committed = moves.after(guessed, {"do": "press", "name": "commit"})
    said = [moves.frame(state)["says"] for state in (moves.first, guessed, committed)]
    assert said == ["", "", "✓ As you predicted. It was up."]


def test_there_is_no_commitment_without_a_choice():
    asked = prediction()
    assert asked._controls["commit"]["disabled"] == "Choose one first."
    frame = Page(asked).press("commit")
    asked.press("commit")
    assert asked.committed is None
    assert not [secret for secret in SECRETS if secret in json.dumps(frame)]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("up", "✓ As you predicted. Because it rises."),
        ("down", "✗ Not as you predicted. You mixed up the sign. Because it rises."),
        ("neither", "✗ Not as you predicted. Because it rises."),
    ],
)
def test_after_the_commitment_all_is_shown(option, said):
    asked = prediction()
    page = Page(asked)
    page.set("guess", option)
    frame = page.press("commit")
    check_frame(asked, frame)
    assert frame["says"] == said
    assert frame["picture"] == PICTURE
    assert repr(asked) == f"Predict(committed={option})"
    assert asked._repr_mimebundle_()[0]["image/svg+xml"] == PICTURE


def test_a_commitment_stays():
    asked = prediction(guess="down")
    page = Page(asked)
    says = page.press("commit")["says"]
    assert asked._controls["guess"]["disabled"] == "You have committed to your prediction."
    assert asked._controls["commit"]["disabled"]
    page.set("guess", "up")
    page.press("commit")
    page.send(do="set", name="committed", value="up")
    asked.guess = "up"
    asked.press("commit")
    assert (asked.committed, asked.guess) == ("down", "down")
    assert asked._frame["says"] == says


def test_a_commitment_is_remembered():
    asked = prediction(guess="down")
    asked.press("commit")
    again = prediction(**asked.state)
    assert again._frame["says"] == asked._frame["says"]
    assert again.svg() == asked.svg()


def test_a_prediction_may_have_no_picture():
    asked = Predict("Up?", ["yes", "no"], "yes", because="So it is.", guess="yes")
    asked.press("commit")
    assert asked._frame["picture"] == ""
    assert asked._frame["says"] == "✓ As you predicted. So it is."


@pytest.mark.parametrize(
    ("options", "answer", "guess"),
    [(["a", "b"], "c", None), (["a", "a"], "a", None), (["a", "b"], "a", "c")],
)
def test_a_question_that_cannot_be_answered_is_refused(options, answer, guess):
    with pytest.raises(ValueError, match="."):
        Predict("?", options, answer, because="", guess=guess)


@pytest.mark.parametrize("wrong", ["yes", "perhaps"])
def test_a_mistake_is_one_of_the_other_options(wrong):
    with pytest.raises(ValueError, match=wrong):
        Predict("Up?", ["yes", "no"], "yes", because="So it is.", mistakes={wrong: "No."})


def test_an_answer_may_be_measured_once_the_reader_has_committed():
    asked, measured = [], {"answer": "yes"}

    def answer():
        asked.append("answer")
        return measured["answer"]

    def because():
        return f"Measured: {answer()}."

    sentences = {"yes": "Why yes?", "no": "Why no?"}
    for answered, says in (("yes", "✓ As"), ("no", "✗ Not as you predicted. Why yes?")):
        measured["answer"], asked[:] = answered, []
        made = Predict("Up?", list(sentences), answer, because=because, mistakes=sentences)
        made.guess = "yes"
        assert not asked
        made.press("commit")
        assert made._frame["says"].startswith(says)
        assert made._frame["says"].endswith(f"Measured: {answered}.")


# Check


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "progress.json")


def attempts(progress):
    return progress.entries.get("a lesson", {}).get("a key", {}).get("attempts", 0)


def check(judge, *given, **values):
    return Check("How <much>?", judge, *given, lesson="a lesson", key="a key", **values)


NUMBER = Number(12, mistakes=[(7, "That adds; multiply.")], because="Three times four.")
FORMULA = Expression("2*x", mistakes=[("x**2", "That is the function itself.")])
CHOICE = Choice(["max", "mean"], "max", mistakes={"mean": "That one blurs."})


@pytest.mark.parametrize(
    ("judge", "field", "answer", "said"),
    [
        (NUMBER, "answer", " 12 ", "✓ Right. Three times four."),
        (NUMBER, "answer", "3*4", "✓ Right. Three times four."),
        (NUMBER, "answer", "7", "✗ That adds; multiply."),
        (NUMBER, "answer", "8", "✗ 8 is too small."),
        (NUMBER, "answer", "<b>", "… Write a number, such as 1250 or 0.5."),
        (FORMULA, "answer", "x + x", "✓ Right."),
        (FORMULA, "answer", "x*x", "✗ That is the function itself."),
        (CHOICE, "option", "max", "✓ Right."),
        (CHOICE, "option", "mean", "✗ That one blurs."),
    ],
)
def test_what_is_typed_or_chosen_is_answered_at_once(judge, field, answer, said, progress):
    asked = check(judge, progress=progress)
    assert set(asked._controls) == {field, "check"}
    assert asked._controls[field]["label"] == "How <much>?"
    page = Page(asked)
    assert page.set(field, answer)["says"] == ""
    frame = page.press("check")
    assert frame["says"] == said
    check_frame(asked, frame)
    state = {"✓": "right", "✗": "wrong", "…": "unanswered"}[said[0]]
    assert repr(asked) == f"Check(key=a key, state={state})"
    assert attempts(progress) == (state != "unanswered")


def test_each_submission_counts_once(progress):
    asked = check(NUMBER, progress=progress)
    page = Page(asked)
    for i, answer in enumerate(("7", "8", "12"), 1):
        page.set("answer", answer)
        assert attempts(progress) == i - 1
        page.press("check")
        page.press("check")
        assert attempts(progress) == i
    entry = progress.entries["a lesson"]["a key"]
    assert (entry["right"], entry["answer"]) == (True, "12")


def test_an_answer_can_be_taken_back(progress):
    asked = check(NUMBER, progress=progress)
    page = Page(asked)
    for answer, says in (("7", "✗ That adds; multiply."), ("", "")):
        page.set("answer", answer)
        assert page.press("check")["says"] == says
    assert asked.submitted is None
    assert attempts(progress) == 1


@pytest.mark.parametrize("answer", ["", "   ", "?", "1,5"])
def test_what_is_no_answer_does_not_count(answer, progress):
    asked = check(NUMBER, progress=progress)
    page = Page(asked)
    page.set("answer", answer)
    page.press("check")
    assert progress.entries == {}


def test_an_answer_that_is_too_long_is_refused(progress):
    asked = check(NUMBER, progress=progress)
    frame = Page(asked).set("answer", "1" * 201)
    assert frame["error"]["sentence"].startswith("“How <much>?” takes at most 200 characters")


def test_a_choice_that_is_none_is_refused(progress):
    frame = Page(check(CHOICE, progress=progress)).set("option", "median")
    assert frame["error"]["sentence"] == "“How <much>?” takes one of max, mean, not 'median'."


def test_a_state_shows_the_answer_and_does_not_count_again(progress):
    asked = check(NUMBER, progress=progress)
    page = Page(asked)
    page.set("answer", "7")
    page.press("check")
    again = check(NUMBER, progress=progress, **asked.state)
    assert again._frame["says"] == "✗ That adds; multiply."
    assert attempts(progress) == 1


@pytest.mark.parametrize(
    ("judge", "given", "state"),
    [
        (Array([1.0, 2.0]), np.array([1, 2]), "right"),
        (Array([1.0, 2.0]), [1, 3], "wrong"),
        (Array([1.0, 2.0]), None, "unanswered"),
        (Function(abs, [(1.0,), (-2.0,)]), np.abs, "right"),
        (Function(abs, [(1.0,), (-2.0,)]), lambda x: 1 / 0, "wrong"),
        (NUMBER, 12, "right"),
        (CHOICE, "mean", "wrong"),
    ],
)
def test_an_answer_in_code_is_judged_as_it_is_handed_over(judge, given, state, progress):
    asked = check(judge, given, progress=progress)
    assert asked._controls == {}
    assert repr(asked) == f"Check(key=a key, state={state})"
    assert asked._frame["says"].startswith("How <much>? ")
    assert judge.judge(given).sentence in asked._frame["says"]
    assert attempts(progress) == (state != "unanswered")


def test_code_that_is_still_to_be_written_is_waited_for(progress):
    asked = check(Array([1.0]), progress=progress)
    assert asked._frame["says"] == "How <much>? … Hand your answer over in the cell above."
    assert progress.entries == {}


def test_what_was_left_as_it_stood_is_no_answer():
    asked = Check("Which array?", Array([1.0, 2.0]), ...)
    assert asked._frame["says"] == "Which array? … Replace the three dots by your answer."


@pytest.mark.parametrize("names", [{}, {"lesson": "a lesson"}, {"key": "a key"}])
def test_a_check_without_a_name_does_not_count(names, progress):
    asked = Check("How much?", NUMBER, 12, progress=progress, **names)
    assert asked.verdict == Verdict("right", "Right. Three times four.")
    assert progress.entries == {}


def test_progress_is_the_readers_own_unless_told(tmp_path, monkeypatch):
    monkeypatch.setenv("DLNOTES_PROGRESS", str(tmp_path / "mine.json"))
    check(NUMBER, 12)
    assert attempts(Progress(tmp_path / "mine.json")) == 1


def test_what_cannot_be_kept_is_said(progress, monkeypatch):
    monkeypatch.setattr(progress_module, "persist", lambda write: False)
    asked = check(NUMBER, progress=progress)
    page = Page(asked)
    page.set("answer", "12")
    says = page.press("check")["says"]
    assert says.startswith("✓ Right. Three times four. Your progress is kept until this kernel")
    page.set("answer", "7")
    assert page.press("check")["says"] == "✗ That adds; multiply."
    progress.forget()


def test_a_question_keeps_its_letters_as_text():
    asked = Check("<script>alert(1)</script>", NUMBER, 12)
    assert asked.svg() == ""  # the page sets what is said as text, never as HTML
    assert asked._frame["says"].startswith("<script>")


@pytest.mark.parametrize("judge", [NUMBER, FORMULA, CHOICE], ids=lambda judge: judge.kind)
def test_everything_can_be_moved(judge, progress):
    assert move_everything(check(judge, progress=progress), np.random.default_rng(0)) > 3
    assert move_everything(prediction(), np.random.default_rng(0)) > 3


def test_a_verdict_goes_when_the_answer_is_changed():
    check = Check("How many?", Number(3))
    check.answer = "3"
    check.press("check")
    assert check._frame["says"] == "✓ Right."
    check.answer = "4"
    assert check._frame["says"] == ""
