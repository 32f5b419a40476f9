"""One budget of parameters, spent wide or deep: networks trained live, side by side."""

from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes.ensemble import Ensemble
from dlnotes.pictures.grid import row
from dlnotes.pictures.svg import readable
from dlnotes.pieces import linear_pieces, most_pieces, pieces_of, sawtooth
from dlnotes.widgets.controls import choice, picks, slider, switch
from dlnotes.widgets.drawn_curve import FIRST, X, redrawn
from dlnotes.widgets.live import RUN, Live
from dlnotes.widgets.width_vs_depth_picture import (
    NAMES,
    draw_errors,
    draw_net,
    draw_pieces,
    draw_table,
)
from dlnotes.words import _

LOW, HIGH = -1.0, 1.0
EXAMPLES = 128  # points to learn from, evenly from LOW to HIGH
NOISE = 0.01  # how far from the weights made by hand a start near them is
STRIDES = (10, 5, 2, 1)  # steps of training between two pictures, as many as are quick enough
QUICK = 12_000  # neurons × steps: about 20 milliseconds on one core
MOST_POINTS = 50  # of a line in the charts over training steps
TASK, SPEND, CHANCE = _("To be learned"), _("How the budget is spent"), _("Training")
DEPTHS = ("first", "second", "third")


def parameters(width: int, depth: int) -> int:
    """Parameters of 1 → width → … → width → 1 with `depth` hidden layers."""
    return 2 * width + (depth - 1) * (width * width + width) + width + 1


def width_within(budget: int, depth: int) -> int:
    """The widest hidden layers, all alike, that `budget` parameters allow; 1 at least."""
    width = 1
    while parameters(width + 1, depth) <= budget:
        width += 1
    return width


def target_of(values: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """The heights to be learned, at x."""
    if values["target"] == "drawn":
        return np.interp(x, X, values["curve"]["heights"])
    along = (x - LOW) / (HIGH - LOW) * values["teeth"]
    return 1 - np.abs(2 * (along - np.floor(along)) - 1)


@lru_cache(maxsize=16)
def by_hand(teeth: int) -> dict[str, Any]:
    """The network that is put together by hand for a sawtooth."""
    net = sawtooth(teeth, LOW, HIGH)
    x = examples()
    wanted = target_of({"target": "teeth", "teeth": teeth}, x[:, 0])
    depth = (len(net) - 1) // 2
    return {
        "depth": depth,
        "width": 2,
        "parameters": sum(parameter.value.size for parameter in net.parameters()),
        "pieces": linear_pieces(net, LOW, HIGH).count,
        "most": most_pieces([2] * depth),
        "errors": float(np.sqrt(np.mean((net.forward(x)[:, 0] - wanted) ** 2))),
    }


def examples() -> np.ndarray:
    return np.linspace(LOW, HIGH, EXAMPLES)[:, None]


class WidthVsDepth(Live):
    """Three ways to spend one budget of parameters, each trained from several random starts.

    Each network takes x to one number through hidden layers of ReLUs, all equally wide, as wide as
    the budget allows. All learn the same 128 points by full-batch Adam. Their straight pieces
    between x = −1 and 1 are counted exactly, at every picture. Errors are root mean squares.

    >>> WidthVsDepth(budget=200, teeth=4, first=1, second=2, third=5)
    """

    title = _("Wide or deep?")
    restarts = ("target", "teeth", "budget", *DEPTHS, "near", "seeds", "seed", "steps")

    target = choice(
        _("Curve"),
        {"teeth": _("a sawtooth"), "drawn": _("drawn by hand")},
        value="teeth",
        group=TASK,
    )
    teeth = slider(_("Teeth"), 1, 12, value=4, group=TASK)
    rate = slider(_("Learning rate"), 0.0005, 0.2, step=1.1, value=0.005, log=True, group=TASK)
    seeds = slider(_("Random starts"), 1, 10, value=5, group=TASK)
    seed = slider(_("First start no."), 0, 100, value=0, group=TASK)
    budget = slider(_("Parameters"), 30, 600, step=10, value=300, group=SPEND)
    first = slider(_("Layers of A"), 1, 8, value=1, group=SPEND)
    second = slider(_("Layers of B"), 1, 8, value=2, group=SPEND)
    third = slider(_("Layers of C"), 1, 8, value=4, group=SPEND)
    steps = slider(_("Training steps"), 100, 5000, step=100, value=3000, group=RUN)
    near = switch(_("C starts near the one made by hand"), group=SPEND)
    speed = slider(_("Pace"), 1, 100, step=1.25, value=2, log=True, group=RUN)
    curve = picks(_("The curve drawn"), value=FIRST)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {
            "teeth": {"hidden": values["target"] != "teeth"},
            "near": {"hidden": values["target"] != "teeth"},
            "third": {"disabled": _("C has the shape made by hand.") if is_near(values) else ""},
            "shown": {"label": _("Picture shown")},
            "one": {"label": _("{count} more steps").format(count=stride_of(values))},
        }

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        if values["target"] != "drawn" or not str(pick.get("pick")).startswith("pad"):
            return {}
        return {"curve": redrawn(values["curve"], pick)}

    def going(self) -> Iterator[Any]:
        x = examples()
        seeds = range(self.seed, self.seed + self.seeds)
        nets = [Ensemble([1, *[width] * depth, 1], seeds) for width, depth in shapes(self.values)]
        if is_near(self.values):
            nets[-1] = Ensemble.near(sawtooth(self.teeth, LOW, HIGH), seeds, noise=NOISE)
        stride = stride_of(self.values)
        for step in range(0, self.steps + 1, stride):
            y = target_of(self.values, x[:, 0])[:, None]
            for net in nets if step else []:
                net.optimizer.lr = self.rate
                net.train(x, y, stride)
            misses = np.array([(net.predict(x) - y)[:, :, 0] for net in nets])
            lines = [[line_of(net, i) for i in range(len(seeds))] for net in nets]
            yield {
                "step": step,
                "errors": np.sqrt(np.mean(misses**2, axis=2)),
                "lines": lines,
                "pieces": [[edges.size - 1 for edges, _heights in each] for each in lines],
            }

    def compute(self, **values: Any) -> dict[str, Any]:
        shown = values["shown"]
        now = self.record[shown]
        places = np.unique(np.linspace(0, shown, MOST_POINTS).astype(int))
        so_far = [self.record[place] for place in places]
        x = examples()[:, 0]
        return {
            "x": x,
            "wanted": target_of(values, x),
            "drawn": values["target"] == "drawn",
            "cursor": values["curve"]["cursor"] if values["target"] == "drawn" else None,
            "curve": values["curve"]["heights"],
            "steps": [snapshot["step"] for snapshot in so_far],
            "most_steps": values["steps"],
            "errors": np.array([snapshot["errors"] for snapshot in so_far]),
            "pieces": np.array([snapshot["pieces"] for snapshot in so_far]),
            "by_hand": by_hand(values["teeth"]) if values["target"] == "teeth" else None,
            "nets": [net_of(*shape, now, i) for i, shape in enumerate(shapes(values))],
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        seen: dict[str, Any] = {"step": result["steps"][-1]}
        for name, net in zip(NAMES, result["nets"], strict=True):
            seen[name] = [
                net["depth"], net["width"], net["parameters"], float(np.median(net["errors"])),
                float(np.median(net["pieces"])), net["most"],
            ]  # fmt: skip
        return seen

    def say(self, result: dict[str, Any]) -> str:
        sentence = _("{name}: error {middle} in the middle, {best} at best, {worst} at worst.")
        parts = [_("After {step} steps of training.").format(step=f"{result['steps'][-1]:,}")]
        for name, net in zip(NAMES, result["nets"], strict=True):
            least, middle, most = spread_of(net["errors"])
            parts.append(
                sentence.format(
                    name=name,
                    middle=readable(middle, 2),
                    best=readable(least, 2),
                    worst=readable(most, 2),
                )  # fmt: skip
            )
        return " ".join(parts)

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [*(draw_net(r, i) for i in range(len(DEPTHS))), draw_errors(r), draw_pieces(r)]
        return row(
            *panels, draw_table(r), title=self.title, description=self.say(result), columns=3
        )


def is_near(values: dict[str, Any]) -> bool:
    """Whether C starts near the network made by hand, which there is of a sawtooth only."""
    return values["near"] and values["target"] == "teeth"


def shapes(values: dict[str, Any]) -> list[tuple[int, int]]:
    """Width and depth of the three."""
    found = [(width_within(values["budget"], values[name]), values[name]) for name in DEPTHS]
    if is_near(values):
        found[-1] = (2, by_hand(values["teeth"])["depth"])
    return found


def stride_of(values: dict[str, Any]) -> int:
    """Steps of training between two pictures: fewer where the networks are many and large."""
    neurons = values["seeds"] * sum(width * depth for width, depth in shapes(values))
    return next((stride for stride in STRIDES if stride * neurons <= QUICK), STRIDES[-1])


def line_of(net: Ensemble, i: int) -> tuple[np.ndarray, np.ndarray]:
    """One network as the chain of straight lines that it is: its edges and its heights there."""
    pieces = pieces_of(net.steps(i), LOW, HIGH)
    return pieces.edges.astype(np.float32), pieces(pieces.edges)[:, 0].astype(np.float32)


def spread_of(values: Any) -> tuple[float, float, float]:
    """The least, the middle and the largest."""
    return float(np.min(values)), float(np.median(values)), float(np.max(values))


def net_of(width: int, depth: int, now: dict[str, Any], i: int) -> dict[str, Any]:
    """What is shown of one of the three: its shape, and where each of its random starts stands."""
    return {
        "width": width,
        "depth": depth,
        "parameters": parameters(width, depth),
        "most": most_pieces([width] * depth),
        "lines": now["lines"][i],
        "errors": now["errors"][i],
        "pieces": now["pieces"][i],
    }
