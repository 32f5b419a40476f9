"""Made curves: points whose true function is known, so that a fit can be held against the truth."""

import numpy as np


def true_curve(x: np.ndarray) -> np.ndarray:
    """A wave on a slope, behind `made_curve`: 20 + 4x + 12 sin(1.4x) for x from 0 to 10."""
    return 20 + 4 * x + 12 * np.sin(1.4 * x)


def made_curve(
    n: int = 40, *, noise: float = 4.0, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """n points, evenly from x = 0 to 10, on `true_curve` plus normal noise: x and y, (n,) each."""
    x = np.linspace(0, 10, n)
    return x, true_curve(x) + rng.normal(0, noise, n)
