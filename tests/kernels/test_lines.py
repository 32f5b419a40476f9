"""One vector of a line at a time: each operation against plain NumPy, compiled where there is a
compiler. `test_simd.py` holds the machine's instructions against what they mean in Python."""

import numpy as np
import pytest

from dlnotes.kernels import lines, plans, simd
from dlnotes.kernels.compiled import njit
from dlnotes.kernels.simd import LANES

pytestmark = pytest.mark.skipif(not LANES, reason="this processor has no such vectors")
ROWS = 2  # of a tile
COLS = 2  # vectors
FILLING = np.float32(7)  # what must stay where nothing is written
RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.normal(size=shape).astype(np.float32)


@njit
def place_all(source, first, plan, target, origin):
    for j in range(len(plan)):
        lines.place(source, first, plan, j, target, origin)


@njit
def place_all_passed(source, bends, first, plan, target, origin):
    for j in range(len(plan)):
        lines.place_passed(source, bends, first, plan, j, target, origin)


@njit
def bend_and_put(factors, source, floor, plan, target, start, step, rows, most):
    tile = simd.add_scaled(simd.filled(2, 2, factors, 0), factors, 2, 1, source, 0)
    lines.put(lines.at_least(tile, floor), plan, 0, target, start, step, rows, most)


@njit
def pool_one(source, upper, lower, floor, target, code, to):
    lines.pool(source, upper, lower, floor, target, code, to)


@njit
def unpool_one(source, code, at, target, upper, lower):
    lines.unpool(source, code, at, 0, target, upper)
    lines.unpool(source, code, at, 1, target, lower)


@njit
def wipe_one(target, to):
    lines.wipe(target, to)


@njit
def turn_one(source, at, step, target, to, target_step):
    lines.turn(source, at, step, target, to, target_step)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (4, LANES or 1), (2, 2 * LANES + 3)])
def test_an_image_is_laid_on_a_long_row(size):
    (h, w), down, right = size, 1, 2
    across = w + right
    floats = -(-(h + 2) * across // LANES) * LANES
    plan = plans.laying(floats, (down, right), across, size)
    image, bends = numbers(h, w), numbers(h, w)
    bends[0, 0] = np.nan
    # Nothing that lies around the image is read: it would show.
    before = np.full(3, np.nan, np.float32)
    source, passing = (np.concatenate([before, array.ravel()]) for array in (image, bends))
    plain, passed = np.full((2, floats + 2), FILLING)
    place_all(source, 3, plan, plain, 1)
    place_all_passed(source, passing, 3, plan, passed, 1)
    for found, values in ((plain, image), (passed, np.where(bends <= 0, 0, image))):
        row = np.zeros(floats, np.float32)
        for line in range(h):
            at = (down + line) * across + right
            row[at : at + w] = values[line]
        np.testing.assert_array_equal(found, [FILLING, *row, FILLING])


@pytest.mark.parametrize("rows", [1, ROWS])
@pytest.mark.parametrize("spare", [0, 2])
def test_a_tile_is_bent_and_its_lines_come_close_together(rows, spare):
    width, w, across = COLS * LANES, LANES // 2 + 1, LANES // 2 + 3
    plan = plans.keeping(width, across, w)
    factors, source = numbers(2 * ROWS), numbers(width)
    source[1] = np.nan
    tile = factors[:ROWS, None] + factors[ROWS:, None] * source
    kept = [k for k in range(width) if k % across < w][: width - spare]
    most = len(kept) - spare
    step = width + 3
    wanted = np.full(1 + ROWS * step, FILLING)
    for row in range(rows):
        bent = np.where(tile[row] < 0, 0, tile[row])
        wanted[1 + row * step : 1 + row * step + most] = bent[kept[:most]]
    target = np.full(wanted.size, FILLING)
    bend_and_put(factors, source, np.float32(0), plan, target, 1, step, rows, most)
    np.testing.assert_allclose(target, wanted, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("floor", [0, np.nan])
def test_the_largest_of_four_and_back(floor):
    pair = numbers(2, 2 * LANES)
    pair[:, :2] = -1  # equal, and below zero
    pair[1, 3] = np.nan
    four = pair.reshape(2, LANES, 2).swapaxes(0, 1).reshape(LANES, 4)
    place = four.argmax(axis=1)  # the first of equals, and a NaN before all others
    best = four[np.arange(LANES), place]
    code_wanted = np.where(best <= floor, 4, place)
    source = np.concatenate([[FILLING], pair[0], [FILLING, FILLING], pair[1]])
    target, code = np.full(LANES + 2, FILLING), np.full(LANES + 2, 9, np.uint8)
    pool_one(source, 1, 2 * LANES + 3, np.float32(floor), target, code, 1)
    np.testing.assert_array_equal(target, [FILLING, *best, FILLING])
    np.testing.assert_array_equal(code, [9, *code_wanted, 9])

    dy = numbers(LANES + 2)
    back = np.zeros((LANES, 5), np.float32)
    back[np.arange(LANES), code_wanted] = dy[1:-1]
    upper, lower = back[:, :4].reshape(LANES, 2, 2).swapaxes(0, 1).reshape(2, -1)
    image = np.full(4 * LANES + 3, FILLING)
    unpool_one(dy, code, 1, image, 1, 2 * LANES + 2)
    np.testing.assert_array_equal(image, [FILLING, *upper, FILLING, *lower, FILLING])


def test_one_vector_is_wiped():
    target = np.full(LANES + 2, FILLING)
    wipe_one(target, 1)
    np.testing.assert_array_equal(target, [FILLING, *np.zeros(LANES), FILLING])


def test_a_square_is_turned_round():
    source, step = numbers(LANES, LANES + 1), LANES + 3
    target = np.full(1 + LANES * step, FILLING)
    turn_one(source, 1, LANES + 1, target, 1, step)
    found = target[1:].reshape(LANES, step)
    square = np.append(source.ravel()[1:], 0).reshape(LANES, LANES + 1)[:, :LANES]
    np.testing.assert_array_equal(found[:, :LANES], square.T)
    assert (found[:, LANES:] == FILLING).all()
    assert target[0] == FILLING
