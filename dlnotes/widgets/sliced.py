"""What takes seconds, made in slices of a few milliseconds, once for its arguments.

A generator function yields the share that is done (0 to 1) after each slice and returns what it has
made. Under `@sliced()` it is called like any other function, and does all its work at once unless
it is known already. Whoever must answer something else in between asks for its `slices`.
"""

import functools
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

SURE = 0.02  # of all the work: what was done of it tells how long the rest takes
Made = Generator[float, None, Any]


class Sliced:
    """A function that is made in slices; the last `kept` of its results are known."""

    def __init__(self, function: Callable[..., Made], kept: int) -> None:
        functools.update_wrapper(self, function)
        self.function, self.kept = function, kept
        self._known: dict[Any, Any] = {}  # the latest last
        self._begun: dict[Any, Made] = {}
        self._lock = threading.RLock()  # a cell may want what a page is making

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """What is made for these arguments, at once."""
        key = arguments, tuple(sorted(options.items()))
        while True:
            with self._lock:
                if key in self._known:
                    return self._known[key]
                self._go_on(key)

    def slices(self, *arguments: Any, **options: Any) -> Iterator[float]:
        """Make it, a slice at each `next`, going on where it was left; the shares that are done."""
        key = arguments, tuple(sorted(options.items()))
        while True:
            with self._lock:
                share = None if key in self._known else self._go_on(key)
            if share is None:
                return
            yield share

    def _go_on(self, key: Any) -> float | None:
        """One slice; the share that is done, None if that was the last."""
        arguments, options = key
        going = self._begun.pop(key, None) or self.function(*arguments, **dict(options))
        try:
            share = next(going)
        except StopIteration as end:
            keep(self._known, key, end.value, self.kept)
            return None
        keep(self._begun, key, going, self.kept)
        return share

    def cache_clear(self) -> None:
        """Forget what is known, and what was begun."""
        with self._lock:
            self._known.clear()
            self._begun.clear()


def keep(kept: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    """Put it in as the latest; the oldest go where there are too many."""
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]


def sliced(kept: int = 8) -> Callable[[Callable[..., Made]], Sliced]:
    """Make a generator function `Sliced`: of its results the last `kept` are remembered."""
    return lambda function: Sliced(function, kept)


class Work:
    """Slices that are being worked through: the share that is done, and the seconds it took."""

    def __init__(self, slices: Iterator[float]) -> None:
        self.share, self.spent = 0.0, 0.0
        self._slices = slices
        self._begun: tuple[float, float] | None = None  # share and seconds when it was known

    def go_on(self, seconds: float) -> bool:
        """Work for so long, and to the end of the slice; whether all is done."""
        began = time.perf_counter()
        try:
            for share in self._slices:
                self.share, now = share, time.perf_counter()
                if share and not self._begun:
                    self._begun = share, self.spent + now - began
                if now - began > seconds:
                    return False
            return True
        finally:
            self.spent += time.perf_counter() - began

    @property
    def left(self) -> float | None:
        """About how many seconds of work are left, None where nothing tells yet."""
        first, at = self._begun or (0.0, 0.0)  # it may have been begun by somebody else
        if self.share - first < SURE:
            return None
        return (self.spent - at) / (self.share - first) * (1 - self.share)
