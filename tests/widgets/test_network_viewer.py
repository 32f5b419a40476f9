"""The viewer shows what the network computes, for any Sequential, and every number's arithmetic."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import reference
from driver import Page, check_frame, move_everything

from dlnotes.evaluation import predict
from dlnotes.layers import (
    AvgPool2d,
    BatchNorm,
    BlurPool2d,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
)
from dlnotes.pictures.svg import readable
from dlnotes.widgets import trained
from dlnotes.widgets.network_sources import flat
from dlnotes.widgets.network_viewer import NetworkViewer

RNG = np.random.default_rng(0)
X = RNG.random((4, 1, 8, 8)).astype(np.float32)
Y = np.array([2, 0, 1, 2])


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        *(Conv2d(1, 3, 3, padding="same", rng=rng), ReLU(), MaxPool2d(2)),
        *(Conv2d(3, 4, 3, rng=rng), ReLU(), Flatten(), Dense(16, 3, rng=rng)),
    )


def view(network=None, **options):
    return NetworkViewer(network or net(), X, Y, **options)


def shown(viewer):
    return viewer.compute(**viewer.values)


def words(viewer):
    return "|".join(ElementTree.fromstring(viewer.svg()).itertext())


DIGITS = Sequential(AvgPool2d(2), Flatten(), Dense(196, 10, rng=RNG))
NETS = {
    "dense": (Sequential(Flatten(), Dense(64, 5, rng=RNG), Tanh(), Dense(5, 3, rng=RNG)), X),
    "list": (Sequential(Dense(6, 50, rng=RNG), Sigmoid(), Dense(50, 1, rng=RNG)), X[:3, 0, 0, :6]),
    "photo": (
        Sequential(
            *(Conv2d(3, 6, 3, groups=3, rng=RNG), BatchNorm(6), LeakyReLU(), AvgPool2d(2)),
            *(BlurPool2d(), Dropout(0.4, rng=RNG), GlobalAvgPool2d(), Dense(6, 4, rng=RNG)),
            Softmax(),
        ),
        RNG.random((2, 3, 13, 9)),
    ),
    "nested": (Sequential(net()[:3], Sequential(net()[3:])), X),
    "maps": (Sequential(Conv2d(1, 40, 3, rng=RNG)), X),
    "layer": (Conv2d(1, 2, 3, rng=RNG), X),
    "float64": (Sequential(Conv2d(1, 2, 3, rng=RNG, dtype=np.float64)), X.astype(np.float64)),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_any_network_is_shown_number_by_number(name):
    network, x = NETS[name]
    viewer = NetworkViewer(network, x, probabilities=False)
    result = shown(viewer)
    assert len(result["bands"]) == len(result["outputs"]) == len(flat(network)) + 1
    np.testing.assert_allclose(result["outputs"][-1], predict(network, x[:4])[viewer.picture % 4
                               if len(x) > viewer.picture else len(x) - 1], rtol=1e-5)  # fmt: skip
    page, rng = Page(viewer), np.random.default_rng(1)
    for layer, output in enumerate(result["outputs"]):
        for _try in range(4):
            place = [int(rng.integers(size)) for size in output.shape]
            page.pick(f"layer:{layer}", "key", key="Home")
            viewer.update(chosen=[layer, place[0]], cell=(place[1:] or [0, 0]))
            now = shown(viewer)
            assert now["value"] == pytest.approx(float(output[tuple(place)]), rel=1e-5)
            if layer:
                assert now["how"].value == pytest.approx(now["value"], rel=1e-3, abs=1e-5)
            check_frame(viewer, viewer._frame)


def test_a_convolutions_number_agrees_with_the_textbook():
    network = net()
    viewer = view(network, picture=1, chosen=[1, 2], cell=[0, 5])
    weight, bias = (parameter.value.astype(float) for parameter in network[0].parameters())
    wanted = reference.conv2d(X[1:2].astype(float), weight, bias, sides=((1, 1), (1, 1)))[
        0, 2, 0, 5
    ]
    assert shown(viewer)["how"].value == pytest.approx(wanted)
    assert f"Layer 0, map 2, row 0, column 5: {wanted:.4g}".replace("-", "−") in words(viewer)


def test_it_ends_in_a_softmax_and_says_what_it_reads():
    network = net()
    logits = predict(network, X)
    viewer = view(network, names=["a", "b", "<c>"], picture=2)
    shares = reference.softmax(logits)
    result = shown(viewer)
    np.testing.assert_allclose(result["outputs"][-1], shares[2], rtol=1e-5)
    best = ["a", "b", "<c>"][shares[2].argmax()]
    assert viewer._frame["says"].startswith(
        f"It reads “{best}”, with {shares[2].max():.1%}. It is “b”."
    )
    viewer.chosen = [8, 1]
    assert "e^(z)" in words(viewer)
    assert shown(viewer)["how"].value == pytest.approx(shares[2, 1])
    plain = view(network, probabilities=False, picture=2)
    assert plain._frame["says"].startswith("The largest output is that of ")
    assert "reads=b" in repr(viewer) or "reads=a" in repr(viewer) or "reads=<c>" in repr(viewer)
    maps = NetworkViewer(Sequential(Conv2d(1, 2, 3, rng=RNG)), X)
    assert maps._frame["says"].startswith("Layer 0, map 0, row 3, column 3: ")
    assert "reads" not in repr(maps)


def test_a_dense_layer_behind_flatten_is_shown_map_by_map():
    viewer = view(chosen=[7, 1])
    result = shown(viewer)
    assert result["how"].window.shape == (4, 2, 2)
    assert result["source"].shape == (2, 2)
    viewer.pick("sum:3")
    result = shown(viewer)
    np.testing.assert_array_equal(result["source"], result["outputs"][5][3])
    assert result["source_map"] == 3
    assert "From map 3" in words(viewer)
    viewer.pick("sum:x")
    viewer.pick("sum:99")
    assert shown(viewer)["channel"] == 3


def test_scales_are_of_each_layer_or_shared():
    viewer = view()
    own = [band.limits for band in shown(viewer)["bands"]]
    for (low, high), output in list(zip(own, shown(viewer)["outputs"], strict=True))[1:]:
        assert (low, high) == (-np.abs(output).max(), np.abs(output).max())
    viewer.scale = "all"
    shared = {band.limits for band in shown(viewer)["bands"][1:]}
    assert shared == {max(own[1:], key=lambda pair: pair[1])}


def test_a_layer_of_zeros_and_of_nans_is_shown():
    network = net()
    network[0].weight.value = np.zeros((3, 1, 3, 3))
    network[0].bias.value = np.full(3, -1.0)
    check_frame(viewer := view(network, chosen=[2, 0]), viewer._frame)
    assert shown(viewer)["bands"][2].limits == (-1.0, 1.0)
    network[0].bias.value = np.full(3, np.nan)
    broken = view(network)
    assert broken._frame["error"] is None
    assert "–" in broken._frame["says"]


# What goes in


def test_the_picture_is_chosen_moved_and_made_noisy():
    viewer = view(picture=1)
    np.testing.assert_array_equal(shown(viewer)["outputs"][0], X[1])
    viewer.update(down=2, right=-1)
    moved = shown(viewer)["outputs"][0]
    np.testing.assert_array_equal(moved[0, 2:, :-1], X[1, 0, :-2, 1:])
    assert (moved[0, :2] == X.min()).all()  # the background comes in
    assert viewer._controls["down"]["maximum"] == 4  # half of eight pixels
    viewer.noise = 0.5
    first = shown(viewer)["outputs"][0]
    assert first.min() >= X.min()
    assert first.max() <= X.max()
    assert viewer._controls["seed"]
    viewer.seed = 3
    assert not np.array_equal(shown(viewer)["outputs"][0], first)
    viewer.noise = 0.0
    assert "seed" not in viewer._controls
    assert viewer._controls["picture"]["maximum"] == 3


def test_pixels_are_painted_and_taken_off():
    viewer = view(brush=X.max())
    page = Page(viewer)
    check_frame(viewer, page.pick("input", "draw", points=[[2.5, 6.1]], begin=True))
    assert shown(viewer)["outputs"][0][0, 6, 2] == X.max()
    page.pick("input", "key", key="ArrowLeft")
    page.pick("input", "click")
    assert [entry[:2] for entry in viewer.painted] == [[6, 2], [6, 1]]
    page.press("clean")
    assert viewer.painted == []
    assert viewer.at is None
    page.pick("input", "draw", points=[[1, 1]], begin=True)
    viewer.picture = 0
    assert viewer.painted == []


def test_lists_are_painted_where_they_are_shown_and_cannot_be_moved():
    network, x = NETS["list"]
    viewer = NetworkViewer(network, x, picture=1, brush=x.max())
    assert viewer._controls["down"]["disabled"]
    assert shown(viewer)["input"].shape == (2, 3)
    viewer.pick("input", "draw", points=[[1.5, 1.5]], begin=True)
    assert shown(viewer)["outputs"][0][4] == pytest.approx(x.max())
    five = NetworkViewer(Sequential(Dense(5, 2, rng=RNG)), np.eye(5))
    five.pick(
        "input", "draw", points=[[2.5, 1.5]], begin=True
    )  # where the grid has more room than numbers
    assert five.painted == []


def test_a_digit_is_drawn():
    viewer = NetworkViewer(DIGITS, source="drawn")
    page = Page(viewer)
    assert not shown(viewer)["outputs"][0].any()
    points = [[0.5, 0.2], [0.5, 0.8]]
    check_frame(viewer, page.pick("pad", "draw", points=points, begin=True))
    picture = shown(viewer)["outputs"][0][0]
    assert picture[:, 13:15].max() > 0.9
    assert picture[:, :9].max() == 0
    assert "Draw here" in words(viewer)
    assert "picture" not in viewer._controls
    assert "It is" not in viewer._frame["says"]
    page.pick("input", "draw", points=[[3, 3]], begin=True)
    assert viewer.painted == []
    page.press("clean")
    assert viewer.pad["strokes"] == []
    assert "source" not in view()._controls  # an 8×8 picture is not drawn


# What is chosen


def test_maps_are_chosen_by_click_and_keys_and_the_number_keeps_its_place():
    viewer = view(cell=[4, 6])
    page = Page(viewer)
    check_frame(viewer, page.pick("layer:1", "click", x=2.4, y=0.3))
    assert (viewer.chosen, viewer.cell) == ([1, 2], [4, 6])
    page.pick("layer:3", "click", x=1.5, y=0.5)
    assert (viewer.chosen, viewer.cell) == ([3, 1], [2, 3])
    page.pick("layer:3", "key", key="ArrowRight")
    page.pick("layer:3", "key", key="ArrowRight")
    assert viewer.chosen == [3, 2]
    page.pick("layer:3", "key", key="ArrowLeft", big=True)
    assert viewer.chosen == [3, 0]
    page.pick("layer:8", "click")
    assert viewer.chosen == [8, 0]
    page.pick("layer:8", "key", key="ArrowRight")
    assert viewer.chosen == [8, 1]
    page.pick("layer:4", "click", x=0, y=0)
    assert viewer.cell == [1, 1]
    page.pick("layer:4", "click", x=3, y=0)
    page.pick("layer:4", "key", key="ArrowUp")  # into the layer above: the same share along
    assert viewer.chosen == [3, 2]
    page.pick("layer:3", "key", key="ArrowDown")
    assert viewer.chosen == [4, 2]
    page.pick("layer:0", "click", x=0, y=0)
    page.pick("layer:0", "key", key="ArrowUp")
    assert viewer.chosen == [0, 0]
    page.pick("layer:4", "click", x=0, y=0)
    before = viewer.state
    for element, details in (
        ("layer:4", {"x": 9, "y": 0}), ("layer:99", {}), ("layer:4", {"x": 1, "y": -2}),
        ("odd", {}),
    ):  # fmt: skip
        page.pick(element, "click", **details)
    page.pick("layer:4", "drag", x=1, y=0)
    assert viewer.state == before


def test_the_map_under_the_pointer_shows_where_it_comes_from():
    viewer = view(chosen=[1, 0])
    page = Page(viewer)
    check_frame(viewer, page.pick("layer:4", "hover", x=2.2, y=0.5))
    lines = shown(viewer)["lines"]
    assert viewer.hovered == [4, 2]
    assert viewer.chosen == [1, 0]
    assert {line.start for line in lines} == {0, 1, 2}
    weight = net()[3].weight.value[2]
    sizes = np.sqrt((weight**2).sum(axis=(1, 2)))
    assert lines[0].start == int(sizes.argmax())
    assert abs(lines[0].strength) == pytest.approx(1)
    assert [np.sign(line.strength) for line in lines] == [
        np.sign(weight[line.start].sum()) for line in lines
    ]
    page.pick("layer:4", "hover", x=77, y=0.5)
    assert viewer.hovered is None
    page.pick("layer:4", "hover", x=1, y=0.5)
    page.pick("", "leave")
    assert viewer.hovered is None
    viewer.chosen = [0, 0]
    assert shown(viewer)["lines"] == []


def test_numbers_are_chosen_on_the_enlarged_map():
    viewer = view(chosen=[1, 0], cell=[1, 1])
    page = Page(viewer)
    check_frame(viewer, page.pick("map", "click", x=6.5, y=3.2))
    assert viewer.cell == [3, 6]
    page.pick("map", "key", key="ArrowDown", big=True)
    assert viewer.cell == [7, 6]
    page.pick("map", "click", x=8.5, y=3)
    page.pick("map", "click")
    page.pick("map", "hover", x=0, y=0)
    assert viewer.cell == [7, 6]
    viewer.chosen = [8, 0]
    page.pick("map", "click", x=0.5, y=1.5)
    assert viewer.chosen == [8, 2]
    page.pick("map", "click", x=1.5, y=1.5)  # more room than numbers: the last one
    assert viewer.chosen == [8, 2]


# Construction


def test_a_product_of_the_window_is_read():
    network = net()
    viewer = view(network, chosen=[4, 1], cell=[1, 1], channel=2)  # of the second convolution
    window = network[:3](X[viewer.picture % 4][None])[0, 2, 1:4, 1:4]
    products = window * network[3].weight.value[1, 2]

    def line(row, col):
        return f"Row {row}, column {col} of the window: "

    row, col = np.unravel_index(np.abs(products).argmax(), (3, 3))
    assert line(row, col) in words(viewer)  # the largest, to begin with
    assert f"= {readable(float(products[row, col]), 4)}" in words(viewer)
    for name in ("window", "weights", "products"):
        viewer.term = None
        viewer.pick(name, "hover", x=1.5, y=2.5)
        assert viewer.term == [2, 1]
    assert line(2, 1) in words(viewer)
    viewer.pick("products", "key", key="ArrowUp")
    assert viewer.term == [1, 1]
    viewer.pick("products", "hover", x=99.0, y=-3.0)
    assert viewer.term == [0, 2]
    viewer.pick("window", "click")
    assert viewer.term == [0, 2]
    viewer.chosen = [3, 0]  # a pool multiplies nothing
    assert "of the window" not in words(viewer)
    viewer.pick("window", "hover", x=0.5, y=0.5)
    assert viewer.term == [0, 2]
    flat = NetworkViewer(Sequential(Dense(5, 2, rng=RNG)), RNG.random((2, 5)), term=[1, 2])
    assert line(1, 2) not in words(flat)  # five numbers in two rows of three: the last is none
    assert "of the window" in words(flat)


def test_it_keeps_a_copy_and_leaves_the_readers_network_alone():
    network = net()
    viewer = view(network)
    before = viewer.svg()
    network[0].weight.value = np.zeros((3, 1, 3, 3))
    assert viewer.svg() == before
    assert network.training
    assert network[0]._kept is None


def test_without_arguments_it_shows_real_digits(monkeypatch):
    monkeypatch.setattr(trained, "convolutional", lambda: DIGITS)
    viewer = NetworkViewer(picture=7)
    assert viewer.x.shape == (10, 1, 28, 28)
    assert viewer.y.tolist() == list(range(10))
    assert "It is “7”." in viewer._frame["says"]
    small = NetworkViewer(Sequential(Dense(64, 10, rng=RNG)))
    assert small.x.shape == (10, 64)
    assert viewer.cell == [7, 7]


def test_its_state_makes_it_again():
    viewer = view(chosen=[4, 1], cell=[0, 1], noise=0.2)
    viewer.pick("input", "draw", points=[[3, 3]], begin=True)
    again = NetworkViewer.from_state(json.dumps(viewer.state), net=net(), x=X, y=Y)
    assert again.svg() == viewer.svg()


class Own(Layer):
    def __init__(self, axes=1):
        self.axes = axes

    def forward(self, x):
        for _axis in range(self.axes):
            x = np.stack([x, x], axis=1)
        return x


def test_a_layer_of_the_readers_own_is_shown():
    viewer = NetworkViewer(Sequential(Own()), np.ones((2, 3)), chosen=[1, 0])
    check_frame(viewer, viewer._frame)
    assert shown(viewer)["outputs"][1].shape == (1, 2, 3)
    assert move_everything(viewer, np.random.default_rng(0))
    deep = NetworkViewer(Sequential(Own(3)), np.ones((2, 3)), chosen=[1, 0])
    assert shown(deep)["outputs"][1].shape == (24,)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"net": "net"}, TypeError, "NetworkViewer: net is 'net'"),
        ({"net": Sequential(Dense(3, 2, rng=RNG))}, ValueError, "does not take digits"),
        ({"net": net(), "x": X[0]}, ValueError, r"x has shape \(1, 8, 8\)"),
        ({"net": net(), "x": X[:0]}, ValueError, "at least one"),
        ({"net": net(), "x": "x"}, TypeError, "NetworkViewer: x"),
        ({"net": net(), "x": RNG.random((2, 3, 8, 8))}, ValueError, "layer 0"),
        ({"net": net(), "x": X, "y": [1]}, ValueError, r"y has shape \(1,\), wanted \(4,\)"),
        ({"net": net(), "x": X, "names": ["a"]}, ValueError, "names has 1 entries, wanted 3"),
    ],
)
def test_what_does_not_fit_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        NetworkViewer(**given)


def test_everything_can_be_moved():
    assert move_everything(view(chosen=[4, 1]), np.random.default_rng(0)) > 40
