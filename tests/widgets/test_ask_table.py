"""The table is really built: what was put in comes out, and nothing else does."""

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.widgets import ask_table
from dlnotes.widgets.ask_table import (
    EMPTY,
    ROWS,
    AskTable,
    all_pictures,
    learned,
    number_of,
    order,
    right_answers,
    table_of,
    turned,
)

FEW = {"hidden": 2, "steps": 3}


def shown(explorer):
    return explorer.compute(**explorer.values)


def by_hand(picture):
    """Whether there is a whole upright or level line, looked up cell by cell."""
    rows = [picture[4 * i : 4 * i + 4] for i in range(4)]
    level = any(all(row) for row in rows)
    upright = any(all(row[j] for row in rows) for j in range(4))
    return int(upright) + 2 * int(level)


def test_every_picture_has_its_row():
    x = all_pictures()
    assert x.shape == (65_536, 16)
    assert len({row.tobytes() for row in x}) == ROWS
    assert x[0b1000_0000_0000_0011].tolist() == [1] + [0] * 13 + [1, 1]


def test_the_answers_are_right():
    for number in [0, ROWS - 1, *np.random.default_rng(0).integers(0, ROWS, 500)]:
        assert right_answers()[number] == by_hand(all_pictures()[number].tolist())


@pytest.mark.parametrize("filled", [1, 100, ROWS])
def test_as_many_rows_are_filled_as_said(filled):
    found = table_of(filled)
    given = found != EMPTY
    assert given.sum() == filled
    assert (found[given] == right_answers()[given]).all()
    assert given[order()[:filled]].all()


def test_a_known_picture_is_answered_and_its_neighbour_is_not():
    explorer = AskTable()
    result = shown(explorer)
    assert result["answer"] == result["right"] > 0
    assert "of the table says" in explorer._frame["says"]
    silent = result["answers"].index(EMPTY)
    frame = Page(explorer).pick(f"pixel:{silent}", "click")
    check_frame(explorer, frame)
    assert "is empty: the table answers nothing" in frame["says"]
    assert repr(explorer).endswith("answer=None, neighbours_answered=1)")
    assert (shown(explorer)["x"] != result["x"]).sum() == 1
    Page(explorer).pick(f"neighbour:{silent}", "click")
    assert shown(explorer)["number"] == result["number"]


def test_a_full_table_answers_everything():
    explorer = AskTable(filled=ROWS)
    for number in np.random.default_rng(1).integers(0, ROWS, 20).tolist():
        explorer.asked = number
        result = shown(explorer)
        assert result["answer"] == result["right"]
        assert EMPTY not in result["answers"]
    assert "somebody had to give the answer" in explorer._frame["says"]


def test_turning_a_pixel_twice_changes_nothing():
    for pixel in range(16):
        once = turned(12_345, pixel)
        different = all_pictures()[once] != all_pictures()[12_345]
        assert different.nonzero()[0].tolist() == [pixel]
        assert turned(once, pixel) == 12_345


def test_the_button_goes_through_what_is_known():
    explorer = AskTable(filled=64)
    seen = []
    for _press in range(5):
        explorer.press("remembered")
        seen.append(explorer.asked)
        assert shown(explorer)["answer"] > 0
    assert len(set(seen)) == 5
    assert set(seen) <= set(order()[:64].tolist())
    explorer.asked = int(order()[ROWS - 1])
    explorer.press("remembered")
    first = number_of(explorer.asked)
    assert first == order()[:64][right_answers()[order()[:64]] > 0][0]


def test_without_a_line_any_known_picture_will_do(monkeypatch):
    monkeypatch.setattr(ask_table, "right_answers", lambda: np.zeros(ROWS, int))
    explorer = AskTable(filled=2, asked=int(order()[0]))
    explorer.press("remembered")
    assert explorer.asked == order()[1]


def test_a_network_learns_the_same_rows():
    explorer = AskTable(filled=1024, **FEW)
    page = Page(explorer)
    frame = page.press("network")
    check_frame(explorer, frame)
    result, guessed = shown(explorer), learned(1024, **FEW)
    empty, right = table_of(1024) == EMPTY, guessed == right_answers()
    assert result["rightly"] == [right[~empty].sum(), right[empty].sum()]
    assert result["usually"][1] == (right_answers()[empty] == 0).sum()
    assert "The network, which learned the same rows, says" in frame["says"]
    assert f"{100 * right[empty].mean():.1f}%" in explorer.svg()
    page.set("filled", 2048)
    assert not explorer.taught
    assert shown(explorer)["network"] is None


def test_a_network_that_learned_all_rows_has_no_empty_ones():
    explorer = AskTable(filled=ROWS, **FEW, taught=True)
    assert ">–</text>" in explorer.svg()
    check_frame(explorer, explorer._frame)


@pytest.mark.parametrize("picture", [-1, ROWS, 1.5, "x", True])
def test_what_is_no_row_is_refused(picture):
    with pytest.raises(ValueError, match="numbered 0 to 65,535"):
        number_of(picture)
    with pytest.raises(ValueError, match="The picture that is asked about"):
        AskTable(asked=picture)


def test_what_is_no_pixel_changes_nothing():
    explorer = AskTable()
    state = explorer.state
    for pick in ("pixel:16", "pixel:x", "", "other:1"):
        explorer.pick(pick)
        assert explorer.state == state
    explorer.pick("pixel:3", "hover")
    assert explorer.state == state


def test_everything_can_be_moved():
    assert move_everything(AskTable(**FEW), np.random.default_rng(0)) > 20
