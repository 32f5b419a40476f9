"""Three numbers are a function: fit a quadratic by hand, then watch three searches do it."""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.fitting import CurveFit
from dlnotes.pictures.chart import Chart, grid_extent
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, choice, picks, slider, switch, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.points import OWN, OWN_EXAMPLES, SOURCES, points_of
from dlnotes.words import _

PARAMETERS = ("a1", "a2", "a3")
SYMBOLS = {"a1": "a₁", "a2": "a₂", "a3": "a₃"}
SEARCHES = {
    "hand": _("By hand"),
    "grid": _("Grid search"),
    "random": _("Random search"),
    "gradient": _("Gradient descent"),
}
ERRORS = {
    "squared": _("mean squared error"),
    "absolute": _("mean absolute error"),
    "huber": _("Huber error"),
}
GOOD_RATE = {"squared": 0.1, "absolute": 3.0, "huber": 0.3}
GRID_POINTS = 9
DESCENT_STEPS = 60
SURFACE_POINTS = 41
CURVE_POINTS = 121
MOST_PLACES = 2000
MOST_DRAGGED = 120


class QuadraticFitter(Explorer):
    """y = a₁ + a₂·u + a₃·u² laid through points: by sliders, and by three searches.

    u is x in standard units (see `CurveFit`). Points are dragged on the picture or moved with the arrow
    keys; a click on the loss surface sets two parameters at once. `show` names the controls that a
    lesson has introduced so far; `surface="none"` leaves the loss surface out.

    >>> QuadraticFitter(data="made", seed=3, a1=40.0)
    """

    title = _("Fit a quadratic")

    data = choice(_("Data"), SOURCES, value="stopping", group=_("Data"))
    seed = slider(_("Seed of the made curve"), 0, 20, value=0, group=_("Data"))
    own = text(
        _("Two columns: x, y"),
        value=OWN,
        rows=4,
        limit=40_000,
        files=".csv,.tsv,.txt",
        group=_("Data"),
        examples=OWN_EXAMPLES,
    )
    outlier = button(_("Throw one point far off"), group=_("Data"))
    restore = button(_("Put the points back"), group=_("Data"))

    a1 = slider(_("a₁ lifts"), -5, 95, step=0.5, value=20, group=_("Function"))
    a2 = slider(_("a₂ tilts"), -50, 50, step=0.5, value=0, group=_("Function"))
    a3 = slider(_("a₃ bends"), -25, 25, step=0.5, value=0, group=_("Function"))
    key = switch(_("Show the answer key"), group=_("Function"))

    loss = choice(_("Error"), ERRORS, value="squared", group=_("Goodness"))
    goal = choice(
        _("Goal"),
        {"error": _("make the error small"), "reward": _("make the reward (−error) large")},
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
    rate = slider(
        _("Learning rate"), 0.001, 100, step=1.1, value=0.1, log=True, group=_("Search")
    )
    step = slider(
        _("Evaluations shown"), 0, GRID_POINTS**3, value=0, play=True, group=_("Search")
    )

    points = picks(_("Points moved by hand"), value=None)
    search = picks(_("The search shown"), value="hand")
    start = picks(_("Where gradient descent starts"), value=[20.0, 0.0, 0.0])
    tried = picks(_("Searches tried"), value=[])
    hand = picks(_("Places visited by hand"), value={"count": 0, "path": []})

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        v = SimpleNamespace(**values)
        changes: dict[str, dict[str, Any]] = {
            "seed": {"hidden": v.data != "made"},
            "own": {"hidden": v.data != "own"},
            "step": {"disabled": _("Press one of the searches first.") if v.search == "hand" else ""},
        }
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

    def moved(self, name: str, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name in PARAMETERS:
            return {"search": "hand", "hand": visited(v)}
        if name in ("data", "seed", "own"):
            low, high, _step = original_of(v).box
            fresh = {"a1": float(0.75 * low[0] + 0.25 * high[0]), "a2": 0.0, "a3": 0.0}
            return fresh | {
                "points": None,
                "search": "hand",
                "tried": [],
                "step": 0,
                "hand": {"count": 0, "path": []},
            }
        if name == "loss":
            v.rate = GOOD_RATE[v.loss]
            return {"rate": v.rate} | follow(v)
        return follow(v) if name in ("rate", "step") else {}

    def pressed(self, name: str, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        if name == "restore":
            v.points = None
            return {"points": None} | follow(v)
        if name == "outlier":
            fit = problem_of(v)
            chosen = fit.x.size // 10
            points = np.column_stack([fit.x, fit.y])
            points[chosen, 1] = points_of(v.data, v.seed, v.own).y.max()
            v.points = points.tolist()
            return {"points": v.points} | follow(v)
        v.search, v.start = name, [v.a1, v.a2, v.a3]
        v.step = len(trace_of(v)[0])
        tried = v.tried if name in v.tried else [*v.tried, name]
        return {"search": name, "start": v.start, "tried": tried, "step": v.step} | follow(v)

    def picked(self, pick: dict[str, Any], **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        name, _colon, place = str(pick.get("pick")).partition(":")
        if name == "surface" and "x" in pick:
            low, high, _step = original_of(v).box
            for symbol, value in zip(v.surface.split(), (pick["x"], pick["y"]), strict=True):
                i = PARAMETERS.index(symbol)
                setattr(v, symbol, float(np.clip(value, low[i], high[i])))
            return {p: getattr(v, p) for p in PARAMETERS} | {"search": "hand", "hand": visited(v)}
        if name != "point":
            return {}
        points, original = problem_of(v), points_of(v.data, v.seed, v.own)
        moved = np.column_stack([points.x, points.y])
        i = int(place)
        windows = [original.window(original.x), original.window(original.y)]
        for axis, (low, high) in enumerate(windows):
            target = pick.get("xy"[axis], moved[i, axis] + arrow(pick, axis) * (high - low))
            moved[i, axis] = np.clip(target, low, high)
        v.points = moved.tolist()
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
            "step": v.step,
            "key": None,
            "rows": self.rows(v, fit, parameters),
            "surface": None,
        }
        if v.key:
            answer = answer_of(v)
            result["key"] = {"parameters": answer, "error": fit.error(answer)}
            result["key"]["curve_y"] = fit.predict(answer, curve_x)
        if v.surface != "none":
            pair = [PARAMETERS.index(name) for name in v.surface.split()]
            result["surface"] = surface(fit, original_of(v).box, parameters, pair, v.goal)
            result["surface"] |= {"path": path[:, pair], "pair": pair}
        return result

    def rows(self, v: SimpleNamespace, fit: CurveFit, parameters: np.ndarray) -> list[dict]:
        """One row a search that was tried: its evaluations, the error it reached, its gap to the best."""
        least = fit.error(answer_of(v))
        found = []
        if v.hand["count"]:
            found.append(("hand", v.hand["count"], fit.errors(np.array(v.hand["path"])).min(), False))
        for name in v.tried:
            tried = SimpleNamespace(**(vars(v) | {"search": name}))
            _path, errors, diverged = trace_of(tried)
            reached = errors[-1] if name == "gradient" else errors.min()
            found.append((name, errors.size, reached, diverged))
        return [
            {"search": name, "evaluations": count, "error": error, "gap": error - least, "diverged": off}
            for name, count, error, off in found
        ]

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_fit(r)]
        if r.surface:
            panels.append(draw_surface(r))
        if r.rows or r.key:
            panels.append(draw_table(r))
        return row(*panels, title=self.title, description=self.say(result), columns=2)

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if r.diverged:
            sentence = _(
                "Gradient descent ran away: at the learning rate {rate:.3g} every step overshoots by "
                "more than the last. Lower the rate."
            )
            return sentence.format(rate=r.rate)
        sentence = _("With a₁ = {a1}, a₂ = {a2}, a₃ = {a3} the {measure} is {value}.")
        a1, a2, a3 = (readable(value) for value in r.parameters)
        return sentence.format(a1=a1, a2=a2, a3=a3, measure=measure(r), value=amount(r, r.error))

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        shown = dict(zip(PARAMETERS, map(float, r.parameters), strict=True))
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


# Reading the values ---------------------------------------------------------------------------


@lru_cache(maxsize=256)
def fit_of(source: str, seed: int, own: str, moved: tuple | None, loss: str) -> CurveFit:
    points = points_of(source, seed, own)
    original = CurveFit(points.x, points.y, loss=loss)
    if moved is None:
        return original
    x, y = np.array(moved, dtype=float).T
    return CurveFit(x, y, loss=loss, delta=original.bend, reference=points.x)


def original_of(v: SimpleNamespace) -> CurveFit:
    """The fit of the source's own points: it defines the units and the ranges of the sliders."""
    return fit_of(v.data, v.seed, v.own, None, v.loss)


def problem_of(v: SimpleNamespace) -> CurveFit:
    """The fit of the points as the reader has moved them."""
    moved = None if v.points is None else tuple(map(tuple, v.points))
    return fit_of(v.data, v.seed, v.own, moved, v.loss)


@lru_cache(maxsize=64)
def best_of(fit: CurveFit) -> np.ndarray:
    return fit.best()


def answer_of(v: SimpleNamespace) -> np.ndarray:
    return best_of(problem_of(v))


@lru_cache(maxsize=64)
def search_of(
    fit: CurveFit, original: CurveFit, search: str, start: tuple, rate: float
) -> tuple[np.ndarray, np.ndarray, bool]:
    if search == "grid":
        path = original.grid(GRID_POINTS)
    elif search == "random":
        path = original.random(GRID_POINTS**3, np.random.default_rng(0))
    else:
        path = fit.descend(np.array(start), rate, DESCENT_STEPS)
    with np.errstate(all="ignore"):
        errors = fit.errors(path)
    lost = np.flatnonzero(~np.isfinite(errors) | (errors > 100 * errors[0] + 1e-12))
    if search == "gradient" and lost.size:
        return path[: lost[0] + 1], errors[: lost[0] + 1], True
    return path, errors, False


def trace_of(v: SimpleNamespace) -> tuple[np.ndarray, np.ndarray, bool]:
    """What the search shown has evaluated: (m, 3) parameters, (m,) errors, whether it ran away."""
    start, rate = (tuple(v.start), v.rate) if v.search == "gradient" else ((), 0.0)
    return search_of(problem_of(v), original_of(v), v.search, start, rate)


def follow(v: SimpleNamespace) -> dict[str, Any]:
    """The sliders go where the search stands after `step` evaluations, as far as they reach."""
    if v.search == "hand" or not v.step:
        return {}
    path, errors, _diverged = trace_of(v)
    step = min(v.step, len(path))
    place = path[step - 1] if v.search == "gradient" else path[errors[:step].argmin()]
    low, high, _step = original_of(v).box
    place = np.clip(np.nan_to_num(place), low, high)
    return {"step": step} | dict(zip(PARAMETERS, map(float, place), strict=True))


def visited(v: SimpleNamespace) -> dict[str, Any]:
    """The places visited by hand, with the present one added."""
    return {
        "count": v.hand["count"] + 1,
        "path": [*v.hand["path"], [v.a1, v.a2, v.a3]][-MOST_PLACES:],
    }


def arrow(pick: dict[str, Any], axis: int) -> float:
    """The share of the axis by which an arrow key moves a point."""
    signs = ({"ArrowLeft": -1, "ArrowRight": 1}, {"ArrowDown": -1, "ArrowUp": 1})[axis]
    return signs.get(pick.get("key", ""), 0) * (0.1 if pick.get("big") else 0.02)


# Drawing --------------------------------------------------------------------------------------


def surface(
    fit: CurveFit, box: tuple, parameters: np.ndarray, pair: list[int], goal: str
) -> dict[str, Any]:
    """The loss over two parameters, the third held where it is: (41, 41), the second one upwards."""
    low, high, _step = box
    across, up = (np.linspace(low[i], high[i], SURFACE_POINTS) for i in pair)
    candidates = np.empty((SURFACE_POINTS, SURFACE_POINTS, 3))
    candidates[:] = np.nan_to_num(parameters)
    candidates[..., pair[0]] = across
    candidates[..., pair[1]] = up[:, None]
    values = fit.errors(candidates.reshape(-1, 3)).reshape(SURFACE_POINTS, SURFACE_POINTS)
    return {
        "values": -values if goal == "reward" else values,
        "across": across,
        "up": up,
        "place": parameters[pair],
    }


def measure(r: SimpleNamespace) -> str:
    return ERRORS[r.loss] if r.goal == "error" else _("reward, minus the {error},").format(
        error=ERRORS[r.loss]
    )


def amount(r: SimpleNamespace, error: float) -> str:
    """An error (or the reward that it is) with its unit: squared errors are in squared units."""
    unit = r.source.unit
    power = "²" if r.loss != "absolute" and unit else ""
    sign = -1 if r.goal == "reward" else 1
    return f"{readable(sign * error)} {unit}{power}".rstrip()


def draw_fit(r: SimpleNamespace) -> str:
    chart = Chart(
        520,
        380,
        x=r.x_window,
        y=r.y_window,
        title=_("The function and the points"),
        description=_("{n} points and a quadratic through them; a thin line from each to the curve.").format(
            n=r.x.size
        ),
        x_label=r.source.x_label,
        y_label=r.source.y_label,
        name="fit",
    )
    chart.segments(r.x, r.y, r.x, r.fitted, label=_("residuals"), color="muted", width=1)
    if r.key:
        chart.line(r.curve_x, r.key["curve_y"], label=_("answer key"), color=2, dash=True)
    chart.line(r.curve_x, r.curve_y, label=_("the function"), color=1, width=3)
    pick = "point" if r.x.size <= MOST_DRAGGED else ""
    labels = [
        _("Point {i}: {x}, {y}").format(i=i, x=readable(x), y=readable(y))
        for i, (x, y) in enumerate(zip(r.x, r.y, strict=True), 1)
    ]
    chart.points(
        r.x, r.y, label=_("data (drag them)") if pick else _("data"), pick=pick, pick_labels=labels, drag=bool(pick)
    )
    return chart.svg()


def draw_surface(r: SimpleNamespace) -> str:
    extent = grid_extent(r.surface["across"], r.surface["up"])
    first, second = (SYMBOLS[PARAMETERS[i]] for i in r.surface["pair"])
    third = ({0, 1, 2} - set(r.surface["pair"])).pop()
    word = _("Reward") if r.goal == "reward" else _("Error")
    chart = Chart(
        480,
        380,
        x=extent[:2],
        y=extent[2:],
        title=_("{word} over {first} and {second}, at {third} = {value}").format(
            word=word,
            first=first,
            second=second,
            third=SYMBOLS[PARAMETERS[third]],
            value=readable(r.parameters[third]),
        ),
        description=_("A map of the error with the places that were tried. Click it to go there."),
        x_label=first,
        y_label=second,
        name="surface",
    )
    chart.image(r.surface["values"], extent=extent, label=word.lower())
    chart.contours(r.surface["values"], extent=extent, levels=10, color="white")
    path = r.surface["path"]
    if r.search in ("gradient", "hand"):
        chart.line(path[:, 0], path[:, 1], color=1, width=2, label=_("path"))
    else:
        chart.points(path[:, 0], path[:, 1], color=1, radius=1.5, label=_("tried"))
    chart.area(pick="surface", drag=True, label=_("Set {first} and {second} here").format(first=first, second=second))
    chart.points(
        [r.surface["place"][0]], [r.surface["place"][1]], marker="diamond", color=1, radius=7, label=_("here")
    )
    if r.key:
        answer = r.key["parameters"][r.surface["pair"]]
        chart.points([answer[0]], [answer[1]], marker="cross", color=2, radius=7, label=_("answer key"))
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    lines = [
        [
            SEARCHES[line["search"]],
            f"{line['evaluations']:,}",
            _("ran away") if line["diverged"] else amount(r, line["error"]),
            "" if line["diverged"] else readable(line["gap"]),
        ]
        for line in r.rows
    ]
    if r.key:
        lines.append([_("Answer key"), "", amount(r, r.key["error"]), readable(0)])
    names = [line["search"] for line in r.rows]
    return table(
        [_("search"), _("evaluations"), r.goal == "reward" and _("reward") or _("error"), _("gap to the best")],
        lines,
        width=520,
        title=_("What each search cost, and what it reached"),
        description="",
        highlight=names.index(r.search) if r.search in names else None,
    )
