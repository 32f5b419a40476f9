"""How many examples a step should look at: the loss by steps and by seconds, for any batch size."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row, table
from dlnotes.pictures.svg import readable
from dlnotes.widgets.controls import button, picks, slider
from dlnotes.widgets.live import Live
from dlnotes.widgets.minibatch import Moment, kept, training
from dlnotes.words import _

MOST_KEPT = 5  # runs beside the present one; there are six colours
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "circle")
WORTH_KEEPING = 0.1  # of the budget: a run shorter than that was only passed by

TRAIN = _("Training")


class MinibatchDial(Live):
    """784 – `units` – 10 trained on `examples` drawn digits with a batch size from 1 to all.

    The loss is that on all examples, measured beside the clock, so that runs of different batch
    sizes can be compared. A run that has been on its way is kept when another batch size or
    learning rate is tried, and drawn beside it.

    >>> MinibatchDial(batch=1000, examples=1000)
    """

    title = _("The mini-batch dial")
    restarts: ClassVar = ("batch", "rate")

    batch = slider(
        _("Batch size"), 1, 1_000_000, step=1.25, value=32, log=True, integer=True, group=TRAIN
    )
    rate = slider(_("Learning rate"), 0.001, 2, step=1.1, value=0.05, log=True, group=TRAIN)
    budget = slider(
        _("Training time"), 0.1, 20, step=1.25, value=2.0, log=True, unit="s", group=TRAIN
    )
    forget = button(_("Forget the other runs"), group=TRAIN)

    runs = picks(_("Runs kept"), value=[])

    def __init__(self, *, examples: int = 1000, units: int = 32, **values: Any) -> None:
        self.examples, self.units = examples, units
        super().__init__(**{"speed": 100, **values})

    def going(self) -> Iterator[Moment]:
        return training(self.examples, self.units, self.batch, self.rate, lambda: self.budget)

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        alone = "" if values["runs"] else _("There are none yet.")
        return {
            "batch": {"maximum": self.examples},
            "one": {"label": _("A few steps")},
            "shown": {"label": _("Moment shown")},
            "speed": {"hidden": True},
            "forget": {"disabled": alone},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        return self._kept(values["runs"]) if name in self.restarts else {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        if name == "forget":
            return {"runs": []}
        afresh = name == "again" or (name == "play" and self.ended)
        return self._kept(values["runs"]) if afresh else {}

    def _kept(self, runs: list[dict[str, Any]]) -> dict[str, Any]:
        """The runs to show beside the one that now begins."""
        if not self.record or self.record[-1].seconds < WORTH_KEEPING * self.budget:
            return {}
        return {"runs": [*runs, kept(self.record, next_number(runs), self.examples)][-MOST_KEPT:]}

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        run = self.record[: v.shown + 1]
        return {
            "runs": [*v.runs, kept(run, next_number(v.runs), self.examples)],
            "examples": self.examples,
            "units": self.units,
            "budget": v.budget,
            "ended": self.ended,
        }

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        by_steps, by_seconds = draw_losses(r, "steps"), draw_losses(r, "seconds")
        return row(
            by_steps, by_seconds, draw_table(r), title=self.title, description=self.say(result),
            columns=2,
        )  # fmt: skip

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        run = r.runs[-1]
        count = run["steps"][-1]
        steps = _("1 step") if count == 1 else _("{count:,} steps").format(count=count)
        sentence = _(
            "{run}: {steps} in {seconds} s, {epochs} times through the {examples} examples; "
            "loss {loss}, accuracy {accuracy:.1%}."
        )
        said = sentence.format(
            run=label(run),
            steps=steps,
            seconds=readable(run["seconds"][-1], 2),
            epochs=counted(run["epochs"]),
            examples=f"{r.examples:,}",
            loss=readable(run["losses"][-1]),
            accuracy=run["accuracy"],
        )
        if count:
            return said
        return said + " " + _("Press Play.")

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        run = result["runs"][-1]
        return {"batch": run["batch"], "step": run["steps"][-1], "loss": float(run["losses"][-1])}

    def figure(self) -> Any:
        """The losses by seconds as a matplotlib figure, for a report."""
        from dlnotes import plots

        runs = self.compute(**self.values)["runs"]
        lines = {label(run): (run["seconds"], run["losses"]) for run in runs}
        return plots.lines(
            lines, title=self.title, x_label=_("seconds of training"), y_label=_("loss"), y_log=True
        )


def next_number(runs: list[dict[str, Any]]) -> int:
    """The number of the run that comes after these: it keeps its colour while it is shown."""
    return (runs[-1]["number"] + 1) % (MOST_KEPT + 1) if runs else 0


def label(run: dict[str, Any]) -> str:
    return _("batch {batch}, rate {rate}").format(
        batch=f"{run['batch']:,}", rate=readable(run["rate"])
    )


def counted(epochs: float) -> str:
    """How many epochs, in three digits, or whole where there are more."""
    return readable(epochs) if epochs < 1000 else f"{epochs:,.0f}"


def draw_losses(r: SimpleNamespace, by: str) -> str:
    losses = np.concatenate([run["losses"] for run in r.runs])
    most = max(run["steps"][-1] for run in r.runs)
    longest = max(run["seconds"][-1] for run in r.runs)
    axis: dict[str, Any] = {"x": (0, max(r.budget, longest)), "x_label": _("seconds of training")}
    if by == "steps":
        axis = {"x": (1, max(10, most)), "x_log": True, "x_label": _("steps (log scale)")}
    chart = Chart(
        520,
        330,
        y=(0.7 * float(losses.min()), 1.4 * float(losses.max())),
        title=_("Loss by steps") if by == "steps" else _("Loss by seconds"),
        description=_("One line a run; the loss on all examples, on a logarithmic scale."),
        y_label=_("loss (log scale)"),
        y_log=True,
        name=by,
        **axis,
    )
    for run in r.runs:
        here = run is r.runs[-1]
        style = {"color": run["number"], "label": label(run)}
        chart.line(run[by], run["losses"], dash=not here, width=3 if here else 2, **style)
        marker = MARKERS[run["number"]]
        chart.points(run[by][-1:], run["losses"][-1:], marker=marker, radius=5.5, **style)
    if by == "steps" and not most:  # a logarithmic axis has no place for what was before step 1
        middle = float(np.median(losses))
        chart.text(3, middle, _("The line begins with step 1."), anchor="middle", size=14)
    return chart.svg()


def draw_table(r: SimpleNamespace) -> str:
    lines = [
        [
            f"{run['batch']:,}",
            readable(run["rate"]),
            f"{run['steps'][-1]:,}",
            counted(run["epochs"]),
            readable(run["seconds"][-1]),
            readable(run["losses"][-1]),
            f"{run['accuracy']:.1%}",
        ]
        for run in r.runs
    ]
    return table(
        [_("batch"), _("rate"), _("steps"), _("epochs"), _("seconds"), _("loss"), _("accuracy")],
        lines,
        width=520,
        title=_("The runs side by side"),
        highlight=len(lines) - 1,
    )
