"""The points of the quadratic fitter: dragged, thrown off, put back, and the reader's own."""

import numpy as np
import pytest
from driver import Page, check_frame

from dlnotes import data
from dlnotes.widgets.points import points_of
from dlnotes.widgets.quadratic_fitter import QuadraticFitter

X, Y = data.stopping_distances()


def places(fitter):
    result = fitter.compute(**fitter.values)
    return np.column_stack([result["x"], result["y"]])


def moved_points(fitter, original=None):
    original = np.column_stack([X, Y]) if original is None else original
    return np.flatnonzero((places(fitter) != original).any(axis=1)).tolist()


def window(values):
    low, high = values.min(), values.max()
    return low - 0.08 * (high - low), high + 0.08 * (high - low)


def test_a_drag_moves_one_point():
    fitter = QuadraticFitter()
    check_frame(fitter, Page(fitter).pick("point:7", "drag", x=12.25, y=70.5))
    assert moved_points(fitter) == [7]
    assert places(fitter)[7].tolist() == [12.25, 70.5]


def test_a_drag_ends_at_the_edge():
    fitter = QuadraticFitter()
    page = Page(fitter)
    for x, y, i, j in ((1e9, 1e9, 1, 1), (-1e9, -1e9, 0, 0)):
        page.pick("point:7", "drag", x=x, y=y)
        assert places(fitter)[7] == pytest.approx([window(X)[i], window(Y)[j]])
    assert moved_points(fitter) == [7]


@pytest.mark.parametrize(
    ("key", "axis", "sign"),
    [("ArrowLeft", 0, -1), ("ArrowRight", 0, 1), ("ArrowDown", 1, -1), ("ArrowUp", 1, 1)],
)
@pytest.mark.parametrize("big", [False, True])
def test_an_arrow_moves_one_point_a_share_of_the_axis(key, axis, sign, big):
    fitter = QuadraticFitter()
    before = places(fitter)
    Page(fitter).pick("point:20", "key", key=key, big=big)
    (low, high) = window((X, Y)[axis])
    step = np.zeros(2)
    step[axis] = sign * (0.1 if big else 0.02) * (high - low)
    assert moved_points(fitter) == [20]
    np.testing.assert_allclose(places(fitter)[20], before[20] + step)


@pytest.mark.parametrize(
    "pick",
    [
        {"pick": "", "how": "leave"},
        {"pick": "point:99", "how": "drag", "x": 1.0, "y": 1.0},
        {"pick": "point:-1", "how": "drag", "x": 1.0, "y": 1.0},
        {"pick": "point:", "how": "drag", "x": 1.0, "y": 1.0},
        {"pick": "point:²", "how": "drag", "x": 1.0, "y": 1.0},
        {"pick": "surface", "how": "click"},
        {"pick": "surface", "how": "drag", "x": 1.0, "y": 1.0},
        {"how": "click"},
    ],
)
def test_a_pick_of_nothing_changes_nothing(pick):
    fitter = QuadraticFitter(surface="none")
    state = fitter.state
    frame = Page(fitter).send(do="pick", pick=pick)
    assert frame["error"] is None
    assert fitter.state == state


def test_a_place_that_is_no_number_moves_nothing():
    fitter = QuadraticFitter()
    for pick in ("point:3", "surface"):
        frame = Page(fitter).pick(pick, "drag", x=float("nan"), y=1.0)
        assert frame["error"] is None
        assert moved_points(fitter) == []
    check_frame(fitter, Page(fitter).set("a1", 30))


def test_the_surface_sets_two_sliders_within_their_reach():
    fitter = QuadraticFitter(surface="a1 a3")
    page = Page(fitter)
    check_frame(fitter, page.pick("surface", "drag", x=33.0, y=-7.0))
    assert (fitter.a1, fitter.a2, fitter.a3) == (33, 0, -7)
    check_frame(fitter, page.pick("surface", "drag", x=1e9, y=-1e9))
    assert (fitter.a1, fitter.a3) == (
        fitter._controls["a1"]["maximum"],
        fitter._controls["a3"]["minimum"],
    )


def test_one_point_is_thrown_far_off_and_all_are_put_back():
    fitter = QuadraticFitter(a1=40, a2=20, a3=5)
    before = fitter.compute(**fitter.values)["error"]
    fitter.press("outlier")
    thrown = moved_points(fitter)
    assert len(thrown) == 1
    assert fitter.compute(**fitter.values)["error"] > before
    fitter.press("outlier")
    assert moved_points(fitter) == thrown
    fitter.press("restore")
    assert moved_points(fitter) == []
    assert fitter.compute(**fitter.values)["error"] == before


@pytest.mark.parametrize("own", ["1 9\n2 5\n3 1", "5 5\n6 5\n7 5"])
def test_one_point_is_thrown_wherever_it_lies(own):
    fitter = QuadraticFitter(data="own", own=own)
    original = places(fitter)
    fitter.press("outlier")
    assert len(moved_points(fitter, original)) == 1


def test_a_search_follows_the_points():
    fitter = QuadraticFitter()
    fitter.press("gradient")
    before = fitter.a1
    fitter.press("outlier")
    assert fitter.a1 != before
    assert fitter.search == "gradient"
    fitter.press("restore")
    assert fitter.a1 == before


def test_the_box_of_the_sliders_stays_while_points_are_moved():
    fitter = QuadraticFitter()
    before = {name: fitter._controls[name] for name in ("a1", "a2", "a3")}
    fitter.press("outlier")
    assert {name: fitter._controls[name] for name in before} == before


def test_other_data_start_afresh():
    fitter = QuadraticFitter()
    fitter.press("outlier")
    fitter.press("grid")
    fitter.update(data="made", seed=3)
    fresh = points_of("made", 3, "")
    np.testing.assert_array_equal(places(fitter), np.column_stack([fresh.x, fresh.y]))
    assert (fitter.search, fitter.step, fitter.tried) == ("hand", 0, [])
    assert fitter.hand == {"count": 0, "path": []}
    fitter.update(data="stopping", a1=33)
    assert fitter.a1 == 33


def test_controls_of_the_data_come_and_go():
    fitter = QuadraticFitter()
    seen = {}
    for source in ("stopping", "made", "own"):
        fitter.data = source
        seen[source] = {"seed", "own"} & set(fitter._controls)
    assert seen == {"stopping": set(), "made": {"seed"}, "own": {"own"}}


def test_own_points_that_cannot_be_read_are_said_and_mended():
    fitter = QuadraticFitter(data="own")
    page = Page(fitter)
    frame = page.set("own", "1 1\n2 2\n3 <b>oops")
    assert frame["error"] == {
        "sentence": "Line 3, “3 <b>oops”, is not two numbers.",
        "details": "",
    }
    for control in ("grid", "random", "gradient", "outlier", "restore"):
        assert page.press(control)["error"]["details"] == ""
    frame = page.set("own", "1 1000\n2 3000.5\n3 9000\n4 -100")
    check_frame(fitter, frame)
    for control in ("grid", "random", "gradient", "outlier", "restore"):
        frame = page.press(control)
        assert frame["error"] is None
        check_frame(fitter, frame)
    with pytest.raises(ValueError, match="Line 1, “1”, is not two numbers"):
        fitter.update(own="1")
    assert fitter.own.startswith("1 1000")


def test_many_points_are_not_dragged():
    own = "\n".join(f"{i} {i % 7}" for i in range(121))
    few = QuadraticFitter(data="own", own=own.rpartition("\n")[0])
    many = QuadraticFitter(data="own", own=own)
    assert 'data-pick="point:0"' in few.svg()
    assert 'data-pick="point:' not in many.svg()


def test_a_state_remembers_points_and_searches():
    fitter = QuadraticFitter(data="made", seed=4, goal="reward", key=True)
    page = Page(fitter)
    for press in ("grid", "gradient", "outlier"):
        page.press(press)
    page.set("rate", 100.0)
    page.pick("point:2", "drag", x=3.0, y=30.0)
    again = QuadraticFitter.from_state(fitter.state)
    assert again.state == fitter.state
    assert again.svg() == fitter.svg()
    other = QuadraticFitter()
    other.update(**fitter.state)
    assert other.state == fitter.state


def test_the_map_is_walked_by_arrow_keys():
    fitter = QuadraticFitter(surface="a2 a3")
    fitter.pick("surface", "key", key="ArrowRight")
    fitter.pick("surface", "key", key="ArrowUp", big=True)
    assert (fitter.a1, fitter.a2, fitter.a3) == (20, 2, 5)
    assert fitter.hand["count"] == 2
    fitter.pick("surface", "click")
    assert (fitter.a2, fitter.a3) == (2, 5)


def test_a_state_with_half_typed_points_is_restored_and_said():
    fitter = QuadraticFitter(data="own")
    fitter.own = "1,2\n3"
    again = QuadraticFitter.from_state(fitter.state)
    assert again.state == fitter.state
    assert again._frame["error"]["sentence"] == fitter._frame["error"]["sentence"]
    with pytest.raises(ValueError, match="takes a number"):
        QuadraticFitter.from_state(fitter.state | {"a1": "high"})
