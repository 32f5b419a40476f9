"""Ten numbers become ten probabilities: the softmax, its temperature, a ReLU out of place."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.layers import Softmax
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, slider, switch
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

CLASSES = 10
LOWEST, HIGHEST = -10.0, 10.0
SURE = 0.9995  # a larger share is not rounded to 1, which no softmax gives
START = (1.0, -2.0, 0.5, 3.0, -1.0, 2.0, -4.0, 0.0, 1.5, -3.0)
LOW, HIGH = _("Logits 0–4"), _("Logits 5–9")


def logit(k: int) -> Any:
    group = LOW if k < CLASSES // 2 else HIGH
    return slider(f"z{'₀₁₂₃₄₅₆₇₈₉'[k]}", LOWEST, HIGHEST, step=0.1, value=START[k], group=group)


class SoftmaxView(Explorer):
    """p_k = exp(z_k / T) / Σ_m exp(z_m / T) for ten logits z and a temperature T.

    The logits are sliders, or dragged on the picture. `relu` sends them through a ReLU first.

    >>> SoftmaxView(z3=5.0, temperature=2.0)
    """

    title = _("Softmax")

    z0, z1, z2, z3, z4 = (logit(k) for k in range(5))
    z5, z6, z7, z8, z9 = (logit(k) for k in range(5, 10))
    temperature = slider(_("Temperature T"), 0.1, 10, step=1.1, value=1, log=True)
    relu = switch(_("ReLU before the softmax"))
    up = button(_("Add 1 to every logit"))
    down = button(_("Take 1 from every logit"))
    again = button(_("As at first"))

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "again":
            return {f"z{k}": START[k] for k in range(CLASSES)} | {"temperature": 1.0}
        step = 1.0 if name == "up" else -1.0
        found = {f"z{k}": values[f"z{k}"] + step for k in range(CLASSES)}
        inside = all(LOWEST <= value <= HIGHEST for value in found.values())
        return found if inside else {}

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        logits = [values[f"z{k}"] for k in range(CLASSES)]
        full = _("One of the logits has reached its end.")
        return {
            "up": {"disabled": full if max(logits) > HIGHEST - 1 else ""},
            "down": {"disabled": full if min(logits) < LOWEST + 1 else ""},
        }

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        name, _colon, place = str(pick.get("pick")).partition(":")
        if name != "logit" or place not in map(str, range(CLASSES)):
            return {}
        step = {"ArrowUp": 0.1, "ArrowDown": -0.1}.get(str(pick.get("key")), 0.0)
        step *= 10 if pick.get("big") else 1
        value = pick.get("y", values[f"z{place}"] + step)
        return {f"z{place}": min(max(round(value, 1), LOWEST), HIGHEST)}

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        logits = np.array([values[f"z{k}"] for k in range(CLASSES)])
        entering = np.maximum(logits, 0.0) if values["relu"] else logits
        scaled = entering / values["temperature"]
        probabilities = Softmax()(scaled[None])[0]
        largest = probabilities >= probabilities.max() - 1e-12
        return {
            "logits": logits,
            "relu": values["relu"],
            "temperature": values["temperature"],
            "exponentials": np.exp(scaled),
            "probabilities": probabilities,
            "best": np.flatnonzero(largest).tolist(),
            "least": probabilities.min(),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        p = result["probabilities"]
        return {"best": result["best"][0], "probability": float(p.max()), "sum": float(p.sum())}

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if len(r.best) == 1:
            sentence = _("Digit {best} is the most probable: {share}.").format(
                best=r.best[0], share=per_cent(r.probabilities[r.best[0]])
            )
        else:
            sentence = _("Digits {best} are equally probable: {share} each.").format(
                best=", ".join(map(str, r.best)), share=per_cent(r.probabilities[r.best[0]])
            )
        sentence += " " + _("The ten probabilities add up to {sum}.").format(
            sum=readable(r.probabilities.sum(), 6)
        )
        cut = int((r.logits < 0).sum()) if r.relu else 0
        if cut:
            sentence += " " + _(
                "The ReLU has made {count} logits 0: those digits cannot be told apart any more, "
                "and none can have less than {least}."
            ).format(count=cut, least=per_cent(r.least))
        return sentence

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_logits(r), draw_probabilities(r), draw_steps(r)]
        return row(*panels, title=self.title, description=self.say(result))


def per_cent(share: float) -> str:
    """A probability in words: none is a whole 100%, so none is rounded to it."""
    return _("{value}%").format(value=readable(100 * share) if share < SURE else _("over 99.9"))


def draw_logits(r: SimpleNamespace) -> str:
    chart = Chart(
        350, 300, x=(-0.6, 9.6), y=(LOWEST, HIGHEST), title=_("Logits z"), x_label=_("digit"),
        y_label=_("logit"), description=_("Ten logits; drag one up or down."), name="logits",
    )  # fmt: skip
    k = np.arange(CLASSES)
    chart.rule(y=0, color="muted", dash=False)
    chart.bars(k, r.logits, color=0, width=0.3)
    if r.relu:
        chart.points(
            k, np.maximum(r.logits, 0), color=3, marker="square", radius=5,
            label=_("after the ReLU"),
        )  # fmt: skip
    labels = [
        _("Logit {k}: {value}").format(k=i, value=readable(value))
        for i, value in enumerate(r.logits)
    ]
    chart.points(
        k, r.logits, color=0, radius=6, label=_("drag them"), pick="logit", pick_labels=labels,
        drag=True,
    )  # fmt: skip
    return chart.svg()


def draw_probabilities(r: SimpleNamespace) -> str:
    chart = Chart(
        350, 300, x=(-0.6, 9.6), y=(0, 108), title=_("Probabilities p"), x_label=_("digit"),
        y_label=_("per cent"), description=_("The ten probabilities that the softmax makes."),
        name="probabilities",
    )  # fmt: skip
    shares = 100 * r.probabilities
    chart.bars(np.arange(CLASSES), shares, color=0)
    chart.bars(r.best, shares[r.best], color=1)
    for k, share in enumerate(shares.tolist()):
        if share >= 0.5:
            chart.text(
                k, share + 1, f"{share:.0f}" if share < 99.5 else ">99", anchor="middle", size=12
            )
    return chart.svg()


def draw_steps(r: SimpleNamespace) -> str:
    """The arithmetic: each logit, its exponential, its share of their sum."""
    entering = np.maximum(r.logits, 0.0) if r.relu else r.logits
    head = "exp(z)" if r.temperature == 1 else "exp(z/T)"
    lines = [
        [str(k), readable(z), readable(e), readable(p) if p < SURE else "> 0.999"]
        for k, (z, e, p) in enumerate(zip(entering, r.exponentials, r.probabilities, strict=True))
    ]
    total = [_("sum"), "", readable(r.exponentials.sum()), readable(r.probabilities.sum(), 6)]
    return table(
        [_("digit"), "z", head, "p"], [*lines, total], width=320, title=_("Step by step"),
        highlight=r.best[0],
    )  # fmt: skip
