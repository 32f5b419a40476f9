"""Real handwriting that comes with scikit-learn: small, but written by people, and offline."""

import functools
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.data.packaged import packaged
from dlnotes.kernels.raster import BOX, SIDE, centre, cubic_matrix

matrix_to_box = functools.cache(functools.partial(cubic_matrix, n_out=BOX))


def digits(size: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """1,797 handwritten digits: x (1797, 1, size, size) float32 in 0–1; y (1797,) int64, the
    digits.

    13 people wrote them. `size` 8 gives them as they are published: each pixel counts the ink in a
    4×4 block of a 32×32 bitmap. `size` 28 gives the same, made like MNIST by `like_mnist`. Source:
    Alpaydin and Kaynak 1998, "Optical recognition of handwritten digits", UCI Machine Learning
    Repository (its test set), as in `sklearn.datasets.load_digits`. ValueError for another size.
    """
    if not isinstance(size, int | np.integer) or size not in (8, 28):
        raise ValueError(f"digits: size is {size!r}, wanted 8 or 28")
    x, y = loaded()
    return (x if size == 8 else enlarged()).copy(), y.copy()


@functools.cache
def loaded() -> tuple[np.ndarray, np.ndarray]:
    """The digits as published, scaled to 0–1."""
    place = packaged("sklearn", "datasets/data/digits.csv.gz")
    rows = np.loadtxt(place, delimiter=",", dtype=np.float32)  # 64 counts of 0–16 and the digit
    return rows[:, :64].reshape(-1, 1, 8, 8) / 16, rows[:, 64].astype(np.int64)


@functools.cache
def enlarged() -> np.ndarray:
    """The digits like MNIST's."""
    return like_mnist(loaded()[0])


def like_mnist(x: Any) -> np.ndarray:
    """The pictures x (n, 1, h, w), light ink on black in 0–1, made like MNIST's: (n, 1, 28, 28)
    float32.

    What is inked is fitted into 20×20 pixels, proportions kept (by cubic convolution, Keys 1981),
    and moved by whole pixels until its centre of mass is in the middle of 28×28 (LeCun et al.
    1998). A blank picture stays blank. ValueError where the shape is another or a value is not in
    0–1; TypeError where x is not made of numbers.
    """
    x = door.array(x, "like_mnist: x", dtype=np.dtype(np.float32))
    if x.ndim != 4 or x.shape[1] != 1:
        raise ValueError(f"like_mnist: x has shape {x.shape}, wanted (n, 1, h, w)")
    if not ((x >= 0) & (x <= 1)).all():
        raise ValueError(
            "like_mnist: x has values outside 0–1, wanted 0 for no ink and 1 for full ink"
        )
    pictures = np.zeros((len(x), 1, SIDE, SIDE), np.float32)
    for i, picture in enumerate(x[:, 0]):
        rows, cols = picture.any(axis=1).nonzero()[0], picture.any(axis=0).nonzero()[0]
        if len(rows):
            inked = picture[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
            square = np.zeros((max(inked.shape),) * 2, np.float32)
            square[: inked.shape[0], : inked.shape[1]] = inked
            matrix = matrix_to_box(len(square))
            centre(np.clip(matrix @ square @ matrix.T, 0, 1), pictures[i, 0])
    return pictures
