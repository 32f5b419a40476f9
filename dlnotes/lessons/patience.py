"""A reader's code may loop for ever: it is called with a time limit, and stopped at it."""

import ctypes
import threading
from collections.abc import Callable
from typing import Any

AGAIN, TIMES = 1.0, 5  # seconds between attempts to stop code that catches everything; how many


class TooLong(BaseException):
    """Raised in the code that takes too long; no Exception, so that few catch it."""


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """What `call()` returns; TooLong where that takes longer.

    It stops Python code between two instructions, on every system and in every thread, but not in
    the middle of a call into compiled code.
    """
    over, caller = threading.Event(), ctypes.c_ulong(threading.get_ident())
    throw = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        for wait in (seconds, *[AGAIN] * TIMES):
            if over.wait(wait):
                return
            throw(caller, ctypes.py_object(TooLong))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return call()
    finally:
        over.set()
        watcher.join()  # what was thrown at the last moment arrives here, not in the caller
