"""Each figure holds the numbers it was given, is saved as it stands, and leaves nothing open."""

import io
import subprocess
import sys

import numpy as np
import pytest

from dlnotes import plots

X = np.linspace(-1, 1, 5)
GRID = np.add.outer(X**2, X)


def saved(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=40)
    return file.getvalue()


def test_a_fit_shows_points_curve_and_residuals():
    figure = plots.fit(X, X**2, X, X, residuals=X, title="Fit", x_label="a", y_label="b")
    axes = figure.axes[0]
    curve, points = axes.lines
    np.testing.assert_array_equal(points.get_ydata(), X**2)
    np.testing.assert_array_equal(curve.get_ydata(), X)
    ends = np.array(axes.collections[0].get_segments())
    np.testing.assert_array_equal(np.sort(ends[:, :, 1]), np.sort(np.stack([X, X**2], axis=1)))
    assert (axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()) == ("Fit", "a", "b")
    assert len(plots.fit(X, X, X, X).axes[0].collections) == 0
    assert saved(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize("values", [GRID, np.ones((5, 5))])
def test_a_surface_shows_values_and_path(values):
    figure = plots.surface(values, (-1, 1, -2, 2), path=[[0, 0], [0.5, 1]], label="error")
    axes, bar = figure.axes
    np.testing.assert_array_equal(axes.images[0].get_array(), values)
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 1), (-2, 2))
    assert bar.get_ylabel() == "error"
    assert axes.lines[-1].get_xydata().tolist() == [[0.5, 1]]
    assert len(plots.surface(values, (0, 1, 0, 1)).axes[0].lines) == 0
    assert saved(figure)


def test_errors_are_on_a_logarithmic_axis():
    axes = plots.errors([1, 2, 3], [1, 0.1, 0.01], [1, 0.5, 2]).axes[0]
    assert axes.get_yscale() == "log"
    assert axes.lines[1].get_ydata().tolist() == [1, 0.5, 2]
    assert axes.get_ylabel() == "mean squared error"
    assert len(plots.errors([1, 2], [1, 2], None, x_label="size").axes[0].lines) == 1


def test_an_image_has_zero_in_the_middle_of_a_two_sided_map():
    figure = plots.image([[-1, 4]], colormap="PuOr", label="weight")
    assert figure.axes[0].images[0].get_clim() == (-4, 4)
    assert len(plots.image(np.zeros((2, 2, 3))).axes) == 1
    assert plots.image(GRID).axes[0].images[0].get_clim() == (GRID.min(), GRID.max())


def test_pyplot_is_never_loaded():
    code = "import sys, dlnotes.plots as p; p.fit([1], [1], [1], [1]); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "matplotlib.figure" in run.stdout
    assert "matplotlib.pyplot" not in run.stdout


def test_lines_are_told_apart_by_more_than_their_colour():
    runs = {name: (X, X**2 + i) for i, name in enumerate("abcde")}
    figure = plots.lines(runs, title="Runs", x_label="step", y_label="loss", y_log=True)
    axes = figure.axes[0]
    assert [line.get_label() for line in axes.lines] == list("abcde")
    for i, line in enumerate(axes.lines):
        np.testing.assert_array_equal(line.get_ydata(), X**2 + i)
    assert len({(line.get_color(), line.get_linestyle()) for line in axes.lines}) == 5
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert plots.lines(runs, x_log=True).axes[0].get_xscale() == "log"
