"""A drawn digit is read as the network reads it, stroke by stroke."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
import traitlets
from driver import Page, check_frame, move_everything

from dlnotes import data
from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.widgets import draw_digit
from dlnotes.widgets.ask_table import AskTable
from dlnotes.widgets.controls import choice, picks, text
from dlnotes.widgets.draw_digit import DrawDigit, hardest
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.pad import BLANK, centred
from dlnotes.widgets.picture_value import image_of, value_of
from dlnotes.widgets.sentences import a_digit

STROKE = [[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]
SMALL, Y = data.digits(size=8)
X = np.pad(np.kron(SMALL, np.ones((3, 3), np.float32)), ((0, 0), (0, 0), (2, 2), (2, 2)))


def fixed_net(rows=X[:50, 0], labels=Y[:50]):
    """A network without chance: each logit is how well a picture agrees with a mean digit."""
    net = Sequential(Flatten(), Dense(784, 10, rng=np.random.default_rng(0)))
    means = np.array([rows[labels == digit].mean(axis=0).ravel() for digit in range(10)])
    net[1].weight.value = (means - means.mean(axis=0)).T / 4
    net[1].bias.value = np.zeros(10)
    return net


@pytest.fixture
def pad():
    return DrawDigit(fixed_net())


@pytest.fixture(autouse=True)
def enlarged_at_once(monkeypatch):
    """The real digits, enlarged in a way that takes no time without the compiler."""
    monkeypatch.setattr(draw_digit.data, "digits", lambda size: (X, Y))


def draw(page, points=STROKE, begin=True):
    return page.pick("pad", "draw", points=points, begin=begin)


def words(explorer):
    return "|".join(ElementTree.fromstring(explorer.svg()).itertext())


def test_it_reads_what_the_network_reads(pad):
    assert repr(pad) == "DrawDigit(reads=None)"
    assert pad._frame["says"].startswith("Draw a digit")
    check_frame(pad, draw(Page(pad)))
    image = centred([STROKE])
    np.testing.assert_allclose(pad.image[0, 0], image, atol=0.5 / 255)
    layer = pad.net[1]
    x = pad.image.reshape(1, 784).astype(float)
    wanted = reference.softmax(reference.dense(x, layer.weight.value, layer.bias.value))[0]
    result = pad.compute(**pad.values)
    np.testing.assert_allclose(result["probabilities"], wanted, atol=1e-5)
    best = int(wanted.argmax())
    assert repr(pad) == f"DrawDigit(reads={best}, probability={wanted[best]:.4g})"
    assert f"a {best}, {100 * wanted[best]:.1f}%" in pad._frame["says"]


def test_it_is_read_while_the_stroke_grows(pad):
    page, said = Page(pad), set()
    draw(page, STROKE[:1])
    for point in (STROKE[1], STROKE[2]):
        said.add(draw(page, [point], begin=False)["says"])
    assert len(said) == 2
    assert len(pad.pad["strokes"]) == 1
    assert page.pick("pad", "drop", x=0.4, y=0.8)["says"] in said


def test_undo_and_clear(pad):
    page = Page(pad)
    assert pad._controls["undo"]["disabled"]
    assert pad._controls["clear"]["disabled"]
    draw(page)
    one = pad.picture
    draw(page, [[0.1, 0.1], [0.2, 0.3]])
    assert pad.picture != one
    page.press("undo")
    assert pad.picture == one
    assert not pad._controls["undo"]["disabled"]
    page.press("clear")
    assert (pad.picture, pad.pad) == (None, BLANK)
    page.press("undo")
    assert pad.picture is None


def test_the_keyboard_draws(pad):
    page = Page(pad)
    page.pick("pad", "key", key="ArrowLeft", big=True)
    assert pad.picture is None
    page.pick("pad", "click")
    page.pick("pad", "key", key="ArrowDown", big=True)
    assert np.array(pad.picture).sum() > 0
    check_frame(pad, pad._frame)
    assert page.pick("else", "click")["error"] is None


def test_a_hard_one_is_one_that_it_reads_badly(pad, monkeypatch):
    monkeypatch.setattr(draw_digit, "HARDEST", 3)
    monkeypatch.setattr(draw_digit, "ASKED", 200)
    page, seen = Page(pad), []
    for _press in range(4):
        frame = page.press("hard")
        check_frame(pad, frame)
        seen.append(pad.picture)
        assert f"meant {a_digit(pad.given['digit'])}." in frame["says"]
    assert seen[0] == seen[3]
    assert len({str(picture) for picture in seen}) == 3
    order = hardest(pad.net, X[:200, 0], Y[:200])
    assert seen[0] == value_of(X[order[0]])
    assert not pad._controls["clear"]["disabled"]
    assert pad.svg().count("<image") == 2  # on the pad, and as the network sees it
    draw(page)
    assert pad.given is None
    assert pad.svg().count("<image") == 1


def test_the_worst_comes_first():
    order = hardest(fixed_net(), X[:60, 0], Y[:60])
    logits = fixed_net()(X[:60])
    right = np.array([reference.softmax(logits[i : i + 1])[0, Y[i]] for i in range(60)])
    assert (np.diff(right[order]) >= -1e-6).all()


@pytest.mark.parametrize(
    ("strength", "opening"), [(20.0, "I read a"), (0.6, "Probably a"), (0.01, "Hard to say: a")]
)
def test_it_says_how_sure_it_is(pad, strength, opening):
    pad.press("hard")
    image = pad.picture
    logits = pad.net(pad.image)[0]
    top = np.sort(logits)[-2:]
    wanted = {20.0: 12.0, 0.6: 2.9, 0.01: 0.02}[strength]
    pad.net[1].weight.value *= wanted / (top[1] - top[0])
    if strength == 0.6:  # the others far below
        best = np.argsort(logits)
        pad.net[1].bias.value = np.where(np.isin(np.arange(10), best[-2:]), 0, -50.0)
        gap = np.diff((pad.net(pad.image)[0] - pad.net[1].bias.value)[best[-2:]])[0]
        pad.net[1].weight.value *= 1.0 / gap
    pad.picture = None
    pad.picture = image
    assert pad._frame["says"].startswith(opening)


# Handing a picture on


class Shows(Explorer):
    """An explorer that takes a picture."""

    picture = picks("Picture", value=None)

    def compute(self, *, picture):
        return image_of(picture).sum()


def test_a_picture_is_sent_to_another_explorer(pad):
    shows, net = Shows(), fixed_net()
    pad.send_to(shows)
    draw(Page(pad))
    assert shows.picture == pad.picture
    assert shows.compute(**shows.values) > 10
    Page(pad).press("clear")
    assert shows.picture is None
    other = DrawDigit(net)
    traitlets.link((pad, "picture"), (other, "picture"))
    draw(Page(other))
    assert pad.picture == other.picture
    assert pad.pad == BLANK
    with pytest.raises(ValueError, match="WithoutPicture takes no picture"):
        pad.send_to(WithoutPicture())
    with pytest.raises(ValueError, match="AskTable takes no picture"):
        pad.send_to(AskTable())


def test_strokes_are_sent_to_an_explorer_with_a_pad(pad):
    other = WithPad()
    pad.send_to(other)
    assert other.source == "drawing"
    draw(Page(pad))
    assert other.board == pad.pad
    assert other.board["strokes"] == [STROKE]


class WithNumbers(Explorer):
    """An explorer whose image can be typed."""

    image = choice("Image", {"circle": "a circle", "own": "my numbers"}, value="circle")
    own = text("Numbers", value="1 2", limit=4000)

    def compute(self, **values):
        return values


def test_numbers_are_sent_to_an_explorer_that_reads_them(pad):
    other = WithNumbers()
    pad.send_to(other)
    assert other.image == "own"
    draw(Page(pad))
    rows = [[int(word) for word in line.split()] for line in other.own.splitlines()]
    halved = pad.image[0, 0].reshape(14, 2, 14, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(rows, 9 * halved, atol=0.5)


class WithPad(Explorer):
    """An explorer that can be drawn on, where that is chosen."""

    source = choice("Source", {"photo": "a photograph", "drawing": "a drawing"}, value="photo")
    board = picks("Board", value=BLANK)

    def compute(self, **values):
        return values


class WithoutPicture(Explorer):
    def compute(self):
        return None


def test_a_picture_that_is_none_is_refused(pad):
    for wrong in ([[1, 2]], [["a"] * 28] * 28, [[300] * 28] * 28, "x", [[1], [1, 2]]):
        with pytest.raises(ValueError, match="28 rows of 28 numbers"):
            image_of(wrong)
    pad.picture = [[1, 2]]
    assert "28 rows of 28 numbers" in pad._frame["error"]["sentence"]
    pad.picture = None
    assert pad._frame["error"] is None


def test_a_pad_can_be_set(pad):
    assert pad.moved("undo", **pad.values) == {}
    pad.pad = BLANK | {"strokes": [STROKE]}
    assert pad.picture == value_of(centred([STROKE]))


def test_networks_take_pictures_or_rows_of_pixels():
    flat = Sequential(Dense(784, 10, rng=np.random.default_rng(0)))
    pad = DrawDigit(flat)
    check_frame(pad, draw(Page(pad)))
    small = DrawDigit(Sequential(Dense(64, 10, rng=np.random.default_rng(0))))
    frame = draw(Page(small))
    assert frame["error"]["sentence"] == "This network does not take pictures of 28×28."


def test_its_own_network_is_trained_when_first_needed(monkeypatch):
    monkeypatch.setattr(draw_digit.trained, "dense", fixed_net)
    assert DrawDigit().net[1].n_in == 784


def test_its_state_is_everything(pad):
    draw(Page(pad))
    again = DrawDigit.from_state(pad.state, net=pad.net)
    assert again.picture == pad.picture
    assert again.svg() == pad.svg()


def test_everything_can_be_moved(pad):
    assert move_everything(pad, np.random.default_rng(0)) >= 9
    assert "What it could be" in words(pad)
