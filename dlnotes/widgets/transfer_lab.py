"""What features that were learned before are worth: three ways to learn 5–9 from few examples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np

from dlnotes.pictures.chart import Chart
from dlnotes.pictures.grid import row
from dlnotes.pictures.progress import progress
from dlnotes.transferring import CHANNELS, CLASSES, METHODS, RATE, Pause, learning, wake
from dlnotes.widgets.controls import choice, picks, slider
from dlnotes.widgets.live import Live, Underway, beside
from dlnotes.words import _

SHOTS = (1, 2, 5, 10, 50)
SOURCES = {
    "digits": _("drawn digits 0–4"),
    "shapes": _("circles, crosses, lines and squares"),
    "shuffled": _("digits 0–4 with shuffled labels"),
}
TARGETS = {"drawn": _("drawn digits 5–9"), "written": _("digits 5–9 written by people")}
NAMES = {"frozen": _("frozen"), "fine-tuned": _("fine-tuned"), "scratch": _("from scratch")}
DOING = {
    "drawing": _("drawing: {done} of {of}"),
    "before": _("learning before: step {done} of {of}"),
    "learning": _("learning: step {done} of {of}"),
    "reading": _("reading: {done} of {of}"),
}
MARKERS = ("circle", "triangle", "square", "diamond", "cross", "circle")
CASES = [f"{source}/{target}" for source in SOURCES for target in TARGETS]

TASK, LEARNING_RATES = _("Task"), _("Learning rates")
RATES = {"frozen": "rate_frozen", "fine-tuned": "rate_tuned", "scratch": "rate_scratch"}
Run = tuple[str, int, int, float]  # method, shots, seed, accuracy


def rate_of(method: str) -> Any:
    """The slider of a method's learning rate."""
    return slider(NAMES[method], 0.0005, 0.05, step=1.2, value=RATE, log=True, group=LEARNING_RATES)


@dataclass(frozen=True)
class Moment:
    """The runs that are done, and the one that is under way: how far it is.

    Before the first one, `seconds` were spent on compiling.
    """

    runs: tuple[Run, ...]
    now: tuple[str, int, int, Pause] | None = None  # method, shots, seed
    seconds: float | None = None


class TransferLab(Live):
    """Learn the digits 5–9 from few examples: frozen, fine-tuned and from scratch, seed by seed.

    `examples` are the numbers of examples a class that are tried, `sizes` what
    `dlnotes.transferring.learning` takes besides, such as `steps` and `tested`.

    >>> TransferLab(source="shapes", seeds=5)
    """

    title = _("The transfer lab")
    restarts: ClassVar = ("source", "target", *RATES.values())

    source = choice(_("Learned before"), SOURCES, value="digits", group=TASK)
    target = choice(_("To be learned"), TARGETS, value="drawn", group=TASK)
    seeds = slider(_("Seeds"), 1, 10, value=3, group=TASK)
    look = choice(_("Read off at"), {}, value=None, group=TASK)
    rate_frozen, rate_tuned, rate_scratch = map(rate_of, METHODS)
    tried = picks(_("Cases tried before"), value={})

    def __init__(
        self, *, examples: Sequence[int] = SHOTS, sizes: dict[str, Any] | None = None, **values: Any
    ) -> None:
        self.examples, self.sizes = tuple(examples), sizes or {}
        super().__init__(**values)

    def going(self) -> Iterator[Any]:
        runs: list[Run] = []
        yield Moment(())
        channels = self.sizes.get("channels", CHANNELS)
        for seconds in beside(lambda: wake(self.source, self.target, channels)):
            yield Underway(Moment((), seconds=seconds))
        seed = 0
        while seed < self.seeds:
            for shots in self.examples:
                for method in METHODS:
                    options = {"source": self.source, "target": self.target, "seed": seed}
                    options["rate"] = getattr(self, RATES[method])
                    for found in learning(method, shots, **options, **self.sizes):
                        if isinstance(found, Pause):
                            now = (method, shots, seed, found)
                            yield Underway(Moment(tuple(runs), now))
                        else:
                            runs.append((method, shots, seed, found))
                            yield Moment(tuple(runs))
            seed += 1

    # The values' consequences ---------------------------------------------------------------

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        looks = {str(shots): counted(shots) for shots in self.examples}
        middle = str(self.examples[len(self.examples) // 2])
        return {
            "look": {"options": looks, "value": middle},
            "speed": {"hidden": True},
            "one": {"label": _("One run")},
            "shown": {"label": _("Runs shown")},
        }

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        """A case that was tried stays beside the next, as the gains that it brought."""
        if name not in self.restarts or not self.record:
            return {}
        gained = gains(self.record[-1].runs, self.examples)
        if not gained:
            return {}
        return {"tried": values["tried"] | {self.case: {str(k): v for k, v in gained.items()}}}

    def _ready(self) -> None:
        begins = self._going is None
        super()._ready()
        if begins:
            self.case = f"{self.source}/{self.target}"

    # What is shown ----------------------------------------------------------------------------

    def compute(self, **values: Any) -> dict[str, Any]:
        v = SimpleNamespace(**values)
        moment = self.record[v.shown]
        runs = moment.runs
        case = f"{v.source}/{v.target}"
        tried = {k: {int(s): g for s, g in gained.items()} for k, gained in v.tried.items()}
        return {
            "runs": runs,
            "now": moment.now,
            "seconds": moment.seconds,
            "curves": {method: curve(runs, method, self.examples) for method in METHODS},
            "gains": tried | {case: gains(runs, self.examples)},
            "case": case,
            "look": int(v.look),
            "examples": self.examples,
            "all": v.seeds * len(self.examples) * len(METHODS),
        }

    def numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        r = SimpleNamespace(**result)
        found = {method: r.curves[method].get(r.look) for method in METHODS}
        shares = {method: shares_[0] for method, shares_ in found.items() if shares_}
        return {"runs": len(r.runs), "examples": r.look} | shares

    def say(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        if not all(r.curves[method].get(r.look) for method in METHODS):
            if r.seconds is not None:
                return _("Compiling what the runs need.")
            if not (r.runs or r.now):
                return _("Press Play: {all} runs, one after another.").format(all=r.all)
            return _("{runs} of {all} runs are done.").format(runs=len(r.runs), all=r.all)
        mean, low, high, seeds = r.gains[r.case][r.look]
        figures = _(
            "With {examples} of each digit: {frozen} frozen, {tuned} fine-tuned, {scratch} from "
            "scratch"
        ).format(
            examples=counted(r.look),
            frozen=percent(r.curves["frozen"][r.look][0]),
            tuned=percent(r.curves["fine-tuned"][r.look][0]),
            scratch=percent(r.curves["scratch"][r.look][0]),
        )
        if seeds < 2:
            return figures + _(". One seed alone may be luck.")
        figures += _(", as means of {seeds} seeds.").format(seeds=seeds)
        if low > 0:
            verdict = _("Fine-tuning gains with every seed, {mean} points on average.")
        elif high < 0:
            verdict = _("Fine-tuning loses with every seed, {mean} points on average.")
        else:
            verdict = _(
                "Fine-tuning gains with some seeds and not with others, {mean} points on average: "
                "no clear gain."
            )
        return figures + " " + verdict.format(mean=f"{100 * mean:.1f}".replace("-", "−"))

    def draw(self, result: dict[str, Any]) -> str:
        r = SimpleNamespace(**result)
        return row(
            draw_curves(r), draw_gains(r), draw_progress(r), title=self.title,
            description=self.say(result), columns=2,
        )  # fmt: skip


def counted(shots: int) -> str:
    return _("1 example") if shots == 1 else _("{count} examples").format(count=shots)


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def curve(
    runs: Sequence[Run], method: str, examples: Sequence[int]
) -> dict[int, tuple[float, float, float]]:
    """Mean, lowest and highest accuracy over the seeds so far, by examples a class."""
    found = {}
    for shots in examples:
        shares = [run[3] for run in runs if run[:2] == (method, shots)]
        if shares:
            found[shots] = (float(np.mean(shares)), min(shares), max(shares))
    return found


def gains(
    runs: Sequence[Run], examples: Sequence[int]
) -> dict[int, tuple[float, float, float, int]]:
    """What fine-tuning gains over scratch, seed by seed: mean, lowest, highest, and how many."""
    shares = {run[:3]: run[3] for run in runs}
    found = {}
    for shots in examples:
        pairs = [
            shares["fine-tuned", shots, seed] - share
            for (method, of, seed), share in shares.items()
            if method == "scratch" and of == shots
        ]
        if pairs:
            found[shots] = (float(np.mean(pairs)), min(pairs), max(pairs), len(pairs))
    return found


def draw_progress(r: SimpleNamespace) -> str:
    """The run that is under way, and how far it is; between two runs, how many are done."""
    share = len(r.runs) / r.all
    if r.seconds is not None:
        title, note = _("Compiling"), _("{seconds:.2f} s so far").format(seconds=r.seconds)
    elif r.now:
        method, shots, seed, pause = r.now
        share = pause.done / pause.of
        title = _("Run {number} of {all}: {method}, {examples}, seed {seed}").format(
            number=len(r.runs) + 1, all=r.all, method=NAMES[method], examples=counted(shots),
            seed=seed,
        )  # fmt: skip
        note = DOING[pause.doing].format(done=f"{pause.done:,}", of=f"{pause.of:,}")
    else:
        title = _("Runs that are done")
        note = _("{runs} of {all}").format(runs=len(r.runs), all=r.all)
    return progress(min(share, 1.0), width=520, title=title, note=note, noted=210)


def axis_of(examples: Sequence[int]) -> dict[str, Any]:
    return {
        "x": (0.8 * min(examples), 1.25 * max(examples)),
        "x_log": True,
        "x_label": _("examples of each digit (log scale)"),
    }


def draw_curves(r: SimpleNamespace) -> str:
    chart = Chart(
        520,
        340,
        y=(0, 1),
        title=_("Digits read rightly that were not learned from"),
        description=_(
            "Mean accuracy by examples a class, one line a method; the bands go from the lowest "
            "to the highest seed."
        ),
        y_label=_("accuracy"),
        name="accuracy",
        **axis_of(r.examples),
    )
    chart.rule(x=r.look, color="muted")
    chart.rule(y=1 / CLASSES, color="muted", label=_("guessing"))
    for color, method in enumerate(METHODS):
        found = r.curves[method]
        if not found:
            continue
        x = np.array(list(found), float)
        mean, low, high = np.array(list(found.values())).T
        chart.band(x, low, high, color=color)
        chart.line(x, mean, color=color)
        chart.points(x, mean, color=color, marker=MARKERS[color], label=NAMES[method], radius=5)
    return chart.svg()


def draw_gains(r: SimpleNamespace) -> str:
    shown = {case: found for case, found in r.gains.items() if found}
    reach = max(
        [0.05, *(abs(g) for found in shown.values() for m in found.values() for g in m[:3])]
    )
    chart = Chart(
        520,
        340,
        y=(-1.1 * reach, 1.1 * reach),
        title=_("What fine-tuning gains over scratch"),
        description=_(
            "Mean difference of accuracy by examples a class, one line a case; the upright lines "
            "go from the lowest to the highest seed."
        ),
        y_label=_("gain in accuracy"),
        name="gain",
        **axis_of(r.examples),
    )
    chart.rule(x=r.look, color="muted")
    chart.rule(y=0, color="muted", label=_("no gain"))
    for case, found in shown.items():
        source, target = case.split("/")
        color = CASES.index(case)
        x = np.array(list(found), float)
        mean, low, high = np.array([values[:3] for values in found.values()]).T
        label = _("{source} → {target}").format(source=SOURCES[source], target=TARGETS[target])
        here = case == r.case
        chart.segments(x, low, x, high, color=color, width=2)
        chart.line(x, mean, color=color, dash=not here, width=3 if here else 2)
        chart.points(x, mean, color=color, marker=MARKERS[color], label=label, radius=5)
    return chart.svg()
