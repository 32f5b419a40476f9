"""One function over a grid of settings, in as many processes as there are cores, or on a cluster.

A sweep is a loop that the caller holds, as training is: each turn is one finished setting, and
`break` stops. What is finished is written to the record file at once, so that a sweep that was
stopped, or that crashed, goes on where it was.
"""

import concurrent.futures
import itertools
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle

from dlnotes.words import _

# What makes one thread a process of the libraries underneath; read when they are loaded.
ONE_THREAD = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
Settings = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """One finished setting of a sweep: `result` is what the function gave for `settings`.

    `step` counts from 1 to `steps`, in the order in which they were finished. `restored` ones were
    read from the record file. `seconds` have passed, and `seconds_left` remain at the present pace.
    """

    settings: Settings
    result: Any
    step: int
    steps: int
    restored: bool = False
    seconds: float = 0.0
    seconds_left: float = 0.0

    def figures(self) -> str:
        """The settings and their result in a few words."""
        shown = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"{shown}: {str(self.result)[:40]}"


def sweep(
    function: Callable[..., Any],
    grid: Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]],
    *,
    executor: concurrent.futures.Executor | None = None,
    record: str | os.PathLike | None = None,
    workers: int | None = None,
) -> Generator[Finished, None, None]:
    """Call `function(**settings)` for every setting of `grid`; hand each out as it is finished.

    `grid` is a mapping of names to values, of which every combination is taken, or an iterable of
    mappings. `executor` is any `concurrent.futures.Executor`, such as a Dask cluster's
    `client.get_executor()`, and stays open; without one, `workers` processes (as many as this
    process may use cores) are spawned with one thread each, and ended with the sweep. `record` is
    a file that keeps what is finished, one line of JSON each: settings that it holds already are
    handed out from it and not computed again. Stop by `break`, by closing, or by an interrupt.

    `dl.progress(sweep(…))` shows a bar with the time left.

    Errors, before anything is computed: TypeError and ValueError for arguments that do not fit and
    for a record of another function. While running: RuntimeError with the settings in which
    `function` failed; what is finished by then is in the record.
    """
    if not callable(function):
        raise TypeError(f"sweep: function is {function!r}, wanted something to call")
    settings = all_settings(grid)
    if executor is not None and not isinstance(executor, concurrent.futures.Executor):
        raise TypeError(
            f"sweep: executor is {executor!r}, wanted a concurrent.futures.Executor, such as "
            "ThreadPoolExecutor() or client.get_executor()"
        )
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise ValueError(f"sweep: workers is {workers!r}, wanted a whole number of at least 1")
    book = Record(Path(record), function_name(function)) if record is not None else None
    return run(function, settings, executor, book, workers)


def all_settings(grid: Any) -> list[Settings]:
    """The grid's settings in order; ValueError where it holds none."""
    if isinstance(grid, Mapping):
        for name, values in grid.items():
            if isinstance(values, str | bytes) or not isinstance(values, Iterable):
                raise ValueError(f"sweep: grid[{name!r}] is {values!r}, wanted a list of values")
        combinations = itertools.product(*(list(values) for values in grid.values()))
        settings = [dict(zip(grid, values, strict=True)) for values in combinations]
    elif isinstance(grid, Iterable) and not isinstance(grid, str | bytes):
        settings = []
        for item in grid:
            if not isinstance(item, Mapping):
                raise TypeError(f"sweep: grid holds {item!r}, wanted mappings of names to values")
            settings.append(dict(item))
    else:
        raise TypeError(f"sweep: grid is {grid!r}, wanted a mapping of names to lists of values")
    if not settings:
        raise ValueError("sweep: grid is empty, wanted at least one setting")
    for item in settings:
        if not all(isinstance(name, str) for name in item):
            raise TypeError(f"sweep: grid holds {item!r}, wanted names that are text")
    return settings


def run(
    function: Callable[..., Any],
    settings: list[Settings],
    executor: concurrent.futures.Executor | None,
    book: "Record | None",
    workers: int | None,
) -> Generator[Finished, None, None]:
    steps, step = len(settings), 0
    started = time.perf_counter()
    left: list[Settings] = []
    for item in settings:
        if book is None or not book.holds(item):
            left.append(item)
            continue
        step += 1
        yield Finished(
            settings=item, result=book.result(item), step=step, steps=steps, restored=True
        )
    if not left:
        return
    restored = step
    with pool_of(executor, min(workers or cores(), len(left))) as pool:
        # A function of a notebook's cell can be sent only by value.
        packed = cloudpickle.dumps(function)
        futures = {pool.submit(call, packed, item): item for item in left}
        try:
            for future in concurrent.futures.as_completed(futures):
                item = futures[future]
                result = outcome(future, item)
                if book is not None:
                    result = book.keep(item, result)
                step += 1
                seconds = time.perf_counter() - started
                yield Finished(
                    settings=item,
                    result=result,
                    step=step,
                    steps=steps,
                    seconds=seconds,
                    seconds_left=seconds / (step - restored) * (steps - step),
                )
        finally:
            for future in futures:
                future.cancel()


def call(packed: bytes, settings: Settings) -> Any:
    return cloudpickle.loads(packed)(**settings)


def outcome(future: Any, settings: Settings) -> Any:
    """The result of a future; RuntimeError that names the settings where there is none."""
    try:
        return future.result()
    except Exception as error:
        sentence = _("sweep: with {settings} the function failed: {kind}: {error}")
        raise RuntimeError(
            sentence.format(settings=settings, kind=type(error).__name__, error=error)
        ) from error


def function_name(function: Any) -> str:
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{getattr(function, '__module__', '')}.{name}"


# The default pool ---------------------------------------------------------------------------------


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def pool_of(
    executor: concurrent.futures.Executor | None, workers: int
) -> Generator[concurrent.futures.Executor, None, None]:
    """The caller's executor, which stays open, or processes of our own, which end here."""
    if executor is not None:
        yield executor
        return
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")  # a fork after a parallel kernel would hang
    pool = concurrent.futures.ProcessPoolExecutor(workers, context, initializer=ignore_interrupts)
    try:
        with one_thread():
            # Spawned one by one, when there is work for them: the environment must hold for each.
            concurrent.futures.wait([pool.submit(os.getpid) for _worker in range(workers)])
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()  # what it was computing is in no one's way
            process.join()


def ignore_interrupts() -> None:
    """An interrupt is for the one who holds the sweep; its processes are ended by them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def one_thread() -> Generator[None, None, None]:
    """An environment in which whoever is started uses one thread."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


# The record file ----------------------------------------------------------------------------------


class Record:
    """What a sweep has finished, one line of JSON a setting; the first line names the function.

    A line that a crash cut off is left out, and its setting computed again.
    """

    def __init__(self, path: Path, function: str) -> None:
        self.path = path
        self.found: dict[str, Any] = {}
        if path.is_dir():
            raise ValueError(f"sweep: record {path} is a folder, wanted the name of a file")
        first = line_of({"function": function})
        if path.exists() and not first.startswith(path.read_bytes()):
            self._read(function)
        elif not path.exists() or path.read_bytes() != first:  # or a crash cut off its first line
            self._write({"function": function}, new=True)

    def _read(self, function: str) -> None:
        lines = self.path.read_bytes().split(b"\n")
        read = [parsed(line) for line in lines]
        if not isinstance(read[0], dict) or "function" not in read[0]:
            raise ValueError(f"sweep: record {self.path} is not the record of a sweep")
        if read[0]["function"] != function:
            raise ValueError(
                f"sweep: record {self.path} is of {read[0]['function']}, wanted {function}"
            )
        for item in read[1:]:
            if isinstance(item, dict) and {"settings", "result"} <= set(item):
                self.found[key(item["settings"])] = item["result"]
        if lines[-1]:  # cut off in the middle of a line: the next begins on its own
            with self.path.open("ab") as file:
                file.write(b"\n")

    def holds(self, settings: Settings) -> bool:
        return key(settings) in self.found

    def result(self, settings: Settings) -> Any:
        return self.found[key(settings)]

    def keep(self, settings: Settings, result: Any) -> Any:
        """Write a finished setting down; the result as it will be read again."""
        self._write({"settings": settings, "result": result})
        self.found[key(settings)] = plain(result)
        return self.found[key(settings)]

    def _write(self, item: dict[str, Any], *, new: bool = False) -> None:
        with self.path.open("wb" if new else "ab") as file:
            file.write(line_of(item))
            file.flush()
            os.fsync(file.fileno())


def line_of(item: dict[str, Any]) -> bytes:
    return json.dumps(plain(item)).encode() + b"\n"


def parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def key(settings: Settings) -> str:
    return json.dumps(plain(settings), sort_keys=True)


def plain(value: Any) -> Any:
    """`value` as JSON has it, NumPy's numbers and arrays too; TypeError for what it cannot hold."""

    def convert(other: Any) -> Any:
        if hasattr(other, "tolist"):
            return other.tolist()
        raise TypeError(
            f"sweep: a record holds numbers, text and lists of them, not {type(other).__name__}"
        )

    return json.loads(json.dumps(value, default=convert))
