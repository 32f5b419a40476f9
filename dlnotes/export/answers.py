"""What a page needs to judge a typed number by itself (see `answers.js`)."""

from typing import Any

from dlnotes.export.progress import counts_content
from dlnotes.lessons.judges import ROUNDING, Number
from dlnotes.lessons.questions import SIGNS, Check
from dlnotes.widgets.sentences import WORDS
from dlnotes.words import _


def is_judged_in_page(explorer: Any) -> bool:
    """Whether it asks for a number that is typed: its answers cannot be recorded one by one."""
    return isinstance(explorer, Check) and explorer.typed and isinstance(explorer.judge, Number)


def judge_content(check: Check) -> dict[str, Any]:
    """A check that asks for a number, as JSON. The answer is in it; the page packs it."""
    judge = check.judge
    assert isinstance(judge, Number)
    controls = {}
    for name in ("answer", "check"):
        described = check.controls[name].describe()
        controls[name] = {k: v for k, v in described.items() if k not in ("value", "hidden")}
    return {
        "title": check.title,
        "kind": type(check).__name__.lower(),
        "words": WORDS,
        "signs": SIGNS,
        "counts": counts_content(check),
        "controls": controls,
        "answer": check.values["answer"],
        "judge": {
            "solution": float(judge.solution),
            "tolerance": judge.tolerance,
            "relative": judge.relative,
            "rounding": ROUNDING,
            "unit": judge.unit,
            "mistakes": [[float(wrong), sentence] for wrong, sentence in judge.mistakes],
            "sentences": sentences(judge),
        },
    }


def sentences(judge: Number) -> dict[str, str]:
    """The judge's own, in the reader's language."""
    return {
        "right": " ".join(filter(None, [_("Right."), judge.because])),
        "comma": _("Write a decimal number with a point: 1.5, not 1,5."),
        "number": _("Write a number, such as 1250 or 0.5."),
        "power": _("Position {position}, “{found}”: {advice}").format(
            position="{position}", found="^", advice=_("write ** for a power, as in x**2.")
        ),
        "infinite": _("It came out as {came}: look for a division by zero or an overflow."),
        "sign": _("The size is right, the sign is not."),
        "point_small": _(
            "The digits are right, but {came} is too small: look at the decimal point."
        ),
        "point_large": _(
            "The digits are right, but {came} is too large: look at the decimal point."
        ),
        "small": _("{came} is too small."),
        "large": _("{came} is too large."),
    }
