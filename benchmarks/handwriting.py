"""How well networks that saw only drawn digits read real ones: `python benchmarks/handwriting.py`.

Each network learns from `dl.data.strokes` alone, once for each seed, and is then asked about the
1,797 digits of `dl.data.digits(size=28)`, which people wrote. A README needs the table it prints.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

import dlnotes as dl


def dense(rng: np.random.Generator) -> dl.Sequential:
    """784–128–10."""
    return dl.Sequential(
        dl.Flatten(), dl.Dense(784, 128, rng=rng), dl.ReLU(), dl.Dense(128, 10, rng=rng)
    )


def convolutional(rng: np.random.Generator) -> dl.Sequential:
    """Convolution 8 – pool – convolution 16 – pool – 64 – 10."""
    return dl.Sequential(
        *(dl.Conv2d(1, 8, 3, padding="same", rng=rng), dl.ReLU(), dl.MaxPool2d(2)),
        *(dl.Conv2d(8, 16, 3, padding="same", rng=rng), dl.ReLU(), dl.MaxPool2d(2)),
        *(dl.Flatten(), dl.Dense(16 * 7 * 7, 64, rng=rng), dl.ReLU(), dl.Dense(64, 10, rng=rng)),
    )


EPOCHS = {dense: 4, convolutional: 2}


def measure(
    make: Callable[[np.random.Generator], dl.Sequential], seed: int, drawn: int, epochs: int
) -> tuple[float, float]:
    """The accuracy on real handwriting, and the seconds from the first digit drawn to it."""
    started = time.perf_counter()
    rng = np.random.default_rng(seed)
    x, y = dl.data.strokes(drawn, rng=rng)
    net = make(rng)
    optimizer = dl.optim.Adam(net.parameters(), 0.001)
    options = {"epochs": epochs, "batch_size": 64, "rng": rng}
    for _ in dl.train(net, x, y, loss=dl.CrossEntropy(), optimizer=optimizer, **options):
        pass
    return dl.accuracy(net, *dl.data.digits(size=28)), time.perf_counter() - started


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seeds", type=int, default=5)
    asked.add_argument("--drawn", type=int, default=30_000, help="digits to learn from")
    options = asked.parse_args()
    for make in EPOCHS:
        measure(make, 0, 64, 1)  # compiles, outside the times
    print("| network | epochs | read rightly: mean | lowest – highest | seconds: median |")
    print("|---|---|---|---|---|")
    for make, epochs in EPOCHS.items():
        found = [measure(make, seed, options.drawn, epochs) for seed in range(options.seeds)]
        right, seconds = np.array(found).T
        spread = f"{right.min():.1%} – {right.max():.1%}"
        cells = (make.__name__, epochs, f"{right.mean():.1%}", spread, f"{np.median(seconds):.0f}")
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
