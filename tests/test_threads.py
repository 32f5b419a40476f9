"""The container's limit, read from made-up control groups."""

import os

import numpy as np
import pytest

from dlnotes import threads
from dlnotes.threads import container_limit, respect_container_limit, usable_cores


def group(root, **files):
    """A control group's folder; `__` in a name stands for a folder."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("cpu_max", "cpu.max")
        path = path.with_name(path.name.replace("cpu_cfs", "cpu.cfs"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({}, None),
        ({"cpu_max": "max 100000\n"}, None),
        ({"cpu_max": "200000 100000\n"}, 2.0),
        ({"cpu_max": "50000 100000\n"}, 0.5),
        ({"cpu_max": "0 100000\n"}, None),
        ({"cpu_max": "100000 0\n"}, None),
        ({"cpu_max": "nonsense\n"}, None),
        ({"cpu_max": ""}, None),
        ({"cpu__cpu_cfs_quota_us": "-1\n", "cpu__cpu_cfs_period_us": "100000\n"}, None),
        ({"cpu__cpu_cfs_quota_us": "150000\n", "cpu__cpu_cfs_period_us": "100000\n"}, 1.5),
        ({"cpu__cpu_cfs_quota_us": "150000\n"}, None),
    ],
)
def test_container_limit(tmp_path, files, limit):
    assert container_limit(group(tmp_path, **files)) == limit


@pytest.mark.parametrize(
    ("quota", "cores"), [("max", 8), ("200000", 2), ("10000", 1), ("1600000", 8), ("340000", 3)]
)
def test_usable_cores(tmp_path, monkeypatch, quota, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    assert usable_cores(group(tmp_path, cpu_max=f"{quota} 100000")) == cores


@pytest.mark.parametrize(("count", "cores"), [(4, 4), (None, 1)])
def test_usable_cores_without_an_affinity(tmp_path, monkeypatch, count, cores):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert usable_cores(tmp_path) == cores


def test_pools_are_capped_where_the_container_allows_less(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(64)), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    environment = {"OMP_NUM_THREADS": "7"}
    respect_container_limit(environment, group(tmp_path, cpu_max="200000 100000"))
    assert environment.pop("OMP_WAIT_POLICY") == "passive"
    assert environment.pop("GOMP_SPINCOUNT") == "4000"
    assert environment == dict.fromkeys(threads.VARIABLES, "2") | {"OMP_NUM_THREADS": "7"}


def test_pools_stay_where_nothing_is_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(4)), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    environment = {"OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "7"}
    respect_container_limit(environment, tmp_path)
    assert environment == {"OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "7"}


@pytest.mark.parametrize(("rows", "asked"), [(2, 0), (3, 1), (60, 0)])
def test_a_product_is_numpys_tiny_small_or_large(monkeypatch, rows, asked):
    """The pools are asked to keep to one thread where they might not, and where it matters."""
    monkeypatch.setattr(threads, "TINY", 2 * 40 * 5)
    monkeypatch.setattr(threads, "SMALL", 3 * 40 * 5)
    one_thread, calls = threads.one_thread, []
    monkeypatch.setattr(threads, "one_thread", lambda: calls.append(1) or one_thread())
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((rows, 40)), rng.standard_normal((40, 5))
    np.testing.assert_allclose(threads.product(a, b), np.einsum("ik,kj->ij", a, b))
    assert len(calls) == asked


def test_a_small_product_leaves_the_pools_as_they_were():
    before = [pool["num_threads"] for pool in threads.blas().info()]
    threads.product(np.ones((20, 20)), np.ones((20, 20)))
    assert [pool["num_threads"] for pool in threads.blas().info()] == before
