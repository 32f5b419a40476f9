"""The optimisers walk PyTorch's path, keep their state, and refuse what they cannot use."""

import copy
import importlib.util
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from dlnotes import optim, schedule
from dlnotes.layers import Dense, Sequential
from dlnotes.layers.layer import Parameter

DATA = Path(__file__).parent / "data"
RECORD = json.loads((DATA / "optimizers.json").read_text())
specification = importlib.util.spec_from_file_location("record_optimizers", DATA / "optimizers.py")
record = importlib.util.module_from_spec(specification)
specification.loader.exec_module(record)
KINDS = [optim.SGD, optim.Adagrad, optim.RMSprop, optim.Adam]
VARIANTS = [
    (optim.SGD, {}),
    (optim.SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    (optim.Adagrad, {"lr_decay": 0.1, "initial_accumulator_value": 0.2}),
    (optim.RMSprop, {}),
    (optim.RMSprop, {"momentum": 0.5, "centered": True}),
    (optim.Adam, {"betas": (0.8, 0.9)}),
]


def walk(optimizer, parameter, first, last):
    for step in range(first, last + 1):
        parameter.grad = record.gradient(parameter.value, step)
        optimizer.step()


@pytest.mark.parametrize(
    "case", RECORD["cases"], ids=lambda case: f"{case['name']} {case['options']}"
)
def test_a_thousand_steps_follow_pytorch(case):
    parameter = Parameter(record.start())
    optimizer = getattr(optim, case["name"])([parameter], **case["options"])
    done = 0
    for step, wanted in case["values"].items():
        walk(optimizer, parameter, done + 1, int(step))
        done = int(step)
        np.testing.assert_allclose(parameter.value, wanted, rtol=1e-12, atol=1e-12)
    assert done == 1000


def test_the_record_holds_the_cases_that_the_script_names():
    assert [[case["name"], case["options"]] for case in RECORD["cases"]] == record.CASES


@pytest.mark.parametrize(("kind", "options"), VARIANTS)
def test_float32_stays_close_to_float64(kind, options):
    single = Parameter(record.start().astype(np.float32))
    double = Parameter(record.start())
    for parameter in (single, double):
        walk(kind([parameter], **options), parameter, 1, 50)
    assert single.value.dtype == np.float32
    np.testing.assert_allclose(single.value, double.value, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("kind", "options"), VARIANTS)
def test_values_change_in_place_and_gradients_do_not(kind, options):
    parameter = Parameter(np.ones((2, 3)))
    value = parameter.value
    parameter.grad = np.full((2, 3), 0.5)
    kind([parameter], **options).step()
    assert parameter.value is value
    assert (value != 1).all()
    assert (parameter.grad == 0.5).all()


@pytest.mark.parametrize(("kind", "options"), VARIANTS)
def test_a_state_continues_bitwise(kind, options):
    straight, stopped = Parameter(record.start()), Parameter(record.start())
    walk(kind([straight], **options), straight, 1, 20)
    first = kind([stopped], **options)
    first.lr = first.lr * 0.5
    first.lr = first.lr * 2.0
    walk(first, stopped, 1, 9)
    second = kind([stopped], 0.5, **options)
    second.load_state(first.state())
    assert second.lr == first.lr
    assert second.steps == 9
    walk(second, stopped, 10, 20)
    assert np.array_equal(straight.value, stopped.value)


@pytest.mark.parametrize(("kind", "options"), VARIANTS)
def test_a_config_makes_the_same_optimiser(kind, options):
    config = json.loads(json.dumps(kind([Parameter([1.0])], **options).config()))
    assert kind([Parameter([1.0])], **config).config() == config


def test_any_pair_of_value_and_grad_can_be_learnt():
    class Pair:
        value, grad = np.ones(2), np.full(2, 0.5)

    optim.SGD([Pair], 1.0).step()
    assert Pair.value.tolist() == [0.5, 0.5]


def test_a_state_is_a_copy():
    optimizer = optim.SGD([Parameter([1.0])], momentum=0.9)
    optimizer.state()["0.velocity"][0] = 7
    assert optimizer.state()["0.velocity"][0] == 0


def test_lr_may_change_while_running():
    parameter = Parameter(np.array([1.0]))
    optimizer = optim.SGD([parameter], 0.5)
    parameter.grad = np.array([1.0])
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert parameter.value[0] == 0.25


def test_without_bias_correction_adam_starts_with_larger_steps():
    def first_step(**options):
        parameter = Parameter(np.array([0.0]))
        parameter.grad = np.array([2.0])
        optim.Adam([parameter], 0.1, eps=0.0, **options).step()
        return -parameter.value[0]

    assert first_step() == pytest.approx(0.1)
    assert first_step(bias_correction=False) == pytest.approx(0.1 * 0.1 / np.sqrt(0.001))


def test_centred_rmsprop_survives_equal_gradients():
    parameter = Parameter(np.zeros(100))
    optimizer = optim.RMSprop([parameter], centered=True, alpha=0.5)
    for _ in range(100):
        parameter.grad = np.linspace(0.1, 0.7, 100)
        optimizer.step()
    assert np.isfinite(parameter.value).all()


@pytest.mark.parametrize("kind", [optim.Adagrad, optim.RMSprop, optim.Adam])
def test_nothing_over_nothing_is_nan_and_raises_nothing(kind):
    parameter = Parameter(np.zeros(2))
    kind([parameter], eps=0.0).step()
    assert np.isnan(parameter.value).all()


def test_overflow_is_silent_and_visible():
    parameter = Parameter(np.ones(2, np.float32))
    parameter.grad = np.full(2, 3e38, np.float32)
    optim.SGD([parameter], 100.0).step()
    assert np.isinf(parameter.value).all()


def test_repr_says_what_it_is():
    shown = repr(optim.SGD([Parameter([1.0])], 0.1))
    assert shown == "SGD(1 parameters, lr=0.1, momentum=0.0, nesterov=False, weight_decay=0.0)"


def test_the_base_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="Optimizer has no _update"):
        optim.Optimizer([Parameter([1.0])], 0.1).step()


BAD_LR = [-1, -1e-300, float("nan"), float("inf"), "0.1", None, True, [0.1], 1j, np.ones(2)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lr", BAD_LR, ids=repr)
def test_bad_learning_rates(kind, lr):
    with pytest.raises(
        ValueError, match=rf"{kind.__name__}: lr is .*, wanted a finite number, at least 0"
    ):
        kind([Parameter([1.0])], lr)


@pytest.mark.parametrize("kind", KINDS)
def test_bad_parameters(kind):
    shared = Parameter([1.0])
    with pytest.raises(ValueError, match="parameters is empty"):
        kind([], 0.1)
    with pytest.raises(ValueError, match="holds one parameter twice"):
        kind([shared, shared], 0.1)
    for wrong in (shared, None, 3):
        with pytest.raises(
            TypeError, match=rf"{kind.__name__}: parameters is .*net\.parameters\(\)"
        ):
            kind(wrong, 0.1)
    for wrong in ([np.ones(3)], "ab", [None]):
        with pytest.raises(TypeError, match=r"parameters\[0\] is .*, wanted a Parameter"):
            kind(wrong, 0.1)


def test_a_network_in_place_of_its_parameters():
    class Net(list):
        def parameters(self):
            return [Parameter([1.0])]

    with pytest.raises(TypeError, match=r"net\.parameters\(\)"):
        optim.SGD(Net(), 0.1)


BAD_OPTIONS = [
    (optim.SGD, {"momentum": -0.1}, "momentum"),
    (optim.SGD, {"momentum": "much"}, "momentum"),
    (optim.SGD, {"nesterov": 1}, "nesterov"),
    (optim.SGD, {"nesterov": True}, "nesterov"),
    (optim.SGD, {"weight_decay": -1}, "weight_decay"),
    (optim.SGD, {"weight_decay": float("nan")}, "weight_decay"),
    (optim.Adagrad, {"lr_decay": -1}, "lr_decay"),
    (optim.Adagrad, {"weight_decay": -1}, "weight_decay"),
    (optim.Adagrad, {"initial_accumulator_value": -1}, "initial_accumulator_value"),
    (optim.Adagrad, {"eps": -1e-9}, "eps"),
    (optim.RMSprop, {"alpha": 1}, "alpha"),
    (optim.RMSprop, {"alpha": -0.5}, "alpha"),
    (optim.RMSprop, {"eps": None}, "eps"),
    (optim.RMSprop, {"weight_decay": "0"}, "weight_decay"),
    (optim.RMSprop, {"momentum": -1}, "momentum"),
    (optim.RMSprop, {"centered": "yes"}, "centered"),
    (optim.Adam, {"betas": 0.9}, "betas"),
    (optim.Adam, {"betas": (0.9,)}, "betas"),
    (optim.Adam, {"betas": (1.0, 0.999)}, r"betas\[0\]"),
    (optim.Adam, {"betas": (0.9, 1.0)}, r"betas\[1\]"),
    (optim.Adam, {"betas": (-0.1, 0.999)}, r"betas\[0\]"),
    (optim.Adam, {"eps": float("inf")}, "eps"),
    (optim.Adam, {"weight_decay": [0]}, "weight_decay"),
    (optim.Adam, {"bias_correction": None}, "bias_correction"),
]


@pytest.mark.parametrize(("kind", "options", "named"), BAD_OPTIONS)
def test_bad_options(kind, options, named):
    with pytest.raises(ValueError, match=rf"{kind.__name__}: {named} is"):
        kind([Parameter([1.0])], **options)


@pytest.mark.parametrize(
    "change",
    [
        {"steps": -1},
        {"steps": 1.5},
        {"lr": -1.0},
        {"0.velocity": np.ones(3)},
        {"1.velocity": np.ones(2)},
        {"other": 1},
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change):
    parameter = Parameter([1.0, 2.0])
    optimizer = optim.SGD([parameter], 0.1, momentum=0.9)
    parameter.grad = [1.0, 1.0]
    optimizer.step()
    before = optimizer.state()
    with pytest.raises(ValueError, match="SGD: "):
        optimizer.load_state(before | {"lr": 0.7, "steps": 5} | change)
    assert {name: v.tolist() for name, v in optimizer.state().items()} == {
        name: v.tolist() for name, v in before.items()
    }


def test_a_state_that_is_none():
    with pytest.raises(TypeError, match="SGD: state is None"):
        optim.SGD([Parameter([1.0])], 0.1).load_state(None)


def test_schedules():
    assert schedule.constant(0.1)(12345) == 0.1
    falling = schedule.step(1.0, 10, factor=0.5)
    assert [falling(step) for step in (0, 9, 10, 20)] == [1.0, 1.0, 0.5, 0.25]
    wave = schedule.cosine(1.0, 100, lowest=0.2)
    assert [wave(step) for step in (0, 100, 1000)] == [1.0, pytest.approx(0.2), pytest.approx(0.2)]
    assert wave(50) == pytest.approx(0.6)
    rising = schedule.warm_up(4, 0.8)
    assert [rising(step) for step in (0, 1, 3, 4)] == pytest.approx([0.2, 0.4, 0.8, 0.8])
    both = schedule.warm_up(2, schedule.step(1.0, 3))
    assert [both(step) for step in (0, 2, 3)] == pytest.approx([0.5, 1.0, 0.1])
    assert optim.schedule is schedule


@pytest.mark.parametrize(
    "make",
    [
        lambda: schedule.constant(-1),
        lambda: schedule.constant("x"),
        lambda: schedule.step(-0.1, 10),
        lambda: schedule.step(0.1, 0),
        lambda: schedule.step(0.1, 2.5),
        lambda: schedule.step(0.1, 10, factor=0),
        lambda: schedule.cosine(None, 10),
        lambda: schedule.cosine(0.1, 0),
        lambda: schedule.cosine(0.1, 10, lowest=-1),
        lambda: schedule.warm_up(0, 0.1),
        lambda: schedule.warm_up(10, float("nan")),
        lambda: schedule.warm_up(10, "slowly"),
    ],
)
def test_bad_schedules(make):
    with pytest.raises(ValueError, match="wanted"):
        make()


def test_a_net_in_place_of_its_parameters_is_named_in_one_line():
    net = Sequential(Dense(2, 2, rng=np.random.default_rng(0)))
    with pytest.raises(
        TypeError, match="^SGD: parameters is of type Sequential, wanted a list .*$"
    ):
        optim.SGD(net)


def several(dtypes, seed=0):
    rng = np.random.default_rng(seed)
    return [Parameter(rng.normal(size=(3, 2 + i)).astype(t)) for i, t in enumerate(dtypes)]


@pytest.mark.parametrize("dtypes", [("f4", "f4", "f4"), ("f8", "f8"), ("f4", "f8", "f4")])
def test_adam_changes_all_parameters_as_it_changes_one(dtypes):
    together, one_by_one = several(dtypes), several(dtypes)
    optimizer = optim.Adam(together, 0.1)
    others = [optim.Adam([parameter], 0.1) for parameter in one_by_one]
    for step in range(1, 6):
        for parameter in (*together, *one_by_one):
            parameter.grad = record.gradient(parameter.value, step)
        for each in (optimizer, *others):
            each.step()
        if step == 3:  # an array of its own, which the optimiser has to find
            together[0].value = one_by_one[0].value
    for found, wanted in zip(together, one_by_one, strict=True):
        np.testing.assert_array_equal(found.value, wanted.value)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copied_adam_changes_its_own_parameters(again):
    optimizer = optim.Adam(several(("f4", "f4")), 0.1)
    walk(optimizer, optimizer.parameters[0], 1, 2)
    other = again(optimizer)
    before = [parameter.value.copy() for parameter in optimizer.parameters]
    walk(other, other.parameters[0], 3, 4)
    for parameter, value in zip(optimizer.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.value, value)
    walk(optimizer, optimizer.parameters[0], 3, 4)
    for one, two in zip(optimizer.parameters, other.parameters, strict=True):
        np.testing.assert_array_equal(one.value, two.value)


class Foreign:
    """A parameter that is not one of ours; its gradient lies in no order."""

    def __init__(self, value):
        self.value = value

    @property
    def grad(self):
        return np.asfortranarray(record.gradient(self.value, 1).astype(np.float64))


def test_adam_takes_another_gradient_as_it_comes():
    ours, foreign = several(("f4",))[0], Foreign(several(("f4",))[0].value)
    walk(optim.Adam([ours], 0.1), ours, 1, 1)
    optim.Adam([foreign], 0.1).step()
    np.testing.assert_array_equal(foreign.value, ours.value)
    optimizer = optim.Adam([ours, Foreign(ours.value)], 0.1)
    optimizer.parameters[1].value = ours.value.astype(np.float64)
    with pytest.raises(ValueError, match="wanted contiguous ones"):
        optimizer.step()
