"""What a convolution does at one place: its window, the products, their sum; and all its outputs.

The outputs are the library's own (`dlnotes.layers.Conv2d`); the products are written out beside
them, so that each can be compared with the other.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes.layers import Conv2d
from dlnotes.layers.window import count


@dataclass(frozen=True)
class Setting:
    """How a filter of `size` × `size` moves over an image; all in whole pixels."""

    size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """How many pixels the filter covers from its first to its last cell."""
        return (self.size - 1) * self.dilation + 1

    def fitting(self, n: int) -> int:
        """How many windows an image of n pixels a side has, by the formula; it may be below 1."""
        return count(n, self.padding, self.padding, self.span, self.stride, ceil=False)

    def output(self, n: int) -> int:
        """How many output cells an image of n pixels a side gives; 0 where the filter is larger."""
        return max(self.fitting(n), 0)

    def window(self, row: int, col: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows (k,) and columns (k,) of the padded image that an output cell is made of."""
        along = np.arange(self.size) * self.dilation
        return row * self.stride + along, col * self.stride + along

    def cells(self, row: int, col: int) -> list[tuple[int, int]]:
        """The places (row, column) in the padded image that an output cell is made of."""
        rows, cols = self.window(row, col)
        return [(u, v) for u in rows.tolist() for v in cols.tolist()]

    def nearest(self, x: float, y: float, n: int) -> tuple[int, int]:
        """The output cell (row, column) whose window is centred nearest to the place (x, y)."""
        most, half = self.output(n) - 1, self.span / 2
        row, col = (round((place - half) / self.stride) for place in (y, x))
        return min(max(row, 0), most), min(max(col, 0), most)


def tidy(values: Any) -> Any:
    """Values without what float64's rounding leaves behind, as 2·10⁻¹⁶ where 0 is meant."""
    return np.round(values, 10) + 0.0


def padded(x: np.ndarray, padding: int) -> np.ndarray:
    """Images (c, n, n) with zeros around them."""
    return np.pad(x, ((0, 0), (padding, padding), (padding, padding)))


def convolved(x: np.ndarray, weights: np.ndarray, bias: np.ndarray, setting: Setting) -> np.ndarray:
    """What `Conv2d` makes of the image x (c_in, n, n): (c_out, n_out, n_out).

    `weights` (c_out, c_in, k, k) are not flipped.
    """
    layer = Conv2d(
        weights.shape[1], weights.shape[0], setting.size, stride=setting.stride,
        padding=setting.padding, dilation=setting.dilation, rng=np.random.default_rng(0),
        dtype=np.float64,
    )  # fmt: skip
    for parameter, value in zip(layer.parameters(), (weights, bias), strict=True):
        parameter.value = value
    return layer(x[None])[0]


@lru_cache(maxsize=64)
def _outputs(
    x: bytes, shape: tuple[int, ...], weights: bytes, bias: bytes, setting: Setting
) -> np.ndarray:
    found = convolved(
        np.frombuffer(x).reshape(shape),
        np.frombuffer(weights).reshape(-1, shape[0], setting.size, setting.size),
        np.frombuffer(bias),
        setting,
    )
    found.flags.writeable = False
    return found


def outputs(x: np.ndarray, weights: np.ndarray, bias: np.ndarray, setting: Setting) -> np.ndarray:
    """`convolved`, remembered: stepping through the cells computes nothing anew."""
    x, weights, bias = (np.asarray(array, dtype=np.float64) for array in (x, weights, bias))
    return _outputs(x.tobytes(), x.shape, weights.tobytes(), bias.tobytes(), setting)
