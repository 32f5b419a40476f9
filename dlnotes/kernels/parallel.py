"""One lock around every parallel kernel, and no parallel kernel for little work.

Numba's `workqueue` threads abort the process when two Python threads start them at once, and in
JupyterLab widgets run in threads of their own while a cell runs. An uncontended lock costs 0.1 µs.

Sharing work out costs 40 µs where all cores are idle, and milliseconds where a browser holds one
of them: each loop is therefore compiled twice, and one thread does what is quickly done.
"""

import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any

from dlnotes.kernels.compiled import kernel

LOCK = threading.RLock()
little = 200_000  # nanoseconds of one thread: where sharing out breaks even on two idle cores


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
        if nanoseconds < little:
            self.alone(*arguments)
        else:
            with LOCK:
                self.shared(*arguments)


def warm_both(call: Callable[[], object]) -> None:
    """Call once on one thread and once shared out, however little there is to do."""
    global little
    call()
    with LOCK:
        before, little = little, 0
        try:
            call()
        finally:
            little = before
