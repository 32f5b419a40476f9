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
from dlnotes.widgets.live import SLICE, beside, every_live, watch_interrupts
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
        return iter(())

    def before_press(self, name: str, /, **values: Any) -> Iterator[float]:
        """Make what `pressed` needs, in slices in the same way."""
        return iter(())

    def __init__(self, **options: Any) -> None:
        self._work: Work | None = None
        self._made_for: Any = None  # the values and the button for which it is made
        self._pressed: str | None = None  # the button that waits for it
        self._awake = False
        every_live.add(self)
        super().__init__(**options)
        watch_interrupts()

    def _is_ready(self, values: Mapping[str, Any]) -> bool:
        return next(iter(self.preparing(**values)), None) is None

    def _refresh(self, *moved: str) -> None:
        self._stop()
        super()._refresh(*moved)

    def _stop(self) -> None:
        self._work, self._pressed, self.running = None, None, False
        self._adapt()

    def _press_in_page(self, name: str) -> None:
        self._pressed = name

    def _answer(self, *moved: str) -> None:
        try:
            for name in moved:
                self._assign(self._follow(name))
            ready = self._go_on()
        except Exception as error:
            self._stop()
            page.publish(self, error=explained(error))
            return
        if ready:
            self._refresh()
        else:
            self._adapt()
            page.publish(self, says=self._progress(), error=None, waits=True)

    def _go_on(self) -> bool:
        """A short slice of what is to be made; whether all is there for the present values."""
        while True:
            wanted = self.values, self._pressed
            if self._work is None or self._made_for != wanted:
                self._work, self._made_for = Work(self._slices(*wanted)), wanted
                self.running = True
            try:
                if not self.running or not self._work.go_on(SLICE):
                    return False
            except KeyboardInterrupt:  # what was begun is lost
                self._work, self.running = Work(self._slices(*wanted)), False
                return False
            if self._pressed is None:
                return True
            self._press(self._pressed)
            self._pressed = None

    def _slices(self, values: dict[str, Any], pressed: str | None) -> Iterator[float]:
        """What is to be made; the first slice of all on another thread.

        There all is loaded that the others only use: compiled functions, libraries, data.
        """
        if pressed is None:
            slices = self.preparing(**values)
        else:
            slices = self.before_press(pressed, **values)
        first: list[float | None] = []
        if not self._awake:
            for _seconds in beside(lambda: first.append(next(slices, None))):
                yield 0.0
            if first[0] is None:
                return
            self._awake = True
            yield first[0]
        yield from slices

    def _progress(self) -> str:
        assert self._work is not None
        share, left = self._work.share, self._work.left
        if not self.running:
            return _("Stopped at {share:.0%}. {how}").format(share=share, how=self.resuming)
        if left is None:
            return _("{making} … {share:.0%}").format(making=self.making, share=share)
        seconds = max(1, round(left))
        time = _("1 second") if seconds == 1 else _("{n} seconds").format(n=seconds)
        sentence = _("{making} … {share:.0%}, about {time} left.")
        return sentence.format(making=self.making, share=share, time=time)
