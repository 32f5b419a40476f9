"""What lesson 07 asks: predictions, and checks whose answers the library itself gives."""

from collections.abc import Callable

import numpy as np

from dlnotes.layers import Conv2d, Dense
from dlnotes.lessons import conv2d_exercise
from dlnotes.lessons.convolution_predictions import FILTERS, PREDICTIONS, SIDE, UNITS
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.pictures.matrix import short
from dlnotes.widgets.conv_arithmetic import Setting
from dlnotes.widgets.filters import preset
from dlnotes.words import _

__all__ = ["CHECKS", "PREDICTIONS", "TITLE"]

TITLE = _("Convolution")
WINDOW = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]])  # of the first check, with its bias
BIAS = 0.5
SIZED = Setting(size=5, stride=2, padding=2)
CHANNELS = 3
WIDE, MANY = 5, 16  # of the filters whose multiplications are counted: side, how many


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
    layer = Conv2d(1, MANY, WIDE, padding="same", rng=rng)
    inside = Conv2d(1, MANY, WIDE, rng=rng)
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
            (lambda: WIDE**2 * SIDE**2, _("That is one filter.")),
            (
                lambda: MANY * SIDE**2,
                _("Each output cell takes as many multiplications as a filter has cells."),
            ),
            (
                lambda: inside.multiply_adds(shape),
                _("Without padding there are fewer places; here there are as many as pixels."),
            ),
            (lambda: WIDE**2 * MANY, _("Those are the weights: each is used at every place.")),
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
            "{filters} filters of {k}×{k} over {side}×{side} pixels of one channel, padded so that "
            "the output has the same size: how many multiplications?"
        ).format(filters=MANY, k=WIDE, side=SIDE),
        multiplied,
    ),
    "moved": (
        _("When is conv(shift(x)) the same as shift(conv(x)), for every shift by whole pixels?"),
        moved,
    ),
    "sentence": (_("Complete the sentence: a convolution is …"), sentence),
}
