"""One lock around every parallel kernel.

Numba's `workqueue` threads abort the process when two Python threads start them at once, and in
JupyterLab widgets run in threads of their own while a cell runs. An uncontended lock costs 0.1 µs.
"""

import functools
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

LOCK = threading.RLock()


def one_at_a_time(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let one thread at a time into `function`; for whatever enters a parallel kernel."""

    @functools.wraps(function)
    def locked(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        with LOCK:
            return function(*arguments, **options)

    return locked
