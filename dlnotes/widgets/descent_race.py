"""Six optimisers from one start: their paths over a surface, and a fair way to rank them."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, choice, picks, slider, switch, text
from dlnotes.widgets.descent_picture import (
    at_an_end,
    beyond_the_map,
    draw_losses,
    draw_map,
    draw_sweep,
    draw_table,
    fates,
    loss_name,
    standing,
)
from dlnotes.widgets.descents import (
    LEAST_RATE,
    MOST_RATE,
    runs_of,
    shown_of,
    sweep,
    sweeping,
    variant,
)
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.prepared import Prepared
from dlnotes.widgets.surfaces import OWN, SURFACES, Surface, surface_of
from dlnotes.words import _

RATES = {f"rate_{name}": name for name in OPTIMIZERS}
RACE, SWEEP = _("Race"), _("Sweep")
TUNE, ADAPTIVE = _("Learning rates"), _("Of the adaptive ones")
SHOWN = {"all": _("all six")} | {
    "sgd momentum nesterov": _("SGD, momentum, Nesterov"),
    "adagrad rmsprop adam": _("Adagrad, RMSprop, Adam"),
    "sgd adam": _("SGD and Adam"),
}
SHOWN |= {name: _("{name} alone").format(name=word) for name, word in OPTIMIZERS.items()}
EXAMPLES = ("sin(x) + cos(y)", "x**2 - y**2", "log(x)", "3", "x*", "abs(x) + abs(y)")


def rate(name: str, group: str = TUNE) -> Any:
    return slider(
        OPTIMIZERS[name], LEAST_RATE, MOST_RATE, step=1.1, value=0.1, log=True, group=group
    )


class DescentRace(Prepared):
    """SGD, momentum, Nesterov, Adagrad, RMSprop and Adam of `dlnotes.optim`, from one start.

    The surface is one of four or a typed formula of x and y. Every optimiser has a learning rate of
    its own, set by hand or by a sweep in which all try the same rates with the same steps. The
    start is dragged on the map.

    >>> DescentRace(surface="rosenbrock", steps=200)
    """

    title = _("A race downhill")
    making = _("Racing")

    surface = choice(_("Surface"), SURFACES, value="valley", group=RACE)
    own = text(
        _("f(x, y)"),
        value="x**2/4 + sin(3*x) + y**2",
        group=RACE,
        examples=EXAMPLES,
    )
    reach = slider(_("Map to ±"), 0.5, 20, step=1.1, value=3, log=True, group=RACE)
    shown = choice(_("Optimisers"), SHOWN, value="all", group=RACE)
    correction = switch(_("Adam’s bias correction"), value=True, group=RACE)
    steps = slider(_("Steps of a run"), 10, 300, step=10, value=150, group=RACE)
    goal = slider(_("Loss to reach"), 1e-6, 10, step=1.1, value=0.01, log=True, group=RACE)
    step = slider(_("Step shown"), 0, 300, value=150, group=RACE, play=True)

    common = slider(
        _("All at once"), LEAST_RATE, MOST_RATE, step=1.1, value=0.1, log=True, group=TUNE
    )
    rate_sgd = rate("sgd")
    rate_momentum = rate("momentum")
    rate_nesterov = rate("nesterov")
    rate_adagrad = rate("adagrad", ADAPTIVE)
    rate_rmsprop = rate("rmsprop", ADAPTIVE)
    rate_adam = rate("adam", ADAPTIVE)
    tried = slider(_("Rates to try"), 3, 41, value=21, group=SWEEP)
    sweep = button(_("Fair sweep: the same tries for each"), group=SWEEP)

    start = picks(_("Where all start"), value=None)
    swept = picks(_("What the last sweep found"), value=None)

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        names = shown_of(v.shown)
        changes: dict[str, dict[str, Any]] = {
            control: {"hidden": name not in names} for control, name in RATES.items()
        }
        hidden = {"hidden": v.surface != OWN}
        above = {"label": _("Loss − lowest")} if v.surface == OWN else {}
        return changes | {
            "own": hidden,
            "reach": hidden,
            "goal": above,
            "correction": {"hidden": "adam" not in names},
            "step": {"maximum": v.steps},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name in ("surface", "own", "reach"):
            return {"start": None, "swept": None}
        if name == "steps":
            return {"step": values["steps"], "swept": None}
        if name == "common":
            return dict.fromkeys(RATES, values["common"])
        return {"swept": None} if name in ("goal", "correction") else {}

    def before_press(self, name: str, /, **values: Any) -> Iterator[float]:
        v = SimpleNamespace(**values)
        surface = surface_of(v.surface, v.own, v.reach)
        kinds = [variant(name, v.correction) for name in OPTIMIZERS]
        return sweeping(kinds, surface, start_of(v, surface), v.steps, v.tried)

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        surface = surface_of(v.surface, v.own, v.reach)
        kinds = {variant(name, v.correction): name for name in OPTIMIZERS}
        swept = sweep(list(kinds), surface, start_of(v, surface), v.steps, v.goal, v.tried)
        rates = {f"rate_{kinds[kind]}": best for kind, best in swept.pop("best").items()}
        swept["ends"] = {kinds[kind]: ends for kind, ends in swept["ends"].items()}
        swept["beyond"] = [kinds[kind] for kind in swept["beyond"]]
        return rates | {"swept": swept, "step": v.steps}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if pick.get("pick") not in ("map", "start:0") or not ("x" in pick or pick.get("key")):
            return {}
        surface = surface_of(v.surface, v.own, v.reach)
        place = list(start_of(v, surface))
        for axis, (low, high) in enumerate((surface.x, surface.y)):
            key = ("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp")
            sign = {key[axis][0]: -1, key[axis][1]: 1}.get(pick.get("key", ""), 0)
            stride = (high - low) * (0.05 if pick.get("big") else 0.01)
            target = float(pick.get("xy"[axis], place[axis] + sign * stride))
            place[axis] = round(min(max(target, low), high), 4)
        return {"start": place, "swept": None}

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        surface = surface_of(v.surface, v.own, v.reach)
        start = start_of(v, surface)
        names = shown_of(v.shown)
        rates = {name: values[f"rate_{name}"] for name in names}
        ghostly = "adam" in names and not v.correction
        runners = [(variant(name, v.correction), rates[name]) for name in names]
        runners += [("adam", rates["adam"])] if ghostly else []
        found = runs_of(runners, surface, start, v.steps)
        ghost = found.pop() if ghostly else None
        runs = dict(zip(names, found, strict=True))
        first = {name: run.steps_to(v.goal) for name, run in runs.items()}
        return {
            "kind": v.surface,
            "surface": surface,
            "start": start,
            "rates": rates,
            "runs": runs,
            "ghost": ghost,
            "step": v.step,
            "steps": v.steps,
            "goal": v.goal,
            "first": first,
            "winner": winner_of(first),
            "swept": v.swept,
        }

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_map(r), draw_losses(r), draw_table(r)]
        if r.swept:
            panels.append(draw_sweep(r))
        return row(*panels, title=self.title, description=self.say(result), columns=2)

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        sentences = [standing(r), *fates(r), *beyond_the_map(r), *at_an_end(r)]
        if r.ghost:
            first, usual = (
                np.hypot(*(run.path[1] - run.path[0])) for run in (r.runs["adam"], r.ghost)
            )
            sentence = _(
                "Without its bias correction Adam’s first step is {first} long; with it, {usual}."
            )
            sentences.append(sentence.format(first=readable(first), usual=readable(usual)))
        return " ".join(sentences)

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        reached = {name: r.first[name] for name in r.runs}
        losses = {f"{name}_loss": float(loss_at(run, r.step)) for name, run in r.runs.items()}
        return {"surface": r.kind, "step": r.step} | reached | losses

    def figure(self) -> Any:
        """The losses by step as a matplotlib figure, for a report."""
        from dlnotes import plots

        r = SimpleNamespace(**self.compute(**self.values))
        lines = {
            OPTIMIZERS[name]: (np.arange(run.above.size), run.above) for name, run in r.runs.items()
        }
        return plots.lines(
            lines, title=standing(r), x_label=_("steps"), y_label=loss_name(r), y_log=True
        )


def start_of(v: SimpleNamespace, surface: Surface) -> tuple[float, float]:
    return surface.start if v.start is None else (v.start[0], v.start[1])


def winner_of(first: dict[str, int | None]) -> str | None:
    """Who alone reached the goal in the fewest steps."""
    reached = sorted((steps, name) for name, steps in first.items() if steps is not None)
    if not reached or (len(reached) > 1 and reached[0][0] == reached[1][0]):
        return None
    return reached[0][1]


def loss_at(run: Any, step: int) -> float:
    return run.above[min(step, len(run.above) - 1)]
