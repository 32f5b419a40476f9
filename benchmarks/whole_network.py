"""How well the network of lesson 09 reads real handwriting: `python benchmarks/whole_network.py`.

The cells of the notebook are run as they stand there, once for each seed: the network is made,
learns from `dl.data.strokes` alone, and is then asked about the 1,797 digits that people wrote.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

import dlnotes as dl

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "09_a_whole_network.ipynb"
CELLS = ("net = dl.Sequential(", "x, y = dl.data.strokes(", "def learn(")


def measure(seed: int) -> tuple[float, float]:
    """The accuracy on real handwriting, and the seconds of learning."""
    space: dict[str, Any] = {"dl": dl, "np": np, "rng": np.random.default_rng(seed)}
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for start in CELLS:
        exec(next(source for source in sources if source.startswith(start)), space)
    accuracy = dl.accuracy(space["net"], space["real_x"], space["real_y"])
    return accuracy, space["seconds"]["convolutional"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seeds", type=int, default=8)
    options = asked.parse_args()
    started = time.perf_counter()
    found = [measure(seed) for seed in range(options.seeds)]
    right, seconds = np.array(found).T
    print(f"read rightly: {right.min():.1%} to {right.max():.1%}, mean {right.mean():.1%}")
    print(f"seconds of learning: {seconds.min():.1f} to {seconds.max():.1f}")
    print(f"{options.seeds} seeds in {time.perf_counter() - started:.0f} s, compiling included")


if __name__ == "__main__":
    main()
