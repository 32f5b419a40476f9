"""A picture goes through a control's value and comes out the same."""

import json

import numpy as np
import pytest

from dlnotes.layers import Dense, Flatten, Sequential
from dlnotes.widgets.picture_value import fitting, image_of, logits_of, value_of


def test_a_picture_comes_back_as_it_went_in():
    image = (np.arange(784) % 256 / 255).reshape(28, 28).astype(np.float32)
    value = value_of(image[None, None])
    assert json.loads(json.dumps(value)) == value
    assert value[0][:3] == [0, 1, 2]
    np.testing.assert_allclose(image_of(value), image, atol=1e-6)
    assert image_of(value).dtype == np.float32


def test_nothing_is_a_blank_picture():
    assert not image_of(None).any()


@pytest.mark.parametrize(
    "wrong", [[[1, 2]], [["a"] * 28] * 28, [[300] * 28] * 28, "x", [[1], [1, 2]], [[-1] * 28] * 28]
)
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="A picture is 28 rows of 28 numbers 0–255, or None"):
        image_of(wrong)


def test_networks_of_both_shapes_are_served():
    layer = Dense(784, 10, rng=np.random.default_rng(0))
    images = np.random.default_rng(1).random((3, 28, 28))
    wanted = images.reshape(3, 784) @ layer.weight.value + layer.bias.value
    for net in (layer, Sequential(layer), Sequential(Flatten(), layer)):
        np.testing.assert_allclose(logits_of(net, images), wanted, atol=1e-5)
    with pytest.raises(ValueError, match="does not take pictures of 28×28"):
        fitting(Dense(9, 2, rng=np.random.default_rng(0)), images)
