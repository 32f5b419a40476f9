"""Every public class of the library refuses at least a dozen bad inputs, each in one sentence that
names it."""

import numpy as np
import pytest

import dlnotes as dl
from dlnotes.layers import Layer
from dlnotes.losses import Loss
from dlnotes.optim import Optimizer

rng = np.random.default_rng
NO_ARRAYS = {
    "masked": np.ma.masked_array(np.ones((3, 4)), mask=False),
    "object": np.ones((3, 4), object),
    "complex": np.ones((3, 4), complex),
    "ragged": [[1.0, 2.0], [3.0]],
    "text": "pixels",
    "None": None,
    "dates": np.array(["2020-01-01"], "datetime64[D]"),
    "records": np.zeros(3, [("red", "f4")]),
    "a set": {1.0},
    "bytes": b"\x00",
}
MADE = {
    "Dense": lambda: dl.Dense(4, 3, rng=rng(0)),
    "Conv2d": lambda: dl.Conv2d(2, 3, 3, padding=1, rng=rng(0)),
    "MaxPool2d": lambda: dl.MaxPool2d(2),
    "AvgPool2d": lambda: dl.AvgPool2d(2),
    "BlurPool2d": lambda: dl.BlurPool2d(),
    "GlobalAvgPool2d": lambda: dl.GlobalAvgPool2d(),
    "ReLU": lambda: dl.ReLU(),
    "LeakyReLU": lambda: dl.LeakyReLU(0.1),
    "Sigmoid": lambda: dl.Sigmoid(),
    "Tanh": lambda: dl.Tanh(),
    "Softmax": lambda: dl.Softmax(),
    "Flatten": lambda: dl.Flatten(),
    "Dropout": lambda: dl.Dropout(0.3, rng=rng(0)),
    "BatchNorm": lambda: dl.BatchNorm(2),
    "Sequential": lambda: dl.Sequential(dl.Conv2d(2, 3, 1, rng=rng(0)), dl.ReLU()),
}
SHAPES = {"Dense": (3, 4)}
LOSSES = ("MeanSquaredError", "MeanAbsoluteError", "Huber", "CrossEntropy")
OPTIMIZERS = ("SGD", "Adagrad", "RMSprop", "Adam")
NO_RATES = (-1, "fast", None, True, float("nan"), float("inf"), 1j, [0.1], 10**400)


def of_layers():
    for name, make in MADE.items():
        for what, bad in NO_ARRAYS.items():
            yield name, f"x {what}", lambda make=make, bad=bad: make()(bad)

            def back(make=make, bad=bad, name=name):
                layer = make()
                layer(np.ones(SHAPES.get(name, (3, 2, 4, 6))))
                layer.backward(bad)

            yield name, f"dy {what}", back


def of_losses():
    for name in LOSSES:
        make = getattr(dl, name)
        target = np.array([0, 1, 2]) if name == "CrossEntropy" else np.ones((3, 4))
        for what, bad in NO_ARRAYS.items():
            yield name, f"prediction {what}", lambda m=make, b=bad, t=target: m()(b, t)
            yield name, f"target {what}", lambda m=make, b=bad: m()(np.ones((3, 4)), b)
        for shape in ((), (2, 4), (3, 4, 1)):
            yield name, f"shape {shape}", lambda m=make, s=shape, t=target: m()(np.ones(s), t)
        yield name, "backward first", lambda m=make: m().backward()
    for bad in NO_RATES:
        yield "Huber", f"delta {bad!r:.9}", lambda bad=bad: dl.Huber(bad)
    for bad in (-1, 4, 1.5):
        labels = np.array([0, bad, 1])
        yield "CrossEntropy", f"label {bad}", lambda y=labels: dl.CrossEntropy()(np.ones((3, 4)), y)


def of_optimizers():
    for name in OPTIMIZERS:
        make = getattr(dl.optim, name)
        for bad in NO_RATES:
            one = [dl.Parameter(np.ones(2))]
            yield name, f"lr {bad!r:.9}", lambda m=make, b=bad, p=one: m(p, b)
            yield name, f"decay {bad!r:.9}", lambda m=make, b=bad, p=one: m(p, 0.1, weight_decay=b)
        for bad in ([], None, "weights", [np.ones(2)], [None], 3):
            yield name, f"parameters {bad!r:.9}", lambda m=make, b=bad: m(b, 0.1)


def of_parameters():
    for what, bad in NO_ARRAYS.items():
        yield "Parameter", f"value {what}", lambda bad=bad: dl.Parameter(bad)

        def give(bad=bad):
            dl.Parameter(np.ones((3, 4))).grad = bad

        if bad is not None:
            yield "Parameter", f"grad {what}", give


CASES = [*of_layers(), *of_losses(), *of_optimizers(), *of_parameters()]


@pytest.mark.parametrize(
    ("name", "call"), [pytest.param(name, call, id=f"{name} {what}") for name, what, call in CASES]
)
def test_a_bad_input_is_refused_in_one_sentence_that_names_it(name, call):
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert len(sentence) < 250
    if name != "Sequential":  # names the layer inside it
        assert sentence.startswith(name)


def test_every_public_class_refuses_a_dozen():
    found = [getattr(dl, name) for name in dl.__all__ if isinstance(getattr(dl, name), type)]
    found += [getattr(dl.optim, name) for name in OPTIMIZERS]
    base = (Layer, Loss, Optimizer)
    public = {
        kind.__name__
        for kind in found
        if issubclass(kind, (*base, dl.Parameter)) and kind not in base
    }
    assert {name for name, _what, _call in CASES} == public
    for wanted in public:
        assert sum(name == wanted for name, _what, _call in CASES) >= 12
