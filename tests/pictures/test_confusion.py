"""A matrix of counts, and the pictures of one cell."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from dlnotes.pictures.confusion import confusion

LABELS = [str(i) for i in range(10)]


def drawn(counts, labels, **options):
    text = confusion(counts, labels, title="A <matrix>", **options)
    return ElementTree.fromstring(text), text


def words(root):
    return [text for text in (e.text for e in root.iter() if e.tag.endswith("text")) if text]


def test_counts_are_written_and_zeros_are_not():
    counts = np.diag(np.arange(10) + 20)
    counts[3, 8] = 7
    found = words(drawn(counts, LABELS)[0])
    for count in [*range(20, 30), 7]:
        assert str(count) in found
    assert found.count("0") == 2  # the labels of both sides
    assert "taken for" in found
    assert "Click a cell to see its pictures." in " ".join(found)


@pytest.mark.parametrize("count", [7, 42, 400])
def test_counts_up_to_three_digits_can_be_read_from_afar(count):
    root = drawn(np.diag([count] * 10), LABELS)[0]
    tags = [e for e in root.iter() if e.text == str(count) and e.get("font-size")]
    assert len(tags) == 10
    assert all(float(e.get("font-size")) > 12 for e in tags)


def test_axes_count_cells_from_the_upper_left():
    root, _text = drawn(np.eye(3), ["a", "b", "c"])
    (axes,) = [e.get("data-axes") for e in root.iter() if e.get("data-axes")]
    axes = json.loads(axes)
    assert (axes["x"], axes["y"]) == ([0, 3], [3, 0])
    assert axes["width"] == axes["height"] == 3 * 26


def test_a_cell_and_its_pictures():
    counts = np.eye(10) * 5
    plain = drawn(counts, LABELS)[1]
    root, text = drawn(counts, LABELS, cell=[2, 2], cases=np.ones((5, 4, 4)), said="2 & 2")
    assert text.count("<image") == plain.count("<image") + 1
    assert text.count("<rect") == plain.count("<rect") + 2
    assert "2 & 2" in words(root)
    assert drawn(counts, LABELS, cell=[2, 3], cases=np.ones((0, 4, 4)))[1].count("<image") == 1


@pytest.mark.parametrize("k", [2, 5, 20, 60])
def test_any_number_of_classes(k):
    labels = [f"a rather long name <{i}>" for i in range(k)]
    found = words(drawn(np.ones((k, k)), labels)[0])
    assert "a rath…" in found
    assert ("1" in found) == (k <= 14)


def test_bad_counts_are_refused():
    with pytest.raises(ValueError, match="counts must have shape"):
        confusion(np.eye(2), LABELS, title="")
