"""The race shows the library's optimisers, tuned alike, and says in words what went wrong."""

import json
import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything
from matplotlib.figure import Figure
from reference import optimizer_path

from dlnotes.widgets.descent_picture import FLOOR
from dlnotes.widgets.descent_race import RATES, DescentRace
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.surfaces import SURFACES

SHORT = {"steps": 20, "step": 20, "tried": 4}


def race(**values):
    return DescentRace(**(SHORT | values))


def shown(explorer):
    return explorer.compute(**explorer.values)


def words(explorer):
    return "|".join(ElementTree.fromstring(explorer.svg()).itertext())


def test_all_six_start_together_and_go_their_textbook_ways():
    result = shown(race())
    assert list(result["runs"]) == list(OPTIMIZERS)
    for name, run in result["runs"].items():
        wanted = optimizer_path(name, lambda p: [p[0] / 10, 2 * p[1]], (-7.0, 2.0), 0.1, 20)
        np.testing.assert_allclose(run.path, wanted, rtol=1e-9, atol=1e-12)


def test_numbers_are_those_of_the_step_shown():
    explorer = race(step=7)
    result = shown(explorer)
    numbers = explorer.numbers(result)
    for name, run in result["runs"].items():
        x, y = run.path[7]
        assert numbers[f"{name}_loss"] == pytest.approx(x**2 / 20 + y**2)
        assert numbers[name] == run.steps_to(0.01)
    assert "x²/20 + y², at step 7" in words(explorer)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_is_drawn_with_its_name(surface):
    explorer = race(surface=surface)
    assert explorer._frame["error"] is None
    check_frame(explorer, explorer._frame)
    name = explorer.own if surface == "own" else SURFACES[surface]
    assert name in words(explorer)


def test_one_slider_sets_all_rates():
    explorer = race(rate_adam=1.0)
    Page(explorer).set("common", 0.02)
    assert {getattr(explorer, name) for name in RATES} == {0.02}


def test_a_sweep_tunes_all_with_the_same_budget_and_changes_the_ranking():
    explorer = DescentRace()
    before = shown(explorer)["first"]
    assert before["adagrad"] is None
    frame = Page(explorer).press("sweep")
    check_frame(explorer, frame)
    after = shown(explorer)["first"]
    assert after["adagrad"] < after["nesterov"] < after["sgd"]
    for name in OPTIMIZERS:
        assert before[name] is None or after[name] <= before[name]
    assert {len(ends) for ends in explorer.swept["ends"].values()} == {21}
    assert "The sweep: 21 rates, 150 steps each" in words(explorer)
    assert DescentRace.from_state(explorer.state).svg() == explorer.svg()


@pytest.mark.parametrize(
    ("name", "value"),
    [("surface", "saddle"), ("steps", 30), ("goal", 0.1), ("correction", False), ("reach", 2.0)],
)
def test_a_sweep_holds_only_for_what_it_was_made_for(name, value):
    explorer = race(surface="own") if name == "reach" else race()
    page = Page(explorer)
    page.press("sweep")
    assert explorer.swept
    page.set("rate_sgd", 0.5)
    assert explorer.swept
    page.set(name, value)
    assert explorer.swept is None
    page.press("sweep")
    page.pick("map", "click", x=0.5, y=0.5)
    assert explorer.swept is None


def test_a_sweep_without_correction_is_that_of_the_uncorrected():
    explorer = race(correction=False)
    explorer.press("sweep")
    assert set(explorer.swept["ends"]) == set(OPTIMIZERS)
    json.dumps(explorer.state)


def test_divergence_is_said_in_words():
    explorer = race(surface="rosenbrock")
    said = explorer._frame["says"]
    assert "SGD (in step 2, learning rate 0.1), Momentum (in step 2, learning rate 0.1)" in said
    assert "ran away: every step overshoots by more than the last. Lower the learning rate" in said
    assert "ran away" in words(explorer)
    assert "nan" not in explorer.svg().lower()


@pytest.mark.parametrize(
    ("own", "start", "rate", "sentence"),
    [
        ("x**2 - y**2", [0.0, 1.0], 1.0, "the loss there is below any on the map"),
        ("100*sin(x)", [0.0, 0.0], 10.0, "ran away: every step overshoots"),
        ("log(x)", [0.3, 0.0], 10.0, "came to a place where the formula has no value"),
        ("x**2 + y**2", [1.0, 1.0], 1.001, "ended higher than at the start"),
    ],
)
def test_other_fates_are_said_in_words(own, start, rate, sentence):
    explorer = race(surface="own", own=own, shown="sgd", rate_sgd=rate, start=start)
    assert sentence in explorer._frame["says"]
    check_frame(explorer, explorer._frame)


def test_a_formula_that_is_lowest_at_the_edge_of_the_map_is_said_to_be():
    said = "On the map the formula is lowest at the edge"
    assert said in race(surface="own", own="x + y**2")._frame["says"]
    assert said in race(surface="own", own="sin(x) + cos(y)")._frame["says"]
    for own in ("x**2 + y**2", "x**2", "(x - 2.95)**2 + y**2", "log(x)", "3"):
        assert said not in race(surface="own", own=own)._frame["says"], own


def test_bad_formulas_are_answered_in_one_sentence():
    explorer = race(surface="own")
    frame = Page(explorer).set("own", "x +* y")
    assert frame["error"]["sentence"].startswith("Position 4, “*”")
    assert Page(explorer).set("own", "x*y")["error"] is None
    assert "<b>" not in race(surface="own", own="x+y").svg()


def test_adam_without_its_correction_begins_too_fast():
    explorer = race(shown="adam", rate_adam=0.01)
    assert shown(explorer)["ghost"] is None
    explorer.correction = False
    result = shown(explorer)
    first = np.hypot(*np.diff(result["runs"]["adam"].path[:2], axis=0)[0])
    usual = np.hypot(*np.diff(result["ghost"].path[:2], axis=0)[0])
    assert first / usual == pytest.approx((1 - 0.9) / math.sqrt(1 - 0.999), rel=1e-6)
    assert "Without its bias correction Adam’s first step is 0.0447 long" in explorer._frame["says"]
    assert "with it, 0.0141" in explorer._frame["says"]
    assert "Adam, corrected" in words(explorer)


def test_the_start_is_dragged_clicked_and_moved_by_keys():
    explorer = race()
    page = Page(explorer)
    page.pick("start:0", "drag", x=3.0, y=-1.0)
    assert explorer.start == [3.0, -1.0]
    assert shown(explorer)["runs"]["sgd"].path[0].tolist() == [3.0, -1.0]
    page.pick("map", "click", x=99.0, y=-99.0)
    assert explorer.start == [10.0, -4.0]
    page.pick("start:0", "key", key="ArrowLeft", big=False)
    page.pick("start:0", "key", key="ArrowUp", big=True)
    assert explorer.start == [9.8, -3.6]
    page.pick("start:0", "click")
    page.pick("other", "click", x=1.0, y=1.0)
    assert explorer.start == [9.8, -3.6]
    page.set("surface", "saddle")
    assert explorer.start is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"shown": "sgd", "goal": 1e-6}, "It does not reach a loss of 10⁻⁶ in 20 steps."),
        ({"goal": 1e-6}, "Nobody reaches a loss of"),
        ({"goal": 3.0}, "reaches a loss of 3 first, at step 1."),
        ({"shown": "sgd", "goal": 4.0}, "SGD reaches a loss of 4 at step 2."),
        ({"goal": 10.0}, "reach a loss of 10 together, at step 0."),
        (
            {"surface": "own", "goal": 10.0},
            "reach a loss of 10 above the lowest on the map together",
        ),
    ],
)
def test_the_standing_is_said(values, sentence):
    assert sentence in race(**values)._frame["says"].replace("1×10", "10")


def test_only_what_matters_is_offered():
    explorer = race(shown="sgd momentum nesterov")
    assert {"rate_sgd", "rate_momentum", "rate_nesterov"} <= set(explorer._controls)
    assert not {"rate_adam", "correction", "own", "reach"} & set(explorer._controls)
    explorer.surface = "own"
    assert {"own", "reach"} <= set(explorer._controls)
    assert explorer._controls["goal"]["label"] == "Loss − lowest"
    explorer.steps = 30
    assert (explorer.step, explorer._controls["step"]["maximum"]) == (30, 30)


def test_small_losses_stand_at_the_foot():
    explorer = race(shown="adagrad", rate_adagrad=5.0, steps=100, goal=1e-6)
    assert shown(explorer)["runs"]["adagrad"].above[-1] < FLOOR
    check_frame(explorer, explorer._frame)


def test_a_figure_for_a_report():
    figure = race().figure()
    assert isinstance(figure, Figure)
    assert [line.get_label() for line in figure.axes[0].lines] == list(OPTIMIZERS.values())


@pytest.mark.parametrize("values", [{}, {"surface": "own", "shown": "sgd adam"}])
def test_everything_can_be_moved(values):
    assert move_everything(race(**values), np.random.default_rng(0)) > 50


def test_a_start_without_a_value_is_said_once():
    explorer = DescentRace(surface="own", own="log(x)", start=[-1.0, 0.0])
    assert "Where all start the formula has no value: drag the start" in explorer._frame["says"]
    explorer.pick("map", x=2.0, y=0.0)
    assert "Where all start" not in explorer._frame["says"]


def test_a_best_rate_at_an_end_of_the_range_is_said():
    explorer = DescentRace(surface="own", own="x/100000", goal=1e-6)
    explorer.press("sweep")
    says = "SGD, Momentum, Nesterov: the best rate lies at an end of the range that was tried"
    assert says in explorer._frame["says"]
    explorer.shown = "adagrad"
    assert "at an end" not in explorer._frame["says"]
    assert "at an end" not in DescentRace(shown="adam")._frame["says"]


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ({"surface": "rosenbrock", "shown": "adam", "rate_adam": 0.6, "correction": False}, True),
        ({"shown": "sgd", "rate_sgd": 2.0}, False),
    ],
)
def test_a_leap_that_comes_back_is_shown_whole(values, whole):
    explorer = DescentRace(**values)
    (run,) = shown(explorer)["runs"].values()
    root = ElementTree.fromstring(explorer.svg())
    axes = [json.loads(e.get("data-axes")) for e in root.iter() if e.get("data-axes")]
    (top,) = (axis["y"][1] for axis in axes if axis["name"] == "losses")
    assert top > 20 * run.above[0] * 0.99
    assert (run.fate == "", top > run.above.max()) == (whole, whole)
