"""1.5 against 3, then 3 against 0: measured, not typed in."""

import numpy as np
import pytest
import reference
from driver import check_frame, move_everything

from dlnotes.widgets.brightness_trap import BrightnessTrap


def scores(explorer):
    return explorer.compute(**explorer.values)["scores"]


def test_brightness_wins_over_the_filter_of_ones():
    trap = BrightnessTrap()
    assert scores(trap) == {"line": 1.5, "flat": 3.0}
    assert "brightness wins" in trap._frame["says"]
    assert "The line scores 1.5, the flat patch 3" in trap._frame["says"]
    assert repr(trap) == "BrightnessTrap(line=1.5, flat=3)"


def test_a_filter_of_sum_zero_sees_the_line_only():
    trap = BrightnessTrap(balanced=True)
    assert scores(trap) == {"line": 3.0, "flat": 0.0}
    assert "finds the line" in trap._frame["says"]
    for flat in (0, 0.35, 1):
        trap.flat = flat
        assert scores(trap)["flat"] == pytest.approx(0)


def test_the_same_score_is_said():
    trap = BrightnessTrap(line=0.6, flat=0.6)
    assert "cannot tell them apart" in trap._frame["says"]


@pytest.mark.parametrize("balanced", [True, False])
def test_scores_are_the_textbooks(balanced):
    trap = BrightnessTrap(balanced=balanced, line=0.7, flat=0.2)
    result = trap.compute(**trap.values)
    for name, patch in result["patches"].items():
        wanted = reference.conv2d(patch[None, None], result["weights"][None, None], np.zeros(1))
        assert result["scores"][name] == pytest.approx(wanted.item())


def test_everything_can_be_moved():
    trap = BrightnessTrap()
    check_frame(trap, trap._frame)
    assert move_everything(trap, np.random.default_rng(0)) > 10
