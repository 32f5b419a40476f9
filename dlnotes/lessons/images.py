"""The questions of lesson 01, images are numbers. The library computes each answer when asked."""

import math
from collections.abc import Callable

from dlnotes import data
from dlnotes.lessons.images_pictures import SIDE, draw_nothing, draw_rows
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.widgets.large_numbers import digit_count
from dlnotes.widgets.lookup_scale import atoms
from dlnotes.widgets.pixel_inspector import PixelInspector
from dlnotes.words import _

TITLE = _("Images are numbers")
CHANNELS, LEVELS = 3, 256
WIDE, HIGH = 64, 48  # pixels, of the picture whose numbers are counted
COARSE = 4  # levels, of the pixel whose colours are counted
SMALL = 3  # pixels a side, of the black-and-white pictures that are counted
ROW, COLUMN = 100, 400  # of the pixel that is read
NUMBERS = SIDE * SIDE * CHANNELS


def count() -> Predict:
    pixels, right, levels = f"{SIDE * SIDE:,}", f"{NUMBERS:,}", f"{SIDE * SIDE * LEVELS:,}"
    return Predict(
        _(
            "A photograph in colour has {side} rows of {side} pixels. How many numbers does a "
            "computer keep for it?"
        ).format(side=SIDE),
        [f"{SIDE:,}", pixels, right, levels],
        right,
        mistakes={
            f"{SIDE:,}": _("That is one row."),
            pixels: _("That is the number of pixels, and a pixel is not one number."),
            levels: _(
                "{levels} is how many values a number can take, not how many there are."
            ).format(levels=LEVELS),
        },
        because=_(
            "Each pixel is three numbers: how much red, how much green, how much blue. {side} × "
            "{side} × {channels} = {numbers}."
        ).format(side=SIDE, channels=CHANNELS, numbers=right),
        picture=PixelInspector(resolution=SIDE, show=()).svg,
    )


def rows() -> Predict:
    digits = digit_count(LEVELS, NUMBERS)
    short, universe, right = (
        _("about {count:,}").format(count=number)
        for number in (10, len(str(atoms())), round(digits, -3))
    )
    return Predict(
        _(
            "Suppose a table has a row for every picture of {side} × {side} pixels in colour that "
            "there can be. The number of its rows is a number of how many digits?"
        ).format(side=SIDE),
        [short, universe, right],
        right,
        mistakes={
            short: _("That many rows would fit into a good memory."),
            universe: _("That is how many digits the number of atoms in the universe has."),
        },
        because=_(
            "Each of the {numbers} numbers can take {levels} values, whatever the others are, so "
            "{levels} is multiplied by itself {numbers} times: {digits} digits."
        ).format(numbers=f"{NUMBERS:,}", levels=LEVELS, digits=f"{digits:,}"),
        picture=draw_rows,
    )


def nothing() -> Predict:
    same, like, none = (
        _("the answer of the picture that it knows"),
        _("the answer that is most frequent"),
        _("nothing"),
    )
    return Predict(
        _(
            "A table remembers some pictures and their answers. You ask it for a picture that it "
            "knows, but with one pixel turned, and that picture was never put in. What does it "
            "answer?"
        ),
        [same, like, none],
        none,
        mistakes={
            same: _("It would have to know that the two are alike. A table does not compare."),
            like: _("A table does not count, either: it looks up one row."),
        },
        because=_("The row of that picture is empty. No row says anything about another."),
        picture=draw_nothing,
    )


def values() -> Judge:
    pixels = WIDE * HIGH
    return Number(
        pixels * CHANNELS,
        because=_("Rows times columns are the pixels, and each has three numbers."),
        mistakes=[
            (pixels, _("That is the number of pixels; each has three numbers.")),
            (pixels * LEVELS, _("256 is how many values a number can take.")),
            (pixels * CHANNELS * LEVELS, _("256 is how many values a number can take.")),
            ((WIDE + HIGH) * CHANNELS, _("Rows and columns are multiplied, not added.")),
        ],
    )


def colours() -> Judge:
    return Number(
        COARSE**CHANNELS,
        because=_("Each level of red goes with each of green and each of blue: 4 · 4 · 4."),
        mistakes=[
            (COARSE * CHANNELS, _("The levels combine freely: multiply, do not add.")),
            (CHANNELS**COARSE, _("The other way round: three numbers, each with 4 levels.")),
            (COARSE, _("That is the number of greys, or of reds alone.")),
            (LEVELS**CHANNELS, _("That is the number with 256 levels.")),
        ],
    )


def pixel() -> Judge:
    def value(row: int, column: int, channel: int) -> Callable[[], int]:
        return lambda: int(data.photo()[row, column, channel])

    return Number(
        value(ROW, COLUMN, 0),
        because=_("Row first, then column, then channel: photo[{row}, {column}, 0].").format(
            row=ROW, column=COLUMN
        ),
        mistakes=[
            (value(COLUMN, ROW, 0), _("Row and column are swapped.")),
            (value(ROW, COLUMN, 1), _("That is its green.")),
            (value(ROW, COLUMN, 2), _("That is its blue.")),
            (value(ROW - 1, COLUMN - 1, 0), _("Rows and columns count from 0, not from 1.")),
        ],
    )


def pictures() -> Judge:
    cells = SMALL * SMALL
    return Number(
        2**cells,
        because=_("Nine pixels, each black or white: two, multiplied by itself nine times."),
        mistakes=[
            (2 * cells, _("The pixels combine freely: multiply, do not add.")),
            (cells**2, _("The other way round: nine pixels, each with 2 levels.")),
            (2**SMALL, _("That is the number for one row of three pixels.")),
            (2 ** (cells * CHANNELS), _("Black and white is one channel, not three.")),
        ],
    )


def digits() -> Judge:
    exact = NUMBERS * math.log10(LEVELS)
    return Number(
        lambda: digit_count(LEVELS, NUMBERS),
        because=_("10 has two digits and the logarithm 1: always one digit more."),
        mistakes=[
            (math.floor(exact), _("One is missing: 10 has the logarithm 1, but two digits.")),
            (exact, _("A number of digits is whole: round down, and add 1.")),
            (math.ceil(NUMBERS * math.log(LEVELS)), _("That is the natural logarithm.")),
            (
                NUMBERS * len(str(LEVELS)),
                _("256 has three digits, but the product of two of them has only five."),
            ),
        ],
    )


def one_more() -> Judge:
    more, double, square = _("grows by one"), _("doubles"), _("is squared")
    return Choice(
        [more, double, square],
        double,
        because=_(
            "Every picture there was comes twice: with the new pixel black, and with it white."
        ),
        mistakes={
            more: _("The new pixel is combined with every picture there was."),
            square: _("That would happen if as many pixels as there were came in addition."),
        },
    )


def sentence() -> Judge:
    right = _("a table says nothing about a picture that it has not seen; a function can")
    storage = _("there is not enough memory on Earth for a table, and that is all")
    exact = _("numbers cannot say exactly what a picture shows")
    return Choice(
        [storage, right, exact],
        right,
        because=_(
            "To say something right about what was not seen is called generalisation. It is what "
            "the function is for."
        ),
        mistakes={
            storage: _("A table of 4 × 4 pixels fits easily, and knows nothing of a new picture."),
            exact: _("They do: the picture is drawn from them."),
        },
    )


PREDICTIONS = {"count": count, "rows": rows, "nothing": nothing}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "values": (
        _("A picture in colour, {wide} pixels wide and {high} high: how many numbers?").format(
            wide=WIDE, high=HIGH
        ),
        values,
    ),
    "colours": (
        _(
            "Red, green and blue have {levels} levels each. How many colours can a pixel have?"
        ).format(levels=COARSE),
        colours,
    ),
    "pixel": (
        _("The red of the pixel in row {row}, column {column} of the portrait.").format(
            row=ROW, column=COLUMN
        ),
        pixel,
    ),
    "pictures": (
        _("How many black-and-white pictures of {side} × {side} pixels are there?").format(
            side=SMALL
        ),
        pictures,
    ),
    "one_more": (
        _(
            "Pictures in black and white get one pixel more. The number of rows of the table that "
            "has all of them …"
        ),
        one_more,
    ),
    "digits": (_("How many digits the number of rows has."), digits),
    "sentence": (_("Complete the sentence: we look for a function because …"), sentence),
}
