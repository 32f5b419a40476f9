"""One lock around every parallel kernel, and no more threads than the work is worth.

Numba's `workqueue` threads abort the process when two Python threads start them at once, and in
JupyterLab widgets run in threads of their own while a cell runs. An uncontended lock costs 0.1 µs.

Sharing work out costs 3 to 40 µs where all cores are idle, and milliseconds where a browser holds
one of them: each loop is therefore compiled twice, and one thread does what is quickly done. Right
after another shared loop the cores are still awake, and half as much work is worth sharing. What
sharing out saves is credit, of which a loop that waited for a core uses up what it took. Once the
credit is gone, another program wants a core, and for a while one thread does all but the longest
loops. Threads of another library that have just ended their work, as OpenBLAS's, hold their core
for up to 40 milliseconds, but once: a single wait uses up no more than `DEAREST`.
"""

import threading
import time
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numba

from dlnotes.kernels.compiled import config, kernel

LOCK = threading.RLock()
LONG = 10_000_000  # nanoseconds: so long a loop is shared out even where cores are contended for
WAIT = 0.5  # seconds until sharing out is tried again after it went badly
little = 60_000  # nanoseconds of one thread: less than that is not worth waking a core for
AWAKE = 50e-6  # seconds after a loop that was shared out in which the cores are still awake
awake_until = 0.0  # by `time.perf_counter`
MOST = 0.1  # seconds: the largest credit, which a process begins with
DEAREST = 0.01  # seconds
credit = MOST
crowded_until = 0.0  # by `time.perf_counter`


def threads_for(nanoseconds: float) -> int:
    """On how many threads a loop of so many nanoseconds is shared out."""
    now = time.perf_counter()
    enough = little / 2 if now < awake_until else little
    if nanoseconds < enough or (nanoseconds < LONG and now < crowded_until):
        return 1
    return min(config.NUMBA_NUM_THREADS, int(2 * nanoseconds / enough) if enough else 2**31)


class SharedLoop:
    """A loop over `prange`, on all cores where that pays: `loop(…, nanoseconds=…)`.

    `nanoseconds` is a rough guess of what one thread would take. Calls that are shared out wait for
    each other; the others wait for nothing.
    """

    def __init__(self, function: Any) -> None:
        # Numba's cache tells functions apart by their names and lines, not by their options.
        alone = FunctionType(function.__code__, function.__globals__, f"{function.__name__}_alone")
        alone.__qualname__ = alone.__name__
        self.alone = kernel(alone)
        self.shared = kernel(function, parallel=True)
        self.versions = 0  # for how many kinds of arguments it was compiled, as far as noticed
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any, nanoseconds: float) -> None:
        global crowded_until, awake_until, credit
        threads = threads_for(nanoseconds)
        if threads < 2 and little:
            self.alone(*arguments)
            return
        with LOCK:
            allowed = numba.get_num_threads()
            if threads < allowed:
                numba.set_num_threads(threads)
            start = time.perf_counter()
            try:
                self.shared(*arguments)
            finally:
                if threads < allowed:
                    numba.set_num_threads(allowed)
            end = time.perf_counter()
        awake_until = end + AWAKE
        took, alone = end - start, 1e-9 * nanoseconds
        if took < 4 * alone + 2e-3:
            credit = min(MOST, credit + alone / 2)
            return
        if self._was_compiled():
            return
        credit -= min(took, DEAREST)
        if credit < 0:
            credit, crowded_until = 0.0, end + WAIT

    def _was_compiled(self) -> bool:
        """Whether a slow call was slow because it was compiled, or loaded from the cache."""
        before, self.versions = self.versions, len(getattr(self.shared, "overloads", ()))
        return self.versions > before


def warm_both(call: Callable[[], object]) -> None:
    """Call once on one thread and once shared out, however little there is to do."""
    global little, crowded_until
    call()
    with LOCK:
        before, little, crowded_until = little, 0, 0.0
        try:
            call()
        finally:
            little = before
