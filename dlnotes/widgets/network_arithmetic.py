"""How one number of a network came about: the window it looked at, the weights, the sum.

`explained` answers for one layer, what went into it and the place of the number. It computes the
number once more from its definition, in float64, and never asks the kernels.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    BlurPool2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from dlnotes.layers.blur import mirrored
from dlnotes.pictures.svg import readable
from dlnotes.words import _

Place = tuple[int, int, int]  # map, row, column
MOST_ROWS = 12  # of a softmax: more would be taller than a screen
LARGEST_POWER = 80.0  # e to that is written out; beyond it the largest number is taken off first


@dataclass(frozen=True, kw_only=True)
class Arithmetic:
    """One number and where it comes from; nan for a layer that is not of this package.

    `window` (c, k_h, k_w) are the numbers that it was made from, map by map, nan where there are
    none, and `weights` (c, k_h, k_w) what they were multiplied by, None where nothing was;
    `first` is the number of the window's first map, and `winner` the one cell (row, column) of it
    that was handed on, if only one was. `box` (row, column, rows, columns) is where the window lies
    on those maps. `lines` say the rest in formulas, with the numbers put in; `rows` are a table of
    them under `header`.
    """

    value: float
    window: np.ndarray | None = None
    weights: np.ndarray | None = None
    first: int = 0
    winner: tuple[int, int] | None = None
    box: tuple[int, int, int, int] | None = None
    bias: float | None = None
    lines: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    marked: int | None = None

    @property
    def sums(self) -> np.ndarray | None:
        """The sum of the products, map by map (c,)."""
        if self.window is None or self.weights is None:
            return None
        return np.nansum(self.window * self.weights, axis=(1, 2))


def explained(layer: Layer, x: np.ndarray, place: Place, image: Any = None) -> Arithmetic:
    """The arithmetic of the number at `place` of layer(x), x one example: (c, h, w) or (n_in,).

    `image` is the shape (c, h, w) that a flattened x had before, if it is known.
    """
    x = x.astype(np.float64)
    for kind, explain in EXPLAINED.items():
        if isinstance(layer, kind):
            return explain(layer, x, place, image)
    line = _("This layer computes its numbers by code of its own.")
    return Arithmetic(value=math.nan, lines=[line])


def convolution(layer: Conv2d, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    out, row, col = place
    (top, _bottom), (left, _right) = layer._sides((1, *x.shape))
    maps = layer.c_in // layer.groups
    first = out // (layer.c_out // layer.groups) * maps
    down, across = (
        start * stride - before + dilation * np.arange(cells)
        for start, stride, before, dilation, cells in zip(
            (row, col), layer.stride, (top, left), layer.dilation, layer.kernel_size, strict=True
        )
    )
    window = taken(x[first : first + maps], down, across, 0.0)
    weights = layer.weight.value[out].astype(np.float64)
    bias = None if layer.bias is None else float(layer.bias.value[out])
    return weighted(window, weights, bias, first, box_of(down, across))


def dense(layer: Dense, x: np.ndarray, place: Place, image: Any) -> Arithmetic:
    weights = layer.weight.value[:, place[0]].astype(np.float64)
    shape = image or grid_of(x.size)
    bias = None if layer.bias is None else float(layer.bias.value[place[0]])
    box = None if image is None else (0, 0, *shape[1:])
    return weighted(filled(x, shape), filled(weights, shape), bias, 0, box)


def weighted(
    window: np.ndarray, weights: np.ndarray, bias: float | None, first: int, box: Any
) -> Arithmetic:
    total = float(np.nansum(window * weights))
    value = total + (bias or 0.0)
    if bias is None:
        line = _("Sum of all products: {total}").format(total=readable(total, 4))
    else:
        line = _("Sum of all products + bias: {total} + {bias} = {value}").format(
            total=readable(total, 4), bias=bracketed(bias), value=readable(value, 4)
        )
    return Arithmetic(
        value=value, window=window, weights=weights, bias=bias, first=first, box=box, lines=[line]
    )


def largest(layer: MaxPool2d, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    down, across = pooled_cells(layer, x, place)
    window = taken(x[place[0]][None], down, across, np.nan)
    value = float(np.nanmax(window))
    count = int(np.isfinite(window).sum())
    line = _("The largest of these {count} numbers: {value}").format(
        count=count, value=readable(value, 4)
    )
    row, col = divmod(int(np.nanargmax(window)), window.shape[2])
    return Arithmetic(
        value=value, window=window, first=place[0], winner=(row, col), box=box_of(down, across),
        lines=[line],
    )  # fmt: skip


def mean(layer: AvgPool2d, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    down, across = pooled_cells(layer, x, place)
    window = taken(x[place[0]][None], down, across, np.nan)
    if layer.count_include_pad:  # its zeros count; what lies beyond the padding does not
        sides = layer._sides((1, *x.shape))
        inside = [
            (at >= -before) & (at < size + after)
            for at, (before, after), size in zip((down, across), sides, x.shape[1:], strict=True)
        ]
        window = np.where(np.isnan(window) & np.outer(*inside), 0.0, window)
    count = int(np.isfinite(window).sum())
    weights = np.where(np.isnan(window), np.nan, 1 / count)
    value = float(np.nansum(window * weights))
    line = _("The mean of these {count} numbers: {total} / {count} = {value}").format(
        count=count, total=readable(float(np.nansum(window)), 4), value=readable(value, 4)
    )
    return Arithmetic(
        value=value, window=window, weights=weights, first=place[0], box=box_of(down, across),
        lines=[line],
    )  # fmt: skip


def blurred(layer: BlurPool2d, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    starts = [
        at * stride - (cells - 1) // 2
        for at, stride, cells in zip(place[1:], layer.stride, layer.kernel_size, strict=True)
    ]
    down, across = (
        np.array([mirrored(start + u, size) for u in range(cells)])
        for start, size, cells in zip(starts, x.shape[1:], layer.kernel_size, strict=True)
    )
    window = taken(x[place[0]][None], down, across, np.nan)
    rows, cols = (
        [math.comb(cells - 1, u) / 2 ** (cells - 1) for u in range(cells)]
        for cells in layer.kernel_size
    )
    weights = np.outer(rows, cols)[None]
    value = float((window * weights).sum())
    line = _("The weighted mean (the weights sum to 1): {value}").format(value=readable(value, 4))
    return Arithmetic(
        value=value, window=window, weights=weights, first=place[0],
        box=(starts[0], starts[1], *layer.kernel_size), lines=[line],
    )  # fmt: skip


def global_mean(_layer: GlobalAvgPool2d, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    window = x[place[0]][None]
    value = float(window.mean())
    line = _("The mean of all numbers of map {map}: {total} / {count} = {value}").format(
        count=window.size, map=place[0], total=readable(float(window.sum()), 4),
        value=readable(value, 4),
    )  # fmt: skip
    return Arithmetic(
        value=value, window=window, first=place[0], box=(0, 0, *x.shape[1:]), lines=[line]
    )


def flattened(_layer: Flatten, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    value = float(x.ravel()[place[0]])
    at = [int(index) for index in np.unravel_index(place[0], x.shape)]
    if x.ndim == 3:
        line = _("Number {i} is row {row}, column {col} of map {map}, unchanged: {value}").format(
            i=place[0], map=at[0], row=at[1], col=at[2], value=readable(value, 4)
        )
        return Arithmetic(value=value, first=at[0], box=(at[1], at[2], 1, 1), lines=[line])
    line = _("It is handed on unchanged: {value}").format(value=readable(value, 4))
    return Arithmetic(value=value, lines=[line])


def normalised(layer: BatchNorm, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    i = place[0]
    mean, var = float(layer.running_mean[i]), float(layer.running_var[i])
    weight, bias = float(layer.weight.value[i]), float(layer.bias.value[i])
    came = float(x[place[: x.ndim]])
    value = weight * (came - mean) / math.sqrt(var + layer.eps) + bias
    pattern = _("weight · (x − mean) / √(variance + ε) + bias")
    numbers = f"{readable(weight, 4)} · ({readable(came, 4)} − {bracketed(mean)}) / "
    numbers += f"√({readable(var, 4)} + {readable(layer.eps)}) + {bracketed(bias)}"
    return Arithmetic(value=value, lines=[pattern, f"= {numbers} = {readable(value, 4)}"])


def pointwise(
    rule: str, put_in: Callable[[Any, float], str], function: Callable[[Any, float], float]
) -> Callable[..., Arithmetic]:
    """The explainer of a layer that changes each number by itself."""

    def explain(layer: Any, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
        came = float(x[place[: x.ndim]])
        value = function(layer, came)
        box = None if x.ndim == 1 else (place[1], place[2], 1, 1)
        line = f"{put_in(layer, came)} = {readable(value, 4)}"
        return Arithmetic(value=value, first=place[0], box=box, lines=[rule, line])

    return explain


def softmax(_layer: Softmax, x: np.ndarray, place: Place, _image: Any) -> Arithmetic:
    logits = x if x.ndim == 1 else x[place[0], place[1]]
    at = place[0] if x.ndim == 1 else place[2]
    high = float(logits.max())
    offset = high if np.abs(logits).max() > LARGEST_POWER else 0.0
    powers = np.exp(logits - offset)
    shares = powers / powers.sum()
    taken_off = "" if not offset else f" − {bracketed(offset)}"
    lines = [
        _("e to the power of its logit, divided by the sum of all such powers:"),
        f"e^({readable(logits[at], 4)}{taken_off}) / Σ = {readable(powers[at], 4)} / "
        f"{readable(powers.sum(), 4)} = {readable(shares[at], 4)}",
    ]
    if offset:
        lines.append(
            _("The largest logit is taken off all: it changes no share, and e^ stays finite.")
        )
    shown = np.argsort(-logits, kind="stable")[:MOST_ROWS]
    if len(shown) < len(logits):
        sentence = _("Of all {count} numbers the table has the largest and this one.")
        lines.append(sentence.format(count=len(logits)))
    shown = np.sort(shown if at in shown else [*shown[:-1], at])
    rows = [
        [str(i), readable(logits[i], 4), readable(powers[i], 4), readable(shares[i], 4)]
        for i in shown.tolist()
    ]
    return Arithmetic(
        value=float(shares[at]), lines=lines, marked=shown.tolist().index(at),
        header=[_("number"), _("logit z"), f"e^(z{taken_off})", _("share")], rows=rows,
    )  # fmt: skip


EXPLAINED: dict[type[Layer], Callable[..., Arithmetic]] = {
    Conv2d: convolution,
    Dense: dense,
    MaxPool2d: largest,
    AvgPool2d: mean,
    BlurPool2d: blurred,
    GlobalAvgPool2d: global_mean,
    Flatten: flattened,
    BatchNorm: normalised,
    Softmax: softmax,
    ReLU: pointwise(
        _("max(0, x): what is below zero becomes zero."),
        lambda _layer, x: f"max(0, {readable(x, 4)})",
        lambda _layer, x: max(0.0, x),
    ),
    LeakyReLU: pointwise(
        _("x above zero, slope · x below."),
        lambda layer, x: readable(x, 4) if x > 0 else f"{readable(layer.slope)} · {bracketed(x)}",
        lambda layer, x: x if x > 0 else layer.slope * x,
    ),
    Sigmoid: pointwise(
        "1 / (1 + e^(−x))",
        lambda _layer, x: f"1 / (1 + e^(−{bracketed(x)}))",
        lambda _layer, x: 0.5 * (1 + math.tanh(x / 2)),
    ),
    Tanh: pointwise(
        "tanh(x) = (e^x − e^(−x)) / (e^x + e^(−x))",
        lambda _layer, x: f"tanh({readable(x, 4)})",
        lambda _layer, x: math.tanh(x),
    ),
    Dropout: pointwise(
        _("Dropout leaves numbers out only while learning; here it hands them on."),
        lambda _layer, x: readable(x, 4),
        lambda _layer, x: x,
    ),
}


def bracketed(value: float) -> str:
    """A number behind an operator: a negative one stands in brackets."""
    return f"({readable(value, 4)})" if value < 0 else readable(value, 4)


def box_of(down: np.ndarray, across: np.ndarray) -> tuple[int, int, int, int]:
    rows, cols = int(down[-1] - down[0]) + 1, int(across[-1] - across[0]) + 1
    return int(down[0]), int(across[0]), rows, cols


def taken(maps: np.ndarray, down: np.ndarray, across: np.ndarray, beyond: float) -> np.ndarray:
    """maps[:, down, across], and `beyond` for what lies outside them."""
    h, w = maps.shape[1:]
    found = maps[:, down.clip(0, h - 1)][:, :, across.clip(0, w - 1)]
    inside = np.outer((down >= 0) & (down < h), (across >= 0) & (across < w))
    return np.where(inside, found, beyond)


def pooled_cells(layer: Any, x: np.ndarray, place: Place) -> tuple[np.ndarray, np.ndarray]:
    """The rows and columns, in the image's count, that a pooling's window looks at."""
    (top, _bottom), (left, _right) = layer._sides((1, *x.shape))
    down, across = (
        at * stride - before + dilation * np.arange(cells)
        for at, stride, before, dilation, cells in zip(
            place[1:], layer.stride, (top, left), layer.dilation, layer.kernel_size, strict=True
        )
    )
    return down, across


def grid_of(size: int) -> tuple[int, int, int]:
    """(1, rows, columns) in which a list of numbers is shown, about square."""
    columns = math.ceil(math.sqrt(size))
    return 1, math.ceil(size / columns), columns


def filled(values: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """A list of numbers in that shape, nan where the shape has more room."""
    laid = np.full(math.prod(shape), np.nan)
    laid[: values.size] = values
    return laid.reshape(shape)
