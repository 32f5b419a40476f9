"""What lesson 07 asks: predictions, and checks whose answers the library itself gives."""

from collections.abc import Callable

import numpy as np

from dlnotes.layers import Conv2d, Dense
from dlnotes.lessons import conv2d_exercise
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.pictures.matrix import short
from dlnotes.widgets.brightness_trap import BrightnessTrap
from dlnotes.widgets.conv_arithmetic import Setting
from dlnotes.widgets.filter_dial import FilterDial
from dlnotes.widgets.filters import preset
from dlnotes.widgets.parameter_counter import ParameterCounter
from dlnotes.widgets.shift_equivariance import ShiftEquivariance
from dlnotes.words import _

TITLE = _("Convolution")
WINDOW = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]])  # of the first check, with its bias
BIAS = 0.5
SIZED = Setting(size=5, stride=2, padding=2)
SIDE = 28  # pixels: of the images that are counted
CHANNELS, FILTERS, UNITS = 3, 32, 100


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
            "right: large meets large, small meets small. At the lower left it is the other way "
            "round, and the output is just as far below zero."
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


def product() -> Judge:
    weights = preset("ramp_upper_right", 3)

    def score(filter: np.ndarray, bias: float) -> Callable[[], float]:
        return lambda: float(
            conv2d_exercise.conv2d(
                WINDOW[None].astype(float), np.array(filter)[None, None], np.array([bias]), 1
            ).item()
        )

    return Number(
        score(weights, BIAS),
        because=_("Only two pixels are lit, so only two products are not zero."),
        mistakes=[
            (score(weights, 0.0), _("That is the sum of the products; the bias is missing.")),
            (score(weights[::-1, ::-1], BIAS), _("Your filter is upside down and mirrored.")),
        ],
    )


def balanced() -> Judge:
    edge, blur, sharpen, identity = (
        _("edge: −1 0 1 in every row"),
        _("blur: nine times 1/9"),
        _("sharpen: 5 in the middle, −1 beside, above and below it, 0 in the corners"),
        _("leave as it is: 1 in the middle, 0 elsewhere"),
    )
    return Choice(
        [blur, edge, sharpen, identity],
        edge,
        because=_("Its numbers add up to zero, so equal pixels cancel, however bright they are."),
        mistakes={
            blur: _("Nine ninths of the brightness are the brightness."),
            sharpen: _("Its numbers add up to 5 − 4 = 1: the patch stays as bright as it is."),
            identity: _("It hands the brightness on as it is."),
        },
    )


def output_size() -> Judge:
    def along(setting: Setting) -> Callable[[], int]:
        return lambda: setting.output(SIDE)

    return Number(
        along(SIZED),
        because=_(
            "The filter has {room} pixels left to move, in steps of {stride}, rounded down; and "
            "there is the place where it starts."
        ).format(room=SIDE + 2 * SIZED.padding - SIZED.span, stride=SIZED.stride),
        mistakes=[
            (along(Setting(5, 1, 2)), _("The stride is forgotten.")),
            (along(Setting(5, 2, 0)), _("The padding is forgotten.")),
            (lambda: SIZED.output(SIDE) - 1, _("The first place counts too: + 1.")),
        ],
    )


def shared() -> Judge:
    rng = np.random.default_rng(0)

    def parameters(**options: bool) -> Callable[[], int]:
        layer = Conv2d(CHANNELS, FILTERS, 3, rng=rng, **options)
        return lambda: sum(parameter.value.size for parameter in layer.parameters())

    one_channel = Conv2d(1, FILTERS, 3, rng=rng)
    return Number(
        parameters(),
        because=_("However large the image is: the size of the image does not enter."),
        mistakes=[
            (parameters(bias=False), _("Each filter has a bias, too.")),
            (
                lambda: sum(parameter.value.size for parameter in one_channel.parameters()),
                _("A filter has nine weights for each of the three channels."),
            ),
            (lambda: 9 * FILTERS, _("Three channels, and a bias for each filter.")),
        ],
    )


def multiplied() -> Judge:
    rng = np.random.default_rng(0)
    layer = Conv2d(1, FILTERS, 3, padding="same", rng=rng)
    inside = Conv2d(1, FILTERS, 3, rng=rng)
    shape = (1, 1, SIDE, SIDE)
    return Number(
        lambda: layer.multiply_adds(shape),
        because=_(
            "A dense layer of {units} units would need {dense} of them, and {times} times as many "
            "parameters."
        ).format(
            units=UNITS,
            dense=f"{Dense(SIDE**2, UNITS, rng=rng).multiply_adds((1, SIDE**2)):,}",
            times=round(
                sum(p.value.size for p in Dense(SIDE**2, UNITS, rng=rng).parameters())
                / sum(p.value.size for p in layer.parameters())
            ),
        ),
        mistakes=[
            (lambda: 9 * SIDE**2, _("That is one filter.")),
            (lambda: FILTERS * SIDE**2, _("Each output cell takes nine multiplications.")),
            (
                lambda: inside.multiply_adds(shape),
                _("Without padding there are fewer places; here there are as many as pixels."),
            ),
            (lambda: 9 * FILTERS, _("Those are the weights: each is used at every place.")),
        ],
    )


def moved() -> Judge:
    exact, stride, always = (
        _("with stride 1, away from the border"),
        _("with any stride, away from the border"),
        _("always"),
    )
    return Choice(
        [always, stride, exact],
        exact,
        because=_("With a larger stride only shifts by whole steps come through unharmed."),
        mistakes={
            stride: _("With stride 2, try a shift of one pixel."),
            always: _("At the border, zeros (or nothing) come in where pixels were."),
        },
    )


def sentence() -> Judge:
    right = _("a few shared weights that look for one local pattern at every place")
    dense = _("a weight for every pixel, so that nothing is missed")
    blur = _("an average over neighbouring pixels, so that the image gets smaller")
    return Choice(
        [dense, right, blur],
        right,
        because=_("Local, shared, and the same everywhere: that is why it is cheap to learn."),
        mistakes={
            dense: _("That is the dense layer."),
            blur: _("That is one filter of many; making images smaller is pooling's job."),
        },
    )


def in_rows(numbers: np.ndarray) -> str:
    """A matrix in one line of text: 0 0 1 / 0 0 1 / 0 0 0."""
    return " / ".join(" ".join(map(short, row)) for row in numbers.tolist())


PREDICTIONS = {
    "arc": arc, "bright": bright, "cheaper": cheaper, "border": border, "halved": halved,
}  # fmt: skip
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "product": (
        _(
            "Window, row by row: {window}. Filter: {filter}. Bias: {bias}. What is the output?"
        ).format(window=in_rows(WINDOW), filter=in_rows(preset("ramp_upper_right", 3)), bias=BIAS),
        product,
    ),
    "balanced": (
        _("Which of these filters gives 0 on every flat patch, however bright it is?"),
        balanced,
    ),
    "output_size": (
        _(
            "{n} pixels a side, a {k}×{k} filter, padding {padding}, stride {stride}: how many "
            "output cells a side?"
        ).format(n=SIDE, k=SIZED.size, padding=SIZED.padding, stride=SIZED.stride),
        output_size,
    ),
    "conv2d": (_("The convolution, written by you."), conv2d_exercise.judge),
    "shared": (
        _(
            "{filters} filters of 3×3 over an image of {channels} channels: how many parameters?"
        ).format(filters=FILTERS, channels=CHANNELS),
        shared,
    ),
    "multiplied": (
        _(
            "{filters} filters of 3×3 over {side}×{side} pixels of one channel, padded so that the "
            "output has the same size: how many multiplications?"
        ).format(filters=FILTERS, side=SIDE),
        multiplied,
    ),
    "moved": (
        _("When is conv(shift(x)) the same as shift(conv(x)), for every shift by whole pixels?"),
        moved,
    ),
    "sentence": (_("Complete the sentence: a convolution is …"), sentence),
}
