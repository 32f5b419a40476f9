"""What lesson 07 asks before it shows: each prediction with the picture that it reveals."""

from dlnotes.lessons.questions import Predict
from dlnotes.widgets.brightness_trap import BrightnessTrap
from dlnotes.widgets.filter_dial import FilterDial
from dlnotes.widgets.parameter_counter import ParameterCounter
from dlnotes.widgets.shift_equivariance import ShiftEquivariance
from dlnotes.words import _

SIDE = 28  # pixels: of the images that are counted
FILTERS, UNITS = 32, 100


def arc() -> Predict:
    same, other, rim = (
        _("the upper right of the rim"),
        _("the lower left of the rim"),
        _("the whole rim alike"),
    )
    return Predict(
        _(
            "A filter's numbers rise towards the upper right. It slides over a dark disc on white "
            "paper. Where is its output largest?"
        ),
        [rim, same, other],
        same,
        mistakes={other: _("There the paper is brighter towards the lower left.")},
        because=_(
            "At the upper right of the rim the picture, too, gets brighter towards the upper "
            "right: positive weights meet bright pixels, negative ones dark pixels. At the lower "
            "left it is the other way round, and the output is just as far below zero."
        ),
        picture=FilterDial(show=()).svg,
    )


def bright() -> Predict:
    line, flat, both = (
        _("the line, which it matches"),
        _("the white patch"),
        _("both score the same"),
    )
    return Predict(
        _(
            "A filter has ones along its diagonal and zeros elsewhere. Which scores higher: a "
            "diagonal line of half brightness, or a patch that is plain white?"
        ),
        [line, flat, both],
        flat,
        because=_(
            "The products can only grow with brightness, and nothing in this filter objects to "
            "light beside the line."
        ),
        picture=BrightnessTrap(show=()).svg,
    )


def cheaper() -> Predict:
    fewer, more, same = _("fewer"), _("more"), _("about as many")
    return Predict(
        _(
            "{filters} filters of 3×3 slide over {side}×{side} pixels: far fewer parameters than a "
            "dense layer with {units} units has. And multiplications?"
        ).format(filters=FILTERS, side=SIDE, units=UNITS),
        [fewer, more, same],
        more,
        mistakes={fewer: _("Few parameters, but each is used again at every place.")},
        because=_("Every weight is used once at each of the {places} places.").format(
            places=SIDE * SIDE
        ),
        picture=ParameterCounter(pixels=SIDE, units=UNITS, filters=FILTERS, show=()).svg,
    )


def border() -> Predict:
    everywhere, inside, nowhere = (
        _("yes, everywhere"),
        _("yes, but not near the border"),
        _("no, hardly anywhere"),
    )
    return Predict(
        _(
            "The image is shifted by three pixels, then the filter slides over it. Or the filter "
            "slides first, and the output is shifted. Are the two the same?"
        ),
        [everywhere, inside, nowhere],
        inside,
        mistakes={
            everywhere: _("Near the border one window sees pixels that the other does not."),
            nowhere: _("The same filter meets the same pixels, only elsewhere."),
        },
        because=_("Inside, every window holds the same numbers as before, three pixels further."),
        picture=ShiftEquivariance(show=()).svg,
    )


def halved() -> Predict:
    exact, half, changed = (
        _("it shifts by one cell"),
        _("it shifts by exactly half a cell"),
        _("it becomes another output, which no shift makes equal to the first"),
    )
    return Predict(
        _("With stride 2, the image is shifted by one pixel. What happens to the output?"),
        [exact, half, changed],
        changed,
        mistakes={half: _("There are no half cells: the windows now begin on other pixels.")},
        because=_("The windows begin on every second pixel, and these are now other pixels."),
        picture=ShiftEquivariance(stride=2, right=1, show=()).svg,
    )


PREDICTIONS = {
    "arc": arc, "bright": bright, "cheaper": cheaper, "border": border, "halved": halved,
}  # fmt: skip
