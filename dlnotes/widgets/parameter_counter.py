"""What a dense layer and a convolution cost: parameters, and multiply-adds, side by side."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from dlnotes.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d
from dlnotes.pictures.grid import row, table
from dlnotes.widgets.controls import choice, slider, switch
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

POOLS = {"none": _("none"), "2": _("2×2"), "3": _("3×3"), "4": _("4×4")}
CLASSES = 10
CLOSE = 1.1  # a ratio below this is no difference worth a word


class Line(NamedTuple):
    """One layer's counts, and the shape of what comes out of it for one example."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


def counted(name: str, layer: Layer, shape: tuple[int, ...]) -> Line:
    """The layer's own counts for an input of `shape` (without n)."""
    entering = (1, *shape)
    parameters = sum(parameter.value.size for parameter in layer.parameters())
    leaving = layer.output_shape(entering)[1:]
    return Line(name, tuple(leaving), parameters, layer.multiply_adds(entering))


@lru_cache(maxsize=512)
def dense_line(n_in: int, n_out: int) -> Line:
    # Its units are alike: one is made and counted. Millions of weights would take 0.1 s.
    one = counted("", Dense(n_in, 1, rng=np.random.default_rng(0)), (n_in,))
    name = _("dense, {n_in} → {n_out}").format(n_in=f"{n_in:,}", n_out=n_out)
    return Line(name, (n_out,), n_out * one.parameters, n_out * one.multiply_adds)


@lru_cache(maxsize=512)
def conv_line(c_in: int, c_out: int, kernel: int, pixels: int) -> Line:
    layer = Conv2d(c_in, c_out, kernel, padding="same", rng=np.random.default_rng(0))
    name = _("convolution {k}×{k}, {c_in} → {c_out}").format(k=kernel, c_in=c_in, c_out=c_out)
    return counted(name, layer, (c_in, pixels, pixels))


def pool_line(size: int, shape: tuple[int, ...]) -> Line:
    return counted(_("max pool {k}×{k}").format(k=size), MaxPool2d(size, ceil_mode=True), shape)


def flat(shape: tuple[int, ...]) -> int:
    """How many numbers of this shape a dense layer gets."""
    return Flatten().output_shape((1, *shape))[1]


class ParameterCounter(Explorer):
    """A dense layer beside a convolution, on one image: parameters and multiply-adds of both.

    The counts are those of real layers. `rest` puts the same classifier behind each (and another
    convolution behind the first), `pool` a max pooling behind each convolution.

    >>> ParameterCounter(pixels=100, channels=3, units=32)
    """

    title = _("Parameters and multiply-adds")

    pixels = slider(_("Pixels a side"), 4, 100, value=28, group=_("Image"))
    channels = slider(_("Channels"), 1, 3, value=1, group=_("Image"))
    units = slider(_("Dense units"), 1, 100, value=32, group=_("Layers"))
    filters = slider(_("Filters"), 1, 64, value=32, group=_("Layers"))
    kernel = slider(_("Filter size"), 1, 7, value=3, group=_("Layers"))
    rest = switch(_("What follows: to {n} classes").format(n=CLASSES), group=_("What follows"))
    pool = choice(_("Max pooling"), POOLS, value="none", group=_("What follows"))

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        image = (v.channels, v.pixels, v.pixels)
        dense = [dense_line(flat(image), v.units)]
        conv = [conv_line(v.channels, v.filters, v.kernel, v.pixels)]
        size = 0 if v.pool == "none" else int(v.pool)
        if size:
            conv.append(pool_line(size, conv[-1].shape))
        if v.rest:
            dense.append(dense_line(v.units, CLASSES))
            conv.append(conv_line(v.filters, v.filters, v.kernel, conv[-1].shape[1]))
            if size:
                conv.append(pool_line(size, conv[-1].shape))
            conv.append(dense_line(flat(conv[-1].shape), CLASSES))
        return {"values": v, "dense": dense, "conv": conv}

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        dense, conv = totals(result["dense"]), totals(result["conv"])
        return {
            "dense_parameters": f"{dense[0]:,}",
            "dense_multiply_adds": f"{dense[1]:,}",
            "conv_parameters": f"{conv[0]:,}",
            "conv_multiply_adds": f"{conv[1]:,}",
        }

    def say(self, result: dict[str, Any]) -> str:
        dense, conv = totals(result["dense"]), totals(result["conv"])
        return " ".join(
            (
                compared(_("parameters"), conv[0], dense[0]),
                compared(_("multiply-adds"), conv[1], dense[1]),
            )
        )

    def draw(self, result: dict[str, Any]) -> str:
        return row(
            counts(_("Dense: every unit sees every pixel"), result["dense"]),
            counts(_("Convolution: every filter is shared by all places"), result["conv"]),
            title=self.title,
            description=self.say(result),
        )


def totals(lines: list[Line]) -> tuple[int, int]:
    """All parameters and all multiply-adds."""
    return sum(line.parameters for line in lines), sum(line.multiply_adds for line in lines)


def compared(what: str, conv: int, dense: int) -> str:
    """Which of the two has more, and how many times as many."""
    if conv == dense:
        return _("Both have {n} {what}.").format(n=f"{conv:,}", what=what)
    less, more = sorted((conv, dense))
    ratio = more / less
    if ratio < CLOSE:
        sentence = _("Both have about as many {what} ({conv} and {dense}).")
        return sentence.format(what=what, conv=f"{conv:,}", dense=f"{dense:,}")
    if conv < dense:
        sentence = _("The dense side has {factor} times as many {what} ({more} against {less}).")
    else:
        sentence = _(
            "The convolution side has {factor} times as many {what} ({more} against {less})."
        )
    return sentence.format(
        factor=f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}", what=what, more=f"{more:,}",
        less=f"{less:,}",
    )  # fmt: skip


def counts(title: str, lines: list[Line]) -> str:
    """The layers of one side as a table, with their sum where there are several."""
    rows = [
        [
            line.name,
            "×".join(map(str, line.shape)),
            f"{line.parameters:,}",
            f"{line.multiply_adds:,}",
        ]
        for line in lines
    ]
    if len(lines) > 1:
        parameters, multiply_adds = totals(lines)
        rows.append([_("all"), "", f"{parameters:,}", f"{multiply_adds:,}"])
    header = [_("layer"), _("output"), _("parameters"), _("multiply-adds")]
    return table(
        header, rows, width=520, title=title, highlight=len(rows) - 1 if len(lines) > 1 else None
    )
