"""With a ReLU before the softmax classes die, and their deaths are counted truly."""

import itertools
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from driver import check_frame, move_everything

from dlnotes import data
from dlnotes.widgets import relu_trap
from dlnotes.widgets.relu_trap import DEAD, LOST, ReluTrap

PICTURES = relu_trap.pictures


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    x, y = data.digits(size=8)
    monkeypatch.setattr(relu_trap, "pictures", lambda: (x[:120].reshape(120, 64), y[:120]))
    monkeypatch.setattr(relu_trap, "HELD_BACK", 40)


def trap(**options):
    return ReluTrap(**({"seeds": 3, "epochs": 2, "hidden": 6} | options))


def test_every_seed_is_tried_with_both():
    made = trap()
    assert made._frame["says"] == "Press Play: each of 3 seeds trains both networks."
    assert repr(made) == "ReluTrap(seeds=0)"
    made.go()
    assert made.ended
    assert len(made.record) == 1 + 3 * 2
    result = made.compute(**made.values)
    assert [tried.seed for tried in result["tried"]] == [0, 1, 2]
    assert all(tried.epoch == 2 for tried in result["tried"])
    assert result["linear"].shape == result["relu"].shape == (3,)
    assert "After 3 of 3 seeds: " in made._frame["says"]
    assert repr(made).startswith(f"ReluTrap(seeds=3, linear={result['linear'].mean():.4g}, relu=")
    check_frame(made, made._frame)


def test_the_same_seeds_give_the_same():
    one, other = trap(), trap()
    one.go()
    other.go()
    assert one.record == other.record


def test_linear_logits_read_better():
    made = trap(seeds=4, epochs=30, hidden=32)
    made.go()
    result = made.compute(**made.values)
    assert result["linear"].mean() > result["relu"].mean() + 0.05
    assert 0 < result["lost"] <= 4
    words = "|".join(ElementTree.fromstring(made.svg()).itertext())
    assert "alive" in words


def test_dead_means_that_the_relu_gives_nothing(monkeypatch):
    """Classes whose bias starts far below zero are dead from the beginning; others are not."""
    plain = relu_trap.network

    def doomed(hidden, rng):
        layers = plain(hidden, rng)
        layers[2].bias.value = np.where(np.isin(np.arange(10), (2, 7)), -50.0, 5.0)
        return layers

    monkeypatch.setattr(relu_trap, "network", doomed)
    made = trap(seeds=1, epochs=1, rate=0.01)
    made.go()
    (tried,) = made.record[-1]
    assert tried.dead == (2, 7)
    assert set(tried.dead) <= set(tried.lost)
    result = made.compute(**made.values)
    assert np.flatnonzero(result["state"][0] == DEAD).tolist() == [2, 7]
    assert (result["state"][0] == LOST).sum() == len(tried.lost) - 2
    assert (result["dead"], result["lost"]) == (1, 1)
    assert "1 have a dead class and 1 a lost one" in made._frame["says"]


def test_an_epoch_takes_breaks(monkeypatch):
    x, y = data.digits(size=8)
    monkeypatch.setattr(relu_trap, "pictures", lambda: (x[:400].reshape(400, 64), y[:400]))
    made = trap(seeds=1, epochs=1)
    assert list(made.going()).count(None) == 1


def test_the_digits_are_the_real_ones():
    x, y = PICTURES()
    wanted, digits = data.digits(size=8)
    np.testing.assert_array_equal(x, wanted.reshape(1797, 64))
    np.testing.assert_array_equal(y, digits)


def test_everything_can_be_moved():
    assert move_everything(trap(seeds=1, epochs=1), np.random.default_rng(0)) > 20


def test_what_was_dead_and_is_not_any_more_is_counted():
    made = trap(seeds=2, epochs=5, rate=1.0)
    made.go()
    count = 0
    for before, after in itertools.pairwise(made.record[1:]):
        if before[-1].seed == after[-1].seed:
            count += len(set(before[-1].dead) - set(after[-1].dead))
    assert count > 0
    assert f"; {count} times a class that was dead after one epoch" in made._frame["says"]
