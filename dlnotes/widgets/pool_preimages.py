"""What pooling forgets: all the pictures that pool to one and the same result, counted and walked.

The 65,536 black-and-white pictures of 4×4 are all pooled by the library and sorted by what they
become. Of the larger circle's pictures there are too many: they are counted exactly, and drawn at
random.
"""

import math
from functools import lru_cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import choice, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.pool_images import KINDS, circle, pooling
from dlnotes.words import _

SMALL, LARGE, WINDOW = 4, 16, 2  # pixels a side
RANDOM = 500  # pictures of the circle's that are walked through
BOARDS = {"small": _("All pictures of 4 × 4"), "circle": _("The circle, 16 × 16")}
PATTERNS = np.array(list(product((0.0, 1.0), repeat=WINDOW * WINDOW)))  # of one window (16, 4)


@lru_cache(maxsize=2)
def all_small(kind: str) -> SimpleNamespace:
    """All black-and-white pictures x (65536, 4, 4), and by result which of them become it.

    `results` (r, 2, 2) are in order; `members[r]` are indices into x, in order.
    """
    pixels = np.arange(SMALL * SMALL)[::-1]  # picture i shows the binary digits of i
    x = (np.arange(2**pixels.size)[:, None] >> pixels & 1).astype(np.float32)
    y = pooling(kind, WINDOW, WINDOW)(x.reshape(-1, 1, SMALL, SMALL))[:, 0]
    # A window's value in quarters is one digit of the result's number: so few numbers sort fast.
    quarters = np.rint(y.reshape(len(x), -1) * WINDOW**2).astype(int)
    code = quarters @ (WINDOW**2 + 1) ** np.arange(quarters.shape[1])[::-1]
    _codes, first, which, counts = np.unique(
        code, return_index=True, return_inverse=True, return_counts=True
    )
    members = np.split(np.argsort(which, kind="stable"), np.cumsum(counts)[:-1])
    return SimpleNamespace(
        x=x.reshape(-1, SMALL, SMALL), results=y[first], which=which, counts=counts,
        members=members,
    )  # fmt: skip


@lru_cache(maxsize=2)
def circles(kind: str) -> SimpleNamespace:
    """The black-and-white circle x (16, 16), its result y, and how many pictures share it."""
    x = (circle(LARGE) > 0.5).astype(float)
    layer = pooling(kind, WINDOW, WINDOW)
    y = layer(x[None, None])[0, 0]
    becomes = layer(PATTERNS.reshape(-1, 1, WINDOW, WINDOW)).ravel()  # of each pattern (16,)
    values, windows = np.unique(y, return_counts=True)
    patterns = [int((becomes == value).sum()) for value in values]
    count = math.prod(n ** int(k) for n, k in zip(patterns, windows, strict=True))
    return SimpleNamespace(
        x=x, y=y, becomes=becomes, values=values, windows=windows, patterns=patterns, count=count
    )


@lru_cache(maxsize=64)
def alike(kind: str, number: int) -> np.ndarray:
    """Picture `number` of those that pool to the circle's result (16, 16); 0 is the circle."""
    found = circles(kind)
    if number == 0:
        return found.x
    rng, x = np.random.default_rng(number), np.zeros_like(found.x)
    for (i, j), value in np.ndenumerate(found.y):
        pattern = PATTERNS[rng.choice(np.flatnonzero(found.becomes == value))]
        place = np.s_[i * WINDOW : (i + 1) * WINDOW, j * WINDOW : (j + 1) * WINDOW]
        x[place] = pattern.reshape(WINDOW, WINDOW)
    return x


class PoolPreimages(Explorer):
    """Pictures that pool to the same result: the next one, and the next.

    A click on a pixel turns it; a click on a cell of the result chooses another result.

    >>> PoolPreimages(kind="average", result=100)
    """

    title = _("Pictures that pool to the same result")

    board = choice(_("Pictures"), BOARDS, value="small", group=_("Pictures"))
    kind = choice(
        _("Pooling"), {name: KINDS[name] for name in ("max", "average")}, value="max",
        group=_("Pictures"),
    )  # fmt: skip
    result = slider(_("Result"), 0, 15, value=9, group=_("Walk"))
    walk = slider(_("Picture shown"), 0, 224, value=0, group=_("Walk"), play=True)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        if values["board"] == "circle":
            return {"result": {"hidden": True}, "walk": {"maximum": RANDOM}}
        found = all_small(values["kind"])
        last = len(found.results) - 1
        count = int(found.counts[min(values["result"], last)])
        return {"result": {"maximum": last}, "walk": {"maximum": count - 1}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"walk": 0} if name in ("result", "kind", "board") else {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        name, _colon, place = pick["pick"].partition(":")
        if pick["how"] != "click" or values["board"] != "small" or not place.isdigit():
            return {}
        found, i = all_small(values["kind"]), int(place)
        result = found.results[values["result"]]
        if name == "pixel" and i < SMALL * SMALL:
            x = found.x[found.members[values["result"]][values["walk"]]].copy()
            x.flat[i] = 1 - x.flat[i]
            number = int((found.x == x).all(axis=(1, 2)).argmax())
            chosen = int(found.which[number])
            walk = int(np.searchsorted(found.members[chosen], number))
            return {"result": chosen, "walk": walk}
        if name == "cell" and i < result.size:
            levels = np.unique(found.results)
            y = result.copy()
            y.flat[i] = levels[(np.searchsorted(levels, y.flat[i]) + 1) % len(levels)]
            return {"result": int((found.results == y).all(axis=(1, 2)).argmax()), "walk": 0}
        return {}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if v.board == "circle":
            found = circles(v.kind)
            x = alike(v.kind, v.walk)
            return {
                "board": v.board,
                "x": x,
                "y": found.y,
                "number": v.walk,
                "count": found.count,
                "differ": int((x != found.x).sum()),
                "values": found.values,
                "windows": found.windows,
                "patterns": found.patterns,
            }
        small = all_small(v.kind)
        sizes, times = np.unique(small.counts, return_counts=True)
        return {
            "board": v.board,
            "x": small.x[small.members[v.result][v.walk]],
            "y": small.results[v.result],
            "number": v.walk,
            "count": int(small.counts[v.result]),
            "pictures": len(small.x),
            "results": len(small.results),
            "sizes": sizes,
            "times": times,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        shown = {"result": result["y"].tolist(), "same": f"{result['count']:,}"}
        if result["board"] == "circle":
            return {"same": shown["same"], "differ": result["differ"]}
        return shown | {
            "pictures": f"{result['pictures']:,}",
            "results": result["results"],
            "most": f"{result['sizes'].max():,}",
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.board == "circle":
            sentence = _(
                "{differ} of {pixels} pixels differ from the circle, and the result is the same, "
                "as it is for {count} pictures in all."
            )
            return sentence.format(differ=r.differ, pixels=r.x.size, count=f"{r.count:,}")
        sentence = _(
            "Picture {number} of {count} with this result. All {pictures} "
            "black-and-white pictures of {side} × {side} become only {results} results; "
            "{most} of them share one."
        )
        return sentence.format(
            number=f"{r.number + 1:,}",
            count=f"{r.count:,}",
            pictures=f"{r.pictures:,}",
            side=SMALL,
            results=r.results,
            most=f"{r.sizes.max():,}",
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_picture(r), draw_result(r), draw_counts(r), title=self.title,
            description=self.say(result),
        )  # fmt: skip


def draw_picture(r: SimpleNamespace) -> str:
    side = len(r.x)
    picture = Cells(
        r.x, cell=288 // side, limits=(0, 1), name="picture",
        title=_("A picture"), description=_("A black-and-white picture, its windows parted."),
    )  # fmt: skip
    inner = range(WINDOW, side, WINDOW)
    picture.rules(inner, inner)
    if r.board == "small":
        turn = _("pixel in row {row}, column {col}: {value}; click to turn it")
        picture.buttons(
            "pixel",
            [
                turn.format(row=i, col=j, value=readable(float(value)))
                for (i, j), value in np.ndenumerate(r.x)
            ],
        )
    return picture.svg()


def draw_result(r: SimpleNamespace) -> str:
    side = len(r.y)
    picture = Cells(
        r.y, cell=144 // side, limits=(0, 1), name="result",
        title=_("Its result"), description=_("What the picture pools to."),
    )  # fmt: skip
    if r.board == "small":
        picture.numbers()
        change = _("result in row {row}, column {col}: {value}; click to change it")
        picture.buttons(
            "cell",
            [
                change.format(row=i, col=j, value=readable(float(value)))
                for (i, j), value in np.ndenumerate(r.y)
            ],
        )
    return picture.svg()


def draw_counts(r: SimpleNamespace) -> str:
    """The counts as a table: by result, or for the circle by the value of a window."""
    if r.board == "circle":
        lines = [
            [readable(float(value)), str(windows), str(patterns), f"{patterns ** int(windows):,}"]
            for value, windows, patterns in zip(r.values, r.windows, r.patterns, strict=True)
        ]
        lines.append([_("together"), str(r.windows.sum()), "", f"{r.count:,}"])
        header = [_("value"), _("windows"), _("patterns each"), _("pictures")]
        return table(header, lines, width=440, title=_("Pictures with the circle's result"))
    lines = [
        [str(times), f"{size:,}", f"{times * size:,}"]
        for size, times in zip(r.sizes, r.times, strict=True)
    ]
    highlight = int(np.searchsorted(r.sizes, r.count))
    lines.append([str(r.results), _("together"), f"{r.pictures:,}"])
    header = [_("results"), _("pictures each"), _("pictures")]
    return table(
        header, lines, width=440, title=_("Counted: all pictures, by what they become"),
        highlight=highlight,
    )  # fmt: skip
