"""Zero inside, not at the border, and not with stride 2: all three."""

import numpy as np
import pytest
import reference
from driver import check_frame, move_everything

from dlnotes.widgets.conv_arithmetic import Setting
from dlnotes.widgets.picture_value import value_of
from dlnotes.widgets.shift_equivariance import ShiftEquivariance, inside


def shown(**values):
    explorer = ShiftEquivariance(**values)
    return explorer.compute(**explorer.values), explorer


def moved(x, down, right):
    """x (h, w) shifted, zeros coming in."""
    y = np.zeros_like(x)
    for row, col in np.ndindex(x.shape):
        if 0 <= row - down < x.shape[0] and 0 <= col - right < x.shape[1]:
            y[row, col] = x[row - down, col - right]
    return y


@pytest.mark.parametrize(("right", "down"), [(0, 0), (3, 0), (0, -2), (-8, 8), (1, 1), (5, -7)])
@pytest.mark.parametrize("same", [True, False])
def test_zero_inside_with_stride_one(right, down, same):
    result, explorer = shown(right=right, down=down, same=same)
    assert result["inside"] == pytest.approx(0, abs=1e-12)
    assert result["cells"] > 150
    assert "inside=0," in repr(explorer)


def test_a_drawn_digit_can_be_sent_to_it():
    explorer = ShiftEquivariance(right=2, down=-1)
    assert "sent" not in explorer.controls["image"].options
    image = np.zeros((28, 28))
    image[5:20, 9] = 1
    explorer.picture = value_of(image)
    assert explorer.image == "sent"
    check_frame(explorer, explorer._frame)
    result = explorer.compute(**explorer.values)
    np.testing.assert_allclose(result["x"], moved(np.pad(image, 2), -1, 2))
    assert result["inside"] == pytest.approx(0, abs=1e-12)
    explorer.picture = None
    assert explorer.image != "sent"
    check_frame(explorer, explorer._frame)


def test_not_at_the_border():
    result, explorer = shown(right=3)
    assert result["border"] > 0.5
    assert "by at most 0 inside and " in explorer._frame["says"]


def test_not_with_stride_two_unless_the_steps_are_whole():
    odd, explorer = shown(right=3, stride=2)
    assert odd["inside"] > 0.1
    assert "no whole number of steps of 2" in explorer._frame["says"]
    even, explorer = shown(right=4, down=-2, stride=2)
    assert even["inside"] == pytest.approx(0, abs=1e-12)
    assert even["steps"] == (-1, 2)
    assert "no whole number" not in explorer._frame["says"]


def test_no_shift_no_difference():
    result, _ = shown(right=0, down=0)
    assert np.abs(result["gap"]).max() == 0


@pytest.mark.parametrize("values", [{"stride": 1}, {"stride": 2, "same": False}])
def test_both_sides_are_the_textbooks(values):
    result, explorer = shown(right=2, down=-4, **values)
    x, v = ShiftEquivariance(right=0, down=0), explorer.values
    original = x.compute(**x.values)["x"]
    p = 1 if v["same"] else 0
    weights = np.array([[[[0, 1, 2], [-1, 0, 1], [-2, -1, 0.0]]]])

    def conv(image):
        stride, sides = (v["stride"],) * 2, ((p, p), (p, p))
        return reference.conv2d(image[None, None], weights, np.zeros(1), stride, sides)[0, 0]

    np.testing.assert_allclose(result["one"], conv(moved(original, -4, 2)), atol=1e-12)
    steps = -4 // v["stride"], 2 // v["stride"]
    np.testing.assert_allclose(result["other"], moved(conv(original), *steps), atol=1e-12)


def test_the_inside_is_what_neither_border_nor_new_zeros_reach():
    """By brute force: a cell is inside if both windows hold the same original pixels."""
    n = 7
    for setting in (Setting(3), Setting(3, 1, 1), Setting(3, 2, 1)):
        for down, right in ((0, 0), (2, 0), (-2, 4), (6, 6)):
            original = np.arange(1, n * n + 1).reshape(n, n)
            seen = moved(original, down, right)
            p, n_out = setting.padding, setting.output(n)
            before, after = np.pad(original, p), np.pad(seen, p)
            wanted = np.zeros((n_out, n_out), bool)
            for row, col in np.ndindex(n_out, n_out):
                source = row - down // setting.stride, col - right // setting.stride
                if all(0 <= place < n_out for place in source):
                    one = after[np.ix_(*setting.window(row, col))]
                    other = before[np.ix_(*setting.window(*source))]
                    wanted[row, col] = one.min() > 0 and other.min() > 0
            np.testing.assert_array_equal(inside(n, setting, down, right), wanted)


def test_everything_can_be_moved():
    explorer = ShiftEquivariance(image="circle")
    check_frame(explorer, explorer._frame)
    assert move_everything(explorer, np.random.default_rng(0)) > 25


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_there_is_always_an_inside(stride):
    for right, down in ((8, 8), (-8, 8), (-8, -8)):
        assert shown(right=right, down=down, stride=stride, same=False)[0]["cells"] > 0
