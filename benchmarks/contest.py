"""Contestants timed in turns, in one process: what disturbs one disturbs the others as much."""

import time
from collections.abc import Callable, Mapping
from statistics import median

Contestants = Mapping[str, Callable[[], object] | None]


def medians(contestants: Contestants, seconds: float = 1.0, turns: int = 10) -> dict[str, float]:
    """The median seconds of one call of each; those that are None are not there.

    Each has `turns` turns of `seconds` in all, in an order that is turned round every time; the
    first call of a turn, which finds its data gone from the caches, does not count.
    """
    present = {name: call for name, call in contestants.items() if call is not None}
    spent: dict[str, list[float]] = {name: [] for name in present}
    for call in present.values():
        call()
    for turn in range(turns):
        names = list(present) if turn % 2 else list(reversed(present))
        for name in names:
            present[name]()
            end = time.perf_counter() + seconds / turns
            while True:
                start = time.perf_counter()
                present[name]()
                stop = time.perf_counter()
                spent[name].append(stop - start)
                if stop > end:
                    break
    return {name: median(times) for name, times in spent.items()}


def row(title: str, found: Mapping[str, float], columns: list[str]) -> str:
    """A line of the table: microseconds, and ours as a share of the first other's."""
    cells = [f"{found[name] * 1e6:,.0f}" if name in found else "–" for name in columns]
    ratio = f"{found[columns[0]] / found[columns[1]]:.2f}" if columns[1] in found else "–"
    return f"| {title} | " + " | ".join([*cells, ratio]) + " |"
