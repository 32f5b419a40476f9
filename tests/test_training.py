"""Training: what each step reports, how it stops, goes on, and what it refuses."""

import builtins
import math
import sys

import numpy as np
import pytest

import dlnotes.evaluation
from dlnotes import (
    CrossEntropy,
    Diverged,
    Huber,
    MeanSquaredError,
    Progress,
    accuracy,
    evaluating,
    optim,
    predict,
    progress,
    train,
)
from dlnotes.layers import BatchNorm, Dense, Dropout, Layer, Parameter, ReLU, Sequential


def classifier(seed=0, chance=None):
    rng = np.random.default_rng(seed)
    return Sequential(
        Dense(2, 8, rng=rng),
        BatchNorm(8),
        ReLU(),
        Dropout(0.2, rng=chance or rng),
        Dense(8, 3, rng=rng),
    )


def line(seed=0):
    return Sequential(Dense(1, 1, rng=np.random.default_rng(seed)))


def three_clouds(n=50, seed=1):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    centres = np.array([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]])
    return (centres[labels] + 0.3 * rng.normal(size=(n, 2))).astype(np.float32), labels


X, Y = three_clouds()
XS = np.linspace(-1, 1, 10)[:, None]


def run(net, optimizer, **options):
    settings = {"loss": CrossEntropy(), "epochs": 3, "batch_size": 16} | options
    settings.setdefault("rng", np.random.default_rng(5))
    return train(net, X, Y, optimizer=optimizer, **settings)


def fit(x, y, net, **options):
    settings = {"loss": MeanSquaredError(), "epochs": 2, "batch_size": 4} | options
    settings.setdefault("optimizer", optim.SGD(net.parameters(), 0.1))
    return train(net, x, y, rng=np.random.default_rng(0), **settings)


def weights(net):
    return {name: value.tolist() for name, value in net.state().items()}


def test_every_step_is_reported():
    net = classifier()
    steps = list(run(net, optim.SGD(net.parameters(), 0.1), validation=(X, Y)))
    assert [s.step for s in steps] == list(range(1, 13))
    assert [s.epoch for s in steps] == [1] * 4 + [2] * 4 + [3] * 4
    assert {(s.steps, s.epochs) for s in steps} == {(12, 3)}
    assert all(math.isfinite(s.loss) and 0 <= s.accuracy <= 1 for s in steps)
    with_validation = [s.step for s in steps if s.validation_loss is not None]
    assert (
        with_validation
        == [s.step for s in steps if s.validation_accuracy is not None]
        == [4, 8, 12]
    )
    seconds = [s.seconds for s in steps]
    assert seconds == sorted(seconds)
    assert seconds[0] > 0
    assert all(s.seconds_left > 0 for s in steps[:-1])
    assert steps[-1].seconds_left == 0


def test_it_learns():
    net = classifier()
    for _step in run(net, optim.Adam(net.parameters(), 0.02), epochs=40):
        pass
    assert accuracy(net, X, Y) == 1.0
    assert accuracy(net, *three_clouds(seed=9), batch_size=7) > 0.95


def test_it_fits_a_line():
    net = line()
    *_, last = fit(XS, 3 * XS - 1, net, epochs=100, loss=Huber(), validation=(XS, 3 * XS - 1))
    assert net[0].weight.value[0, 0] == pytest.approx(3, abs=1e-2)
    assert net[0].bias.value[0] == pytest.approx(-1, abs=1e-2)
    assert last.accuracy is None
    assert last.validation_accuracy is None
    assert last.validation_loss < 1e-4


def test_loss_and_accuracy_are_those_before_the_update():
    net = line()
    with evaluating(net):
        wanted = MeanSquaredError()(net(XS), XS)
    first = next(fit(XS, XS, net, batch_size=100))
    assert first.loss == pytest.approx(wanted)
    assert first.steps == 2


def test_every_example_is_used_once_an_epoch():
    class Recorder(Layer):
        def __init__(self):
            self.scale = Parameter([1.0])
            self.seen = []

        def forward(self, x):
            self.seen.append(x[:, 0].tolist())
            return x

        def backward(self, dy):
            return dy

    net = Recorder()
    numbers = np.arange(10.0)[:, None]
    list(fit(numbers, numbers, net))
    assert [len(batch) for batch in net.seen] == [4, 4, 2, 4, 4, 2]
    first, second = sum(net.seen[:3], []), sum(net.seen[3:], [])
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second != sorted(second)


def test_the_same_generator_trains_the_same_weights():
    def trained(seed):
        net = classifier()
        list(run(net, optim.SGD(net.parameters(), 0.1), rng=np.random.default_rng(seed)))
        return weights(net)

    assert trained(5) == trained(5)
    assert trained(5) != trained(6)


def test_validation_is_weighted_by_batch_size_and_changes_nothing(monkeypatch):
    monkeypatch.setattr(dlnotes.evaluation, "EVALUATION_BATCH", 7)
    with_it, without = classifier(), classifier()
    *_, last = run(with_it, optim.SGD(with_it.parameters(), 0.1), validation=[X, Y])
    list(run(without, optim.SGD(without.parameters(), 0.1)))
    assert weights(with_it) == weights(without)
    with evaluating(with_it):
        assert last.validation_loss == pytest.approx(CrossEntropy()(with_it(X), Y), rel=1e-6)
    assert last.validation_accuracy == pytest.approx(accuracy(with_it, X, Y))


def test_the_loop_may_stop_and_change_the_learning_rate():
    net = line()
    optimizer = optim.SGD(net.parameters(), 0.1)
    steps = fit(XS, XS, net, optimizer=optimizer)
    next(steps)
    before = weights(net)
    optimizer.lr = 0
    next(steps)
    assert weights(net) == before
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_a_part_may_stay_as_it_is():
    net = classifier()
    before = net[0].state()
    list(run(net, optim.SGD(net[4].parameters(), 0.1)))
    assert np.array_equal(net[0].weight.value, before["weight"])


def test_a_net_left_evaluating_is_trained_and_left_as_it_was():
    usual, left = classifier(), classifier()
    left.training = False
    for net in (usual, left):
        list(run(net, optim.SGD(net.parameters(), 0.1)))
    assert weights(usual) == weights(left)
    assert not left.training
    assert not left[3].training


def test_a_frozen_batch_norm_keeps_its_means():
    net = classifier()
    net[1].training = False
    list(run(net, optim.SGD(net.parameters(), 0.1), validation=(X, Y)))
    assert (net[1].running_mean == 0).all()
    assert not net[1].training
    assert net[3].training


@pytest.mark.parametrize("stop", [2, 4, 5, 8])
def test_resuming_gives_the_same_weights_bit_by_bit(stop):
    def start():
        rng = np.random.default_rng(5)
        net = classifier(chance=rng)
        return net, optim.Adam(net.parameters(), 0.01), rng

    net, optimizer, rng = start()
    list(run(net, optimizer, rng=rng))
    straight = weights(net)

    net, optimizer, rng = start()
    for step in run(net, optimizer, rng=rng):
        if step.step == stop:
            break
    rest = list(run(net, optimizer, rng=rng, resume=step))
    assert [s.step for s in rest] == list(range(stop + 1, 13))
    assert rest[0].seconds > step.seconds
    assert weights(net) == straight


def test_resuming_may_add_epochs():
    net = line()
    *_, last = fit(XS, XS, net)
    assert len(list(fit(XS, XS, net, epochs=4, resume=last))) == 6
    assert list(fit(XS, XS, net, resume=last)) == []


def test_divergence_stops_with_advice_and_the_last_finite_weights():
    net = line()
    optimizer = optim.SGD(net.parameters(), 1e6)
    advice = "learning rate was 1e.06; try a smaller one, such as 100000"
    seen = [weights(net)]
    steps = fit(100 * XS, XS, net, optimizer=optimizer, epochs=1000)
    with pytest.raises(Diverged, match=advice) as caught:
        seen.extend(weights(net) for _step in steps)
    assert weights(net) == seen[-1]
    assert len(seen) == caught.value.step > 1
    assert all(np.isfinite(value).all() for value in net.state().values())
    assert caught.value.lr == 1e6
    assert f"epoch {caught.value.epoch}, step {caught.value.step}" in str(caught.value)


def test_an_infinite_loss_puts_running_means_back():
    net = Sequential(BatchNorm(1), Dense(1, 1, rng=np.random.default_rng(0)))
    net[1].weight.value[...] = 3e38
    xs = np.array([[1.0], [2.0], [9.0]])
    with pytest.raises(Diverged, match="epoch 1, step 1: the loss became"):
        list(fit(xs, xs, net))
    assert (net[0].running_mean == 0).all()
    assert (net[0].running_var == 1).all()


def test_weights_that_grow_beyond_all_bounds_are_put_back():
    net = line()
    before = weights(net)
    with pytest.raises(Diverged, match="the weights grew beyond all bounds"):
        list(fit(1e3 * XS, XS, net, optimizer=optim.SGD(net.parameters(), 1e300)))
    assert weights(net) == before


def test_a_finite_sum_is_not_needed():
    net = Sequential(Dense(2, 1, rng=np.random.default_rng(0)))
    net[0].weight.value[...] = 3e38  # finite, but not their sum
    zeros = np.zeros((4, 2))
    assert len(list(fit(zeros, zeros[:, :1], net))) == 2


def test_an_infinite_validation_loss_stops():
    net = line()
    with pytest.raises(Diverged, match="the validation loss became inf"):
        list(fit(XS, XS, net, validation=(np.full((2, 1), 3e38), np.full((2, 1), -1e300))))


@pytest.mark.parametrize(("x", "y", "which"), [(XS * np.nan, XS, "x"), (XS, XS * np.inf, "y")])
def test_data_that_are_not_finite_are_named(x, y, which):
    with pytest.raises(Diverged, match=f"{which} holds NaN or infinity"):
        list(fit(x, y, line()))


def test_evaluating_restores_each_layer_also_nested_and_after_errors():
    net = classifier()
    net[1].training = False
    modes = [layer.training for layer in net]
    with evaluating(net) as same:
        assert same is net
        assert not any(layer.training for layer in (net, *net))
        with evaluating(net):
            pass
        assert not net[3].training
    assert [layer.training for layer in net] == modes
    with pytest.raises(ValueError, match="Dense: x has shape"), evaluating(net):
        net(XS)
    assert [layer.training for layer in net] == modes
    assert net.training


def test_predict_is_the_net_while_evaluating():
    net = classifier()
    with evaluating(net):
        wanted = net(X)
    np.testing.assert_allclose(predict(net, X, batch_size=7), wanted, rtol=1e-5, atol=1e-6)
    assert net.training


GOOD = {"loss": MeanSquaredError(), "epochs": 1, "batch_size": 2}
OTHER = {"epoch": 2, "step": 1, "loss": 0.5}
BAD = [
    (
        {"x": np.zeros((0, 1)), "y": np.zeros((0, 1))},
        ValueError,
        r"x has shape \(0, 1\)",
    ),
    ({"x": 3.0}, ValueError, r"x has shape \(\)"),
    ({"x": XS.astype(object)}, TypeError, "x has dtype object"),
    ({"x": np.ma.masked_array(XS)}, TypeError, "x is a masked array"),
    ({"y": XS[:9]}, ValueError, r"y has shape \(9, 1\), wanted \(10, …\)"),
    ({"y": 1.0}, ValueError, r"y has shape \(\)"),
    ({"y": None}, TypeError, "y has dtype object"),
    ({"loss": None}, TypeError, "loss is None"),
    ({"loss": MeanSquaredError}, TypeError, "loss is <class"),
    ({"loss": abs}, TypeError, "loss is <built-in"),
    ({"loss": CrossEntropy(), "y": np.eye(10, dtype=int)}, ValueError, r"y has shape \(10, 10\)"),
    ({"loss": CrossEntropy(), "y": np.zeros(10)}, TypeError, "y has dtype float64"),
    ({"loss": CrossEntropy(), "y": np.full(10, -1)}, ValueError, "y holds the label -1"),
    ({"optimizer": None}, TypeError, "optimizer is None"),
    ({"optimizer": optim.SGD}, TypeError, "optimizer is <class"),
    ({"optimizer": optim.SGD(line().parameters(), 0.1)}, ValueError, "parameters of another net"),
    ({"epochs": 0}, ValueError, "epochs is 0"),
    ({"epochs": 1.5}, ValueError, "epochs is 1.5"),
    ({"batch_size": 0}, ValueError, "batch_size is 0"),
    ({"batch_size": None}, ValueError, "batch_size is None"),
    ({"rng": 0}, TypeError, "rng is 0"),
    ({"rng": None}, TypeError, "rng is None"),
    ({"validation": XS}, TypeError, "validation is of type ndarray"),
    ({"validation": (XS,)}, TypeError, "validation is of type tuple"),
    ({"validation": (XS, XS[:3])}, ValueError, "validation y has shape"),
    ({"validation": (XS[:0], XS[:0])}, ValueError, "validation x has shape"),
    ({"net": lambda x: x}, TypeError, "net is <function"),
    ({"net": [Dense]}, TypeError, "net is "),
    ({"resume": 3}, TypeError, "resume is 3"),
    (
        {"resume": Progress(epoch=1, epochs=1, step=1, steps=3, loss=0.0)},
        ValueError,
        "has 3 steps in 1",
    ),
    (
        {"resume": Progress(epoch=2, epochs=2, step=9, steps=10, loss=0.0)},
        ValueError,
        "wanted at least 2",
    ),
]


@pytest.mark.parametrize(("change", "error", "message"), BAD)
def test_bad_arguments_are_refused_before_the_first_step(change, error, message):
    net = line()
    arguments = {
        **GOOD,
        "net": net,
        "x": XS,
        "y": XS,
        "optimizer": optim.SGD(net.parameters(), 0.1),
        "rng": np.random.default_rng(0),
    } | change
    with pytest.raises(error, match=f"train: .*{message}"):
        train(arguments.pop("net"), arguments.pop("x"), arguments.pop("y"), **arguments)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: predict(None, XS), TypeError, "predict: net is None"),
        (lambda: predict(line(), XS[:0]), ValueError, "predict: x has shape"),
        (lambda: predict(line(), 1.0), ValueError, "predict: x has shape"),
        (lambda: predict(line(), "text"), TypeError, "predict: x has dtype"),
        (lambda: predict(line(), XS, batch_size=0), ValueError, "predict: batch_size is 0"),
        (lambda: predict(line(), X), ValueError, "Dense: x has shape"),
        (lambda: accuracy(3, XS, Y), TypeError, "accuracy: net is 3"),
        (lambda: accuracy(classifier(), X, Y[:4]), ValueError, r"accuracy: y has shape \(4,\)"),
        (lambda: accuracy(classifier(), X, Y * 1.0), TypeError, "accuracy: y has dtype"),
        (lambda: accuracy(classifier(), X[:0], Y[:0]), ValueError, "accuracy: x has shape"),
        (lambda: accuracy(classifier(), X, Y, batch_size=-1), ValueError, "accuracy: batch_size"),
        (
            lambda: accuracy(Sequential(ReLU()), Y, Y),
            ValueError,
            r"accuracy: net gave shape \(50,\)",
        ),
        (lambda: evaluating("net").__enter__(), TypeError, "evaluating: net is 'net'"),
        (lambda: progress(3), TypeError, "progress: training is 3"),
    ],
)
def test_bad_arguments_elsewhere(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_the_bar_hands_the_steps_on(capsys):
    net = classifier()
    steps = list(progress(run(net, optim.SGD(net.parameters(), 0.1), validation=(X, Y))))
    assert [s.step for s in steps] == list(range(1, 13))
    shown = capsys.readouterr().err
    assert "12/12" in shown
    assert "epoch 3/3, loss " in shown
    assert "validation accuracy" in shown


def test_the_bar_of_a_line_and_of_nothing(capsys):
    net = line()
    list(progress(fit(XS, XS, net)))
    shown = capsys.readouterr().err
    assert "loss" in shown
    assert "accuracy" not in shown
    assert list(progress([])) == []
    assert capsys.readouterr().err == ""


def test_closing_the_bar_stops_training(capsys):
    net = line()
    steps = fit(XS, XS, net)
    shown = progress(steps)
    next(shown)
    shown.close()
    assert list(steps) == []
    assert "1/6" in capsys.readouterr().err


def test_the_bar_without_ipywidgets_in_a_notebook_stays_silent(monkeypatch, capsys):
    class Kernel:
        config = {"IPKernelApp": {}}

    class Shell:
        get_ipython = staticmethod(lambda: Kernel)

    real_import = builtins.__import__

    def without_widgets(name, *arguments, **named):
        if name.split(".")[0] == "ipywidgets":
            raise ImportError(name)
        return real_import(name, *arguments, **named)

    for name in [name for name in sys.modules if name.startswith("tqdm.") and "std" not in name]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.split(".")[0] == "ipywidgets"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "IPython", Shell)
    monkeypatch.setattr(builtins, "__import__", without_widgets)
    assert len(list(progress(fit(XS, XS, line())))) == 6
    assert "6/6" in capsys.readouterr().err
