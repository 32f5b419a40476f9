"""The arithmetic of a window as it is written under it."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlnotes.widgets.pool_picture import arithmetic

PIXELS = np.array([[1.0, -2.5], [0.0, 4.0]])
LARGE = np.arange(16.0).reshape(4, 4)
LINE = np.array([1, 3, 3, 1])


def written(pixels, weights, value, kind):
    return arithmetic(SimpleNamespace(pixels=pixels, weights=weights, value=value, kind=kind))


@pytest.mark.parametrize(
    ("pixels", "weights", "kind", "wanted"),
    [
        (PIXELS, None, "max", "max(1, −2.5, 0, 4) = 4"),
        (PIXELS, np.ones((2, 2), int), "average", "(1 + −2.5 + 0 + 4) / 4 = 0.625"),
        (PIXELS, np.ones((2, 2), int), "blur", "(1·1 + 1·−2.5 + 1·0 + 1·4) / 4 = 0.625"),
        (LARGE, None, "max", "max(16 numbers) = 15"),
        (LARGE, np.ones((4, 4), int), "average", "(sum of 16 numbers) / 16 = 7.5"),
        (LARGE, np.outer(LINE, LINE), "blur", "(sum of 16 products) / 64 = 7.5"),
    ],
)
def test_a_short_sum_is_written_out_and_a_long_one_is_named(pixels, weights, kind, wanted):
    value = pixels.max() if weights is None else np.average(pixels, weights=weights)
    assert written(pixels, weights, value, kind) == wanted
