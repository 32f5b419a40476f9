"""Lines into pixels: handwriting has to be drawn faster than a network can read it.

A digit is a few curves through control points. They are bent, seen from an angle, fitted into a box
of 20×20 pixels, inked with a round pen and moved until their centre of mass is in the middle of
28×28, as MNIST was made (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied
to document recognition"). Nothing here draws a random number, so the threads cannot change a
picture. Coordinates are (x, y) with y downwards; pixel (row, col) covers [col, col + 1] × [row, row
+ 1].
"""

import functools

import numpy as np
from numba import prange

from dlnotes.kernels.compiled import kernel
from dlnotes.kernels.parallel import SharedLoop, warm_both

BOX = 20  # pixels: the side of the box that a digit is fitted into
SIDE = 28  # pixels: the side of the picture around it
STEPS = 5  # straight pieces between two control points
FAINTEST = 0.01  # what counts as ink: cubic convolution leaves ripples of up to 0.0055 beside it
KNOTS = 5  # control values along each axis of the field that bends


def cubic_matrix(n_in: int, n_out: int) -> np.ndarray:
    """The (n_out, n_in) matrix that resamples n_in cells to n_out by cubic convolution, zero
    outside.

    Keys 1981, "Cubic convolution interpolation for digital image processing", with a = −1/2; the
    curve is widened where there are fewer cells after than before, so that none is skipped.
    """
    wider = max(1.0, n_in / n_out)
    where = (np.arange(n_out) + 0.5) * n_in / n_out - 0.5
    distance = np.abs(where[:, None] - np.arange(n_in)) / wider
    near = (1.5 * distance - 2.5) * distance**2 + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0.0))
    return (weights / wider).astype(np.float32)


@kernel
def coverage(distance, radius):
    """How much of a pixel a stripe of half-width `radius` covers, whose middle is `distance` away
    (0–1).

    Exact where the stripe runs along the pixels; a good estimate where it does not.
    """
    covered = min(distance + 0.5, radius) - max(distance - 0.5, -radius)
    return min(max(covered, 0.0), 1.0)  # Rounding may have passed 1.


@kernel
def trace_curves(control, ends, x, y, down):
    """Catmull–Rom curves through `control` (p, 2), stroke s ending before `ends[s]`; returns the
    points.

    Writes the points to `x`, `y` and to `down` whether the pen is down on the way to each. A
    stroke's first and last tangents point at its neighbours.
    """
    count, first = 0, 0
    for last in ends:
        for i in range(first, last):
            if i == first:
                x[count], y[count], down[count] = control[i, 0], control[i, 1], False
                count += 1
                continue
            before, after = max(i - 2, first), min(i + 1, last - 1)
            for step in range(1, STEPS + 1):
                t = step / STEPS
                a = t * (t * (1 - 0.5 * t) - 0.5)
                b = t * t * (1.5 * t - 2.5) + 1
                c = t * (t * (2 - 1.5 * t) + 0.5)
                d = 0.5 * t * t * (t - 1)
                for axis, out in ((0, x), (1, y)):
                    out[count] = (
                        a * control[before, axis]
                        + b * control[i - 1, axis]
                        + c * control[i, axis]
                        + d * control[after, axis]
                    )
                down[count] = True
                count += 1
        first = last
    return count


@kernel
def spline_weights(t, weights):
    """The four weights of the uniform cubic B-spline at `t` (0–1) between its two middle knots."""
    weights[0] = (1 - t) ** 3 / 6
    weights[1] = (3 * t**3 - 6 * t**2 + 4) / 6
    weights[2] = (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6
    weights[3] = t**3 / 6


@kernel
def bend(x, y, count, field):
    """Move the points of the unit square by a smooth field (2, KNOTS, KNOTS), a cubic B-spline.

    An elastic distortion in the manner of Simard, Steinkraus and Platt 2003, "Best practices for
    convolutional neural networks": there random moves smoothed by a Gaussian, which a B-spline is
    nearly.
    """
    across, along = np.empty(4), np.empty(4)
    cells = KNOTS - 3
    for k in range(count):
        u = min(max(x[k], 0.0), 1.0) * cells
        v = min(max(y[k], 0.0), 1.0) * cells
        col, row = min(int(u), cells - 1), min(int(v), cells - 1)
        spline_weights(u - col, across)
        spline_weights(v - row, along)
        for r in range(4):
            for c in range(4):
                weight = along[r] * across[c]
                x[k] += weight * field[0, row + r, col + c]
                y[k] += weight * field[1, row + r, col + c]


@kernel
def view_from(x, y, count, view):
    """The points seen through `view`: first a 2×2 matrix, row by row, then a perspective (2,)."""
    for k in range(count):
        p, q = x[k] - 0.5, y[k] - 0.5
        depth = 1 + view[4] * p + view[5] * q
        x[k] = (view[0] * p + view[1] * q) / depth
        y[k] = (view[2] * p + view[3] * q) / depth


@kernel
def fit_box(x, y, count, radius, side):
    """Scale and move the points so that what a pen of `radius` inks just fits a square of `side`
    pixels.

    The longer side fits; the shorter one lies from 0 as well. The shape keeps its proportions.
    """
    left, right, top, bottom = x[0], x[0], y[0], y[0]
    for k in range(1, count):
        left, right = min(left, x[k]), max(right, x[k])
        top, bottom = min(top, y[k]), max(bottom, y[k])
    scale = (side - 2 * radius) / max(right - left, bottom - top)
    for k in range(count):
        x[k] = radius + (x[k] - left) * scale
        y[k] = radius + (y[k] - top) * scale


@kernel
def ink(x, y, down, count, radius, picture):
    """Ink the line through the points into `picture` (h, w) with a round pen.

    A pixel's value is `coverage` at its centre's distance to the nearest piece of the line.
    """
    h, w = picture.shape
    reach = radius + 0.5
    picture[:] = reach * reach
    for k in range(1, count):
        if not down[k]:
            continue
        x0, y0 = x[k - 1], y[k - 1]
        dx, dy = x[k] - x0, y[k] - y0
        length = max(dx * dx + dy * dy, 1e-12)
        first_col = max(0, int(min(x0, x[k]) - reach))
        last_col = min(w, int(max(x0, x[k]) + reach) + 1)
        first_row = max(0, int(min(y0, y[k]) - reach))
        last_row = min(h, int(max(y0, y[k]) + reach) + 1)
        for row in range(first_row, last_row):
            for col in range(first_col, last_col):
                px, py = col + 0.5 - x0, row + 0.5 - y0
                t = min(max((px * dx + py * dy) / length, 0.0), 1.0)
                square = (px - t * dx) ** 2 + (py - t * dy) ** 2
                if square < picture[row, col]:
                    picture[row, col] = square
    for row in range(h):
        for col in range(w):
            picture[row, col] = coverage(np.sqrt(picture[row, col]), radius)


@kernel
def enlarge(small, matrix, large):
    """Resample `small` (cells, cells) through `matrix` both ways into `large`, kept in 0–1."""
    cells, side = len(small), len(large)
    half = np.zeros((side, cells), small.dtype)
    for row in range(side):
        for inner in range(cells):
            weight = matrix[row, inner]
            if weight != 0:
                for col in range(cells):
                    half[row, col] += weight * small[inner, col]
    for row in range(side):
        for col in range(side):
            total = 0.0
            for inner in range(cells):
                total += half[row, inner] * matrix[col, inner]
            large[row, col] = min(max(total, 0.0), 1.0)


@kernel
def centre(box, picture):
    """Copy `box` to the middle of the empty `picture`, moving its centre of mass by whole pixels.

    The centre of mass comes within half a pixel of the picture's middle, unless ink would leave the
    picture. A blank box leaves it blank.
    """
    h, w = box.shape
    total, down, across = 0.0, 0.0, 0.0
    first_row, last_row, first_col, last_col = h, -1, w, -1
    for row in range(h):
        for col in range(w):
            if box[row, col] > FAINTEST:
                total += box[row, col]
                down += box[row, col] * (row + 0.5)
                across += box[row, col] * (col + 0.5)
                first_row, last_row = min(first_row, row), row
                first_col, last_col = min(first_col, col), max(last_col, col)
    if total == 0:
        return
    top = int(np.floor(picture.shape[0] / 2 - down / total + 0.5))
    left = int(np.floor(picture.shape[1] / 2 - across / total + 0.5))
    top = min(max(top, -first_row), picture.shape[0] - last_row - 1)
    left = min(max(left, -first_col), picture.shape[1] - last_col - 1)
    for row in range(first_row, last_row + 1):
        for col in range(first_col, last_col + 1):
            if box[row, col] > FAINTEST:
                picture[top + row, left + col] = box[row, col]


@SharedLoop
def draw_all(control, ends, field, view, radius, cells, matrices, pictures):
    """Draw digit i of n into the empty `pictures[i]`; see `draw_digits`."""
    longest = control.shape[1] * STEPS
    for i in prange(len(pictures)):
        x, y = np.empty(longest), np.empty(longest)
        down = np.empty(longest, np.bool_)
        box = np.empty((BOX, BOX), pictures.dtype)
        count = trace_curves(control[i], ends[i], x, y, down)
        bend(x, y, count, field[i])
        view_from(x, y, count, view[i])
        pen = radius[i] * cells[i] / BOX
        fit_box(x, y, count, pen, cells[i])
        if cells[i] == BOX:
            ink(x, y, down, count, pen, box)
        else:
            coarse = np.empty((cells[i], cells[i]), pictures.dtype)
            ink(x, y, down, count, pen, coarse)
            enlarge(coarse, matrices[cells[i]], box)
        centre(box, pictures[i])


@functools.cache
def enlargements() -> np.ndarray:
    """`cubic_matrix(cells, BOX)` for all cells up to BOX: (BOX + 1, BOX, BOX), zeros after them."""
    matrices = np.zeros((BOX + 1, BOX, BOX), np.float32)
    for cells in range(1, BOX + 1):
        matrices[cells, :, :cells] = cubic_matrix(cells, BOX)
    return matrices


def draw_digits(
    control: np.ndarray,
    ends: np.ndarray,
    field: np.ndarray,
    view: np.ndarray,
    radius: np.ndarray,
    cells: np.ndarray,
) -> np.ndarray:
    """Pictures (n, SIDE, SIDE) of n digits, float32 in 0–1; all arguments float32 but the two
    named.

    `control` (n, p, 2) points in the unit square and `ends` (n, strokes), int64, the point before
    which each stroke ends; `field` (n, 2, KNOTS, KNOTS) bends; `view` (n, 6) as in `view_from`;
    `radius` (n,) of the pen in pixels of the box; `cells` (n,), int64: how many pixels the box is
    scanned with before it is resampled to BOX of them; BOX leaves it crisp.
    """
    pictures = np.zeros((len(control), SIDE, SIDE), np.float32)
    each = 12_000  # nanoseconds
    arguments = (control, ends, field, view, radius, cells, enlargements(), pictures)
    draw_all(*arguments, nanoseconds=each * len(pictures))
    return pictures


@kernel
def ink_line(x, y, down, radius, fitted, picture):
    """Ink the line through the points x, y (p,) into the empty `picture` (h, w), float32.

    The pen is down on the way to the points that `down` marks. Where `fitted`, what is inked is
    first made like MNIST's digits, fitted into the box and centred by its mass, and the picture is
    SIDE × SIDE. Else the points are pixels of `picture`. x and y, float64, are changed.
    """
    if fitted:
        box = np.empty((BOX, BOX), np.float32)
        fit_box(x, y, x.size, radius, BOX)
        ink(x, y, down, x.size, radius, box)
        centre(box, picture)
    else:
        ink(x, y, down, x.size, radius, picture)


def warm() -> None:
    """Compile: one crisp stroke, and one that a coarse scan sees."""
    control = np.array([[[0.0, 0.0], [1.0, 1.0]]] * 2, np.float32)
    view = np.array([[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]] * 2, np.float32)
    field = np.zeros((2, 2, KNOTS, KNOTS), np.float32)
    radius = np.ones(2, np.float32)
    ends, cells = np.array([[2], [2]]), np.array([BOX, 8])
    warm_both(lambda: draw_digits(control, ends, field, view, radius, cells))
    x, picture = np.array([0.0, 1.0]), np.zeros((SIDE, SIDE), np.float32)
    ink_line(x, x.copy(), np.array([False, True]), 1.5, True, picture)
