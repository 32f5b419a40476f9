"""The pictures of a training hold what they are given."""

import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.layers import Conv2d, Dense
from dlnotes.widgets.training_picture import as_tiles, draw_layer, fitting, framed, per_cent, reach

RNG = np.random.default_rng(0)


def words(text):
    return "|".join(ElementTree.fromstring(text).itertext())


@pytest.mark.parametrize("k", [1, 2, 7, 10, 32])
@pytest.mark.parametrize(("wide", "high"), [(500, 200), (100, 300)])
def test_tiles_fit_into_their_room(k, wide, high):
    size, columns = fitting(k, wide, high)
    rows = -(-k // columns)
    assert columns * (size + 2) <= wide + 1e-9
    assert rows * (size + 2) <= high + 1e-9


def test_channels_of_a_unit_stand_side_by_side():
    weights = RNG.normal(size=(3, 4, 2, 2))
    tiles = as_tiles(weights, (4, 2, 2))
    assert tiles.shape == (3, 4, 4)
    np.testing.assert_array_equal(tiles[1, :2, 2:], weights[1, 1])
    assert as_tiles(weights[:, :1], (1, 2, 2)).shape == (3, 2, 2)


@pytest.mark.parametrize(
    ("image", "caption"),
    [((1, 4, 4), "Each image is one unit"), ((4, 2, 2), "8 of 8"), (None, "Each row is one unit")],
)
def test_dense_weights_are_images_or_rows(image, caption):
    layer = Dense(16, 8, rng=RNG)
    look = {"layer": layer, "image": image, "place": 2, "weights": layer.weight.value}
    text = draw_layer(look)
    assert caption in words(text)
    assert "Weights of layer 2: Dense(16, 8)" in words(text)
    assert text.count("<image") == 1


def test_filters_stand_above_their_maps():
    layer = Conv2d(1, 4, 3, rng=RNG)
    look = {
        "layer": layer, "image": (1, 8, 8), "place": 0, "weights": layer.weight.value * 0,
        "maps": np.zeros((4, 6, 6)), "picture": np.zeros((1, 8, 8)),
    }  # fmt: skip
    text = draw_layer(look)
    assert text.count("<image") == 3
    assert "Above, the filters" in words(text)


def test_a_caption_stands_at_the_foot():
    text = framed("A title", "A caption <&>", lambda top, room: f"<g id='{top}'/>", height=200)
    assert "A caption <&>" in words(text)
    assert 'height="200"' in text


def test_the_axis_reaches_to_the_end_of_the_longest():
    now = SimpleNamespace(seen=50, step=5, seconds=2.0)
    r = SimpleNamespace(across="steps", kept=[], now=now, total=100, epochs=4)
    assert reach(r) == 10
    assert reach(SimpleNamespace(**vars(r) | {"across": "seconds"})) == 4
    assert reach(SimpleNamespace(**vars(r) | {"across": "epochs"})) == 4
    longer = {"kept": [{"steps": [1, 99]}]}
    assert reach(SimpleNamespace(**vars(r) | longer)) == 99


def test_shares_are_said_in_per_cent():
    assert per_cent(0.1234) == "12.3%"
