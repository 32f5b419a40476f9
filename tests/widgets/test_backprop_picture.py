"""The order of the operations, and numbers as a calculation on paper has them."""

from types import SimpleNamespace

import pytest

from dlnotes.widgets.backprop_picture import done, duration, factor, operations, shown, slope


@pytest.mark.parametrize("hidden", [1, 2, 4])
def test_backward_is_forward_turned_round(hidden):
    order = operations(hidden)
    assert len(order) == 2 * hidden + 2
    for step in range(2 * len(order) + 1):
        forward, backward, now, back = done(SimpleNamespace(hidden=hidden, step=step))
        assert forward == set(order[:step])
        assert backward == set(order[max(0, 2 * len(order) - step) :])
        assert back == (step > len(order))
        assert now == ([None, *order, *order[::-1]][step])


def test_a_number_as_it_stands_in_a_calculation():
    assert shown(-0.0) == "0"
    assert shown(1.5, known=False) == slope(1.5, known=False) == ""
    assert slope(1.5, known=True) == "∂ 1.5"
    assert [factor(2.0), factor(-2.0)] == ["2", "(−2)"]
    assert duration(12.3e-6) == "12 microseconds"
