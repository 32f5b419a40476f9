"""A function put into itself: what is counted, where the cobweb goes, how it is moved."""

import numpy as np
import pytest
from driver import Page, check_frame, move_everything

from dlnotes.widgets.composition_explorer import CompositionExplorer
from dlnotes.widgets.composition_maps import MAPS


def shown(explorer):
    return explorer.compute(**explorer.values)


def last(explorer):
    return shown(explorer)["tally"][-1]


@pytest.mark.parametrize("function", MAPS)
@pytest.mark.parametrize("depth", [1, 2, 10])
def test_every_function_is_drawn(function, depth):
    explorer = CompositionExplorer(function=function, depth=depth)
    check_frame(explorer, explorer._frame)
    assert len(explorer.svg()) < 45_000
    result = shown(explorer)
    assert len(result["tally"]) == depth
    assert result["travel"].shape == (depth + 1,)
    assert np.isfinite(result["curves"]).all()


@pytest.mark.parametrize("function", ["quadratic", "logistic", "tent", "formula"])
@pytest.mark.parametrize("depth", [1, 4, 10])
def test_bumps_double_with_each_layer(function, depth):
    explorer = CompositionExplorer(function=function, depth=depth, formula="4*x*(1-x)")
    now = last(explorer)
    assert now["bumps"] == 2 ** (depth - 1)
    assert now["degree"] == (None if function == "tent" else 2**depth)
    assert now["pieces"] == (2**depth if function == "tent" else None)
    words = explorer._frame["says"]
    assert ("1 bump " if depth == 1 else f"{2 ** (depth - 1):,} bumps ") in words
    assert f"{2**depth:,}" in words


def test_a_relu_layer_doubles_only_if_its_weights_are_right():
    tent = CompositionExplorer(function="relu", v1=2, v2=-4, kink=0.5, depth=6)
    assert last(tent) == {"degree": None, "pieces": 64, "bumps": 32, "breaks": 0}
    tent.v1 = 1.0
    assert last(tent)["pieces"] < 64


@pytest.mark.parametrize(("numbers", "degree"), [((1, 0, 0), 0), ((1, 2, 0), 1), ((0, 0, 2), 2)])
def test_a_quadratic_may_be_less(numbers, degree):
    explorer = CompositionExplorer(**dict(zip(("a1", "a2", "a3"), numbers, strict=True)), depth=4)
    check_frame(explorer, explorer._frame)
    assert last(explorer)["degree"] == degree**4
    flat = CompositionExplorer(function="logistic", r=0, depth=3)
    assert last(flat) == {"degree": 0, "pieces": None, "bumps": 0, "breaks": 0}


def test_the_cobweb_is_the_iterates():
    result = shown(CompositionExplorer(function="logistic", depth=3, start=0.2))
    x = 0.2
    for step in range(4):
        assert result["travel"][step] == pytest.approx(x)
        x = 4 * x * (1 - x)
    assert (
        "One x on its way: 0.2 → 0.64 → 0.9216 → 0.289."
        in CompositionExplorer(function="logistic", depth=3, start=0.2)._frame["says"]
    )
    long = CompositionExplorer(function="logistic", depth=9)._frame["says"]
    assert " → … → " in long


def test_repr_says_it_in_numbers():
    explorer = CompositionExplorer(function="tent", depth=2, start=0.3)
    wanted = "CompositionExplorer(function=tent, depth=2, pieces=4, bumps=2, path=[0.3, 0.6, 0.8])"
    assert repr(explorer) == wanted


def test_too_many_bumps_are_not_guessed():
    explorer = CompositionExplorer(function="formula", formula="sin(20*x)", depth=6)
    check_frame(explorer, explorer._frame)
    assert last(explorer)["bumps"] is None
    assert "more turns or breaks than can be counted here" in explorer._frame["says"]
    assert "too many" in explorer.svg()


def test_breaks_are_said():
    explorer = CompositionExplorer(function="formula", formula="1/x", window="-2 2", depth=3)
    check_frame(explorer, explorer._frame)
    assert "0 bumps, and 1 break (where it jumps" in explorer._frame["says"]
    assert "breaks=1" in repr(explorer)
    several = CompositionExplorer(function="formula", formula="x-1/x", window="-2 2", depth=2)
    assert "0 bumps, and 3 breaks (where it jumps" in several._frame["says"]


def test_a_formula_that_is_none_is_said_and_mended():
    explorer = CompositionExplorer(function="formula")
    page = Page(explorer)
    frame = page.set("formula", "x +")
    assert frame["error"]["sentence"]
    assert not frame["error"]["details"]
    check_frame(explorer, page.set("formula", "x**2 - 1"))
    assert last(explorer)["degree"] == 2
    check_frame(explorer, page.set("formula", "1/x"))
    assert last(explorer)["degree"] is None
    check_frame(explorer, page.set("formula", "log(x) - 5"))


def test_only_the_chosen_function_s_controls_are_shown():
    explorer = CompositionExplorer()
    assert {"a1", "a2", "a3"} <= set(explorer._controls)
    assert not {"r", "v1", "formula", "window"} & set(explorer._controls)
    explorer.function = "relu"
    assert {"v1", "v2", "kink"} <= set(explorer._controls)
    assert explorer._controls["start"]["minimum"] == 0
    assert explorer.start == pytest.approx(0.65)
    explorer.function = "formula"
    explorer.window = "-5 5"
    assert explorer._controls["start"]["minimum"] == -5
    assert explorer.start == pytest.approx(1.5)


def test_either_picture_chooses_x():
    explorer = CompositionExplorer(function="tent", depth=2)
    explorer.pick("start", "drag", x=0.25, y=0.9)
    assert explorer.start == 0.25
    explorer.pick("start", "drag", x=0.25108, y=0.9)
    assert explorer.start == 0.25
    explorer.pick("start", "drag", x=7, y=0)
    assert explorer.start == 1
    explorer.pick("start", "key", key="ArrowLeft")
    assert explorer.start == pytest.approx(0.995)
    explorer.pick("start", "key", key="ArrowUp", big=True)
    assert explorer.start == 1
    explorer.pick("start", "key", key="Delete")
    explorer.pick("elsewhere", "click", x=0.5, y=0.5)
    assert explorer.start == 1
    assert explorer.svg().count('data-pick="start"') == 2


def test_magnified_it_shows_the_single_bumps():
    explorer = CompositionExplorer(function="logistic", depth=10, zoom=50)
    result = shown(explorer)
    assert result["seen"][1] - result["seen"][0] == pytest.approx(1 / 50)
    assert result["seen"][0] < explorer.start < result["seen"][1]
    assert last(explorer)["bumps"] == 512
    assert explorer.svg().count('data-pick="start"') == 1  # it would run away from under the hand
    explorer.start = 0.0
    assert shown(explorer)["seen"] == pytest.approx((0, 1 / 50))


def test_everything_can_be_moved():
    for function in ("relu", "formula"):
        explorer = CompositionExplorer(function=function, depth=2)
        assert move_everything(explorer, np.random.default_rng(0)) > 20


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"formula": "sqrt(-1-x**2)"}, "f by itself: it has no value between x = 0 and 1."),
        ({"formula": "log(x)", "depth": 3}, "3 times f: it has no value between x = 0 and 1."),
        ({"formula": "1e300*x**2", "depth": 2}, "0.6 → 3.6×10²⁹⁹ → above 1×10³⁰⁰."),
        ({"formula": "-1e300*x**2-1e300", "depth": 2}, "0.6 → below −1×10³⁰⁰ → below −1×10³⁰⁰."),
    ],
)
def test_what_has_no_value_or_is_beyond_all_is_said(values, said):
    assert said in CompositionExplorer(function="formula", **values)._frame["says"]


def test_a_curve_outside_the_picture_is_called_so():
    assert "now (outside the picture)" in CompositionExplorer(function="formula", formula="3").svg()
    assert "outside" not in CompositionExplorer(function="formula", formula="x").svg()
