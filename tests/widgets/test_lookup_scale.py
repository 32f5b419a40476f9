"""The large numbers of the real world, worked out again by another way."""

import math

from dlnotes.widgets.lookup_scale import atoms, landmarks


def test_the_number_of_atoms_is_what_everybody_says():
    # A quarter of a hydrogen atom in each cubic metre of a ball of 4.4e26 m.
    assert math.isclose(atoms(), 0.2 * 4 / 3 * math.pi * 4.4e26**3, rel_tol=0.1)
    assert len(str(atoms())) == 80


def test_each_has_a_source_and_a_year():
    memory, universe = landmarks()
    assert memory.value < universe.value
    assert "2021" in memory.source
    assert "2020" in universe.source
