"""The mistakes are all there, each once, the worst first, of the kind that was asked for."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.layers import Dense, Flatten, Layer, Sequential, Softmax
from dlnotes.widgets import trained
from dlnotes.widgets.reading import shares
from dlnotes.widgets.worst_mistakes import A_PAGE, WorstMistakes

RNG = np.random.default_rng(0)
X = RNG.random((90, 1, 5, 5)).astype(np.float32)
Y = RNG.integers(0, 3, 90)
NET = Sequential(Flatten(), Dense(25, 3, rng=RNG))
SHARES = shares(NET, X)
READ = SHARES.argmax(axis=1)


def shown(viewer):
    return viewer.compute(**viewer.values)


def all_of(viewer):
    found = []
    for page in range(1, viewer.controls["page"].maximum + 1):
        viewer.page = page
        found += shown(viewer)["shown"].tolist()
    return found


def test_every_mistake_is_shown_once_the_worst_first():
    viewer = WorstMistakes(NET, X, Y)
    found = all_of(viewer)
    assert sorted(found) == np.flatnonzero(READ != Y).tolist()
    truth = SHARES[found, Y[found]]
    assert (np.diff(truth) >= 0).all()
    assert len(found) > A_PAGE
    assert shown(viewer)["wrong"] == len(found)
    assert viewer._frame["says"] == (
        f"Of 90 pictures it misreads {len(found)}, that is {len(found) / 90:.1%}."
    )
    assert repr(viewer) == f"WorstMistakes(pictures=90, misread={len(found)})"


@pytest.mark.parametrize("by", ["label", "read"])
def test_of_one_kind(by):
    of = Y if by == "label" else READ
    viewer = WorstMistakes(NET, X, Y, kind="1", by=by, names=["a", "<b>", "c"])
    wanted = np.flatnonzero((READ != Y) & (of == 1))
    assert sorted(all_of(viewer)) == wanted.tolist()
    assert shown(viewer)["count"] == (of == 1).sum()
    assert "“<b>”" in viewer._frame["says"]
    check_frame(viewer, viewer._frame)
    words = list(ElementTree.fromstring(viewer.svg()).itertext())
    worst = shown(viewer)["shown"][0]
    assert f"is {['a', '<b>', 'c'][Y[worst]]}" in words
    assert f"{SHARES[worst, READ[worst]]:.1%}" in words


def test_one_is_chosen_by_click_and_keys():
    viewer = WorstMistakes(NET, X, Y)
    page = Page(viewer)
    check_frame(viewer, page.pick("mistake:4", "click", x=1, y=1))
    assert viewer.chosen == 4
    page.pick("mistake:4", "key", key="ArrowDown")
    assert viewer.chosen == 10
    page.pick("mistake:10", "key", key="ArrowLeft")
    assert viewer.chosen == 9
    for element, how in (("mistake:99", "click"), ("other:1", "click"), ("mistake:1", "hover")):
        page.pick(element, how)
    assert viewer.chosen == 9
    viewer.page = 2
    assert viewer.chosen == 0
    viewer.kind = "2"
    assert (viewer.page, viewer.chosen) == (1, 0)


class Right(Layer):
    """Reads the label that is written into the first pixel."""

    def forward(self, x):
        return np.eye(3, dtype=np.float32)[x[:, 0, 0, 0].astype(int)]


def test_a_network_without_mistakes_has_none():
    x = X.copy()
    x[:, 0, 0, 0] = Y
    viewer = WorstMistakes(Sequential(Right()), x, Y)
    assert viewer.svg() == ""
    assert "misreads 0, that is 0.0%" in viewer._frame["says"]
    assert "page" not in viewer._controls
    viewer.pick("mistake:0")


def test_without_arguments_it_reads_real_digits(monkeypatch):
    small = Sequential(Flatten(), Dense(784, 10, rng=RNG), Softmax())
    monkeypatch.setattr(trained, "convolutional", lambda: small)
    assert len(WorstMistakes().y) == 1797


def test_what_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="WorstMistakes: net"):
        WorstMistakes("net", X, Y)
    with pytest.raises(ValueError, match="WorstMistakes: y holds 3, wanted less than 3"):
        WorstMistakes(NET, X[:2], [0, 3])
    with pytest.raises(ValueError, match="names"):
        WorstMistakes(NET, X, Y, names=["a"])


def test_everything_can_be_moved():
    assert move_everything(WorstMistakes(NET, X, Y), np.random.default_rng(0)) > 20
