"""The filters that a lesson offers, each for every size from 1×1 to 7×7.

Rows count downwards and columns to the right, as in the image; "up" in a filter's name is up in
the picture. A filter's numbers are exact, so that a reader can follow the arithmetic by hand.
"""

from functools import lru_cache
from math import comb

import numpy as np

from dlnotes.words import _

LARGEST = 7

# Which way each of the eight edge filters looks: how far to the right, how far up.
DIRECTIONS = {
    "right": (1, 0),
    "upper_right": (1, 1),
    "up": (0, 1),
    "upper_left": (-1, 1),
    "left": (-1, 0),
    "lower_left": (-1, -1),
    "down": (0, -1),
    "lower_right": (1, -1),
}
PRESETS = {
    "ramp_upper_right": _("Ramp to the upper right"),
    "ramp_lower_left": _("Ramp to the lower left (its opposite)"),
    "edge_right": _("Edge: brighter to the right"),
    "edge_upper_right": _("Edge: brighter to the upper right"),
    "edge_up": _("Edge: brighter upwards"),
    "edge_upper_left": _("Edge: brighter to the upper left"),
    "edge_left": _("Edge: brighter to the left"),
    "edge_lower_left": _("Edge: brighter to the lower left"),
    "edge_down": _("Edge: brighter downwards"),
    "edge_lower_right": _("Edge: brighter to the lower right"),
    "sobel_x": _("Sobel, across"),
    "sobel_y": _("Sobel, downwards"),
    "laplace": _("Edges of every direction (Laplace)"),
    "diagonal": _("Diagonal of ones"),
    "diagonal_balanced": _("Diagonal, sum zero"),
    "blur": _("Blur (mean)"),
    "soft_blur": _("Soft blur (binomial)"),
    "sharpen": _("Sharpen"),
    "identity": _("Leave as it is"),
}


def offsets(size: int) -> tuple[np.ndarray, np.ndarray]:
    """How far each cell is to the right of the middle, and how far above it: two (size, size)."""
    along = np.arange(size) - (size - 1) / 2
    return np.broadcast_to(along, (size, size)), np.broadcast_to(-along[:, None], (size, size))


def ramp(direction: str, size: int) -> np.ndarray:
    """Numbers that grow evenly towards one of the `DIRECTIONS`, zero in the middle."""
    right, up = offsets(size)
    a, b = DIRECTIONS[direction]
    return a * right + b * up


def towards(angle: float, size: int = 3) -> np.ndarray:
    """A ramp (size, size) that rises towards `angle`, in degrees anticlockwise from the right.

    It is scaled so that the sum of its squares is 1: a direction has no length.
    """
    right, up = offsets(size)
    turned = np.cos(np.radians(angle)) * right + np.sin(np.radians(angle)) * up
    return turned / (np.sqrt(np.sum(turned**2)) or 1.0)


def binomial(size: int) -> np.ndarray:
    """The binomial coefficients, a row of Pascal's triangle."""
    return np.array([comb(size - 1, i) for i in range(size)], dtype=float)


def sobel(size: int) -> np.ndarray:
    """A difference across, smoothed downwards: Sobel and Feldman 1968, (size, size).

    Larger ones smooth the difference, too, as OpenCV's do; 1 × 1 has no difference and is 0.
    """
    if size < 3:
        across = np.array([0.0]) if size == 1 else np.array([-1.0, 1.0])
    else:
        across = np.convolve(binomial(size - 2), [-1.0, 0.0, 1.0])
    return np.outer(binomial(size), across)


def resized(weights: np.ndarray, size: int) -> np.ndarray:
    """Filters (…, k, k) as (…, size, size): cut, or with zeros around, the middle kept."""
    old = weights.shape[-1]
    found = np.zeros((*weights.shape[:-2], size, size))
    to, back = max((size - old) // 2, 0), max((old - size) // 2, 0)
    n = min(size, old)
    found[..., to : to + n, to : to + n] = weights[..., back : back + n, back : back + n]
    return found


AROUND = {
    "laplace": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}


@lru_cache(maxsize=256)
def preset(name: str, size: int) -> np.ndarray:
    """The filter `name` of `PRESETS`, (size, size), not to be written into; else ValueError."""
    if name not in PRESETS:
        sentence = _("There is no filter “{name}”; there are {names}.")
        raise ValueError(sentence.format(name=name, names=", ".join(PRESETS)))
    found = np.array(_made(name, size), dtype=float) + 0.0  # -0.0 + 0.0 is 0.0
    found.flags.writeable = False
    return found


def _made(name: str, size: int) -> np.ndarray:
    kind, _underscore, direction = name.partition("_")
    diagonal = np.eye(size)[::-1]
    if kind == "ramp":
        return ramp(direction, size)
    if kind == "edge":
        return np.sign(ramp(direction, size))
    if kind == "sobel":
        return sobel(size) if direction == "x" else sobel(size).T
    if kind == "diagonal":
        return size * diagonal - 1 if direction == "balanced" else diagonal
    if name == "blur":
        return np.full((size, size), 1 / size**2)
    if name == "soft_blur":
        return np.outer(binomial(size), binomial(size)) / 4 ** (size - 1)
    return resized(np.array(AROUND[name], dtype=float), size)
