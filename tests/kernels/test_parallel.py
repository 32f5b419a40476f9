"""Threads take turns at the parallel kernels; without that, Numba's workqueue ends the process."""

import os
import subprocess
import sys
import threading

from dlnotes.kernels.parallel import one_at_a_time

CALL_FROM_FOUR_THREADS = """
import threading
import numpy as np
from dlnotes.kernels import activation, conv
activation.warm(), conv.warm()
x, weight, bias = (np.ones(s, np.float32) for s in ((4, 1, 9, 9), (1, 1, 3, 3), (1,)))
def work():
    for _ in range(100):
        activation.leaky_relu(conv.forward(x, weight, bias, (1, 1), (1, 1)), 0.0)
threads = [threading.Thread(target=work) for _ in range(4)]
[t.start() for t in threads], [t.join() for t in threads]
print("alive")
"""


def test_one_thread_at_a_time():
    inside, most = [], []
    start = threading.Barrier(4)

    @one_at_a_time
    def enter(name):
        """What it says."""
        inside.append(name)
        most.append(len(inside))
        threading.Event().wait(0.01)
        inside.remove(name)
        return name

    def work(k):
        start.wait()
        assert enter(k) == k

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]
    assert enter.__doc__ == "What it says."


def test_workqueue_survives_four_threads():
    environment = os.environ | {"NUMBA_THREADING_LAYER": "workqueue"}
    found = subprocess.run(
        [sys.executable, "-c", CALL_FROM_FOUR_THREADS],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert found.stdout == "alive\n", found.stderr
