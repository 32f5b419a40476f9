"""Features learned once, used again: what a network that knows one task brings to another.

A small convolutional network first learns a *source* task from drawn pictures. Then it has to learn
to read the digits 5–9 from a few examples of each: with its convolutions *frozen*, or *fine-tuned*
together with a new last layer, or, without having learned anything before, from *scratch*. Every
method takes the same number of steps, and sees the same examples.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from dlnotes import data, door, optim
from dlnotes.evaluation import predict, share_right
from dlnotes.kernels.parallel import warm_both
from dlnotes.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.training import train

METHODS = ("frozen", "fine-tuned", "scratch")
SOURCES = ("digits", "shapes", "shuffled")
TARGETS = ("drawn", "written")
CLASSES = 5  # digits 0–4 before, 5–9 after
MOST_SHOTS = 50  # examples a class that are set aside to learn from
BATCH = 32
CHANNELS = 8  # of the first convolution; the next ones have twice and four times as many
DRAWN = 250  # examples that are drawn between two pauses
SLICE = 64  # pictures that are read between two pauses
RATE = 0.005  # of each method, unless told; `benchmarks/transfer_rates.py` compares others
SOURCE_RATE = 0.002


class Pause(NamedTuple):
    """Between two pieces of a run: `done` of `of` of what it is `doing`.

    That is one of "drawing" pictures of the source task, learning it ("before"), "learning" from
    the few examples, and "reading" pictures.
    """

    doing: str
    done: int
    of: int


def transfer_network(
    rng: np.random.Generator | None = None, channels: int = CHANNELS
) -> Sequential:
    """Three times conv – ReLU – pool, then dense 5, for pictures (n, 1, 28, 28)."""
    rng, c = rng or np.random.default_rng(0), channels
    return Sequential(
        *(Conv2d(1, c, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Conv2d(c, 2 * c, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Conv2d(2 * c, 4 * c, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Flatten(), Dense(9 * 4 * c, CLASSES, rng=rng)),
        input_shape=(1, 28, 28),
    )


def source_task(source: str, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """n examples of what is learned first: x (n, 1, 28, 28), y (n,) of 0–4.

    "digits": the drawn digits 0–4; "shapes": circle, cross, lines and square; "shuffled": the drawn
    digits 0–4 with their labels dealt out at random, in which there is nothing to learn.
    """
    if source not in SOURCES:
        raise ValueError(f"transfer: source is {source!r}, wanted one of {', '.join(SOURCES)}")
    if source == "shapes":
        return data.shapes(n, rng=rng)
    x, y = data.strokes(n, rng=rng, classes=range(CLASSES))
    return x, (rng.permutation(y) if source == "shuffled" else y)


@lru_cache(maxsize=64)
def target_task(target: str, shots: int, seed: int, tested: int) -> tuple[np.ndarray, ...]:
    """Digits 5–9: `shots` of each to learn from, and `tested` of them to be read, drawn by `seed`.

    x (5·shots, 1, 28, 28), y, x_test (tested, …), y_test, with labels 0–4. "drawn" ones are drawn
    by the package, "written" ones by people. The examples of fewer shots are among those of more,
    and none that may be learned from is ever among the tested.
    """
    if target not in TARGETS:
        raise ValueError(f"transfer: target is {target!r}, wanted one of {', '.join(TARGETS)}")
    rng = np.random.default_rng([seed, 2])
    if target == "drawn":
        x, y = data.strokes(2 * CLASSES * MOST_SHOTS + tested, rng=rng, classes=range(5, 10))
    else:
        x, y = data.digits(size=28)
        x, y = x[y >= CLASSES], y[y >= CLASSES]
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
    y = y - CLASSES
    place = np.empty(len(y), np.int64)  # the how-many-eth of its class an example is
    for label in range(CLASSES):
        place[y == label] = np.arange((y == label).sum())
    learn, test = place < shots, np.flatnonzero(place >= MOST_SHOTS)[:tested]
    return x[learn], y[learn], x[test], y[test]


def taught(
    net: Layer, x: np.ndarray, y: np.ndarray, *, doing: str, rate: float, steps: int,
    rng: np.random.Generator,
) -> Iterator[Pause]:  # fmt: skip
    """Teach `net` by Adam for that many steps, with a pause after each."""
    batch = min(BATCH, len(x))
    progress = train(
        *(net, x, y),
        loss=CrossEntropy(),
        optimizer=optim.Adam(net.parameters(), rate),
        epochs=-(-steps * batch // len(x)),
        batch_size=batch,
        rng=rng,
    )
    for step in islice(progress, steps):
        yield Pause(doing, step.step, steps)


def read(net: Layer, x: np.ndarray, wanted: list[np.ndarray]) -> Iterator[Pause]:
    """Append what `net` makes of x, a few pictures at a time, with a pause after each."""
    for start in range(0, len(x), SLICE):
        wanted.append(predict(net, x[start : start + SLICE]))
        yield Pause("reading", min(start + SLICE, len(x)), len(x))


known_sources: dict[tuple, Sequential] = {}


def source_learning(
    source: str, n: int, epochs: int, seed: int, channels: int
) -> Iterator[Sequential | Pause]:
    """The network that has learned the source task, last. It is learned once, and kept."""
    settings = (source, n, epochs, seed, channels)
    if settings not in known_sources:
        rng = np.random.default_rng([seed, 0])
        net = transfer_network(rng, channels)
        parts = []
        for start in range(0, n, DRAWN):
            parts.append(source_task(source, min(DRAWN, n - start), rng))
            yield Pause("drawing", min(start + DRAWN, n), n)
        x, y = (np.concatenate(part) for part in zip(*parts, strict=True))
        steps = epochs * -(-n // BATCH)
        options: dict[str, Any] = {"doing": "before", "rate": SOURCE_RATE, "steps": steps}
        yield from taught(net, x, y, rng=rng, **options)
        known_sources[settings] = net
    yield known_sources[settings]


def learning(
    method: str,
    shots: int,
    *,
    source: str = "digits",
    target: str = "drawn",
    seed: int = 0,
    rate: float = RATE,
    steps: int = 80,
    tested: int = 400,
    source_n: int = 6000,
    source_epochs: int = 3,
    channels: int = CHANNELS,
) -> Iterator[float | Pause]:
    """One run in small pieces: a `Pause` after each, and last the accuracy (0 to 1).

    `method` is one of METHODS, `shots` the number of examples of each class (1–50), `source` one of
    SOURCES, `target` one of TARGETS; `seed` draws the examples and the starting weights, `rate` is
    the learning rate of what is learned from the examples. ValueError for anything else.
    """
    if method not in METHODS:
        raise ValueError(f"transfer: method is {method!r}, wanted one of {', '.join(METHODS)}")
    shots = door.whole(shots, "transfer: shots", most=MOST_SHOTS)
    seed = door.whole(seed, "transfer: seed", least=0)
    steps = door.whole(steps, "transfer: steps", least=0)
    tested = door.whole(tested, "transfer: tested")
    rng = np.random.default_rng([seed, 1])
    net = transfer_network(rng, channels)
    x, y, x_test, y_test = target_task(target, shots, seed, tested)
    if method != "scratch":
        for before in source_learning(source, source_n, source_epochs, seed, channels):
            if isinstance(before, Pause):
                yield before
        assert isinstance(before, Sequential)
        for layer, known in zip(net[:-1].leaves(), before[:-1].leaves(), strict=True):
            layer.load_state(known.state())
    learner: Any = net
    if method == "frozen":  # the convolutions do not change: what they see is computed once
        seen: list[np.ndarray] = []
        yield from read(net[:-1], np.concatenate([x, x_test]), seen)
        features = np.concatenate(seen)
        x, x_test, learner = features[: len(x)], features[len(x) :], net[-1]
    yield from taught(learner, x, y, doing="learning", rate=rate, steps=steps, rng=rng)
    read_so_far: list[np.ndarray] = []
    yield from read(learner, x_test, read_so_far)
    yield share_right(np.concatenate(read_so_far), y_test)


def transfer(method: str, shots: int, **options: Any) -> float:
    """The accuracy (0 to 1) on unseen digits 5–9 after learning from `shots` examples of each.

    The arguments are those of `learning`. Made to be swept: `dl.sweep(dl.transfer, grid)`.
    """
    *_pauses, share = learning(method, shots, **options)
    assert isinstance(share, float)
    return share


@lru_cache(maxsize=16)
def wake(source: str, target: str, channels: int = CHANNELS) -> None:
    """Have everything compiled, or loaded, that a run needs, by a few steps for nothing."""
    target_task(target, 1, 0, 1)
    warm_both(lambda: one_step(source, 2, channels))
    one_step(source, 2 * BATCH, channels)


def one_step(source: str, n: int, channels: int) -> None:
    """Learn once, and read, from n pictures: with all layers, and with the last one alone."""
    rng = np.random.default_rng(0)
    net = transfer_network(rng, channels)
    x, y = source_task(source, n, rng)
    for learner, seen in ((net, x), (net[-1], predict(net[:-1], x))):
        list(taught(learner, seen, y, doing="learning", rate=RATE, steps=1, rng=rng))
        predict(learner, seen)
