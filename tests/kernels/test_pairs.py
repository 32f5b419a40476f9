"""Lines pooled in pairs, and back, against loops over single pixels."""

import numpy as np
import pytest

from dlnotes.kernels.pairs import pool_lines, unpool_last, unpool_lines, whole
from dlnotes.kernels.simd import LANES

pytestmark = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
LINES = 3  # pooled
FLOOR = np.float32(0)


def naive(image):
    """The largest of each four, and which of them it was: 4 where none is above the floor."""
    h, w = image.shape
    four = image.reshape(h // 2, 2, w // 2, 2).swapaxes(1, 2).reshape(h // 2, w // 2, 4)
    largest = four.max(axis=2)
    code = np.where(largest > FLOOR, four.argmax(axis=2), 4)
    return largest, code


@pytest.mark.parametrize("w", [1, 3, LANES or 1, 14, 2 * LANES + 1])
def test_pooled_and_back(w):
    rng = np.random.default_rng(w)
    across = 2 * w + 3
    image = rng.normal(size=(2 * LINES, 2 * w)).astype(np.float32)
    image[:2, :2] = -1  # none of these four is above the floor
    results = rng.normal(size=2 * LINES * across + 4 * whole(w)).astype(np.float32)
    for line, values in enumerate(image):
        results[line * across : line * across + 2 * w] = values
    y, code = np.full(LINES * w, np.nan, np.float32), np.full(LINES * w, 9, np.uint8)
    pool_lines(results, 0, across, 2 * LINES, FLOOR, y, code, 0, w)
    wanted, chosen = naive(image)
    np.testing.assert_array_equal(y.reshape(LINES, w), wanted)
    np.testing.assert_array_equal(code.reshape(LINES, w), chosen)

    dy = rng.normal(size=LINES * w).astype(np.float32)
    spread = np.zeros((LINES, w, 5), np.float32)
    np.put_along_axis(spread, chosen[:, :, None], dy.reshape(LINES, w, 1), axis=2)
    back = spread[:, :, :4].reshape(LINES, w, 2, 2).swapaxes(1, 2).reshape(2 * LINES, 2 * w)
    # All lines but the last, behind which dy is not read, a vector at a time.
    room = np.zeros(LANES, np.float32)
    target = np.zeros(2 * LINES * across + 4 * whole(w), np.float32)
    padded, codes = np.concatenate([dy, room]), np.concatenate([code, np.full(LANES, 4, np.uint8)])
    unpool_lines(padded, codes, 0, LINES - 1, w, target, 0, across)
    start = 2 * (LINES - 1) * across
    target[start:] = 0
    unpool_last(dy, code, (LINES - 1) * w, 1, w, target, start, across)
    lines = target[: 2 * LINES * across].reshape(2 * LINES, across)
    np.testing.assert_array_equal(lines[:, : 2 * w], back)
    assert not lines[:, 2 * w :].any()
