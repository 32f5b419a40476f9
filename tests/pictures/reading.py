"""A chart read back from its XML: its mapping, its marks, and where they stand in the data."""

import json
import re
from xml.etree import ElementTree

import numpy as np

from dlnotes.pictures.chart import Chart

SVG = "{http://www.w3.org/2000/svg}"
X = np.array([1.0, 2.0, 3.0])


def chart(**options):
    return Chart(**({"x": (0, 4), "y": (0, 10), "title": "T"} | options))


def axes_of(svg):
    return ElementTree.fromstring(svg).find(f".//{SVG}g[@class='dlnotes-axes']")


def mapping(svg):
    return json.loads(axes_of(svg).get("data-axes"))


def marks_of(svg):
    """Every drawn element inside the axes but ground, grid and axis lines."""
    return list(axes_of(svg))[3:]


def path_of(svg):
    return marks_of(svg)[0].find(f"{SVG}path").get("d")


def places(path):
    return np.array(
        [[float(a), float(b)] for a, b in re.findall(r"[ML](\S+?) ([^MLHVhvzm]+)", path)]
    )


def to_data(svg, places):
    m = mapping(svg)
    share = (places - [m["left"], m["top"]]) / [m["width"], m["height"]]
    x, y = np.array(m["x"]), np.array(m["y"])
    return np.column_stack([x[0] + share[:, 0] * np.ptp(x), y[1] - share[:, 1] * np.ptp(y)])


def shape_of(element):
    """The tree of tags, without attributes."""
    return element.tag, [shape_of(child) for child in element]
