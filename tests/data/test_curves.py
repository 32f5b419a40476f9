"""A made curve is its true function plus noise, the same for the same seed."""

import math

import numpy as np
import pytest

from dlnotes import data


def test_the_truth_is_a_wave_on_a_slope():
    x = np.array([0.0, 2.5, 10.0])
    wanted = [20 + 4 * v + 12 * math.sin(1.4 * v) for v in x]
    np.testing.assert_allclose(data.true_curve(x), wanted, 1e-14)


def test_without_noise_the_points_lie_on_it():
    x, y = data.made_curve(5, noise=0.0, rng=np.random.default_rng(0))
    assert x.tolist() == [0, 2.5, 5, 7.5, 10]
    assert y.tolist() == data.true_curve(x).tolist()


def test_noise_has_the_size_asked_for():
    x, y = data.made_curve(10_000, noise=3.0, rng=np.random.default_rng(1))
    noise = y - data.true_curve(x)
    assert noise.mean() == pytest.approx(0, abs=0.1)
    assert noise.std() == pytest.approx(3, rel=0.05)


def test_the_same_seed_gives_the_same_points():
    (_x, one), (_x, same), (_x, other) = (
        data.made_curve(rng=np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert one.shape == (40,)
    assert (one == same).all()
    assert (one != other).all()
