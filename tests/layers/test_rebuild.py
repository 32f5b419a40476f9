"""A description makes a layer again, and can name nothing but the layers of this package."""

import numpy as np
import pytest

from dlnotes.layers import Dense, Dropout, ReLU, Sequential, rebuild


def rng():
    return np.random.default_rng(3)


def test_a_network_inside_a_network_comes_back():
    net = Sequential(Sequential(Dense(2, 3, rng=rng()), ReLU()), Dropout(0.2, rng=rng()))
    again = rebuild("Sequential", net.config(), rng=rng())
    assert again.config() == net.config()


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("Parameter", {}),
        ("Layer", {}),
        ("os.system", {}),
        ("", {}),
        (None, {}),
        (["Dense"], {}),
        ("Dense", {}),
        ("Dense", {"n_in": 2}),
        ("Dense", {"n_in": 2, "n_out": 0}),
        ("Dense", {"n_in": 2, "n_out": 3, "rng": 4}),
        ("Dense", {"n_in": 2, "n_out": 3, "colour": "red"}),
        ("Dense", {"n_in": 2, "n_out": 3, "dtype": "float16"}),
        ("Dense", [2, 3]),
        ("ReLU", None),
        ("Sequential", {}),
        ("Sequential", []),
        ("Sequential", {"layers": []}),
        ("Sequential", {"layers": 3}),
        ("Sequential", {"layers": [3]}),
        ("Sequential", {"layers": [["ReLU"]]}),
        ("Sequential", {"layers": [["ReLU", {}, {}]]}),
        ("Sequential", {"layers": [["Dense", {"n_in": "2"}]]}),
    ],
)
def test_a_description_that_makes_no_layer_is_refused(name, config):
    with pytest.raises(ValueError, match="^rebuild: "):
        rebuild(name, config, rng=rng())


def test_chance_comes_from_a_generator():
    with pytest.raises(TypeError, match="rebuild: rng is None"):
        rebuild("ReLU", {}, rng=None)
