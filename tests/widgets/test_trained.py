"""The networks that several explorers look into: really taught, once, and the same each time."""

import numpy as np
import pytest

from dlnotes import data
from dlnotes.evaluation import accuracy
from dlnotes.widgets import trained


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (trained.dense, {"hidden": 8}),
        (trained.convolutional, {}),
        (trained.convolutional, {"blur": True}),
    ],
)
def test_a_network_is_made_once_and_reads_digits(make, options):
    net = make(n=32, epochs=1, **options)
    assert make(n=32, epochs=1, **options) is net
    x, _ = data.strokes(3, rng=np.random.default_rng(1))
    assert net(x).shape == (3, 10)


def test_digits_are_drawn_some_at_a_time(monkeypatch):
    monkeypatch.setattr(trained, "DRAWN", 3)
    shares = list(trained.dense.slices(1, n=7, epochs=2, seed=1))
    assert shares == [0, 0, 0, 0, 0, 0.5, 1]  # drawn three times, joined, begun, two steps


def test_teaching_teaches():
    x, y = data.strokes(200, rng=np.random.default_rng(1))
    taught, barely = (trained.dense(16, n=640, epochs=epochs) for epochs in (4, 1))
    assert accuracy(taught, x, y) > max(0.3, accuracy(barely, x, y))
