"""Judges of what a reader's own code gives: an array, or a function that is called with cases.

The reader's code may do anything; a judge answers with a verdict whatever it does.
"""

import copy
import inspect
import traceback
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np

from dlnotes.lessons.judges import Judge, Mistakes, Settled, computed, not_negative
from dlnotes.lessons.patience import TooLong, within
from dlnotes.lessons.values import difference, is_nothing, kind_of, numbers, shortly, snapshot
from dlnotes.words import _


class Array(Judge):
    """An array of one shape whose every entry is within `tolerance` + `relative`·|answer|."""

    kind = "array"

    def __init__(
        self, answer: Any, *, tolerance: float = 1e-6, relative: float = 1e-6,
        mistakes: Mistakes = (), because: str = "",
    ) -> None:  # fmt: skip
        self.tolerance, self.relative = not_negative(tolerance), not_negative(relative)
        super().__init__(answer, mistakes, because)

    def read(self, given: Any) -> np.ndarray:
        array = None if is_nothing(given) else numbers(given)
        if array is None:
            sentence = _("An array of numbers is wanted here, not {given}.")
            raise Settled(sentence.format(given=shortly(given)))
        return array

    def same(self, came: np.ndarray, wanted: np.ndarray) -> bool:
        return not difference(came, wanted, self.tolerance, self.relative)

    def explain(self, came: np.ndarray) -> str:
        return difference(came, self._key, self.tolerance, self.relative)


class Function(Judge):
    """A function that does what `reference` does on all `cases`, each a tuple of arguments.

    The result is a number, an array, or a tuple of these. Arguments are copied for every call. A
    known mistake is a function that makes it; `hints` pair some words of an error with a sentence.
    A function that has not returned after `patience` seconds is stopped. `untouched` is a sentence
    for one that changes an array that it was called with: given it, that is wrong.
    """

    kind = "function"

    def __init__(
        self, reference: Callable[..., Any], cases: Any, *, tolerance: float = 1e-6,
        relative: float = 1e-6, mistakes: Mistakes = (), because: str = "",
        hints: Mapping[str, str] | None = None, patience: float = 10.0, untouched: str = "",
    ) -> None:  # fmt: skip
        self.untouched = untouched
        self.tolerance, self.relative = not_negative(tolerance), not_negative(relative)
        self._cases, self.hints, self.patience = cases, hints or {}, patience
        self._names = list(inspect.signature(reference).parameters)
        # Functions are the answers here, not what computes them.
        super().__init__(lambda: reference, [(always(f), why) for f, why in mistakes], because)

    @cached_property
    def cases(self) -> tuple[tuple[Any, ...], ...]:
        cases = tuple(computed(self._cases))
        if not cases or not all(isinstance(case, tuple) for case in cases):
            raise ValueError("function: the cases are one tuple of arguments or more.")
        return cases

    def read(self, given: Any) -> list[Any]:
        if not callable(given):
            sentence = _("Hand over the function itself, as in f and not f(3); this is {given}.")
            raise Settled(sentence.format(given=shortly(given)))
        results = []
        for case in self.cases:
            arguments = copy.deepcopy(case)
            try:
                result = within(self.patience, partial(given, *arguments))
            except NotImplementedError:
                raise Settled(_("It is not written yet.")) from None
            except TooLong:
                sentence = _(
                    "Called with {case}, it had not returned after {seconds:g} seconds: is there a "
                    "loop that never ends?"
                ).format(case=self._told(case), seconds=self.patience)
                raise Settled(sentence, "wrong") from None
            except (Exception, SystemExit) as error:  # whatever the reader's code does is an answer
                # Safe even where the exception's own text cannot be made.
                words = traceback.format_exception_only(error)[-1].strip()[:200].rstrip(".")
                sentence = _("Called with {case}, it stopped with {error}.")
                sentence = sentence.format(case=self._told(case), error=words)
                hint = next((self.hints[part] for part in self.hints if part in words), "")
                raise Settled(f"{sentence} {hint}".strip(), "wrong") from None
            results.append(snapshot(result))
            if self.untouched and not all(map(np.array_equal, arguments, case)):
                raise Settled(self.untouched, "wrong")
        if all(is_nothing(result) for result in results):
            raise Settled(_("It returns nothing yet: end it with “return …”."))
        return results

    def same(self, came: list[Any], wanted: list[Any]) -> bool:
        return not any(map(self._difference, came, wanted))

    def explain(self, came: list[Any]) -> str:
        found = [*map(self._difference, came, self._key)]
        i = next(i for i, words in enumerate(found) if words)
        sentence = _("Called with {case}: {difference}")
        return sentence.format(case=self._told(self.cases[i]), difference=found[i])

    def _told(self, case: tuple[Any, ...]) -> str:
        """The arguments in words; where there are several, with their names."""
        if len(case) == 1 or len(case) != len(self._names):
            return ", ".join(map(shortly, case))
        named = zip(self._names, case, strict=True)
        return ", ".join(
            _("{name} of shape {shape}").format(name=name, shape=value.shape)
            if isinstance(value, np.ndarray) and value.size > 1
            else f"{name} = {shortly(value)}"
            for name, value in named
        )

    def _difference(self, came: Any, wanted: Any) -> str:
        parts = came if isinstance(came, tuple) else (came,)
        keys = wanted if isinstance(wanted, tuple) else (wanted,)
        if len(parts) != len(keys):
            sentence = _("The number of results is {came}; {wanted} is wanted.")
            return sentence.format(came=len(parts), wanted=len(keys))
        for part, key in zip(parts, keys, strict=True):
            array, key_array = numbers(part), numbers(key)
            if array is None or key_array is None:
                sentence = _("Numbers are wanted, not {came} ({kind}).")
                return sentence.format(came=shortly(part), kind=kind_of(part))
            if words := difference(array, key_array, self.tolerance, self.relative):
                if np.asarray(part).dtype.kind in "iub" and np.asarray(key).dtype.kind == "f":
                    whole = _("It holds whole numbers ({kind}): was something cut off?")
                    words = " ".join([words, whole.format(kind=kind_of(part))])
                return words
        return ""


def always(value: Any) -> Callable[[], Any]:
    return lambda: value
