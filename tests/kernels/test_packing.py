"""What goes into the tiles' order comes out of it again."""

import numpy as np

from dlnotes.kernels import packing
from dlnotes.kernels.simd import COLS, ROWS


def test_packed_weights_stand_side_by_side():
    weight = np.arange(15, dtype=np.float32)
    packed = packing.pack(weight, 5, 3, 4)
    wanted = np.zeros((8, 3), np.float32)
    wanted[:5] = weight.reshape(5, 3)
    np.testing.assert_array_equal(packed, wanted.reshape(2, 4, 3).transpose(0, 2, 1))


def test_turned_round_inputs_stand_for_outputs():
    weight = np.arange(30, dtype=np.float32).reshape(2, 5, 3)  # c_out, c_in, cells
    found = packing.pack_turned(weight.reshape(-1), 2, 5, 3, 4)
    turned = weight[:, :, ::-1].swapaxes(0, 1).reshape(-1)
    np.testing.assert_array_equal(found, packing.pack(turned, 5, 6, 4))


def test_the_sums_of_all_parts_come_out_in_the_order_of_the_weights():
    c_out, cells = ROWS + 1, COLS + 1
    dw = np.random.default_rng(0).random((3, 2, 2, ROWS * COLS), np.float32)
    wanted = dw.sum(axis=0).reshape(2, 2, ROWS, COLS).swapaxes(1, 2).reshape(2 * ROWS, 2 * COLS)
    found = np.full(c_out * cells, np.nan, np.float32)
    packing.gather(dw, c_out, cells, found)
    np.testing.assert_allclose(found, wanted[:c_out, :cells].reshape(-1), rtol=1e-6)


def test_sums_add_up_in_float64():
    sums = np.array([[1e9, 1.0], [-1e9 + 0.5, 2.0]])
    found = np.empty(2, np.float32)
    packing.added_up(sums, found)
    assert found.tolist() == [0.5, 3.0]
