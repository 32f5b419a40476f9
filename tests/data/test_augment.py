"""Pictures moved: by whole pixels on request, or a little at random."""

import numpy as np
import pytest

import dlnotes as dl


@pytest.mark.parametrize("rows", [0, 1, -2, 5, -6, 99, -99])
@pytest.mark.parametrize("cols", [0, -1, 3, 7, -50])
def test_a_shift_is_the_definition(rows, cols):
    x = np.random.default_rng(1).random((2, 3, 5, 6))
    expected = np.zeros_like(x)
    for row in range(5):
        for col in range(6):
            if 0 <= row - rows < 5 and 0 <= col - cols < 6:
                expected[..., row, col] = x[..., row - rows, col - cols]
    found = dl.data.shift(x, rows, cols)
    assert np.array_equal(found, expected)
    assert found.dtype == x.dtype
    assert not np.shares_memory(found, x)


def test_one_picture_can_be_shifted_too():
    assert dl.data.shift([[1, 2], [3, 4]], -1, 1).tolist() == [[0, 3], [0, 0]]


@pytest.mark.parametrize(
    ("x", "rows", "cols", "named"),
    [
        (np.ones(3), 1, 1, "x has shape"),
        (1.0, 1, 1, "x has shape"),
        (np.ones((3, 3)), 0.5, 1, "rows is 0.5"),
        (np.ones((3, 3)), 1, None, "cols is None"),
        (np.ones((3, 3)), "1", 1, "rows is '1'"),
        (np.ones((3, 3)), 1, True, "cols is True"),
        (np.ones((3, 3)), [1], 1, r"rows is \[1\]"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(x, rows, cols, named):
    with pytest.raises(ValueError, match=rf"^shift: {named}.*wanted"):
        dl.data.shift(x, rows, cols)


@pytest.mark.parametrize("x", [None, "picture", [[1, 1j]], np.ma.ones((2, 2))])
def test_what_is_no_picture_is_not_shifted(x):
    with pytest.raises(TypeError, match="^shift: x "):
        dl.data.shift(x, 1, 1)


def augmented(x, seed=1, **options):
    return dl.data.augment(x, rng=np.random.default_rng(seed), **options)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_change_changes_nothing(dtype):
    x = np.random.default_rng(1).random((3, 2, 7, 8)).astype(dtype)
    found = augmented(x, shift=0, turn=0, zoom=0)
    assert found == pytest.approx(x, abs=1e-6)
    assert found.dtype == dtype
    assert not np.shares_memory(found, x)


def middles(x):
    """Where the ink of each picture lies on average, from the middle: (n, 2)."""
    x = x[:, 0].astype(np.float64)
    places = [np.arange(side) + 0.5 - side / 2 for side in x.shape[1:]]
    mass = x.sum(axis=(1, 2))
    return np.stack([x.sum(axis=2) @ places[0], x.sum(axis=1) @ places[1]], axis=1) / mass[:, None]


def test_moves_are_uniform_within_the_wanted_pixels():
    x = np.zeros((150, 1, 21, 25))
    x[:, :, 8:13, 10:15] = 1
    moved = middles(augmented(x, shift=3, turn=0, zoom=0))
    assert np.abs(moved).max() <= 3
    assert (np.abs(moved).max(axis=0) > 2.5).all()
    assert np.abs(moved.mean(axis=0)).max() < 0.6


def test_turns_stay_within_the_wanted_degrees():
    x = np.zeros((100, 1, 21, 21))
    x[:, :, 10, 16] = 1
    angle = np.degrees(np.arctan2(*middles(augmented(x, shift=0, turn=20, zoom=0)).T))
    # The cells of a line of dots are read bilinearly, so a dot's mean is off by up to half a pixel.
    assert np.abs(angle).max() < 20 + 5
    assert angle.max() > 12
    assert angle.min() < -12


def test_zooms_stay_within_the_wanted_part():
    x = np.zeros((100, 1, 31, 31))
    x[:, :, 10:21, 10:21] = 1
    area = augmented(x, shift=0, turn=0, zoom=0.2).sum(axis=(1, 2, 3)) / 121
    assert 0.8**2 - 0.05 < area.min() < 0.75
    assert 1.3 < area.max() < 1.2**2 + 0.05


def test_the_same_generator_gives_the_same_pictures():
    x = dl.data.digits()[0][:5]
    assert np.array_equal(augmented(x), augmented(x))
    assert not np.array_equal(augmented(x), augmented(x, seed=2))
    assert augmented(x[:0]).shape == (0, 1, 8, 8)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"x": np.ones((3, 3))}, "x has shape"),
        ({"x": np.ones((1, 3, 3))}, "x has shape"),
        ({"shift": -1}, "shift is -1"),
        ({"shift": np.inf}, "shift is inf"),
        ({"shift": (1, 2)}, r"shift is \(1, 2\)"),
        ({"turn": -1}, "turn is -1"),
        ({"turn": 181}, "turn is 181"),
        ({"turn": "10"}, "turn is '10'"),
        ({"turn": np.nan}, "turn is nan"),
        ({"zoom": 1}, "zoom is 1"),
        ({"zoom": -0.1}, "zoom is -0.1"),
        ({"zoom": None}, "zoom is None"),
    ],
)
def test_what_cannot_be_augmented_is_refused(options, named):
    x = options.pop("x", np.ones((1, 1, 3, 3)))
    with pytest.raises(ValueError, match=rf"^augment: {named}.*wanted"):
        augmented(x, **options)


@pytest.mark.parametrize("x", [None, [["a"]], np.ones((1, 1, 2, 2), object)])
def test_what_is_no_picture_is_not_augmented(x):
    with pytest.raises(TypeError, match="^augment: x "):
        augmented(x)


def test_chance_is_a_generator():
    with pytest.raises(TypeError, match="^augment: rng is None, wanted a generator"):
        dl.data.augment(np.ones((1, 1, 2, 2)), rng=None)


@pytest.mark.parametrize(("rows", "cols"), [(10**30, 0), (0, -(10**30)), (-3, 3)])
def test_a_shift_beyond_the_border_leaves_nothing(rows, cols):
    assert not dl.data.shift(np.ones((3, 3)), rows, cols).any()
