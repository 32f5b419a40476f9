"""The filters do what their names say, at every size."""

import numpy as np
import pytest

from dlnotes.widgets.filters import (
    DIRECTIONS,
    LARGEST,
    PRESETS,
    preset,
    ramp,
    resized,
    towards,
)

SIZES = range(1, LARGEST + 1)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("size", SIZES)
def test_every_filter_has_every_size(name, size):
    weights = preset(name, size)
    assert weights.shape == (size, size)
    assert np.isfinite(weights).all()
    assert not weights.flags.writeable
    assert not np.signbit(weights[weights == 0]).any()


def test_the_filters_as_they_are_printed():
    assert preset("ramp_upper_right", 3).tolist() == [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]
    assert preset("edge_right", 3).tolist() == [[-1, 0, 1]] * 3
    assert preset("edge_upper_left", 3).tolist() == [[1, 1, 0], [1, 0, -1], [0, -1, -1]]
    assert preset("sobel_x", 3).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert preset("sobel_y", 3).tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    assert preset("sobel_x", 5)[2].tolist() == [-6, -12, 0, 12, 6]
    assert preset("sharpen", 3).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert preset("diagonal", 3).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert preset("diagonal_balanced", 3).tolist() == [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]
    assert preset("soft_blur", 3)[1].tolist() == [0.125, 0.25, 0.125]


@pytest.mark.parametrize("size", SIZES)
def test_sums(size):
    for name in PRESETS:
        total = preset(name, size).sum()
        if name.startswith(("ramp", "edge", "sobel")) or name == "diagonal_balanced":
            assert total == pytest.approx(0), name
        elif name in ("blur", "soft_blur", "identity"):
            assert total == pytest.approx(1), name


def test_opposites():
    pairs = [("right", "left"), ("up", "down"), ("upper_right", "lower_left")]
    for one, other in [*pairs, ("upper_left", "lower_right")]:
        for size in SIZES:
            np.testing.assert_array_equal(
                preset(f"edge_{one}", size), -preset(f"edge_{other}", size)
            )
    for size in SIZES:
        np.testing.assert_array_equal(
            preset("ramp_upper_right", size), -preset("ramp_lower_left", size)
        )


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_ramp_grows_towards_its_direction(direction):
    right, up = DIRECTIONS[direction]
    weights = ramp(direction, 5)
    assert weights[2 - 2 * up, 2 + 2 * right] == weights.max()
    assert weights[2 + 2 * up, 2 - 2 * right] == weights.min()
    assert f"edge_{direction}" in PRESETS


@pytest.mark.parametrize("size", [1, 3, 4, 7])
def test_a_direction_has_length_one(size):
    for angle in (0, 45, 90, 200):
        weights = towards(angle, size)
        assert np.sum(weights**2) == pytest.approx(1 if size > 1 else 0)
    np.testing.assert_allclose(towards(45, size), -towards(225, size), atol=1e-12)


def test_towards_is_a_ramp():
    np.testing.assert_allclose(towards(0), np.array([[-1, 0, 1]] * 3) / np.sqrt(6), atol=1e-12)
    np.testing.assert_allclose(towards(90)[:, 1], np.array([1, 0, -1]) / np.sqrt(6), atol=1e-12)


def test_the_middle_is_kept_where_the_size_changes():
    three = np.arange(9.0).reshape(3, 3)
    assert resized(three, 1).tolist() == [[4]]
    five = resized(three, 5)
    assert five[1:4, 1:4].tolist() == three.tolist()
    assert five.sum() == three.sum()
    np.testing.assert_array_equal(resized(five, 3), three)
    np.testing.assert_array_equal(resized(three, 3), three)
    assert resized(np.ones((2, 4, 4)), 2).shape == (2, 2, 2)


@pytest.mark.parametrize("name", ["nothing", "ramp_sideways", "", "edge"])
def test_a_filter_that_there_is_not(name):
    with pytest.raises(ValueError, match="There is no filter"):
        preset(name, 3)
