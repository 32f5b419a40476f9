"""The questions of lesson 08, pooling. The library computes each answer when asked."""

from collections.abc import Callable

import numpy as np

from dlnotes import data
from dlnotes.layers import AvgPool2d, Dense, MaxPool2d
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.pool_mistakes import CASES, HINTS, MISTAKES, max_pool
from dlnotes.lessons.pooling_pictures import (
    FILTERS,
    OUTPUTS,
    SIDE,
    draw_forgets,
    draw_layers,
    draw_same,
    draw_thin,
)
from dlnotes.lessons.questions import Predict
from dlnotes.widgets.pool_preimages import SMALL, all_small
from dlnotes.widgets.shift_measure import Bench, measured, warm
from dlnotes.words import _

TITLE = _("Pooling")
POOLED = 100  # pixels a side: of the quarter's question
WINDOW, STRIDE = 3, 2  # of the border's question
RESULT = [[1.0, 1.0], [0.0, 1.0]]  # whose pictures are counted
DIGITS = 1797  # all there are


def thin() -> Predict:
    largest, mean = _("where the largest is kept"), _("where the mean is kept")
    both = _("in both")
    return Predict(
        _(
            "A bright circle on black, its line one pixel thin, is pooled in windows of 2 × 2. In "
            "which result is the line about as bright as it was?"
        ),
        [largest, mean, both],
        largest,
        mistakes={
            mean: _("The dark pixels beside the line count in the mean, too."),
            both: _("The mean mixes the line with the dark pixels beside it."),
        },
        because=_(
            "One bright pixel is enough for the largest of four; in the mean, the dark pixels of "
            "the window make it darker. Both results have a quarter of the pixels, and both still "
            "show a circle."
        ),
        picture=draw_thin,
    )


def forgets() -> Predict:
    found = all_small("max")
    pictures, results = len(found.x), len(found.results)
    quarter, windows, right = f"{pictures // 4:,}", "256", f"{results:,}"
    return Predict(
        _(
            "There are {pictures} black-and-white pictures of {side} × {side} pixels. How many "
            "different results does max pooling in windows of 2 × 2 make of them?"
        ).format(pictures=f"{pictures:,}", side=SMALL),
        [quarter, windows, right],
        right,
        mistakes={
            quarter: _("A quarter of the numbers is far less than a quarter of the pictures."),
        },
        because=_(
            "Each of the four windows becomes 1 if it holds any white, else 0: that makes "
            "2 · 2 · 2 · 2 = {results} results. One of them is shared by {most} pictures."
        ).format(results=right, most=f"{found.counts.max():,}"),
        picture=draw_forgets,
    )


def same() -> Predict:
    bench = Bench("small", DIGITS, 0, 0)
    all_, half, none = _("nearly all"), _("about half"), _("none")

    def because() -> str:
        found = measured(bench, 0, 1, False)
        return _(
            "Exactly {same} of {n} maps are the same. But they change less than the pixels do: by "
            "{pooled} on average, where the pixels change by {pixels}."
        ).format(
            same=found["pooled"].same,
            n=f"{DIGITS:,}",
            pooled=f"{found['pooled'].mean:.2f}",
            pixels=f"{found['pixels'].mean:.2f}",
        )

    return Predict(
        _(
            "Each of {n} real digits of 8 × 8 pixels is moved to the right by one pixel. Of how "
            "many is the pooled map (the largest of 2 × 2) exactly the same as before?"
        ).format(n=f"{DIGITS:,}"),
        [all_, half, none],
        none,
        mistakes={
            all_: _("That is what is often said of pooling."),
            half: _(
                "A move within a window changes nothing, but half the pixels leave their window."
            ),
        },
        because=because,
        picture=lambda: draw_same(DIGITS),
        measure=lambda: warm.slices(bench),
    )


def cheaper() -> Predict:
    next_, dense = _("the second convolution"), _("the dense layer")
    both, neither = _("both"), _("neither")
    return Predict(
        _(
            "A network has two convolutions and, at its end, a dense layer. A pooling layer is put "
            "between the convolutions. Which layer now has fewer parameters?"
        ),
        [next_, dense, both, neither],
        dense,
        mistakes={
            next_: _("Its filters are as large as before, whatever the size of the map."),
            both: _("The filters of the convolution are as large as before."),
            neither: _("The dense layer has a weight for every number that reaches it."),
        },
        because=_(
            "A convolution's weights depend on the filter and the channels, not on the map's size; "
            "it is only computed faster. A dense layer has a weight for each number that comes in."
        ),
        picture=draw_layers,
    )


def numbers_of(side: int, size: int, stride: int) -> int:
    """How many numbers pooling makes of a picture of `side` by `side`."""
    shape = MaxPool2d(size, stride=stride).output_shape((1, 1, side, side))
    return shape[2] * shape[3]


def quarter() -> Judge:
    return Number(
        lambda: numbers_of(POOLED, 2, 2),
        because=_("Half the rows and half the columns: a quarter of the numbers."),
        mistakes=[
            (POOLED * POOLED // 2, _("Rows and columns are both halved.")),
            (POOLED // 2, _("That is the number of rows; each has as many columns.")),
            (POOLED * POOLED, _("That is how many there were before.")),
        ],
    )


def border() -> Judge:
    def side_of(size: int, stride: int) -> Callable[[], int]:
        return lambda: MaxPool2d(size, stride=stride).output_shape((1, 1, SIDE, SIDE))[2]

    return Number(
        side_of(WINDOW, STRIDE),
        because=_(
            "A window that would reach over the border is left out: ({side} − {window}) / {stride} "
            "rounded down, plus the first one."
        ).format(side=SIDE, window=WINDOW, stride=STRIDE),
        mistakes=[
            (side_of(STRIDE, STRIDE), _("The last of these would reach over the border.")),
            (side_of(WINDOW, 1), _("That is the number for a stride of 1.")),
            (side_of(WINDOW, WINDOW), _("That is the number for a stride of 3.")),
            (
                lambda: side_of(WINDOW, STRIDE)() - 1,
                _("One is missing: the first window stands at the border itself."),
            ),
            (lambda: side_of(WINDOW, STRIDE)() ** 2, _("That is rows times columns.")),
        ],
    )


def written() -> Judge:
    return Function(
        max_pool,
        CASES,
        because=_("It does what the library's MaxPool2d does."),
        mistakes=MISTAKES,
        hints=HINTS,
    )


def preimages() -> Judge:
    def pictures_of(result: list[list[float]]) -> int:
        found = all_small("max")
        return int(found.counts[(found.results == np.array(result)).all(axis=(1, 2))][0])

    ones = int(np.sum(RESULT))
    return Number(
        lambda: pictures_of(RESULT),
        because=_(
            "A window becomes 1 in 15 ways (all but the black one) and 0 in one way; the windows "
            "are filled independently, so the ways multiply."
        ),
        mistakes=[
            (16**ones, _("One of a window's 16 patterns, the black one, becomes 0.")),
            (15 * ones, _("The windows are filled independently: multiply, do not add.")),
            (
                lambda: pictures_of([[1.0, 1.0], [1.0, 1.0]]),
                _("That would be four windows with white in them; here there are three."),
            ),
            (15 * ones + 1, _("The windows are filled independently: multiply the ways.")),
        ],
    )


def pixel() -> Judge:
    right, left = _("one pixel to the right"), _("one pixel to the left")
    both, neither = _("either of them"), _("neither of them")
    return Choice(
        [right, left, both, neither],
        right,
        because=_(
            "Columns 2 and 3 share a window, columns 1 and 2 do not. Whether a shift is swallowed "
            "depends on where the windows happen to lie."
        ),
        mistakes={
            left: _("Column 1 lies in the window before: columns 0 and 1."),
            both: _("One of the two shifts takes the pixel across a window's edge."),
            neither: _("Two neighbouring columns do share a window."),
        },
    )


def change() -> Judge:
    x = data.digits()[0][:DIGITS]

    def share(
        pool: Callable[[np.ndarray], np.ndarray], rows: int, cols: int, power: int = 1
    ) -> Callable[[], float]:
        def mean() -> float:
            before, after = (
                pool(pictures).reshape(len(x), -1) for pictures in (x, data.shift(x, rows, cols))
            )
            changes = np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)
            return float((changes**power).mean())

        return mean

    largest, mean = MaxPool2d(2), AvgPool2d(2)
    return Number(
        share(largest, 0, -1),
        relative=2e-3,
        because=_(
            "The pixels change as much to the left as to the right. The pooled maps do not: it "
            "depends on where the windows happen to lie."
        ),
        mistakes=[
            (share(lambda pictures: pictures, 0, -1), _("That is the change of the pixels.")),
            (share(largest, 0, 1), _("That is the change for a shift to the right.")),
            (share(largest, -1, 0), _("That is the change for a shift up: rows come first.")),
            (share(mean, 0, -1), _("That is the change with the mean of each window.")),
            (
                share(largest, 0, -1, 2),
                _("These are squared lengths: the root is missing, above and below the line."),
            ),
        ],
    )


def dense_parameters() -> Judge:
    def count(inputs: int) -> Callable[[], int]:
        def total() -> int:
            layer = Dense(inputs, OUTPUTS, rng=np.random.default_rng(0))
            return sum(parameter.value.size for parameter in layer.parameters())

        return total

    pooled = numbers_of(SIDE, 2, 2)
    return Number(
        count(FILTERS * pooled),
        because=_("A weight from each of the pooled numbers to each output, and the biases."),
        mistakes=[
            (count(FILTERS * SIDE * SIDE), _("That is the number without the pooling.")),
            (FILTERS * pooled * OUTPUTS, _("The biases are missing: one for each output.")),
            (count(pooled), _("There is a map for each of the filters.")),
            (count(FILTERS * pooled * 2), _("Rows and columns are both halved.")),
        ],
    )


def sentence() -> Judge:
    right = _("keeping one number a window: what is there is kept, exactly where it is, is not")
    lossless = _("writing the same picture with fewer numbers")
    learned = _("keeping what it has learned to be important")
    return Choice(
        [lossless, right, learned],
        right,
        because=_(
            "That is why it compresses, why a small shift changes less of it, and what it forgets."
        ),
        mistakes={
            lossless: _("Many pictures become the same result: something is lost."),
            learned: _("Pooling has no parameters: there is nothing that it could learn."),
        },
    )


PREDICTIONS = {"thin": thin, "forgets": forgets, "same": same, "cheaper": cheaper}
CHECKS: dict[str, tuple[str, Callable[[], Judge]]] = {
    "quarter": (
        _(
            "A picture of {side} × {side} is pooled in windows of 2 × 2, side by side. How many "
            "numbers has the result?"
        ).format(side=POOLED),
        quarter,
    ),
    "border": (
        _(
            "A picture of {side} × {side}, windows of {window} × {window}, stride {stride}. How "
            "many rows has the result?"
        ).format(side=SIDE, window=WINDOW, stride=STRIDE),
        border,
    ),
    "max_pool": (_("Max pooling, written by you."), written),
    "preimages": (
        _(
            "How many black-and-white pictures of 4 × 4 pool (the largest of 2 × 2) to the result "
            "with 1, 1 in its first row and 0, 1 in its second?"
        ),
        preimages,
    ),
    "pixel": (
        _(
            "One bright pixel on black, in column 2 (columns count from 0), windows of 2 × 2 side "
            "by side. Which shift leaves the pooled map as it was?"
        ),
        pixel,
    ),
    "change": (
        _("The mean change of the pooled digits when they are shifted to the left by one pixel."),
        change,
    ),
    "dense_parameters": (
        _(
            "A picture of {side} × {side}; {filters} filters that keep its size; pooling in "
            "windows of 2 × 2, side by side; a dense layer with {outputs} outputs. How many "
            "parameters has the dense layer?"
        ).format(side=SIDE, filters=FILTERS, outputs=OUTPUTS),
        dense_parameters,
    ),
    "sentence": (_("Complete the sentence: pooling makes a map smaller by …"), sentence),
}
