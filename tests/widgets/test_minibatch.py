"""The runs of the dial are plain SGD on all examples, and are kept as they went."""

import json
import math

import numpy as np
import pytest

from dlnotes import data
from dlnotes.layers import Dense, Flatten, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.training import Diverged
from dlnotes.widgets.minibatch import KEPT_POINTS, Moment, kept, training


def first(count, **options):
    given = {"examples": 12, "hidden": 3, "batch": 4, "rate": 0.1, "budget": lambda: 1e9}
    going = training(**(given | options))
    return [next(going) for _ in range(count)]


def weights_of_all_runs():
    rng = np.random.default_rng(1)
    return Sequential(Flatten(), Dense(784, 3, rng=rng), ReLU(), Dense(3, 10, rng=rng)), rng


def test_a_run_begins_before_its_first_step():
    net, _rng = weights_of_all_runs()
    x, y = data.strokes(12, rng=np.random.default_rng(0))
    moment = first(1)[0]
    assert (moment.step, moment.seconds, moment.batch, moment.rate) == (0, 0.0, 4, 0.1)
    assert moment.loss == pytest.approx(CrossEntropy()(net(x), y))
    assert moment.accuracy == pytest.approx((net(x).argmax(axis=1) == y).mean())


def test_the_whole_batch_is_gradient_descent():
    net, _rng = weights_of_all_runs()
    x, y = data.strokes(12, rng=np.random.default_rng(0))
    loss = CrossEntropy()
    for moment in first(4, batch=12):
        assert moment.loss == pytest.approx(loss(net(x), y), rel=1e-4)
        net.backward(loss.backward())
        for parameter in net.parameters():
            parameter.value = parameter.value - np.float32(0.1) * parameter.grad


def test_moments_come_after_every_step_and_then_wider_apart():
    moments = first(60)
    steps = np.array([moment.step for moment in moments])
    apart = np.diff(steps)
    assert apart[:19].tolist() == [1] * 19
    assert apart[-1] > 1
    assert (np.diff([moment.seconds for moment in moments]) > 0).all()


def test_it_ends_with_its_budget():
    assert len(list(training(6, 2, 6, 0.1, lambda: 0.0))) == 1
    moments = list(training(6, 2, 6, 0.1, lambda: 0.02))
    assert moments[-2].seconds < 0.02 <= moments[-1].seconds


def test_too_high_a_rate_is_advised_against():
    with pytest.raises(Diverged, match="try a smaller one"):
        first(400, batch=1, rate=1e20)


@pytest.mark.parametrize("length", [1, 5, 400])
def test_a_run_is_kept_small(length):
    moments = [Moment(8, 0.1, 3 * i, 0.5 * i, 1 / (1 + i), 0.5) for i in range(length)]
    run = kept(moments, 2, 100)
    assert json.loads(json.dumps(run)) == run
    assert len(run["steps"]) == len(run["seconds"]) == len(run["losses"]) <= KEPT_POINTS
    assert (run["steps"][0], run["steps"][-1]) == (0, moments[-1].step)
    assert run["epochs"] == moments[-1].step / math.ceil(100 / 8)
    assert (run["batch"], run["rate"], run["number"], run["accuracy"]) == (8, 0.1, 2, 0.5)
