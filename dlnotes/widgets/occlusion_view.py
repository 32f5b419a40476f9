"""What a network looks at: cover a part of the picture, and see what that does to its answer."""

from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers import Layer
from dlnotes.pictures.cells import Cells
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets import trained
from dlnotes.widgets.controls import choice, picks, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.network_input import examples_for
from dlnotes.widgets.reading import class_names, in_per_cent, labelled, own_copy, shares
from dlnotes.words import _

SIDE = 252  # pixels of the pictures
ARROWS = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}
COVERED, ASKED = _("What is covered"), _("What is asked")
TINY = 1e-12  # a share is never smaller than this, where its logarithm is taken


class OcclusionView(Explorer):
    """A patch goes over the picture; for each of its places, how much the answer loses.

    Parameters
    ----------
    net : a network on pictures; if None, a small one, trained on drawn digits when first asked for.
    x, y : pictures (n, c, h, w) and labels (n,); if None, one real digit of each kind.
    names : the classes' names; 0, 1, 2 … if None.

    Source: Zeiler & Fergus 2014 (arXiv:1311.2901), section 4.2.

    >>> OcclusionView(net, x[:20], y[:20])
    """

    title = _("What it looks at")

    picture = slider(_("Picture"), 0, 9, value=3, group=COVERED)
    patch = slider(_("Patch"), 1, 14, value=6, unit="px", group=COVERED)
    step = slider(_("Places every"), 2, 7, value=3, unit="px", group=COVERED)
    fill = choice(
        _("Covered with"),
        {"dark": _("background"), "mean": _("the picture's mean"), "bright": _("ink")},
        value="dark",
        group=ASKED,
    )
    kind = choice(_("Answer"), {"read": _("the one it gives")}, value="read", group=ASKED)
    measure = choice(
        _("Loss of"),
        {"share": _("its probability"), "odds": _("its log-odds (finer when it is sure)")},
        value="share",
        group=ASKED,
    )
    at = picks(_("Where the patch lies"), value=[14, 14])

    def __init__(
        self, net: Layer | None = None, x: Any = None, y: Any = None, *,
        names: Sequence[str] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        who = "OcclusionView"
        self.net = own_copy(trained.convolutional() if net is None else net, who)
        if x is None:
            x, y = examples_for(self.net)
        self.x, self.y = labelled(x, y, who)
        self.limits = float(self.x.min()), float(self.x.max())
        self.names = class_names(names, shares(self.net, self.x[:1]).shape[1], who)
        self._covered = lru_cache(maxsize=32)(self._covered_now)
        super().__init__(**options)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        options = {"read": _("the one it gives")} | {str(i): n for i, n in enumerate(self.names)}
        side = min(self.x.shape[2:])
        return {
            "picture": {"maximum": len(self.x) - 1},
            "patch": {"maximum": max(1, side // 2)},
            "kind": {"options": options},
        }

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if pick["pick"] not in ("place", "loss"):
            return {}
        rows, cols = places(self.x.shape[2], v.step), places(self.x.shape[3], v.step)
        if pick["how"] == "key" and pick.get("key") in ARROWS:
            step = ARROWS[pick["key"]]
            found = [
                nearest(line, at + along * v.step)
                for line, at, along in zip((rows, cols), v.at, step, strict=True)
            ]
            return {"at": found}
        if pick["how"] not in ("click", "hover", "drag") or "x" not in pick:
            return {}
        scale = v.step if pick["pick"] == "loss" else 1
        offset = int(rows[0]) if pick["pick"] == "loss" else 0
        where = [offset + scale * int(pick[name]) for name in ("y", "x")]
        return {"at": [nearest(line, at) for line, at in zip((rows, cols), where, strict=True)]}

    def _covered_now(
        self, picture: int, patch: int, step: int, fill: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """The shares of the whole picture (classes,) and of every covered one (rows, cols, …)."""
        x = self.x[picture]
        rows, cols = places(x.shape[1], step), places(x.shape[2], step)
        tried = np.repeat(x[None], len(rows) * len(cols) + 1, axis=0)
        for i, (at, to) in enumerate((at, to) for at in rows for to in cols):
            top, left = corner(at, patch), corner(to, patch)
            area = tried[i, :, max(top, 0) : top + patch, max(left, 0) : left + patch]
            area[...] = self.filling(x, fill)
        found = shares(self.net, tried)
        return found[-1], found[:-1].reshape(len(rows), len(cols), -1)

    def filling(self, x: np.ndarray, fill: str) -> float:
        return {"dark": self.limits[0], "mean": float(x.mean()), "bright": self.limits[1]}[fill]

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        whole, covered = self._covered(v.picture, v.patch, v.step, v.fill)
        rows, cols = places(self.x.shape[2], v.step), places(self.x.shape[3], v.step)
        at = nearest(rows, v.at[0]), nearest(cols, v.at[1])
        cell = int(np.argmax(rows == at[0])), int(np.argmax(cols == at[1]))
        kind = int(whole.argmax()) if v.kind == "read" else int(v.kind)
        shown = self.x[v.picture].mean(axis=0)
        top, left = corner(at[0], v.patch), corner(at[1], v.patch)
        now = shown.copy()
        now[max(top, 0) : top + v.patch, max(left, 0) : left + v.patch] = self.filling(
            self.x[v.picture], v.fill
        )
        return {
            "picture": now,
            "label": int(self.y[v.picture]),
            "kind": kind,
            "whole": whole,
            "covered": covered[cell],
            "loss": weight(whole[kind], v.measure) - weight(covered[..., kind], v.measure),
            "measure": v.measure,
            "cell": cell,
            "box": (top, left, v.patch),
        }

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        h, w = r.picture.shape
        side = SIDE / max(h, w)
        seen = Cells(r.picture, cell=side, title=_("The picture, covered"), limits=self.limits,
                     name="place")  # fmt: skip
        top, left, patch = r.box
        high, low = max(top, 0), max(left, 0)
        seen.box(high, low, min(top + patch, h) - high, min(left + patch, w) - low)
        seen.pick("place", _("Move the patch: point here, or use the arrow keys."))
        reach = float(np.abs(r.loss).max()) or 1.0
        lost = Cells(
            r.loss, cell=SIDE / max(r.loss.shape), name="loss", colormap="diverging",
            limits=(-reach, reach),
            title=_("What “{name}” loses by it: orange, up to {reach}").format(
                name=self.names[r.kind], reach=readable(reach, 2)
            ),
        )  # fmt: skip
        lost.box(r.cell[0], r.cell[1], 1, 1, color=3)
        lost.pick("loss", _("Move the patch: point here, or use the arrow keys."))
        order = np.argsort(-np.maximum(r.whole, r.covered), kind="stable")[:6]
        lines = [
            [
                self.names[i],
                *(in_per_cent(shares[i], 1, ">{most}") + "%" for shares in (r.whole, r.covered)),
            ]
            for i in order
        ]
        kinds = order.tolist()
        shown = table(
            [_("answer"), _("whole picture"), _("covered")], lines, width=320,
            title=_("Its answer, before and after"), description="",
            highlight=kinds.index(r.kind) if r.kind in kinds else None,
        )  # fmt: skip
        return row(seen.svg(), lost.svg(), shown, title=self.title, description=self.say(result))

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        read, now = (self.names[int(found.argmax())] for found in (r.whole, r.covered))
        sentence = _(
            "The whole picture, a “{label}”, is read as “{read}” ({share}). With the patch here it "
            "reads “{now}”, and “{name}” has {left}."
        )
        return sentence.format(
            label=self.names[r.label], read=read, share=in_per_cent(r.whole.max()) + "%", now=now,
            name=self.names[r.kind], left=in_per_cent(r.covered[r.kind]) + "%",
        )  # fmt: skip

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {
            "reads": self.names[int(result["whole"].argmax())],
            "at": float(result["whole"].max()),
            "largest_loss": float(result["loss"].max()),
        }


def places(size: int, step: int) -> np.ndarray:
    """The patch's middles along one side: every `step` pixels, as far in the middle as they go."""
    count = (size - 1) // step + 1
    return (size - 1 - (count - 1) * step) // 2 + step * np.arange(count)


def nearest(line: np.ndarray, at: float) -> int:
    at = min(max(at, int(line[0])), int(line[-1]))
    return int(line[np.abs(line - at).argmin()])


def corner(middle: int, patch: int) -> int:
    """The first pixel that a patch with this middle covers; it may lie outside."""
    return int(middle) - patch // 2


def weight(share: Any, measure: str) -> Any:
    """A probability, or its log-odds log(p / (1 − p))."""
    if measure == "share":
        return share
    share = np.clip(np.asarray(share, float), TINY, 1 - TINY)
    return np.log(share / (1 - share))
