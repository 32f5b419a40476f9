"""Thread pools that fit the container: NumPy and Numba would size them by the host's cores.

A container on a large host sees every core but may use only a few; pools sized by what they see
fight over what they have. The limit is read from the control group and handed on through the
environment, which only works before NumPy is loaded. What the user has set stays.
"""

import os
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
SMALL = 50_000_000  # multiply-adds: a few milliseconds on one core
TINY = 2_000  # multiply-adds that no library shares out: done before the pools have been asked

_one_at_a_time = threading.RLock()


def container_limit(root: Path = Path("/sys/fs/cgroup")) -> float | None:
    """Cores this process may use by its control group (version 2, then 1); None means no limit."""
    for files in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            quota, period = " ".join((root / file).read_text() for file in files).split()
            # "max" and -1 stand for no limit; whatever else is not a quota must not stop an import.
            return int(quota) / int(period) if int(quota) > 0 and int(period) > 0 else None
        except (OSError, ValueError):
            continue
    return None


def usable_cores(root: Path = Path("/sys/fs/cgroup")) -> int:
    """Whole cores that the scheduler and the control group both allow, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # Linux only
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    limit = container_limit(root)
    return cores if limit is None else max(1, min(cores, round(limit)))


def respect_container_limit(
    environment: MutableMapping[str, str] = os.environ, root: Path = Path("/sys/fs/cgroup")
) -> None:
    """Prepare the thread pools of libraries that load later: none larger than the container allows.

    A waiting pool sleeps instead of spinning, because a spinning one holds the core that another
    process, such as the browser, is waiting for. GNU's may spin for some 0.1 ms first, from one
    kernel of a training step to the next: to wake it takes 50 µs, to find it awake 2.
    """
    environment.setdefault("OMP_WAIT_POLICY", "passive")
    environment.setdefault("GOMP_SPINCOUNT", "4000")
    cores = usable_cores(root)
    if cores < (os.cpu_count() or 1):
        for variable in VARIABLES:
            environment.setdefault(variable, str(cores))


@cache
def blas() -> Any:
    """The pools of the libraries behind NumPy's matrix products."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrix products inside stay on this thread: for many small ones in a row, as in `product`."""
    with _one_at_a_time, blas().limit(limits=1):
        yield


def product(a: Any, b: Any) -> Any:
    """a @ b of two matrices; a small one on this thread alone.

    Where another program wants a core too, such as the browser that shows the result, the threads
    of a pool wait for one another, by measurement up to 300 times as long as they compute.
    """
    if not TINY < a.size * b.shape[1] <= SMALL:
        return a @ b
    with one_thread():
        return a @ b
