"""The one door: what passes, in which form it leaves, and what is refused."""

import numpy as np
import pytest

from dlnotes import door


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (np.float32([1]), "float32"),
        (np.float64([1]), "float64"),
        (np.longdouble([1]), "float64"),
        (np.float16([1]), "float32"),
        (np.int8([1]), "float32"),
        (np.int64([1]), "float32"),
        (np.array([True]), "float32"),
        (np.array([1], ">f8"), "float64"),
        (np.array([1], ">f4"), "float32"),
        ([1], "float32"),
        ([1.0], "float64"),
        (1, "float32"),
        (np.float64(1), "float64"),
    ],
)
def test_float64_stays_and_all_else_becomes_float32(given, dtype):
    found = door.array(given, "x")
    assert found.dtype == dtype
    assert found.dtype.isnative
    assert found.shape == np.shape(given)
    assert (found == 1).all()
    assert door.array(given, "x", dtype=np.dtype("float64")).dtype == "float64"


def test_what_leaves_is_what_the_kernels_were_compiled_for():
    still = np.arange(6.0)
    still.flags.writeable = False
    raw = np.zeros(49, np.uint8)[1:].view(float)
    for given in (still, raw, still[::-1], still.reshape(2, 3).T, np.broadcast_to(1.0, (2, 3))):
        found = door.array(given, "x")
        flags = found.flags
        assert (flags.c_contiguous, flags.writeable, flags.aligned) == (True, True, True)
        np.testing.assert_array_equal(found, given)


def test_an_array_that_is_right_already_is_not_copied():
    x = np.ones(3, np.float32)
    assert door.array(x, "x") is x


def test_nan_and_infinity_pass_and_what_is_too_large_becomes_infinite():
    found = door.array([np.nan, np.inf, 1e300], "x", dtype=np.dtype("float32"))
    np.testing.assert_array_equal(found, np.float32([np.nan, np.inf, np.inf]))


@pytest.mark.parametrize(
    ("value", "options", "found"),
    [
        (2, {}, 2.0),
        (np.float32(0.5), {"least": 0, "below": 1}, 0.5),
        (0, {"least": 0}, 0.0),
        (np.array(3.0), {"above": 0}, 3.0),
    ],
)
def test_numbers_within_their_bounds_pass(value, options, found):
    assert door.real(value, "lr", **options) == found


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        (0, {"above": 0}, "^lr is 0, wanted a finite number, above 0$"),
        (1, {"least": 0, "below": 1}, "^lr is 1, wanted a finite number, at least 0, below 1$"),
        (np.inf, {}, "^lr is inf, wanted a finite number$"),
        ("0.1", {}, "^lr is '0.1', wanted a finite number$"),
        (10**400, {}, "wanted a finite number$"),
    ],
)
def test_numbers_out_of_bounds_are_refused(value, options, message):
    with pytest.raises(ValueError, match=message):
        door.real(value, "lr", **options)


def test_pairs():
    for given in (3, np.int64(3), (3, 3), [3, 3], np.array([3, 3])):
        assert door.pair(given, "stride") == (3, 3)
    assert door.pair((0, 1), "padding", least=0) == (0, 1)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((3, (3, 3)), "^stride is .*, wanted a whole number of at least 1$"),
        (((3, 3), (3, 3), (3, 3)), "^stride is .*, wanted one whole number or a pair of them$"),
        (2**31, "^stride is 2147483648, wanted at most 2147483647$"),
        ((1, 10**30), "^stride is 1000000000000000000000000000000, wanted at most 2147483647$"),
    ],
)
def test_what_is_no_pair_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        door.pair(value, "stride")


def test_a_size_has_a_limit_that_names_it():
    assert door.size(2**31 - 1, "Dense: n_in") == 2**31 - 1
    with pytest.raises(ValueError, match="^Dense: n_in is 2147483648, wanted at most 2147483647$"):
        door.size(2**31, "Dense: n_in")


class Mute:
    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "0.5"),
        (np.zeros((2, 1)), "array([[0.], [0.]])"),
        (10**99, "1" + 78 * "0" + "…"),
        (10**9999, "a value of type int"),
        (Mute(), "a value of type Mute"),
    ],
    ids=["number", "array", "long", "longer", "mute"],
)
def test_what_came_is_said_on_one_short_line(value, words):
    assert door.brief(value) == words
