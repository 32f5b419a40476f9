"""The functions that are put into themselves: each as a formula says it, and where it turns."""

import numpy as np
import pytest

from dlnotes.formula import Formula
from dlnotes.pieces import pieces_of
from dlnotes.widgets.composition_maps import Map, cuts_of, places, straight_pieces, tally

WRITTEN = [
    (Map("quadratic", (2, 0.5, -1), window="-2 2"), "2 + 0.5*x - x**2", 2),
    (Map("quadratic", (2, 0.5, 0), window="-2 2"), "2 + 0.5*x", 1),
    (Map("logistic", (3.7,)), "3.7*x*(1-x)", 2),
    (Map("tent"), "1 - abs(2*x - 1)", None),
    (Map("relu", (2.5, -4, 0.4)), "2.5*relu(x) - 4*relu(x - 0.4)", None),
    (Map("relu", (-2.5, 4, 0.4)), "-2.5*relu(x) + 4*relu(x - 0.4)", None),
    (Map("formula", text="cos(3*x)", window="-2 2"), "cos(3*x)", None),
]


@pytest.mark.parametrize(("chosen", "text", "degree"), WRITTEN)
def test_it_is_what_its_formula_says(chosen, text, degree):
    x = np.linspace(*chosen.ends, 50)
    np.testing.assert_allclose(chosen.function()(x), Formula(text)(x), atol=1e-12)
    assert chosen.degree == degree
    if chosen.layer:
        np.testing.assert_allclose(pieces_of(chosen.layer, *chosen.ends)(x)[:, 0], Formula(text)(x))


@pytest.mark.parametrize(("chosen", "text", "_degree"), WRITTEN)
def test_known_turning_points_lead_to_the_same_counts(chosen, text, _degree):
    typed = Map("formula", text=text, window=chosen.window)
    for known, sampled in zip(tally(chosen, 5), tally(typed, 5), strict=True):
        assert known["bumps"] == sampled["bumps"]


def test_the_layer_s_pieces_are_those_of_its_network():
    layer = Map("relu", (2.0, -4.0, 0.5))
    assert straight_pieces(layer, 5) == 32
    assert straight_pieces(Map("tent"), 5) == 32


def test_a_curve_is_drawn_through_every_turning_point():
    tent = Map("tent")
    x = places(tent, 4, 0.0, 1.0)
    assert np.isin(cuts_of(tent, 4)[-1].x, x).all()


def test_no_line_is_drawn_across_a_break():
    x = places(Map("formula", text="1/x", window="-2 2"), 3, -2.0, 2.0)
    (gap,) = np.flatnonzero(np.isnan(x))
    assert -1e-9 < x[gap - 1] < 0 < x[gap + 1] < 1e-9
