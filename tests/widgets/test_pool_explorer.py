"""Every window is that of the textbook's loops, every winner is its largest, all can be moved."""

import itertools
import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.widgets.pool_explorer import PoolExplorer, lines_of
from dlnotes.widgets.pool_images import IMAGES

OWN = "1 3 2 0 -4\n4 0 1 5 2\n0 2 7 1 -1\n6 1 3 3 0\n2 2 -5 8 1\n"
SETTINGS = list(itertools.product(("max", "average", "blur"), (1, 2, 3, 5), (1, 2, 3)))


def shown(explorer):
    return explorer.compute(**explorer.values)


def textbook(x, kind, size, stride):
    x, none = x[None, None], ((0, 0), (0, 0))
    if kind == "blur":
        return reference.blur_pool2d(x, (size, size), (stride, stride))[0, 0]
    if kind == "max":
        y = reference.max_pool2d(x, (size, size), (stride, stride), none, (1, 1), False)
    else:
        y = reference.avg_pool2d(x, (size, size), (stride, stride), none, False, True)
    return y[0, 0]


@pytest.mark.parametrize(("kind", "size", "stride"), SETTINGS)
@pytest.mark.parametrize("image", ["own", "digit"])
def test_the_result_is_the_textbooks(image, kind, size, stride):
    explorer = PoolExplorer(image=image, own=OWN, kind=kind, size=size, stride=stride, digit=3)
    result = shown(explorer)
    wanted = textbook(result["x"], kind, size, stride)
    np.testing.assert_allclose(result["y"], wanted, atol=1e-12)
    assert explorer.controls["window"].maximum == wanted.size - 1


@pytest.mark.parametrize(("kind", "size", "stride"), SETTINGS)
def test_every_window_becomes_its_number(kind, size, stride):
    explorer = PoolExplorer(image="own", own=OWN, kind=kind, size=size, stride=stride)
    wanted = textbook(shown(explorer)["x"], kind, size, stride)
    line = [math.comb(size - 1, u) / 2 ** (size - 1) for u in range(size)]
    for window, value in enumerate(wanted.ravel()):
        explorer.window = window
        result = shown(explorer)
        pixels = result["pixels"]
        assert pixels.shape == (size, size)
        became = {
            "max": pixels.max(),
            "average": pixels.mean(),
            "blur": np.sum(np.outer(line, line) * pixels),
        }[kind]
        assert result["value"] == pytest.approx(became, abs=1e-12)
        assert result["value"] == pytest.approx(value, abs=1e-12)
        assert (result["row"], result["col"]) == divmod(window, wanted.shape[1])


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 1), (2, 3), (5, 4)])
def test_a_winner_is_the_first_largest_of_a_window_with_contrast(size, stride):
    result = shown(PoolExplorer(image="digit", digit=1, size=size, stride=stride))
    x, wanted = result["x"], set()
    for row, col in np.ndindex(result["y"].shape):
        top, left = row * stride, col * stride
        window = x[top : top + size, left : left + size]
        if window.min() < window.max():
            u, v = np.argwhere(window == window.max())[0]
            wanted.add((top + u, left + v))
    assert set(zip(*result["winners"].tolist(), strict=True)) == wanted
    assert wanted


def test_a_mean_has_no_winner():
    for kind in ("average", "blur"):
        explorer = PoolExplorer(kind=kind)
        assert shown(explorer)["winners"].size == 0
        assert "no winner" in explorer.controls["winners"].disabled
    assert shown(PoolExplorer(winners=False))["winners"].size == 0


def test_pixels_that_no_window_reads_are_counted():
    for size, stride, missed in [(2, 2, 0), (3, 2, 15), (2, 3, 28), (7, 2, 15), (1, 2, 48)]:
        explorer = PoolExplorer(image="digit", size=size, stride=stride)
        assert shown(explorer)["missed"] == missed
        assert ("never looked at" in explorer._frame["says"]) == (missed > 0)
    assert shown(PoolExplorer(image="digit", kind="blur", size=2, stride=4))["missed"] > 0


def test_a_blur_reads_the_mirrored_border():
    assert lines_of("blur", 0, 3, 2, 8) == [1, 0, 1]
    assert lines_of("max", 1, 3, 2, 8) == [2, 3, 4]


def test_a_quarter_is_left():
    explorer = PoolExplorer()
    assert explorer._frame["says"].startswith("28 × 28 = 784 numbers become 14 × 14 = 196: 25%.")
    assert repr(explorer).startswith("PoolExplorer(pooling=max, image=28×28, result=14×14")


def words_of(explorer):
    return "|".join(ElementTree.fromstring(explorer.svg()).itertext())


def test_the_arithmetic_is_written_out_where_it_is_short():
    explorer = PoolExplorer(image="own", own="1 2\n-3 4")
    assert "max(1, 2, −3, 4) = 4" in words_of(explorer)
    explorer.kind = "average"
    assert "(1 + 2 + −3 + 4) / 4 = 1" in words_of(explorer)
    explorer.kind = "blur"
    assert "(1·1 + 1·2 + 1·−3 + 1·4) / 4 = 1" in words_of(explorer)
    assert "×1/4" in words_of(explorer)
    explorer.update(image="digit", size=7)
    assert "×400" in words_of(explorer)
    explorer.update(image="own", size=2)
    explorer.size = 1
    assert "×1" not in words_of(explorer)
    explorer.update(image="digit", kind="max", size=4)
    assert "max(16 numbers)" in words_of(explorer)
    explorer.kind = "average"
    assert re.search(r"\(sum of 16 numbers\) / 16", words_of(explorer))
    explorer.kind = "blur"
    assert re.search(r"\(sum of 16 products\) / 64", words_of(explorer))


def test_numbers_are_shown_where_they_can_be_read():
    explorer = PoolExplorer(image="own", own="11 12\n13 14", view="values")
    assert explorer.svg().count(">12<") == 2  # in the image and in the window
    explorer.view = "image"
    assert explorer.svg().count(">12<") == 1
    explorer.update(image="photo", side=64)
    assert "too small to read" in explorer.controls["view"].disabled
    assert len(explorer.svg()) < 40_000


def width_of(svg):
    return float(re.search(r'width="([\d.]+)"', svg)[1])


def test_the_result_is_enlarged():
    explorer = PoolExplorer()
    small = explorer.svg()
    explorer.enlarge = True
    assert width_of(explorer.svg()) == width_of(small) + 168


def test_a_window_is_pointed_at_and_held():
    explorer = PoolExplorer(image="digit", window=0)
    page = Page(explorer)
    frame = page.pick("result", "hover", x=2.4, y=1.9)
    assert (frame["values"]["window"], explorer.held) == (6, None)
    page.pick("input", "hover", x=7.2, y=7.9)
    assert explorer.window == 15
    frame = page.pick("result", "click", x=1.5, y=0.5)
    assert (explorer.window, explorer.held) == (1, 1)
    assert "This window is held" in frame["says"]
    page.pick("result", "hover", x=3.5, y=3.5)
    assert explorer.window == 1
    page.pick("result", "click", x=1.2, y=0.1)
    assert explorer.held is None
    page.pick("result", "hover", x=-5, y=99)
    assert explorer.window == 12
    page.pick("result", "click")
    assert (explorer.window, explorer.held) == (12, 12)


def test_arrow_keys_step_through_the_windows():
    explorer = PoolExplorer(image="digit", window=0)
    page = Page(explorer)
    for key, window in [
        ("ArrowRight", 1), ("ArrowDown", 5), ("ArrowLeft", 4), ("ArrowLeft", 4), ("ArrowUp", 0),
        ("ArrowUp", 0), ("Home", 0),
    ]:  # fmt: skip
        page.pick("result", "key", key=key)
        assert explorer.window == window


def test_a_window_fits_into_its_image():
    explorer = PoolExplorer(size=7, stride=7, window=15)
    explorer.update(image="own", own="1 2 3\n4 5 6")
    assert explorer.size == 2
    assert shown(explorer)["y"].shape == (1, 1)
    explorer.own = "1 2\n3"
    assert explorer._frame["error"]["sentence"].startswith("Row 2 has 1 numbers")
    explorer.own = "5 5\n5 5"
    check_frame(explorer, explorer._frame)
    assert explorer._frame["error"] is None
    assert shown(explorer)["winners"].size == 0


def test_a_window_keeps_its_size_while_numbers_are_typed():
    explorer = PoolExplorer(image="own", window=0)
    before, text = (explorer.size, explorer.stride), "5 6 7\n8 9 1\n2 3 4\n"
    for end in range(len(text) + 1):
        explorer.own = text[:end]
        assert (explorer.size, explorer.stride) == before
    assert explorer._frame["error"] is None
    explorer.own = "5 6 7"
    sentence = explorer._frame["error"]["sentence"]
    assert sentence == "A window of 2 × 2 is larger than the image of 1 × 3."


@pytest.mark.parametrize(
    ("kind", "size", "own", "largest"),
    [("max", 2, OWN, 4), ("average", 1, OWN, 5), ("max", 4, "1 2 3 4 5\n" * 4, 2),
     ("blur", 3, OWN, 5), ("max", 2, "1 2 3 4 5 6 7 8 9\n" * 9, 7)],
)  # fmt: skip
def test_every_stride_makes_a_difference(kind, size, own, largest):
    explorer = PoolExplorer(image="own", own=own, kind=kind, size=size, stride=1, window=0)
    assert explorer.controls["stride"].maximum == largest
    places = []
    for stride in range(1, largest + 1):
        explorer.stride = stride
        rows, cols = shown(explorer)["y"].shape
        places.append((range(rows)[-1] * stride, range(cols)[-1] * stride, rows * cols))
    assert len(set(places)) == largest


def test_where_there_is_one_place_the_stride_says_why():
    explorer = PoolExplorer(image="own", own="1 2\n3 4", stride=2, window=0)
    assert "nowhere" in explorer.controls["stride"].disabled
    explorer.own = OWN
    assert (explorer.stride, explorer.controls["stride"].disabled) == (2, "")


@pytest.mark.parametrize("image", IMAGES)
def test_every_image_is_drawn_in_every_way(image):
    explorer = PoolExplorer(image=image)
    for kind, size, stride in [("max", 7, 1), ("average", 2, 7), ("blur", 4, 3)]:
        explorer.update(kind=kind, size=min(size, explorer.controls["size"].maximum))
        explorer.stride = min(stride, explorer.controls["stride"].maximum)
        for view in ("image", "values"):
            explorer.view = view
            check_frame(explorer, explorer._frame)
            assert explorer._frame["error"] is None
    assert PoolExplorer.from_state(explorer.state).svg() == explorer.svg()


def test_everything_can_be_moved():
    assert move_everything(PoolExplorer(), np.random.default_rng(0)) > 40


def test_a_key_without_a_name_moves_nothing():
    explorer = PoolExplorer()
    before = explorer.values
    assert Page(explorer).pick("input", "key")["error"] is None
    assert explorer.values == before
