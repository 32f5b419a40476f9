"""What a lesson asks: a prediction before the picture is shown, and checks that answer at once.

Both are explorers, so a question has the same controls, the same keyboard and the same place on an
exported page as everything else that a reader moves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from dlnotes.lessons.judges import Choice, Judge, Verdict
from dlnotes.lessons.progress import Progress
from dlnotes.widgets.controls import button, choice, picks, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.prepared import Prepared
from dlnotes.words import _

SIGNS = {"right": "✓", "wrong": "✗", "unanswered": "…"}
NOT_GIVEN = object()


class Predict(Prepared):
    """A question to answer before looking: the reader commits to an option, then sees what happens.

    Parameters
    ----------
    question : what is asked, in plain text.
    options : two or more texts to choose from.
    answer : the option that turns out right, or a function that measures which one does.
    because : what is said after the commitment, whichever option it was; or a function for it.
    mistakes : what else is said of a wrong option, by option.
    picture : a function that gives SVG text, drawn only after the commitment.
    measure : where it takes more than a moment to find out, a function that gives the slices of
        that work, each yielding the share that is done (see `dlnotes.widgets.sliced`). They begin
        with the commitment; `answer`, `because` and `picture` then find what was measured.
    """

    title = _("Predict")
    making = _("Measuring")
    resuming = _("Press “Go on”.")

    guess = choice(_("What do you expect?"), {}, value=None, style="radio")
    commit = button(_("Commit, then look"))
    committed = picks(_("The prediction made"), value=None)

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        answer: str | Callable[[], str],
        *,
        because: str | Callable[[], str],
        mistakes: Mapping[str, str] | None = None,
        picture: Callable[[], str] | None = None,
        measure: Callable[[], Iterator[float]] | None = None,
        **values: Any,
    ) -> None:
        self.question, self.picture = question, picture
        self.judge = Choice(options, answer)
        self.mistakes = dict(mistakes or {})
        for wrong in self.mistakes:
            if wrong not in options or wrong == answer:
                raise ValueError(f"“{wrong}” is no wrong option of “{question}”.")
        self._because, self.measure = because, measure
        super().__init__(**values)

    @cached_property
    def because(self) -> str:
        """What is said after the commitment."""
        return self._because() if callable(self._because) else self._because

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        done = _("You have committed to your prediction.") if values["committed"] else ""
        ready = "" if values["guess"] else _("Choose one first.")
        options = {option: option for option in self.judge.options}
        return {
            "guess": {"label": self.question, "options": options, "disabled": done},
            "commit": {"disabled": done or ready},
        }

    def _described(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        found = super()._described(values)
        if self._work:  # it is being measured
            found["commit"] = {"label": _("Pause") if self.running else _("Go on")}
        return found

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"guess": values["committed"] or values["guess"]}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"committed": values["committed"] or values["guess"]}

    def _press_in_page(self, name: str) -> None:
        if self._work:
            self.running = not self.running
        else:
            super()._press_in_page(name)

    def preparing(self, **values: Any) -> Iterator[float]:
        if values["committed"] is None or self.measure is None:
            return iter(())
        return self.measure()

    def compute(self, **values: Any) -> dict[str, Any]:
        committed = values["committed"]
        if committed is None:
            return {"committed": None, "verdict": None, "picture": ""}
        verdict = self.judge.judge(committed)
        return {
            "committed": committed,
            "verdict": verdict,
            "picture": self.picture() if self.picture else "",
        }

    def draw(self, result: dict[str, Any]) -> str:
        return result["picture"]

    def say(self, result: dict[str, Any]) -> str:
        verdict = result["verdict"]
        if verdict is None:
            return ""
        if verdict.state == "right":
            opening = _("As you predicted.")
        else:
            opening = _("Not as you predicted.")
            if result["committed"] in self.mistakes:
                opening += " " + self.mistakes[result["committed"]]
        return f"{SIGNS[verdict.state]} {opening} {self.because}"

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"committed": result["committed"]}


class Check(Explorer):
    """A question with a right answer, judged as soon as it is given.

    Numbers, formulas and choices are answered in the page; arrays and functions, which the reader
    makes in code, are handed over as `given`. Known mistakes are named (see
    `dlnotes.lessons.judges`).

    Parameters
    ----------
    question : what is asked, in plain text.
    judge : a `Number`, `Choice`, `Expression`, `Array` or `Function`.
    given : the answer, where it is made in code.
    lesson, key : the names under which the answer counts in the reader's progress; "" for not at
        all.
    """

    title = _("Check")

    answer = text(_("Your answer"), limit=200, examples=("0", "1e400", "x", "2*(a-3)"))
    option = choice(_("Your answer"), {}, value=None, style="radio")
    check = button(_("Check"))
    submitted = picks(_("The answer given"), value=None)

    def __init__(
        self,
        question: str,
        judge: Judge,
        given: Any = NOT_GIVEN,
        *,
        lesson: str = "",
        key: str = "",
        progress: Progress | None = None,
        **values: Any,
    ) -> None:
        self.question, self.judge, self.given = question, judge, given
        self.lesson, self.key, self.progress = lesson, key, progress or Progress()
        if given is NOT_GIVEN:
            self.verdict = Verdict("unanswered", _("Hand your answer over in the cell above."))
        elif given is ...:
            self.verdict = Verdict("unanswered", _("Replace the three dots by your answer."))
        else:
            self.verdict = judge.judge(given)
            self._record(given, self.verdict)
        super().__init__(**values)
        self.observe(self._on_submitted, "submitted")

    @property
    def typed(self) -> bool:
        """Whether the answer is typed or chosen in the page, rather than made in code."""
        return self.given is NOT_GIVEN and self.judge.kind in ("number", "expression", "choice")

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        names = self.judge.options if isinstance(self.judge, Choice) else ()
        chosen, options = bool(names), {name: name for name in names}
        return {
            "answer": {"label": self.question, "hidden": not self.typed or chosen},
            "option": {
                "label": self.question,
                "options": options,
                "hidden": not self.typed or not chosen,
            },
            "check": {"hidden": not self.typed},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"submitted": None} if name in ("answer", "option") else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        given = values["option"] if self.judge.kind == "choice" else values["answer"].strip()
        return {"submitted": given or None}

    def compute(self, **values: Any) -> Verdict:
        if not self.typed:
            return self.verdict
        submitted = values["submitted"]
        return Verdict("unanswered", "") if submitted is None else self.judge.judge(submitted)

    def say(self, result: Verdict) -> str:
        asked = "" if self.typed else self.question + " "
        if not result.sentence:
            return asked.strip()
        notice = self.progress.notice if result.state == "right" else ""
        return f"{asked}{SIGNS[result.state]} {result.sentence} {notice}".strip()

    def numbers(self, result: Verdict) -> dict[str, Any]:
        return {"key": self.key, "state": result.state}

    def _on_submitted(self, change: Any) -> None:
        if change["new"] is not None:
            self._record(change["new"], self.judge.judge(change["new"]))

    def _record(self, answer: Any, verdict: Verdict) -> None:
        if self.lesson and self.key and verdict.state != "unanswered":
            self.progress.record(self.lesson, self.key, verdict.state == "right", answer)
