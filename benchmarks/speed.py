"""How fast the library is, beside PyTorch, NumPy and scikit-learn: `python benchmarks/speed.py`.

All contestants run in turns in one process, on the same cores. PyTorch is no dependency of ours:
install it beside for its columns. A README needs the tables that this prints.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import geometric_mean, median

import contestants
import numpy as np
from contest import medians, row

import dlnotes as dl
from dlnotes.kernels import roofline
from dlnotes.threads import usable_cores

CONVOLUTIONS = [  # n, c_in, size, c_out, kernel, padding
    (64, 1, 28, 8, 3, 1),
    (64, 8, 14, 16, 3, 1),
    (64, 16, 14, 32, 3, 1),
    (64, 32, 28, 64, 3, 1),
    (64, 1, 28, 6, 5, 2),
    (64, 6, 14, 16, 5, 0),
    (8, 64, 56, 64, 3, 1),
    (1, 3, 224, 16, 3, 1),
]
POOLED = [(64, 8, 28, 28), (64, 16, 14, 14), (8, 64, 56, 56)]
BATCHES = (1, 16, 64, 256)
STEPS = ["by hand", "PyTorch", "with dx", "dl.train", "torch.compile", "NumPy", "scikit-learn"]
LAYERS = ["dlnotes", "PyTorch", "NumPy"]


def head(columns: list[str]) -> None:
    print("|  | " + " | ".join([*(f"{name}, µs" for name in columns), "ours / PyTorch"]) + " |")
    print("|---" * (len(columns) + 2) + "|")


def training_steps(seconds: float, compiled: bool) -> None:
    print("\nTraining step with Adam (forward, loss, backward, update). By hand means `net.learn`,")
    print("which leaves out the gradient of x, as PyTorch does; with `net.backward` it is there:\n")
    head(STEPS)
    for name in ("CNN", "dense"):
        for n in BATCHES:
            calls = {
                "by hand": contestants.our_step(name, n),
                "with dx": contestants.our_step(name, n, with_dx=True),
                "PyTorch": contestants.torch_step(name, n),
                "dl.train": contestants.our_training(name, n),
                "torch.compile": contestants.torch_step(name, n, True) if compiled else None,
                "NumPy": contestants.numpy_step(n) if name == "dense" else None,
                "scikit-learn": contestants.sklearn_step(n) if name == "dense" else None,
            }
            print(row(f"{name}, batch {n}", medians(calls, seconds), STEPS), flush=True)


def layers(seconds: float, peak: float) -> None:
    print("\nConvolution (n, c_in, size, c_out, kernel, padding) and 2×2 max pooling:\n")
    head(LAYERS)
    for both in (False, True):
        ratios, way = [], "forward + backward" if both else "forward"
        for case in CONVOLUTIONS:
            found = medians(contestants.convolution(case, both), seconds)
            operations = (3 if both else 1) * 2 * multiply_adds(case)
            share = operations / found["dlnotes"] / peak
            print(row(f"{case} {way}, {share:.0%} of peak", found, LAYERS), flush=True)
            if "PyTorch" in found:
                ratios.append(found["dlnotes"] / found["PyTorch"])
        if ratios:
            print(f"| geometric mean, {way} | | | | {geometric_mean(ratios):.2f} |")
    for both in (False, True):
        for shape in POOLED:
            found = medians(contestants.pooling(shape, both), seconds)
            way = "forward + backward" if both else "forward"
            print(row(f"max pool {shape} {way}", found, LAYERS), flush=True)


def multiply_adds(case: tuple[int, ...]) -> int:
    n, c_in, size, c_out, k, pad = case
    layer = dl.Conv2d(c_in, c_out, k, padding=pad, rng=np.random.default_rng(0))
    return layer.multiply_adds((n, c_in, size, size))


def growth(seconds: float) -> None:
    print("\nTwice the work, times the time (forward + backward of a convolution):\n")
    base = (64, 8, 28, 16, 3, 1)
    doubled = {
        "twice the batch": (128, 8, 28, 16, 3, 1),
        "twice the channels in": (64, 16, 28, 16, 3, 1),
        "twice the channels out": (64, 8, 28, 32, 3, 1),
        "twice both channels": (64, 16, 28, 32, 3, 1),
        "twice the pixels": (64, 8, 40, 16, 3, 1),
    }
    for title, case in doubled.items():
        calls = {
            "once": contestants.convolution(base, True)["dlnotes"],
            "twice": contestants.convolution(case, True)["dlnotes"],
        }
        found = medians(calls, seconds)
        more = multiply_adds(case) / multiply_adds(base)
        print(f"- {title} ({more:.2f} of the work): {found['twice'] / found['once']:.2f}")


def memory() -> None:
    step, n = contestants.our_training("CNN", 64), 64
    net, x = contestants.our_net("CNN"), contestants.batch(n, contestants.SHAPES["CNN"])[0]
    activations = x.nbytes + sum(y.nbytes for y in net.trace(x))
    for _ in range(10):
        step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    step()
    most = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    for _ in range(1000):
        step()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print("\nMemory of a step of the CNN, batch 64:\n")
    print(f"- allocated at most {most / 2**20:.1f} MiB; activations {activations / 2**20:.1f} MiB")
    print(f"- after 1,000 more steps the process is {max(0, grown) / 1024:.1f} MiB larger")


IMPORT = "import time; t = time.perf_counter(); import dlnotes; print(time.perf_counter() - t)"
WARM = "from dlnotes.cli import main; main(['warm'])"
FIRST = """
import time
t = time.perf_counter()
import contestants
step = contestants.our_step("CNN", 64)
made = time.perf_counter()
step()
print(time.perf_counter() - made)
"""


def starting() -> None:
    print("\nStarting, each in a new process:\n")
    times = [float(run("-c", IMPORT)) for _ in range(5)]
    print(f"- `import dlnotes`: {median(times):.2f} s")
    run("-c", WARM)
    times = [float(run("-c", FIRST)) for _ in range(5)]
    print(f"- the CNN's first training step, all kernels compiled before: {median(times):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run("-c", WARM, DLNOTES_CACHE_DIR=folder)
        print(f"- `dlnotes warm` from nothing: {time.perf_counter() - start:.0f} s")


def run(*command: str, **environment: str) -> str:
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"PYTHONPATH": path} | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not on Linux
        return platform.processor()
    found: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), value.strip())
    return ", ".join(
        f"{key} {found[key]}" for key in ("model name", "cpu family", "model") if key in found
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seconds", type=float, default=1.0, help="for each contestant of a row")
    asked.add_argument("--compiled", action="store_true", help="torch.compile too: takes minutes")
    options = asked.parse_args()
    threads = usable_cores()
    if contestants.torch is not None:
        contestants.torch.set_num_threads(threads)
    peak, bandwidth = roofline.peak_flops(threads), roofline.bandwidth(threads)
    print(
        f"{processor()}; {threads} threads; OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE')}"
    )
    print(f"This machine's own limits: {peak / 1e9:,.0f} GFLOP/s, {bandwidth / 1e9:,.1f} GB/s")
    training_steps(options.seconds, options.compiled)
    layers(options.seconds, peak)
    growth(options.seconds)
    memory()
    starting()


if __name__ == "__main__":
    main()
