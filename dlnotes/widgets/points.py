"""Where the points of a fit come from: the same three sources in every widget that fits a curve."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.widgets.controls import choice, slider, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

SOURCES = {
    "stopping": _("Stopping distances, 1920s"),
    "made": _("A made curve"),
    "own": _("My own points"),
}
OWN = "1, 3\n2, 4\n3, 8\n4, 13\n5, 24\n6, 33\n"
OWN_EXAMPLES = (
    "x;y\n1;2\n2;3,5\n4;1\n",
    "1 1\n2 2\n3 oops\n",
    "5\t5\n6\t5\n7\t5\n",
    "1,1\n1,2\n1,3\n",
)


@dataclass(frozen=True, eq=False)
class Points:
    """The points of one source, x and y (n,), and how their axes are named."""

    x: np.ndarray
    y: np.ndarray
    x_label: str = "x"
    y_label: str = "y"
    unit: str = ""

    def window(self, values: np.ndarray) -> tuple[float, float]:
        """The range of an axis that shows these values with some room around them."""
        low, high = float(values.min()), float(values.max())
        room = 0.08 * (high - low) or 1.0
        return low - room, high + room


@lru_cache(maxsize=64)
def points_of(source: str, seed: int, own: str) -> Points:
    """The points of a source; ValueError says what is wrong with the reader's own."""
    if source == "stopping":
        x, y = data.stopping_distances()
        return Points(x, y, _("speed (miles per hour)"), _("distance to a stop (feet)"), _("feet"))
    if source == "made":
        return Points(*data.made_curve(rng=np.random.default_rng(seed)))
    return Points(*data.two_columns(own))


class PointsExplorer(Explorer):
    """Base of the explorers that fit points: the choice of a source, with the controls it needs."""

    data = choice(_("Data"), SOURCES, value="stopping", group=_("Data"))
    seed = slider(_("Seed of the made curve"), 0, 20, value=0, group=_("Data"))
    own = text(
        _("Two columns: x, y"),
        value=OWN,
        rows=4,
        limit=40_000,
        files=".csv,.tsv,.txt",
        group=_("Data"),
        examples=OWN_EXAMPLES,
    )

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {
            "seed": {"hidden": values["data"] != "made"},
            "own": {"hidden": values["data"] != "own"},
        }
