"""An explorer for which something must be made first that takes seconds: trained, measured, timed.

A cell makes it at once, like everything that a cell runs. What the reader asks for in the page is
made in slices that the page drives, as it drives what is `Live`: how far it is stands under the
picture, buttons and other explorers are answered between two slices, and nothing runs on when the
cell is run again, the page is closed or the kernel is interrupted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dlnotes.widgets import page
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import SLICE, every_live, watch_interrupts
from dlnotes.widgets.sentences import explained
from dlnotes.widgets.sliced import Work
from dlnotes.words import _


class Prepared(Explorer):
    """Base of the explorers whose `compute` is quick only once something has been made."""

    making = _("Computing")  # what is said while it is made
    resuming = _("Move something to go on.")  # what is said when it was stopped

    def preparing(self, **values: Any) -> Iterator[float]:
        """Make what `compute` needs for these values, in slices: the shares that are done, 0 to 1.

        Nothing where all is there. What has been made must be found again by `compute` and by the
        next `preparing` (see `sliced.py`): moving another control begins anew.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what it prepares.")

    def __init__(self, **options: Any) -> None:
        self._work: Work | None = None
        self._made_for: dict[str, Any] = {}  # the values for which it is made
        every_live.add(self)
        super().__init__(**options)
        watch_interrupts()

    def _is_ready(self, values: Mapping[str, Any]) -> bool:
        return next(iter(self.preparing(**values)), None) is None

    def _refresh(self, *moved: str) -> None:
        self._work, self.running = None, False
        self._adapt()
        super()._refresh(*moved)

    def _answer(self, *moved: str) -> None:
        try:
            for name in moved:
                self._assign(self._follow(name))
            ready = self._go_on()
        except Exception as error:
            self._work, self.running = None, False
            self._adapt()
            page.publish(self, error=explained(error))
            return
        if ready:
            self._refresh()
        else:
            self._adapt()
            page.publish(self, says=self._progress(), error=None, waits=True)

    def _go_on(self) -> bool:
        """A short slice of what is to be made for the present values; whether all is there."""
        values = self.values
        if self._work is None or self._made_for != values:
            self._work, self._made_for = Work(self.preparing(**values)), values
            self.running = True
        try:
            return self.running and self._work.go_on(SLICE)
        except KeyboardInterrupt:  # what was begun is lost
            self._work = Work(self.preparing(**values))
            self.running = False
            return False

    def _progress(self) -> str:
        assert self._work is not None
        share, left = self._work.share, self._work.left
        if not self.running:
            return _("Stopped at {share:.0%}. {how}").format(share=share, how=self.resuming)
        if left is None:
            return _("{making} …").format(making=self.making)
        seconds = max(1, round(left))
        time = _("1 second") if seconds == 1 else _("{n} seconds").format(n=seconds)
        sentence = _("{making} … {share:.0%}, about {time} left.")
        return sentence.format(making=self.making, share=share, time=time)
