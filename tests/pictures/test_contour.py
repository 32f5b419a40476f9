"""The level lines of known landscapes, and of random ones, are where the values say."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from dlnotes.pictures.contour import contour_lines, contour_segments, even_levels


def test_a_circle_is_found_at_its_radius_and_is_closed():
    y, x = np.mgrid[-10:11, -10:11]
    ends = contour_segments(np.hypot(x, y).astype(float), np.array([6.3])) - 10
    np.testing.assert_allclose(np.hypot(*ends.reshape(-1, 2).T), 6.3, atol=0.03)
    _, counts = np.unique(ends.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(counts.tolist()) == {2}


@pytest.mark.parametrize("seed", range(5))
def test_every_end_lies_on_the_level_and_no_line_ends_inside(seed):
    values = np.random.default_rng(seed).normal(size=(6, 7))
    ends = contour_segments(values, np.array([0.2])).reshape(-1, 2)
    height = RegularGridInterpolator((np.arange(6), np.arange(7)), values)
    np.testing.assert_allclose(height(ends[:, ::-1]), 0.2, atol=1e-9)
    at, counts = np.unique(ends.round(9), axis=0, return_counts=True)
    border = (at == 0).any(axis=1) | (at[:, 0] == 6) | (at[:, 1] == 5)
    assert (counts[~border] == 2).all()
    assert (counts[border] == 1).all()


@pytest.mark.parametrize("middle", [0.2, 0.8])
def test_the_lines_of_a_saddle_do_not_cross(middle):
    saddle = np.array([[1.0, 0.0], [0.0, 1.0]])  # the mean, 0.5, is above or below the level
    ends = contour_segments(saddle, np.array([middle]))
    assert len(ends) == 2
    diagonal = ends.sum(axis=2)  # column + row: 0 at the first high corner, 2 at the second
    assert all(np.ptp(pair) == pytest.approx(0) for pair in diagonal) == (middle > 0.5)
    flipped = contour_segments(1 - saddle, np.array([1 - middle]))
    np.testing.assert_allclose(np.sort(flipped.ravel()), np.sort(ends.ravel()))


def test_a_hole_has_no_lines_and_levels_ignore_it():
    values = np.tile(np.arange(5.0), (5, 1))
    values[2, 2] = np.nan
    assert len(contour_segments(values, np.array([1.5]))) == 2
    values[2, 2] = np.inf
    assert len(contour_segments(values, np.array([1.5]))) == 2
    assert even_levels(values, 3).tolist() == [1, 2, 3]
    assert even_levels(np.full((2, 2), np.nan), 3).size == 0


def test_a_circle_is_one_closed_line():
    y, x = np.mgrid[-10:11, -10:11]
    line = contour_lines(np.hypot(x, y).astype(float), np.array([6.3]))
    assert np.isnan(line).all(axis=1).nonzero()[0].tolist() == [len(line) - 1]
    np.testing.assert_allclose(line[0], line[-2], atol=1e-9)
    np.testing.assert_allclose(np.hypot(*(line[:-1] - 10).T), 6.3, atol=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_lines_are_the_pieces_joined(seed):
    values = np.random.default_rng(seed).normal(size=(7, 6))
    levels = np.array([-0.3, 0.2, 0.9])
    pieces, lines = contour_segments(values, levels), contour_lines(values, levels)
    steps = np.stack([lines[:-1], lines[1:]], axis=1)
    steps = steps[np.isfinite(steps).all(axis=(1, 2))]
    assert len(steps) == len(pieces)
    assert sorted(map(tuple, np.sort(steps.round(5), axis=1).reshape(-1, 4).tolist())) == sorted(
        map(tuple, np.sort(pieces.round(6).round(5), axis=1).reshape(-1, 4).tolist())
    )
    gaps = int(np.isnan(lines[:, 0]).sum())
    assert gaps < len(pieces) / 2


def test_no_level_is_no_line():
    assert contour_lines(np.zeros((3, 3)), np.array([1.0])).shape == (0, 2)
