"""A monitor trains as the library does, a slice at a time, and remembers every step."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import traitlets
from driver import Page, check_frame, move_everything

from dlnotes import data
from dlnotes.layers import (
    BatchNorm,
    Conv2d,
    Dense,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ReLU,
    Sequential,
)
from dlnotes.losses import CrossEntropy
from dlnotes.optim import Adam
from dlnotes.training import train
from dlnotes.widgets import training_monitor, training_run
from dlnotes.widgets.training_monitor import TrainingMonitor

X, Y = (array[:60] for array in data.digits(size=8))


def dense(hidden=4, seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(Flatten(), Dense(64, hidden, rng=rng), ReLU(), Dense(hidden, 10, rng=rng))


def convolutional(seed=0):
    rng = np.random.default_rng(seed)
    first = Sequential(Conv2d(1, 2, 3, padding="same", rng=rng), BatchNorm(2), ReLU())
    second = Conv2d(2, 3, 3, rng=rng)
    return Sequential(first, MaxPool2d(2), second, ReLU(), Flatten(), Dense(12, 10, rng=rng))


def monitor(net=None, **options):
    given = {"batch": 8, "epochs": 2} | options
    return TrainingMonitor(net or dense(), X, Y, **given)


def words(explorer):
    return "|".join(ElementTree.fromstring(explorer.svg()).itertext())


# The run


def test_it_learns_what_the_library_learns():
    """With one batch an epoch, so that both see the same examples in each step."""
    ours, theirs = dense(), dense()
    validation = X[:10], Y[:10]
    watched = TrainingMonitor(ours, X, Y, validation=validation, batch=60, epochs=3, rate=0.01)
    watched.go()
    optimizer = Adam(theirs.parameters(), 0.01)
    options = {"loss": CrossEntropy(), "optimizer": optimizer, "epochs": 3, "batch_size": 60}
    steps = list(
        train(theirs, X, Y, rng=np.random.default_rng(0), validation=validation, **options)
    )
    for mine, wanted in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(mine.value, wanted.value, atol=1e-5)
    record = watched.record[1:]
    assert [s.loss for s in record] == pytest.approx([s.loss for s in steps], rel=1e-5)
    assert [s.accuracy for s in record] == pytest.approx([s.accuracy for s in steps])
    assert record[-1].held_back_loss == pytest.approx(steps[-1].validation_loss, rel=1e-5)
    assert record[-1].held_back_accuracy == steps[-1].validation_accuracy


def test_a_large_batch_is_worked_on_in_parts(monkeypatch):
    whole, parts = dense(), dense()
    TrainingMonitor(whole, X, Y, batch=50, epochs=1).go()
    monkeypatch.setattr(training_run, "CHUNK", 7)
    in_parts = TrainingMonitor(parts, X, Y, batch=50, epochs=1)
    slices = list(in_parts.going())
    assert slices.count(None) >= 7  # more where the machine is busy
    for one, other in zip(whole.parameters(), parts.parameters(), strict=True):
        np.testing.assert_allclose(one.value, other.value, atol=1e-6)


def test_reading_what_is_held_back_takes_breaks(monkeypatch):
    monkeypatch.setattr(training_run, "CHUNK", 2)
    monkeypatch.setattr(training_run, "SLICE", -1.0)
    watched = monitor(epochs=1, batch=50)
    assert list(watched.going()).count(None) > 8
    assert watched.record[-1] is watched.record[0]  # `going` was not the monitor's own


def test_every_example_is_seen_once_an_epoch():
    watched = monitor(batch=7, epochs=2)
    watched.go()
    n = len(watched.x)
    assert watched.record[-1].seen == 2 * n
    assert [step.seen for step in watched.record if step.seen % n == 0] == [0, n, 2 * n]
    assert watched.ended


def test_settings_act_while_it_runs():
    watched = monitor(optimizer="sgd", rate=0.5)
    watched.go(2)
    watched.update(batch=16, rate=0.25)
    watched.go(1)
    assert watched.record[-1].seen - watched.record[-2].seen == 16
    assert watched.record[-1].settings.rate == 0.25
    before = [parameter.value.copy() for parameter in watched.net.parameters()]
    page = Page(watched)
    page.set("optimizer", "momentum")
    assert watched.rate == pytest.approx(0.02)
    watched.rate = 0.0001
    watched.go(1)
    moved = max(
        np.abs(a.value - b).max() for a, b in zip(watched.net.parameters(), before, strict=True)
    )
    assert 0 < moved < 0.001
    assert len(watched.run["changed steps"]) == 2
    assert "settings changed" in words(watched)


@pytest.mark.parametrize("kind", training_run.OPTIMIZERS)
def test_every_optimiser_learns(kind):
    rate = training_run.GOOD_RATE[kind]
    watched = monitor(dense(16), epochs=12, optimizer=kind, rate=5 * min(rate, 0.02))
    watched.go()
    losses = [step.loss for step in watched.record[1:]]
    assert np.mean(losses[-6:]) < np.mean(losses[:6])


def test_start_again_puts_the_first_weights_back():
    net = dense()
    before = net.state()
    watched = monitor(net)
    watched.go(5)
    first = [step.loss for step in watched.record[1:]]
    watched.press("again")
    for name, value in net.state().items():
        np.testing.assert_array_equal(value, before[name])
    assert len(watched.record) == 1
    watched.go(5)
    assert [step.loss for step in watched.record[1:]] == pytest.approx(first)
    assert watched.net is net


def test_a_second_monitor_of_a_network_pauses_the_first():
    net = dense()
    first = monitor(net)
    Page(first).press("play")
    assert first.running
    other = monitor(dense())
    assert first.running
    Page(other).press("play")
    monitor(net)
    assert not first.running
    assert other.running


def test_a_rate_that_is_too_high_is_said_in_words():
    watched = monitor(optimizer="sgd", rate=10.0, epochs=30)
    watched.x[:] *= 1e20
    page = Page(watched)
    page.press("play")
    frame = page.send(do="tick")
    while frame["running"]:
        frame = page.send(do="tick")
    assert "training diverged" in frame["error"]["sentence"]
    assert all(np.isfinite(p.value).all() for p in watched.net.parameters())
    assert page.press("again")["error"] is None


def test_a_rate_that_unteaches_is_said(monkeypatch):
    watched = monitor(dense(hidden=20), rate=0.01)
    watched.go()
    assert "before learning" not in watched._frame["says"]
    watched = monitor(dense(hidden=20), optimizer="sgd", rate=10.0)
    watched.go()
    assert "higher than before learning: lower the learning rate" in watched._frame["says"]
    first, last = (watched.compute(**watched.values)["run"]["checked loss"][at] for at in (0, -1))
    monkeypatch.setattr(training_monitor, "WORSE", 1.01 * last / first)
    assert "before learning" not in watched.say(watched.compute(**watched.values))
    watched.shown = 0
    assert "before learning" not in watched._frame["says"]


def test_weights_beyond_bounds_are_said():
    watched = monitor(optimizer="sgd", rate=10.0)
    watched.x[:] *= np.float32(1e38)
    with pytest.raises(ValueError, match="diverged"):
        watched.go()


def test_the_record_stays_short(monkeypatch):
    monkeypatch.setattr("dlnotes.widgets.training_monitor.MOST_STEPS", 40)
    watched = monitor(batch=1, epochs=3)
    watched.go()
    assert len(watched.record) <= 3 * training_run.CHECKS + training_run.VIEWS + 41
    assert watched.record[0].step == 0
    assert watched.record[-1].step == 150
    assert watched.shown == len(watched.record) - 1
    check_frame(watched, watched._frame)


def test_weights_are_kept_now_and_then(monkeypatch):
    monkeypatch.setattr(training_run, "VIEWS", 4)
    watched = monitor(batch=1, epochs=1)
    watched.go()
    kept = [step.step for step in watched.record if step.weights is not None]
    assert kept[0] == 0
    assert kept[-1] == watched.record[-1].step
    assert len(kept) <= 6


# What is shown


@pytest.mark.parametrize("make", [dense, convolutional])
def test_everything_can_be_moved(make):
    watched = monitor(make(), batch=32, epochs=1)
    assert move_everything(watched, np.random.default_rng(0)) > 30
    watched.go()
    watched.pick("confusion", x=0.5, y=0.5)
    assert move_everything(watched, np.random.default_rng(0)) > 30


def test_the_confusion_matrix_counts_the_examples_held_back():
    watched = monitor()
    assert "They are read next." in words(watched)
    watched.go(3)
    result = watched.compute(**watched.values)
    truth = watched.held_out[1]
    assert result["confusion"].sum() == len(truth) == 10
    np.testing.assert_array_equal(result["confusion"].sum(axis=1), np.bincount(truth, minlength=10))
    assert result["accuracy"] == result["confusion"].trace() / len(truth)


def test_a_cell_shows_its_pictures():
    watched = monitor(dense(32), optimizer="adam", rate=0.01, epochs=20)
    watched.go()
    page = Page(watched)
    truth, guesses = watched.held_out[1], watched.record[-1].guesses
    digit = int(truth[np.flatnonzero(truth == guesses)[0]])
    page.pick("confusion", "click", x=digit + 0.5, y=digit + 0.5)
    assert watched.cell == [digit, digit]
    result = watched.compute(**watched.values)
    right = (truth == digit) & (guesses == digit)
    np.testing.assert_array_equal(result["cases"], watched.held_out[0][right][:, 0])
    said = f"{digit} read rightly: {right.sum()} of {(truth == digit).sum()}."
    assert said in words(watched)
    for key, wanted in (
        ("ArrowDown", [min(digit + 1, 9), digit]),
        ("ArrowLeft", [min(digit + 1, 9), max(digit - 1, 0)]),
    ):
        page.pick("confusion", "key", key=key)
        assert watched.cell == wanted
    page.pick("confusion", "click", x=99, y=-3)
    assert watched.cell == [0, 9]
    page.pick("confusion", "hover", x=1, y=1)
    page.pick("elsewhere", "click", x=1, y=1)
    assert watched.cell == [0, 9]
    assert "0 taken for 9: " in words(watched)


def test_the_scrubber_shows_the_past():
    watched = monitor(convolutional(), epochs=3)
    watched.go()
    assert watched.shown == len(watched.record) - 1
    now = watched.svg()
    watched.shown = 0
    assert watched._frame["says"] == "Nothing learned yet. 10 examples are held back to judge by."
    assert repr(watched) == "TrainingMonitor(step=0)"
    first = watched.compute(**watched.values)
    initial = watched.initial["0.0.weight"]
    np.testing.assert_array_equal(first["layer"]["weights"], initial)
    watched.shown = len(watched.record) - 1
    assert watched.svg() == now


def test_maps_are_those_of_the_network():
    net = convolutional()
    watched = monitor(net)
    watched.go()
    picture = watched.held_out[0][3:4]
    net.training = False
    trace = net.trace(picture)
    watched.update(layer="0", example=3)
    look = watched.compute(**watched.values)["layer"]
    np.testing.assert_allclose(look["maps"], net[0][0](picture)[0], atol=1e-6)
    watched.layer = "4"
    look = watched.compute(**watched.values)["layer"]
    np.testing.assert_allclose(look["maps"], trace[2][0], atol=1e-5)
    watched.layer = "7"
    assert watched._controls.keys() >= {"layer"}
    assert "example" not in watched._controls
    check_frame(watched, watched._frame)


def test_layers_see_images_or_numbers():
    rng = np.random.default_rng(0)
    layers = training_run.flat(convolutional())
    found = training_run.pictured(layers, (1, 8, 8))
    assert found == {0: (1, 8, 8), 4: (2, 4, 4), 7: (3, 2, 2)}
    plain = [Dense(64, 9, rng=rng), ReLU(), Dense(9, 3, rng=rng)]
    assert training_run.pictured(plain, (64,)) == {0: (1, 8, 8), 2: None}
    assert training_run.pictured([Dense(63, 9, rng=rng)], (63,)) == {0: None}
    pooled = [GlobalAvgPool2d(), Dense(3, 2, rng=rng)]
    assert training_run.pictured(pooled, (3, 4, 4)) == {1: None}


def test_plain_numbers_are_learned_too():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((30, 3)), rng.integers(0, 2, 30)
    net = Sequential(Dense(3, 5, rng=rng), ReLU(), Dense(5, 2, rng=rng))
    watched = TrainingMonitor(net, x, y, labels=["cat", "dog"], epochs=1, batch=5)
    watched.go()
    watched.pick("confusion", x=0.5, y=1.5)
    check_frame(watched, watched._frame)
    assert "dog taken for cat" in words(watched)
    square = Sequential(Dense(9, 2, rng=rng))
    watched = TrainingMonitor(square, rng.standard_normal((30, 9)), y, epochs=1, batch=5)
    watched.go()
    watched.pick("confusion", x=0.5, y=0.5)
    assert watched.compute(**watched.values)["cases"].shape[1:] == (3, 3)


@pytest.mark.parametrize("across", ["epochs", "steps", "seconds"])
def test_a_kept_run_lies_under_the_next(across):
    first = monitor(name="narrow", across=across)
    page = Page(first)
    assert first._controls["keep"]["disabled"] == "Train first."
    page.press("keep")
    assert first.kept == []
    first.go()
    page.press("keep")
    assert first._controls["keep"]["disabled"] == ""
    page.press("again")
    assert [kept["name"] for kept in first.kept] == ["narrow 1: Adam, 0.001"]
    assert "narrow 1: Adam, 0.001" in words(first)
    second = monitor(dense(8), name="wide", kept=[first.run, *first.kept])
    second.go()
    check_frame(second, second._frame)
    assert "narrow 1" in words(second)
    for _time in range(6):
        second.press("keep")
    assert len(second.kept) == 4
    Page(second).press("forget")
    assert second.kept == []
    assert second._controls["forget"]["disabled"]


def test_a_figure_for_a_report():
    watched = monitor(name="wide")
    watched.go()
    watched.press("keep")
    axes = watched.figure().axes[0]
    assert [line.get_label() for line in axes.lines] == ["wide 1: Adam, 0.001", "wide"]
    assert axes.lines[1].get_ydata()[-1] == watched.record[-1].held_back_accuracy


def test_time_left_is_said_while_there_is_some():
    watched = monitor()
    watched.go(3)
    assert re.search(r"About \d+ s of work left\.$", watched._frame["says"])
    assert "step 3: loss" in watched._frame["says"]
    watched.go()
    assert "left" not in watched._frame["says"]
    assert watched._frame["says"].startswith("Epoch 2 of 2, step 14")
    assert re.fullmatch(
        r"TrainingMonitor\(step=14, loss=[\d.]+, held_back_accuracy=[\d.]+\)", repr(watched)
    )


def test_traits_can_be_linked():
    one, other = monitor(), monitor(dense())
    traitlets.link((one, "cell"), (other, "cell"))
    one.pick("confusion", x=3.5, y=2.5)
    assert other.cell == [2, 3]


# What does not fit


def test_what_does_not_fit_is_refused_by_name():
    with pytest.raises(TypeError, match="net is 'net', wanted a Sequential"):
        TrainingMonitor("net", X, Y)
    with pytest.raises(ValueError, match="y has shape"):
        TrainingMonitor(dense(), X, Y[:3])
    with pytest.raises(ValueError, match=r"wanted \(n, 13\) or more for the classes 0 to 12"):
        TrainingMonitor(dense(), X, Y + 3)
    with pytest.raises(ValueError, match="wanted 10"):
        TrainingMonitor(dense(), X, Y, labels=["one"])
    with pytest.raises(ValueError, match="no example is held back"):
        TrainingMonitor(dense(), X[:2], Y[:2])
    with pytest.raises(ValueError, match="validation x has shape"):
        TrainingMonitor(dense(), X, Y, validation=(X[:0], Y[:0]))
