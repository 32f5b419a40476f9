"""The quadratic fitter shows what the definitions say, and its searches cost what they cost."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import Page, check_frame, move_everything
from matplotlib.figure import Figure
from reference import (
    descent_path,
    mean_loss,
    mean_squared_gradient,
    optimizer_path,
    polynomial_values,
)

from dlnotes import data
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.quadratic_fitter import QuadraticFitter

CARS = data.stopping_distances()
LOSSES = ("squared", "absolute", "huber")
SEARCHES = {"grid": 729, "random": 729, "gradient": 61}
HERE = {"a1": 40.0, "a2": 20.0, "a3": 5.0}


def shown(fitter):
    return fitter.compute(**fitter.values)


def units(x, original=None):
    original = x if original is None else original
    return ((np.asarray(x) - np.mean(original)) / np.std(original)).tolist()


def by_definition(parameters, x, y, loss, original=CARS):
    """The loss from its formula; Huber's bends at half the spread of the points as they came."""
    return mean_loss(
        list(parameters), units(x, original[0]), list(y), loss, float(np.std(original[1])) / 2
    )


# The curve and its error


@pytest.mark.parametrize("loss", LOSSES)
def test_the_error_is_that_of_the_drawn_curve_over_the_drawn_points(loss):
    fitter = QuadraticFitter(**HERE, loss=loss)
    result = shown(fitter)
    x, y = result["x"], result["y"]
    np.testing.assert_array_equal([x, y], CARS)
    assert result["error"] == pytest.approx(by_definition([40, 20, 5], x, y, loss), rel=1e-12)
    np.testing.assert_allclose(result["fitted"], polynomial_values([40, 20, 5], units(x)))
    wanted = polynomial_values([40, 20, 5], units(result["curve_x"], x))
    np.testing.assert_allclose(result["curve_y"], wanted, rtol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("pair", ["a1 a2", "a1 a3", "a2 a3"])
def test_the_surface_is_the_error_at_those_parameters(loss, pair):
    fitter = QuadraticFitter(**HERE, loss=loss, surface=pair)
    surface = shown(fitter)["surface"]
    size = surface["across"].size
    assert surface["values"].shape == (size, size)
    for symbol, axis in zip(pair.split(), (surface["across"], surface["up"]), strict=True):
        control = fitter._controls[symbol]
        assert [axis[0], axis[-1]] == [control["minimum"], control["maximum"]]
    rng = np.random.default_rng(0)
    for row, col in rng.integers(0, size, (8, 2)):
        place = HERE | dict(
            zip(pair.split(), (surface["across"][col], surface["up"][row]), strict=True)
        )
        wanted = by_definition(place.values(), *CARS, loss)
        assert surface["values"][row, col] == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize("pair", ["a1 a2", "a1 a3", "a2 a3"])
def test_the_marker_stands_at_the_sliders(pair):
    fitter = QuadraticFitter(**HERE, surface=pair)
    for search in ("hand", *SEARCHES):
        if search != "hand":
            fitter.press(search)
        place = shown(fitter)["surface"]["place"]
        assert place.tolist() == [getattr(fitter, name) for name in pair.split()]
    fitter.step = 30
    assert shown(fitter)["surface"]["place"].tolist() == [
        getattr(fitter, name) for name in pair.split()
    ]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_reward_is_minus_the_error_everywhere(loss):
    fitter = QuadraticFitter(**HERE, loss=loss, key=True)
    error = shown(fitter)
    fitter.goal = "reward"
    reward = shown(fitter)
    np.testing.assert_array_equal(reward["surface"]["values"], -error["surface"]["values"])
    assert reward["error"] == error["error"]
    assert " the reward (" in fitter.say(reward)
    assert "δ = " in fitter.say(reward) or loss != "huber"
    value = fitter.say(error).split(" is ")[1]
    assert fitter.say(reward).split(" is ")[1] == "−" + value
    text = "".join(ElementTree.fromstring(fitter.svg()).itertext())
    assert "Reward over a₁ and a₂" in text


def test_units_are_named():
    fitter = QuadraticFitter(**HERE)
    assert fitter._frame["says"].endswith("feet².")
    fitter.loss = "absolute"
    assert fitter._frame["says"].endswith("feet.")
    assert fitter._controls["a1"]["unit"] == "feet"
    fitter.data = "made"
    assert "feet" not in fitter._frame["says"]
    assert fitter._controls["a1"]["unit"] == ""


# Searching


@pytest.mark.parametrize("search", SEARCHES)
def test_evaluations_are_counted_truly(search):
    fitter = QuadraticFitter(**HERE)
    assert fitter._controls["step"]["disabled"] == "Press one of the searches first."
    fitter.press(search)
    (row,) = shown(fitter)["rows"]
    assert row["search"] == search
    assert row["evaluations"] == fitter.step == SEARCHES[search]
    assert fitter._controls["step"]["maximum"] == SEARCHES[search]
    assert fitter._controls["step"]["disabled"] == ""
    assert fitter.numbers(shown(fitter))[search] == [SEARCHES[search], row["error"]]


@pytest.mark.parametrize("search", ["grid", "random"])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_best_so_far_never_gets_worse(search, loss):
    fitter = QuadraticFitter(loss=loss, surface="a1 a2")
    fitter.press(search)
    errors = []
    for step in (1, 2, 30, 200, 500, 729):
        fitter.step = step
        result = shown(fitter)
        errors.append(result["error"])
        path = result["surface"]["path"]
        assert len(path) == step
        assert result["error"] == pytest.approx(
            by_definition([fitter.a1, fitter.a2, fitter.a3], *CARS, loss)
        )
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0]


def test_the_grid_is_every_combination_of_nine():
    fitter = QuadraticFitter(surface="a1 a2")
    fitter.press("grid")
    across = shown(fitter)["surface"]["path"]
    assert len(np.unique(across[:, 0])) == len(np.unique(across[:, 1])) == 9
    assert len(np.unique(across, axis=0)) == 81


def test_gradient_descent_is_the_textbooks():
    fitter = QuadraticFitter(**HERE, rate=0.2, surface="a1 a2")
    fitter.press("gradient")
    wanted = descent_path([40, 20, 5], units(CARS[0]), CARS[1].tolist(), 0.2, 60)
    np.testing.assert_allclose(shown(fitter)["surface"]["path"], np.array(wanted)[:, :2])
    fitter.step = 7
    np.testing.assert_allclose([fitter.a1, fitter.a2, fitter.a3], wanted[6])
    fitter.step = 0
    check_frame(fitter, fitter._frame)
    fitter.press("gradient")  # starts where the reader stood, not where the search left off
    assert fitter.start == [40, 20, 5]
    fitter.a1 = 33
    fitter.press("grid")
    fitter.press("gradient")
    assert fitter.start[0] == 33


def test_a_descent_that_runs_away_is_said_in_words():
    fitter = QuadraticFitter(**HERE)
    fitter.press("gradient")
    fitter.rate = 5.0
    result = shown(fitter)
    assert "Gradient descent ran away: at the learning rate 5 every" in fitter._frame["says"]
    assert result["rows"][0]["diverged"]
    assert result["rows"][0]["evaluations"] == fitter.step == fitter._controls["step"]["maximum"]
    assert fitter.step < 61
    text = "".join(ElementTree.fromstring(fitter.svg()).itertext())
    assert "ran away" in text
    check_frame(fitter, fitter._frame)
    fitter.rate = 0.1
    assert fitter._frame["says"].startswith("With a₁ = ")


@pytest.mark.parametrize("method", OPTIMIZERS)
def test_the_descent_steps_as_its_optimiser_does(method):
    fitter = QuadraticFitter(**HERE, surface="a1 a2")
    page = Page(fitter)
    page.press("gradient")
    frame = page.set("method", method)
    check_frame(fitter, frame)
    result = shown(fitter)

    def slope(parameters):
        return mean_squared_gradient(parameters, units(CARS[0]), CARS[1].tolist())

    wanted = optimizer_path(method, slope, [40, 20, 5], fitter.rate, 60)
    np.testing.assert_allclose(
        result["surface"]["path"], np.array(wanted)[:, :2], rtol=1e-9, atol=1e-9
    )
    assert not result["diverged"]
    assert result["rows"][0]["gap"] < 0.05 * result["rows"][0]["error"]
    text = "|".join(ElementTree.fromstring(fitter.svg()).itertext())
    name = "Gradient descent" + ("" if method == "sgd" else f", {OPTIMIZERS[method]}")
    assert name in text.split("|")


def test_a_rate_that_is_too_high_for_adam_is_said_in_words():
    fitter = QuadraticFitter(a1=40.0, a2=21.0, a3=2.5, method="adam")
    fitter.press("gradient")
    fitter.rate = 100.0
    assert "its steps jump past the lowest place" in fitter._frame["says"]
    check_frame(fitter, fitter._frame)


@pytest.mark.parametrize("rate", [0.001, 0.3, 1.0, 3.0, 100.0])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_rate_can_be_drawn(rate, loss):
    fitter = QuadraticFitter(data="own", loss=loss, key=True)
    fitter.press("gradient")
    page = Page(fitter)
    check_frame(fitter, page.set("rate", rate))
    for step in (1, 2, fitter._controls["step"]["maximum"]):
        check_frame(fitter, page.set("step", step))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("source", ["stopping", "made", "own"])
def test_no_search_beats_the_answer_key(loss, source):
    fitter = QuadraticFitter(data=source, loss=loss, key=True, surface="none")
    for search in SEARCHES:
        fitter.press(search)
    fitter.press("outlier")
    result = shown(fitter)
    least = result["key"]["error"]
    for row in result["rows"]:
        assert row["gap"] >= -1e-9 * least
        assert row["gap"] == pytest.approx(row["error"] - least)
    assert fitter.numbers(result)["least"] == least
    wanted = by_definition(
        result["key"]["parameters"], result["x"], result["y"], loss,
        (result["source"].x, result["source"].y),
    )  # fmt: skip
    assert least == pytest.approx(wanted)


def test_places_visited_by_hand_are_counted():
    fitter = QuadraticFitter(surface="a1 a2")
    page = Page(fitter)
    assert shown(fitter)["rows"] == []
    for value in (30, 35, 40):
        page.set("a1", value)
    page.pick("surface", "drag", x=31.3, y=12.2)
    assert fitter.search == "hand"
    assert shown(fitter)["rows"] == []  # a table compares, so it waits for a search
    tried = [[30, 0, 0], [35, 0, 0], [40, 0, 0], [fitter.a1, fitter.a2, 0]]
    page.press("grid")
    row, other = shown(fitter)["rows"]
    assert (row["search"], row["evaluations"], other["search"]) == ("hand", 4, "grid")
    assert row["error"] == pytest.approx(min(by_definition(p, *CARS, "squared") for p in tried))


def test_each_search_that_was_tried_has_one_row():
    fitter = QuadraticFitter(surface="none")
    for search in ("random", "grid", "random"):
        fitter.press(search)
    assert [row["search"] for row in shown(fitter)["rows"]] == ["random", "grid"]
    fitter.data = "made"
    assert shown(fitter)["rows"] == []


# Touching


def test_everything_can_be_touched():
    fitter = QuadraticFitter(data="own", key=True)
    assert move_everything(fitter, np.random.default_rng(1)) > 80


def test_a_figure_for_a_report():
    figure = QuadraticFitter(**HERE).figure()
    assert isinstance(figure, Figure)
    assert "a₁ = 40" in figure.axes[0].get_title(loc="left")


def test_steps_are_counted_only_where_the_count_can_be_seen():
    hidden, shown = QuadraticFitter(show=["a1"], surface="none"), QuadraticFitter(surface="none")
    for fitter in (hidden, shown):
        fitter.a1 = 25
        fitter.a1 = 26
    assert (hidden.hand["count"], shown.hand["count"]) == (0, 2)
