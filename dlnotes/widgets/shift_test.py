"""Robust to small shifts? Shift pictures and see how much changes, before and after pooling."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.widgets.controls import choice, slider, switch
from dlnotes.widgets.prepared import Prepared
from dlnotes.widgets.shift_measure import (
    FURTHEST,
    STAGES,
    Bench,
    curve,
    examples,
    maps,
    measured,
    nearest,
    pictures_of,
    warm,
)
from dlnotes.widgets.shift_picture import draw_shift, shift_in_words, two
from dlnotes.words import _

PICTURES = {
    "small": _("real digits, 8×8 pixels"),
    "large": _("drawn digits, 28×28, and a trained network"),
}
SMALL, LARGE = 1797, 100  # how many pictures, unless told: all there are, and enough for a curve
ARROWS = {"ArrowUp": (-1, 0), "ArrowDown": (1, 0), "ArrowLeft": (0, -1), "ArrowRight": (0, 1)}


class ShiftTest(Prepared):
    """Many pictures are shifted by up to eight pixels: how much does what is made of them change?

    Drag the picture, or move it with the arrow keys. The curves hold for all pictures; `n` is how
    many there are, `taught` and `epochs` how the network learned.

    >>> ShiftTest(pictures="large", right=2, blur=True)
    """

    title = _("How much does a shift change?")
    making = _("Training and measuring")

    pictures = choice(_("Pictures"), PICTURES, value="small", group=_("Pictures"))
    example = slider(_("Picture shown"), 0, SMALL - 1, value=0, group=_("Pictures"))
    right = slider(
        _("To the right"), -FURTHEST, FURTHEST, value=0, unit="px", group=_("Shift"),
        play=True,
    )  # fmt: skip
    down = slider(_("Down"), -FURTHEST, FURTHEST, value=0, unit="px", group=_("Shift"))
    blur = switch(_("Blur before pooling"), group=_("Pictures"))

    def __init__(
        self, *, n: int | None = None, taught: int = 4000, epochs: int = 4, **options: Any
    ) -> None:
        self.benches = {
            "small": Bench("small", n or SMALL, 0, 0),
            "large": Bench("large", n or LARGE, taught, epochs),
        }
        super().__init__(**options)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {"example": {"maximum": self.benches[values["pictures"]].n - 1}}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick["pick"] != "picture":
            return {}
        if pick["how"] == "key":
            down, right = ARROWS.get(pick["key"], (0, 0))
            down, right = values["down"] + down, values["right"] + right
        elif pick["how"] in ("drag", "drop") and "x" in pick:
            h, w = pictures_of(self.benches[values["pictures"]]).shape[2:]
            down, right = round(pick["y"] - h / 2), round(pick["x"] - w / 2)
        else:
            return {}
        reach = -FURTHEST, FURTHEST
        return {"down": int(np.clip(down, *reach)), "right": int(np.clip(right, *reach))}

    def preparing(self, **values: Any) -> Iterator[float]:
        return warm.slices(self.benches[values["pictures"]])

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        bench = self.benches[v.pictures]
        warm(bench)
        direction = nearest(v.down, v.right)
        one = slice(v.example, v.example + 1)
        return {
            "stages": STAGES[v.pictures],
            "right": v.right,
            "down": v.down,
            "blur": v.blur,
            "direction": direction,
            "distance": max(abs(v.right), abs(v.down)),
            "n": len(pictures_of(bench)),
            "digit": int(examples(bench)[1][v.example]),
            "before": maps(bench, 0, 0, v.blur, one),
            "after": maps(bench, v.down, v.right, v.blur, one),
            "unshifted": measured(bench, 0, 0, v.blur),
            "here": measured(bench, v.down, v.right, v.blur),
            "plain_here": measured(bench, v.down, v.right, False),
            "curves": curve(bench, direction, v.blur),
            "plain": curve(bench, direction, False),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        shown: dict[str, Any] = {"right": r.right, "down": r.down, "pictures": r.n}
        for stage, found in r.here.items():
            shown[stage] = [found.mean, found.same]
        if "probabilities" in r.here:
            shown["correct"] = r.here["probabilities"].right
        return shown

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        sentence = _(
            "Shifted {shift}: the pixels change by {pixels} on average, the pooled maps by "
            "{pooled}; {same} of {n} pooled maps stay the same."
        ).format(
            shift=shift_in_words(r.right, r.down),
            pixels=two(r.here["pixels"].mean),
            pooled=two(r.here["pooled"].mean),
            same=f"{r.here['pooled'].same:,}",
            n=f"{r.n:,}",
        )
        if "probabilities" in r.here:
            answers = _(
                "The network's answer stays for {same} of {n} pictures; it is right for {right} "
                "(unshifted: {before})."
            )
            sentence += " " + answers.format(
                same=r.here["probabilities"].same,
                n=f"{r.n:,}",
                right=r.here["probabilities"].right,
                before=r.unshifted["probabilities"].right,
            )
        return sentence

    def draw(self, result: dict[str, Any]) -> str:
        return draw_shift(SimpleNamespace(**result), title=self.title, description=self.say(result))
