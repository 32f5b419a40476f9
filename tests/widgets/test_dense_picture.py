"""The pictures of a dense layer hold what they are given."""

import json
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.widgets import dense_picture as pictures

R = SimpleNamespace(
    unit=2, activation="tanh", pixel=[3, 5], running=np.linspace(0, 2, 784), z=2.5, a=0.98,
    curve=(np.linspace(-3, 3, 20), np.tanh(np.linspace(-3, 3, 20))),
    outputs=np.array([0.1, 0.98, -0.4]), parts=np.linspace(-1, 1, 10),
    probabilities=np.array([0.3, 0.7] + [0.0] * 8),
)  # fmt: skip


def read(text):
    root = ElementTree.fromstring(text)
    axes = [json.loads(e.get("data-axes")) for e in root.iter() if e.get("data-axes")]
    return "|".join(root.itertext()), axes


def test_an_image_can_be_pointed_at():
    values = np.arange(784.0).reshape(28, 28)
    text = pictures.draw_image(R, values, "weights", "Weights", (0, 783), "grey")
    said, (axes,) = read(text)
    assert "28 by 28 values from 0 to 783" in said
    assert (axes["x"], axes["y"]) == ([0, 28], [28, 0])
    assert 'data-pick="weights"' in text
    plain = SimpleNamespace(**vars(R) | {"pixel": None})
    assert len(pictures.draw_image(plain, values, "weights", "Weights", (0, 1), "grey")) < len(text)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (pictures.draw_sum, ["The running sum", "bias"]),
        (pictures.draw_activation, ["Activation: tanh"]),
        (pictures.draw_layer, ["The whole layer", "each of 3 units"]),
        (pictures.draw_next, ["Unit 2 for each digit"]),
        (pictures.draw_outputs, ["After all units: 70% a 1"]),
    ],
)
def test_charts_say_what_they_show(draw, words):
    said, axes = read(draw(R))
    assert len(axes) == 1
    for word in words:
        assert word in said
