"""Lines into pixels, against slow definitions written out in NumPy."""

import threading

import numba
import numpy as np
import pytest
from scipy.interpolate import BSpline

from dlnotes.kernels import raster
from dlnotes.kernels.raster import BOX, KNOTS, SIDE, STEPS


def nearest(x, y, down, rows, cols):
    """The distance from each pixel's centre to the nearest piece drawn, by trying all of them."""
    best = np.full((rows, cols), np.inf)
    for k in range(1, len(x)):
        if down[k]:
            start, end = np.array([x[k - 1], y[k - 1]]), np.array([x[k], y[k]])
            along = np.linspace(0, 1, 2001)[:, None]
            places = start + along * (end - start)
            for row in range(rows):
                for col in range(cols):
                    apart = np.hypot(*(places - (col + 0.5, row + 0.5)).T).min()
                    best[row, col] = min(best[row, col], apart)
    return best


def covered(distance, radius):
    """The part of a pixel-wide interval at `distance` that lies within `radius` of 0."""
    return np.clip(np.minimum(distance + 0.5, radius) - np.maximum(distance - 0.5, -radius), 0, 1)


def middle(picture):
    """The centre of mass (row, column) of a picture, in pixels from the upper left corner."""
    rows, cols = np.indices(picture.shape) + 0.5
    return (rows * picture).sum() / picture.sum(), (cols * picture).sum() / picture.sum()


def hand(rng, n=6, p=5):
    """What `draw_digits` is given: n hands of two strokes."""
    return (
        rng.uniform(0.1, 0.9, (n, p, 2)).astype(np.float32),
        np.tile(np.array([3, p]), (n, 1)),
        (0.1 * rng.standard_normal((n, 2, KNOTS, KNOTS))).astype(np.float32),
        np.tile(np.array([0.8, -0.2, 0.1, 1, 0.1, -0.1], np.float32), (n, 1)),
        rng.uniform(1, 2, n).astype(np.float32),
        rng.choice([8, 13, BOX], n),
    )


def test_resampling_leaves_a_picture_of_the_same_size_alone():
    assert np.array_equal(raster.cubic_matrix(7, 7), np.eye(7))


def test_resampling_keeps_parabolas_away_from_the_border():
    # Keys chose a = -1/2 because then parabolas come out exact.
    places = (np.arange(24) + 0.5) * 8 / 24 - 0.5
    result = raster.cubic_matrix(8, 24) @ (np.arange(8.0) ** 2)
    assert result[6:18] == pytest.approx(places[6:18] ** 2, abs=1e-4)


def test_shrinking_skips_no_cell():
    matrix = raster.cubic_matrix(280, 20)
    assert (np.abs(matrix).sum(axis=0)[14:-14] > 0).all()
    assert (matrix @ np.ones(280))[2:-2] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("radius", [0.2, 0.5, 1.3])
def test_coverage_is_the_part_of_a_pixel_that_a_stripe_covers(radius):
    for distance in np.linspace(0, 3, 31):
        places = distance + (np.arange(1000) + 0.5) / 1000 - 0.5
        inside = (np.abs(places) < radius).mean()
        assert raster.coverage(distance, radius) == pytest.approx(inside, abs=2e-3)


def test_curves_are_catmull_rom_and_pass_their_points():
    control = np.random.default_rng(1).random((7, 2)).astype(np.float32)
    ends = np.array([4, 7, 7])
    x, y, down = np.empty(35), np.empty(35), np.empty(35, np.bool_)
    count = raster.trace_curves(control, ends, x, y, down)
    expected = []
    for stroke in (control[:4], control[4:]):
        points = np.concatenate([stroke[:1], stroke, stroke[-1:]])
        expected.append((*stroke[0], False))
        for p0, p1, p2, p3 in zip(points, points[1:], points[2:], points[3:], strict=False):
            for t in np.arange(1, STEPS + 1) / STEPS:
                line = 2 * p1 + (p2 - p0) * t
                curve = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                place = (line + curve + (3 * p1 - p0 - 3 * p2 + p3) * t**3) / 2
                expected.append((*place, True))
    assert count == len(expected) == 2 + 5 * STEPS
    assert np.stack([x, y, down], axis=1)[:count] == pytest.approx(np.array(expected), abs=1e-6)


def test_bending_is_a_cubic_b_spline():
    rng = np.random.default_rng(2)
    field = rng.standard_normal((2, KNOTS, KNOTS)).astype(np.float32)
    x, y = rng.uniform(0, 1, 9), rng.uniform(0, 1, 9)
    x[0], y[0] = 1.0, 0.0
    cells = KNOTS - 3
    knots = np.arange(-3, KNOTS + 1) / cells
    rows = BSpline(knots, np.eye(KNOTS), 3)(y)
    cols = BSpline(knots, np.eye(KNOTS), 3)(x)
    expected = np.einsum("kr,arc,kc->ak", rows, field, cols) + (x, y)
    raster.bend(x, y, len(x), field)
    assert np.stack([x, y]) == pytest.approx(expected, abs=1e-6)


def test_points_outside_bend_as_the_border_does():
    field = np.random.default_rng(3).standard_normal((2, KNOTS, KNOTS)).astype(np.float32)
    x, y = np.array([-0.5, 0.0]), np.array([1.5, 1.0])
    raster.bend(x, y, 2, field)
    assert (x[0] + 0.5, y[0] - 1.5) == pytest.approx((x[1], y[1] - 1.0))


def test_the_view_is_a_projection():
    rng = np.random.default_rng(4)
    x, y, view = rng.random(5), rng.random(5), rng.normal(0, 0.2, 6) + (1, 0, 0, 1, 0, 0)
    matrix = np.array([[view[0], view[1], 0], [view[2], view[3], 0], [view[4], view[5], 1]])
    seen = matrix @ np.stack([x - 0.5, y - 0.5, np.ones(5)])
    raster.view_from(x, y, 5, view.astype(np.float32))
    assert np.stack([x, y]) == pytest.approx(seen[:2] / seen[2], abs=1e-5)


def test_the_box_holds_the_ink_and_keeps_proportions():
    x, y = np.array([-3.0, 1.0, 0.0]), np.array([2.0, 2.5, 4.0])
    raster.fit_box(x, y, 3, 1.5, 20)
    assert (x.min(), x.max(), y.min()) == pytest.approx((1.5, 18.5, 1.5))
    assert y.max() - y.min() == pytest.approx((4.0 - 2.0) * 17 / 4)


@pytest.mark.parametrize("radius", [0.3, 1.0, 2.2])
def test_ink_is_the_coverage_at_the_nearest_piece(radius):
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0, 9, 5), rng.uniform(-1, 8, 5)
    down = np.array([False, True, False, True, True])
    picture = np.empty((8, 9), np.float32)
    raster.ink(x, y, down, 5, radius, picture)
    assert picture == pytest.approx(covered(nearest(x, y, down, 8, 9), radius), abs=2e-3)


def test_a_dot_is_inked_too():
    picture = np.empty((5, 5), np.float32)
    raster.ink(np.full(2, 2.5), np.full(2, 2.5), np.array([False, True]), 2, 1.0, picture)
    assert picture[2, 2] == 1
    assert picture[2, 3] == pytest.approx(0.5)
    assert picture[0, 0] == 0


def test_enlarging_is_two_matrix_products_kept_in_range():
    small = np.random.default_rng(6).random((7, 7)).round().astype(np.float32)
    matrix, large = raster.enlargements()[7], np.empty((BOX, BOX), np.float32)
    raster.enlarge(small, matrix, large)
    expected = raster.cubic_matrix(7, BOX) @ small @ raster.cubic_matrix(7, BOX).T
    assert expected.max() > 1.01
    assert expected.min() < -0.01
    assert large == pytest.approx(expected.clip(0, 1), abs=1e-5)


def test_the_centre_of_mass_comes_to_the_middle_by_whole_pixels():
    rng = np.random.default_rng(7)
    for _ in range(20):
        box, picture = rng.random((20, 20)) ** 8, np.zeros((28, 28))
        box *= np.linspace(0.2, 2, 20)
        raster.centre(box, picture)
        assert middle(picture) == pytest.approx((14, 14), abs=0.5)
        inked = box > raster.FAINTEST
        assert np.sort(picture[picture > 0]) == pytest.approx(np.sort(box[inked]))


def test_what_is_heavy_on_one_side_stays_within_the_picture():
    box, picture = np.zeros((20, 20)), np.zeros((28, 28))
    box[19, 0] = box[0, 0] = 1
    box[19, 1:3] = 9
    raster.centre(box, picture)
    assert picture.sum() == box.sum()
    assert (picture[0].sum(), picture[19].sum()) == (1, 19)


def test_blank_columns_hold_nothing_back():
    box, picture = np.zeros((20, 20)), np.zeros((28, 28))
    box[:, 17:19] = 1
    raster.centre(box, picture)
    assert picture[4:24, 13:15].sum() == box.sum()


def test_a_blank_box_stays_blank():
    picture = np.zeros((28, 28))
    raster.centre(np.zeros((20, 20)), picture)
    assert not picture.any()


def test_a_drawn_digit_is_its_steps_one_after_the_other():
    given = hand(np.random.default_rng(8))
    pictures = raster.draw_digits(*given)
    assert pictures.shape == (6, SIDE, SIDE)
    for picture, control, ends, field, view, radius, cells in zip(pictures, *given, strict=True):
        x, y, down = np.empty(25), np.empty(25), np.empty(25, np.bool_)
        count = raster.trace_curves(control, ends, x, y, down)
        raster.bend(x, y, count, field)
        raster.view_from(x, y, count, view)
        raster.fit_box(x, y, count, radius * cells / BOX, cells)
        scan, expected = np.empty((cells, cells), np.float32), np.zeros((SIDE, SIDE), np.float32)
        raster.ink(x, y, down, count, radius * cells / BOX, scan)
        matrix = raster.cubic_matrix(cells, BOX)
        raster.centre(np.clip(matrix @ scan @ matrix.T, 0, 1).astype(np.float32), expected)
        assert picture == pytest.approx(expected, abs=1e-4)


def test_a_line_is_inked_in_its_place_or_made_like_a_digit():
    x, y, down = np.array([4.0, 4.0]), np.array([1.0, 7.0]), np.array([False, True])
    placed, expected = np.zeros((8, 8), np.float32), np.zeros((8, 8), np.float32)
    raster.ink_line(x.copy(), y.copy(), down, 1.0, False, placed)
    raster.ink(x, y, down, 2, 1.0, expected)
    assert np.array_equal(placed, expected)
    fitted = np.zeros((SIDE, SIDE), np.float32)
    raster.ink_line(x, y, down, 1.0, True, fitted)
    assert fitted.any(axis=1).sum() == BOX


def test_the_number_of_threads_changes_nothing():
    given = hand(np.random.default_rng(9), n=40)
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = raster.draw_digits(*given)
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(alone, raster.draw_digits(*given))


def test_two_threads_may_draw_at_once():
    given = hand(np.random.default_rng(10))
    expected, found = raster.draw_digits(*given), []
    threads = [
        threading.Thread(target=lambda: found.append(raster.draw_digits(*given))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(pictures, expected) for pictures in found)


def test_warming_compiles_what_the_lessons_call():
    raster.warm()
    if hasattr(raster.draw_all, "signatures"):
        compiled = len(raster.draw_all.signatures)
        raster.draw_digits(*hand(np.random.default_rng(11)))
        assert len(raster.draw_all.signatures) == compiled
