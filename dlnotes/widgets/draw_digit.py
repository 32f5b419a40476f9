"""Your own digit, read while you draw it."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from dlnotes import data
from dlnotes.layers import Layer, Softmax
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.image import image_tag, picture, png_data_uri
from dlnotes.pictures.svg import EDGE, heading, panel, title_lines
from dlnotes.widgets import trained
from dlnotes.widgets.controls import Choice, Picks, Text, button, picks
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.pad import BLANK, centred, drawing, drawn, pad_tag, undone
from dlnotes.widgets.picture_value import Picture, image_of, logits_of, value_of
from dlnotes.widgets.reading import in_per_cent
from dlnotes.widgets.sentences import a_digit
from dlnotes.words import _

PAD = 252  # pixels
HARDEST = 40  # real digits to choose from
ASKED = 900  # real digits that are asked about
DRAWN = {"drawn", "drawing"}  # how other explorers call the choice of what is drawn
SURE, LIKELY = 0.9, 0.5  # probabilities


class DrawDigit(Explorer):
    """A pad whose digit a network reads while the stroke grows.

    Parameters
    ----------
    net : a network that takes pictures (n, 1, 28, 28), or (n, 784), and gives ten logits; one that
        is trained when first needed if None.

    Draw with mouse, pen or finger; or with the keyboard: arrow keys move, Space puts the pen down
    and up, Backspace takes the last stroke back. What is drawn is made like MNIST's digits, fitted
    into 20×20 pixels and centred by its mass in 28×28, and stands in the trait `picture`: 28 rows
    of 28 whole numbers 0–255. `send_to(other)` hands it on to another explorer that has a
    `picture`, or a pad of its own; `image` is it as an array for a network.
    """

    title = _("Draw a digit")

    undo = button(_("Undo"))
    clear = button(_("Clear"))
    hard = button(_("Give me a hard one"))

    pad = drawing(_("What is drawn"))
    picture = picks(_("The picture"), value=None)
    given = picks(_("The hard one shown"), value=None)

    def __init__(self, net: Layer | None = None, **values: Any) -> None:
        self.net = trained.dense() if net is None else net
        centred([[[0.5, 0.5]]])  # what is compiled is loaded now: the first stroke is not to wait
        super().__init__(**values)

    @property
    def image(self) -> np.ndarray:
        """The picture as a network takes it: (1, 1, 28, 28) float32 in 0–1."""
        return image_of(self.picture)[None, None]

    def send_to(self, other: Explorer) -> None:
        """From now on `other` shows what is drawn here: as its picture, on its pad, or as numbers.

        ValueError where it takes none of these.
        """
        image, own = other.declared.get("image"), other.declared.get("own")
        if isinstance(image, Choice) and "own" in image.options and isinstance(own, Text):
            other.update(image="own")
            traitlets.dlink((self, "picture"), (other, "own"), as_text)
            return
        for name, control in other.declared.items():
            if isinstance(control, Choice):
                for option in DRAWN & set(control.options):
                    other.update(**{name: option})
        for name, control in other.declared.items():
            if isinstance(control, Picks) and name == "picture":
                traitlets.dlink((self, "picture"), (other, name))
            elif isinstance(control, Picks) and control.value == BLANK:
                traitlets.dlink((self, "pad"), (other, name))
            else:
                continue
            return
        sentence = _("{other} takes no picture.")
        raise ValueError(sentence.format(other=type(other).__name__))

    # The values' consequences -------------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        nothing = "" if values["pad"]["strokes"] else _("Nothing has been drawn yet.")
        empty = "" if values["picture"] else nothing
        return {"undo": {"disabled": nothing}, "clear": {"disabled": empty}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        """A picture that is handed over takes the place of what was drawn."""
        if name == "picture":
            return {"pad": BLANK, "given": None}
        if name == "pad":
            return self.seen(values["pad"])
        return {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "pad":
            return {}
        pad = drawn(values["pad"], pick)
        if pad["strokes"] == values["pad"]["strokes"]:
            return {"pad": pad}
        return {"pad": pad} | self.seen(pad)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "hard":
            count = 0 if values["given"] is None else values["given"]["count"] + 1
            x, y = data.digits(size=28)
            at = int(hardest(self.net, x[:ASKED, 0], y[:ASKED])[count % HARDEST])
            given = {"count": count, "digit": int(y[at])}
            return {"pad": BLANK, "picture": value_of(x[at]), "given": given}
        pad = undone(values["pad"]) if name == "undo" else BLANK
        return {"pad": pad} | self.seen(pad)

    @staticmethod
    def seen(pad: dict[str, Any]) -> dict[str, Any]:
        """What follows from what is drawn: the picture."""
        strokes = pad["strokes"]
        return {"picture": value_of(centred(strokes)) if strokes else None, "given": None}

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        image = image_of(values["picture"])
        found = {"pad": values["pad"], "image": image, "given": values["given"]}
        if not image.any():
            return found | {"probabilities": None}
        probabilities = Softmax()(logits_of(self.net, image[None]))[0]
        return found | {
            "probabilities": probabilities,
            "order": np.argsort(-probabilities, kind="stable"),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        if result["probabilities"] is None:
            return {"reads": None}
        best = int(result["order"][0])
        return {"reads": best, "probability": float(result["probabilities"][best])}

    def say(self, result: dict[str, Any]) -> str:
        p = result["probabilities"]
        if p is None:
            return _("Draw a digit, large, with the mouse, a pen, a finger or the arrow keys.")
        first, second = (int(digit) for digit in result["order"][:2])
        if p[first] >= SURE:
            sentence = _("I read {first}: {sure}.")
        elif p[first] >= LIKELY:
            sentence = _("Probably {first}, {sure}; perhaps {second}, {less}.")
        else:
            sentence = _("Hard to say: {first}, {sure}, or {second}, {less}?")
        said = sentence.format(
            first=a_digit(first),
            second=a_digit(second),
            sure=per_cent(p[first]),
            less=per_cent(p[second]),
        )
        if result["given"]:
            said += " " + _("The person who wrote it meant {digit}.").format(
                digit=a_digit(result["given"]["digit"])
            )
        return said

    def draw(self, result: dict[str, Any]) -> str:
        seen = picture(
            result["image"],
            size=168,
            title=_("As the network sees it"),
            description=_("What is drawn, fitted into 20 by 20 pixels and centred in 28 by 28."),
            limits=(0, 1),
        )
        panels = [draw_pad(result["pad"], result["image"]), seen, draw_bars(result)]
        return row(*panels, title=self.title, description=self.say(result))


def per_cent(share: float) -> str:
    return _("{value}%").format(value=in_per_cent(share))


def as_text(picture: Picture) -> str:
    """A picture at half its size, as 14 rows of 14 numbers 0–9, as one would type them."""
    small = image_of(picture).reshape(14, 2, 14, 2).mean(axis=(1, 3))
    return "\n".join(" ".join(map(str, line)) for line in np.rint(9 * small).astype(int).tolist())


def hardest(net: Layer, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The numbers of the pictures (n, 28, 28) that `net` reads worst, the worst first.

    Worst is where the digit that was meant got the least probability.
    """
    probabilities = Softmax()(logits_of(net, x))
    return np.argsort(probabilities[np.arange(len(y)), y], kind="stable")


def draw_pad(pad: dict[str, Any], image: np.ndarray) -> str:
    """The pad; a picture that was not drawn on it, such as a hard one, lies in it."""
    title = _("Draw here")
    width = PAD + 2 * EDGE
    top = EDGE + 24
    body = heading(title_lines(title, width), EDGE) + pad_tag(pad, EDGE, top, PAD)
    if image.any() and not pad["strokes"]:
        uri = png_data_uri(np.rint(255 * image).astype(np.uint8))
        body += image_tag(uri, EDGE, top, PAD, PAD, True, ' pointer-events="none"')
    return panel(
        body, width=width, height=top + PAD + EDGE, title=title, role="group", name="pad",
        description=_("A pad to draw on; with the keyboard arrows move and Space draws."),
    )  # fmt: skip


def draw_bars(result: dict[str, Any]) -> str:
    r = SimpleNamespace(**result)
    chart = Chart(
        420,
        PAD + 24 + 2 * EDGE,
        x=(-0.6, 9.6),
        y=(0, 108),
        title=_("What it could be"),
        description=_("A bar for each digit: its probability in per cent."),
        x_label=_("digit"),
        y_label=_("per cent"),
        name="bars",
    )
    shares = np.zeros(10) if r.probabilities is None else 100 * r.probabilities
    chart.bars(np.arange(10), shares, color=0)
    if r.probabilities is not None:
        best = int(r.order[0])
        chart.bars([best], [shares[best]], color=1)
        for digit, share in enumerate(shares.tolist()):
            if share >= 1:
                chart.text(digit, share + 1, f"{share:.0f}", anchor="middle", size=12)
    return chart.svg()
