"""The matrix does what the layer does, and has the filter's cells where the windows are."""

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.conv_arithmetic import Setting
from dlnotes.widgets.conv_as_matrix import ConvAsMatrix, cells_of, matrix_of

SETTINGS = [(5, Setting(3)), (4, Setting(2, 2, 1)), (6, Setting(3, 1, 1)), (3, Setting(1))]


@pytest.mark.parametrize(("n", "setting"), SETTINGS)
def test_matrix_times_image_is_the_layers_answer(n, setting):
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(n, n)), rng.normal(size=(setting.size, setting.size))
    p = setting.padding
    wanted = reference.conv2d(
        x[None, None], weights[None, None], np.zeros(1), (setting.stride,) * 2, ((p, p), (p, p))
    )
    np.testing.assert_allclose(matrix_of(weights, n, setting) @ x.ravel(), wanted.ravel())


@pytest.mark.parametrize(("n", "setting"), SETTINGS)
def test_each_entry_is_the_cell_of_the_filter_that_stands_there(n, setting):
    cells, p = cells_of(n, setting), setting.padding
    wanted = np.zeros_like(cells)
    n_out = setting.output(n)
    for row, col in np.ndindex(n_out, n_out):
        for u, v in np.ndindex(setting.size, setting.size):
            r, c = row * setting.stride + u - p, col * setting.stride + v - p
            if 0 <= r < n and 0 <= c < n:
                wanted[row * n_out + col, r * n + c] = u * setting.size + v + 1
    np.testing.assert_array_equal(cells, wanted)


def test_what_is_said():
    explorer = ConvAsMatrix()
    result = explorer.compute(**explorer.values)
    assert result["matrix"].shape == (9, 25)
    assert result["zeros"] == 225 - 9 * 9
    assert result["difference"] < 1e-12
    np.testing.assert_allclose(result["multiplied"], result["y"], atol=1e-12)
    assert "9 × 25 = 225 entries: 144 of them are zero" in explorer._frame["says"]
    assert "the other 81 hold the filter's 3×3 weights" in explorer._frame["says"]
    assert repr(explorer) == (
        "ConvAsMatrix(matrix=9×25, entries=225, zeros=144, different=9, difference=0)"
    )


def test_where_there_is_one_place_the_stride_says_why():
    explorer = ConvAsMatrix(pixels=3)
    assert "nowhere" in explorer.controls["stride"].disabled
    explorer.padding = 1
    assert explorer.controls["stride"].disabled == ""


def test_a_row_is_chosen_by_pointer_and_by_key():
    explorer = ConvAsMatrix()
    page = Page(explorer)
    page.pick("matrix", "hover", x=3.2, y=4.9)
    assert explorer.chosen == 5
    page.pick("matrix", "key", key="ArrowDown")
    assert explorer.chosen == 6
    page.pick("output", "click", x=2.5, y=0.5)
    assert explorer.chosen == 3
    page.pick("output", "key", key="ArrowDown")
    assert explorer.chosen == 6
    page.pick("matrix", "hover", x=0, y=99)
    assert explorer.chosen == 9
    for pick in ("elsewhere", "matrix"):
        page.pick(pick, "drop")
    page.pick("elsewhere", "hover", x=0, y=0)
    assert explorer.chosen == 9


def test_a_row_that_is_no_longer_there():
    explorer = ConvAsMatrix(pixels=8, chosen=36)
    explorer.stride = 2
    assert explorer.chosen == 9
    check_frame(explorer, explorer._frame)


@pytest.mark.parametrize("values", [{}, {"pixels": 3, "padding": 2, "stride": 2}])
def test_everything_can_be_moved(values):
    explorer = ConvAsMatrix(**values)
    check_frame(explorer, explorer._frame)
    assert move_everything(explorer, np.random.default_rng(0)) > 30
