"""Threads take turns at the parallel kernels; without that, Numba's workqueue ends the process.

And little work is done by one thread, to the same numbers.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numba import prange

import dlnotes
from dlnotes.kernels import (
    activation,
    augment,
    compiled,
    conv,
    dense,
    parallel,
    pooling,
    raster,
    tiles,
)
from dlnotes.kernels.parallel import SharedLoop, warm_both

# Four threads at once, then Ctrl-C in the midst of a kernel, then all of it in new processes.
CALL_FROM_EVERYWHERE = """
import multiprocessing, os, signal, sys, threading, time
import numpy as np
from dlnotes import layers
from dlnotes.kernels import parallel

parallel.little = 1  # nanosecond: everything is shared out

def work(turns=20):
    rng = np.random.default_rng(0)
    net = layers.Sequential(
        layers.Conv2d(1, 2, 3, rng=rng), layers.ReLU(), layers.MaxPool2d(2),
        layers.Conv2d(2, 2, 2, stride=2, rng=rng), layers.Flatten(), layers.Dense(8, 2, rng=rng),
    )
    for _ in range(turns):
        y = net(rng.random((2, 1, 10, 10), np.float32))
        net.backward(y)
    return y.shape

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job begins deaf to it
    threads = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in threads], [t.join() for t in threads]
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        work(10**9)
    except KeyboardInterrupt:
        print("stopped")
    work()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(work))
"""


# Where this process found the package, the processes it starts find it too.
TOP = str(Path(dlnotes.__file__).parents[1])


def double(x):
    """Twice x, in place."""
    for i in prange(x.size):
        x[i] *= 2


@pytest.fixture
def loop(monkeypatch):
    """A loop that tells which way it went."""
    monkeypatch.setattr(compiled, "CACHE", None)
    made = SharedLoop(double)
    made.ways = []
    for way in ("alone", "shared"):
        compute = getattr(made, way)

        def told(x, way=way, compute=compute):
            made.ways.append(way)
            compute(x)

        setattr(made, way, told)
    return made


def test_little_work_stays_on_one_thread(loop):
    x = np.arange(3.0)
    loop(x, nanoseconds=parallel.little - 1)
    loop(x, nanoseconds=parallel.little)
    assert loop.ways == ["alone", "shared"]
    np.testing.assert_array_equal(x, [0, 4, 8])
    assert loop.__doc__ == "Twice x, in place."


def test_warming_goes_both_ways(loop):
    before = parallel.little
    warm_both(lambda: loop(np.ones(1), nanoseconds=0))
    assert loop.ways == ["alone", "shared"]
    with pytest.raises(ZeroDivisionError):
        warm_both(lambda: 1 / (parallel.little == before))
    assert parallel.little == before


def test_threads_follow_the_work(monkeypatch):
    monkeypatch.setattr(parallel.config, "NUMBA_NUM_THREADS", 8)
    monkeypatch.setattr(parallel, "crowded_until", 0.0)
    monkeypatch.setattr(parallel, "awake_until", 0.0)
    assert parallel.threads_for(parallel.little / 2) == 1
    assert parallel.threads_for(parallel.little) == 2
    assert parallel.threads_for(1.7 * parallel.little) == 3
    assert parallel.threads_for(1e9) == 8


def test_cores_that_are_awake_get_smaller_shares(loop, monkeypatch):
    monkeypatch.setattr(parallel.config, "NUMBA_NUM_THREADS", 2)
    monkeypatch.setattr(parallel, "crowded_until", 0.0)
    monkeypatch.setattr(parallel, "awake_until", 0.0)
    monkeypatch.setattr(parallel, "credit", 60.0)  # the loop is compiled at its call
    half = parallel.little / 2
    assert parallel.threads_for(half) == 1
    loop(np.ones(1), nanoseconds=parallel.little)
    monkeypatch.setattr(parallel, "awake_until", parallel.awake_until + 60)
    assert [parallel.threads_for(work) for work in (half - 1, half)] == [1, 2]


def test_no_more_threads_wake_than_are_wanted(loop, monkeypatch):
    asked = []
    monkeypatch.setattr(parallel.config, "NUMBA_NUM_THREADS", 8)
    monkeypatch.setattr(parallel, "crowded_until", 0.0)
    monkeypatch.setattr(parallel.numba, "get_num_threads", lambda: 8)
    monkeypatch.setattr(parallel.numba, "set_num_threads", asked.append)
    loop(np.ones(1), nanoseconds=parallel.little)
    loop(np.ones(1), nanoseconds=1e9)
    assert asked == [2, 8]


def went(loop, monkeypatch, *starts_and_ends, credit=parallel.MOST):
    """The ways of calls of a millisecond's work that start and end at these seconds."""
    monkeypatch.setattr(parallel.config, "NUMBA_NUM_THREADS", 2)
    monkeypatch.setattr(parallel, "crowded_until", 0.0)
    monkeypatch.setattr(parallel, "credit", credit)
    for start, end in starts_and_ends:
        now = iter([start, start, end])
        monkeypatch.setattr(parallel.time, "perf_counter", lambda now=now: next(now))
        loop(np.ones(1), nanoseconds=1e6)
    return loop.ways


def test_where_sharing_goes_badly_one_thread_does_it_for_a_while(loop, monkeypatch):
    calls = (100.0, 100.08), (100.1, 100.2), (100.6, 100.601), (100.71, 100.711)
    ways = went(loop, monkeypatch, *calls, credit=1.5 * parallel.DEAREST)
    assert ways == ["shared", "shared", "alone", "shared"]
    assert parallel.crowded_until == 100.2 + parallel.WAIT
    monkeypatch.setattr(parallel.time, "perf_counter", lambda: 100.3)
    loop(np.ones(1), nanoseconds=parallel.LONG)
    assert loop.ways[-1] == "shared"


def test_a_loop_that_is_loaded_or_compiled_has_waited_for_nobody(loop, monkeypatch):
    monkeypatch.setattr(parallel.config, "NUMBA_NUM_THREADS", 2)
    monkeypatch.setattr(parallel, "crowded_until", 0.0)
    monkeypatch.setattr(parallel, "credit", 1e-3)
    loop.shared.overloads = {}

    def call(seconds, kinds):
        now = iter([0.0, 0.0, seconds])
        monkeypatch.setattr(parallel.time, "perf_counter", lambda: next(now))
        loop.shared.overloads |= dict.fromkeys(range(kinds))
        loop(np.ones(1), nanoseconds=1e6)

    call(0.4, kinds=1)
    call(0.4, kinds=2)
    assert parallel.crowded_until == 0.0
    call(0.4, kinds=2)
    assert parallel.crowded_until == 0.4 + parallel.WAIT
    assert loop.ways == ["shared"] * 3


def test_what_sharing_saves_pays_for_a_wait(loop, monkeypatch):
    good = [(100 + i, 100.001 + i) for i in range(200)]  # each saves half a millisecond
    calls = [(99.0, 99.09), *good, (400.0, 400.09), (401.0, 401.001)]
    assert set(went(loop, monkeypatch, *calls)) == {"shared"}
    assert parallel.credit == pytest.approx(parallel.MOST - parallel.DEAREST + 0.0005)
    assert parallel.crowded_until == 0.0


def test_little_work_waits_for_nobody(loop):
    """A widget's small picture must not wait for a long kernel of the cell that runs."""
    ended = threading.Event()

    def work():
        loop(np.ones(1), nanoseconds=0)
        ended.set()

    with parallel.LOCK:
        thread = threading.Thread(target=work)
        thread.start()
        assert ended.wait(60)
    thread.join()


def test_shared_work_one_thread_at_a_time():
    inside, most = [], []
    start = threading.Barrier(4)
    loop = SharedLoop(double)

    def enter(name):
        inside.append(name)
        most.append(len(inside))
        threading.Event().wait(0.01)
        inside.remove(name)

    loop.shared = enter

    def work(k):
        start.wait()
        loop(k, nanoseconds=parallel.little)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def convolved(rng):
    x, weight = rng.normal(size=(3, 4, 9, 8)), rng.normal(size=(6, 2, 3, 2))
    stride, dilation = (2, 1), (1, 2)
    y = conv.forward(x, weight, rng.normal(size=6), stride, dilation)
    dx = conv.backward_x(y, weight, 4, (9, 8), stride, dilation)
    return [y, dx, conv.backward_weight(x, y, weight.shape, stride, dilation)]


def pooled(rng):
    x, window, stride, none = rng.normal(size=(5, 9, 8)), (3, 2), (2, 2), (0, 0)
    y, where = pooling.max_forward(x, (4, 4), window, stride, none, (1, 1))
    mean = pooling.average_forward(x, (4, 4), window, stride, none, none, True)
    dx = pooling.average_backward(mean, (9, 8), window, stride, none, none, True)
    return [y, where, pooling.max_backward(y, where, (9, 8)), mean, dx]


def moved(rng):
    return [augment.move(rng.random((4, 1, 6, 7), np.float32), rng.normal(size=(4, 2, 3)))]


@pytest.mark.parametrize("call", [convolved, pooled, moved])
def test_both_ways_give_the_same_numbers(call, monkeypatch):
    few = call(np.random.default_rng(3))
    monkeypatch.setattr(parallel, "little", 0)
    for one, other in zip(few, call(np.random.default_rng(3)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_every_parallel_loop_knows_how_to_stay_alone():
    for room in (activation, augment, conv, dense, pooling, raster, tiles):
        loops = [item for item in vars(room).values() if hasattr(item, "targetoptions")]
        assert not any(loop.targetoptions.get("parallel") for loop in loops), room


@pytest.mark.parametrize("layer", ["workqueue", "omp", "tbb"])
def test_every_threading_layer_survives_threads_ctrl_c_and_spawn(layer, tmp_path):
    (tmp_path / "everywhere.py").write_text(CALL_FROM_EVERYWHERE)
    found = subprocess.run(
        [sys.executable, "everywhere.py"],
        cwd=tmp_path,
        env=os.environ | {"NUMBA_THREADING_LAYER": layer, "PYTHONPATH": TOP},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if "No threading layer could be loaded" in found.stderr:
        assert layer != "workqueue"  # Numba brings that one itself
        pytest.skip(f"this machine has no {layer}")
    assert found.stdout == "stopped\n(2, 2)\n", found.stderr
