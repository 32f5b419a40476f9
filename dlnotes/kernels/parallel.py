"""One lock around every parallel kernel, and no more threads than the work is worth.

Numba's `workqueue` threads abort the process when two Python threads start them at once, and in
JupyterLab widgets run in threads of their own while a cell runs. An uncontended lock costs 0.1 µs.

Sharing work out costs 3 to 40 µs where all cores are idle, and milliseconds where a browser holds
one of them: each loop is therefore compiled twice, and one thread does what is quickly done. Where
shared loops took far longer than they should twice in a row, another program wants a core, and for
a while one thread does all but the longest loops. Once is forgiven: threads of another library that
have just ended their work, as PyTorch's, still hold their core for some milliseconds.
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
little = 60_000  # nanoseconds of one thread: less than that is not worth sharing out
SOON = 0.1  # seconds within which going badly a second time counts
went_badly = -SOON  # when sharing out did last, by `time.perf_counter`
crowded_until = 0.0  # by the same clock


def threads_for(nanoseconds: float) -> int:
    """On how many threads a loop of so many nanoseconds is shared out."""
    if nanoseconds < little or (nanoseconds < LONG and time.perf_counter() < crowded_until):
        return 1
    return min(config.NUMBA_NUM_THREADS, int(2 * nanoseconds / little) if little else 2**31)


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
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: Any, nanoseconds: float) -> None:
        global crowded_until, went_badly
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
        if end - start > 4e-9 * nanoseconds + 2e-3:
            if start < went_badly + SOON:
                crowded_until = end + WAIT
            went_badly = end


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
