"""The colours can be told apart: from their ground, and from one another by colour-blind eyes."""

from itertools import combinations

import numpy as np
import pytest

from dlnotes.pictures.image import colour
from dlnotes.pictures.palette import CSS, DARK, LIGHT, letters, paint

# Machado, Oliveira & Fernandes, IEEE TVCG 15 (2009), severity 1, for linear RGB.
EYES = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
          [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip


def linear(shade):
    if isinstance(shade, str):
        shade = [int(shade[i : i + 2], 16) for i in (1, 3, 5)]
    shade = np.asarray(shade) / 255
    return np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    low, high = sorted(linear(shade) @ [0.2126, 0.7152, 0.0722] for shade in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(shade, eye="normal"):
    seen = np.clip(np.array(EYES[eye]) @ linear(shade), 0, 1)
    x, y, z = np.cbrt(np.array(TO_XYZ) @ seen / [0.95047, 1, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_with_the_ground(palette):
    ground = palette["paper"]
    assert all(contrast(palette[str(i)], ground) >= 3 for i in range(6))
    assert contrast(palette["ink"], ground) >= 7
    assert contrast(palette["muted"], ground) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("i", range(6))
def test_letters_are_read_on_the_ground(palette, i):
    assert letters(i) in (CSS[str(i)], f"color-mix(in srgb, {CSS[str(i)]} 75%, {CSS['ink']})")
    ink, shade = (
        [int(palette[name][k : k + 2], 16) for k in (1, 3, 5)] for name in ("ink", str(i))
    )
    share = 1 if letters(i) == CSS[str(i)] else 0.75
    mixed = share * np.array(shade) + (1 - share) * np.array(ink)
    assert contrast(mixed, palette["paper"]) >= 4.4


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_any_two_series_differ_for_every_eye(palette, eye):
    seen = [lab(palette[str(i)], eye) for i in range(6)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= 20


@pytest.mark.parametrize("eye", EYES)
def test_the_diverging_map_has_two_sides_and_a_light_middle_for_every_eye(eye):
    low, half_low, middle, half_high, high = colour([[-1, -0.5, 0, 0.5, 1]], colormap="diverging")[
        0, :, :3
    ]
    assert np.linalg.norm(lab(low, eye) - lab(high, eye)) > 40
    assert np.linalg.norm(lab(half_low, eye) - lab(half_high, eye)) > 30
    assert lab(middle, eye)[0] > 95
    assert abs(lab(low, eye)[0] - lab(high, eye)[0]) < 15


def test_viridis_grows_lighter_throughout():
    shades = colour([np.linspace(0, 1, 40)])[0, :, :3]
    assert (np.diff([lab(shade)[0] for shade in shades]) > 0).all()


def test_a_colour_is_a_variable_with_its_light_value():
    assert paint(0) == "var(--dlnotes-0, #0072B2)"
    assert paint("ink") == "var(--dlnotes-ink, #222222)"
    assert paint("white") == "#FFFFFF"  # on an image, the same by day and by night
    assert set(LIGHT) == set(DARK)
