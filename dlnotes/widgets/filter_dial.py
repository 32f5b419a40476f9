"""A filter's direction as a dial: which arc of a circle lights up, and how much at each angle."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.pictures.cells import Cells
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.marks import button
from dlnotes.pictures.matrix import Matrix, fitted
from dlnotes.pictures.palette import paint
from dlnotes.pictures.svg import (
    EDGE,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    readable,
)
from dlnotes.widgets.controls import choice, slider
from dlnotes.widgets.conv_arithmetic import Setting, outputs
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.filters import towards
from dlnotes.words import _

IMAGES = {
    "dark": _("Dark disc on white"),
    "bright": _("Bright disc on black"),
    "line": _("Circle: a bright line on black"),
}
N = 40  # pixels a side
RADIUS = 12.0  # pixels
REACH = 4.0  # pixels: how far from the line a response is looked for
ANGLES = np.arange(0, 360, 5)
STEP = 5  # degrees
HALF = 0.5  # of the largest response: from here on, a place counts as lit
DIAL = 64.0  # pixels: the dial's radius
SIDE = 240  # pixels: a picture's


@lru_cache(maxsize=8)
def image_of(name: str) -> np.ndarray:
    """The picture (N, N), float64."""
    if name == "line":
        return data.shape("circle", size=N, radius=RADIUS, thickness=3).astype(float)
    # A ring whose line is so thick that it has no hole.
    disc = data.shape("circle", size=N, radius=RADIUS / 2 - 0.25, thickness=RADIUS + 0.5)
    return disc.astype(float) if name == "bright" else 1.0 - disc


@lru_cache(maxsize=8)
def rays(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The output cells, rows and columns (angles, radii), under rays from the circle's centre."""
    along = np.arange(RADIUS - REACH, RADIUS + REACH + 0.01, 0.25)
    turned = np.radians(ANGLES)[:, None]
    moved = (size - 1) / 2 + 0.5  # an output cell stands for the middle of its window
    rows = np.rint(N / 2 - np.sin(turned) * along - moved).astype(int)
    cols = np.rint(N / 2 + np.cos(turned) * along - moved).astype(int)
    return rows, cols


def peak(response: np.ndarray) -> int:
    """The angle of the largest response; in the middle of its plateau, where there is one."""
    first = int(ANGLES[response.argmax()])
    away = (ANGLES[response >= response.max() - 1e-9] - first + 180) % 360 - 180
    return round(first + float(away[abs(away) <= 60].mean())) % 360


class FilterDial(Explorer):
    """A filter that rises towards an angle, over a circle: the arc that lights, and by how much.

    The dial is dragged, or turned with the arrow keys; `angle` is in degrees, anticlockwise from
    the right.

    >>> FilterDial(angle=90, image="line")
    """

    title = _("The direction of a filter")

    angle = slider(_("Direction"), 0, 360 - STEP, step=STEP, value=45, unit="°", play=True)
    image = choice(_("Image"), IMAGES, value="dark")
    size = slider(_("Filter size"), 3, 7, step=2, value=3)

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "dial":
            return {}
        if pick.get("how") == "key":
            turns = {"ArrowLeft": 1, "ArrowUp": 1, "ArrowRight": -1, "ArrowDown": -1}
            turned = values["angle"] + STEP * turns.get(pick.get("key", ""), 0)
            return {"angle": turned % 360}
        if "x" in pick and pick.get("how") in ("drag", "click"):
            angle = np.degrees(np.arctan2(pick["y"], pick["x"]))
            return {"angle": int(round(float(angle) / STEP)) * STEP % 360}
        return {}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        x, weights = image_of(v.image), towards(v.angle, v.size)
        y = outputs(x[None], weights[None, None], np.zeros(1), Setting(v.size))[0]
        on_ray = y[rays(v.size)]
        largest, smallest = on_ray.max(axis=1), on_ray.min(axis=1)
        return {
            "values": v,
            "x": x,
            "weights": weights,
            "y": y,
            "largest": largest,
            "smallest": smallest,
            "best": peak(largest),
            "worst": peak(-smallest),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {
            "angle": result["values"].angle,
            "largest": float(result["largest"].max()),
            "smallest": float(result["smallest"].min()),
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return _(
            "The filter rises towards {angle}°. Around the circle its response is largest, "
            "{largest}, at {best}°, and smallest, {smallest}, at {worst}°."
        ).format(
            angle=r.values.angle,
            largest=readable(float(r.largest.max())),
            best=r.best,
            smallest=readable(float(r.smallest.min())),
            worst=r.worst,
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_dial(r),
            draw_image(r),
            draw_response(r),
            draw_angles(r),
            title=self.title,
            description=self.say(result),
        )


def draw_dial(r: SimpleNamespace) -> str:
    """The dial with its hand, and under it the filter that it makes."""
    angle, k = r.values.angle, r.values.size
    across, down = EDGE + DIAL + 8, 36 + DIAL + 8
    turned = np.radians(angle)
    x, y = across + DIAL * np.cos(turned), down - DIAL * np.sin(turned)
    label = _("Direction {angle}°. Drag the hand, or use the arrow keys.").format(angle=angle)
    axes = (
        f'{{"name":"dial","left":{number(across - DIAL)},"top":{number(down - DIAL)},'
        f'"width":{number(2 * DIAL)},"height":{number(2 * DIAL)},"x":[-1,1],"y":[-1,1],'
        '"x_log":false,"y_log":false}'
    )
    title = _("Filter, {angle}°").format(angle=angle)
    most = float(np.abs(r.weights).max())
    cells = Matrix(EDGE + 16, down + DIAL + 22, k, k, 112 / k)
    body = (
        heading((title,), EDGE)
        + f'<g data-axes="{escape(axes)}"><circle cx="{number(across)}" cy="{number(down)}" '
        f'r="{number(DIAL)}" fill="transparent" stroke="{MUTED}" stroke-width="2" '
        f"{button('dial', True)}><title>{label}</title></circle></g>"
        f'<path d="M{number(across)} {number(down)}L{number(x)} {number(y)}" '
        f'stroke="{paint(1)}" stroke-width="4" stroke-linecap="round" pointer-events="none"/>'
        f'<circle cx="{number(x)}" cy="{number(y)}" r="8" fill="{paint(1)}" '
        'pointer-events="none"/>'
        + cells.draw(r.weights, colormap="diverging", limits=(-most, most))
    )
    return panel(
        body, width=2 * across, height=cells.top + cells.height + EDGE, title=title,
        description=label, name="dial", role="group",
    )  # fmt: skip


def arcs(lit: np.ndarray, radius: float, middle: tuple[float, float]) -> str:
    """The path of the arcs around `middle` at the angles that are lit."""
    path = []
    for angle in ANGLES[lit].tolist():
        ends = np.radians([angle - STEP / 2, angle + STEP / 2])
        xs, ys = middle[0] + radius * np.cos(ends), middle[1] - radius * np.sin(ends)
        path.append(f"M{xs[0]:.1f} {ys[0]:.1f}L{xs[1]:.1f} {ys[1]:.1f}")
    return "".join(path)


def draw_image(r: SimpleNamespace) -> str:
    """The image, with the arc that the filter lights."""
    title = _("The arc that lights up")
    said = _("Thick: the response is more than half of the largest. Dashed: as far below zero.")
    cells = fitted(EDGE, EDGE + TITLE_STEP + 4, N, N, SIDE)
    most = max(float(r.largest.max()), -float(r.smallest.min()))
    middle = cells.middle((N - 1) / 2, (N - 1) / 2)
    lit = arcs(r.largest >= HALF * most, (RADIUS + 2.7) * cells.side, middle)
    dark = arcs(r.smallest <= -HALF * most, (RADIUS + 4.7) * cells.side, middle)
    body = (
        heading((title,), EDGE)
        + cells.draw(r.x, limits=(0, 1))
        + f'<path d="{lit}" fill="none" stroke="{paint(1)}" stroke-width="7"/>'
        f'<path d="{dark}" fill="none" stroke="{paint(0)}" stroke-width="4" '
        'stroke-dasharray="4 4"/>'
    )
    return panel(
        body, width=SIDE + 2 * EDGE, height=cells.top + SIDE + EDGE, title=title,
        description=said, name="image",
    )  # fmt: skip


def draw_response(r: SimpleNamespace) -> str:
    most = float(np.abs(r.y).max()) or 1.0
    return Cells(
        r.y, cell=SIDE / len(r.y), title=_("Response"), limits=(-most, most), name="response",
        colormap="diverging",
        description=_("Orange: positive, the same direction. Blue: negative, the opposite one."),
    ).svg()  # fmt: skip


def draw_angles(r: SimpleNamespace) -> str:
    most = 1.15 * max(float(r.largest.max()), -float(r.smallest.min()))
    chart = Chart(
        400,
        300,
        x=(0, 360),
        y=(-most, most),
        title=_("Response by place on the circle"),
        description=_("The largest and the smallest response under each ray from the centre."),
        x_label=_("angle of the place (degrees)"),
        y_label=_("response"),
        name="angles",
    )
    chart.rule(y=0, color="muted", dash=False)
    chart.rule(x=r.values.angle, color=1, label=_("the filter's direction"))
    peak = float(r.largest.max())
    if r.values.image != "line":
        sign = 1 if r.values.image == "dark" else -1
        chart.line(
            ANGLES, sign * peak * np.cos(np.radians(ANGLES - r.values.angle)),
            color="muted", dash=True, label=_("cosine"),
        )  # fmt: skip
    chart.line(ANGLES, r.largest, color=1, width=3, label=_("largest"))
    chart.line(ANGLES, r.smallest, color=0, width=3, label=_("smallest"))
    return chart.svg()
