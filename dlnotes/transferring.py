"""Features learned once, used again: what a network that knows one task brings to another.

A small convolutional network first learns a *source* task from drawn pictures. Then it has to learn
to read the handwritten digits 5–9 from a few examples of each: with its convolutions *frozen*, or
*fine-tuned* together with a new last layer, or, without having learned anything before, from
*scratch*. Every method takes the same number of steps.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from dlnotes import data, door, optim
from dlnotes.evaluation import accuracy, predict
from dlnotes.layers import Conv2d, Dense, Flatten, Layer, MaxPool2d, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.training import train

METHODS = ("frozen", "fine-tuned", "scratch")
SOURCES = ("digits", "shapes", "shuffled")
CLASSES = 5  # digits 0–4 before, 5–9 after
MOST_SHOTS = 50  # examples a class that are set aside to learn from
BATCH = 32
RATES = {"source": 0.002, "frozen": 0.01, "fine-tuned": 0.002, "scratch": 0.002}


def network(rng: np.random.Generator, channels: int = 8) -> Sequential:
    """conv – ReLU – pool – conv – ReLU – pool – flatten – dense 5, for pictures (n, 1, 28, 28)."""
    return Sequential(
        *(Conv2d(1, channels, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Conv2d(channels, 2 * channels, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Flatten(), Dense(98 * channels, CLASSES, rng=rng)),
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


@lru_cache(maxsize=16)
def learned_source(source: str, *, n: int, epochs: int, seed: int, channels: int = 8) -> Sequential:
    """The network after `epochs` times through n examples of the source task. Do not teach it."""
    rng = np.random.default_rng([seed, SOURCES.index(source)])
    net = network(rng, channels)
    x, y = source_task(source, n, rng)
    for _loss in taught(net, x, y, rate=RATES["source"], steps=epochs * (n // BATCH), rng=rng):
        pass
    return net


@lru_cache(maxsize=64)
def written(shots: int, seed: int, tested: int) -> tuple[np.ndarray, ...]:
    """Real digits 5–9: `shots` of each to learn from and `tested` to be read, drawn by `seed`.

    x (5·shots, 1, 28, 28), y, x_test (tested, …), y_test. The examples of fewer shots are among
    those of more, and none of the first 50 a class is ever among the tested.
    """
    x, y = data.digits(size=28)
    kept = y >= CLASSES
    x, y = x[kept], y[kept] - CLASSES
    order = np.random.default_rng(seed).permutation(len(x))
    x, y = x[order], y[order]
    place = np.empty(len(y), np.int64)  # the how-many-eth of its class an example is
    for label in range(CLASSES):
        place[y == label] = np.arange((y == label).sum())
    learn, test = place < shots, np.flatnonzero(place >= MOST_SHOTS)[:tested]
    return x[learn], y[learn], x[test], y[test]


def taught(
    net: Layer, x: np.ndarray, y: np.ndarray, *, rate: float, steps: int, rng: np.random.Generator
) -> Iterator[float]:
    """Teach `net` by Adam for that many steps; the loss of each."""
    batch = min(BATCH, len(x))
    progress = train(
        *(net, x, y),
        loss=CrossEntropy(),
        optimizer=optim.Adam(net.parameters(), rate),
        epochs=-(-steps * batch // len(x)),
        batch_size=batch,
        rng=rng,
    )
    for step in progress:
        yield step.loss
        if step.step == steps:
            return


def learning(
    method: str,
    shots: int,
    *,
    source: str = "digits",
    seed: int = 0,
    steps: int = 80,
    tested: int = 400,
    source_n: int = 2000,
    source_epochs: int = 2,
    channels: int = 8,
) -> Iterator[float | None]:
    """One run in small steps: None after each but the last, which is the accuracy (0 to 1).

    `method` is one of METHODS, `shots` the number of examples of each class (1–50), `source` one of
    SOURCES, `seed` draws the examples and the starting weights. ValueError for anything else.
    """
    if method not in METHODS:
        raise ValueError(f"transfer: method is {method!r}, wanted one of {', '.join(METHODS)}")
    shots = door.whole(shots, "transfer: shots", most=MOST_SHOTS)
    seed = door.whole(seed, "transfer: seed", least=0)
    rng = np.random.default_rng([seed, 1])
    net = network(rng, channels)
    x, y, x_test, y_test = written(shots, seed, tested)
    if method != "scratch":
        before = learned_source(source, n=source_n, epochs=source_epochs, seed=seed, channels=channels)
        for layer, known in zip(net[:-1].leaves(), before[:-1].leaves(), strict=True):
            layer.load_state(known.state())
    learner: Layer = net
    if method == "frozen":  # the convolutions do not change: their features are computed once
        x, x_test = predict(net[:-1], x), predict(net[:-1], x_test)
        learner = net[-1]
    for _loss in taught(learner, x, y, rate=RATES[method], steps=steps, rng=rng):
        yield None
    yield accuracy(learner, x_test, y_test)


def transfer(method: str, shots: int, **options: object) -> float:
    """The accuracy (0 to 1) on unseen real digits 5–9 after learning `shots` examples of each.

    The arguments are those of `learning`; made to be swept: `dl.sweep(dl.transfer, grid)`.
    """
    for accuracy_or_none in learning(method, shots, **options):  # type: ignore[arg-type]
        last = accuracy_or_none
    assert last is not None
    return last
