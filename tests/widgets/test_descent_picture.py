"""No two optimisers look alike, and a path is thinned without a visible difference."""

from types import SimpleNamespace

import numpy as np

from dlnotes.widgets.descent_picture import PIXELS, STYLES, thinned
from dlnotes.widgets.optimizers import OPTIMIZERS

SURFACE = SimpleNamespace(x=(-1, 1), y=(0, 4))


def test_colour_is_never_the_only_difference():
    assert list(STYLES) == list(OPTIMIZERS)
    looks = {(style.marker, style.dash) for style in STYLES.values()}
    assert len(looks) == len({style.color for style in STYLES.values()}) == len(OPTIMIZERS)


def test_a_thinned_path_stays_within_a_pixel_and_keeps_its_ends():
    rng = np.random.default_rng(0)
    path = np.cumsum(rng.normal(size=(2000, 2)) * [2e-4, 4e-4], axis=0)
    few = thinned(path, SURFACE)
    assert len(few) < len(path) / 2
    np.testing.assert_array_equal(few[[0, -1]], path[[0, -1]])
    pixel = np.array([2, 4]) / PIXELS
    far = np.abs(path[:, None] - few[None]) / pixel
    assert far.max(axis=2).min(axis=1).max() <= 1


def test_a_place_that_is_no_number_is_no_accident():
    path = np.array([[0.0, 0.0], [0.5, 1.0], [np.nan, np.nan]])
    assert len(thinned(path, SURFACE)) == 3
