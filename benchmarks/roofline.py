"""The library's layers under this machine's own limits: `python benchmarks/roofline.py figure.svg`.

Work for each byte that must at least be moved, against the speed reached: no point can lie above
the roof. After S. Williams, A. Waterman & D. Patterson, "Roofline", CACM 52(4), 2009.
"""

import argparse

import contestants
import numpy as np
from contest import medians
from matplotlib.figure import Figure
from speed import CONVOLUTIONS, multiply_adds, processor

import dlnotes as dl
from dlnotes.kernels import roofline
from dlnotes.threads import usable_cores

DENSE = [(n, 784, 128) for n in (1, 16, 64, 256)]
FLOAT = 4  # bytes


def convolution(case: tuple[int, ...], seconds: float) -> tuple[float, float]:
    """FLOP for each byte of x, weight and y; FLOP/s of the forward pass."""
    n, c_in, size, c_out, k, pad = case
    layer = dl.Conv2d(c_in, c_out, k, padding=pad, rng=np.random.default_rng(0))
    x = np.ones((n, c_in, size, size), np.float32)
    moved = FLOAT * (x.size + layer.weight.value.size + layer(x).size)
    spent = medians({"ours": contestants.convolution(case, False)["dlnotes"]}, seconds)["ours"]
    work = 2 * multiply_adds(case)
    return work / moved, work / spent


def dense(case: tuple[int, int, int], seconds: float) -> tuple[float, float]:
    """The same for a dense layer."""
    n, n_in, n_out = case
    layer = dl.Dense(n_in, n_out, rng=np.random.default_rng(0))
    x = np.ones((n, n_in), np.float32)
    spent = medians({"ours": lambda: layer(x)}, seconds)["ours"]
    work = 2 * layer.multiply_adds(x.shape)
    return work / (FLOAT * (x.size + layer.weight.value.size + n * n_out)), work / spent


def draw(found: dict[str, list], peak: float, bandwidth: float, threads: int) -> Figure:
    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    reach = np.geomspace(0.1, 1000, 200)
    axes.loglog(reach, np.minimum(peak, reach * bandwidth) / 1e9, "k-", label="the roof")
    for (name, points), marker in zip(found.items(), "os", strict=True):
        for case, (intensity, speed) in points:
            axes.plot(intensity, speed / 1e9, marker, color=f"C{'os'.index(marker)}")
            axes.annotate(str(case), (intensity, speed / 1e9), fontsize=7, rotation=30)
        axes.plot([], [], marker, color=f"C{'os'.index(marker)}", label=name)
    axes.set_xlabel("FLOP for each byte moved at least")
    axes.set_ylabel("GFLOP/s")
    limits = f"{peak / 1e9:,.0f} GFLOP/s, {bandwidth / 1e9:,.0f} GB/s"
    axes.set_title(f"{processor()}, {threads} threads: {limits}")
    axes.legend()
    axes.grid(True, which="both", alpha=0.2)
    return figure


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("figure", help="where to write it: .svg, .png or .pdf")
    asked.add_argument("--seconds", type=float, default=1.0, help="for each point")
    options = asked.parse_args()
    threads = usable_cores()
    peak, bandwidth = roofline.peak_flops(threads), roofline.bandwidth(threads)
    found: dict[str, list] = {
        "convolution (n, c_in, size, c_out, kernel, padding)": [
            (case, convolution(case, options.seconds)) for case in CONVOLUTIONS
        ],
        "dense (n, n_in, n_out)": [(case, dense(case, options.seconds)) for case in DENSE],
    }
    draw(found, peak, bandwidth, threads).savefig(options.figure)


if __name__ == "__main__":
    main()
