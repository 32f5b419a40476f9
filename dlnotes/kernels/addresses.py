"""Arrays by their address, so that one call of a kernel takes any number of them.

Numba compiles anew for each number of arrays that it is handed; a table of addresses is one array.
Who makes the table keeps the arrays alive as long as it is used.
"""

import ctypes

import numpy as np
from numba import carray, types

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.simd import operation

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def pointer_machine(typing, address, like):
    kind = types.CPointer(like.dtype)

    def emit(context, builder, signature, values):
        return builder.inttoptr(values[0], context.get_value_type(kind))

    return kind(address, like), emit


@operation(pointer_machine)
def pointer(address, like):
    """Where numbers of `like`'s dtype begin."""
    return ctypes.cast(int(address), ctypes.POINTER(np.ctypeslib.as_ctypes_type(like.dtype)))


@kernel
def share(table, row, k, part, parts, like):
    """Of the array at table[row, k], of table[row, 0] numbers, the part that is this one's."""
    size = table[row, 0]
    first, past = part * size // parts, (part + 1) * size // parts
    return carray(pointer(table[row, k], like), size)[first:past]


class Table:
    """`array` (rows, 1 + arrays): how many numbers the arrays of a row have, and where each begins.

    It holds every array that it names. A copy, also one that was pickled, begins empty: addresses
    mean nothing there.
    """

    def __init__(self) -> None:
        self.rows: dict[int, tuple[np.ndarray, ...]] = {}
        self.array = np.empty((0, 0), np.int64)
        self.like = np.empty(0, np.float32)  # of the dtype of all of them
        self.numbers = 0  # in one array of each row

    def note(self, row: int, *arrays: np.ndarray) -> None:
        """Row `row`, of all rows before it and itself, from now on. ValueError, and nothing
        changed, for arrays that no kernel could read."""
        like = self.like if self.rows else np.empty(0, arrays[0].dtype)
        for array in arrays:
            fits = array.dtype == like.dtype and array.size == arrays[0].size
            if not fits or not array.flags.c_contiguous or array.dtype not in FLOATS:
                raise ValueError(
                    f"an array of shape {array.shape} and dtype {array.dtype} came, wanted "
                    f"contiguous ones of {arrays[0].size} numbers of {like.dtype}"
                )
        if row >= len(self.array):
            bigger = np.zeros((row + 1, 1 + len(arrays)), np.int64)
            if self.rows:
                bigger[: len(self.array)] = self.array
            self.array = bigger
        self.array[row] = arrays[0].size, *(array.ctypes.data for array in arrays)
        self.rows[row], self.like = arrays, like
        self.numbers = sum(there[0].size for there in self.rows.values())

    def __reduce__(self) -> tuple:
        return Table, ()
