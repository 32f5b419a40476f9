"""The textbook's lines of a convolution, read by Python and by the compiler."""

import numpy as np
import pytest
import reference

from dlnotes.kernels import loops


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (2, 3, 3, 3), (3, 2, 2, 4)])
def test_both_are_the_textbooks_convolution(shape):
    rng = np.random.default_rng(0)
    weight = rng.standard_normal(shape)
    x = rng.standard_normal((shape[1], 6, 7))
    wanted = reference.conv2d(x[None], weight, np.zeros(shape[0]))[0]
    compiled, read = np.empty_like(wanted), np.empty_like(wanted)
    loops.convolve_compiled(x, weight, compiled)
    for o, row in np.ndindex(wanted.shape[:2]):
        loops.convolve_row(x, weight, read, o, row)
    np.testing.assert_allclose(compiled, wanted, atol=1e-12)
    np.testing.assert_allclose(read, wanted, atol=1e-12)


def test_it_is_compiled_beforehand():
    loops.warm()
    if hasattr(loops.convolve_compiled, "signatures"):
        before = len(loops.convolve_compiled.signatures)
        x, weight = np.ones((2, 5, 5), np.float32), np.ones((3, 2, 3, 3), np.float32)
        loops.convolve_compiled(x, weight, np.empty((3, 3, 3), np.float32))
        assert len(loops.convolve_compiled.signatures) == before
