"""Which learning rate suits each way to transfer: `python benchmarks/transfer_rates.py`.

Lesson 10 compares three methods at one learning rate. That is fair only where it is nearly the best
for each of them: here is the accuracy of each at seven rates. The seeds are none of the lesson's.
"""

import argparse

import numpy as np

import dlnotes as dl

RATES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
METHODS = ("frozen", "fine-tuned", "scratch")
SHOTS = (1, 5, 50)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seeds", type=int, default=4)
    seeds = range(100, 100 + asked.parse_args().seeds)
    for target in ("drawn", "written"):
        print(f"\ndigits 5–9, {target}".ljust(31), *(f"{rate:>8g}" for rate in RATES))
        for method in METHODS:
            for shots in SHOTS:
                means = [
                    np.mean(
                        [dl.transfer(method, shots, target=target, seed=k, rate=r) for k in seeds]
                    )
                    for r in RATES
                ]
                best = max(means)
                figures = (f"{mean:>7.1%}{'*' if mean == best else ' '}" for mean in means)
                print(f"{method:<12} {shots:>3} of each digit", *figures)


if __name__ == "__main__":
    main()
