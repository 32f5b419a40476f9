"""Very large numbers of the real world, each with its source, to set a larger one beside."""

import math
from dataclasses import dataclass
from functools import lru_cache

from dlnotes.words import _

# The installed storage of the whole world in 2020.
BYTES = 6_700_000_000_000_000_000_000
# Planck Collaboration, Planck 2018 results VI: Cosmological parameters, 2020. The density of
# ordinary matter is this share of 1.878e-26 kg/m³, the critical density for H₀ = 100 km/s/Mpc.
BARYONS, CRITICAL = 0.0224, 1.878e-26
# T. M. Davis and C. H. Lineweaver, Expanding Confusion, 2004: how far the observable universe
# reaches, in light-years; metres a light-year.
RADIUS, LIGHT_YEAR = 46.5e9, 9.4607e15
HELIUM = 0.245  # of the ordinary matter's mass; the rest is nearly all hydrogen
ATOM_H, ATOM_HE = 1.6735e-27, 6.6465e-27  # kg


@dataclass(frozen=True)
class Landmark:
    """A number that is known from somewhere."""

    name: str
    value: int
    source: str


@lru_cache
def atoms() -> int:
    """About how many atoms there are in the observable universe."""
    volume = 4 / 3 * math.pi * (RADIUS * LIGHT_YEAR) ** 3
    mass = BARYONS * CRITICAL * volume
    return int(mass * ((1 - HELIUM) / ATOM_H + HELIUM / ATOM_HE))


@lru_cache
def landmarks() -> tuple[Landmark, ...]:
    """The smaller first."""
    return (
        Landmark(
            _("bytes that all memory on Earth holds"),
            BYTES,
            _("IDC, Global StorageSphere, 2021, for the year 2020"),
        ),
        Landmark(
            _("atoms in the observable universe"),
            atoms(),
            _("from the density of matter: Planck Collaboration, 2020"),
        ),
    )
