"""Filters as plain JSON: presets at every size, and cells that the reader has changed."""

import json

import numpy as np
import pytest

from dlnotes.widgets.filter_bank import (
    FIRST,
    MOST,
    OWN,
    bank,
    checked,
    own,
    weights_of,
    with_weight,
)
from dlnotes.widgets.filters import preset

RAMP = {"preset": "ramp_upper_right", "own": None, "bias": 0.0}


def test_a_bank_to_begin_with():
    filters = bank("blur", 2)
    assert len(filters) == MOST
    assert filters[0] == {"preset": "blur", "own": None, "bias": 2.0}
    assert [one["preset"] for one in bank()] == list(FIRST)
    assert [one["bias"] for one in filters[1:]] == [0.0] * (MOST - 1)
    assert json.loads(json.dumps(filters)) == filters


def test_a_preset_is_the_same_in_every_channel():
    weights = weights_of(RAMP, 5, 3)
    assert weights.shape == (3, 5, 5)
    for channel in weights:
        np.testing.assert_array_equal(channel, preset("ramp_upper_right", 5))


def test_one_changed_cell_makes_it_ones_own():
    changed = with_weight(RAMP, 3, 3, 9 + 4, 7.5)
    assert changed["preset"] == OWN
    weights = weights_of(changed, 3, 3)
    assert weights[1, 1, 1] == 7.5
    assert (weights != weights_of(RAMP, 3, 3)).sum() == 1
    assert preset("ramp_upper_right", 3)[1, 1] == 0


def test_nothing_is_lost_while_the_size_or_the_channels_are_others():
    changed = with_weight(with_weight(RAMP, 3, 3, 0, 5.0), 3, 3, 26, 6.0)
    assert weights_of(changed, 1, 1).shape == (1, 1, 1)
    assert weights_of(changed, 3, 3)[0, 0, 0] == 5
    grey = with_weight(changed, 3, 1, 4, 9.0)
    assert weights_of(grey, 3, 3)[2, 2, 2] == 6
    assert weights_of(grey, 3, 1)[0, 1, 1] == 9


def test_a_grey_filter_is_repeated_in_colour():
    one = own([[1, 2], [3, 4]])
    np.testing.assert_array_equal(weights_of(one, 2, 3), [[[1, 2], [3, 4]]] * 3)


@pytest.mark.parametrize("shape", [(1, 1), (7, 7), (3, 2, 2)])
def test_a_filter_of_ones_own(shape):
    one = own(np.ones(shape), 3)
    assert one["bias"] == 3.0
    assert np.shape(one["own"])[-2:] == shape[-2:]


@pytest.mark.parametrize(
    "weights",
    [
        [[1, 2]], [1, 2], "abc", [[1], [2, 3]], np.ones((8, 8)), np.ones((4, 3, 3)), [[np.nan]],
        np.ones((0, 3, 3)), np.ones((0, 0)), None, [[np.inf]], np.ones((1, 1, 3, 3)),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(weights):
    with pytest.raises(ValueError, match="A filter is a square of numbers, 1×1 to 7×7"):
        own(weights)


@pytest.mark.parametrize(
    "filters",
    [
        3, [], [RAMP], [1, 2, 3, 4], [RAMP] * 3 + [{"preset": "blur"}], None,
        [RAMP] * 3 + [RAMP | {"bias": "x"}], [RAMP] * 3 + [RAMP | {"bias": True}],
        [RAMP] * 3 + [RAMP | {"own": [[1, 2]]}],
    ],
)  # fmt: skip
def test_a_state_without_filters_is_refused(filters):
    with pytest.raises(ValueError, match="The filters of this state are not 4 filters"):
        checked(filters)


def test_filters_are_filters():
    filters = [RAMP, own([[1]]), *bank()[2:]]
    assert checked(filters) is filters
