"""Keeping Python's garbage collector from stopping the pictures."""

import gc
import sys
from functools import lru_cache


def settle() -> None:
    """Tell the collector, when modules were loaded since it was last told, that all is to stay.

    From time to time it looks at every object there is. The compiler and its modules have two
    hundred thousand, which takes a tenth of a second, in which no slider would be answered; and
    they stay for good anyway.
    """
    _settle(len(sys.modules))


@lru_cache(maxsize=1)
def _settle(modules: int) -> None:
    gc.freeze()
