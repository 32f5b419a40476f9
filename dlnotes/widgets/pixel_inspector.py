"""A photograph, pixel by pixel: the three numbers that each pixel is, and how many there are."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.widgets.controls import Value, choice, picks, slider, switch
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.picture_file import FILES, LARGEST, MOST_BYTES, PictureUpload, picture_in
from dlnotes.widgets.pixel_images import OWN, PHOTOS, image_of, level_of, photograph, uri_of
from dlnotes.widgets.pixel_picture import draw_pixels
from dlnotes.words import _

CHANNELS = ("red", "green", "blue")
NAMES = (_("red"), _("green"), _("blue"))
ARROWS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}
FAR = 10  # pixels that an arrow key moves with Shift
LEAST = 4  # pixels on the longer side


class PixelInspector(Explorer):
    """A photograph as what it is: rows and columns of pixels, three numbers each.

    Point at a pixel, or go there with the arrow keys (with Shift ten at a time); a click, Space or
    Enter pins it. The picture may be the reader's own: a PNG or JPEG file of at most 7 MB and 25
    million pixels; one of more than 1024 pixels a side is shrunk to that.

    >>> PixelInspector(resolution=16, levels=4, blue=False)
    """

    title = _("A photograph, pixel by pixel")

    own = Value(
        PictureUpload(
            label=_("PNG or JPEG file"), value="", files=FILES, limit=MOST_BYTES,
            group=_("Picture"),
        )
    )  # fmt: skip
    photo = choice(_("Photograph"), PHOTOS | OWN, value="grace_hopper", group=_("Picture"))
    square = switch(_("Cut to a square"), value=True, group=_("Picture"))
    # 28 steps to a doubling: 8, 16, 32, 64, 128 and 100 are among them.
    resolution = slider(
        _("Resolution"), LEAST, 1024, step=1.0251, value=100, unit="px", log=True, integer=True,
        group=_("Fineness"),
    )  # fmt: skip
    # Fourteen steps to a doubling: 4, 8, 16, 32, 64 and 128 are among them.
    levels = slider(
        _("Levels"), 2, 256, step=1.0508, value=256, log=True, integer=True, group=_("Fineness")
    )
    red = switch(NAMES[0], value=True, group=_("Channels"))
    green = switch(NAMES[1], value=True, group=_("Channels"))
    blue = switch(NAMES[2], value=True, group=_("Channels"))
    place = picks(_("Where the pixel lies, across and down, in 0–1"), value=[0.5, 0.3])
    pinned = picks(_("Whether the pixel is held"), value=False)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        if not v.own and v.photo == "own":
            v.photo = "grace_hopper"
        full = max(photograph(v.photo, v.own, v.square).shape[:2])
        return {
            "photo": {"options": PHOTOS | OWN if v.own else PHOTOS},
            "resolution": {"minimum": min(LEAST, full), "maximum": full},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"photo": "own"} if name == "own" and values["own"] else {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        how = pick["how"]
        if pick["pick"] != "image" or how not in ("hover", "click", "key"):
            return {}
        r = SimpleNamespace(**self.compute(**values))
        rows, columns = r.image.shape[:2]
        row, col = r.row, r.col
        if how == "key":
            down, right = ARROWS.get(pick["key"], (0, 0))
            far = FAR if pick.get("big") else 1
            row, col = row + far * down, col + far * right
        elif "x" in pick:
            row, col = math.floor(pick["y"]), math.floor(pick["x"])
        row, col = within(row, rows), within(col, columns)
        place = {"place": [(col + 0.5) / columns, (row + 0.5) / rows]}
        if how == "hover":
            return {} if values["pinned"] else place
        if how == "click":
            return place | {"pinned": not (values["pinned"] and (row, col) == (r.row, r.col))}
        return place

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        channels = tuple(bool(values[name]) for name in CHANNELS)
        key = (v.photo, v.own, v.square, v.resolution, v.levels, channels)
        image = image_of(*key)
        rows, columns = image.shape[:2]
        x, y = v.place
        row, col = within(int(y * rows), rows), within(int(x * columns), columns)
        return {
            "image": image,
            "uri": uri_of(*key),
            "channels": channels,
            "levels": v.levels,
            "row": row,
            "col": col,
            "pixel": [int(value) for value in image[row, col]],
            "level": [level_of(int(value), v.levels) for value in image[row, col]],
            "pixels": rows * columns,
            "count": rows * columns * sum(channels),
            "pinned": v.pinned,
            "came": picture_in(v.own)[1] if v.photo == "own" else None,
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        found = {"pixels": f"{r.pixels:,}", "numbers": f"{r.count:,}", "levels": r.levels}
        found |= {"row": r.row, "column": r.col}
        return found | {
            name: value for name, value, on in zip(CHANNELS, r.pixel, r.channels, strict=True) if on
        }

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        rows, columns = r.image.shape[:2]
        on = sum(r.channels)
        each = _("1 number each") if on == 1 else _("{count} numbers each").format(count=on)
        parts = [
            _(
                "{rows} × {columns} = {pixels} pixels, {each}: {count} numbers, each of them one "
                "of {levels} levels."
            ).format(
                rows=rows,
                columns=columns,
                pixels=f"{r.pixels:,}",
                each=each,
                count=f"{r.count:,}",
                levels=r.levels,
            ),
            _("Row {row}, column {column}: {numbers}.").format(
                row=r.row, column=r.col, numbers=spoken(r.pixel, r.channels)
            ),
        ]
        if r.pinned:
            parts.append(_("This pixel is pinned; click it again to let go."))
        if r.came:
            h, w = r.came
            parts.append(
                _("Your file has {h:,} × {w:,} pixels, {count:,} numbers.").format(
                    h=h, w=w, count=3 * h * w
                )
            )
            if max(h, w) > LARGEST:
                sentence = _("It is shown with at most {largest:,} pixels a side.")
                parts.append(sentence.format(largest=LARGEST))
        return " ".join(parts)

    def draw(self, result: dict[str, Any]) -> str:
        return draw_pixels(SimpleNamespace(**result), title=self.title, says=self.say(result))


def within(place: int, count: int) -> int:
    """A row or column that there is."""
    return min(max(place, 0), count - 1)


def spoken(pixel: Any, channels: Any) -> str:
    """The numbers of the channels that are on, in words."""
    on = np.flatnonzero(channels)
    if not len(on):
        return _("no channel is on")
    return ", ".join(
        _("{channel} {value}").format(channel=NAMES[i], value=pixel[i]) for i in on.tolist()
    )
