"""How far a reader has come, in one small file beside the notebooks that they can read and delete.

Nothing they have done is lost for a technical reason: a file that cannot be understood is set
aside under another name, one that cannot be written is made up for in memory, and two notebooks
that answer at once both count, because each adds its answer to what the file holds by then.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dlnotes.words import _

VERSION = 1
NAME = "dlnotes-progress.json"
LONGEST = 300  # characters of an answer that are kept
PATIENCE = 1.0  # seconds to wait for another writer
STALE = 5.0  # seconds after which a lock is taken for one left by a kernel that died

Entries = dict[str, dict[str, dict[str, Any]]]
Attempt = tuple[str, str, bool, Any, str]

# Attempts that have not reached the file yet, for each file; one store for the whole process.
_waiting: dict[Path, list[Attempt]] = {}
_guard = threading.RLock()  # widgets call from threads of their own


class Counts(NamedTuple):
    """How many checks of a lesson were ever right, how many were tried, how many there are."""

    right: int
    tried: int
    all: int


class Broken(ValueError):
    """The file is not one that this module wrote."""


class Progress:
    """The reader's answers, kept at `path`, or `$DLNOTES_PROGRESS`, or in the current folder."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        # Resolved now, so that a later change of folder does not split the record in two.
        self.path = Path(path or os.environ.get("DLNOTES_PROGRESS") or NAME).resolve()

    def __repr__(self) -> str:
        return f"Progress({str(self.path)!r})"

    @property
    def saved(self) -> bool:
        """Whether everything recorded has reached the file."""
        return not _waiting.get(self.path)

    @property
    def notice(self) -> str:
        """A sentence for the reader while answers are kept in memory only, else nothing."""
        if self.saved:
            return ""
        sentence = _("Your progress is kept until this kernel stops: {path} cannot be written.")
        return sentence.format(path=self.path)

    @property
    def entries(self) -> Entries:
        """lesson → key → {"attempts", "right", "answer", "time"}, a fresh copy.

        `right` says whether the check was ever right, `answer` is the last one, `time` when it was
        given (UTC, ISO 8601). A file that cannot be read counts as empty here and is left alone.
        """
        with _guard:
            try:
                entries = read(self.path)
            except (OSError, Broken):
                entries = {}
            return add(entries, _waiting.get(self.path, []))

    def record(self, lesson: str, key: str, right: bool, answer: Any) -> None:
        """Count one attempt at the check `key` of `lesson`; `saved` tells whether it is on disk."""
        for name, value in (("lesson", lesson), ("key", key)):
            if not isinstance(value, str) or not value:
                raise TypeError(f"{name} must be a name such as 'convolution', not {value!r}.")
        if not isinstance(right, bool | np.bool_):
            raise TypeError(f"right must be True or False, not {right!r}.")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with _guard:
            waiting = _waiting.setdefault(self.path, [])
            waiting.append((lesson, key, bool(right), keepable(answer), now))
            if persist(self._write):
                waiting.clear()

    def summary(self, checks: Mapping[str, Sequence[str]]) -> dict[str, Counts]:
        """For each lesson of `checks` (lesson → its keys): how many are right, tried, there."""
        entries = self.entries
        counts = {}
        for lesson, keys in checks.items():
            tried = [entries.get(lesson, {})[key] for key in keys if key in entries.get(lesson, {})]
            counts[lesson] = Counts(sum(e["right"] for e in tried), len(tried), len(keys))
        return counts

    def forget(self) -> None:
        """Start anew: remove the file. Raises OSError where that is not allowed."""
        with _guard:
            self.path.unlink(missing_ok=True)
            _waiting.pop(self.path, None)

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with lock(self.path.with_name(self.path.name + ".lock")):
            try:
                entries = read(self.path)
            except Broken:
                set_aside(self.path)
                entries = {}
            content = {"version": VERSION, "entries": add(entries, _waiting[self.path])}
            text = json.dumps(content, ensure_ascii=False, indent=1)
            temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            try:
                # Half a character, which a browser can send, is written as its JSON escape.
                temporary.write_bytes(text.encode("utf-8", "backslashreplace"))
                temporary.replace(self.path)
            finally:
                temporary.unlink(missing_ok=True)


def read(path: Path) -> Entries:
    """What the file holds, nothing if there is none. Raises Broken; OSError for a newer version."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise Broken(str(path)) from error
    if not isinstance(content, dict) or not isinstance(content.get("version"), int):
        raise Broken(str(path))
    if content["version"] > VERSION:
        raise OSError(f"{path} was written by a newer dlnotes.")
    entries: Any = content.get("entries")
    if not is_sound(entries):
        raise Broken(str(path))
    return entries


def is_sound(entries: Any) -> bool:
    lessons = entries.values() if isinstance(entries, dict) else [None]
    checks = [
        e for lesson in lessons for e in (lesson.values() if isinstance(lesson, dict) else [0])
    ]
    return all(
        isinstance(e, dict)
        and isinstance(e.get("attempts"), int)
        and isinstance(e.get("right"), bool)
        for e in checks
    )


def add(entries: Entries, attempts: Sequence[Attempt]) -> Entries:
    for lesson, key, right, answer, now in attempts:
        entry = entries.setdefault(lesson, {}).setdefault(key, {"attempts": 0, "right": False})
        entry["attempts"] += 1
        entry["right"] |= right
        entry |= {"answer": answer, "time": now}
    return entries


def set_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(path.name + ".broken" + str(number)[number == 1 :])).exists():
        number += 1
    path.rename(aside)


def persist(write: Callable[[], None], tries: int = 3) -> bool:
    """Whether `write` came through. Windows refuses for moments while another process reads."""
    for _attempt in range(tries):
        try:
            write()
        except TimeoutError:  # waited long enough already
            return False
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, so that one process writes at a time.

    A lock that is `STALE` is taken over. Two processes that find the same stale lock in the same
    instant could both go on; the worst is that one answer is not counted, never a broken file.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if is_stale(path):
                path.unlink(missing_ok=True)
            elif time.monotonic() > end:
                raise TimeoutError(f"{path} is held by another process.") from None
            else:
                time.sleep(0.01)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE
    except FileNotFoundError:  # its holder has just let go
        return False


def keepable(answer: Any) -> Any:
    """`answer` as JSON holds it, or in words where it cannot or where it is long."""
    if isinstance(answer, np.generic):
        answer = answer.item()
    try:
        if len(json.dumps(answer, allow_nan=False)) <= LONGEST:
            return json.loads(json.dumps(answer))
    except (TypeError, ValueError, RecursionError):
        pass
    try:
        # A function's repr is an address, which says nothing.
        words = answer if isinstance(answer, str) else getattr(answer, "__name__", repr(answer))
    except Exception:  # the reader's own class may do anything
        words = type(answer).__name__
    words = str(words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
