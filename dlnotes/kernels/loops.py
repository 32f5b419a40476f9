"""One convolution as the textbook writes it, in the same lines for Python and for the compiler.

The lesson on speed runs `convolve_row` twice: as Python reads it, and compiled, nothing else
changed. What the layers use is `conv.py`.
"""

import numpy as np

from dlnotes.kernels.compiled import kernel


def convolve_row(x, weight, y, o, row):
    """Row `row` of y[o], y (c_out, h_out, w_out), for x (c_in, h, w) already padded, no bias."""
    c_in, k_h, k_w = weight.shape[1:]
    for col in range(y.shape[2]):
        total = 0.0
        for c in range(c_in):
            for u in range(k_h):
                for v in range(k_w):
                    total += x[c, row + u, col + v] * weight[o, c, u, v]
        y[o, row, col] = total


convolve_row_compiled = kernel(convolve_row)


@kernel
def convolve_compiled(x, weight, y):
    for o in range(y.shape[0]):
        for row in range(y.shape[1]):
            convolve_row_compiled(x, weight, y, o, row)


def warm() -> None:
    """Compile for float32."""
    x, weight = np.ones((1, 3, 3), np.float32), np.ones((1, 1, 3, 3), np.float32)
    convolve_compiled(x, weight, np.empty((1, 1, 1), np.float32))
