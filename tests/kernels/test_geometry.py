"""Which convolutions register tiles do, and which are left to the plain loops."""

import pytest

from dlnotes.kernels import geometry, tiles, tiles_back


@pytest.mark.parametrize("sides", [((3, 0), (0, 0)), ((0, 0), (0, 3))])
def test_padding_beyond_the_filter_is_left_to_the_plain_loops(sides):
    assert geometry.geometry((1, 1, 5, 5), (1, 1, 3, 3), sides, (1, 1)) is None


def test_a_processor_without_vectors_is_left_to_the_plain_loops(monkeypatch):
    monkeypatch.setattr(geometry, "LANES", 0)
    geometry.geometry.cache_clear()
    assert geometry.geometry((1, 1, 5, 5), (1, 1, 3, 3), ((1, 1), (1, 1)), (1, 1)) is None
    tiles.warm()
    tiles_back.warm()
    geometry.geometry.cache_clear()
