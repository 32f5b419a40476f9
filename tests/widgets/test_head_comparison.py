"""The same head on pixels and on features: what goes in, and what it comes to."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
from driver import check_frame, move_everything

from dlnotes import data
from dlnotes.widgets import head_comparison
from dlnotes.widgets.head_comparison import HeadComparison, edge_filters, extractors

X, Y = data.digits(size=8)
LEARNED, REAL = (X[:60], Y[:60]), (X[60:90], Y[60:90])


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(head_comparison, "STEPS", 30)
    monkeypatch.setattr(head_comparison, "BATCH", 20)
    monkeypatch.setattr(head_comparison, "BLOCK", 25)


def comparison(**options):
    return HeadComparison(*LEARNED, real=REAL, **options)


def test_the_features_are_the_definition():
    found = extractors(8)
    np.testing.assert_array_equal(found["pixels"](X[:2]), X[:2].reshape(2, 64))
    blocks = reference.avg_pool2d(X[:2], (2, 2), (2, 2), ((0, 0), (0, 0)), False, True)
    np.testing.assert_allclose(found["blocks"](X[:2]), blocks.reshape(2, 16), atol=1e-6)
    sides = ((1, 1), (1, 1))
    edges = reference.conv2d(X[:2].astype(float), edge_filters(), np.zeros(8), sides=sides)
    pooled = reference.avg_pool2d(
        np.maximum(edges, 0), (2, 2), (2, 2), ((0, 0), (0, 0)), False, True
    )
    np.testing.assert_allclose(found["edges"](X[:2]), pooled.reshape(2, 128), atol=1e-5)


def test_a_filter_answers_to_the_edge_in_its_direction():
    filters = edge_filters()[:, 0]
    assert filters.sum(axis=(1, 2)) == pytest.approx(np.zeros(8), abs=1e-12)
    bright_right = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 1.0]])
    bright_top = np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0.0]])
    assert (filters * bright_right).sum(axis=(1, 2)).argmax() == 0
    assert (filters * bright_top).sum(axis=(1, 2)).argmax() == 2
    np.testing.assert_allclose(filters[0], -filters[4], atol=1e-12)


def test_all_heads_learn():
    made = comparison()
    assert made._frame["says"] == "Press Play: three heads learn from the same digits."
    made.go()
    assert [measured.step for measured in made.record] == [0, 1, 10, 20, 30]
    accuracy = made.record[-1].accuracy
    assert set(accuracy) == {"pixels", "blocks", "edges"}
    assert min(accuracy.values()) > 0.3
    assert (
        f"After 30 steps, of 30 real digits: pixels {accuracy['pixels']:.1%}, "
        in (made._frame["says"])
    )
    assert repr(made).startswith("HeadComparison(step=30, pixels=")
    check_frame(made, made._frame)
    made.shown = 2
    assert repr(made).startswith("HeadComparison(step=10, pixels=")


def test_inputs_and_parameters_are_counted():
    made = comparison()
    result = made.compute(**made.values)
    assert result["inputs"] == {"pixels": 64, "blocks": 16, "edges": 128}
    assert result["parameters"] == {"pixels": 650, "blocks": 170, "edges": 1290}
    words = "|".join(ElementTree.fromstring(made.svg()).itertext())
    for word in ("650", "1,290", "edges in blocks"):
        assert word in words


def test_digits_are_drawn_where_none_are_given(monkeypatch):
    asked = []

    def strokes(n, *, rng):
        asked.append(n)
        return LEARNED[0][:n], LEARNED[1][:n]

    monkeypatch.setattr(head_comparison.data, "strokes", strokes)
    monkeypatch.setattr(head_comparison.data, "digits", lambda size: REAL)
    made = HeadComparison(examples=60)
    made.go(1)
    assert asked == [25, 25, 10]
    assert "examples" in made._controls
    assert "examples" not in comparison()._controls


def test_nothing_varies_and_it_still_learns():
    made = HeadComparison(np.zeros((9, 1, 8, 8)), np.arange(9), real=REAL)
    made.go(2)
    check_frame(made, made._frame)


def test_everything_can_be_moved():
    assert move_everything(comparison(), np.random.default_rng(0)) > 15
