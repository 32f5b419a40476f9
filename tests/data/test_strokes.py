"""Drawn digits: framed like MNIST's, the same for the same generator, and readable."""

import numba
import numpy as np
import pytest

import dlnotes as dl
from dlnotes.data.glyphs import WAYS, ways

N = 60


def drawn(n=N, seed=1, **options):
    return dl.data.strokes(n, rng=np.random.default_rng(seed), **options)


def test_the_pictures_are_numbers_in_0_to_1_with_their_digits():
    x, y = drawn()
    assert x.shape == (N, 1, 28, 28)
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    assert x.flags.c_contiguous
    assert (x.min(), x.max()) == (0, 1)
    assert set(y) == set(range(10))


def test_every_digit_fits_20_by_20_with_its_centre_of_mass_in_the_middle():
    x, _ = drawn()
    places = np.arange(28) + 0.5
    for picture in x[:, 0]:
        rows, cols = picture.any(axis=1).nonzero()[0], picture.any(axis=0).nonzero()[0]
        sides = np.ptp(rows) + 1, np.ptp(cols) + 1
        assert 19 <= max(sides) <= 20
        assert picture.sum(1) @ places / picture.sum() == pytest.approx(14, abs=0.501)
        assert picture.sum(0) @ places / picture.sum() == pytest.approx(14, abs=0.501)


def test_the_same_generator_gives_the_same_digits_and_another_gives_others():
    x, y = drawn()
    again, labels = drawn()
    assert np.array_equal(x, again)
    assert np.array_equal(y, labels)
    assert not np.array_equal(x, drawn(seed=2)[0])


def test_the_number_of_threads_changes_nothing():
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone, _ = drawn()
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(alone, drawn()[0])


def test_a_generator_goes_on_where_it_stood():
    rng = np.random.default_rng(3)
    first, _ = dl.data.strokes(4, rng=rng)
    assert not np.array_equal(first, dl.data.strokes(4, rng=rng)[0])


def test_more_than_a_block_is_drawn(monkeypatch):
    monkeypatch.setitem(dl.data.strokes.__globals__, "BLOCK", 4)
    x, y = drawn(10)
    assert len(x) == len(y) == 10
    assert x.any(axis=(1, 2, 3)).all()


def test_only_the_wanted_digits_are_drawn():
    _, y = drawn(classes=(3, 8))
    assert set(y) == {3, 8}
    assert set(drawn(5, classes=iter([7]))[1]) == {7}


def test_hands_differ_in_pen_and_in_sharpness():
    x, _ = drawn()
    ink = x.sum(axis=(1, 2, 3))
    assert ink.max() > 2 * ink.min()
    full = (x == 1).mean(axis=(1, 2, 3)) / (x > 0).mean(axis=(1, 2, 3))
    assert full.max() > 2 * np.median(full) or full.min() < np.median(full) / 2


def test_a_network_of_one_neighbour_reads_real_digits_from_drawn_ones():
    # The nearest of a few drawn digits; a trained network does far better.
    x, y = drawn(400)
    real, digits = dl.data.digits(28)
    flat, seen = x.reshape(400, -1), real.reshape(len(real), -1)[::9]
    apart = (flat**2).sum(1) - 2 * seen @ flat.T
    assert (y[apart.argmin(axis=1)] == digits[::9]).mean() > 0.7


def test_each_digit_has_several_ways_whose_shares_make_a_hundred():
    digit, share = np.array([way[:2] for way in WAYS]).T
    assert (np.bincount(digit, weights=share) == 100).all()
    assert np.bincount(digit).min() >= 2
    assert np.bincount(digit)[[1, 4, 7, 9]].min() >= 4


def test_the_extremes_of_a_way_have_the_same_strokes_within_the_paper():
    for _, _, one, other in WAYS:
        assert [len(stroke.split()) for stroke in one.split("|")] == [
            len(stroke.split()) for stroke in other.split("|")
        ]
    points = ways().points
    assert (points.min(), points.max()) == (0, 1)


def test_points_named_twice_are_shaken_as_one():
    table = ways()
    seven = [way[0] for way in WAYS].index(7)
    assert table.joint[seven, :6].tolist() == [0, 1, 2, 2, 4, 5]
    assert table.ends[seven, :3].tolist() == [3, 6, 6]


def test_corners_stay_joined_in_a_shaken_hand(monkeypatch):
    given = []
    keep = dl.data.strokes.__globals__
    draw = keep["draw_digits"]
    monkeypatch.setitem(keep, "draw_digits", lambda *hands: given.extend(hands) or draw(*hands))
    drawn(40, classes=[7])
    control, ends = given[:2]
    rows = np.arange(len(control))
    corner = ends[:, 0]  # Every 7 turns where its first stroke ends.
    assert np.array_equal(control[rows, corner - 1], control[rows, corner])
    assert np.std(control[rows, corner], axis=0).min() > 0.02


def test_the_shares_are_stretches_of_a_line():
    table = ways()
    assert table.share[-1] == pytest.approx(10)
    assert (np.diff(table.share) > 0).all()
    assert (np.floor(table.share - 1e-9) == [way[0] for way in WAYS]).all()


@pytest.mark.parametrize("n", [0, -1, 2.0, "3", None, True, 1_000_001, [3], np.nan])
def test_a_number_that_is_none_is_refused(n):
    with pytest.raises(ValueError, match=r"^strokes: n is .*wanted"):
        drawn(n)


@pytest.mark.parametrize("rng", [None, 1, "seed", np.random.RandomState(0)])
def test_chance_is_a_generator(rng):
    with pytest.raises(TypeError, match=r"^strokes: rng is .*wanted a generator"):
        dl.data.strokes(3, rng=rng)


@pytest.mark.parametrize("classes", [(), (10,), (-1,), (1, 1), (1.0,), "12", 3, None, ("1",), b"1"])
def test_classes_are_different_digits(classes):
    with pytest.raises(ValueError, match=r"^strokes: classes is .*wanted"):
        drawn(classes=classes)
