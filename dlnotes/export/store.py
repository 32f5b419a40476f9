"""Frames, kept once each: a picture is what differs from the one before it.

A picture's text is cut at its quotes, so that every attribute is a piece of its own. What a later
picture changes are a few pieces of an earlier one; a page puts them back in with one join.
"""

import base64
import json
import zlib
from typing import Any

CUT = '"'
LEVEL = 9
WORTH = 0.8  # of a text: what a difference must stay below


class Interned:
    """A list in which each thing stands once; `number` says where."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, item: Any) -> int:
        key = item if isinstance(item, str) else json.dumps(item)
        if key not in self._numbers:
            self._numbers[key] = len(self.items)
            self.items.append(item)
        return self._numbers[key]


def difference(before: str, after: str) -> list[Any]:
    """[first piece, count, piece, …] for each run of pieces of `before` that is another."""
    old, new = before.split(CUT), after.split(CUT)
    if len(old) == len(new):
        changes: list[Any] = []
        for i, piece in enumerate(new):
            if piece != old[i]:
                changes += [i, piece]
        return changes
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    most = min(len(old), len(new)) - start
    while end < most and old[-1 - end] == new[-1 - end]:
        end += 1
    return [start, len(old) - start - end, new[start : len(new) - end]]


class Store:
    """The frames of one explorer. `size` is about what they will take in the page, in bytes."""

    def __init__(self) -> None:
        self.says = Interned()
        self.frames: list[list[Any]] = []
        self.pictures: list[Any] = []  # the first as text, the others as [base, differences]
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._alike: dict[int, int] = {}  # a whole picture for each number of pieces
        self._frame_numbers: dict[str, int] = {}
        self._squeeze = zlib.compressobj(LEVEL)
        self._squeezed = 0

    @property
    def size(self) -> int:
        return self._squeezed * 4 // 3

    def finished(self) -> int:
        """The same to the last byte, once all is in it."""
        self._squeezed += len(self._squeeze.flush())
        return self.size

    def add(self, frame: dict[str, Any], near: int | None = None) -> int:
        """Keep a frame; `near` is the number of one that is much like it. Its number."""
        base = self.frames[near][0] if near is not None else None
        text = frame["picture"]
        if text is None:  # something went wrong: the picture before it stays, greyed
            picture = base if base is not None else self._picture("", None)
        else:
            picture = self._picture(text, base)
        entry = [picture, self.says.number(frame["says"] or ""), frame["error"]]
        key = json.dumps(entry)
        if key not in self._frame_numbers:
            self._frame_numbers[key] = len(self.frames)
            self.frames.append(entry)
            self._weigh(key)
        return self._frame_numbers[key]

    def picture_of(self, frame: int) -> str:
        return self._texts[self.frames[frame][0]]

    def _picture(self, text: str, base: int | None) -> int:
        if text not in self._numbers:
            entry: Any = text
            count = text.count(CUT)
            # Best is a picture made alike, of as many pieces; else the one that was shown before.
            roots = [self._alike[count]] if count in self._alike else []
            if base is not None:
                roots.append(self.pictures[base][0] if self._is_part(base) else base)
            least = WORTH * len(text)
            for root in dict.fromkeys(roots):
                changes = difference(self._texts[root], text)
                size = len(json.dumps(changes))
                if size < least:
                    entry, least = [root, changes], size
            self._numbers[text] = len(self._texts)
            self._texts.append(text)
            if isinstance(entry, str):
                self._alike.setdefault(count, self._numbers[text])
            self.pictures.append(entry)
            self._weigh(json.dumps(entry, ensure_ascii=False))
        return self._numbers[text]

    def _is_part(self, picture: int) -> bool:
        return isinstance(self.pictures[picture], list)

    def _weigh(self, text: str) -> None:
        self._squeezed += len(self._squeeze.compress(text.encode()))


def packed(content: Any) -> str:
    """JSON, compressed with gzip, as base64 text for a page."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    squeeze = zlib.compressobj(LEVEL, wbits=31)
    return base64.b64encode(squeeze.compress(text.encode()) + squeeze.flush()).decode("ascii")
