"""The loss at each place is what the network's answer loses when just that patch is covered."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.layers import Conv2d, Dense, Flatten, ReLU, Sequential, Softmax
from dlnotes.widgets import trained
from dlnotes.widgets.occlusion_view import OcclusionView, nearest, places, weight
from dlnotes.widgets.reading import shares

RNG = np.random.default_rng(0)
X = RNG.random((4, 1, 12, 12)).astype(np.float32)
Y = np.array([0, 2, 1, 0])
NET = Sequential(Conv2d(1, 2, 3, stride=3, rng=RNG), ReLU(), Flatten(), Dense(32, 3, rng=RNG))


def view(**options):
    return OcclusionView(NET, X, Y, **{"picture": 1, "patch": 4, "at": [6, 6]} | options)


def shown(viewer):
    return viewer.compute(**viewer.values)


@pytest.mark.parametrize("fill", ["dark", "mean", "bright"])
@pytest.mark.parametrize("measure", ["share", "odds"])
def test_the_loss_is_that_of_the_answer_when_covered(fill, measure):
    viewer = view(fill=fill, measure=measure)
    result = shown(viewer)
    value = {"dark": X.min(), "mean": X[1].mean(), "bright": X.max()}[fill]
    whole = shares(NET, X[1:2])[0]
    middles = places(12, 3)
    assert middles.tolist() == [1, 4, 7, 10]
    for row, at in enumerate(middles):
        for col, to in enumerate(middles):
            x = X[1:2].copy()
            x[:, :, max(at - 2, 0) : at + 2, max(to - 2, 0) : to + 2] = value
            share = shares(NET, x)[0]
            k = whole.argmax()
            wanted = weight(whole[k], measure) - weight(share[k], measure)
            assert result["loss"][row, col] == pytest.approx(wanted, rel=1e-3, abs=1e-5)
            if (row, col) == result["cell"]:
                np.testing.assert_allclose(result["picture"], x[0, 0])
                np.testing.assert_allclose(result["covered"], share, rtol=1e-4)


def test_another_answer_can_be_asked_for():
    viewer = view(kind="0")
    result = shown(viewer)
    assert result["kind"] == 0
    assert result["loss"].shape == (4, 4)
    assert "What “0” loses by it" in "".join(ElementTree.fromstring(viewer.svg()).itertext())
    viewer = OcclusionView(NET, X, Y, names=["a", "b", "<c>"], kind="2")
    assert "“<c>” has" in viewer._frame["says"]
    check_frame(viewer, viewer._frame)


def test_a_patch_on_background_changes_nothing():
    x = np.zeros((1, 1, 12, 12), np.float32)
    x[0, 0, 0, 0] = 1
    viewer = OcclusionView(NET, x, [0], patch=3)
    result = shown(viewer)
    assert np.abs(result["loss"][1:, 1:]).max() < 1e-6


def test_the_patch_is_moved_by_pointer_and_keys():
    viewer = view()
    page = Page(viewer)
    check_frame(viewer, page.pick("place", "hover", x=10.6, y=1.2))
    assert viewer.at == [1, 10]
    check_frame(viewer, page.pick("loss", "click", x=0.5, y=3.5))
    assert viewer.at == [10, 1]
    page.pick("loss", "key", key="ArrowRight")
    page.pick("place", "key", key="ArrowUp")
    assert viewer.at == [7, 4]
    before = viewer.state
    page.pick("place", "key", key="Delete")
    page.pick("loss", "click")
    page.pick("other", "click", x=1, y=1)
    assert viewer.state == before


@pytest.mark.parametrize(
    ("size", "step", "wanted"), [(28, 3, list(range(0, 28, 3))), (5, 2, [0, 2, 4]), (4, 7, [1])]
)
def test_places_lie_in_the_middle(size, step, wanted):
    assert places(size, step).tolist() == wanted
    assert nearest(places(size, step), 99) == wanted[-1]


def test_odds():
    assert weight(0.5, "odds") == pytest.approx(0)
    assert weight(0.9, "odds") == pytest.approx(np.log(9))
    assert np.isfinite(weight(np.array([0.0, 1.0]), "odds")).all()
    assert weight(0.3, "share") == 0.3


def test_without_arguments_it_shows_real_digits(monkeypatch):
    small = Sequential(Flatten(), Dense(784, 10, rng=RNG), Softmax())
    monkeypatch.setattr(trained, "convolutional", lambda: small)
    viewer = OcclusionView(step=7, picture=8)
    assert viewer.x.shape == (10, 1, 28, 28)
    assert "a “8”" in viewer._frame["says"]
    assert repr(viewer).startswith("OcclusionView(reads=")


def test_what_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="OcclusionView: net"):
        OcclusionView("net", X, Y)
    with pytest.raises(ValueError, match="OcclusionView: x"):
        OcclusionView(NET, X[0], Y)
    with pytest.raises(ValueError, match="names has 2"):
        OcclusionView(NET, X, Y, names="ab")


def test_everything_can_be_moved():
    assert move_everything(view(), np.random.default_rng(0)) > 20


def test_a_place_far_beyond_the_picture_is_its_edge():
    viewer = view()
    for pick in ("loss", "place"):
        frame = Page(viewer).pick(pick, "hover", x=1e300, y=-1e300)
        check_frame(viewer, frame)
        rows, cols = (places(side, viewer.step) for side in X.shape[2:])
        assert viewer.at == [rows[0], cols[-1]]
