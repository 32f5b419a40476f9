"""A shift by hand, by keys and by sliders: its numbers in the table, the curves of all pictures."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.widgets import shift_measure
from dlnotes.widgets.shift_measure import Bench, measured
from dlnotes.widgets.shift_test import ShiftTest

TINY = {"n": 2, "taught": 2, "epochs": 1}


@pytest.fixture(autouse=True)
def short_curves(monkeypatch):
    """Curves of one pixel: so few shifts are measured without a compiler, too."""
    monkeypatch.setattr(shift_measure, "FURTHEST", 1)


def shown(explorer):
    return explorer.compute(**explorer.values)


def words_of(explorer):
    return "|".join(ElementTree.fromstring(explorer.svg()).itertext())


def test_the_sentence_and_the_table_say_what_was_measured():
    explorer = ShiftTest(right=1, down=-2, **TINY)
    found = measured(Bench("small", 2, 0, 0), -2, 1, False)
    says = explorer._frame["says"]
    assert says == (
        f"Shifted by 1 to the right and 2 up: the pixels change by {found['pixels'].mean:.2f} on "
        f"average, the pooled maps by {found['pooled'].mean:.2f}; {found['pooled'].same} of 2 "
        "pooled maps stay the same."
    )
    words = words_of(explorer)
    for part in found.values():
        assert f"{part.mean:.2f}|{part.low:.2f} – {part.high:.2f}|{part.same} of 2" in words
    assert "|no blur|" not in words
    assert "Change when shifted to the upper right" in words
    assert repr(explorer).startswith("ShiftTest(right=1, down=-2, pictures=2, pixels=[")


def test_the_network_is_heard():
    explorer = ShiftTest(pictures="large", right=2, **TINY)
    found = measured(Bench("large", 2, 2, 1), 0, 2, False)["probabilities"]
    unshifted = measured(Bench("large", 2, 2, 1), 0, 0, False)["probabilities"]
    sentence = (
        f"The network's answer stays for {found.same} of 2 pictures; it is right for "
        f"{found.right} (unshifted: {unshifted.right})."
    )
    assert f"correct={found.right})" in repr(explorer)
    assert explorer._frame["says"].endswith(sentence)
    assert "What the network says of this picture, a 4" in words_of(explorer)


@pytest.mark.parametrize("pictures", ["small", "large"])
def test_blurring_is_compared_with_pooling_alone(pictures):
    explorer = ShiftTest(pictures=pictures, right=3, blur=True, **TINY)
    plain = ShiftTest(pictures=pictures, right=3, **TINY)
    words, result = words_of(explorer), shown(explorer)
    assert "|no blur|" in words
    assert "without blur" not in words_of(plain)
    for stage in ("pooled", "twice"):
        before = shown(plain)["here"][stage].mean
        assert result["plain_here"][stage].mean == before
        assert result["here"][stage].mean != before
        assert f"|{before:.2f}" in words
    for stage in ("pixels",):
        assert result["here"][stage].mean == shown(plain)["here"][stage].mean


def test_the_picture_is_dragged():
    explorer = ShiftTest(**TINY)
    page = Page(explorer)
    middle = shown(explorer)["after"]["pixels"].shape[-1] / 2
    frame = page.pick("picture", "drag", x=middle + 2.3, y=middle - 4.4)
    check_frame(explorer, frame)
    assert (explorer.right, explorer.down) == (2, -4)
    page.pick("picture", "drop", x=middle - 99, y=middle + 99)
    assert (explorer.right, explorer.down) == (-8, 8)
    page.pick("picture", "drop")
    page.pick("picture", "click", x=0, y=0)
    page.pick("other", "drag", x=0, y=0)
    assert (explorer.right, explorer.down) == (-8, 8)


def test_arrow_keys_shift_by_a_pixel():
    explorer = ShiftTest(**TINY)
    page = Page(explorer)
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "Home"):
        page.pick("picture", "key", key=key)
    assert (explorer.right, explorer.down) == (1, -1)
    explorer.update(right=8, down=8)
    page.pick("picture", "key", key="ArrowDown")
    page.pick("picture", "key", key="ArrowRight")
    assert (explorer.right, explorer.down) == (8, 8)


def test_the_example_is_one_of_the_pictures():
    explorer = ShiftTest(**TINY, example=1)
    assert explorer.controls["example"].maximum == 1
    first = shown(explorer)["before"]["pixels"]
    explorer.pictures = "large"
    assert explorer.example == 1
    assert (shown(explorer)["before"]["pixels"] != first).any()
    for other in (0, 1):
        explorer.example = other
        check_frame(explorer, explorer._frame)


def test_its_state_is_kept():
    explorer = ShiftTest(right=2, blur=True, **TINY)
    assert ShiftTest.from_state(explorer.state, **TINY).svg() == explorer.svg()
    assert len(explorer.svg()) < 40_000


def test_there_are_all_digits_unless_told():
    assert ShiftTest.__init__.__kwdefaults__["n"] is None
    benches = ShiftTest(**TINY).benches
    assert {bench.n for bench in benches.values()} == {2}


def test_everything_can_be_moved():
    assert move_everything(ShiftTest(**TINY), np.random.default_rng(0)) > 30
