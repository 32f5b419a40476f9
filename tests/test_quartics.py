"""Products reach every real quartic; compositions those with a mirror axis, and no other."""

import numpy as np
import pytest
from numpy.polynomial import polynomial

from dlnotes.quartics import Quartic

LESSON = (0.0, 0.4, -1.0, 0.0, 1.0)


def test_the_numbers_of_the_lesson():
    quartic = Quartic(LESSON)
    assert quartic.spread == pytest.approx(0.247, abs=5e-4)
    assert quartic.best_composed().error == pytest.approx(0.076, abs=5e-4)
    assert quartic.factors().error < 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_every_quartic_is_a_product(seed):
    rng = np.random.default_rng(seed)
    coefficients = rng.normal(0, 2, 5)
    product = Quartic(tuple(coefficients)).factors()
    assert product.first.shape == product.second.shape == (3,)
    assert np.isrealobj(product.first)
    wanted = polynomial.polymul(product.first, product.second)
    np.testing.assert_allclose(wanted, coefficients, atol=1e-8 * np.abs(coefficients).max())
    assert product.error < 1e-8


@pytest.mark.parametrize("roots", [(1, 2, 3, 4), (0, 0, 0, 0), (1, 1, 2, 2), (1j, -1j, 2j, -2j)])
def test_roots_of_every_kind_are_paired(roots):
    coefficients = polynomial.polyfromroots(roots).real
    assert Quartic(tuple(coefficients)).factors().error < 1e-6


@pytest.mark.parametrize("axis", [-0.7, 0.0, 0.3])
def test_a_composition_is_found_again(axis):
    inner = np.array([axis**2, -2 * axis, 1.0])
    outer = np.array([0.3, -1.2, 1.0])
    coefficients = polynomial.polyadd(
        polynomial.polyadd(outer[:1], outer[1] * inner), polynomial.polymul(inner, inner)
    )
    quartic = Quartic(tuple(coefficients))
    best = quartic.best_composed()
    assert best.axis == pytest.approx(axis, abs=1e-4)
    assert best.error < 1e-6
    np.testing.assert_allclose(quartic.composed(axis).outer, outer, atol=1e-9)


def test_the_error_at_an_axis_is_that_of_least_squares():
    quartic = Quartic((0.1, 0.4, -1.0, 0.7, 1.3))
    x = np.linspace(-1, 1, 401)
    for axis in (-2.0, -0.4, 0.0, 1.1):
        inner = (x - axis) ** 2
        features = np.stack([np.ones(401), inner, inner**2], axis=1)
        weights = np.linalg.lstsq(features, quartic(x), rcond=None)[0]
        wanted = np.sqrt(np.mean((features @ weights - quartic(x)) ** 2))
        found = quartic.composed(axis)
        assert found.error == pytest.approx(wanted, rel=1e-9)
        np.testing.assert_allclose(found(x), features @ weights, atol=1e-9)


def test_no_other_axis_and_no_other_quadratics_do_better():
    """The whole family by brute force: g₀ + g₁·(x² + b·x) + g₂·(x² + b·x)², from random starts."""
    from scipy.optimize import minimize

    quartic, rng = Quartic(LESSON), np.random.default_rng(0)
    x, least = quartic.x, quartic.best_composed(10).error

    def error(p):
        inner = p[0] * x**2 + p[1] * x + p[2]
        return np.sqrt(np.mean((p[3] + p[4] * inner + p[5] * inner**2 - quartic(x)) ** 2))

    found = [minimize(error, rng.normal(0, 1, 6), method="BFGS").fun for _start in range(12)]
    assert min(found) >= least - 1e-6
    assert min(found) == pytest.approx(least, abs=2e-3)


@pytest.mark.parametrize(
    "given", [(1, 2, 3), (0, 0, 0, 0, 0), (1, 2, 3, 4, np.nan), (np.inf, 0, 0, 0, 1)]
)
def test_what_is_no_quartic_is_refused(given):
    with pytest.raises(ValueError, match="five finite coefficients"):
        Quartic(given)
