"""The same last layer on raw pixels and on simple features: what a dense layer is good for."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnotes import data, optim
from dlnotes.evaluation import predict, share_right
from dlnotes.layers import AvgPool2d, Conv2d, Dense, Flatten, ReLU, Sequential
from dlnotes.losses import CrossEntropy
from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import EDGE, heading, panel
from dlnotes.pictures.tiles import tiles_tag
from dlnotes.training import Run
from dlnotes.widgets.controls import slider
from dlnotes.widgets.live import Live
from dlnotes.words import _

CLASSES = 10
DIRECTIONS = 8
BATCH, STEPS, CHECK = 50, 600, 10  # examples a step, steps, steps between two tests
BLOCK = 200  # pictures drawn and looked at in one slice
RATE = 0.005

HEADS = {
    "pixels": _("pixels"),
    "blocks": _("ink in blocks"),
    "edges": _("edges in blocks"),
}


def edge_filters() -> np.ndarray:
    """Filters (8, 1, 3, 3) that answer to an edge in one of 8 directions: a turned Sobel slope."""
    along = np.array([-1.0, 0.0, 1.0])
    weight = np.array([[1, 2, 1], [2, 2, 2], [1, 2, 1]]) / 6
    turns = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    slopes = [np.cos(t) * along[None, :] - np.sin(t) * along[:, None] for t in turns]
    return np.array([slope * weight for slope in slopes])[:, None]


def extractors(side: int) -> dict[str, Sequential]:
    """What makes the inputs of each head from pictures (n, 1, side, side). Nothing of it learns."""
    span = max(2, round(side / 7))
    edges = Conv2d(1, DIRECTIONS, 3, padding="same", bias=False, rng=np.random.default_rng(0))
    edges.weight.value = edge_filters()
    return {
        "pixels": Sequential(Flatten()),
        "blocks": Sequential(AvgPool2d(span), Flatten()),
        "edges": Sequential(edges, ReLU(), AvgPool2d(span), Flatten()),
    }


def tests() -> int:
    """How often the heads are tested: after the first step, and each few."""
    return len({1, *range(CHECK, STEPS + 1, CHECK)})


@dataclass(frozen=True)
class Measured:
    """What the heads can do after so many steps: the accuracy of each on the real digits."""

    step: int
    accuracy: dict[str, float]


class HeadComparison(Live):
    """One dense layer with a softmax, on three kinds of input, taught on the same drawn digits.

    Parameters
    ----------
    x, y : pictures (n, 1, h, w) and digits (n,) to learn from; drawn digits if None.
    real : (x, y) to be judged by; real digits if None.

    The features are fixed filters, not learned: the mean ink in blocks, and the strength of edges
    in 8 directions in blocks. All inputs are brought to mean 0, and to one spread for each head.
    """

    title = _("One head, three inputs")
    restarts = ("examples", "seed")

    examples = slider(_("Digits to learn from"), 50, 5000, step=1.25, value=1000, log=True)
    seed = slider(_("Seed"), 0, 20, value=0)
    picture = slider(_("Picture looked at"), 0, 99, value=0)

    def __init__(
        self, x: Any = None, y: Any = None, *, real: tuple[Any, Any] | None = None, **values: Any
    ) -> None:
        self.given = None if x is None else (np.asarray(x, np.float32), np.asarray(y))
        if real is None:
            real = data.digits(size=28)
        self.real = np.asarray(real[0], np.float32), np.asarray(real[1])
        self.extractors = extractors(self.real[0].shape[-1])
        self.extractors["edges"](self.real[0][:1])  # what is compiled is loaded now
        super().__init__(**values)

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        return {
            "examples": {"hidden": self.given is not None},
            "picture": {"maximum": min(99, len(self.real[0]) - 1)},
            "shown": {"label": _("Test shown")},
            "speed": {"label": _("Tests a picture")},
        }

    def going(self) -> Iterator[Any]:
        yield Measured(0, {})
        rng = np.random.default_rng(self.seed)
        x, y = yield from self.drawn(rng)
        runs, tests = {}, {}
        for name, extractor in self.extractors.items():
            inputs = yield from in_blocks(extractor, x)
            yield None
            middle, spread = inputs.mean(axis=0), float(inputs.std()) or 1.0
            yield None
            taught = ((inputs - middle) / spread, y)
            yield None
            tests[name] = ((yield from in_blocks(extractor, self.real[0])) - middle) / spread
            head = Sequential(Dense(inputs.shape[1], CLASSES, rng=rng))
            optimizer = optim.Adam(head.parameters(), RATE)
            runs[name] = Run(head, CrossEntropy(), optimizer, taught, None)
        for step in range(1, STEPS + 1):
            rows = rng.integers(0, len(x), BATCH)
            for run in runs.values():
                run.step(rows, {"epoch": 1, "step": step})
            if step == 1 or step % CHECK == 0:
                yield Measured(step, {name: self.test(runs[name], tests[name]) for name in runs})

    def drawn(self, rng: np.random.Generator) -> Generator[None, None, Any]:
        """What is learned from, drawn a block at a time."""
        if self.given is not None:
            return self.given
        parts = []
        left = round(self.examples)
        while left > 0:
            parts.append(data.strokes(min(BLOCK, left), rng=rng))
            left -= BLOCK
            yield None
        return tuple(np.concatenate(list(group)) for group in zip(*parts, strict=True))

    def test(self, run: Run, inputs: np.ndarray) -> float:
        return share_right(predict(run.net, inputs), self.real[1])

    # What is shown ------------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        past = self.record[: values["shown"] + 1]
        image = self.real[0][values["picture"]]
        span = self.extractors["blocks"][0]
        edges = self.extractors["edges"][:3](image[None])[0]
        sizes = {
            name: found.output_shape((1, *image.shape))[1]
            for name, found in self.extractors.items()
        }
        return {
            "past": past[1:],
            "now": past[-1],
            "image": image[0],
            "blocks": span(image[None])[0],
            "edges": edges,
            "inputs": sizes,
            "parameters": {name: (size + 1) * CLASSES for name, size in sizes.items()},
            "asked": len(self.real[1]),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        return {"step": result["now"].step} | result["now"].accuracy

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if not r.now.accuracy:
            return _("Press Play: three heads learn from the same digits.")
        words = ", ".join(
            _("{head} {accuracy:.1%}").format(head=HEADS[name], accuracy=accuracy)
            for name, accuracy in r.now.accuracy.items()
        )
        return _("After {step} steps, of {count} real digits: {words}.").format(
            step=r.now.step, count=r.asked, words=words
        )

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        panels = [draw_inputs(r), draw_curves(r), draw_table(r)]
        return row(*panels, title=self.title, description=self.say(result), columns=2)


def in_blocks(extractor: Sequential, x: np.ndarray) -> Generator[None, None, np.ndarray]:
    """The extractor's outputs for x, a block of pictures at a time."""
    parts = []
    for i in range(0, len(x), BLOCK):
        parts.append(extractor(x[i : i + BLOCK]))
        yield None
    return np.concatenate(parts)


def draw_inputs(r: SimpleNamespace) -> str:
    """The picture as each of the heads gets it."""
    title = _("What goes in: pixels, ink in blocks, edges in blocks")
    pixels, width, height = tiles_tag(
        r.image[None], EDGE, 40, size=132, columns=1, colormap="grey", limits=(0, 1)
    )
    left = EDGE + width + 16
    blocks, _width, _height = tiles_tag(
        r.blocks, left, 40, size=132, columns=1, colormap="grey", limits=(0, 1)
    )
    edges, _width, _height = tiles_tag(r.edges, left + 148, 40, size=54, columns=4, colormap="grey")
    body = heading((title,), EDGE) + pixels + blocks + edges
    return panel(
        body, width=540, height=40 + height + EDGE, title=title,
        description=_("The picture, its ink in blocks, and the strength of edges in 8 directions."),
    )  # fmt: skip


def draw_curves(r: SimpleNamespace) -> str:
    chart = Chart(
        520, 250, x=(0, STEPS), y=(0, 100), title=_("Real digits read rightly"),
        x_label=_("steps"), y_label=_("per cent"), name="heads",
        description=_("The accuracy of the head on each of the three inputs, by steps."),
    )  # fmt: skip
    steps = [measured.step for measured in r.past]
    for color, name in enumerate(HEADS):
        values = [100 * measured.accuracy[name] for measured in r.past]
        chart.line(steps, values, color=color, label=HEADS[name], dash=color == 0)
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    lines = [
        [
            HEADS[name],
            f"{r.inputs[name]:,}",
            f"{r.parameters[name]:,}",
            f"{r.now.accuracy[name]:.1%}" if r.now.accuracy else "",
        ]
        for name in HEADS
    ]
    header = [_("the head on"), _("inputs"), _("parameters"), _("read rightly")]
    return table(header, lines, width=540, title=_("The same head, other inputs"))
