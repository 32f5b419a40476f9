"""Using a network without teaching it: its mode, its predictions, its loss and accuracy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers import Layer, Parameter
from dlnotes.losses import whole_labels

EVALUATION_BATCH = 256
quietly = np.errstate(all="ignore")  # infinity is noticed and explained, not warned about


def check_net(net: Any, who: str) -> None:
    if not isinstance(net, Layer):
        raise TypeError(f"{who}: net is {net!r}, wanted a layer, such as Sequential(…)")


def check_examples(x: Any, y: Any, who: str, labels: bool) -> tuple[np.ndarray, np.ndarray]:
    """x and y as arrays of one length, at least 1; `labels` wants whole numbers for y."""
    x = door.array(x, f"{who}x")
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"{who}x has shape {x.shape}, wanted at least one example")
    if labels:
        return x, whole_labels(y, f"{who}y", len(x))
    y = door.array(y, f"{who}y", dtype=np.dtype(np.float64))
    if y.shape[:1] != (len(x),):
        raise ValueError(f"{who}y has shape {y.shape}, wanted ({len(x)}, …) as x has examples")
    return x, y


def named_layers(net: Layer, start: str = "") -> Iterator[tuple[str, Layer]]:
    """("", net), ("0.", its first layer), ("0.1.", a layer inside that) …: outer before inner.

    The name is what stands before those of the layer's own parameters.
    """
    yield start, net
    for name, child in net.children().items():
        yield from named_layers(child, f"{start}{name}.")


def every_layer(net: Layer) -> Iterator[Layer]:
    """`net` and all layers inside it, the outer before the inner."""
    return (layer for _, layer in named_layers(net))


def generators(net: Layer) -> list[np.random.Generator]:
    """The generators that `net` and the layers inside it keep."""
    kept = (item for layer in every_layer(net) for item in vars(layer).values())
    return [item for item in kept if isinstance(item, np.random.Generator)]


@contextmanager
def in_float64(net: Layer) -> Iterator[Layer]:
    """All of `net` in float64; afterwards all that it keeps is as it was before, bit by bit."""
    owners = [*every_layer(net), *net.parameters()]
    before = [(owner, dict(vars(owner))) for owner in owners]
    arrays = [
        (item, item.copy())
        for _, kept in before
        for item in kept.values()
        if isinstance(item, np.ndarray) and item.flags.writeable
    ]
    chance = [(rng, rng.bit_generator.state) for rng in generators(net)]
    try:
        for layer in every_layer(net):
            to_float64(layer)
        yield net
    finally:
        for owner, kept in before:
            vars(owner).clear()
            vars(owner).update(kept)
        for array, values in arrays:
            array[...] = values
        for rng, state in chance:
            rng.bit_generator.state = state


def to_float64(layer: Layer) -> None:
    """All that one layer keeps in float32, parameters and other arrays, in float64 from now on."""
    for name, item in list(vars(layer).items()):
        if isinstance(item, Parameter):
            Parameter.__init__(item, item.value.astype(np.float64))  # anew, in its place
        elif isinstance(item, np.ndarray) and item.dtype == np.float32:
            setattr(layer, name, item.astype(np.float64))
        elif name == "_dtype" and item is not None:  # what the layer's door converts to
            layer._dtype = np.dtype(np.float64)


@contextmanager
def in_mode(net: Layer, training: bool) -> Iterator[Layer]:
    """All of `net` training, or not; afterwards each layer is as it was before."""
    before = [(layer, layer.training) for layer in every_layer(net)]
    net.training = training
    try:
        yield net
    finally:
        for layer, mode in before:
            layer.training = mode


@contextmanager
def evaluating(net: Layer) -> Iterator[Layer]:
    """`with evaluating(net):` uses the net as it is after learning: no dropout, no batch
    statistics.

    Afterwards each layer is back in the mode that it had, also after an error.
    """
    check_net(net, "evaluating")
    with in_mode(net, False):
        yield net


def predict(net: Layer, x: Any, *, batch_size: int = EVALUATION_BATCH) -> np.ndarray:
    """y of `net` for x (n, …), while evaluating, in batches; ValueError for no example."""
    check_net(net, "predict")
    x = door.array(x, "predict: x")
    batch_size = door.whole(batch_size, "predict: batch_size")
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"predict: x has shape {x.shape}, wanted at least one example")
    with evaluating(net):
        return np.concatenate([net(x[i : i + batch_size]) for i in range(0, len(x), batch_size)])


def accuracy(net: Layer, x: Any, y: Any, *, batch_size: int = EVALUATION_BATCH) -> float:
    """The share of examples (0 to 1) whose largest output stands at their label in y (n,)."""
    check_net(net, "accuracy")
    x, y = check_examples(x, y, "accuracy: ", labels=True)
    prediction = predict(net, x, batch_size=door.whole(batch_size, "accuracy: batch_size"))
    if prediction.ndim != 2:
        raise ValueError(f"accuracy: net gave shape {prediction.shape}, wanted (n, classes)")
    return share_right(prediction, y)


def share_right(prediction: np.ndarray, labels: np.ndarray) -> float:
    return float((prediction.argmax(axis=1) == labels).mean())


@quietly
def evaluate(net: Layer, loss: Any, x: np.ndarray, y: np.ndarray) -> tuple[float, float | None]:
    """Mean loss and, for labels, accuracy over all examples, in batches, while evaluating."""
    total, right = 0.0, 0.0
    classifies = getattr(loss, "classifies", False)
    with evaluating(net):
        for i in range(0, len(x), EVALUATION_BATCH):
            target = y[i : i + EVALUATION_BATCH]
            prediction = net(x[i : i + EVALUATION_BATCH])
            total += loss(prediction, target) * len(target)
            if classifies:
                right += share_right(prediction, target) * len(target)
    return total / len(x), right / len(x) if classifies else None
