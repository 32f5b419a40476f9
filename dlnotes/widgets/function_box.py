"""A picture is dragged into a function: numbers go in, a label comes out."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.layers import Layer, Softmax
from dlnotes.widgets import trained
from dlnotes.widgets.controls import button, picks
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.function_picture import BOX, HOMES, SIZE, draw_box
from dlnotes.widgets.picture_value import logits_of
from dlnotes.widgets.sentences import a_digit
from dlnotes.words import _

SHELF = len(HOMES)  # pictures to choose from at once
SHELVES = 20


@lru_cache(maxsize=SHELVES)
def shelf(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Ten real digits (10, 28, 28) in 0–1, one of each kind in an order by chance; what they are.

    They are whole numbers of 255ths, as an image file has them.
    """
    x, y = data.digits(28)
    order = np.random.default_rng(number).permutation(len(y))
    first = np.array([order[np.argmax(y[order] == digit)] for digit in range(10)])
    chosen = first[np.random.default_rng(number).permutation(10)]
    return np.rint(255 * x[chosen, 0]) / np.float32(255), y[chosen]


class FunctionBox(Explorer):
    """Pictures on a shelf, and a box: a function that a network has learned.

    Drag a picture into the box; or click it; or go to it by keyboard and press Enter. Backspace, or
    a drag out of the box, takes it out again.

    Parameters
    ----------
    net : a network that takes pictures (n, 1, 28, 28), or (n, 784), and gives ten logits; one that
        is trained when first needed if None.
    """

    title = _("A function: numbers in, a label out")

    other = button(_("Other pictures"))
    empty = button(_("Empty the box"))
    shelf = picks(_("Which pictures stand there"), value=0)
    inside = picks(_("The picture in the box"), value=None)
    held = picks(_("The picture that is dragged, and where it is"), value=None)

    def __init__(self, net: Layer | None = None, **values: Any) -> None:
        self.net = trained.dense() if net is None else net
        super().__init__(**values)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        nothing = _("The box is empty.") if values["inside"] is None else ""
        return {"empty": {"disabled": nothing}}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "empty":
            return {"inside": None, "held": None}
        return {"shelf": (values["shelf"] + 1) % SHELVES, "inside": None, "held": None}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        name, _colon, place = pick["pick"].partition(":")
        how = pick["how"]
        if name != "picture" or not place.isdigit() or int(place) >= SHELF:
            return {}
        which = int(place)
        if how == "key":
            return {"inside": None} if pick["key"] in ("Backspace", "Delete") else {}
        if how == "click":
            return {"inside": which, "held": None}
        if how == "drag" and "x" in pick:
            return {"held": [which, round(pick["x"], 1), round(pick["y"], 1)]}
        if how == "drop":
            return self.dropped(which, pick, values["inside"])
        return {}

    @staticmethod
    def dropped(which: int, pick: dict[str, Any], inside: int | None) -> dict[str, Any]:
        """In the box, or where it was taken up, which is a click, it goes in; elsewhere it goes
        back."""
        if "x" not in pick:  # the drag was broken off
            return {"held": None}
        x, y = pick["x"], pick["y"]
        left, top, width, height = BOX
        if left <= x <= left + width and top <= y <= top + height:
            return {"inside": which, "held": None}
        home_x, home_y = HOMES[which]
        if inside != which and max(abs(x - home_x), abs(y - home_y)) <= SIZE / 2:
            return {"inside": which, "held": None}
        return {"inside": None if inside == which else inside, "held": None}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        x, y = shelf(int(v.shelf) % SHELVES)
        found: dict[str, Any] = {
            "pictures": x,
            "inside": v.inside,
            "held": v.held,
            "parameters": sum(part.value.size for part in self.net.parameters()),
            "digit": None,
        }
        if v.inside is not None:
            probabilities = Softmax()(logits_of(self.net, x[v.inside][None]))[0]
            found |= {
                "digit": int(y[v.inside]),
                "values": np.rint(255 * x[v.inside]).astype(int),
                "probabilities": probabilities,
                "label": int(probabilities.argmax()),
            }
        return found

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        if r.digit is None:
            return {"label": None}
        return {"label": r.label, "probability": float(r.probabilities[r.label])}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.digit is None:
            return _("The box is empty: drag a picture into it, or click one.")
        sentence = _(
            "{count} numbers went in; out came the label {label}, with a probability of "
            "{share:.1f}%. The person who wrote it meant {digit}."
        )
        return sentence.format(
            count=r.values.size,
            label=r.label,
            share=100 * r.probabilities[r.label],
            digit=a_digit(r.digit),
        )

    def draw(self, result: dict[str, Any]) -> str:
        return draw_box(SimpleNamespace(**result), title=self.title, says=self.say(result))
