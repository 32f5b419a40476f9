"""Depth makes wavy curves from simple ones: a function put into itself, again and again."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.composition import HUGE, iterates
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.composition_maps import MAPS, WINDOWS, Map, places, tally
from dlnotes.widgets.controls import choice, slider, text
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

MOST_DEPTH = 10
STEPS = 400  # from one end of x to the other
FUNCTION, TRAVEL = _("Function"), _("Depth")
BELONGS = {
    "quadratic": ("a1", "a2", "a3"),
    "logistic": ("r",),
    "tent": (),
    "relu": ("v1", "v2", "kink"),
    "formula": ("formula", "window"),
}
DRAG = _("The x that is followed: drag, or arrow keys")
ARROWS = {"ArrowLeft": -1, "ArrowDown": -1, "ArrowRight": 1, "ArrowUp": 1}


class CompositionExplorer(Explorer):
    """f, f∘f, f∘f∘f, … of a function that the reader picks, with a cobweb that follows one x.

    Degree, straight pieces and bumps are those of the curve shown: a bump is a place inside the
    picture where it turns from rising to falling, found by bisection, not by looking at samples.
    Bumps lower than a billionth of the picture, or of the curve where that is lower, do not count.
    A place where the curve jumps or grows beyond all bounds is a break, and no bump. A formula's
    curve that must be cut in more than 4,096 places (`dlnotes.composition`) has too many to be
    counted; straight pieces are always counted. Drag either picture to choose x.

    >>> CompositionExplorer(function="tent", depth=5)
    """

    title = _("Put a function into itself")

    function = choice("f(x)", MAPS, value="quadratic", group=FUNCTION)
    a1 = slider("a₁", -2, 2, step=0.05, value=2, group=FUNCTION)
    a2 = slider("a₂", -2, 2, step=0.05, value=0, group=FUNCTION)
    a3 = slider("a₃", -2, 2, step=0.05, value=-1, group=FUNCTION)
    r = slider("r", 0, 4, step=0.02, value=4, group=FUNCTION)
    v1 = slider("v₁", -4, 4, step=0.05, value=2.5, group=FUNCTION)
    v2 = slider("v₂", -8, 8, step=0.05, value=-4, group=FUNCTION)
    kink = slider("b", 0, 1, step=0.01, value=0.4, group=FUNCTION)
    formula = text(
        _("f(x) ="),
        value="sin(pi*x)",
        group=FUNCTION,
        examples=("x**2 - 1", "cos(3*x)", "1/x", "x +", "log(x)", "x**3 - x", "sin(20*x)"),
    )
    window = choice(_("x"), WINDOWS, value="0 1", group=FUNCTION)
    depth = slider(_("Times f"), 1, MOST_DEPTH, value=1, group=TRAVEL, play=True)
    start = slider(_("Follow x ="), -2, 2, step=0.01, value=0.6, group=TRAVEL)
    zoom = slider(_("Magnify"), 1, 100, step=1.2, value=1, log=True, unit="×", group=TRAVEL)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        low, high = map_of(values).ends
        changes: dict[str, dict[str, Any]] = {
            name: {"hidden": function != values["function"]}
            for function, names in BELONGS.items()
            for name in names
        }
        return changes | {"start": {"minimum": low, "maximum": high, "step": (high - low) / STEPS}}

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name not in ("function", "window"):
            return {}
        low, high = map_of(values).ends
        return {"start": round(low + 0.65 * (high - low), 6)}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if pick.get("pick") != "start":
            return {}
        low, high = map_of(values).ends
        key = ARROWS.get(pick.get("key", ""), 0) * (0.05 if pick.get("big") else 0.005)
        place = pick.get("x", values["start"] + key * (high - low))
        step = (high - low) / STEPS
        place = low + round((float(np.clip(place, low, high)) - low) / step) * step
        return {"start": round(place, 6)}

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        chosen = map_of(values)
        f, (low, high) = chosen.function(), chosen.ends
        reach = (high - low) / 2 / v.zoom
        middle = float(np.clip(v.start, low + reach, high - reach))
        seen = (middle - reach, middle + reach)
        x = places(chosen, v.depth, *seen)
        return {
            "function": v.function,
            "ends": (low, high),
            "seen": seen,
            "depth": v.depth,
            "zoom": v.zoom,
            "x": x,
            "curves": iterates(f, x, v.depth)[-2:],
            "once": (whole := places(chosen, 1, low, high), iterates(f, whole, 1)[1]),
            "tally": tally(chosen, v.depth),
            "layer": bool(chosen.layer),
            "travel": iterates(f, np.array([v.start]), v.depth)[:, 0],
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        now = result["tally"][-1]
        seen = {"function": result["function"], "depth": result["depth"]}
        seen |= {name: now[name] for name in ("degree", "pieces") if now[name] is not None}
        seen |= {"breaks": now["breaks"]} if now["breaks"] else {}
        return seen | {"bumps": now["bumps"], "path": [float(x) for x in result["travel"]]}

    def say(self, result: dict[str, Any]) -> str:
        now = result["tally"][-1]
        low, high = result["ends"]
        what = ""
        if now["degree"] is not None:
            what = _("degree {degree}, ").format(degree=f"{now['degree']:,}")
        elif now["pieces"] is not None:
            what = _("{count} straight pieces, ").format(count=f"{now['pieces']:,}")
        sentence = _("{times}: {what}{bumps} between x = {low} and {high}.")
        if not np.isfinite(result["curves"][-1]).any():
            sentence = _("{times}: it has no value between x = {low} and {high}.")
        return " ".join(
            [
                sentence.format(
                    times=times_in_words(result["depth"]),
                    what=what,
                    bumps=bumps_in_words(now["bumps"], now["breaks"]),
                    low=readable(low),
                    high=readable(high),
                ),
                path_in_words(result["travel"]),
            ]
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_curve(r),
            draw_cobweb(r),
            draw_tally(r),
            title=self.title,
            description=self.say(result),
        )


def map_of(values: dict[str, Any]) -> Map:
    """The function that these values of the controls mean."""
    v = SimpleNamespace(**values)
    if v.function == "formula":
        return Map("formula", text=v.formula, window=v.window)
    window = "-2 2" if v.function == "quadratic" else "0 1"
    numbers = tuple(values[name] for name in BELONGS[v.function])
    return Map(v.function, numbers, window=window)


def times_in_words(depth: int) -> str:
    if depth == 1:
        return _("f by itself")
    return _("f put into itself, {depth} times f").format(depth=depth)


def bumps_in_words(bumps: int | None, breaks: int | None) -> str:
    if bumps is None:
        return _("more turns or breaks than can be counted here")
    said = _("1 bump") if bumps == 1 else _("{count} bumps").format(count=f"{bumps:,}")
    if not breaks:
        return said
    torn = _("1 break") if breaks == 1 else _("{count} breaks").format(count=f"{breaks:,}")
    return _("{bumps}, and {breaks} (where it jumps or has no value),").format(
        bumps=said, breaks=torn
    )


def path_in_words(travel: np.ndarray) -> str:
    """One x on its way through the layers; of a long way, its beginning and its end."""
    far = readable(HUGE)
    steps = [
        readable(x, 4) if not abs(x) >= HUGE
        else (_("below −{far}") if x < 0 else _("above {far}")).format(far=far)
        for x in travel.tolist()
    ]  # fmt: skip
    if len(steps) > 6:
        steps = [*steps[:4], "…", steps[-1]]
    return _("One x on its way: {steps}.").format(steps=" → ".join(steps))


def sheet(r: SimpleNamespace, width: float, seen: tuple[float, float], **words: Any) -> Chart:
    """A chart of x as far as it is seen, its heights in the function's range, with some room."""
    (low, high), (first, last) = r.ends, seen
    room, more = 0.05 * (high - low), 0.05 * (last - first)
    x, y = (first - more, last + more), (low - room, high + room)
    return Chart(width, 330, x=x, y=y, x_label="x", **words)


def draw_curve(r: SimpleNamespace) -> str:
    chart = sheet(
        r,
        460,
        r.seen,
        title=times_in_words(r.depth),
        description=_("The composed curve. Drag it to choose the x that is followed."),
        name="curve",
    )
    before, now = r.curves
    if 1 < r.depth < 6:
        chart.line(r.x, before, color="muted", dash=True, width=1.25, label=_("one f less"))
    fine = r.depth > 6 and r.zoom < 4
    seen = ((now >= chart.y.low) & (now <= chart.y.high)).any()
    name = _("now") if seen else _("now (outside the picture)")
    chart.line(r.x, now, color=1, width=1 if fine else 2.5, label=name)
    if r.zoom == 1:  # magnified, the picture would run away from under the hand
        chart.area(pick="start", drag=True, label=DRAG)
    chart.points([r.travel[0]], [r.travel[-1]], color=0, radius=6, label=_("the x followed"))
    return chart.svg()


def draw_cobweb(r: SimpleNamespace) -> str:
    chart = sheet(
        r,
        330,
        r.ends,
        title=_("How one x travels"),
        description=_(
            "A cobweb: up or down to f, across to the diagonal, where the height becomes the next "
            "x, and again."
        ),
        name="cobweb",
    )
    low, high = r.ends
    chart.line([low, high], [low, high], color="muted", dash=True, width=1.25, label=_("y = x"))
    chart.line(*r.once, color=1, width=2.5, label=_("f"))
    way = np.repeat(r.travel, 2)
    heights = np.concatenate([[low], way[2:], way[-1:]])
    chart.line(way[:-2], heights[:-2], color=0, width=1.5)
    chart.area(pick="start", drag=True, label=DRAG)
    chart.points([r.travel[0]], [low], color=0, radius=5)
    last = r.travel[-2:]
    chart.points(last[:1], last[1:], color=0, marker="diamond", radius=6, label=_("the last"))
    return chart.svg()


def draw_tally(r: SimpleNamespace) -> str:
    measure = "pieces" if r.layer else "degree"
    lines = [["", "", ""] for _level in range(MOST_DEPTH)]
    for level, now in enumerate(r.tally):
        amount, bumps = now[measure], now["bumps"]
        lines[level] = [
            str(level + 1),
            "–" if amount is None else f"{amount:,}" if amount < 1e6 else readable(amount),
            _("too many") if bumps is None else f"{bumps:,}",
        ]
    return table(
        [_("times f"), _("pieces") if r.layer else _("degree"), _("bumps")],
        lines,
        width=250,
        title=_("Counted on the curve"),
        description="",
        highlight=r.depth - 1,
    )
