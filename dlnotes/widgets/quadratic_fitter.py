"""Three numbers are a function: fit a quadratic by hand, then watch three searches do it."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.fitting import CurveFit
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, choice, picks, slider, switch
from dlnotes.widgets.optimizers import OPTIMIZERS
from dlnotes.widgets.points import PointsExplorer, points_of
from dlnotes.widgets.quadratic_picture import (
    ERRORS,
    SEARCHES,
    amount,
    draw_fit,
    draw_surface,
    draw_table,
    measure,
)
from dlnotes.widgets.quadratic_search import (
    GRID_POINTS,
    OWN_RATE,
    PARAMETERS,
    answer_of,
    arrow,
    follow,
    good_rate,
    original_of,
    problem_of,
    surface,
    trace_of,
    visited,
)
from dlnotes.words import _

CURVE_POINTS = 121


class QuadraticFitter(PointsExplorer):
    """y = a₁ + a₂·u + a₃·u² laid through points: by sliders, and by three searches.

    u is x in standard units (see `CurveFit`). Points are dragged on the picture or moved with the
    arrow keys; a click on the loss surface sets two parameters at once. `show` names the controls
    that a lesson has introduced so far; `surface="none"` leaves the loss surface out.

    >>> QuadraticFitter(data="made", seed=3, a1=40.0)
    """

    title = _("Fit a quadratic")

    outlier = button(_("Throw one point far off"), group=_("Data"))
    restore = button(_("Put the points back"), group=_("Data"))

    a1 = slider("a₁", -5, 95, step=0.5, value=20, group=_("Function"))
    a2 = slider("a₂", -50, 50, step=0.5, value=0, group=_("Function"))
    a3 = slider("a₃", -25, 25, step=0.5, value=0, group=_("Function"))
    key = switch(_("Show the answer key"), group=_("Function"))

    loss = choice(_("Error"), ERRORS, value="squared", group=_("Goodness"))
    goal = choice(
        _("Goal"),
        {"error": _("a small error"), "reward": _("a large reward (−error)")},
        value="error",
        group=_("Goodness"),
    )
    surface = choice(
        _("Surface over"),
        {"none": _("(hidden)"), "a1 a2": "a₁, a₂", "a1 a3": "a₁, a₃", "a2 a3": "a₂, a₃"},
        value="a1 a2",
        group=_("Goodness"),
    )

    grid = button(SEARCHES["grid"], group=_("Search"))
    random = button(SEARCHES["random"], group=_("Search"))
    gradient = button(SEARCHES["gradient"], group=_("Search"))
    method = choice(
        _("Its optimiser"),
        OPTIMIZERS | {"sgd": _("none: plain steps")},
        value="sgd",
        group=_("Search"),
    )
    rate = slider(_("Learning rate"), 0.001, 100, step=1.1, value=0.1, log=True, group=_("Search"))
    step = slider(_("Evaluations shown"), 0, GRID_POINTS**3, value=0, play=True, group=_("Search"))

    points = picks(_("Points moved by hand"), value=None)
    search = picks(_("The search shown"), value="hand")
    origin = picks(_("Where the reader last stood"), value=None)
    start = picks(_("Where gradient descent starts"), value=[20.0, 0.0, 0.0])
    tried = picks(_("Searches tried"), value=[])
    hand = picks(_("Places visited by hand"), value={"count": 0, "path": []})

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        changes = super().describe(**values)
        idle = _("Press one of the searches first.") if v.search == "hand" else ""
        changes["step"] = {"disabled": idle}
        try:
            low, high, step = original_of(v).box
            if v.search != "hand":
                changes["step"]["maximum"] = len(trace_of(v)[0])
        except ValueError:
            return changes
        for name, lowest, highest in zip(PARAMETERS, low, high, strict=True):
            limits = {"minimum": float(lowest), "maximum": float(highest), "step": step}
            changes[name] = limits | {"unit": points_of(v.data, v.seed, v.own).unit}
        return changes

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name in PARAMETERS and v.surface == "none" and self.declared["surface"].hidden:
            return {"search": "hand"}  # nothing that can be seen counts the steps
        if name in PARAMETERS:
            return {"search": "hand", "hand": visited(v)}
        if name in ("data", "seed", "own"):
            low, high, _step = original_of(v).box
            fresh = {"a1": float(0.75 * low[0] + 0.25 * high[0]), "a2": 0.0, "a3": 0.0}
            return fresh | {
                "points": None,
                "origin": None,
                "search": "hand",
                "tried": [],
                "step": 0,
                "hand": {"count": 0, "path": []},
            }
        if name in ("loss", "method"):
            v.rate = good_rate(v.method, v.loss)
            return {"rate": v.rate} | follow(v)
        return follow(v) if name in ("rate", "step") else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name == "restore":
            v.points = None
            return {"points": None} | follow(v)
        if name == "outlier":
            fit, original = problem_of(v), points_of(v.data, v.seed, v.own)
            chosen = fit.x.size // 10
            points = np.column_stack([fit.x, fit.y])
            ends = original.window(original.y)
            points[chosen, 1] = max(ends, key=lambda end: abs(end - original.y[chosen]))
            v.points = points.tolist()
            return {"points": v.points} | follow(v)
        # A descent starts where the reader stood, not where another search has put the sliders.
        if v.search == "hand" or v.origin is None:
            v.origin = [v.a1, v.a2, v.a3]
        if name == "gradient":
            v.start = v.origin
        v.search = name
        v.step = len(trace_of(v)[0])
        tried = v.tried if name in v.tried else [*v.tried, name]
        now = {"search": name, "origin": v.origin, "start": v.start, "tried": tried}
        return now | {"step": v.step} | follow(v)

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        name, _colon, place = str(pick.get("pick")).partition(":")
        if name == "surface" and v.surface != "none" and ("x" in pick or pick.get("key")):
            low, high, step = original_of(v).box
            for axis, symbol in enumerate(v.surface.split()):
                i = PARAMETERS.index(symbol)
                key = arrow(pick, axis) * (high[i] - low[i])
                value = round(pick.get("xy"[axis], getattr(v, symbol) + key) / step) * step
                setattr(v, symbol, float(np.clip(value, low[i], high[i])))
            return {p: getattr(v, p) for p in PARAMETERS} | {"search": "hand", "hand": visited(v)}
        points, original = problem_of(v), points_of(v.data, v.seed, v.own)
        if name != "point" or place not in map(str, range(points.x.size)):
            return {}  # of a picture before this one
        i, windows = int(place), (original.window(original.x), original.window(original.y))
        places = np.column_stack([points.x, points.y])
        for axis, (first, last) in enumerate(windows):
            target = pick.get("xy"[axis], places[i, axis] + arrow(pick, axis) * (last - first))
            places[i, axis] = np.clip(target, first, last)
        v.points = places.tolist()
        return {"points": v.points} | follow(v)

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        source, fit = points_of(v.data, v.seed, v.own), problem_of(v)
        parameters, diverged = np.array([v.a1, v.a2, v.a3], dtype=float), False
        path = np.array(v.hand["path"] or [parameters])
        if v.search != "hand":
            path, errors, diverged = trace_of(v)
            path = path[: v.step]
            if v.step:
                parameters = path[-1] if v.search == "gradient" else path[errors[: v.step].argmin()]
        window = source.window(source.x)
        curve_x = np.linspace(*window, CURVE_POINTS)
        result = {
            "source": source,
            "x": fit.x,
            "y": fit.y,
            "fitted": fit.predict(parameters, fit.x),
            "x_window": window,
            "y_window": source.window(source.y),
            "curve_x": curve_x,
            "curve_y": fit.predict(parameters, curve_x),
            "parameters": parameters,
            "error": fit.error(parameters),
            "loss": v.loss,
            "goal": v.goal,
            "search": v.search,
            "diverged": diverged,
            "rate": v.rate,
            "method": v.method,
            "step": v.step,
            "key": None,
            "delta": fit.bend,
            "rows": self.rows(v, fit, parameters) if v.tried else [],
            "surface": None,
        }
        if v.key:
            answer = answer_of(v)
            result["key"] = {"parameters": answer, "error": fit.error(answer)}
            result["key"]["curve_y"] = fit.predict(answer, curve_x)
        if v.surface != "none":
            pair = [PARAMETERS.index(name) for name in v.surface.split()]
            # A descent that runs away leaves the map, which then stays where it started.
            third = np.array(v.start) if diverged else parameters
            result["surface"] = surface(fit, original_of(v).box, third, pair, v.goal)
            result["surface"]["place"] = parameters[pair]
            result["surface"] |= {"path": path[:, pair], "pair": pair}
        return result

    def rows(self, v: SimpleNamespace, fit: CurveFit, parameters: np.ndarray) -> list[dict]:
        """One row a search that was tried: its evaluations, the error it reached, and its gap."""
        least = fit.error(answer_of(v))
        found = []
        if v.hand["count"]:
            found.append(
                ("hand", v.hand["count"], fit.errors(np.array(v.hand["path"])).min(), False)
            )
        for name in v.tried:
            tried = SimpleNamespace(**(vars(v) | {"search": name}))
            _path, errors, diverged = trace_of(tried)
            reached = errors[-1] if name == "gradient" else errors.min()
            found.append((name, errors.size, reached, diverged))
        return [
            {
                "search": name,
                "evaluations": count,
                "error": error,
                "gap": error - least,
                "diverged": off,
            }
            for name, count, error, off in found
        ]

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_fit(r)]
        if r.surface:
            panels.append(draw_surface(r))
        if r.rows:
            panels.append(draw_table(r))
        return row(*panels, title=self.title, description=self.say(result), columns=2)

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.diverged:
            sentence = _(
                "Gradient descent ran away: at the learning rate {rate:.3g} every step overshoots "
                "by more than the last, and the curve leaves the picture. Lower the rate."
            )
            if r.method in OWN_RATE:
                sentence = _(
                    "Gradient descent ended higher than it began: at the learning rate {rate:.3g} "
                    "its steps jump past the lowest place. Lower the rate."
                )
            return sentence.format(rate=r.rate)
        sentence = _("With a₁ = {a1}, a₂ = {a2}, a₃ = {a3} the {measure} is {value}.")
        a1, a2, a3 = (readable(value) for value in r.parameters)
        return sentence.format(a1=a1, a2=a2, a3=a3, measure=measure(r), value=amount(r, r.error))

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        shown: dict[str, Any] = dict(zip(PARAMETERS, map(float, r.parameters), strict=True))
        shown |= {"loss": r.loss, "error": r.error}
        for line in r.rows:
            shown[line["search"]] = [line["evaluations"], float(line["error"])]
        return shown | ({"least": r.key["error"]} if r.key else {})

    def figure(self) -> Any:
        """The fit as a matplotlib figure, for a report."""
        from dlnotes import plots

        r = SimpleNamespace(**self.compute(**self.values))
        labels = {"x_label": r.source.x_label, "y_label": r.source.y_label}
        return plots.fit(
            r.x, r.y, r.curve_x, r.curve_y, residuals=r.fitted, title=self.say(vars(r)), **labels
        )
