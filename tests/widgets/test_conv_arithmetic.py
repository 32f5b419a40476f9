"""Where the windows lie, and what the layer makes of an image."""

import numpy as np
import pytest
import reference

from dlnotes.widgets.conv_arithmetic import Setting, convolved, outputs, padded, tidy

SETTINGS = [
    Setting(1), Setting(3), Setting(3, 2, 1, 1), Setting(2, 3, 2, 2), Setting(5, 1, 2, 1),
    Setting(3, 4, 6, 3),
]  # fmt: skip
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("setting", SETTINGS)
def test_outputs_are_the_textbooks(setting):
    x, weights = RNG.normal(size=(2, 9, 9)), RNG.normal(size=(3, 2, setting.size, setting.size))
    bias = RNG.normal(size=3)
    p = setting.padding
    wanted = reference.conv2d(
        x[None], weights, bias, (setting.stride,) * 2, ((p, p), (p, p)), (setting.dilation,) * 2
    )[0]
    for found in (convolved(x, weights, bias, setting), outputs(x, weights, bias, setting)):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    assert wanted.shape[1] == setting.output(9)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_window_holds_what_the_output_is_made_of(setting):
    x, weights = RNG.normal(size=(1, 9, 9)), RNG.normal(size=(1, 1, setting.size, setting.size))
    y = outputs(x, weights, np.zeros(1), setting)[0]
    around = padded(x, setting.padding)[0]
    for row, col in np.ndindex(y.shape):
        rows, cols = setting.window(row, col)
        assert np.sum(around[np.ix_(rows, cols)] * weights[0, 0]) == pytest.approx(y[row, col])
        taps = [around[place] for place in setting.cells(row, col)]
        np.testing.assert_array_equal(taps, around[np.ix_(rows, cols)].ravel())
        assert rows[-1] - rows[0] + 1 == setting.span


def test_outputs_are_remembered_and_not_written_into():
    x, weights = np.ones((1, 4, 4), np.float32), np.ones((1, 1, 3, 3))
    y = outputs(x, weights, np.zeros(1), Setting(3))
    assert outputs(x, weights, np.zeros(1), Setting(3)) is y
    assert not y.flags.writeable


def test_no_output_where_the_filter_is_larger():
    assert Setting(7).fitting(5) == -1
    assert Setting(7).output(5) == 0
    assert Setting(7, padding=1).output(5) == 1
    assert Setting(3, dilation=4).output(8) == 0


def test_the_nearest_window():
    setting = Setting(3)
    assert setting.nearest(1.5, 1.5, 6) == (0, 0)
    assert setting.nearest(4.5, 2.5, 6) == (1, 3)
    assert setting.nearest(-50, 999, 6) == (3, 0)
    strided = Setting(3, stride=2, padding=1)
    assert strided.nearest(3.5, 5.5, 6) == (2, 1)


def test_rounding_leaves_nothing_behind():
    assert str(tidy(-2.2e-16)) == "0.0"
    assert tidy(np.array([0.1 + 0.2, -1e-12])).tolist() == [0.3, 0.0]
