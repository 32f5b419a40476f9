"""How the learning rate changes while training runs: functions from the step to the learning rate.

    schedule = dl.schedule.cosine(0.1, 1000)
    for progress in dl.train(…):
        optimizer.lr = schedule(progress.step)

`schedule(0)` is for the first step. Every maker checks its arguments and raises ValueError.
"""

import math
from collections.abc import Callable

from dlnotes import door

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """The same learning rate at every step."""
    lr = door.real(lr, "constant: lr", least=0.0)
    return lambda step: lr


def step(lr: float, every: int, *, factor: float = 0.1) -> Schedule:
    """lr · factor^⌊step / every⌋: a fall after each `every` steps (PyTorch's StepLR)."""
    lr = door.real(lr, "step: lr", least=0.0)
    every = door.whole(every, "step: every")
    factor = door.real(factor, "step: factor", above=0.0)
    return lambda step: lr * factor ** (step // every)


def cosine(lr: float, steps: int, *, lowest: float = 0.0) -> Schedule:
    """From lr along half a cosine down to `lowest` at `steps`, and constant from there.

    Source: Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts",
    arXiv:1608.03983, without the restarts (PyTorch's CosineAnnealingLR).
    """
    lr = door.real(lr, "cosine: lr", least=0.0)
    steps = door.whole(steps, "cosine: steps")
    lowest = door.real(lowest, "cosine: lowest", least=0.0)

    def schedule(step: int) -> float:
        passed = min(step, steps) / steps
        return lowest + (lr - lowest) * (1 + math.cos(math.pi * passed)) / 2

    return schedule


def warm_up(steps: int, then: float | Schedule) -> Schedule:
    """A straight rise over `steps` steps, from 1/steps of the full rate, times what `then` gives.

    `then` is a learning rate or another schedule, which counts the same steps from 0. Source: Goyal
    et al. 2017, "Accurate, Large Minibatch SGD", arXiv:1706.02677.
    """
    steps = door.whole(steps, "warm_up: steps")
    after = then if callable(then) else constant(door.real(then, "warm_up: then", least=0.0))
    return lambda step: after(step) * min(1.0, (step + 1) / steps)
