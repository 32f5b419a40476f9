"""Tables of two columns: a real one that comes with the package, and the ones a reader pastes."""

import csv
import re

import numpy as np

from dlnotes.words import _

# M. Ezekiel, Methods of Correlation Analysis, Wiley 1930; from the 1920s; known as R's `cars`.
SPEED = (
    "4 4 7 7 8 9 10 10 10 11 11 12 12 12 12 13 13 13 13 14 14 14 14 15 15 15 16 16 17 17 17 "
    "18 18 18 18 19 19 19 20 20 20 20 20 22 23 24 24 24 24 25"
)
DISTANCE = (
    "2 10 4 22 16 10 18 26 34 17 28 14 20 24 28 26 34 34 46 26 36 60 80 20 26 54 32 40 32 40 50 "
    "42 56 76 84 36 46 68 32 48 52 56 64 66 54 70 92 93 120 85"
)
MOST_ROWS = 1000
MOST_CHARACTERS = 40_000
LARGEST = 1e12  # either sign; squares and sums of such numbers are still exact enough to fit


def stopping_distances() -> tuple[np.ndarray, np.ndarray]:
    """Fifty cars of the 1920s: speed (miles per hour) and distance to a stop (feet), (50,) each."""
    return np.array(SPEED.split(), dtype=float), np.array(DISTANCE.split(), dtype=float)


def two_columns(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Read x and y from pasted text or the text of a CSV file, one point a line: two (n,) arrays.

    Columns are parted by a comma, a semicolon, a tab or spaces; between semicolons or tabs a
    decimal comma is understood. A first line of names is passed over, and so are empty lines.
    ValueError names the line that is not two numbers up to 1e12 in size, or says that there are too
    few points or too many; TypeError for what is no text.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        raise TypeError(_("Two columns are read from text, not from {kind}.").format(kind=kind))
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            _("That is {count:,} characters; at most {most:,} are read.").format(
                count=len(text), most=MOST_CHARACTERS
            )
        )
    x: list[float] = []
    y: list[float] = []
    lines = [(i, line.strip()) for i, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    lines = [(i, line) for i, line in lines if line]
    for place, (number, line) in enumerate(lines):
        cells = split(line)
        values = [value for value in map(as_number, cells) if value is not None]
        if place == 0 and len(lines) > 1 and not values:
            continue
        # A control character or half a surrogate pair would break the page that shows the sentence.
        shown = "".join(c if c.isprintable() else " " for c in line[:40])
        if len(cells) != 2 or len(values) != 2:
            sentence = _("Line {number}, “{line}”, is not two numbers.")
            raise ValueError(sentence.format(number=number, line=shown))
        if not all(abs(value) <= LARGEST for value in values):  # false of nan too
            sentence = _("Line {number}, “{line}”: numbers up to {largest:g} in size are read.")
            raise ValueError(sentence.format(number=number, line=shown, largest=LARGEST))
        x.append(values[0])
        y.append(values[1])
        if len(x) > MOST_ROWS:
            raise ValueError(_("At most {most:,} points are read.").format(most=MOST_ROWS))
    if len(set(x)) < 3:
        sentence = _("A quadratic needs at least 3 different x values; here are {count}.")
        raise ValueError(sentence.format(count=len(set(x))))
    return np.array(x), np.array(y)


def split(line: str) -> list[str]:
    for mark in ";\t":
        if mark in line:
            return [cell.replace(",", ".") for cell in unquote(line, mark)]
    return unquote(line, ",") if "," in line else re.split(r"\s+", line)


def unquote(line: str, mark: str) -> list[str]:
    return [
        cell.strip() for cell in next(csv.reader([line], delimiter=mark, skipinitialspace=True))
    ]


def as_number(cell: str) -> float | None:
    """The cell's value where it is a number, be it inf or nan, else None."""
    try:
        return float(cell)
    except ValueError:
        return None
