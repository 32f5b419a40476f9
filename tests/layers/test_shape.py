"""Flatten makes a row of every example."""

import numpy as np
import pytest

from dlnotes.layers import Flatten


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4), (2, 1, 5, 4), (0, 3, 4), (1, 1, 1, 1)])
def test_examples_become_rows_and_come_back(shape):
    x = np.arange(float(np.prod(shape))).reshape(shape)
    layer = Flatten()
    y = layer(x)
    assert y.shape == (shape[0], int(np.prod(shape[1:]))) == layer.output_shape(shape)
    np.testing.assert_array_equal(y.ravel(), x.ravel())
    np.testing.assert_array_equal(layer.backward(y), x)


def test_y_and_dx_are_copies():
    x, layer = np.ones((2, 3)), Flatten()
    y = layer(x)
    dx = layer.backward(y)
    dx[:] = 3
    y[:] = 2
    assert x.tolist() == [[1, 1, 1], [1, 1, 1]]
