"""The pictures of a `WidthVsDepth`: small enough to be live, and complete however long it ran."""

import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.pictures.grid import row
from dlnotes.widgets.drawn_curve import FIRST
from dlnotes.widgets.width_vs_depth_picture import draw_errors, draw_net, draw_pieces, draw_table


def result(snapshots, starts=10, drawn=False):
    rng = np.random.default_rng(0)
    nets = [
        {
            "depth": depth,
            "width": 9,
            "parameters": 298,
            "most": 10**depth,
            "lines": [(np.linspace(-1, 1, 40), rng.normal(0, 1, 40)) for _start in range(starts)],
            "errors": rng.uniform(0, 1, starts),
            "pieces": rng.integers(1, 40, starts).tolist(),
        }
        for depth in (1, 4, 7)
    ]
    hand = {"depth": 3, "width": 2, "parameters": 19, "most": 27, "errors": 1e-16, "pieces": 8}
    return SimpleNamespace(
        x=np.linspace(-1, 1, 128),
        wanted=np.zeros(128),
        drawn=drawn,
        cursor=4 if drawn else None,
        curve=FIRST["heights"],
        steps=list(range(0, 10 * snapshots, 10)),
        most_steps=10_000,
        errors=rng.uniform(0, 2, (snapshots, 3, starts)),
        pieces=rng.integers(1, 40, (snapshots, 3, starts)),
        by_hand=None if drawn else hand,
        nets=nets,
    )


@pytest.mark.parametrize("snapshots", [1, 2, 50])
@pytest.mark.parametrize("drawn", [True, False])
def test_it_stays_small_however_long_it_ran(snapshots, drawn):
    r = result(snapshots, drawn=drawn)
    panels = [*(draw_net(r, i) for i in range(3)), draw_errors(r), draw_pieces(r), draw_table(r)]
    svg = row(*panels, columns=3)
    ElementTree.fromstring(svg)
    assert "nan" not in svg
    assert len(svg) < 70_000


def test_the_table_says_the_middle_and_the_bound():
    r = result(3)
    words = list(ElementTree.fromstring(draw_table(r)).itertext())
    for net in r.nets:
        assert f"{np.median(net['pieces']):g}" in words
    assert {"A: 1 × 9", "B: 4 × 9", "10,000", "1×10⁷", "by hand: 3 × 2", "27", "0"} <= set(words)


def test_lines_that_lie_upon_another_have_their_letters_side_by_side():
    r = result(50)
    r.errors[:] = 0.5
    root = ElementTree.fromstring(draw_errors(r))
    written = [e for e in root.iter() if e.get("text-anchor") == "start"]
    letters = [e for e in written if (e.text or "?") in "ABC"]
    assert len({letter.get("x") for letter in letters}) == 3


@pytest.mark.parametrize("error", [0.0, 1e-5, 0.01, 7.0])
def test_errors_of_every_size_lie_in_the_picture(error):
    r = result(3)
    r.errors[:] = error
    assert 'display="none"' not in draw_errors(r)
