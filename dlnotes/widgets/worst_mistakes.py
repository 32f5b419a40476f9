"""A network's worst mistakes as pictures, by kind: the first thing to look at after a score."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data
from dlnotes.layers import Layer
from dlnotes.pictures.gallery import gallery
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.image import picture
from dlnotes.widgets import trained
from dlnotes.widgets.controls import choice, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.reading import class_names, in_per_cent, labelled, own_copy, shares
from dlnotes.words import _

A_PAGE = 18
STEPS = {"ArrowLeft": -1, "ArrowRight": 1, "ArrowUp": -6, "ArrowDown": 6}


class WorstMistakes(Explorer):
    """The pictures that a network misreads, the worst first: where it gave the truth the least.

    Parameters
    ----------
    net : a network; if None, a small one, trained on drawn digits when first asked for.
    x, y : pictures (n, c, h, w) and labels (n,); if None, the real digits.
    names : the classes' names; 0, 1, 2 … if None.

    >>> WorstMistakes(net, x, y)
    """

    title = _("Its worst mistakes")

    kind = choice(_("Which pictures"), {"all": _("all kinds")}, value="all")
    by = choice(
        _("By"), {"label": _("what they are"), "read": _("what they are read as")}, value="label"
    )
    page = slider(_("Page"), 1, 1, value=1)
    chosen = picks(_("The picture enlarged"), value=0)

    def __init__(
        self, net: Layer | None = None, x: Any = None, y: Any = None, *,
        names: Sequence[str] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        who = "WorstMistakes"
        own = own_copy(trained.convolutional() if net is None else net, who)
        if x is None:
            x, y = data.digits(size=28)
        self.x, self.y = labelled(x, y, who)
        self.shares = shares(own, self.x)
        self.names = class_names(names, self.shares.shape[1], who)
        if self.y.max() >= len(self.names):
            raise ValueError(f"{who}: y holds {self.y.max()}, wanted less than {len(self.names)}")
        self.read = self.shares.argmax(axis=1)
        truth = self.shares[np.arange(len(self.y)), self.y]
        wrong = np.flatnonzero(self.read != self.y)
        self.order = wrong[np.argsort(truth[wrong], kind="stable")]
        super().__init__(**options)

    def found(self, kind: str, by: str) -> np.ndarray:
        """The misread pictures of one kind, the worst first."""
        if kind == "all":
            return self.order
        of = self.y if by == "label" else self.read
        return self.order[of[self.order] == int(kind)]

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        pages = max(1, -(-len(self.found(v.kind, v.by)) // A_PAGE))
        kinds = {"all": _("all kinds")} | {str(i): name for i, name in enumerate(self.names)}
        return {"kind": {"options": kinds}, "page": {"maximum": pages, "hidden": pages == 1}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return {"chosen": 0} if name == "page" else {"chosen": 0, "page": 1}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        name, _colon, place = pick["pick"].partition(":")
        count = len(self.found(v.kind, v.by)[(v.page - 1) * A_PAGE :][:A_PAGE])
        if name != "mistake" or place not in map(str, range(count)):
            return {}
        if pick["how"] == "key" and pick.get("key") in STEPS:
            return {"chosen": min(max(v.chosen + STEPS[pick["key"]], 0), count - 1)}
        return {"chosen": int(place)} if pick["how"] == "click" else {}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        wrong = self.found(v.kind, v.by)
        shown = wrong[(v.page - 1) * A_PAGE :][:A_PAGE]
        of = self.y if v.by == "label" else self.read
        count = len(self.y) if v.kind == "all" else int((of == int(v.kind)).sum())
        return {
            "shown": shown,
            "wrong": len(wrong),
            "count": count,
            "kind": v.kind,
            "by": v.by,
            "chosen": min(v.chosen, len(shown) - 1),
        }

    def caption(self, i: int) -> list[str]:
        read = self.read[i]
        return [
            _("is {name}").format(name=self.names[self.y[i]]),
            _("read {name}, {share}").format(
                name=self.names[read], share=in_per_cent(self.shares[i, read], 0, ">{most}") + "%"
            ),
        ]

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if not len(r.shown):
            return ""
        limits = float(self.x.min()), float(self.x.max())
        seen = gallery(
            self.x[r.shown].mean(axis=1), [self.caption(i) for i in r.shown], size=84, columns=6,
            title=_("Misread, the worst first (choose one)"), limits=limits, pick="mistake",
            chosen=r.chosen,
        )  # fmt: skip
        i = r.shown[r.chosen]
        large = picture(self.x[i].mean(axis=0), size=180, title=self.caption(i)[0], limits=limits)
        order = np.argsort(-self.shares[i], kind="stable")[:6]
        lines = [[self.names[k], in_per_cent(self.shares[i, k], 1, ">{most}") + "%"] for k in order]
        answers = table([_("answer"), _("probability")], lines, width=240, description="",
                        title=_("What it makes of it"))  # fmt: skip
        return row(seen, large, answers, title=self.title, description=self.say(result))

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.kind == "all":
            sentence = _("Of {count} pictures it misreads {wrong}, that is {share}.")
        elif r.by == "label":
            sentence = _("Of {count} pictures of “{name}” it misreads {wrong}, that is {share}.")
        else:
            sentence = _("Of {count} that it reads as “{name}”, {wrong} are not, that is {share}.")
        return sentence.format(
            count=f"{r.count:,}", wrong=r.wrong, share=f"{r.wrong / max(r.count, 1):.1%}",
            name="" if r.kind == "all" else self.names[int(r.kind)],
        )  # fmt: skip

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"pictures": result["count"], "misread": result["wrong"]}
