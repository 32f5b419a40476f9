"""Three losses of one residual are what the textbook says, and so are their slopes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import residual_loss

from dlnotes.kernels.loss import ABSOLUTE, HUBER, SQUARED, cost, slope, warm

KINDS = {"squared": SQUARED, "absolute": ABSOLUTE, "huber": HUBER}
residuals = st.floats(-1e3, 1e3)
deltas = st.floats(1e-3, 1e3)


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None)
@given(residual=residuals, delta=deltas)
def test_costs_are_the_definitions(name, residual, delta):
    wanted = residual_loss(residual, name, delta)
    assert cost(residual, KINDS[name], delta) == pytest.approx(wanted, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None)
@given(residual=residuals, delta=deltas)
def test_slopes_are_those_of_the_costs(name, residual, delta):
    step = 1e-5
    if name == "absolute" and abs(residual) <= step:
        residual += 1.0  # away from the kink
    rise = residual_loss(residual + step, name, delta) - residual_loss(residual - step, name, delta)
    # Huber's bends at delta: across the bend the difference is off by up to the step.
    assert slope(residual, KINDS[name], delta) == pytest.approx(
        rise / (2 * step), rel=1e-4, abs=2e-5
    )


def test_at_the_kink_the_absolute_error_has_no_slope():
    assert slope(0.0, ABSOLUTE, 1.0) == 0
    assert (slope(1e-300, ABSOLUTE, 1.0), slope(-1e-300, ABSOLUTE, 1.0)) == (1, -1)


def test_huber_is_smooth_where_it_bends():
    below, above = math.nextafter(2.0, 0), math.nextafter(2.0, 3)
    assert cost(below, HUBER, 2.0) == pytest.approx(cost(above, HUBER, 2.0), rel=1e-15)
    assert [slope(r, HUBER, 2.0) for r in (-9.0, -2.0, -1.0, 0.0, 1.0, 2.0, 9.0)] == [
        -2, -2, -1, 0, 1, 2, 2,
    ]  # fmt: skip


def test_what_is_lost_stays_lost():
    for kind in KINDS.values():
        assert math.isnan(cost(math.nan, kind, 1.0))
        assert cost(-math.inf, kind, 1.0) == math.inf


def test_warming_calls_every_kernel():
    assert warm() is None
