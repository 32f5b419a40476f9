"""The change under a shift is that of the textbook's pooling of the shifted pictures themselves."""

import numpy as np
import pytest
import reference

from dlnotes import data
from dlnotes.widgets import trained
from dlnotes.widgets.pool_images import filtered
from dlnotes.widgets.shift_measure import (
    DIRECTIONS,
    Bench,
    curve,
    examples,
    maps,
    measured,
    nearest,
    pictures_of,
    relative,
    unshifted,
    warm,
)

SMALL, LARGE = Bench("small", 3, 0, 0), Bench("large", 2, 2, 1)
NONE = ((0, 0), (0, 0))
SHIFTS = [(0, 0), (0, 1), (-1, 0), (3, -2), (8, 8), (-8, 5), (-7, -8)]


def textbook_pool(x, blur):
    if blur:
        return reference.blur_pool2d(
            reference.max_pool2d(x, (2, 2), (1, 1), NONE, (1, 1), False), (3, 3), (2, 2)
        )
    return reference.max_pool2d(x, (2, 2), (2, 2), NONE, (1, 1), False)


def textbook_change(before, after):
    return [
        np.sqrt(np.sum((b - a) ** 2)) / np.sqrt(np.sum(a**2))
        for a, b in zip(before, after, strict=True)
    ]


def test_nothing_leaves_the_small_pictures():
    x = pictures_of(SMALL)
    np.testing.assert_array_equal(x[:, :, 10:18, 10:18], data.digits()[0][:3])
    for rows, cols in SHIFTS:
        assert maps(SMALL, rows, cols, False)["pixels"].sum() == pytest.approx(x.sum())


@pytest.mark.parametrize("blur", [False, True])
@pytest.mark.parametrize(("rows", "cols"), SHIFTS)
def test_maps_are_those_of_the_shifted_pictures(rows, cols, blur):
    x = np.roll(pictures_of(SMALL), (rows, cols), axis=(2, 3))
    found = maps(SMALL, rows, cols, blur)
    np.testing.assert_array_equal(found["pixels"], x)
    np.testing.assert_allclose(found["convolved"], filtered(x), atol=1e-6)
    once = textbook_pool(np.pad(x, ((0, 0), (0, 0), (6, 6), (6, 6))), blur)
    np.testing.assert_allclose(found["pooled"], once[:, :, 3:-3, 3:-3], atol=1e-6)
    assert found["pooled"].sum() == pytest.approx(once.sum(), rel=1e-5)
    np.testing.assert_allclose(found["twice"], textbook_pool(once, blur), atol=1e-6)


@pytest.mark.parametrize("blur", [False, True])
def test_the_large_pictures_go_through_the_network(blur):
    net = trained.convolutional(blur=blur, n=2, epochs=1)
    x = data.shift(pictures_of(LARGE), 2, -3)
    found, flowing = maps(LARGE, 2, -3, blur), x
    seen = []
    for layer in net:
        flowing = layer(flowing)
        seen.append((type(layer).__name__, flowing))
    pools = [y for name, y in seen if name == ("BlurPool2d" if blur else "MaxPool2d")]
    np.testing.assert_array_equal(found["pixels"], x)
    np.testing.assert_allclose(found["convolved"], seen[1][1], rtol=1e-5)
    np.testing.assert_allclose(found["pooled"], pools[0], rtol=1e-5)
    np.testing.assert_allclose(found["twice"], pools[1], rtol=1e-5)
    np.testing.assert_allclose(found["probabilities"], reference.softmax(flowing), rtol=1e-4)


def test_the_network_has_not_seen_the_pictures():
    seen = data.strokes(2, rng=np.random.default_rng(0))[0]
    new = pictures_of(LARGE)
    assert not any((a == b).all() for a in new for b in seen)


def test_networks_are_taught_in_slices_before_their_curves_are_measured():
    trained.convolutional.cache_clear()
    shares = list(warm.function(LARGE))
    assert shares == sorted(shares)
    assert {0, 1 / 3} < set(shares)
    assert 0.99 < shares[-1] <= 1
    assert next(warm.function(LARGE)) >= 2 / 3  # the networks are known


@pytest.mark.parametrize("bench", [SMALL, LARGE], ids=lambda bench: bench.pictures)
@pytest.mark.parametrize("blur", [False, True])
def test_change_is_the_length_of_the_difference(bench, blur):
    before, after = maps(bench, 0, 0, blur), maps(bench, -1, 2, blur)
    found = measured(bench, -1, 2, blur)
    for stage, now in after.items():
        change = textbook_change(before[stage], now)
        assert found[stage].mean == pytest.approx(np.mean(change), rel=1e-4)
        assert found[stage].low == pytest.approx(np.quantile(change, 0.1), rel=1e-4)
        assert found[stage].high == pytest.approx(np.quantile(change, 0.9), rel=1e-4)
        same = sum(np.array_equal(a, b) for a, b in zip(before[stage], now, strict=True))
        if stage == "probabilities":
            same = sum(np.argmax(before[stage], axis=1) == np.argmax(now, axis=1))
            right = np.argmax(now, axis=1) == examples(bench)[1]
            assert found[stage].right == right.sum()
        assert (found[stage].same, found[stage].n) == (same, bench.n)
    still = measured(bench, 0, 0, blur)
    assert {part.mean for part in still.values()} == {0}
    assert {part.same for part in still.values()} == {bench.n}


def test_pictures_with_nothing_in_common_differ_by_the_root_of_two():
    before, after = np.eye(4)[:2], np.eye(4)[2:]
    np.testing.assert_allclose(relative(before, after), np.sqrt(2))


def test_the_figures_of_the_syllabus():
    """All 1,797 digits, pooled by reshaping: no loop is needed where windows lie side by side."""

    def pooled(x):
        return x.reshape(len(x), x.shape[2] // 2, 2, x.shape[3] // 2, 2).max(axis=(2, 4))

    x = np.pad(data.digits()[0], ((0, 0), (0, 0), (2, 2), (2, 2)))
    shifted = np.roll(x, 1, axis=3)
    assert len(x) == 1797
    before, after = pooled(x), pooled(shifted)
    assert not (before == after).all(axis=(1, 2)).any()
    assert round(float(np.mean(textbook_change(before, after))), 2) == 0.54
    assert round(float(np.mean(textbook_change(x, shifted))), 2) == 0.82
    found = measured(Bench("small", 40, 0, 0), 0, 1, False)
    assert found["pooled"].same == 0
    wanted = np.mean(textbook_change(before[:40], after[:40]))
    assert found["pooled"].mean == pytest.approx(wanted, rel=1e-5)


def test_a_curve_goes_in_its_direction():
    for direction in DIRECTIONS:
        found = curve(SMALL, direction, False)
        for stage in found:
            wanted = [
                measured(SMALL, d * direction[0], d * direction[1], False)[stage].mean
                for d in range(9)
            ]
            np.testing.assert_array_equal(found[stage]["mean"], wanted)
            assert (found[stage]["low"] <= found[stage]["high"]).all()


def test_the_nearest_direction():
    for rows, cols in DIRECTIONS:
        for far in (1, 8):
            assert nearest(rows * far, cols * far) == (rows, cols)
    assert nearest(0, 0) == (0, 1)
    assert nearest(-1, 8) == (0, 1)
    assert nearest(-7, -6) == (-1, -1)
    assert nearest(8, 1) == (1, 0)


def test_what_is_not_shifted_is_kept():
    assert unshifted(SMALL, True) is unshifted(SMALL, True)
