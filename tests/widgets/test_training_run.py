"""A sliced training is the training, slice by slice."""

import math

import numpy as np
import pytest

from dlnotes import data
from dlnotes.layers import Conv2d, Dense, Flatten, ReLU, Sequential
from dlnotes.training import Diverged
from dlnotes.widgets import training_run
from dlnotes.widgets.training_run import (
    Settings,
    SlicedRun,
    Step,
    curves,
    flat,
    kept_weights,
    lessons,
    optimizer_of,
    rehearse,
    thinned,
)

X, Y = (array[:40] for array in data.digits(size=8))
SETTINGS = Settings(rate=0.1, batch=10, optimizer="sgd")


def network():
    rng = np.random.default_rng(0)
    return Sequential(Flatten(), Dense(64, 5, rng=rng), ReLU(), Dense(5, 10, rng=rng))


def exhausted(generator):
    """What a generator returns, and how often it took a break."""
    breaks = 0
    while True:
        try:
            next(generator)
            breaks += 1
        except StopIteration as end:
            return end.value, breaks


def test_one_step_is_the_gradients_mean(monkeypatch):
    """In slices of 7, the step is the same as in one piece."""
    whole, parts = network(), network()
    one = SlicedRun(whole, X, Y)
    rows = np.arange(30)
    (loss, accuracy), breaks = exhausted(one.update(rows, {"epoch": 1, "step": 1}))
    assert breaks == 0
    monkeypatch.setattr(training_run, "CHUNK", 7)
    found, breaks = exhausted(SlicedRun(parts, X, Y).update(rows, {"epoch": 1, "step": 1}))
    assert breaks == 4
    assert found == pytest.approx((loss, accuracy), rel=1e-5)
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        np.testing.assert_allclose(a.value, b.value, atol=1e-6)


def test_a_loss_that_is_no_number_puts_the_weights_back():
    net = network()
    before = net.state()
    run = SlicedRun(net, np.full_like(X, np.nan), Y)
    with pytest.raises(Diverged, match="x holds NaN or infinity"):
        exhausted(run.update(np.arange(5), {"epoch": 1, "step": 1}))
    for name, value in net.state().items():
        np.testing.assert_array_equal(value, before[name])


def test_validation_is_the_mean_over_all():
    net = network()
    (loss, accuracy, guesses), _breaks = exhausted(SlicedRun(net, X, Y).validate(X, Y))
    logits = net(X).astype(float)
    wanted = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(40), Y]
    assert loss == pytest.approx(wanted.mean(), rel=1e-5)
    np.testing.assert_array_equal(guesses, logits.argmax(axis=1))
    assert accuracy == (guesses == Y).mean()


def test_a_rehearsal_leaves_the_network_as_it_is():
    net = network()
    before = net.state()
    rehearse(net, X, Y)
    for name, value in net.state().items():
        np.testing.assert_array_equal(value, before[name])


def test_steps_are_counted_and_settings_asked_for():
    asked = []

    def ask():
        asked.append(1)
        return SETTINGS, 2, 0

    steps = [s for s in lessons(SlicedRun(network(), X, Y), ask, (X, Y), {1: None}) if s]
    assert [s.step for s in steps] == list(range(9))
    assert [s.seen for s in steps] == [10 * i for i in range(9)]
    assert len(asked) == 9
    assert math.isnan(steps[0].loss)
    assert all(s.guesses is not None for s in (steps[0], steps[-1]))


@pytest.mark.parametrize("kind", training_run.OPTIMIZERS)
def test_optimisers_are_the_librarys(kind):
    made = optimizer_of(kind, network(), 0.25)
    assert made.lr == 0.25
    assert type(made).__name__.lower() == kind.replace("momentum", "sgd")
    assert getattr(made, "momentum", 0.0) == (0.9 if kind == "momentum" else 0.0)


def test_weights_are_kept_of_what_is_looked_into():
    rng = np.random.default_rng(0)
    layers = [Conv2d(1, 2, 3, rng=rng), ReLU(), Flatten(), Dense(72, 50, rng=rng)]
    found = kept_weights(layers, {0: None, 3: None})
    assert set(found) == {0, 3}
    np.testing.assert_array_equal(found[0]["weight"], layers[0].weight.value)
    np.testing.assert_array_equal(found[3], layers[3].weight.value[:, :32])
    layers[3].weight.value[:] = 0
    assert found[3].any()
    inner = Sequential(Flatten(), Sequential(ReLU()))
    assert [type(layer).__name__ for layer in flat(inner)] == ["Flatten", "ReLU"]


def made_step(i, **options):
    return Step(step=i, seen=10 * i, loss=float(i), accuracy=0.5, settings=SETTINGS, **options)


def test_thinning_keeps_what_matters():
    record = [made_step(i) for i in range(10)]
    record[3].weights, record[5].guesses = {}, np.zeros(1)
    assert [s.step for s in thinned(record)] == [0, 2, 3, 4, 5, 6, 8, 9]


def test_curves_are_means_of_neighbours(monkeypatch):
    monkeypatch.setattr(training_run, "POINTS", 4)
    record = [made_step(i) for i in range(9)]
    record[0].held_back_loss, record[0].held_back_accuracy = 3.0, 0.25
    record[0].guesses = np.zeros(1)
    record[6].settings = Settings(rate=0.1, batch=20, optimizer="sgd")
    found = curves(record, 40)
    assert found["loss"] == [1.5, 3.5, 5.5, 7.5]
    assert found["steps"] == [1.5, 3.5, 5.5, 7.5]
    assert found["epochs"] == [0.375, 0.875, 1.375, 1.875]
    assert found["checked loss"] == [3.0]
    assert found["changed steps"] == [5.0, 6.0]
    assert curves(record[:1], 40)["loss"] == []
