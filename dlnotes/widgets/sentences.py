"""What every explorer says besides its own sentence: the page's words, failures, and numbers."""

import traceback
from typing import Any

import traitlets

from dlnotes.words import _

WORDS = {
    "waiting": _(
        "Waiting for the kernel: it is busy, or it was restarted (then run the cell again)."
    ),
    "details": _("Details for the curious"),
    "play": _("Play"),
    "pause": _("Pause"),
    "file": _("Read from a file"),
    "too_long": _("That is too long: at most {limit} characters are taken."),
    "too_big": _("That file is too big: at most {limit} bytes are taken."),
    "unreadable": _("That file cannot be read as text."),
}


def explained(error: Exception) -> dict[str, str]:
    """An exception as a sentence and its details: a ValueError's own sentence needs none."""
    if isinstance(error, (ValueError, traitlets.TraitError)):
        return {"sentence": str(error), "details": ""}
    return {
        "sentence": _("Something went wrong inside this widget: {error}.").format(error=error),
        "details": "".join(traceback.format_exception(error)),
    }


def a_digit(digit: int) -> str:
    """The digit with its article: "a 7", "an 8"."""
    return (_("an {digit}") if digit == 8 else _("a {digit}")).format(digit=digit)


def rounded(value: Any) -> str:
    """A value in words for `repr`: numbers to four digits, because threads change the sixth."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(rounded(item) for item in value) + "]"
    return str(value)
