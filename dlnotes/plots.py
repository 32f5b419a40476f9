"""The same results as matplotlib figures, for a report, a paper or a slide.

Each function takes arrays and returns a `matplotlib.figure.Figure`, which a notebook shows and
`figure.savefig("fit.pdf")` (or .svg, .png with `dpi=200`) saves. pyplot is not used: nothing is
kept open, and figures can be made on any thread.
"""

from itertools import cycle
from typing import Any

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from dlnotes.words import _

STYLES = ("-", "--", "-.", ":")
COLOURS = matplotlib.color_sequences["petroff10"]  # M. Petroff, arXiv:2107.02270


def blank(
    *, title: str = "", x_label: str = "", y_label: str = "", size: tuple[float, float] = (6, 4.2)
) -> tuple[Figure, Axes]:
    """An empty figure of `size` inches and its axes, in this package's look, to draw on."""
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_prop_cycle(cycler(color=COLOURS))
    axes.set_title(title, loc="left", wrap=True)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="0.9")
    axes.set_axisbelow(True)
    return figure, axes


def fit(
    x: Any, y: Any, curve_x: Any, curve_y: Any, *, residuals: Any = None,
    title: str = "", x_label: str = "x", y_label: str = "y",
) -> Figure:  # fmt: skip
    """Points (n,) and the curve (m,) fitted to them; `residuals` are the curve's values at `x`.

    With `residuals`, a thin line joins each point to the curve.
    """
    figure, axes = blank(title=title, x_label=x_label, y_label=y_label)
    if residuals is not None:
        axes.vlines(x, y, residuals, color="0.5", linewidth=1, label=_("residuals"))
    axes.plot(curve_x, curve_y, color=COLOURS[1], linewidth=2, label=_("fit"))
    axes.plot(x, y, "o", color=COLOURS[0], markeredgecolor="white", label=_("data"))
    axes.legend(frameon=False)
    return figure


def surface(
    values: Any, extent: tuple[float, float, float, float], path: Any = None, *,
    title: str = "", x_label: str = "", y_label: str = "", label: str = "", levels: int = 10,
) -> Figure:  # fmt: skip
    """A map of `values` (rows, cols), row 0 at the low end of y, with level lines and a colour bar.

    `extent` is the outer edges (x low, x high, y low, y high); `path` (steps, 2) the places
    visited, the last one marked. `label` names the values.
    """
    figure, axes = blank(title=title, x_label=x_label, y_label=y_label)
    axes.grid(visible=False)
    image = axes.imshow(values, extent=extent, origin="lower", aspect="auto", cmap="viridis")
    if np.ptp(values) > 0:
        axes.contour(
            values, levels=levels, extent=extent, origin="lower", colors="white", linewidths=0.6
        )
    figure.colorbar(image, ax=axes, label=label)
    if path is not None:
        steps = np.asarray(path)
        axes.plot(steps[:, 0], steps[:, 1], color=COLOURS[1], marker=".", markersize=3)
        axes.plot(steps[-1:, 0], steps[-1:, 1], "D", color=COLOURS[1], markeredgecolor="white")
    axes.set(xlim=extent[:2], ylim=extent[2:])
    return figure


def errors(
    degree: Any, train: Any, test: Any, *, title: str = "", x_label: str = "", y_label: str = "",
) -> Figure:  # fmt: skip
    """Training and test error (n,) against the degree (or any size) of a model, on a log axis.

    Without data held back for a test, `test` is None.
    """
    x_label, y_label = x_label or _("degree"), y_label or _("mean squared error")
    figure, axes = blank(title=title, x_label=x_label, y_label=y_label)
    axes.plot(degree, train, "o-", label=_("training"))
    if test is not None:
        axes.plot(degree, test, "s--", label=_("test"))
    axes.set_yscale("log")
    axes.legend(frameon=False)
    return figure


def lines(
    runs: Any, *, title: str = "", x_label: str = "", y_label: str = "", x_log: bool = False,
    y_log: bool = False,
) -> Figure:  # fmt: skip
    """Several lines to compare: `runs` maps the name of each to its x (n,) and y (n,)."""
    figure, axes = blank(title=title, x_label=x_label, y_label=y_label)
    for (name, (x, y)), style in zip(runs.items(), cycle(STYLES), strict=False):
        axes.plot(x, y, style, linewidth=2, label=name)
    axes.set_xscale("log" if x_log else "linear")
    axes.set_yscale("log" if y_log else "linear")
    axes.legend(frameon=False)
    return figure


def image(values: Any, *, title: str = "", colormap: str = "gray", label: str = "") -> Figure:
    """An image (h, w) or (h, w, 3), row 0 on top; with `label`, a colour bar and its meaning.

    A two-sided map such as "PuOr" or "RdBu" keeps zero in its middle.
    """
    figure, axes = blank(title=title, size=(4.2, 4.2))
    axes.set_axis_off()
    size = float(np.nanmax(np.abs(values), initial=1e-30))
    norm = TwoSlopeNorm(0, -size, size) if colormap in {"PuOr", "RdBu", "coolwarm"} else None
    shown = axes.imshow(values, cmap=colormap, norm=norm, interpolation="nearest")
    if label:
        figure.colorbar(shown, ax=axes, label=label, shrink=0.8)
    return figure
