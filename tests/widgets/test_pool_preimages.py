"""All 65,536 pictures are counted, and every one that is walked through pools to the result."""

import itertools
import math

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.pool_preimages import PoolPreimages, alike, all_small, circles

NONE = ((0, 0), (0, 0))


def shown(explorer):
    return explorer.compute(**explorer.values)


def textbook(x, kind):
    x = x[None, None].astype(float)
    if kind == "max":
        return reference.max_pool2d(x, (2, 2), (2, 2), NONE, (1, 1), False)[0, 0]
    return reference.avg_pool2d(x, (2, 2), (2, 2), NONE, False, True)[0, 0]


def ways(kind):
    """How many patterns of a window become each value."""
    patterns = list(itertools.product((0, 1), repeat=4))
    values = [max(p) if kind == "max" else sum(p) / 4 for p in patterns]
    return {value: values.count(value) for value in set(values)}


def test_the_counts_of_the_syllabus():
    result = shown(PoolPreimages(result=15))
    assert (result["pictures"], result["results"], result["count"]) == (65_536, 16, 50_625)
    assert result["y"].tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(("kind", "results"), [("max", 16), ("average", 625)])
def test_every_result_has_as_many_pictures_as_its_windows_have_ways(kind, results):
    found, count = all_small(kind), ways(kind)
    assert len(found.results) == results
    for y, pictures in zip(found.results, found.counts, strict=True):
        assert pictures == math.prod(count[float(value)] for value in y.ravel())
    assert found.counts.sum() == 2**16
    assert len({x.tobytes() for x in found.x}) == 2**16


@pytest.mark.parametrize("kind", ["max", "average"])
def test_every_picture_that_is_walked_through_pools_to_the_result(kind):
    explorer = PoolPreimages(kind=kind)
    rng = np.random.default_rng(0)
    for chosen in [0, explorer.controls["result"].maximum, *rng.integers(0, 16, 4).tolist()]:
        explorer.result = chosen
        last, seen = explorer.controls["walk"].maximum, set()
        for walk in {0, last, *rng.integers(0, last + 1, 5).tolist()}:
            explorer.walk = walk
            result = shown(explorer)
            np.testing.assert_array_equal(textbook(result["x"], kind), result["y"])
            seen.add(result["x"].tobytes())
            assert last + 1 == result["count"]
        assert len(seen) == len({0, last}) or len(seen) > 2


@pytest.mark.parametrize("kind", ["max", "average"])
def test_the_circles_companions_pool_to_its_result(kind):
    found, count = circles(kind), ways(kind)
    assert found.count == math.prod(count[float(value)] for value in found.y.ravel())
    for number in (0, 1, 2, 77):
        np.testing.assert_array_equal(textbook(alike(kind, number), kind), found.y)
    assert (alike(kind, 1) != alike(kind, 2)).any()
    explorer = PoolPreimages(board="circle", kind=kind)
    assert shown(explorer)["differ"] == 0
    explorer.walk = 5
    assert shown(explorer)["differ"] == (alike(kind, 5) != found.x).sum() > 0
    assert f"it is for {found.count:,} pictures" in explorer._frame["says"]
    assert repr(explorer) == (
        f"PoolPreimages(same={found.count:,}, differ={shown(explorer)['differ']})"
    )


def test_a_click_turns_a_pixel():
    explorer = PoolPreimages(result=0)
    page = Page(explorer)
    frame = page.pick("pixel:6", "click")
    check_frame(explorer, frame)
    x = np.zeros((4, 4))
    x[1, 2] = 1
    np.testing.assert_array_equal(shown(explorer)["x"], x)
    assert shown(explorer)["y"].tolist() == [[0, 1], [0, 0]]
    page.pick("pixel:7", "click")
    x[1, 3] = 1
    np.testing.assert_array_equal(shown(explorer)["x"], x)
    assert shown(explorer)["y"].tolist() == [[0, 1], [0, 0]]
    page.pick("pixel:6", "click")
    page.pick("pixel:7", "click")
    assert (explorer.result, explorer.walk) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "levels"), [("max", [1, 0]), ("average", [0.25, 0.5, 0.75, 1, 0])]
)
def test_a_click_chooses_another_result(kind, levels):
    explorer = PoolPreimages(kind=kind, result=0)
    page = Page(explorer)
    for level in levels:
        check_frame(explorer, page.pick("cell:3", "click"))
        assert shown(explorer)["y"].tolist() == [[0, 0], [0, level]]
        assert explorer.walk == 0


def test_what_is_no_cell_changes_nothing():
    explorer = PoolPreimages()
    state = explorer.state
    for pick in ("pixel:16", "cell:4", "pixel:x", "", "other:1"):
        explorer.pick(pick)
        assert explorer.state == state
    explorer.pick("pixel:3", "hover")
    assert explorer.state == state
    explorer.board = "circle"
    explorer.pick("pixel:3")
    assert explorer.walk == 0


def test_another_result_begins_at_its_first_picture():
    explorer = PoolPreimages(result=15, walk=50_000)
    explorer.result = 3
    assert explorer.walk == 0
    explorer.update(kind="average", result=624)
    explorer.kind = "max"
    assert explorer.result == 15
    assert "Picture 1 of 50,625" in explorer._frame["says"]


@pytest.mark.parametrize("board", ["small", "circle"])
@pytest.mark.parametrize("kind", ["max", "average"])
def test_it_is_drawn_and_kept(board, kind):
    explorer = PoolPreimages(board=board, kind=kind, walk=3 if board == "circle" else 0)
    check_frame(explorer, explorer._frame)
    assert len(explorer.svg()) < 40_000
    assert PoolPreimages.from_state(explorer.state).svg() == explorer.svg()
    assert "same=" in repr(explorer)


def test_everything_can_be_moved():
    assert move_everything(PoolPreimages(), np.random.default_rng(0)) > 20
