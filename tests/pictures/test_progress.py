"""A bar that says how far something is."""

import xml.etree.ElementTree as ElementTree

import pytest

from dlnotes.pictures.progress import progress

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_the_bar_is_filled_to_its_share(share):
    tree = ElementTree.fromstring(progress(share, title="Counting", note="<5 to go"))
    _ground, filled, whole = tree.findall(f"{SVG}rect")
    assert float(filled.get("width")) == pytest.approx(share * float(whole.get("width")))
    assert list(tree.itertext()).count("<5 to go") == 2  # beside the bar, and for a screen reader


def test_without_words_the_share_is_said():
    tree = ElementTree.fromstring(progress(0.25, title="Counting"))
    assert tree.find(f"{SVG}desc").text == "25%"


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_from_0_to_1(share):
    with pytest.raises(ValueError, match="share must be from 0 to 1"):
        progress(share, title="Counting")
