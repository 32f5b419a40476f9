"""Shapes, against the definition of each: how far a pixel is from the line."""

import numpy as np
import pytest

import dlnotes as dl

KINDS = ("circle", "cross", "lines", "square")


def covered(inside, size=28, parts=40):
    """The part of each pixel that lies inside, by counting parts × parts places of it."""
    places = (np.arange(size * parts) + 0.5) / parts
    down, across = np.meshgrid(places, places, indexing="ij")
    return inside(down, across).reshape(size, parts, size, parts).mean(axis=(1, 3))


def test_a_circle_covers_its_ring():
    found = dl.data.shape("circle", centre=(13.2, 15.1), radius=8.3, thickness=2.4)

    def ring(down, across):
        return np.abs(np.hypot(down - 13.2, across - 15.1) - 8.3) < 1.2

    assert found == pytest.approx(covered(ring), abs=0.13)
    assert found.sum() == pytest.approx(2 * np.pi * 8.3 * 2.4, rel=5e-3)


def test_upright_lines_are_exact():
    found = dl.data.shape("lines", centre=(14, 14.3), radius=9, thickness=1.7)

    def bars(down, across):
        return np.min([np.abs(across - 14.3 - place) for place in (-9, 0, 9)], axis=0) < 0.85

    assert found[6:22] == pytest.approx(covered(bars)[6:22], abs=0.02)
    assert not found[:3].any()


def test_a_square_is_exact_away_from_its_corners():
    found = dl.data.shape("square", centre=(14.5, 13), radius=8.25, thickness=2.5)

    def frame(down, across):
        reach = np.maximum(np.abs(down - 14.5), np.abs(across - 13))
        return np.abs(reach - 8.25) < 1.25

    expected = covered(frame)
    for edge in (np.s_[9:20, :], np.s_[:, 9:18]):
        assert found[edge] == pytest.approx(expected[edge], abs=0.02)


def test_a_cross_is_two_diagonals():
    found = dl.data.shape("cross", radius=9, thickness=2)

    def diagonals(down, across):
        straight = np.abs(down - across), np.abs(down + across - 28)
        return np.min(straight, axis=0) < np.sqrt(2)

    assert found[7:21, 7:21] == pytest.approx(covered(diagonals)[7:21, 7:21], abs=0.15)
    assert found == pytest.approx(found.T, abs=1e-6)
    assert found == pytest.approx(found[::-1], abs=1e-6)


def test_a_thin_line_keeps_its_ink():
    found = dl.data.shape("circle", radius=9, thickness=0.3)
    assert found.max() <= 0.3 + 1e-6
    assert found.sum() == pytest.approx(2 * np.pi * 9 * 0.3, rel=2e-2)


def test_turning_is_anticlockwise():
    upright = dl.data.shape("lines", centre=(14, 14))
    assert dl.data.shape("lines", turn=90) == pytest.approx(upright.T, abs=1e-5)
    # Turned a little to the left, the middle line's upper end lies left of the middle.
    leaning = dl.data.shape("lines", turn=15)
    assert leaning[6:10, 10:14].sum() > leaning[6:10, 14:18].sum()
    assert dl.data.shape("circle", turn=33) == pytest.approx(dl.data.shape("circle"), abs=1e-5)


def test_what_lies_outside_is_cut_off():
    assert not dl.data.shape("circle", centre=(-50, 90)).any()
    assert dl.data.shape("square", centre=(0, 0)).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_has_the_wanted_size(kind):
    found = dl.data.shape(kind, size=9)
    assert (found.shape, found.dtype) == ((9, 9), np.float32)
    assert 0 < found.max() <= 1
    assert found.min() == 0


def test_many_shapes_lie_whole_within_their_pictures():
    x, y = dl.data.shapes(200, rng=np.random.default_rng(1), size=20)
    assert (x.shape, x.dtype, y.dtype) == ((200, 1, 20, 20), np.float32, np.int64)
    assert set(y) == {0, 1, 2, 3}
    assert x.sum(axis=(1, 2, 3)).min() > 4
    border = np.ones((20, 20), bool)
    border[1:-1, 1:-1] = False
    assert x[:, 0, border].max() < 0.5
    heights = x.any(axis=3).sum(axis=2)
    assert heights.max() > 2 * heights.min()


def test_many_shapes_are_the_same_for_the_same_generator():
    one, y = dl.data.shapes(5, rng=np.random.default_rng(2), kinds=["square", "circle"])
    other, again = dl.data.shapes(5, rng=np.random.default_rng(2), kinds=["square", "circle"])
    assert np.array_equal(one, other)
    assert np.array_equal(y, again)
    assert set(y) <= {0, 1}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"kind": "triangle"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": ["circle"]}, "kind"),
        ({"size": 0}, "size"),
        ({"size": 28.0}, "size"),
        ({"size": 5000}, "size"),
        ({"centre": 3}, "centre"),
        ({"centre": (1, 2, 3)}, "centre"),
        ({"centre": "ab"}, "centre"),
        ({"centre": (1, np.nan)}, "centre"),
        ({"centre": (1, (2, 3))}, "centre"),
        ({"radius": 0}, "radius"),
        ({"radius": -1}, "radius"),
        ({"radius": "3"}, "radius"),
        ({"thickness": 0}, "thickness"),
        ({"thickness": np.inf}, "thickness"),
        ({"turn": None}, None),
        ({"turn": np.nan}, "turn"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(options, named):
    kind = options.pop("kind", "circle")
    with pytest.raises(ValueError, match=rf"^shape: {named or 'turn'} is .*wanted"):
        dl.data.shape(kind, **options)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"n": 0}, "n"),
        ({"n": "many"}, "n"),
        ({"size": 7}, "size"),
        ({"size": 4097}, "size"),
        ({"kinds": ()}, "kinds"),
        ({"kinds": "circle"}, "kinds"),
        ({"kinds": 3}, "kinds"),
        ({"kinds": ("circle", "circle")}, "kinds"),
        ({"kinds": ("circle", "star")}, "kinds"),
        ({"kinds": (["circle"],)}, "kinds"),
    ],
)
def test_shapes_that_cannot_be_are_refused(options, named):
    n = options.pop("n", 3)
    with pytest.raises(ValueError, match=rf"^shapes: {named} is .*wanted"):
        dl.data.shapes(n, rng=np.random.default_rng(1), **options)


def test_chance_is_a_generator():
    with pytest.raises(TypeError, match="^shapes: rng is 1, wanted a generator"):
        dl.data.shapes(3, rng=1)
