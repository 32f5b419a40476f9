"""A lesson's questions by name, so that a notebook asks one without holding prose in its code."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlnotes.lessons.judges import Judge
from dlnotes.lessons.questions import NOT_GIVEN, Check, Predict
from dlnotes.words import _

# Each lesson's questions are written in a module of this room; the key is its notebook's name.
LESSONS = {
    "01_images_as_numbers": "images",
    "02_fitting_a_function": "fitting",
    "03_searching_well": "searching",
    "04_computing_fast": "speed",
    "05_depth": "depth",
    "06_dense_layer": "dense",
    "07_convolution": "convolution",
    "08_pooling": "pooling",
    "09_a_whole_network": "network",
    "10_transfer_learning": "transfer",
}


@dataclass(frozen=True)
class Lesson:
    """The questions of one notebook: `predict(key)` and `check(key)` show one of them.

    `checks` maps a key to its question and its judge, `predictions` to a function that makes it;
    both are in the order in which the notebook asks.
    """

    name: str
    title: str
    predictions: Mapping[str, Callable[[], Predict]]
    checks: Mapping[str, tuple[str, Callable[[], Judge]]]

    def predict(self, key: str) -> Predict:
        """The prediction `key`, to be shown before what it is about."""
        return self._find(self.predictions, key)()

    def check(self, key: str, given: Any = NOT_GIVEN) -> Check:
        """The check `key`; `given` is the answer where it is made in code."""
        question, judge = self._find(self.checks, key)
        return Check(question, judge(), given, lesson=self.name, key=key)

    def _find(self, questions: Mapping[str, Any], key: str) -> Any:
        if key not in questions:
            sentence = _("Lesson {name} has no question “{key}”; it has {keys}.")
            raise ValueError(sentence.format(name=self.name, key=key, keys=", ".join(questions)))
        return questions[key]


def lesson(name: str) -> Lesson:
    """The lesson of the notebook `name`, such as "02_fitting_a_function"."""
    if name not in LESSONS:
        sentence = _("There is no lesson “{name}”; there are {names}.")
        raise ValueError(sentence.format(name=name, names=", ".join(LESSONS)))
    module = importlib.import_module(f"dlnotes.lessons.{LESSONS[name]}")
    return Lesson(name, module.TITLE, module.PREDICTIONS, module.CHECKS)
