"""The questions of lesson 09, a whole network. The library computes each answer when asked."""

import numpy as np

from dlnotes.layers import Conv2d, Dense
from dlnotes.layers.table import count
from dlnotes.lessons.code_judges import Function
from dlnotes.lessons.judges import Choice, Judge, Number
from dlnotes.lessons.questions import Predict
from dlnotes.widgets.network_builder import START, NetworkBuilder
from dlnotes.widgets.network_plan import plan_of, rows_of
from dlnotes.words import _

TITLE = _("A whole network")
EXAMPLE = (1, 28, 28)
MAPS_IN, MAPS_OUT, SIDE, WINDOW = 8, 16, 14, 5  # of the lesson's second convolution


def rows() -> list:
    return rows_of(plan_of(START), EXAMPLE)


def most() -> Predict:
    first, second, last = (
        _("the first convolution"),
        _("the second convolution"),
        _("the dense layer"),
    )
    return Predict(
        _("Where are most of its parameters?"),
        [first, second, last],
        last,
        mistakes={
            second: _("It has the most multiply-adds, but each of its weights is used 196 times.")
        },
        because=_(
            "A dense layer has a weight for every input and every output. A convolution has few "
            "weights and uses each of them at every place: most of the computing is done there."
        ),
        picture=lambda: NetworkBuilder(at=7).svg(),
    )


def real() -> Predict:
    tenth, half, nine = (
        _("about one in ten, as by chance"),
        _("about half"),
        _("more than nine in ten"),
    )
    return Predict(
        _(
            "It learns from digits that a program has drawn. How many of the 1,797 digits that "
            "people have written will it read?"
        ),
        [tenth, half, nine],
        nine,
        because=_(
            "What it has learned is not the drawings but what they have in common with "
            "handwriting: arcs, ends, crossings. Train it below and measure."
        ),
    )


def shifted() -> Predict:
    dense, conv, same = (
        _("the dense network"),
        _("the convolutional network"),
        _("both lose alike"),
    )
    return Predict(
        _(
            "All digits stand in the middle when they learn. Now each is moved by three pixels. "
            "Which network still reads more of them?"
        ),
        [dense, conv, same],
        conv,
        mistakes={same: _("Both lose, but not alike.")},
        because=_(
            "The same filter finds its feature wherever it is, and a pool lets it slip by a pixel. "
            "Every weight of the dense network belongs to one place. But look how much both lose."
        ),
    )


def numbers_in() -> Judge:
    return Number(
        lambda: rows()[-2].output[0],
        because=_("16 maps of 7 × 7: each pool has halved the sides."),
        mistakes=[
            (MAPS_OUT * 28 * 28, _("The two pools have shrunk the maps: 28 to 14 to 7.")),
            (MAPS_OUT * SIDE * SIDE, _("There is a second pool behind the second convolution.")),
            (7 * 7, _("That is one map; 16 of them come in.")),
        ],
    )


def parameters() -> Judge:
    cells = WINDOW * WINDOW
    return Number(
        lambda: count(second_convolution()),
        because=_("5·5·8 weights for each of the 16 filters, and one bias each."),
        mistakes=[
            (cells * MAPS_IN * MAPS_OUT, _("The 16 biases are missing.")),
            (
                cells * MAPS_OUT + MAPS_OUT,
                _("Each filter reaches through all 8 maps that come in."),
            ),
            (cells * MAPS_OUT, _("Each filter reaches through all 8 maps, and has a bias.")),
        ],
    )


def second_convolution() -> Conv2d:
    rng = np.random.default_rng(0)
    return Conv2d(MAPS_IN, MAPS_OUT, WINDOW, padding="same", rng=rng)


def work() -> Judge:
    per_place = MAPS_IN * WINDOW * WINDOW
    return Number(
        lambda: second_convolution().multiply_adds((1, MAPS_IN, SIDE, SIDE)),
        because=_("5·5·8 for each of the 14·14 places of each of the 16 maps."),
        mistakes=[
            (28 * 28 * per_place * MAPS_OUT, _("Behind the first pool the maps are 14 × 14.")),
            (SIDE * SIDE * WINDOW * WINDOW * MAPS_OUT, _("Each window takes in all 8 maps.")),
            (SIDE * SIDE * per_place, _("That is for one of the 16 maps that come out.")),
        ],
    )


def softmax() -> Judge:
    rng = np.random.default_rng(0)
    cases = [(np.array([1.0, 2.0, 3.0]),), (np.zeros(4),), (rng.normal(0, 3, 10),)]
    return Function(
        lambda z: np.exp(z) / np.exp(z).sum(),
        cases,
        because=_("It is what the last row of the viewer shows."),
        mistakes=[
            (lambda z: np.exp(z), _("These are the powers: divide them by their sum.")),
            (
                lambda z: z / (z.sum() or 1.0),
                _("Take e to the power of each logit first, so that none is negative."),
            ),
            (
                lambda z: np.exp(z) / np.exp(z).max(),
                _("That divides by the largest; divide by the sum, so that the shares add to 1."),
            ),
            (
                lambda z: (z == z.max()).astype(float),
                _("That gives all to the largest; softmax is soft: every logit gets a share."),
            ),
        ],
    )


def why_shift() -> Judge:
    places, filters, soft = (
        _("the dense layer at its end has other weights for every place"),
        _("a filter finds its feature only where it has learned it"),
        _("the softmax depends on the place"),
    )
    return Choice(
        [places, filters, soft],
        places,
        because=_(
            "The maps move with the digit; what reads them in the end does not. Learning from "
            "moved digits helps (dl.data.augment), or a mean over all places (GlobalAvgPool2d)."
        ),
        mistakes={
            filters: _("A filter slides over all places: move the input, and its map moves along."),
            soft: _("The softmax sees ten logits and no place."),
        },
    )


def cover() -> Judge:
    rng = np.random.default_rng(1)
    cases = [
        (rng.random((6, 6)), 1, 2, 3),
        (rng.random((5, 8)), 0, 4, 2),
        (np.ones((4, 4)), 2, 1, 2),
    ]

    def covered(picture: np.ndarray, row: int, col: int, size: int) -> np.ndarray:
        found = picture.copy()
        found[row : row + size, col : col + size] = 0
        return found

    def swapped(picture: np.ndarray, row: int, col: int, size: int) -> np.ndarray:
        return covered(picture, col, row, size)

    def one(picture: np.ndarray, row: int, col: int, size: int) -> np.ndarray:
        return covered(picture, row, col, 1)

    def kept(picture: np.ndarray, row: int, col: int, size: int) -> np.ndarray:
        return picture - covered(picture, row, col, size)

    def bright(picture: np.ndarray, row: int, col: int, size: int) -> np.ndarray:
        found = picture.copy()
        found[row : row + size, col : col + size] = 1
        return found

    return Function(
        covered,
        cases,
        because=_("Over all places, that is how the map of the widget was made."),
        mistakes=[
            (swapped, _("Row and column are swapped: rows come first.")),
            (one, _("Only one pixel is covered: take size rows and size columns.")),
            (kept, _("That keeps the patch and covers the rest.")),
            (lambda picture, row, col, size: picture, _("Nothing is covered yet.")),
            (bright, _("Cover it with 0, the background.")),
        ],
        untouched=_(
            "It paints on the picture that it was given, which is lost by that: cover a copy, as "
            "from picture.copy()."
        ),
    )


def torch() -> Judge:
    layer = Dense(784, 10, rng=np.random.default_rng(0))
    ours, theirs = (str(shape) for shape in (layer.weight.value.shape, layer.weight.value.T.shape))
    flat = str((layer.weight.value.size,))
    return Choice(
        [ours, theirs, flat],
        theirs,
        because=_("A row a unit: PyTorch computes x @ weight.T + bias. The numbers are the same."),
        mistakes={
            ours: _("That is ours, so that the code reads x @ weight + bias."),
            flat: _("It stays a matrix: which number belongs to which unit must be told."),
        },
    )


def sentence() -> Judge:
    whole, memory, one = (
        _(
            "layers of shared filters make features of features, and a last layer turns them into "
            "an answer"
        ),
        _("it compares the picture with all those it has learned from"),
        _("each filter recognises one digit"),
    )
    return Choice(
        [whole, memory, one],
        whole,
        because=_("And every number in it is a sum of products that you can check by hand."),
        mistakes={
            memory: _("After learning it keeps no picture: only its parameters."),
            one: _("Filters find edges and arcs; only all of them together tell the digits."),
        },
    )


PREDICTIONS = {"most": most, "real": real, "shifted": shifted}

CHECKS = {
    "numbers_in": (
        _("How many numbers does Flatten hand to the dense layer?"),
        numbers_in,
    ),
    "parameters": (
        _("How many parameters has the second convolution, Conv2d(8, 16, 5)?"),
        parameters,
    ),
    "work": (
        _("How many multiply-adds does it take for one picture?"),
        work,
    ),
    "softmax": (_("Your softmax(z)"), softmax),
    "why_shift": (
        _("Why does the convolutional network lose, too, when a digit moves?"),
        why_shift,
    ),
    "cover": (_("Your cover(picture, row, col, size)"), cover),
    "torch": (
        _("Our Dense(784, 10) has a weight of shape (784, 10). Which shape has it in PyTorch?"),
        torch,
    ),
    "sentence": (_("A convolutional network reads a picture like this: …"), sentence),
}
