"""The comparison's accuracies are those of the networks on the moved pictures, counted by hand."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import move_everything

from dlnotes import data
from dlnotes.evaluation import predict
from dlnotes.layers import Conv2d, Dense, Flatten, GlobalAvgPool2d, Sequential
from dlnotes.layers.table import count
from dlnotes.widgets import trained
from dlnotes.widgets.network_comparison import TOWARDS, NetworkComparison, short

RNG = np.random.default_rng(0)
X = RNG.random((12, 1, 9, 9)).astype(np.float32)
Y = np.arange(12) % 3
NETS = {
    "dense": Sequential(Flatten(), Dense(81, 3, rng=RNG)),
    "<convolutional>": Sequential(Conv2d(1, 3, 3, rng=RNG), GlobalAvgPool2d()),
}


def shown(comparison):
    return comparison.compute(**comparison.values)


@pytest.mark.parametrize("towards", [*TOWARDS, "all"])
def test_accuracies_are_those_of_the_moved_pictures(towards):
    comparison = NetworkComparison(NETS, X, Y, towards=towards, shift=3)
    for name, curve in shown(comparison)["curves"].items():
        for shift, found in enumerate(curve):
            sides = TOWARDS if towards == "all" else [towards]
            wanted = []
            for side in sides:
                down, right = TOWARDS[side]
                moved = data.shift(X, shift * down, shift * right)
                wanted.append((predict(NETS[name], moved).argmax(axis=1) == Y).mean())
            assert found == pytest.approx(np.mean(wanted))


def test_costs_are_counted_and_seconds_stand_beside_them():
    comparison = NetworkComparison(NETS, X, Y, seconds={"dense": 3.25})
    words = list(ElementTree.fromstring(comparison.svg()).itertext())
    for net in NETS.values():
        assert f"{count(net):,}" in words
        assert f"{net.multiply_adds((1, 1, 9, 9)):,}" in words
    assert "3.2" in words
    assert "–" in words
    assert "seconds to learn" in words
    assert "<conv." in short("<convolutional>") + " <conv."
    assert "seconds to learn" not in NetworkComparison(NETS, X, Y).svg()


def test_it_says_what_it_shows():
    comparison = NetworkComparison(NETS, X, Y, shift=0)
    dense = (predict(NETS["dense"], X).argmax(axis=1) == Y).mean()
    assert comparison._frame["says"].startswith(
        f"Of 12 pictures in their place are read right: dense: {dense:.1%}, "
    )
    assert repr(comparison).startswith(f"NetworkComparison(dense={dense:.4g}, <conv")


def test_one_picture_of_each_kind_is_shown_with_what_is_read():
    comparison = NetworkComparison(NETS, X, Y, shift=2, towards="up")
    result = shown(comparison)
    np.testing.assert_array_equal(result["pictures"], data.shift(X[:3], -2, 0)[:, 0])
    assert result["labels"].tolist() == [0, 1, 2]
    wanted = predict(NETS["dense"], data.shift(X[:3], -2, 0)).argmax(axis=1)
    assert result["read"]["dense"].tolist() == wanted.tolist()


def test_without_arguments_it_compares_two_networks_on_real_digits(monkeypatch):
    small = Sequential(Flatten(), Dense(784, 10, rng=RNG))
    monkeypatch.setattr(trained, "dense", lambda: small)
    monkeypatch.setattr(trained, "convolutional", lambda: small)
    comparison = NetworkComparison()
    assert set(comparison.nets) == {"dense", "convolutional"}
    assert 500 <= len(comparison.x) <= 1000
    assert sorted(set(comparison.y.tolist())) == list(range(10))


def test_what_does_not_fit_is_refused():
    for nets in (None, {}, [], {"a": 3}):
        with pytest.raises(TypeError, match="NetworkComparison: "):
            NetworkComparison(nets or [], X, Y) if nets is None else NetworkComparison(nets, X, Y)
    with pytest.raises(ValueError, match="NetworkComparison: y"):
        NetworkComparison(NETS, X, Y[:3])


def test_everything_can_be_moved():
    assert move_everything(NetworkComparison(NETS, X, Y), np.random.default_rng(0)) > 8
