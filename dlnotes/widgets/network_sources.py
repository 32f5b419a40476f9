"""A network layer by layer, as it is looked at: what follows what, and what is made from what."""

from collections.abc import Sequence

import numpy as np

from dlnotes.layers import Conv2d, Dense, Flatten, Layer, Sequential, Softmax


def flat(net: Layer) -> list[Layer]:
    """The layers of a network one after another, those of a network inside it among them."""
    if not isinstance(net, Sequential):
        return [net]
    return [leaf for layer in net for leaf in flat(layer)]


def viewable(output: np.ndarray) -> np.ndarray:
    """An output as maps (c, h, w) or numbers (n,), whatever a layer of the reader's gives."""
    if output.ndim == 2:
        return output[None]
    return output if output.ndim in (1, 3) else output.reshape(-1)


def sources(layer: Layer, shape: Sequence[int], unit: int) -> dict[int, float]:
    """Which maps or numbers of its input (of `shape`) a layer's map `unit` is made from: how much.

    Of weights it is the size, with the sign of their sum.
    """
    if isinstance(layer, Conv2d):
        weight = layer.weight.value[unit].astype(float)
        first = unit // (layer.c_out // layer.groups) * len(weight)
        sizes = np.sqrt((weight**2).sum(axis=(1, 2))) * np.where(weight.sum(axis=(1, 2)) < 0, -1, 1)
        return {first + i: float(size) for i, size in enumerate(sizes)}
    if isinstance(layer, Dense):
        return dict(enumerate(layer.weight.value[:, unit].astype(float).tolist()))
    if isinstance(layer, Flatten):
        return {unit // int(np.prod(shape[1:])): 1.0}
    if isinstance(layer, Softmax) and len(shape) == 1:
        return dict.fromkeys(range(shape[0]), 1.0)
    return {unit: 1.0}
