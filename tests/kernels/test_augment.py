"""Moved pictures, against SciPy's affine transformation."""

import numpy as np
import pytest
from scipy.ndimage import affine_transform

from dlnotes.kernels import augment


def test_a_map_is_an_affine_transformation_about_the_middle():
    rng = np.random.default_rng(1)
    x = rng.random((4, 2, 6, 7))
    maps = rng.normal(0, 0.3, (4, 2, 3)) + np.eye(2, 3)
    maps[:, :, 2] *= 5
    y = augment.move(x, maps)
    offset = np.array([2.5, 3.0])
    for picture, result, matrix in zip(x, y, maps, strict=True):
        start = matrix[:, 2] + offset - matrix[:, :2] @ offset
        for channel, moved in zip(picture, result, strict=True):
            # A frame of zeros, because SciPy does not blend the border with what lies outside.
            framed = np.pad(channel, 9)
            begin = start + 9 - matrix[:, :2] @ (9, 9)
            expected = affine_transform(framed, matrix[:, :2], begin, order=1)[9:-9, 9:-9]
            assert moved == pytest.approx(expected, abs=1e-12)


def test_no_move_changes_nothing():
    x = np.random.default_rng(2).random((1, 3, 5, 5)).astype(np.float32)
    assert np.array_equal(augment.move(x, np.eye(2, 3)[None]), x)


def test_warming_compiles_what_the_lessons_call():
    augment.warm()
    if hasattr(augment.move_all, "signatures"):
        compiled = len(augment.move_all.signatures)
        augment.move(np.ones((2, 1, 4, 4), np.float32), np.tile(np.eye(2, 3), (2, 1, 1)))
        assert len(augment.move_all.signatures) == compiled
