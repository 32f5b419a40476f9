"""How much a shift changes what is made of a picture: measured over many pictures, layer by layer.

The change is ‖f(shifted) − f(picture)‖ / ‖f(picture)‖: 0 for the same, √2 for two pictures of one
brightness that have no pixel in common.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from dlnotes import data
from dlnotes.layers import BlurPool2d, Conv2d, Flatten, Layer, MaxPool2d, ReLU, Sequential, Softmax
from dlnotes.widgets import trained
from dlnotes.widgets.pool_images import filtered
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.words import _

FURTHEST = 8  # pixels, along rows and along columns
MARGIN = 10  # pixels around the small digits: 28 a side, and nothing leaves when it is shifted
BEYOND = 6  # pixels more while they are pooled, so that no blur meets the edge
BLOCK = 500  # pictures that are pooled in one slice
PHASES = 4  # a shift by so many pixels moves the maps pooled twice by whole cells
DIRECTIONS = {
    (0, 1): _("to the right"),
    (-1, 1): _("to the upper right"),
    (-1, 0): _("up"),
    (-1, -1): _("to the upper left"),
    (0, -1): _("to the left"),
    (1, -1): _("to the lower left"),
    (1, 0): _("down"),
    (1, 1): _("to the lower right"),
}
STAGES = {
    "small": {
        "pixels": _("the pixels"),
        "convolved": _("convolved"),
        "pooled": _("pooled"),
        "twice": _("pooled twice"),
    },
    "large": {
        "pixels": _("the pixels"),
        "convolved": _("first convolution"),
        "pooled": _("first pooling"),
        "twice": _("second pooling"),
        "probabilities": _("probabilities"),
    },
}
POOLED = ("pooled", "twice", "probabilities")  # what depends on the kind of pooling


@dataclass(frozen=True)
class Bench:
    """What is shifted, and what is made of it; a name for what is measured and kept below.

    `pictures` is "small", real digits of 8×8 pixels on black, filtered and pooled as they are, or
    "large", drawn digits of 28×28 pixels that go through a trained network. `n` is how many there
    are, at most; `taught` and `epochs` are how many digits the network learned from, how often.
    """

    pictures: str
    n: int
    taught: int
    epochs: int


@lru_cache(maxsize=8)
def examples(bench: Bench) -> tuple[np.ndarray, np.ndarray]:
    """The pictures before the shift, (n, 1, h, w) float32, and which digits they are, (n,)."""
    if bench.pictures == "small":
        x, y = data.digits()
        room = ((0, 0), (0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN))
        return np.pad(x[: bench.n], room), y[: bench.n]
    # Of another seed than those that the network has seen.
    return data.strokes(bench.n, rng=np.random.default_rng(1))


def pictures_of(bench: Bench) -> np.ndarray:
    return examples(bench)[0]


def pool(blur: bool) -> Layer:
    """One window in four; with `blur`, every window's maximum, blurred before three in four go."""
    return Sequential(MaxPool2d(2, stride=1), BlurPool2d()) if blur else MaxPool2d(2)


@lru_cache(maxsize=8)
def convolved(bench: Bench) -> np.ndarray:
    return filtered(pictures_of(bench))


@sliced(kept=256)
def phase(bench: Bench, rows: int, cols: int, blur: bool) -> Made:
    """The small pictures, shifted by less than `PHASES` pixels, pooled once and twice."""
    around = ((0, 0), (0, 0), (BEYOND, BEYOND), (BEYOND, BEYOND))
    cut = slice(BEYOND // 2, -BEYOND // 2)
    x, found = pictures_of(bench), []
    for start in range(0, len(x), BLOCK):
        once = pool(blur)(data.shift(np.pad(x[start : start + BLOCK], around), rows, cols))
        found.append((once[:, :, cut, cut], pool(blur)(once)))
        yield start / len(x)
    once, twice = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return once, twice


def maps(
    bench: Bench, rows: int, cols: int, blur: bool, which: slice = slice(None)
) -> dict[str, np.ndarray]:
    """What is made of the pictures, shifted down by `rows` and right by `cols`, by stage.

    Each (n, …), of the pictures `which`.
    """
    x = data.shift(pictures_of(bench)[which], rows, cols)
    if bench.pictures == "large":
        return through(trained.convolutional(blur=blur, n=bench.taught, epochs=bench.epochs), x)
    # On black without end, a convolution moves along, and four pixels move both maps by whole
    # cells: so few maps have to be made.
    down, right = rows % PHASES, cols % PHASES
    once, twice = phase(bench, down, right, blur)
    return {
        "pixels": x,
        "convolved": data.shift(convolved(bench)[which], rows, cols),
        "pooled": data.shift(once[which], (rows - down) // 2, (cols - right) // 2),
        "twice": data.shift(twice[which], (rows - down) // 4, (cols - right) // 4),
    }


def through(net: Sequential, x: np.ndarray) -> dict[str, np.ndarray]:
    """The network's maps after its first ReLU and its two poolings, and its probabilities."""
    layers, outputs = list(net), net.trace(x)
    kinds = [type(layer) for layer in layers]
    return {
        "pixels": x,
        "convolved": outputs[kinds.index(ReLU)],
        "pooled": outputs[kinds.index(Conv2d, 1) - 1],
        "twice": outputs[kinds.index(Flatten) - 1],
        "probabilities": Softmax()(outputs[-1]),
    }


def relative(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """‖after − before‖ / ‖before‖ of each picture, (n,)."""
    gap, start = (a.reshape(len(a), -1) for a in (after - before, before))
    squares = np.einsum("ij,ij->i", gap, gap) / np.einsum("ij,ij->i", start, start)
    return np.sqrt(squares)


@lru_cache(maxsize=8)
def unshifted(bench: Bench, blur: bool) -> dict[str, np.ndarray]:
    return maps(bench, 0, 0, blur)


@lru_cache(maxsize=4096)
def measured(bench: Bench, rows: int, cols: int, blur: bool) -> dict[str, SimpleNamespace]:
    """By stage, over the pictures: the `mean` change, `low` and `high`, between which four in five
    lie, and how many of the `n` are the `same`.

    Of probabilities, the same are those whose likeliest digit stays; `right` are those where it is
    the digit.
    """
    before, after = unshifted(bench, blur), maps(bench, rows, cols, blur)
    found = {}
    for stage, start in before.items():
        change = relative(start, after[stage])
        low, high = np.quantile(change, (0.1, 0.9))
        same, right = change == 0, np.zeros(0)
        if stage == "probabilities":
            answer = after[stage].argmax(axis=1)
            same, right = start.argmax(axis=1) == answer, answer == examples(bench)[1]
        found[stage] = SimpleNamespace(
            mean=float(change.mean()), low=float(low), high=float(high), same=int(same.sum()),
            right=int(right.sum()), n=len(change),
        )  # fmt: skip
    return found


def curve(bench: Bench, direction: tuple[int, int], blur: bool) -> dict[str, dict[str, np.ndarray]]:
    """By stage `mean`, `low` and `high` at 0 to `FURTHEST` pixels in one of the `DIRECTIONS`."""
    down, right = direction
    found = [measured(bench, d * down, d * right, blur) for d in range(FURTHEST + 1)]
    return {
        stage: {
            part: np.array([getattr(at[stage], part) for at in found])
            for part in ("mean", "low", "high")
        }
        for stage in found[0]
    }


@sliced()
def warm(bench: Bench) -> Made:
    """Measure every curve, once, so that no reader waits for one while dragging."""
    stages = 1.0
    if bench.pictures == "large":
        stages = 3.0
        for i, blur in enumerate((True, False)):  # the one that loads more comes first
            for share in trained.convolutional.slices(
                blur=blur, n=bench.taught, epochs=bench.epochs
            ):
                yield (i + share) / stages
    shifts = [
        (d * down, d * right, blur)
        for blur in (False, True)
        for down, right in DIRECTIONS
        for d in range(FURTHEST + 1)
    ]
    for i, (rows, cols, blur) in enumerate(shifts):
        share = 1 - (1 - i / len(shifts)) / stages
        if bench.pictures == "small":
            for _share in phase.slices(bench, rows % PHASES, cols % PHASES, blur):
                yield share
        if not (rows or cols):
            unshifted(bench, blur)
            yield share
        measured(bench, rows, cols, blur)
        yield share


def nearest(rows: int, cols: int) -> tuple[int, int]:
    """The one of the eight directions that a shift comes closest to; to the right for none."""
    if not rows and not cols:
        return 0, 1
    turn = round(np.arctan2(-rows, cols) / (np.pi / 4))
    return list(DIRECTIONS)[turn % len(DIRECTIONS)]
