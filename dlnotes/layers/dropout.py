"""Dropout: while learning, some numbers are left out by chance, so that none is relied on alone."""

from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.layers.layer import Layer, quietly


class Dropout(Layer):
    """While `training`: each x is 0 with chance `p`, else x / (1 - p), drawn anew from `rng`.
    Later: y = x.

    The division keeps the mean of y that of x ("inverted" dropout; Srivastava et al. 2014, JMLR
    15).

    Shapes: x of any shape, y the same.

    Errors: ValueError for a p outside 0 <= p < 1 and for a dy of another shape than y; TypeError
    for an `rng` that is no NumPy generator and for an x of anything but real numbers.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator) -> None:
        self.p = door.real(p, "Dropout: p", least=0, below=1)
        self.rng = door.generator(rng, "Dropout: rng")

    @quietly
    def forward(self, x: Any) -> np.ndarray:
        x = self._enter(x)
        scale = None
        if self.training:
            stays = self.rng.random(x.shape) >= self.p
            scale = stays.astype(x.dtype) / x.dtype.type(1 - self.p)
        return self._keep(x.copy() if scale is None else x * scale, scale)

    @quietly
    def backward(self, dy: Any) -> np.ndarray:
        dy, scale = self._enter_back(dy)
        return dy.copy() if scale is None else dy * scale

    def config(self) -> dict[str, Any]:
        return {"p": self.p}
