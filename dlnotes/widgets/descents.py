"""What a `DescentRace` runs: one optimiser down one surface, and the sweep that tunes its rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlnotes.widgets.optimizers import OPTIMIZERS, descend_together
from dlnotes.widgets.surfaces import Surface

LEAST_RATE, MOST_RATE = 1e-4, 10.0
MOST_RUNS = 2000  # that are remembered
IN_A_SLICE = 12  # runs of a sweep


@dataclass(frozen=True, eq=False)
class Run:
    """One descent: `path` (m, 2), `above` (m,) how far each place lies above the lowest value.

    `fate` is "" if all went well, "climbed" if it ended higher than it began, "ran" if it left the
    map far behind, "fell" if that led below all that is on the map, "void" where the formula has
    no value. `strayed`: whether it was outside the map at any time.
    """

    path: np.ndarray
    above: np.ndarray
    fate: str
    strayed: bool

    def steps_to(self, goal: float) -> int | None:
        """The first step at which the loss is at most `goal` above the lowest, None for never."""
        reached = np.flatnonzero(self.above <= goal)
        return int(reached[0]) if reached.size else None

    def rank(self, goal: float) -> tuple[bool, bool, bool, int, float]:
        """Smaller is better: it went well, on the map, to the goal, in few steps, with a low end.

        Without the map, a step that is far too long could win by chance: on x²/20 + y² Adagrad and
        RMSprop leap back from any distance, so that no rate would be too high for them.
        """
        first = self.steps_to(goal)
        return bool(self.fate), self.strayed, first is None, first or 0, self.end

    @property
    def end(self) -> float:
        """How far above the lowest value it ended; infinity if it was lost on the way."""
        return float(self.above[-1]) if self.fate in ("", "climbed") else np.inf


Runner = tuple[str, float]
RUNS: dict[tuple, Run] = {}  # what has been run, the oldest first


def runs_of(
    runners: Sequence[Runner], surface: Surface, start: tuple[float, float], steps: int
) -> list[Run]:
    """The runs of pairs (a key of `optimizers.MAKERS`, a rate), of which only new ones are made."""
    keys = [(runner, surface, start, steps) for runner in runners]
    missing = list(dict.fromkeys(key for key in keys if key not in RUNS))
    if missing:
        new = [key[0] for key in missing]
        paths = descend_together(new, start, surface.slopes, steps, surface.bound)
        RUNS.update(zip(missing, (run_along(path, surface) for path in paths), strict=True))
    found = [RUNS[key] for key in keys]
    while len(RUNS) > MOST_RUNS:
        del RUNS[next(iter(RUNS))]
    return found


def run_along(path: np.ndarray, surface: Surface) -> Run:
    """A path with its heights, up to the first place without one."""
    above = surface.heights(path) - surface.lowest
    lost = np.flatnonzero(~np.isfinite(above))
    if lost.size:
        path, above = path[: lost[0] + 1], above[: lost[0] + 1]
    low, high = np.array([surface.x, surface.y], dtype=float).T
    strayed = not ((path >= low) & (path <= high)).all()
    return Run(path, above, fate_of(path, above, surface), strayed)


def fate_of(path: np.ndarray, above: np.ndarray, surface: Surface) -> str:
    if not np.abs(path[-1]).max() <= surface.bound:
        return "fell" if above[-1] < 0 else "ran"
    if not np.isfinite(above[-1]):
        return "void"
    return "climbed" if above[-1] > above[0] * (1 + 1e-9) + 1e-12 else ""


def sweep(
    names: Sequence[str],
    surface: Surface,
    start: tuple[float, float],
    steps: int,
    goal: float,
    count: int,
) -> dict[str, Any]:
    """Every optimiser with the same `count` rates, evenly on a logarithmic scale, as JSON.

    "best" is the rate that reaches the goal in the fewest steps without leaving the map, or that
    ends lowest where none reaches it (see `Run.rank`); "beyond" names those whose best rate is
    better than all others and lies at an end of the range; "ends" are how far above the lowest
    value each ended, None where it was lost.
    """
    rates = rates_of(count)
    runners = [(name, rate) for name in names for rate in rates]
    all_runs = runs_of(runners, surface, start, steps)
    best, ends, beyond = {}, {}, []
    for i, name in enumerate(names):
        runs = all_runs[i * count : (i + 1) * count]
        ends[name] = [run.end if np.isfinite(run.end) else None for run in runs]
        ranks = [run.rank(goal) for run in runs]
        at = ranks.index(min(ranks))
        best[name] = rates[at]
        if at in (0, count - 1) and ranks.count(ranks[at]) == 1:
            beyond.append(name)
    return {"rates": rates, "ends": ends, "best": best, "beyond": beyond, "steps": steps}


def rates_of(count: int) -> list[float]:
    return np.geomspace(LEAST_RATE, MOST_RATE, count).tolist()


def sweeping(
    names: Sequence[str], surface: Surface, start: tuple[float, float], steps: int, count: int
) -> Iterator[float]:
    """Make the runs of a `sweep`, a few at a time: the share that is done after each."""
    runners = [(name, rate) for name in names for rate in rates_of(count)]
    for first in range(0, len(runners), IN_A_SLICE):
        runs_of(runners[first : first + IN_A_SLICE], surface, start, steps)
        yield min(1.0, (first + IN_A_SLICE) / len(runners))


def variant(name: str, correction: bool) -> str:
    """The optimiser as it is made: Adam without its bias correction is one of its own."""
    return "uncorrected" if name == "adam" and not correction else name


def shown_of(shown: str) -> list[str]:
    """The optimisers that a choice of `SHOWN` stands for."""
    return list(OPTIMIZERS) if shown == "all" else shown.split()
