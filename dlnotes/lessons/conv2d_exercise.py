"""The exercise in which a reader writes the convolution as loops, and the mistakes that are usual.

Each mistake is a function that makes it; the judge recognises it by what it gives on hidden cases.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlnotes.layers import Conv2d
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.judges import Judge, Verdict
from dlnotes.words import _

Array = np.ndarray
Case = tuple[Array, Array, Array, int]


def conv2d(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    """What the library makes of one image x (c_in, h, w): (c_out, h_out, w_out)."""
    c_out, c_in, *kernel = weight.shape
    rng = np.random.default_rng(0)
    layer = Conv2d(c_in, c_out, tuple(kernel), stride=stride, rng=rng, dtype=np.float64)
    for parameter, value in zip(layer.parameters(), (weight, bias), strict=True):
        parameter.value = value
    return layer(x[None])[0]


def case(shape: tuple[int, ...], kernel: tuple[int, ...], stride: int, seed: int) -> Case:
    """An image of `shape`, filters of shape `kernel`, biases, all drawn; and the stride."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), rng.normal(size=kernel), rng.normal(size=kernel[0]), stride


def square_cases() -> list[Case]:
    """Square images and filters, on which every known mistake gives an answer of its own."""
    return [
        case((2, 7, 7), (3, 2, 3, 3), 2, seed=1),
        case((2, 6, 6), (2, 2, 3, 3), 1, seed=2),
        case((3, 8, 8), (2, 3, 2, 2), 3, seed=3),
    ]


def other_cases() -> list[Case]:
    """Images and filters of other forms, for a function that is right on the square ones."""
    return [
        case((2, 5, 9), (2, 2, 3, 2), 1, seed=4),
        case((1, 9, 6), (3, 1, 2, 4), 2, seed=5),
        case((1, 4, 4), (1, 1, 1, 1), 1, seed=6),
        case((2, 5, 5), (1, 2, 5, 5), 1, seed=7),
    ]


# The usual mistakes -----------------------------------------------------------------------------


def flipped(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, np.ascontiguousarray(weight[:, :, ::-1, ::-1]), bias, stride)


def filter_transposed(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, np.ascontiguousarray(weight.swapaxes(2, 3)), bias, stride)


def image_transposed(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(np.ascontiguousarray(x.swapaxes(1, 2)), weight, bias, stride)


def output_transposed(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias, stride).swapaxes(1, 2)


def no_bias(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, 0 * bias, stride)


def bias_every_time(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias * weight[0].size, stride)


def bias_every_channel(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias * weight.shape[1], stride)


def one_short(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias, stride)[:, :-1, :-1]


def last_left_out(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    y = conv2d(x, weight, bias, stride)
    y[:, -1], y[:, :, -1] = 0, 0
    return y


def first_left_out(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    y = conv2d(x, weight, bias, stride)
    y[:, 0], y[:, :, 0] = 0, 0
    return y


def no_stride(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias, 1)


def windows_not_strided(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    """The size is right, but the windows still move by one pixel."""
    h_out, w_out = conv2d(x, weight, bias, stride).shape[1:]
    return conv2d(x, weight, bias, 1)[:, :h_out, :w_out]


def rows_strided(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias, 1)[:, ::stride, : conv2d(x, weight, bias, stride).shape[2]]


def columns_strided(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, bias, 1)[:, : conv2d(x, weight, bias, stride).shape[1], ::stride]


def first_row_only(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    y = conv2d(x, weight, bias, stride)
    y[:, 1:] = 0
    return y


def first_filter_only(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    y = conv2d(x, weight, bias, stride)
    y[1:] = 0
    return y


def all_biases(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight, 0 * bias + bias.sum(), stride)


def first_channel_only(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x[:1], np.ascontiguousarray(weight[:, :1]), bias, stride)


def last_product_only(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    last = np.zeros_like(weight)
    last[:, -1, -1, -1] = weight[:, -1, -1, -1]
    return conv2d(x, last, bias, stride)


def last_channel_only(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x[-1:], np.ascontiguousarray(weight[:, -1:]), bias, stride)


def mean_of_products(x: Array, weight: Array, bias: Array, stride: int) -> Array:
    return conv2d(x, weight / weight[0].size, bias, stride)


def mistakes() -> list[tuple[Callable[..., Array], str]]:
    return [
        (
            flipped,
            _(
                "The filter is flipped: that is the convolution of mathematics. Here weight[o, c, "
                "u, v] meets the pixel u rows down and v columns to the right."
            ),
        ),
        (
            filter_transposed,
            _("Two axes of the filter are swapped: u counts its rows, v its columns."),
        ),
        (
            image_transposed,
            _("Two axes of the image are swapped: x[c, row, column], in this order."),
        ),
        (
            output_transposed,
            _("Two axes of the output are swapped: y[o, row, column], in this order."),
        ),
        (no_bias, _("The bias is missing: add bias[o] to every sum.")),
        (
            bias_every_time,
            _("The bias is added once for every product: add it once for every sum."),
        ),
        (
            bias_every_channel,
            _("The bias is added once for every channel: add it once for every sum."),
        ),
        (
            one_short,
            _(
                "The last row and column are missing: the number of windows is "
                "(h − k) // stride + 1."
            ),
        ),
        (last_left_out, _("The last row and column are still zero: your loops end one too early.")),
        (first_left_out, _("The first row and column are still zero: count from 0.")),
        (no_stride, _("The stride is forgotten: the output is as large as with stride 1.")),
        (
            windows_not_strided,
            _(
                "The size is right, but the windows still move by one pixel: window (row, col) "
                "begins at row·stride, col·stride."
            ),
        ),
        (rows_strided, _("The stride counts for rows only: columns, too, begin at col·stride.")),
        (columns_strided, _("The stride counts for columns only: rows, too, begin at row·stride.")),
        (first_row_only, _("Only the first row is filled: does “return” stand inside the loops?")),
        (
            first_filter_only,
            _("Only the first filter's output is filled: does “return” stand inside the loops?"),
        ),
        (all_biases, _("All biases are added to every sum: output o takes bias[o] alone.")),
        (first_channel_only, _("Only the first channel counts: sum over all channels c.")),
        (last_channel_only, _("Only the last channel is left: add it to the others with +=.")),
        (last_product_only, _("Only the last product is left: add the products up with +=.")),
        (mean_of_products, _("That is the mean of the products; their sum is wanted.")),
    ]


HINTS = {
    "out of bounds": _(
        "A pixel beyond the border is read, or indices are mixed up: the last window begins at "
        "h − k, and x is x[c, row, column]."
    ),
    "'float' object": _("A size or an index is a float: // divides and rounds down."),
}


class Staged(Function):
    """A judge that asks `then` where the answer is right on its own cases."""

    def __init__(self, *arguments: Any, then: Judge, **options: Any) -> None:
        self.then = then
        super().__init__(*arguments, **options)

    def _judge(self, given: Any) -> Verdict:
        verdict = super()._judge(given)
        return self.then.judge(given) if verdict.state == "right" else verdict


def judge() -> Judge:
    """Square cases first, which tell the mistakes apart, then those of other forms."""
    because = _("It agrees with the library on every hidden case.")
    then = Function(conv2d, other_cases, because=because, hints=HINTS)
    return Staged(conv2d, square_cases, mistakes=mistakes(), hints=HINTS, then=then)
