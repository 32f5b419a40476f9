"""Handwriting that we draw ourselves: as many labelled digits as a lesson wants, offline."""

import functools
from collections.abc import Iterable
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.data.glyphs import WAYS, ways
from dlnotes.kernels.raster import BOX, KNOTS, draw_digits

# How much hands differ. Lengths are in units of a digit's height, angles in radians.
BEYOND = 0.2  # of the way between the two extremes, past either
SHAKE = 0.045  # standard deviation of a control point
ELASTIC = 0.1  # standard deviation of the bending field's control values
WIDTH = 0.22  # standard deviation of the logarithm of the width
SLANT = (0.1, 0.18)  # mean (to the right) and standard deviation of the slant's tangent
TURN = 0.08  # standard deviation
PERSPECTIVE = 0.15  # standard deviation
PEN = (0.9, 2.5)  # radius in pixels of the 20-pixel box
BROADER_ONE = 1.2  # a 1's pen is up to this much broader: form readers stretch narrow digits
CRISP = 0.4  # the share that is not scanned coarsely
COARSEST = 7  # pixels of the coarsest scan of the box

MOST = 1_000_000  # pictures a call: 3 GB
BLOCK = 1024  # pictures a kernel call, so that Ctrl-C is answered soon

all_ways = functools.cache(ways)


def strokes(
    n: int, *, rng: np.random.Generator, classes: Iterable[int] = range(10)
) -> tuple[np.ndarray, np.ndarray]:
    """n drawn digits: x (n, 1, 28, 28) float32 in 0–1, white ink on black; y (n,) int64, the
    digits.

    Each digit has several ways of being written (`dlnotes.data.glyphs`). A hand takes one, shakes
    its points, bends it elastically (Simard, Steinkraus and Platt 2003), widens, slants and turns
    it, looks at it from an angle and picks a pen. The picture is made as MNIST's are (LeCun et al.
    1998): fitted into 20×20 pixels, its centre of mass within half a pixel of the middle of 28×28.
    Some are seen through a coarse scan, as `digits()` was. Only digits in `classes` are drawn, each
    as often. The same state of `rng` gives the same pictures, whatever the number of threads.

    ValueError or TypeError where n is not a whole number of 1–1,000,000, rng is not a generator or
    classes are not digits.
    """
    n = door.whole(n, "strokes: n")
    if n > MOST:
        raise ValueError(f"strokes: n is {n}, wanted at most {MOST}")
    rng = door.generator(rng, "strokes: rng")
    choice = np.array(digit_classes(classes))
    y = choice[rng.integers(0, len(choice), n)]
    x = [draw_block(y[start : start + BLOCK], rng) for start in range(0, n, BLOCK)]
    return np.concatenate(x)[:, None], y


def digit_classes(classes: Any) -> list[int]:
    """`classes` as a list of different digits; ValueError otherwise."""
    wanted = "wanted different digits of 0–9, as in (3, 8)"
    if isinstance(classes, str | bytes) or not isinstance(classes, Iterable):
        raise ValueError(f"strokes: classes is {classes!r}, {wanted}")
    found = [door.whole(digit, "strokes: classes", least=0) for digit in classes]
    if not found or max(found) > 9 or len(set(found)) < len(found):
        raise ValueError(f"strokes: classes is {found}, {wanted}")
    return found


def draw_block(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures (n, 28, 28) of the digits y (n,); all chance is here, outside the threads."""
    n, table = len(y), all_ways()
    way = np.searchsorted(table.share, y + rng.random(n), side="right").clip(max=len(WAYS) - 1)

    one, other = table.points[:, way]
    shaking = SHAKE * rng.uniform(0.3, 1.3, (n, 1, 1)) * rng.standard_normal(one.shape)
    shaking = np.take_along_axis(shaking, table.joint[way][:, :, None], axis=1)
    between = rng.uniform(-BEYOND, 1 + BEYOND, (n, 1, 1))
    control = one + between * (other - one) + shaking
    field = ELASTIC * rng.standard_normal((n, 2, KNOTS, KNOTS))

    width = np.exp(WIDTH * rng.standard_normal(n))
    slant = rng.normal(*SLANT, n)
    turn = TURN * rng.standard_normal(n)
    cos, sin = np.cos(turn), np.sin(turn)
    # Widened, then slanted, then turned; y runs downwards, so a positive slant leans to the right.
    seen = [cos * width, -cos * slant - sin, sin * width, cos - sin * slant]
    view = np.stack([*seen, *PERSPECTIVE * rng.standard_normal((2, n))], axis=1)

    radius = rng.uniform(*PEN, n) * np.where(y == 1, 1 + rng.uniform(0, BROADER_ONE, n), 1)
    cells = np.where(rng.random(n) < CRISP, BOX, rng.integers(COARSEST, BOX, n))
    return draw_digits(
        control.astype(np.float32),
        table.ends[way],
        field.astype(np.float32),
        view.astype(np.float32),
        radius.astype(np.float32),
        cells.astype(np.int64),
    )
