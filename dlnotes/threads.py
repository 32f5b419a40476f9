"""Thread pools that fit the container: NumPy and Numba would otherwise size them by the host's cores.

A container on a large host sees every core but may use only a few; pools sized by what they see fight
over what they have. The limit is read from the control group and handed on through the environment,
which only works before NumPy is loaded. What the user has set stays.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def container_limit(root: Path = Path("/sys/fs/cgroup")) -> float | None:
    """Cores this process may use by its control group (version 2, then 1), or None where no limit stands."""
    try:
        quota, period = (root / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (root / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (root / "cpu/cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    if quota in ("max", "-1"):
        return None
    return int(quota) / int(period)


def usable_cores(root: Path = Path("/sys/fs/cgroup")) -> int:
    """Whole cores worth a thread each: what the scheduler and the control group both allow, at least 1."""
    if hasattr(os, "sched_getaffinity"):  # Linux only
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    limit = container_limit(root)
    return cores if limit is None else max(1, min(cores, round(limit)))


def respect_container_limit(
    environment: MutableMapping[str, str] = os.environ, root: Path = Path("/sys/fs/cgroup")
) -> None:
    """Cap the thread pools of libraries that load later, where the container allows fewer cores than it shows."""
    cores = usable_cores(root)
    if cores < (os.cpu_count() or 1):
        for variable in VARIABLES:
            environment.setdefault(variable, str(cores))
