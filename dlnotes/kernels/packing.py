"""Weights into the order in which tiles read them, and their gradients out of the tiles' sums.

There are few of either, but with one image a step each of NumPy's whole-array operations on them
takes longer than a convolution.
"""

import numpy as np

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.simd import COLS, ROWS


@kernel
def pack(weight, c_out, cells, rows):
    """weight (c_out, cells), flat, as (blocks, cells, rows): a tile's factors side by side."""
    packed = np.zeros(((c_out + rows - 1) // rows, cells, rows), weight.dtype)
    for o in range(c_out):
        block, row = o // rows, o % rows
        for k in range(cells):
            packed[block, k, row] = weight[o * cells + k]
    return packed


@kernel
def pack_turned(weight, c_out, c_in, cells, rows):
    """The same for the way back: each filter, of so many cells, turned round; inputs for outputs.

    weight (c_out, c_in, cells), flat.
    """
    packed = np.zeros(((c_in + rows - 1) // rows, c_out * cells, rows), weight.dtype)
    for o in range(c_out):
        for c in range(c_in):
            for k in range(cells):
                at = (o * c_in + c) * cells + cells - 1 - k
                packed[c // rows, o * cells + k, c % rows] = weight[at]
    return packed


@kernel
def gather(dw, c_out, cells, gathered):
    """gathered (c_out · cells,), the gradient of the weights: the sum of all parts.

    dw (parts, blocks, cells / COLS, …) holds each tile's sums, row by row.
    """
    gathered[:] = 0
    for part in range(len(dw)):
        for o in range(c_out):
            block, row = o // ROWS, o % ROWS
            for k in range(cells):
                gathered[o * cells + k] += dw[part, block, k // COLS, row * COLS + k % COLS]


@kernel
def added_up(sums, totals):
    """totals = the sum of all rows of sums (parts, c_out), in float64."""
    for o in range(totals.size):
        total = 0.0
        for part in range(len(sums)):
            total += sums[part, o]
        totals[o] = total
