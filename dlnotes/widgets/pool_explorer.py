"""Pooling, window by window: what each becomes, which pixel won, and how much smaller it all is."""

import math
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers.blur import mirrored
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import choice, picks, slider, switch, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.pool_images import (
    IMAGES,
    KINDS,
    OWN,
    OWN_EXAMPLES,
    SIZED,
    image_of,
    pooling,
    size_of,
)
from dlnotes.widgets.pool_picture import draw_pooling
from dlnotes.words import _

LARGEST_WINDOW = 7
MOST_NUMBERS = 16  # rows and columns whose numbers can still be read
ARROWS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}
SOURCE = ("image", "side", "digit", "seed", "own")
ONE_PLACE = _("The window covers the whole image: there is nowhere for it to go.")


@lru_cache(maxsize=64)
def pooled(
    image: str, side: int, digit: int, seed: int, own: str, kind: str, size: int, stride: int
) -> SimpleNamespace:
    """The image x (h, w), what it is pooled to, y (h_out, w_out), and the winners' places."""
    x = image_of(image, side, digit, seed, own)
    if size > min(x.shape):
        sentence = _("A window of {size} × {size} is larger than the image of {h} × {w}.")
        raise ValueError(sentence.format(size=size, h=x.shape[0], w=x.shape[1]))
    layer = pooling(kind, size, stride)
    y = layer(x[None, None])
    rows, cols = (
        [lines_of(kind, place, size, stride, length) for place in range(places)]
        for places, length in zip(y.shape[2:], x.shape, strict=True)
    )
    covered = len({row for lines in rows for row in lines}) * len(
        {col for lines in cols for col in lines}
    )
    winners = np.zeros((2, 0), int)
    if kind == "max":
        # A window without contrast has no winner worth marking. The gradient goes to the others'.
        contrast = y + pooling("max", size, stride)(-x[None, None])
        winners = np.array(layer.backward((contrast > 0).astype(float))[0, 0].nonzero())
    return SimpleNamespace(
        x=x, y=y[0, 0], rows=rows, cols=cols, winners=winners, missed=x.size - covered
    )


def lines_of(kind: str, place: int, size: int, stride: int, length: int) -> list[int]:
    """Which rows (or columns) of the image the window at `place` reads, in its order."""
    first = place * stride - ((size - 1) // 2 if kind == "blur" else 0)
    return [mirrored(first + u, length) for u in range(size)]


def weights_of(kind: str, size: int) -> np.ndarray | None:
    """How often each cell (size, size) of a window counts, None where only the largest does."""
    if kind == "max":
        return None
    line = [math.comb(size - 1, u) if kind == "blur" else 1 for u in range(size)]
    return np.outer(line, line)


def places_of(kind: str, size: int, stride: int, shape: tuple[int, int]) -> int:
    """How many windows an image of this shape (h, w) has."""
    return math.prod(pooling(kind, size, stride).output_shape((1, 1, *shape)))


def useful_strides(kind: str, size: int, shape: tuple[int, int]) -> int:
    """The largest stride that differs from the one before it: from there on, one window is left."""
    strides = range(1, LARGEST_WINDOW)
    alone = (stride for stride in strides if places_of(kind, size, stride, shape) == 1)
    return next(alone, LARGEST_WINDOW)


class PoolExplorer(Explorer):
    """A window slides over an image, and each of its places becomes one number of the result.

    Point at a cell of the result (or go there with the arrow keys) to see the window that it came
    from; a click holds it.

    >>> PoolExplorer(image="digit", kind="average", size=3)
    """

    title = _("Pooling, window by window")

    image = choice(_("Image"), IMAGES, value="circle", group=_("Image"))
    side = slider(_("Pixels a side"), 8, 64, step=4, value=28, group=_("Image"))
    digit = slider(_("Which digit"), 0, 1796, value=0, group=_("Image"))
    seed = slider(_("Seed"), 0, 20, value=0, group=_("Image"))
    own = text(
        _("My numbers"), value=OWN, rows=4, limit=4000, examples=OWN_EXAMPLES,
        group=_("Image"),
    )  # fmt: skip
    view = choice(
        _("Show it as"), {"image": _("an image"), "values": _("numbers")}, value="image",
        group=_("Image"),
    )  # fmt: skip
    kind = choice(_("Pooling"), KINDS, value="max", group=_("Pooling"))
    size = slider(_("Window"), 1, LARGEST_WINDOW, value=2, unit="px", group=_("Pooling"))
    stride = slider(_("Stride"), 1, LARGEST_WINDOW, value=2, unit="px", group=_("Pooling"))
    winners = switch(_("Mark each window's winner"), value=True, group=_("Pooling"))
    window = slider(_("Window shown"), 0, 195, value=35, group=_("Result"), play=True)
    enlarge = switch(_("Enlarge the result"), group=_("Result"))
    held = picks(_("The window that is held"), value=None)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        shape = size_of(**{name: values[name] for name in SOURCE})
        unreadable = _("So many numbers would be too small to read: choose a smaller image.")
        no_winner = _("Every pixel of a window counts here: there is no winner.")
        changes: dict[str, dict[str, Any]] = {
            "side": {"hidden": v.image not in SIZED},
            "digit": {"hidden": v.image != "digit"},
            "seed": {"hidden": v.image != "random"},
            "own": {"hidden": v.image != "own"},
            "view": {"disabled": unreadable if max(shape) > MOST_NUMBERS else ""},
            "winners": {"disabled": "" if v.kind == "max" else no_winner},
        }
        if not min(shape):  # a text that is no image yet: the window waits for the next letter
            return changes
        # A window that is too large for numbers just being typed keeps its size, too.
        changes["size"] = {"maximum": max(min(LARGEST_WINDOW, *shape), v.size)}
        if v.size <= min(shape):
            strides = useful_strides(v.kind, v.size, shape)
            changes["stride"] = {"maximum": strides} if strides > 1 else {"disabled": ONE_PLACE}
            places = places_of(v.kind, v.size, min(v.stride, strides), shape)
            changes["window"] = {"maximum": places - 1}
        return changes

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        shape = size_of(**{name: values[name] for name in SOURCE})
        if name in ("image", "side", "size") and min(shape):
            return {"size": min(values["size"], *shape)}
        return {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v, how = SimpleNamespace(**values), pick["how"]
        r = self.compute(**values)
        h_out, w_out = r["y"].shape
        row, col = divmod(v.window, w_out)
        if pick["pick"] not in ("input", "result") or how not in ("hover", "click", "key"):
            return {}
        if how == "key":
            down, right = ARROWS.get(pick["key"], (0, 0))
            row, col = row + down, col + right
        elif "x" in pick:
            row, col = math.floor(pick["y"]), math.floor(pick["x"])
            if pick["pick"] == "input":  # the window that begins there, or the last before
                row, col = row // v.stride, col // v.stride
        row, col = min(max(row, 0), h_out - 1), min(max(col, 0), w_out - 1)
        window = row * w_out + col
        if how == "hover":
            return {} if v.held is not None else {"window": window}
        if how == "click":
            return {"window": window, "held": None if v.held == window else window}
        return {"window": window}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        found = pooled(*(values[name] for name in SOURCE), v.kind, v.size, v.stride)
        row, col = divmod(v.window, found.y.shape[1])
        numbers = max(found.x.shape) <= MOST_NUMBERS and v.view == "values"
        return {
            "x": found.x,
            "y": found.y,
            "winners": found.winners if v.winners else found.winners[:, :0],
            "missed": found.missed,
            "kind": v.kind,
            "size": v.size,
            "stride": v.stride,
            "window": v.window,
            "row": row,
            "col": col,
            "pixels": found.x[np.ix_(found.rows[row], found.cols[col])],
            "weights": weights_of(v.kind, v.size),
            "value": float(found.y[row, col]),
            "values": numbers,
            "enlarge": v.enlarge,
            "held": v.held is not None,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        return {
            "pooling": r.kind,
            "image": "×".join(map(str, r.x.shape)),
            "result": "×".join(map(str, r.y.shape)),
            "window": r.window,
            "value": r.value,
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        sentences = [
            _("{h} × {w} = {before} numbers become {h_out} × {w_out} = {after}: {share}%.").format(
                h=r.x.shape[0],
                w=r.x.shape[1],
                before=f"{r.x.size:,}",
                h_out=r.y.shape[0],
                w_out=r.y.shape[1],
                after=f"{r.y.size:,}",
                share=readable(100 * r.y.size / r.x.size),
            ),
            SAID[r.kind].format(row=r.row, col=r.col, size=r.size, value=readable(r.value)),
        ]
        if r.missed:
            sentences.append(
                _("{count} pixels lie in no window and are never looked at.").format(
                    count=f"{r.missed:,}"
                )
            )
        if r.held:
            sentences.append(_("This window is held; click it again to let go."))
        return " ".join(sentences)

    def draw(self, result: dict[str, Any]) -> str:
        return draw_pooling(
            SimpleNamespace(**result), title=self.title, description=self.say(result)
        )


SAID = {
    "max": _("In row {row}, column {col}: the largest of a {size} × {size} window is {value}."),
    "average": _("In row {row}, column {col}: the mean of a {size} × {size} window is {value}."),
    "blur": _(
        "In row {row}, column {col}: the weighted mean of a {size} × {size} window is {value}."
    ),
}
