"""The pictures of a `TrainingMonitor`: two curves, the weights of a layer, the confusion matrix."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers import Conv2d
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.confusion import confusion
from dlnotes.pictures.svg import (
    EDGE,
    MUTED,
    TITLE_STEP,
    escape,
    heading,
    number,
    panel,
    readable,
    title_lines,
    wrap,
)
from dlnotes.pictures.tiles import mosaic, tiles_tag
from dlnotes.words import _

ACROSS = {"epochs": _("epochs"), "steps": _("steps"), "seconds": _("seconds of work")}
WIDTH, CHART_HEIGHT, LOWER = 520, 186, 256
MOST_CHANGES = 12  # rules that mark a change of settings
MOST_FILTERS = 32
NEARLY_ALL = 0.995  # of the weights lie within the colours


def per_cent(share: float) -> str:
    return _("{value:.1f}%").format(value=100 * share)


# The curves -----------------------------------------------------------------------------------


def reach(r: SimpleNamespace) -> float:
    """Where the curves' axis ends: at the end of the run, or of a longer one that was kept."""
    ends = [max(kept[r.across], default=0.0) for kept in r.kept]
    now, share = r.now, r.now.seen / r.total or 1.0
    whole = {"epochs": r.epochs, "steps": now.step / share, "seconds": now.seconds / share}
    return max(whole[r.across], *ends, 1e-3)


def curve(r: SimpleNamespace, what: str, scale: float, **options: Any) -> str:
    chart = Chart(WIDTH, CHART_HEIGHT, x=(0, reach(r)), x_label=ACROSS[r.across], **options)
    for place in r.run[f"changed {r.across}"][-MOST_CHANGES:]:
        chart.rule(x=place, color="muted", label=_("settings changed"))
    for color, kept in enumerate(r.kept, 2):
        values = scale * np.array(kept[f"checked {what}"])
        chart.line(kept[f"checked {r.across}"], values, color=color, dash=True, label=kept["name"])
    chart.line(r.run[r.across], scale * np.array(r.run[what]), color=0, label=_("batches"))
    places, values = r.run[f"checked {r.across}"], scale * np.array(r.run[f"checked {what}"])
    chart.line(places, values, color=1, width=1.5)
    chart.points(places, values, color=1, radius=3, label=_("held back"), marker="diamond")
    return chart.svg()


def draw_loss(r: SimpleNamespace) -> str:
    lines = [r.run, *r.kept]
    found = [value for line in lines for name in ("loss", "checked loss") for value in line[name]]
    finite = [value for value in found if 0 < value < 1e6] or [1.0]
    return curve(
        r, "loss", 1.0, title=_("Loss (cross-entropy)"), y_log=True, y_label=_("loss (log scale)"),
        y=(min(0.1, 0.8 * min(finite)), max(3.0, 1.2 * min(max(finite), 100.0))), name="loss",
        description=_("The loss of the batches learned from, and of the examples held back."),
    )  # fmt: skip


def draw_accuracy(r: SimpleNamespace) -> str:
    return curve(
        r, "accuracy", 100.0, title=_("Read rightly"), y=(0, 100), y_label=_("per cent"),
        name="accuracy",
        description=_("The accuracy on the batches learned from, and on those held back."),
    )  # fmt: skip


# A layer --------------------------------------------------------------------------------------


def framed(title: str, caption: str, body: Any, *, height: float, width: float = WIDTH) -> str:
    """A panel with a title, what `body(top)` draws below it, and a caption at its foot."""
    lines = title_lines(title, width - 2 * EDGE)
    top = EDGE + TITLE_STEP * len(lines) + 4
    words = wrap(caption, 12, width - 2 * EDGE)
    foot = "".join(
        f'<text x="{EDGE}" y="{number(height - 6 - 16 * (len(words) - 1 - i))}" font-size="12" '
        f'fill="{MUTED}">{escape(line)}</text>'
        for i, line in enumerate(words)
    )
    return panel(
        heading(lines, EDGE) + body(top, height - 16 * len(words) - 8 - top) + foot,
        width=width, height=height, title=title, description=caption,
    )  # fmt: skip


def as_tiles(weights: np.ndarray, image: tuple[int, ...]) -> np.ndarray:
    """Weights (units, c, h, w) as one image a unit: its channels beside and below one another."""
    if image[0] == 1:
        return weights[:, 0]
    side = int(np.ceil(np.sqrt(image[0])))
    return np.stack([mosaic(unit, side, gap=0) for unit in weights])


def fitting(k: int, wide: float, high: float, gap: float = 2) -> tuple[float, int]:
    """The largest size of k square tiles that fit into that room, and how many stand in a row."""
    sizes = [(min(wide / n, high / -(-k // n)) - gap, n) for n in range(1, k + 1)]
    return max(sizes)


def draw_layer(look: dict[str, Any]) -> str:
    layer, image, weights = look["layer"], look["image"], look["weights"]
    size = max(float(np.quantile(np.abs(weights), NEARLY_ALL)), 1e-6)
    scale = _("Blue is below zero, orange above; full colour from {size} on.").format(
        size=readable(size, 2)
    )
    title = _("Weights of layer {place}: {layer}").format(place=look["place"], layer=layer)
    if isinstance(layer, Conv2d):
        return draw_filters(look, title, size, scale)
    weights = np.asarray(weights, dtype=float)
    units = weights.shape[1]
    whole = layer.n_out
    if image is None:
        caption = _("Each row is one unit, each column one of its inputs.") + " " + scale
        tiles = weights.T[None]
    else:
        caption = _("Each image is one unit: its weight for each pixel. {shown} of {all}.").format(
            shown=units, all=whole
        )
        caption += " " + scale
        tiles = as_tiles(weights.T.reshape(units, *image), image)

    def body(top: float, room: float) -> str:
        h, w = tiles.shape[1:]
        wide = WIDTH - 2 * EDGE
        side, columns = fitting(len(tiles), wide, room)
        if len(tiles) == 1:
            side = min(wide * max(h, w) / w, room * max(h, w) / h)
        return tiles_tag(tiles, EDGE, top, size=side, columns=columns, limits=(-size, size))[0]

    return framed(title, caption, body, height=LOWER)


def draw_filters(look: dict[str, Any], title: str, size: float, scale: str) -> str:
    weights = look["weights"][:MOST_FILTERS]
    filters = as_tiles(weights, weights.shape[1:])
    maps = look["maps"][:MOST_FILTERS]
    picture = look["picture"]
    caption = (
        _("Above, the filters; below, the map that each makes of the picture on the left.")
        + " "
        + scale
    )

    def body(top: float, room: float) -> str:
        left, wide = EDGE + 84, WIDTH - 2 * EDGE - 84
        side, columns = fitting(len(filters), wide, room / 2)
        # Beside a small filter a gap of one cell is wide: it takes its part of the room.
        cells = max(filters.shape[1:])
        side = min(side, wide * cells / (columns * (cells + 1) - 1))
        shown, _w, high = tiles_tag(
            filters, left, top, size=side, columns=columns, limits=(-size, size)
        )
        reach = max(float(np.abs(maps).max(initial=0.0)), 1e-6)
        made, _w, _h = tiles_tag(
            maps, left, top + room / 2 + 4, size=side, columns=columns, limits=(-reach, reach)
        )
        entered, _w, _h = tiles_tag(
            picture[:1], EDGE, top + room / 2 + 4, size=72, columns=1, colormap="grey"
        )
        return shown + made + entered

    return framed(title, caption, body, height=LOWER)


# The confusion matrix ---------------------------------------------------------------------------


def draw_confusion(r: SimpleNamespace) -> str:
    title = _("What was taken for what, of {count} held back").format(count=f"{r.held_back:,}")
    if r.confusion is None:
        return framed(title, _("They are read next."), lambda top, room: "", height=LOWER)
    return confusion(
        r.confusion, r.labels, title=title, width=WIDTH, height=LOWER, cell=r.cell, cases=r.cases,
        said=case_said(r),
    )  # fmt: skip


def case_said(r: SimpleNamespace) -> str:
    """What there is to say of the cell that was picked."""
    if r.cell is None:
        return ""
    truth, given = (r.labels[place] for place in r.cell)
    count, whole = int(r.confusion[tuple(r.cell)]), int(r.confusion[r.cell[0]].sum())
    sentence = _("{truth} taken for {given}: {count} of {whole}.")
    if truth == given:
        sentence = _("{truth} read rightly: {count} of {whole}.")
    return sentence.format(truth=truth, given=given, count=count, whole=whole)
