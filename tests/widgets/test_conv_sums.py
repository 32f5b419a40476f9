"""The products are written out, with their sum and the bias, as the arithmetic has them."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from dlnotes.pictures.matrix import short
from dlnotes.widgets.conv_explorer import ConvExplorer
from dlnotes.widgets.conv_sums import bracketed, colours

XMLNS = ' xmlns="http://www.w3.org/2000/svg"'


def sums(explorer):
    root = ElementTree.fromstring(explorer.svg().replace(XMLNS, ""))
    return root.findall("svg")[1]


def texts(explorer):
    return [text.text for text in sums(explorer).iter("text")]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_every_product_is_written_out(size):
    explorer = ConvExplorer(pixels=9, size=size, step=8, bias=-1.5)
    result, found = explorer.compute(**explorer.values), texts(explorer)
    triples = zip(
        result["window"].ravel(), result["applied"].ravel(), result["products"].ravel(),
        strict=True,
    )  # fmt: skip
    for x, weight, product in triples:
        assert f"{short(x)} × {short(weight)} = {short(product)}" in found
    assert any(text.startswith("sum ") and "+ bias (−1.5) = " in text for text in found)


@pytest.mark.parametrize("size", [6, 7])
def test_large_filters_have_two_lines_a_product(size):
    explorer = ConvExplorer(pixels=9, size=size)
    result, found = explorer.compute(**explorer.values), texts(explorer)
    pairs = zip(result["window"].ravel(), result["applied"].ravel(), strict=True)
    for x, weight in pairs:
        assert f"{short(x)}×{short(weight)}" in found
    assert sum(text.startswith("= ") for text in found) == size**2


@pytest.mark.parametrize("size", [3, 7])
def test_channels_have_their_sums(size):
    explorer = ConvExplorer(pixels=9, size=size, colour=True, data="flower", step=2)
    result, found = explorer.compute(**explorer.values), texts(explorer)
    (line,) = [text for text in found if text.startswith("red ")]
    for name, total in zip(("red", "green", "blue"), result["sums"], strict=True):
        assert f"{name} {bracketed(total)}" in line
    fewer = {3: 0, 7: 1}[size]  # decimals: there is less room
    products = [short(product, fewer) for product in result["products"].ravel()]
    written = [text.removeprefix("= ") for text in found]
    assert all(product in written for product in products)


@pytest.mark.parametrize(("preset", "rounded"), [("edge_right", False), ("blur", True)])
def test_rounded_products_are_said_to_be(preset, rounded):
    for size in (3, 6):
        explorer = ConvExplorer(pixels=9, size=size, preset=preset, step=2)
        assert ("Products: input × weight (rounded)" in texts(explorer)) is rounded


def test_where_factors_cannot_be_read_the_product_stands_alone():
    weights = np.full((3, 3, 3), -23.25)
    found = texts(ConvExplorer(pixels=9, weights=weights, colour=True, data="flower"))
    assert not any("×" in text and "input" not in text for text in found)
    assert "−2.32" in found or any(text.startswith("−") for text in found)


def test_a_large_sum_has_all_its_digits():
    explorer = ConvExplorer(data="numbers", pixels=3, weights=np.full((3, 3), 99.0))
    explorer.numbers_typed = np.full((3, 3), 98.0).tolist()
    assert f"sum {9 * 98 * 99} + bias 0 = {9 * 98 * 99}" in texts(explorer)


def test_a_flipped_filter_is_said_and_used():
    explorer = ConvExplorer(mode="convolution", pixels=9, step=8)
    assert any("half a turn" in text for text in texts(explorer))
    result = explorer.compute(**explorer.values)
    np.testing.assert_array_equal(result["applied"], result["weights"][0][:, ::-1, ::-1])


def test_a_screen_reader_hears_the_sum():
    explorer = ConvExplorer(data="numbers", pixels=6, preset="edge_right", step=7)
    assert sums(explorer).findtext("desc") == (
        "0 × (−1) + 1 × 0 + 1 × 1 + 0 × (−1) + 1 × 0 + 1 × 1 + 0 × (−1) + 1 × 0 + 1 × 1 = 3; "
        "plus bias 0: 3"
    )
    small = ConvExplorer(pixels=3, size=7)
    assert "larger than the image" in sums(small).findtext("desc")


def test_colours_are_even_about_zero():
    assert colours(np.array([-3.0, 2.0])) == (-3, 3)
    assert colours(np.zeros(2)) == (-1, 1)
