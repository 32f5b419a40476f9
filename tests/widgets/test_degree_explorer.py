"""A higher degree fits what it has seen ever better, and what it has not seen, not."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import check_frame, move_everything
from matplotlib.figure import Figure

from dlnotes.widgets.degree_explorer import DegreeExplorer, fits_of
from dlnotes.widgets.points import OWN, points_of

FLAT = "1 5\n2 5\n3 5\n4 5\n5 5\n6 5"
TINY = "1 5e-300\n2 7e-300\n3 -5e-300\n4 1e-300\n5 3e-300\n6 2e-300"
HUGE = "1 5e11\n2 -7e11\n3 5e11\n4 1\n5 3\n6 2\n7 -9e11"


def shown(explorer):
    return explorer.compute(**explorer.values)


@pytest.fixture(params=[("made", 0), ("made", 7), ("stopping", 0), ("stopping", 3), ("own", 0)])
def split_data(request):
    return dict(zip(("data", "split"), request.param, strict=True))


def test_the_training_error_never_rises(split_data):
    train = shown(DegreeExplorer(**split_data))["train"]
    assert train.shape == (15,)
    assert (np.diff(train) <= 1e-9 * train[0]).all()


def test_both_errors_are_those_of_least_squares(split_data):
    """An independent fit: orthogonal polynomials, in x scaled to [-1, 1]."""
    result = shown(DegreeExplorer(**split_data))
    x, y, held = result["points"].x, result["points"].y, result["held"]
    scaled = 2 * (x - x.min()) / (x.max() - x.min()) - 1
    for degree in range(1, min(8, np.unique(x[~held]).size - 1)):
        weights = np.polynomial.legendre.legfit(scaled[~held], y[~held], degree)
        miss = np.polynomial.legendre.legval(scaled, weights) - y
        assert result["train"][degree - 1] == pytest.approx(np.mean(miss[~held] ** 2), rel=1e-6)
        assert result["test"][degree - 1] == pytest.approx(np.mean(miss[held] ** 2), rel=1e-6)


def test_the_best_degree_has_the_least_test_error(split_data):
    result = shown(DegreeExplorer(**split_data))
    assert result["test"][result["best"] - 1] == result["test"].min()


def test_a_lesson_is_in_the_made_curve():
    result = shown(DegreeExplorer())
    assert 1 < result["best"] < 15
    assert result["test"][14] > 2 * result["test"].min()


def test_forty_per_cent_are_held_back():
    for split in range(21):
        held = fits_of("made", 0, "", split).held
        assert held.sum() == 16
        assert held.size == 40
    first, second = (fits_of("made", 0, "", split).held for split in (0, 1))
    assert (first != second).any()


def test_points_held_back_play_no_part_in_the_fit():
    pairs = [line.split(",") for line in OWN.splitlines()]
    held = fits_of("own", 0, OWN, 0).held
    other = "".join(
        f"{x},{100 if is_held else y}\n" for (x, y), is_held in zip(pairs, held, strict=True)
    )
    for degree in (1, 2, 3, 15):
        before, after = (
            shown(DegreeExplorer(data="own", own=own, degree=degree)) for own in (OWN, other)
        )
        np.testing.assert_array_equal(before["held"], after["held"])
        np.testing.assert_array_equal(before["curve_y"], after["curve_y"])
        np.testing.assert_array_equal(before["train"], after["train"])
        assert (before["test"] != after["test"]).all()


def test_every_degree_is_finite_and_drawn(split_data):
    explorer = DegreeExplorer(**split_data)
    for degree in range(1, 16):
        explorer.degree = degree
        check_frame(explorer, explorer._frame)
        result = shown(explorer)
        assert np.isfinite(result["curve_y"]).all()
        assert np.isfinite([result["train"], result["test"]]).all()
        assert f"Degree {degree}, {degree + 1} numbers" in explorer._frame["says"]


def words_of(explorer):
    return "".join(ElementTree.fromstring(explorer.svg()).itertext()) + repr(explorer)


def test_the_test_error_is_seen_only_when_revealed():
    hidden, open_ = DegreeExplorer(degree=9, reveal=False), DegreeExplorer(degree=9)
    assert " on the points it never saw" in words_of(open_)
    assert "test=" in repr(open_)
    assert " on the points it never saw" not in words_of(hidden)
    assert hidden._frame["says"] == open_._frame["says"].split(",")[0] + "," + (
        open_._frame["says"].split(",")[1] + "."
    )
    assert repr(hidden) == f"DegreeExplorer(degree=9, train={shown(hidden)['train'][8]:.4g})"
    assert open_.svg().count("held back") == hidden.svg().count("held back") + 1
    hidden.reveal = True
    assert hidden.svg() == open_.svg()


@pytest.mark.parametrize("own", [FLAT, TINY, HUGE, "1 1\n2 2\n3 1"])
@pytest.mark.parametrize("reveal", [True, False])
def test_strange_points_are_drawn(own, reveal):
    for degree in (1, 2, 15):
        explorer = DegreeExplorer(data="own", own=own, degree=degree, reveal=reveal)
        check_frame(explorer, explorer._frame)


def test_too_few_points_are_said():
    explorer = DegreeExplorer(data="own")
    explorer.own = "1 1\n1 2\n1 3\n1 4\n1 5\n2 1\n3 1"
    told = set()
    for split in range(21):
        explorer.split = split
        told.add((explorer._frame["error"] or {"sentence": ""})["sentence"])
    sentence = "Too few points are left to learn from; give at least 5 different x."
    assert told == {"", sentence}
    explorer.own = "1 x"
    assert explorer._frame["error"]["sentence"] == "Line 1, “1 x”, is not two numbers."
    explorer.own = OWN
    check_frame(explorer, explorer._frame)
    assert explorer._frame["error"] is None


def test_controls_of_the_data_come_and_go():
    explorer = DegreeExplorer(data="stopping")
    assert not {"seed", "own"} & set(explorer._controls)
    explorer.data = "made"
    assert "seed" in explorer._controls
    assert (shown(explorer)["points"].y == points_of("made", 0, "").y).all()
    explorer.data = "own"
    assert "own" in explorer._controls


def test_everything_can_be_moved():
    assert move_everything(DegreeExplorer(), np.random.default_rng(0)) >= 25


def test_a_figure_for_a_report():
    assert isinstance(DegreeExplorer().figure(), Figure)
