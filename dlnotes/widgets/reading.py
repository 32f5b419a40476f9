"""What networks make of pictures: the same few steps in every widget that tests one."""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.evaluation import predict
from dlnotes.layers import Layer, Sequential, Softmax
from dlnotes.words import _


def own_copy(net: Any, who: str) -> Layer:
    """A copy of `net` for looking: it does not learn, and what the reader does to theirs is lost.

    TypeError for what is no network.
    """
    if not isinstance(net, Layer):
        raise TypeError(f"{who}: net is {net!r}, wanted a network, as Sequential(…)")
    copied = copy.deepcopy(net)
    copied.training = False
    for leaf in copied.leaves():
        leaf._kept = None
    return copied


def labelled(x: Any, y: Any, who: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures x (n, c, h, w) and labels y (n,), checked."""
    x = door.array(x, f"{who}: x")
    if x.ndim != 4 or len(x) == 0:
        raise ValueError(f"{who}: x has shape {x.shape}, wanted (n, c, h, w) with pictures in it")
    y = np.asarray(y)
    if y.shape != (len(x),) or y.dtype.kind not in "iu":
        raise ValueError(f"{who}: y has shape {y.shape}, wanted ({len(x)},) whole numbers")
    return x, y.astype(np.int64)


def shares(net: Layer, x: np.ndarray) -> np.ndarray:
    """Each class's share (n, classes): the network's own, or the softmax of its logits."""
    found = predict(net, x)
    last = net
    while isinstance(last, Sequential):
        last = last[len(last) - 1]
    return found if isinstance(last, Softmax) else Softmax()(found)


def in_per_cent(share: float, decimals: int = 1, over: str = _("over {most}")) -> str:
    """A probability times 100; a softmax never gives a whole 1, so none is rounded to it."""
    text = f"{100 * share:.{decimals}f}"
    if float(text) < 100:
        return text
    return over.format(most=f"{100 - 10**-decimals:.{decimals}f}")


def class_names(names: Sequence[str] | None, count: int, who: str) -> list[str]:
    """The classes' names; 0, 1, 2 … where none are given."""
    found = [str(i) for i in range(count)] if names is None else [str(name) for name in names]
    if len(found) != count:
        raise ValueError(f"{who}: names has {len(found)} entries, wanted {count}, one a class")
    return found
