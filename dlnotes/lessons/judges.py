"""Whether an answer is right, whether a wrong one is a known mistake, and what to say of it.

Pure logic: nothing here shows or stores anything. An answer is best given as a function without
arguments that computes it, so that no lesson types in a number; it is called when first needed. A
known mistake is recognised by the answer that it leads to.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import Any, ClassVar, Literal

import numpy as np

from dlnotes.formula import Formula, FormulaError, plain
from dlnotes.lessons.values import is_nothing, is_times, shortly, told_apart
from dlnotes.words import _

State = Literal["right", "wrong", "unanswered"]
Mistakes = Iterable[tuple[Any, str]]
ROUNDING = 1e-12  # what summing in another order may change, relative to the answer
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([ ,_'’])[0-9]{3}(\1[0-9]{3})*(\.[0-9]*)?")


@dataclass(frozen=True)
class Verdict:
    """What a judge says: its state and one or two sentences for the reader."""

    state: State
    sentence: str


class Settled(Exception):
    """What was given cannot be compared with the answer, and what there is to say of that."""

    def __init__(self, sentence: str, state: State = "unanswered") -> None:
        super().__init__(sentence)
        self.verdict = Verdict(state, sentence)


class Judge(ABC):
    """What every judge has: `because` is said after “Right.”, `mistakes` pair answer and sentence.

    A judge proves itself before it judges: it raises ValueError if its own answer is not right, or
    if a known mistake does not get its sentence; when it is made, where all is given as values.
    """

    kind: ClassVar[str] = ""
    options: tuple[str, ...] = ()  # what there is to choose from, if it is a choice

    def __init__(self, answer: Any, mistakes: Mistakes, because: str) -> None:
        self.because = because
        self._given = (answer, tuple(mistakes))
        self._proved = False
        if not any(is_lazy(value) for value in (answer, *(pair[0] for pair in self._given[1]))):
            self.prove()

    @cached_property
    def solution(self) -> Any:
        """A right answer, in the form a reader gives."""
        return computed(self._given[0])

    @cached_property
    def mistakes(self) -> tuple[tuple[Any, str], ...]:
        """Known wrong answers, in the form a reader gives, each with its sentence."""
        return tuple((computed(wrong), sentence) for wrong, sentence in self._given[1])

    def judge(self, given: Any) -> Verdict:
        """The verdict on what a reader gave, whatever that is."""
        if not self._proved:
            self.prove()
        return self._judge(given)

    def prove(self) -> None:
        verdict = self._judge(self.solution)
        if verdict.state != "right":
            raise ValueError(f"{self.kind}: the answer itself is judged “{verdict.sentence}”")
        for wrong, sentence in self.mistakes:
            verdict = self._judge(wrong)
            if verdict != Verdict("wrong", sentence):
                mistake = shortly(wrong)
                raise ValueError(
                    f"{self.kind}: the mistake {mistake} is judged “{verdict.sentence}”"
                )
        self._proved = True

    def _judge(self, given: Any) -> Verdict:
        try:
            came = self.read(given)
            if self.same(came, self._key):
                return Verdict("right", " ".join(filter(None, [_("Right."), self.because])))
            for wrong, sentence in self._wrong:
                if self.same(came, wrong):
                    return Verdict("wrong", sentence)
        except Settled as settled:
            return settled.verdict
        sentence = self.explain(came)
        return Verdict("wrong", sentence[0].upper() + sentence[1:])

    @cached_property
    def _key(self) -> Any:
        return self.read(self.solution)

    @cached_property
    def _wrong(self) -> list[tuple[Any, str]]:
        return [(self.read(wrong), sentence) for wrong, sentence in self.mistakes]

    @abstractmethod
    def read(self, given: Any) -> Any:
        """What was given, in the form that is compared; raises Settled."""

    def same(self, came: Any, wanted: Any) -> bool:
        """Whether two answers that were read count as the same."""
        return bool(came == wanted)

    def explain(self, came: Any) -> str:
        """What to say of a wrong answer that is no known mistake."""
        return _("Not that one.")


class Number(Judge):
    """A number within `tolerance`, or within the share `relative` of it; by default exact.

    Exact is up to rounding, 12 digits. A reader gives a number or types one: 30000, 30,000, 30 000,
    1.5e3, or arithmetic such as 2**10 or 3/4, with or without the `unit` behind it. A comma parts
    thousands only: 1,5 is asked about, not read.
    """

    kind = "number"

    def __init__(
        self, answer: Any, *, tolerance: float = 0.0, relative: float = 0.0, unit: str = "",
        mistakes: Mistakes = (), because: str = "",
    ) -> None:  # fmt: skip
        self.tolerance, self.relative = not_negative(tolerance), not_negative(relative)
        self.unit = unit
        super().__init__(answer, mistakes, because)

    def read(self, given: Any) -> int | float:
        if isinstance(given, str):
            text = plain(given).strip().removesuffix(self.unit).strip()
            if THOUSANDS.fullmatch(text):
                text = re.sub("[ ,_'’]", "", text)
            if "," in text:
                raise Settled(_("Write a decimal number with a point: 1.5, not 1,5."))
            try:
                return Formula(text, ())()
            except FormulaError as error:
                if "^" in text:  # arithmetic, nearly
                    raise Settled(str(error)) from None
                raise Settled(_("Write a number, such as 1250 or 0.5.")) from None
        if isinstance(given, np.ndarray) and given.shape == ():
            given = given[()]
        if is_nothing(given) or isinstance(given, bool) or not isinstance(given, Real):
            raise Settled(_("A number is wanted here, not {given}.").format(given=shortly(given)))
        if isinstance(given, Integral):
            return int(given)
        try:
            # 0.1 in float32 is meant as 0.1, not as 0.10000000149.
            return float(str(given)) if isinstance(given, np.floating) else float(given)
        except OverflowError:  # a fraction of very large whole numbers
            return math.inf

    def same(self, came: int | float, wanted: int | float) -> bool:
        try:
            rounding = ROUNDING * (abs(wanted) or 1)
            limit = max(self.tolerance, self.relative * abs(wanted), rounding)
            return math.isfinite(came) and abs(came - wanted) <= limit
        except OverflowError:  # whole numbers beyond any float, such as 256**30000
            return came == wanted

    def explain(self, came: int | float) -> str:
        wanted = self._key
        if isinstance(came, float) and not math.isfinite(came):
            sentence = _("It came out as {came}: look for a division by zero or an overflow.")
        elif is_times(-1, came, wanted):
            sentence = _("The size is right, the sign is not.")
        elif any(is_times(share, came, wanted) for share in (0.1, 0.01, 0.001)):
            sentence = _(
                "The digits are right, but {came} is too small: look at the decimal point."
            )
        elif any(is_times(factor, came, wanted) for factor in (10, 100, 1000)):
            sentence = _(
                "The digits are right, but {came} is too large: look at the decimal point."
            )
        elif came < wanted:
            sentence = _("{came} is too small.")
        else:
            sentence = _("{came} is too large.")
        return sentence.format(came=told_apart(came, wanted)[0])


class Choice(Judge):
    """One of `options`; `mistakes` maps wrong options to what to say of them."""

    kind = "choice"

    def __init__(
        self, options: Sequence[str], answer: Any, *, mistakes: Mapping[str, str] | None = None,
        because: str = "",
    ) -> None:  # fmt: skip
        self.options = tuple(options)
        if len(set(self.options)) < len(self.options):
            raise ValueError(f"Each option stands once, unlike in {self.options}.")
        super().__init__(answer, (mistakes or {}).items(), because)

    def read(self, given: Any) -> str:
        if not isinstance(given, str) or given not in self.options:
            sentence = _("Choose one of these: {options}.")
            raise Settled(sentence.format(options=", ".join(self.options)))
        return given


class Expression(Judge):
    """A formula that is the same function: equal to 9 digits at 64 random points, always the same.

    Each of `variables` runs through `domain`. Where the answer has no value, a right one has none.
    """

    kind = "expression"

    def __init__(
        self, answer_formula: Any, *, variables: Sequence[str] = ("x",), mistakes: Mistakes = (),
        domain: tuple[float, float] = (-2.0, 2.0), because: str = "",
    ) -> None:  # fmt: skip
        low, high = domain
        if not low < high:
            raise ValueError(f"A domain runs from low to high, not from {low} to {high}.")
        self.variables, self.domain = tuple(variables), (low, high)
        size = (len(self.variables), 64)
        self._points = np.random.default_rng(0).uniform(low, high, size)
        super().__init__(answer_formula, mistakes, because)

    def prove(self) -> None:
        super().prove()
        if np.isfinite(self._key(*self._points)).sum() < 16:
            raise ValueError(f"{self.solution} has hardly a value between {self.domain}.")

    def read(self, given: Any) -> Formula:
        if not isinstance(given, str | Formula):
            raise Settled(_("Write a formula, such as x**2 + 1."))
        try:
            return Formula(given.text if isinstance(given, Formula) else given, self.variables)
        except FormulaError as error:
            raise Settled(str(error)) from None

    def same(self, came: Formula, wanted: Formula) -> bool:
        return bool(self._agree(came(*self._points), wanted(*self._points)).all())

    @np.errstate(all="ignore")
    def _agree(self, came: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0) or 1.0
        return np.isclose(came, wanted, rtol=1e-9, atol=1e-9 * scale, equal_nan=True)

    def explain(self, came: Formula) -> str:
        # A point that is short to read, if the difference shows there.
        points = np.concatenate([np.round(self._points, 1), self._points], axis=1)
        ours, theirs = self._key(*points), came(*points)
        i = int(np.argmin(self._agree(theirs, ours) | ~np.isfinite(ours)))
        pairs = zip(self.variables, points[:, i], strict=True)
        place = ", ".join(f"{name} = {x:.4g}" for name, x in pairs)
        sentence = _("At {place} yours gives {came}; {wanted} is wanted.")
        came_words, wanted_words = told_apart(theirs[i], ours[i])
        return sentence.format(place=place, came=came_words, wanted=wanted_words)


def is_lazy(value: Any) -> bool:
    return callable(value) and not isinstance(value, Formula)


def computed(value: Any) -> Any:
    return value() if is_lazy(value) else value


def not_negative(tolerance: float) -> float:
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"A tolerance is a number from 0 up, not {tolerance!r}.")
    return tolerance
