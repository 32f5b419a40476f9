"""A page's messages in the order in which they were sent, though two threads may bring them.

A kernel with subshells (ipykernel 7.4, JupyterLab 4.4) hands each message to the thread that last
spoke to the widget's page. So of two that follow one another closely the second may be taken
first, and a slider would go back to the value before its last.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

PATIENCE = 0.25  # seconds to wait for an earlier message: its thread may be busy with a long cell


class Turns:
    """Who is next, of the numbered messages of each view."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._last: dict[str, int] = {}  # view -> the number of the last message that was done
        self._set: dict[tuple[str, str], int] = {}  # (view, control) -> of the last that set it

    @contextmanager
    def turn(self, message: Mapping[str, Any]) -> Iterator[bool]:
        """Wait until it is the message's turn; whether it still counts.

        One that sets a control does not, where a later one has already set it.
        """
        view, number, name = message.get("view"), message.get("number"), message.get("name")
        if not isinstance(view, str) or not isinstance(number, int):
            yield True
            return
        key = (view, str(name)) if message.get("do") == "set" else None
        with self._changed:
            self._changed.wait_for(lambda: number <= self._last.get(view, 0) + 1, PATIENCE)
        try:
            yield key is None or number >= self._set.get(key, 0)
        finally:
            with self._changed:
                self._last[view] = max(number, self._last.get(view, 0))
                if key:
                    self._set[key] = max(number, self._set.get(key, 0))
                self._changed.notify_all()
