"""Where windows lie on an image: what convolution and pooling share about padding and sizes."""

from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers.layer import Shape

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]  # ((top, bottom), (left, right))


def padding(value: Any, name: str) -> Sides | str:
    """`value` (an int, a pair, ((top, bottom), (left, right)) or "same") as sides, or "same"."""
    if isinstance(value, str):
        if value != "same":
            raise ValueError(f'{name} is {value!r}, wanted numbers or "same"')
        return value
    if isinstance(value, list | tuple | np.ndarray) and any(map(is_several, value)):
        if len(value) != 2 or not all(map(is_several, value)):
            raise ValueError(f"{name} is {value!r}, wanted ((top, bottom), (left, right))")
        down, across = value
        return door.pair(down, name, least=0), door.pair(across, name, least=0)
    down, across = door.pair(value, name, least=0)
    return (down, down), (across, across)


def is_several(value: Any) -> bool:
    return isinstance(value, list | tuple | np.ndarray) and np.ndim(value) > 0


def span(kernel_size: Pair, dilation: Pair) -> Pair:
    """How many pixels a window covers from its first to its last cell, down and across."""
    return (kernel_size[0] - 1) * dilation[0] + 1, (kernel_size[1] - 1) * dilation[1] + 1


def sides(padding: Sides | str, size: Pair, spans: Pair, stride: Pair) -> Sides:
    """The padding of an image of `size`; "same" gives ⌈size / stride⌉ windows, the odd pixel after.

    That is ONNX's SAME_UPPER, and with stride 1 PyTorch's "same".
    """
    if not isinstance(padding, str):
        return padding
    found = []
    for axis in range(2):
        windows = -(-size[axis] // stride[axis])
        missing = max(0, (windows - 1) * stride[axis] + spans[axis] - size[axis])
        found.append((missing // 2, missing - missing // 2))
    return found[0], found[1]


def count(size: int, before: int, after: int, span: int, stride: int, ceil: bool) -> int:
    """How many windows fit along one axis; less than 1 where none does.

    With `ceil` a last window may reach over the end, but must start on the image or on the padding
    before it, as in PyTorch's `pooling_output_shape` and in ONNX's `ceil_mode`.
    """
    room = size + before + after - span
    if not ceil:
        return room // stride + 1
    windows = -(-room // stride) + 1
    return windows - ((windows - 1) * stride >= size + before)


def fit(
    layer: str, shape: Shape, spans: Pair, sides: Sides, stride: Pair, ceil: bool = False
) -> Pair:
    """(h_out, w_out) for an x of `shape`; ValueError where the window is larger than the image."""
    (top, bottom), (left, right) = sides
    h_out = count(shape[2], top, bottom, spans[0], stride[0], ceil)
    w_out = count(shape[3], left, right, spans[1], stride[1], ceil)
    if min(h_out, w_out) < 1:
        h, w = shape[2] + top + bottom, shape[3] + left + right
        raise ValueError(
            f"{layer}: the kernel covers {spans[0]}×{spans[1]} pixels, but x has shape "
            f"{tuple(shape)}, with its padding {h}×{w} pixels; wanted an image that is not smaller"
        )
    return h_out, w_out


def pad(x: np.ndarray, padding: Sides) -> np.ndarray:
    """Images x with zeros around them; x itself where there is nothing to add."""
    (top, bottom), (left, right) = padding
    if top == bottom == left == right == 0:
        return x
    n, c, h, w = x.shape
    padded = np.zeros((n, c, h + top + bottom, w + left + right), x.dtype)
    padded[:, :, top : top + h, left : left + w] = x
    return padded


def as_json(padding: Sides | str) -> Any:
    """`padding` in its shortest form: "same", one number, a pair, or both pairs."""
    if isinstance(padding, str):
        return padding
    down, across = padding
    if down[0] == down[1] and across[0] == across[1]:
        return shortest((down[0], across[0]))
    return [list(down), list(across)]


def shortest(pair: Pair) -> int | list[int]:
    """One number where both are equal."""
    return pair[0] if pair[0] == pair[1] else list(pair)
