"""A sweep: every setting once, in any executor, stoppable, and never losing what is finished."""

import json
import os
import signal
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import pytest
from sweeps import fails_at_two, product, sleeps, threads

import dlnotes as dl
from dlnotes import sweeping
from dlnotes.sweeping import all_settings, cores, one_thread, sweep

GRID = {"a": [1, 2, 3], "b": [10, 20]}
WANTED = {(a, b): a * b for a in GRID["a"] for b in GRID["b"]}


class Now(Executor):
    """Computes at once, and counts how often."""

    def __init__(self):
        self.calls = 0
        self.closed = False

    def submit(self, function, *arguments):
        self.calls += 1
        future = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, *arguments, **options):
        self.closed = True


def found(runs):
    return {tuple(run.settings.values()): run.result for run in runs}


def test_every_setting_is_computed_once():
    executor = Now()
    runs = list(sweep(product, GRID, executor=executor))
    assert found(runs) == WANTED
    assert executor.calls == len(runs) == 6
    assert not executor.closed
    assert [run.step for run in runs] == [1, 2, 3, 4, 5, 6]
    assert {run.steps for run in runs} == {6}
    assert runs[-1].seconds_left == 0
    assert all(run.seconds > 0 for run in runs)


def test_settings_may_be_listed():
    runs = list(sweep(product, [{"a": 2}, {"a": 3, "b": 5}], executor=Now()))
    assert sorted(run.result for run in runs) == [2, 15]
    assert all_settings({}) == [{}]


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(2)])
def test_threads_do_as_well(make):
    with make() as executor:
        assert found(sweep(product, GRID, executor=executor)) == WANTED
        assert executor.submit(product, 2).result() == 2  # it is still open


def test_a_progress_bar_says_what_is_finished(capsys):
    assert found(dl.progress(sweep(product, GRID, executor=Now()))) == WANTED
    run = next(sweep(product, GRID, executor=Now()))
    assert run.figures().startswith(f"a={run.settings['a']}, b={run.settings['b']}: ")


# The default pool


def test_spawned_processes_have_one_thread_each_and_end_with_the_sweep():
    before = dict(os.environ)
    runs = list(sweep(threads, {"k": [0, 1]}, workers=2))
    assert dict(os.environ) == before
    for run in runs:
        process, *counts = run.result
        assert process != os.getpid()
        assert set(counts) == {1}
        with pytest.raises(OSError, match=r"."):
            os.kill(process, 0)


def test_a_function_of_a_cell_is_sent_by_value():
    factor = 7

    def times(a):
        return factor * a

    assert [run.result for run in sweep(times, {"a": [3]}, workers=1)] == [21]


def test_stopping_ends_what_is_running():
    start = time.monotonic()
    running = sweep(sleeps, {"seconds": [0.01, 60, 60]}, workers=2)
    assert next(running).settings == {"seconds": 0.01}
    running.close()
    assert time.monotonic() - start < 40


def test_an_interrupt_is_not_for_the_processes():
    before = signal.getsignal(signal.SIGINT)
    try:
        sweeping.ignore_interrupts()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_cores_are_those_this_process_may_use(monkeypatch):
    assert 1 <= cores() <= os.cpu_count()
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert cores() == os.cpu_count()


def test_an_environment_is_put_back(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    with one_thread():
        assert os.environ["OMP_NUM_THREADS"] == os.environ["NUMBA_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "5"
    assert "NUMBA_NUM_THREADS" not in os.environ


# The record file


def test_a_sweep_goes_on_where_it_was(tmp_path):
    path = tmp_path / "sweep.jsonl"
    running = sweep(product, GRID, executor=Now(), record=path)
    first = [next(running), next(running)]
    running.close()
    executor = Now()
    runs = list(sweep(product, GRID, executor=executor, record=path))
    assert executor.calls == 4
    assert found(runs) == WANTED
    assert [run.restored for run in runs] == [True] * 2 + [False] * 4
    assert {str(run.settings) for run in runs[:2]} == {str(run.settings) for run in first}
    done = Now()
    assert found(sweep(product, GRID, executor=done, record=str(path))) == WANTED
    assert done.calls == 0
    more = list(sweep(product, {"a": [1, 4], "b": [10]}, executor=Now(), record=path))
    assert [(run.result, run.restored) for run in more] == [(10, True), (40, False)]


def test_a_line_that_was_cut_off_is_computed_again(tmp_path):
    path = tmp_path / "sweep.jsonl"
    list(sweep(product, GRID, executor=Now(), record=path))
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    executor = Now()
    assert found(sweep(product, GRID, executor=executor, record=path)) == WANTED
    assert executor.calls == 1
    path.write_bytes(path.read_bytes() + b"nonsense\n[1, 2]\n{}\n")
    assert found(sweep(product, GRID, executor=executor, record=path)) == WANTED
    assert executor.calls == 1


def test_a_first_line_that_was_cut_off_is_written_again(tmp_path):
    path = tmp_path / "sweep.jsonl"
    list(sweep(product, GRID, executor=Now(), record=path))
    whole = path.read_bytes()
    for cut in (b"", whole[:5], whole[: whole.index(b"\n")]):
        path.write_bytes(cut)
        assert found(sweep(product, GRID, executor=Now(), record=path)) == WANTED
        assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())
    path.write_bytes(whole[: whole.index(b"\n") + 1])  # nothing was finished yet
    assert found(sweep(product, GRID, executor=Now(), record=path)) == WANTED
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_numpy_numbers_are_written_as_numbers(tmp_path):
    path = tmp_path / "sweep.jsonl"

    def made(a):
        return {"mean": np.float32(a), "all": np.arange(a)}

    grid = {"a": np.array([2, 3])}
    runs = list(sweep(made, grid, executor=Now(), record=path))
    results = {int(run.settings["a"]): run.result for run in runs}
    assert results[2] == {"mean": 2.0, "all": [0, 1]}
    again = list(sweep(made, grid, executor=Now(), record=path))
    assert {int(run.settings["a"]): run.result for run in again} == results
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(line["settings"]["a"] for line in written[1:]) == [2, 3]


def test_what_json_cannot_hold_is_said(tmp_path):
    with pytest.raises(TypeError, match="a record holds numbers, text and lists of them, not set"):
        list(sweep(lambda a: {a}, {"a": [1]}, executor=Now(), record=tmp_path / "sweep.jsonl"))


def test_a_record_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "sweep.jsonl"
    list(sweep(product, GRID, executor=Now(), record=path))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"is of sweeps.product, wanted sweeps.fails_at_two"):
        sweep(fails_at_two, {"a": [1]}, record=path)
    assert path.read_bytes() == before
    for text in ("my letter\n", "[]\n", "{}\n"):
        path.write_text(text)
        with pytest.raises(ValueError, match="is not the record of a sweep"):
            sweep(product, GRID, record=path)
        assert path.read_text() == text
    with pytest.raises(ValueError, match="is a folder"):
        sweep(product, GRID, record=tmp_path)


# Failures


def test_a_failure_names_the_settings_and_keeps_the_rest(tmp_path):
    path = tmp_path / "sweep.jsonl"
    runs: list = []
    with pytest.raises(RuntimeError, match=r"with \{'a': 2\} .* OverflowError: too much"):
        runs.extend(sweep(fails_at_two, {"a": [1, 2]}, workers=1, record=path))
    assert len(path.read_text().splitlines()) == 1 + len(runs)
    with pytest.raises(RuntimeError, match=r"a.*2"):
        list(sweep(fails_at_two, {"a": [2]}, executor=Now()))


@pytest.mark.parametrize(
    ("arguments", "options", "kind", "sentence"),
    [
        ((3, GRID), {}, TypeError, "function is 3"),
        ((product, None), {}, TypeError, "grid is None"),
        ((product, "ab"), {}, TypeError, "grid is 'ab'"),
        ((product, 7), {}, TypeError, "grid is 7"),
        ((product, {"a": 3}), {}, ValueError, r"grid\['a'\] is 3"),
        ((product, {"a": "xyz"}), {}, ValueError, r"grid\['a'\] is 'xyz'"),
        ((product, {"a": []}), {}, ValueError, "grid is empty"),
        ((product, []), {}, ValueError, "grid is empty"),
        ((product, [3]), {}, TypeError, "grid holds 3"),
        ((product, [{1: 2}]), {}, TypeError, "names that are text"),
        ((product, {1: [2]}), {}, TypeError, "names that are text"),
        ((product, GRID), {"executor": 3}, TypeError, "executor is 3"),
        ((product, GRID), {"workers": 0}, ValueError, "workers is 0"),
        ((product, GRID), {"workers": 1.5}, ValueError, "workers is 1.5"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_computed(arguments, options, kind, sentence):
    with pytest.raises(kind, match=f"sweep: .*{sentence}"):
        sweep(*arguments, **options)


# A cluster


def test_a_dask_cluster_of_two_workers_sweeps_as_well(tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra `dask` brings it")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    options |= {"dashboard_address": None, "local_directory": str(tmp_path)}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert len(client.scheduler_info()["workers"]) == 2
        with client.get_executor() as executor:
            runs = list(sweep(product, GRID, executor=executor, record=tmp_path / "record"))
    assert found(runs) == WANTED


def test_names_of_functions_tell_records_apart():
    assert sweeping.function_name(product) == "sweeps.product"
    assert sweeping.function_name(threading.Thread()) == "threading.Thread"
