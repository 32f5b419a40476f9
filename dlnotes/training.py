"""Learning, as a loop that the reader holds: each turn of `for progress in train(…)` is one step.

There are no callbacks. Whoever shows training, stops it or records it does so in the loop's body:
`break` stops, `optimizer.lr = …` changes the learning rate, `checkpoint.save` keeps what is there.
"""

import math
import time
from collections.abc import Generator
from contextlib import nullcontext
from typing import Any

import numpy as np

from dlnotes import door
from dlnotes.evaluation import (
    check_examples,
    check_net,
    evaluate,
    every_layer,
    in_mode,
    quietly,
    share_right,
)
from dlnotes.kernels.optimizer import is_finite
from dlnotes.layers import Layer, Sequential
from dlnotes.optim import Optimizer
from dlnotes.records import Progress
from dlnotes.words import _


class Diverged(ArithmeticError):
    """The loss or the weights stopped being finite numbers. The net holds its last finite weights.

    `epoch`, `step` and `lr` say where; the message says what to try.
    """

    def __init__(self, message: str, *, epoch: int, step: int, lr: float) -> None:
        super().__init__(message)
        self.epoch, self.step, self.lr = epoch, step, lr


def train(
    net: Layer,
    x: Any,
    y: Any,
    *,
    loss: Any,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    validation: tuple[Any, Any] | None = None,
    resume: Progress | None = None,
) -> Generator[Progress, None, None]:
    """Train `net` on x (n, …) and y (n, …), and hand out a `Progress` after every step.

    Each epoch goes once through all examples, in an order drawn from `rng`, in batches of
    `batch_size` (the last one takes what is left). `loss` is one of `dlnotes.losses`, or anything
    alike; `validation=(x, y)` is measured at the end of each epoch. With `resume`, the last
    `Progress` of a run that stopped, and net, optimizer and rng as they were then, the weights go
    on bit by bit as if it had not stopped.

    Errors, before the first step: TypeError and ValueError for arguments that do not fit. While
    running: `Diverged` when the loss or the weights are no longer finite.
    """
    check_net(net, "train")
    if isinstance(loss, type) or not (callable(loss) and hasattr(loss, "backward")):
        raise TypeError(f"train: loss is {loss!r}, wanted a loss, such as MeanSquaredError()")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"train: optimizer is {optimizer!r}, wanted one, such as optim.SGD(…)")
    of_net = {id(parameter) for parameter in net.parameters()}
    if not all(id(parameter) in of_net for parameter in optimizer.parameters):
        raise ValueError("train: optimizer holds parameters of another net, wanted those of net")
    labels = getattr(loss, "classifies", False)
    examples = check_examples(x, y, "train: ", labels)
    epochs = door.whole(epochs, "train: epochs")
    batch_size = door.whole(batch_size, "train: batch_size")
    door.generator(rng, "train: rng")
    held_out = None
    if validation is not None:
        if not isinstance(validation, list | tuple) or len(validation) != 2:
            raise TypeError(
                f"train: validation is of type {type(validation).__name__}, wanted (x, y)"
            )
        held_out = check_examples(*validation, "train: validation ", labels)
    check_resume(resume, math.ceil(len(examples[0]) / batch_size), epochs)
    run = Run(net, loss, optimizer, examples, held_out)
    return run.steps(epochs, batch_size, rng, resume)


def check_resume(resume: Any, per_epoch: int, epochs: int) -> None:
    if resume is None:
        return
    if not isinstance(resume, Progress):
        raise TypeError(f"train: resume is {resume!r}, wanted the Progress of a run that stopped")
    if resume.steps != per_epoch * resume.epochs:
        raise ValueError(
            f"train: resume has {resume.steps} steps in {resume.epochs} epochs, wanted {per_epoch} "
            "steps an epoch; train on as many examples, in batches of the same size"
        )
    if resume.epoch > epochs:
        raise ValueError(f"train: epochs is {epochs}, wanted at least {resume.epoch} as in resume")


class Run:
    """One training: what is trained, on what, and the weights to fall back on."""

    def __init__(
        self,
        net: Layer,
        loss: Any,
        optimizer: Optimizer,
        examples: tuple[np.ndarray, np.ndarray],
        held_out: tuple[np.ndarray, np.ndarray] | None,
    ) -> None:
        self.net, self.loss, self.optimizer = net, loss, optimizer
        self.x, self.y = examples
        self.held_out = held_out
        self.parameters = net.parameters()
        self.kept = [np.empty_like(parameter.value) for parameter in self.parameters]
        self.buffered = [layer for layer in every_layer(net) if layer.buffers]
        self.kept_buffers: list[tuple[Layer, str, np.ndarray]] = []

    def steps(
        self, epochs: int, batch_size: int, rng: np.random.Generator, resume: Progress | None
    ) -> Generator[Progress, None, None]:
        n = len(self.x)
        per_epoch = math.ceil(n / batch_size)
        done, order, before = (resume.step, resume.order, resume.seconds) if resume else (0, 0, 0.0)
        steps, order_of_examples = per_epoch * epochs, None
        started = time.perf_counter()
        for step in range(done, steps):
            epoch, batch = divmod(step, per_epoch)
            if batch == 0:
                order = int(rng.integers(2**63))
            if batch == 0 or order_of_examples is None:
                order_of_examples = np.random.default_rng(order).permutation(n)
            where = {"epoch": epoch + 1, "step": step + 1}
            rows = order_of_examples[batch * batch_size : (batch + 1) * batch_size]
            loss, accuracy = self.step(rows, where)
            validation_loss = validation_accuracy = None
            if self.held_out and batch == per_epoch - 1:
                validation_loss, validation_accuracy = evaluate(self.net, self.loss, *self.held_out)
                if not math.isfinite(validation_loss):
                    raise self.diverged(
                        where, _("the validation loss became {value}"), validation_loss
                    )
            seconds = time.perf_counter() - started
            yield Progress(
                **where,
                epochs=epochs,
                steps=steps,
                loss=loss,
                accuracy=accuracy,
                validation_loss=validation_loss,
                validation_accuracy=validation_accuracy,
                seconds=before + seconds,
                seconds_left=seconds / (step + 1 - done) * (steps - step - 1),
                order=order,
            )

    @quietly
    def step(self, rows: np.ndarray, where: dict[str, int]) -> tuple[float, float | None]:
        """Forward, backward, update; loss and accuracy of the batch, before the update."""
        self.keep()
        target = self.y[rows]
        # A part that was set to its other mode alone, as a frozen BatchNorm, stays in it.
        with in_mode(self.net, True) if not self.net.training else nullcontext():
            prediction = self.net(self.x[rows])
            loss = self.loss(prediction, target)
            if not math.isfinite(loss):
                self.put_back()
                raise self.diverged(where, _("the loss became {value}"), loss)
            accuracy = share_right(prediction, target) if self.classifies else None
            dy = self.loss.backward()
            if type(self.net) is Sequential:
                self.net.learn(dy)
            else:
                self.net.backward(dy)
        self.optimizer.step()
        if not all(is_finite(p.value.reshape(-1)) for p in self.optimizer.parameters):
            self.put_back()
            raise self.diverged(where, _("the weights grew beyond all bounds"))
        return loss, accuracy

    @property
    def classifies(self) -> bool:
        return getattr(self.loss, "classifies", False)

    def keep(self) -> None:
        """Remember the present weights, and the running means and the like."""
        for kept, parameter in zip(self.kept, self.parameters, strict=True):
            np.copyto(kept, parameter.value)
        self.kept_buffers = [
            (layer, name, getattr(layer, name).copy())
            for layer in self.buffered
            for name in layer.buffers
        ]

    def put_back(self) -> None:
        for kept, parameter in zip(self.kept, self.parameters, strict=True):
            np.copyto(parameter.value, kept)
        for layer, name, kept in self.kept_buffers:
            setattr(layer, name, kept)

    def diverged(self, where: dict[str, int], what: str, value: float = math.nan) -> Diverged:
        lr = self.optimizer.lr
        if not np.isfinite(self.x).all():
            advice = _("x holds NaN or infinity: clean it first")
        elif not np.isfinite(self.y).all():
            advice = _("y holds NaN or infinity: clean it first")
        else:
            advice = _(
                "try a smaller one, such as {smaller:g}, with a new network and a new optimizer; "
                "if that does not help, bring x and y to a range of about -1 to 1"
            ).format(smaller=lr / 10)
        message = _(
            "training diverged in epoch {epoch}, step {step}: {what}. "
            "The learning rate was {lr:g}; {advice}. The network holds its last finite weights."
        ).format(**where, what=what.format(value=value), lr=lr, advice=advice)
        return Diverged(message, **where, lr=lr)
