"""What training says of itself after every step, and a bar that shows it.

Loops, widgets and files share this one record.
"""

import warnings
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from dlnotes.words import _


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far training is, and how well it goes.

    `epoch` counts from 1 to `epochs`, `step` from 1 to `steps` over all epochs. `loss` and, for
    labels, `accuracy` (0 to 1) are those of the step's own batch, before its update.
    `validation_loss` and `validation_accuracy` stand on the last step of each epoch, where there is
    a validation set; elsewhere they are None. `seconds` have passed, and `seconds_left` remain at
    the present speed. `order` is the seed from which this epoch's order of examples is drawn: with
    it, training can go on in the middle of an epoch.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float = 0.0
    seconds_left: float = 0.0
    order: int = field(default=0, repr=False)

    def figures(self) -> str:
        """The figures of this step in a few words."""
        shown = [
            _("epoch {epoch}/{epochs}").format(epoch=self.epoch, epochs=self.epochs),
            _("loss {loss:.4g}").format(loss=self.loss),
        ]
        if self.accuracy is not None:
            shown.append(_("accuracy {accuracy:.1%}").format(accuracy=self.accuracy))
        if self.validation_loss is not None:
            shown.append(_("validation loss {loss:.4g}").format(loss=self.validation_loss))
        if self.validation_accuracy is not None:
            share = self.validation_accuracy
            shown.append(_("validation accuracy {accuracy:.1%}").format(accuracy=share))
        return ", ".join(shown)


class Step(Protocol):
    """What a bar can show: number `step` of `steps`, and some figures. Training and sweeps do."""

    @property
    def step(self) -> int: ...
    @property
    def steps(self) -> int: ...
    def figures(self) -> str: ...


Shown = TypeVar("Shown", bound=Step)


def progress(training: Iterable[Shown]) -> Generator[Shown, None, None]:
    """The same steps, with a bar that shows them: `for step in progress(train(…)):`, or a sweep's.

    The bar suits where it runs, a terminal or a notebook.
    """
    if not isinstance(training, Iterable):
        raise TypeError(f"progress: training is {training!r}, wanted what train(…) gives")
    return with_bar(training)


def with_bar(training: Iterable[Shown]) -> Generator[Shown, None, None]:
    with warnings.catch_warnings():
        # Without ipywidgets tqdm falls back to text, and need not say so in every lesson.
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    bar = None
    try:
        for step in training:
            if bar is None:
                bar = tqdm(total=step.steps, initial=step.step - 1)
            bar.set_postfix_str(step.figures(), refresh=False)
            bar.update(step.step - bar.n)
            yield step
    finally:
        if bar is not None:
            bar.close()
        if isinstance(training, Generator):
            training.close()
