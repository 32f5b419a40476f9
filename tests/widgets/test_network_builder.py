"""The builder's list, its controls, its code and its network are one thing at every moment."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.layers import Conv2d, Dense, Flatten, MaxPool2d, ReLU, Sequential
from dlnotes.layers.table import count
from dlnotes.widgets.network_builder import KINDS, START, NetworkBuilder
from dlnotes.widgets.network_plan import MOST_LAYERS, code_of, plan_of

RNG = np.random.default_rng(0)


def kinds(builder):
    return [kind for kind, _options in builder.plan]


def words(builder):
    return "|".join(ElementTree.fromstring(builder.svg()).itertext())


def consistent(builder):
    assert plan_of(builder.code) == builder.plan
    assert builder._frame["error"] is None


def test_it_begins_with_the_network_of_the_lesson():
    builder = NetworkBuilder()
    assert repr(builder) == "NetworkBuilder(layers=8, output=[10], parameters=11274, fits=True)"
    net = builder.net(np.random.default_rng(3))
    assert net(np.zeros((2, 1, 28, 28), np.float32)).shape == (2, 10)
    result = builder.compute(**builder.values)
    assert result["parameters"] == count(net)
    assert result["multiply_adds"] == net.multiply_adds((1, 1, 28, 28))
    assert f"{count(net):,}" in words(builder)
    assert "It fits: 1 map of 28 × 28 in, 10 numbers out" in builder._frame["says"]
    again = NetworkBuilder().net(np.random.default_rng(3))
    assert all(np.array_equal(net.state()[name], again.state()[name]) for name in net.state())
    consistent(builder)


def test_a_change_that_breaks_the_next_layer_is_told_and_repaired_by_one_press():
    builder = NetworkBuilder()
    builder.outputs = 12
    assert builder.plan[0][1]["c_out"] == 12
    assert builder._frame["says"] == (
        "Layer 3 does not fit: 12 maps of 14 × 14 come in, and it expects 8."
    )
    assert "✗ 12 maps of 14 × 14 come in, and it expects 8." in words(builder)
    assert builder._controls["repair"]["label"] == "Repair: Let it expect 12"
    assert "output=?" in repr(builder)
    assert "fits=False" in repr(builder)
    with pytest.raises(ValueError, match="Layer 3: 12 maps"):
        builder.net(RNG)
    consistent(builder)
    builder.press("repair")
    assert builder.at == 3
    assert "repair" not in builder._controls
    assert builder.net(RNG)[3].c_in == 12
    consistent(builder)


def test_a_convolution_is_dilated_and_split_into_groups():
    builder = NetworkBuilder(at=3)
    assert builder._controls["groups"]["options"] == [
        ("1", "1: a filter sees 8 of 8 maps"),
        ("2", "2: a filter sees 4 of 8 maps"),
        ("4", "4: a filter sees 2 of 8 maps"),
        ("8", "8: a filter sees 1 of 8 maps"),
    ]
    before = builder.compute(**builder.values)["parameters"]
    builder.groups = "8"
    assert before - builder.compute(**builder.values)["parameters"] == 25 * 7 * 16
    builder.dilation = 2
    assert builder.net(RNG)[3].groups == 8
    assert builder.net(RNG)[3].dilation == (2, 2)
    assert 'Conv2d(8, 16, 5, padding="same", dilation=2, groups=8, rng=rng)' in builder.code
    consistent(builder)
    builder.outputs = 12  # is no multiple of 8
    assert builder.groups == "1"
    assert [option for option, _label in builder._controls["groups"]["options"]] == ["1", "2", "4"]
    consistent(builder)
    builder.code = "dl.Sequential(dl.MaxPool2d(2, dilation=3), dl.Conv2d(1, 8, 3))"
    Page(builder).pick("row:0", "click")
    assert builder.dilation == 3
    assert "groups" not in builder._controls


def test_the_end_is_looked_at_too():
    builder = NetworkBuilder(classes=7)
    assert builder._frame["says"].startswith("At the end: It ends with 10 numbers; for 7 classes")
    assert "✗ It ends with 10 numbers" in words(builder)
    builder.press("repair")
    assert builder.net(RNG).output_shape((1, 1, 28, 28)) == (1, 7)
    free = NetworkBuilder(classes=None)
    free.at = 7
    free.press("remove")
    assert free.compute(**free.values)["problem"] is None
    assert free.net(RNG).output_shape((1, 1, 28, 28)) == (1, 784)


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_that_is_added_fits_what_comes(kind):
    builder = NetworkBuilder(at=2)
    builder.kind = kind
    builder.press("add")
    assert builder.at == 3
    assert kinds(builder)[3] == kind
    problem = builder.compute(**builder.values)["problem"]
    if kind != "Dense":  # which needs a Flatten before it
        assert problem is None or problem.at > 3
    consistent(builder)


def test_added_where_nothing_is_known():
    builder = NetworkBuilder()
    builder.outputs = 3
    builder.pick("row:5")
    for kind in ("Dense", "Conv2d"):
        builder.kind = kind
        builder.press("add")
    assert builder.plan[6][1]["n_in"] == 1
    assert builder.plan[7][1]["c_in"] == 1
    consistent(builder)


def test_layers_are_moved_taken_out_and_limited():
    builder = NetworkBuilder(at=1)
    assert builder._controls["up"]["disabled"] == ""
    builder.press("up")
    assert kinds(builder)[:2] == ["ReLU", "Conv2d"]
    assert builder.at == 0
    assert builder._controls["up"]["disabled"]
    builder.press("up")
    builder.press("down")
    assert kinds(builder)[:2] == ["Conv2d", "ReLU"]
    for _press in range(7):
        builder.press("remove")
    assert len(builder.plan) == 1
    assert builder._controls["remove"]["disabled"]
    builder.press("remove")
    assert len(builder.plan) == 1
    for _press in range(MOST_LAYERS + 2):
        builder.press("add")
    assert len(builder.plan) == MOST_LAYERS
    assert builder._controls["add"]["disabled"]
    builder.pick("row:23")
    assert builder._controls["down"]["disabled"]
    builder.press("down")
    consistent(builder)


def test_repair_pressed_where_nothing_is_broken_changes_nothing():
    builder = NetworkBuilder()
    state = builder.state
    builder.press("repair")
    assert builder.state == state


def test_rows_are_chosen_by_click_and_by_keys():
    builder = NetworkBuilder()
    page = Page(builder)
    page.pick("row:3", "click", x=1, y=1)
    assert builder.at == 3
    assert builder.outputs == 16
    assert builder._controls["outputs"]["label"] == "Maps it gives"
    assert builder._controls["outputs"]["group"] == "Layer 3: Conv2d"
    page.pick("row:3", "key", key="ArrowDown")
    assert builder.at == 4
    assert "outputs" not in builder._controls
    page.pick("row:4", "key", key="End")
    assert builder.at == 7
    assert builder._controls["outputs"]["label"] == "Numbers it gives"
    page.pick("row:7", "key", key="Delete")
    assert len(builder.plan) == 7
    for element, how in (
        ("row:99", "click"),
        ("row:x", "click"),
        ("other", "click"),
        ("row:1", "hover"),
    ):
        before = builder.state
        page.pick(element, how)
        assert builder.state == before
    root = ElementTree.fromstring(builder.svg())
    current = [e.get("data-pick") for e in root.iter() if e.get("data-current")]
    assert current == ["row:6"]


def test_the_settings_are_those_of_the_chosen_layer():
    builder = NetworkBuilder(classes=None)
    builder.code = (
        'Sequential(Conv2d(1, 8, (3, 5), stride=2, padding="same", groups=1), MaxPool2d(3), '
        "AvgPool2d(2, padding=1), Conv2d(8, 8, 3, padding=((0, 1), (2, 0)), groups=4), "
        "Dropout(0.25))"
    )
    assert (builder.kernel, builder.stride, builder.padding) == (5, 2, "same")
    builder.pick("row:1")
    assert (builder.kernel, builder.stride, builder.padding) == (3, 3, "0")
    builder.stride = 1
    assert builder.plan[1][1]["stride"] == 1
    builder.padding = "3"  # more than its window allows
    assert builder.plan[1][1]["padding"] == 2
    builder.padding = "same"
    assert builder.plan[1][1]["padding"] == "same"
    builder.kernel = 2
    assert builder.plan[1][1] == builder.plan[1][1] | {"kernel_size": 2, "padding": 0}
    builder.pick("row:3")
    assert builder.padding == "other"
    assert "other" in dict(builder._controls["padding"]["options"])
    builder.outputs = 6
    assert builder.plan[3][1]["groups"] == 1
    builder.padding = "1"
    assert builder.plan[3][1]["padding"] == 1
    builder.pick("row:4")
    builder.share = 0.5
    assert builder.plan[4] == ["Dropout", {"p": 0.5}]
    builder.kernel = 3  # which a dropout does not have
    assert builder.plan[4] == ["Dropout", {"p": 0.5}]
    builder.pick("row:0")
    builder.kernel = 7
    assert builder.plan[0][1]["kernel_size"] == 7
    consistent(builder)


def test_code_that_is_typed_becomes_the_list_and_broken_code_is_told():
    builder = NetworkBuilder(at=7)
    page = Page(builder)
    check_frame(builder, page.set("code", "dl.Sequential(dl.Flatten(), dl.Dense(784, 10))"))
    assert kinds(builder) == ["Flatten", "Dense"]
    assert builder.at == 1
    frame = page.set("code", "dl.Sequential(dl.Flatten(), dl.Dense(784, 10)")
    assert "not Python yet" in frame["error"]["sentence"]
    assert kinds(builder) == ["Flatten", "Dense"]
    check_frame(builder, page.set("outputs", 12))
    consistent(builder)
    assert builder.plan[1][1]["n_out"] == 12


def test_it_begins_with_a_network_of_the_readers():
    net = Sequential(
        Conv2d(3, 4, 3, rng=RNG), ReLU(), MaxPool2d(2), Flatten(), Dense(36, 5, rng=RNG)
    )
    builder = NetworkBuilder(net, input_shape=[3, 8, 8], classes=5)
    assert builder.code == code_of(builder.plan)
    assert repr(builder.net(RNG)) == repr(Sequential(*net, input_shape=(3, 8, 8)))
    assert builder.outputs == 4
    small = NetworkBuilder(Sequential(Dense(2, 300, rng=RNG)), input_shape=(2,), classes=300)
    assert small.outputs == 256
    assert small.plan[0][1]["n_out"] == 300
    assert "2 numbers in, 300 numbers out" in small._frame["says"]


def test_what_is_set_from_python_sets_what_follows():
    builder = NetworkBuilder(at=3)
    assert (builder.outputs, builder.kernel) == (16, 5)
    builder.at = 7
    assert builder.outputs == 10
    builder.plan = plan_of("Sequential(Flatten(), Dense(784, 7), Dense(7, 10))")
    assert (builder.at, builder.outputs) == (2, 10)
    consistent(builder)
    given = NetworkBuilder(code="Sequential(MaxPool2d(3), Flatten(), Dense(81, 10))", at=2)
    assert kinds(given) == ["MaxPool2d", "Flatten", "Dense"]
    assert given.outputs == 10
    consistent(given)
    listed = NetworkBuilder(plan=plan_of("Sequential(Flatten(), Dense(784, 10))"))
    assert repr(listed) == "NetworkBuilder(layers=2, output=[10], parameters=7850, fits=True)"
    consistent(listed)
    set_ = NetworkBuilder(at=3, kernel=7, outputs=4)
    assert set_.plan[3][1] == set_.plan[3][1] | {"kernel_size": 7, "c_out": 4}
    assert "code" not in NetworkBuilder(show=["kind", "add"])._controls
    with pytest.raises(ValueError, match="not Python yet"):
        NetworkBuilder(code="Sequential(")


def test_softmax_at_the_end_is_not_for_learning():
    builder = NetworkBuilder(at=7)
    builder.kind = "Softmax"
    builder.press("add")
    assert "for learning, leave Softmax out" in builder._frame["says"]


def test_its_state_makes_it_again():
    builder = NetworkBuilder(at=2)
    builder.press("remove")
    builder.press("repair")
    again = NetworkBuilder.from_state(builder.state)
    assert again.svg() == builder.svg()
    assert again.code == builder.code


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"input_shape": 28}, ValueError, "input_shape is 28"),
        ({"input_shape": (28, 28)}, ValueError, r"wanted \(c, h, w\) or \(n_in,\)"),
        ({"input_shape": (1, 0, 2)}, ValueError, "input_shape"),
        ({"classes": 0}, ValueError, "classes"),
        ({"net": ReLU()}, TypeError, "net is ReLU"),
    ],
)
def test_what_does_not_fit_is_refused(options, error, message):
    with pytest.raises(error, match=f"NetworkBuilder: .*{message}|{message}"):
        NetworkBuilder(**options)
    with pytest.raises(TypeError, match="rng"):
        NetworkBuilder().net(0)


def test_long_texts_are_cut_and_bars_show_the_share():
    builder = NetworkBuilder()
    builder.code = (
        "Sequential(Conv2d(1, 8, (3, 5), stride=(2, 1), padding=((1, 2), (3, 4)), dilation=(1, 2)))"
    )
    texts = re.findall(r"<text[^>]*>(Conv2d[^<]*)", builder.svg())
    assert texts[0].endswith("…")
    assert builder.svg().count("<rect") > 2


def test_everything_can_be_moved():
    assert move_everything(NetworkBuilder(), np.random.default_rng(0)) > 30
    assert START in NetworkBuilder.declarations()["code"].examples
