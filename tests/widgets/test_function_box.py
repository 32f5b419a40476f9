"""Pictures put into the box by drag, click and key: the label is the network's."""

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.widgets import trained
from dlnotes.widgets.function_box import SHELVES, FunctionBox, shelf
from dlnotes.widgets.function_picture import BOX, HOMES

MIDDLE = (BOX[0] + BOX[2] / 2, BOX[1] + BOX[3] / 2)


@pytest.fixture
def box():
    net = Sequential(Flatten(), Dense(784, 10, rng=np.random.default_rng(0)))
    return FunctionBox(net)


def textbook(net, picture):
    logits = picture.ravel() @ net[1].weight.value + net[1].bias.value
    return np.exp(logits) / np.exp(logits).sum()


def shown(explorer):
    return explorer.compute(**explorer.values)


@pytest.mark.parametrize("number", [0, 1, SHELVES - 1])
def test_a_shelf_has_each_digit_once(number):
    x, y = shelf(number)
    assert x.shape == (10, 28, 28)
    assert sorted(y.tolist()) == list(range(10))
    np.testing.assert_allclose(255 * x, np.rint(255 * x), atol=1e-4)


def test_numbers_go_in_and_a_label_comes_out(box):
    assert "The box is empty" in box._frame["says"]
    assert repr(box) == "FunctionBox(label=None)"
    for which in range(10):
        frame = Page(box).pick(f"picture:{which}", "click")
        check_frame(box, frame)
        result = shown(box)
        expected = textbook(box.net, shelf(0)[0][which].astype(float))
        np.testing.assert_allclose(result["probabilities"], expected, atol=1e-5)
        assert result["label"] == expected.argmax()
        assert result["digit"] == shelf(0)[1][which]
        assert f"784 numbers went in; out came the label {result['label']}" in frame["says"]
        assert f"label={result['label']}, probability=" in repr(box)
    assert result["parameters"] == 7850


def test_a_picture_is_dragged_into_the_box_and_out(box):
    page = Page(box)
    x, y = HOMES[4]
    page.pick("picture:4", "drag", x=x, y=y)
    page.pick("picture:4", "drag", x=300.0, y=200.0)
    assert box.held == [4, 300.0, 200.0]
    assert box.inside is None
    page.pick("picture:4", "drop", x=MIDDLE[0], y=MIDDLE[1])
    assert (box.inside, box.held) == (4, None)
    page.pick("picture:4", "drag", x=300.0, y=200.0)
    page.pick("picture:4", "drop", x=900.0, y=340.0)
    assert box.inside is None


def test_dropped_beside_the_box_it_goes_back(box):
    page = Page(box)
    page.pick("picture:4", "drop", x=MIDDLE[0], y=MIDDLE[1])
    page.pick("picture:1", "drag", x=900.0, y=20.0)
    page.pick("picture:1", "drop", x=900.0, y=20.0)
    assert (box.inside, box.held) == (4, None)
    page.pick("picture:1", "drag", x=300.0, y=200.0)
    page.pick("picture:1", "drop")
    assert (box.inside, box.held) == (4, None)


def test_pressed_and_let_go_it_goes_in(box):
    page = Page(box)
    x, y = HOMES[7]
    page.pick("picture:7", "drag", x=x + 3, y=y)
    page.pick("picture:7", "drop", x=x + 3, y=y)
    assert box.inside == 7


def test_keys_and_buttons(box):
    page = Page(box)
    page.pick("picture:2", "click")
    page.pick("picture:2", "key", key="ArrowUp")
    assert box.inside == 2
    page.pick("picture:2", "key", key="Backspace")
    assert box.inside is None
    assert box.controls["empty"].disabled
    page.pick("picture:2", "click")
    page.press("empty")
    assert box.inside is None
    page.pick("picture:2", "click")
    before = box.svg()
    page.press("other")
    assert (box.shelf, box.inside) == (1, None)
    assert box.svg() != before


def test_other_touches_change_nothing(box):
    state = box.state
    for pick, how in [("picture:10", "click"), ("picture:x", "click"), ("", "leave")]:
        box.pick(pick, how)
    box.pick("picture:1", "hover")
    box.pick("picture:1", "drag")
    assert box.state == state


def test_a_trained_network_stands_in_it_unless_told(monkeypatch):
    monkeypatch.setattr(trained, "dense", lambda: trained.taught)
    with pytest.raises(AttributeError):
        FunctionBox()


def test_everything_can_be_moved(box):
    assert move_everything(box, np.random.default_rng(0)) > 20
