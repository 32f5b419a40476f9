"""Networks that several explorers look into, trained here and now when first asked for.

Each is made once for its settings and shared: look, and do not teach it.
"""

import numpy as np

from dlnotes import data, optim
from dlnotes.layers import BlurPool2d, Conv2d, Dense, Flatten, MaxPool2d, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.training import train
from dlnotes.widgets.sliced import Made, sliced
from dlnotes.widgets.training_run import rehearse

BATCH = 64
DRAWN = 1000  # digits that are drawn in one slice


def taught(net: Sequential, n: int, epochs: int, rng: np.random.Generator) -> Made:
    """`net`, taught by Adam on n drawn digits."""
    parts = []
    for start in range(0, n, DRAWN):
        parts.append(data.strokes(min(DRAWN, n - start), rng=rng))
        if not start:
            rehearse(net, *parts[0])
        yield 0.0
    x, y = (np.concatenate(part) for part in zip(*parts, strict=True))
    yield 0.0
    steps = train(
        *(net, x, y),
        loss=CrossEntropy(),
        optimizer=optim.Adam(net.parameters(), 0.002),
        epochs=epochs,
        batch_size=BATCH,
        rng=rng,
    )
    yield 0.0
    for step in steps:
        yield step.step / step.steps
    return net


@sliced()
def dense(hidden: int = 32, *, n: int = 8000, epochs: int = 3, seed: int = 0) -> Made:
    """784 – `hidden` – 10 with ReLU between, taught `epochs` times on n drawn digits."""
    rng = np.random.default_rng(seed)
    layers = (Flatten(), Dense(784, hidden, rng=rng), ReLU(), Dense(hidden, 10, rng=rng))
    return (yield from taught(Sequential(*layers), n, epochs, rng))


@sliced()
def convolutional(*, blur: bool = False, n: int = 6000, epochs: int = 2, seed: int = 0) -> Made:
    """conv 8 – ReLU – pool – conv 16 – ReLU – pool – 10, taught `epochs` times on n drawn digits.

    With `blur`, each pool takes the maximum of every window one pixel apart and blurs before it
    leaves three in four of them out (Zhang 2019), where it otherwise takes one window in four.
    """
    rng = np.random.default_rng(seed)

    def pool() -> tuple:
        return (MaxPool2d(2, stride=1), BlurPool2d()) if blur else (MaxPool2d(2),)

    net = Sequential(
        *(Conv2d(1, 8, 3, padding="same", rng=rng), ReLU(), *pool()),
        *(Conv2d(8, 16, 3, padding="same", rng=rng), ReLU(), *pool()),
        *(Flatten(), Dense(784, 10, rng=rng)),
    )
    return (yield from taught(net, n, epochs, rng))
