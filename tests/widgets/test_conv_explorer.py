"""Every number that the explorer shows is that of the textbook's loops, whatever is set."""

import itertools

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.conv_explorer import ConvExplorer
from dlnotes.widgets.conv_inputs import SOURCES
from dlnotes.widgets.filters import PRESETS

STROKE = {"strokes": [[[0.2, 0.2], [0.8, 0.7]]], "cursor": None, "pen": False}


def shown(explorer):
    return explorer.compute(**explorer.values)


def textbook(explorer):
    """All outputs (filters, n_out, n_out), by the loops of tests/reference.py."""
    v, result = explorer.values, shown(explorer)
    weights = result["weights"].copy()
    if v["mode"] == "convolution":
        weights = weights[:, :, ::-1, ::-1]
    bias = np.array([one["bias"] for one in v["bank"][: v["filters"]]])
    p = v["padding"]
    return reference.conv2d(
        result["x"][None], weights, bias, (v["stride"],) * 2, ((p, p), (p, p)),
        (v["dilation"],) * 2,
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"data": "cross", "padding": 2, "stride": 2, "bias": 1.5},
        {"size": 1, "preset": "identity", "pixels": 4},
        {"size": 7, "preset": "sobel_y", "padding": 3, "stride": 4, "pixels": 8},
        {"dilation": 2, "mode": "convolution", "preset": "edge_upper_left"},
        {"colour": True, "data": "flower", "pixels": 6, "filters": 3, "filter": 2, "padding": 1},
        {"colour": True, "mode": "convolution", "size": 2, "pixels": 5, "filters": 4},
        {"data": "numbers", "pixels": 6, "colour": True},
        {"data": "drawing", "drawing": STROKE, "pixels": 7},
        {"data": "digit", "digit": 8, "pixels": 7, "preset": "diagonal_balanced"},
    ],
)
def test_outputs_products_and_sums_are_the_textbooks(values):
    explorer = ConvExplorer(**values)
    wanted = textbook(explorer)
    n_out = wanted.shape[1]
    for step in {1, 2, n_out, n_out**2 // 2 + 1, n_out**2}:
        explorer.step = step
        result = shown(explorer)
        row, col, filter = result["row"], result["col"], explorer.filter - 1
        np.testing.assert_allclose(result["y"], wanted, atol=1e-12)
        assert result["value"] == pytest.approx(wanted[filter, row, col])
        assert result["sum"] + result["bias"] == pytest.approx(result["value"])
        assert result["sums"].sum() == pytest.approx(result["sum"])
        assert result["products"].shape == (len(result["x"]), explorer.size, explorer.size)
        assert (row, col) == divmod(step - 1, n_out)
        check_frame(explorer, explorer._frame)


def test_flipping_the_filter_is_flipping_its_numbers():
    rng = np.random.default_rng(0)
    weights = rng.integers(-3, 4, (3, 3)).astype(float)
    one = ConvExplorer(weights=weights, mode="convolution")
    other = ConvExplorer(weights=weights[::-1, ::-1])
    np.testing.assert_allclose(shown(one)["y"], shown(other)["y"])


def test_a_filter_of_ones_own():
    explorer = ConvExplorer(weights=[[1, 2], [3, 4]], bias=-1, data="square")
    assert (explorer.size, explorer.preset, explorer.bias) == (2, "own", -1)
    assert shown(explorer)["weights"][0, 0].tolist() == [[1, 2], [3, 4]]
    colour = ConvExplorer(weights=np.ones((3, 5, 5)))
    assert colour.colour
    assert shown(colour)["weights"].shape == (1, 3, 5, 5)
    again = ConvExplorer(bank=explorer.bank, preset="own", size=2)
    assert shown(again)["weights"][0, 0].tolist() == [[1, 2], [3, 4]]
    with pytest.raises(ValueError, match="A filter is a square of numbers"):
        ConvExplorer(weights=[1, 2])


def test_the_first_filter_is_the_preset():
    explorer = ConvExplorer(preset="blur", bias=2, filters=2)
    assert shown(explorer)["weights"][0, 0, 0, 0] == pytest.approx(1 / 9)
    assert shown(explorer)["bias"] == 2
    with pytest.raises(ValueError, match="There is no filter “nothing”; there are ramp"):
        ConvExplorer(preset="nothing")


@pytest.mark.parametrize("source", SOURCES)
def test_every_image(source):
    explorer = ConvExplorer(data="circle")
    explorer.data = source
    check_frame(explorer, explorer._frame)
    assert shown(explorer)["y"] is not None


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_at_every_size(preset):
    explorer = ConvExplorer(pixels=7)
    for size in range(1, 8):
        explorer.update(preset=preset, size=size)
        check_frame(explorer, explorer._frame)
        assert explorer.preset == preset


def test_the_output_size_is_the_formulas():
    explorer = ConvExplorer(pixels=9)
    for k, s, p, d in itertools.product((1, 3, 4), (1, 2), (0, 2), (1, 3)):
        explorer.update(size=k, stride=s, padding=p, dilation=d)
        n_out = (9 + 2 * p - d * (k - 1) - 1) // s + 1
        assert shown(explorer)["n_out"] == max(n_out, 0)
        assert f"= ⌊(9 + 2·{p} − {d}·({k} − 1) − 1) / {s}⌋ + 1 = " in explorer.svg()
        if n_out > 0:
            assert shown(explorer)["y"].shape[1] == n_out
            assert explorer._controls["step"]["maximum"] == n_out**2


def test_settings_that_give_no_output_are_said():
    explorer = ConvExplorer(pixels=5, size=7, step=1)
    assert explorer._frame["says"] == (
        "No output: the filter covers 7×7 pixels, and the image with its padding has only 5×5."
    )
    assert explorer._controls["step"]["disabled"] == "These settings give no output."
    assert "No output" in explorer.svg()
    assert repr(explorer) == "ConvExplorer(output=0×0)"
    check_frame(explorer, explorer._frame)
    explorer.padding = 1
    assert explorer._controls["step"]["disabled"] == ""
    assert repr(explorer).startswith("ConvExplorer(output=1×1, cell=[0, 0], sum=")


def test_the_receptive_field_is_said():
    explorer = ConvExplorer(dilation=2)
    assert "Its receptive field: 5×5 pixels of the input." in explorer._frame["says"]


def test_zero_is_zero():
    """A filter of sum zero on a symmetric image gives no 2·10⁻¹⁶, and no colour for it."""
    explorer = ConvExplorer(pixels=3)
    result = shown(explorer)
    assert (result["sum"], result["value"]) == (0, 0)
    assert "3×3 products add up to 0; with the bias 0 that is 0." in explorer._frame["says"]
    assert "10⁻" not in explorer.svg()
    colour = ConvExplorer(colour=True)
    assert "3×3×3 products" in colour._frame["says"]


def test_state_comes_back():
    explorer = ConvExplorer(filters=2, colour=True)
    explorer.update(filter=2, preset="sharpen")
    explorer.pick("weight:5", "key", key="7")
    explorer.pick("output", "click", x=2.5, y=1.5)
    again = ConvExplorer.from_state(explorer.state)
    assert again.state == explorer.state
    assert again.svg() == explorer.svg()


@pytest.mark.parametrize(
    "values",
    [
        {"data": "numbers", "pixels": 4, "show": ["pixel", "preset", "weight", "step", "pinned"]},
        {"data": "drawing", "pixels": 5, "show": ["clear", "bias", "mode", "step"]},
        {
            "data": "disc", "pixels": 5, "colour": True, "filters": 2,
            "show": ["filters", "filter", "colour", "stride", "padding", "dilation", "size"],
        },
        {"show": ["data", "digit"]},
    ],
)  # fmt: skip
def test_everything_can_be_moved(values):
    explorer = ConvExplorer(**values)
    check_frame(explorer, explorer._frame)
    assert move_everything(explorer, np.random.default_rng(0)) > 10


def test_a_touch_without_a_place_moves_nothing():
    explorer = ConvExplorer(data="numbers", pixels=4)
    for pick in ("input", "output"):
        frame = Page(explorer).pick(pick, "hover")
        check_frame(explorer, frame)
        assert explorer.step == 1
