"""Frames are kept once, as differences, and come out of the page's store as they went in."""

import base64
import gzip
import json

import numpy as np
import pytest

from dlnotes.export.store import Interned, Store, difference, packed


def joined(before, changes):
    """What `recorded.js` does with a difference."""
    pieces = before.split('"')
    if len(changes) == 3 and isinstance(changes[2], list):
        start, count, fresh = changes
        pieces[start : start + count] = fresh
    else:
        for i, piece in zip(changes[::2], changes[1::2], strict=True):
            pieces[i] = piece
    return '"'.join(pieces)


TEXTS = [
    "",
    "no quotes",
    '<svg width="3"><g a="1" b="2"/></svg>',
    '<svg width="4"><g a="1" b="3"/></svg>',
    '<svg width="4"><g a="1" b="3"/><path d="M0 0"/></svg>',
    '<svg width="4"/>',
    '"""',
]


@pytest.mark.parametrize("before", TEXTS)
@pytest.mark.parametrize("after", TEXTS)
def test_a_difference_makes_the_one_out_of_the_other(before, after):
    assert joined(before, difference(before, after)) == after


def frame(picture, says="", error=None):
    return {"picture": picture, "says": says, "error": error}


def long(number):
    return "<svg>" + "".join(f'<g a="{i}"/>' for i in range(50)) + f'<g b="{number}"/></svg>'


def test_frames_stand_once_and_pictures_as_differences_of_one_text():
    store = Store()
    first = store.add(frame(long(0), "zero"))
    second = store.add(frame(long(1), "one"), first)
    third = store.add(frame(long(2), "one"), second)
    assert store.add(frame(long(1), "one"), third) == second
    assert store.frames == [[0, 0, None], [1, 1, None], [2, 1, None]]
    assert store.pictures[0] == long(0)
    assert store.pictures[1:] == [[0, [101, "1"]], [0, [101, "2"]]]
    assert store.picture_of(third) == long(2)
    assert store.says.items == ["zero", "one"]


def test_a_picture_that_is_all_different_is_kept_whole():
    store = Store()
    store.add(frame("<a/>"))
    store.add(frame("<b c='3'/>"), 0)
    assert store.pictures == ["<a/>", "<b c='3'/>"]


def test_what_goes_wrong_keeps_the_picture_before():
    store = Store()
    first = store.add(frame("<a/>", "well"))
    wrong = store.add(frame(None, None, {"sentence": "No.", "details": ""}), first)
    assert store.picture_of(wrong) == "<a/>"
    assert store.frames[wrong] == [0, 1, {"sentence": "No.", "details": ""}]
    alone = Store()
    assert alone.picture_of(alone.add(frame(None, None, {"sentence": "No."}))) == ""


def test_its_size_is_about_what_the_page_will_hold():
    store = Store()
    rng = np.random.default_rng(0)
    for i in range(2000):
        picture = long(" ".join(map(str, rng.integers(10_000, size=40))))
        store.add(frame(picture, f"number {i}"), 0 if i else None)
    real = len(packed([store.pictures, store.frames, store.says.items]))
    assert 0.7 * real < store.size < 1.3 * real


def test_what_is_packed_comes_out():
    content = {"a": [1, 2.5, None, "ü</script>"]}
    assert json.loads(gzip.decompress(base64.b64decode(packed(content)))) == content


def test_interned_things_stand_once():
    found = Interned()
    assert [found.number(item) for item in ([1, 2], "a", [1, 2], "a", {"b": 1})] == [0, 1, 0, 1, 2]
    assert found.items == [[1, 2], "a", {"b": 1}]
