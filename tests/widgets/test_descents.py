"""What a race runs: fates, steps to a goal, and a sweep that treats all alike."""

import numpy as np
import pytest
from reference import optimizer_path

from dlnotes.widgets import descents
from dlnotes.widgets.descents import LEAST_RATE, MOST_RATE, runs_of, shown_of, sweep, variant
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.surfaces import KNOWN, OWN, surface_of

VALLEY = surface_of("valley", "", 3.0)


def run_of(name, surface, start, rate, steps):
    return runs_of([(name, rate)], surface, start, steps)[0]


def height(place):
    return place[0] ** 2 / 20 + place[1] ** 2


@pytest.mark.parametrize("name", [*OPTIMIZERS, "uncorrected"])
def test_a_run_is_the_textbooks(name):
    run = run_of(name, VALLEY, (-7.0, 2.0), 0.2, 30)
    wanted = optimizer_path(name, lambda p: [p[0] / 10, 2 * p[1]], (-7.0, 2.0), 0.2, 30)
    np.testing.assert_allclose(run.path, wanted, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run.above, [height(place) for place in wanted], atol=1e-12)
    first = next((t for t, place in enumerate(wanted) if height(place) <= 1.0), None)
    assert run.steps_to(1.0) == first
    assert run.steps_to(-1.0) is None
    assert run.fate == ""


@pytest.mark.parametrize(
    ("text", "start", "rate", "fate"),
    [
        ("x**2 + y**2", (1.0, 1.0), 0.1, ""),
        ("x**2 + y**2", (1.0, 1.0), 5.0, "ran"),
        ("x**2 + y**2", (1.0, 1.0), 1.001, "climbed"),
        ("x**2 - y**2", (0.0, 1.0), 0.9, "fell"),
        ("x + y", (0.0, 0.0), 10.0, ""),
        ("log(x) + y**2", (0.3, 0.0), 10.0, "void"),
        ("exp(x**4)", (2.5, 0.0), 10.0, "ran"),
        ("3", (0.0, 0.0), 1.0, ""),
    ],
)
def test_what_became_of_a_run_is_known(text, start, rate, fate):
    run = run_of("sgd", surface_of(OWN, text, 3.0), start, rate, 20)
    assert run.fate == fate
    assert len(run.path) == len(run.above) <= 21
    assert np.isfinite(run.above[:-1]).all()
    assert np.isfinite(run.end) == (fate in ("", "climbed"))


def test_a_sweep_gives_all_the_same_rates_and_takes_the_best():
    names = list(OPTIMIZERS)
    found = sweep(names, VALLEY, (-7.0, 2.0), 40, 0.01, 9)
    rates = np.geomspace(LEAST_RATE, MOST_RATE, 9)
    np.testing.assert_allclose(found["rates"], rates)
    for name in names:
        runs = [run_of(name, VALLEY, (-7.0, 2.0), rate, 40) for rate in found["rates"]]
        stayed = [run for run in runs if not run.fate and not run.strayed]
        reached = [run for run in stayed if run.steps_to(0.01) is not None]
        chosen = run_of(name, VALLEY, (-7.0, 2.0), found["best"][name], 40)
        assert (chosen.fate, chosen.strayed) == ("", False)
        if reached:
            assert chosen.steps_to(0.01) == min(run.steps_to(0.01) for run in reached)
        else:
            assert chosen.end == min(run.end for run in stayed)
        for run, end in zip(runs, found["ends"][name], strict=True):
            assert (end is None) == (run.fate not in ("", "climbed"))
            assert end is None or end == run.end


@pytest.mark.parametrize("name", KNOWN)
def test_the_best_rates_lie_inside_the_range(name):
    surface = surface_of(name, "", 1.0)
    found = sweep(list(OPTIMIZERS), surface, surface.start, 150, 0.01, 21)
    assert found["beyond"] == []
    for rate in found["best"].values():
        assert LEAST_RATE < rate < MOST_RATE


def test_a_run_that_stays_on_the_map_is_preferred():
    slow, far = (run_of("adagrad", VALLEY, (-7.0, 2.0), rate, 40) for rate in (5.0, 10.0))
    assert (slow.strayed, far.strayed) == (False, True)
    assert slow.steps_to(0.01) > far.steps_to(0.01)
    assert slow.rank(0.01) < far.rank(0.01)
    assert far.rank(0.01) < run_of("sgd", VALLEY, (-7.0, 2.0), 2.0, 40).rank(0.01)


def test_a_best_rate_at_an_end_of_the_range_is_named():
    level, slope = surface_of(OWN, "3", 3.0), surface_of(OWN, "x/1000", 3.0)
    assert sweep(["sgd", "adam"], level, level.start, 20, 0.01, 5)["beyond"] == []
    assert sweep(["sgd", "adagrad"], slope, slope.start, 20, 1e-6, 5)["beyond"] == ["sgd"]


def test_where_every_rate_is_lost_one_is_taken_all_the_same():
    steep = surface_of(OWN, "exp(50*x*x)", 3.0)
    found = sweep(["sgd"], steep, (3.0, 0.0), 5, 0.01, 3)
    assert found["ends"]["sgd"] == [None] * 3
    assert found["best"]["sgd"] in found["rates"]


def test_what_has_been_run_is_not_run_again(monkeypatch):
    monkeypatch.setattr(descents, "MOST_RUNS", 3)
    runners = [("sgd", 0.01 * i) for i in range(1, 6)]
    first = runs_of([*runners, runners[0]], VALLEY, (1.0, 1.0), 4)
    assert first[0] is first[-1]
    assert len(descents.RUNS) == 3
    again = runs_of(runners, VALLEY, (1.0, 1.0), 4)
    assert [a is b for a, b in zip(first, again, strict=False)] == [False] * 2 + [True] * 3
    for a, b in zip(first, again, strict=False):
        np.testing.assert_array_equal(a.path, b.path)


def test_names():
    assert variant("adam", False) == "uncorrected"
    assert variant("adam", True) == "adam"
    assert variant("sgd", False) == "sgd"
    assert shown_of("all") == list(OPTIMIZERS)
    assert shown_of("sgd adam") == ["sgd", "adam"]
