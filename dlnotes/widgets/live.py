"""An explorer that goes on by itself, a slice at a time, and keeps a record that can be replayed.

The page drives it: while it runs, each picture that arrives makes the page ask for the next. So a
run never gets ahead of what the reader sees, buttons and sliders are answered between two slices,
and nothing runs on when its cell is run again or its page is closed.
"""

import asyncio
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, ClassVar

from dlnotes.training import Diverged
from dlnotes.widgets.controls import LOCK, button, slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.words import _

SLICE = 0.016  # seconds of work for one picture, unless a single slice takes longer
GLANCE = SLICE  # seconds between two looks at what is done on another thread: one a picture
LONGEST = 1_000_000  # slices that a record can number

RUN = _("Run")
every_live: "weakref.WeakSet[Explorer]" = weakref.WeakSet()  # all that may go on by itself


@dataclass(frozen=True)
class Underway:
    """The snapshot of a step that is not done yet: the next snapshot takes its place."""

    snapshot: Any


def beside(work: Callable[[], Any]) -> Iterator[float]:
    """Have `work` done on another thread: the seconds so far, every few milliseconds.

    For what cannot be cut into slices, as compiling. Its error, if any, is raised at the end.
    """
    began = time.perf_counter()
    pool = ThreadPoolExecutor(1)
    task = pool.submit(work)
    pool.shutdown(wait=False)
    while wait([task], GLANCE).not_done:
        yield time.perf_counter() - began
    task.result()


class Live(Explorer):
    """Base of the explorers that run: training, racing, measuring.

    A subclass says in `going` how it goes on. It reads the controls' present values as it goes
    (`self.rate`), and yields *snapshots*, plain arrays and numbers; between two of them it works
    for a few milliseconds. The first snapshot is the state before any work. Where a step takes
    longer, it yields `Underway(snapshot)` in between, which is shown meanwhile, or None. `compute`
    is a pure function of the values and of `self.record`, the snapshots so far; `values["shown"]`
    is the number of the one to show.

    `restarts` names the controls that start the run anew when they are moved; all others act on
    the run as it goes.
    """

    restarts: ClassVar[tuple[str, ...]] = ()
    pure = False  # what is shown depends on the run

    play = button(_("Play"), group=RUN)
    one = button(_("One step"), group=RUN)
    again = button(_("Start again"), group=RUN)
    speed = slider(_("Steps a picture"), 1, 100, step=1.25, value=1, log=True, group=RUN)
    shown = slider(_("Step shown"), 0, LONGEST, value=0, group=RUN, play=True)

    def going(self) -> Iterator[Any]:
        """Snapshots, one a slice of work, the first before any."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it goes on.")

    def __init__(self, **options: Any) -> None:
        self.record: list[Any] = []
        self.ended = False
        self._going: Iterator[Any] | None = None
        self._single = False  # whether it runs for one more snapshot only
        self._underway = False  # whether the last snapshot is that of a step that is not done
        every_live.add(self)
        super().__init__(**options)
        watch_interrupts()

    @property
    def state(self) -> dict[str, Any]:
        """The settings of the run as JSON; what it has done so far is in `record`."""
        return {name: value for name, value in super().state.items() if name != "shown"}

    def go(self, slices: int | None = None) -> None:
        """Do that many slices of work at once, all there are if None, and show the last."""
        with LOCK, self.hold_sync():
            self._ready()
            self._work(LONGEST if slices is None else slices, float("inf"))
            self._refresh()

    def slices(self, snapshots: int) -> Iterator[float]:
        """Go to the end, a slice at each `next`; the share that is done of so many snapshots."""
        self._ready()
        assert self._going is not None
        for found in self._going:
            self._put(found)
            yield min(1.0, (len(self.record) - 1 - self._underway) / snapshots)
        self._end()
        self._assign({"shown": len(self.record) - 1})

    def _start(self, values: Mapping[str, Any]) -> None:
        super()._start(values)
        self._going = None  # what has run so far ran with other values

    # The run ------------------------------------------------------------------------------------

    def _ready(self) -> None:
        if self._going is None:
            self._going = self.going()
            self.record, self.ended, self._underway = [], False, False
            try:
                self.record.append(next(self._going))
            except BaseException:
                self._going, self.running = None, False
                raise
            self._assign({"shown": 0})

    def _tick(self) -> None:
        if self.running:
            self._ready()
            self._work(1 if self._single else round(self.speed), SLICE)
        else:
            self._adapt()  # it was paused from outside: the button has to say so

    def _work(self, slices: int, seconds: float) -> None:
        """At most so many snapshots, and no slice begun after so many seconds."""
        assert self._going is not None
        until = time.perf_counter() + seconds
        try:
            while slices > 0 and not self.ended:
                if self._put(next(self._going)):
                    slices -= 1
                    self.running = self.running and not self._single
                if time.perf_counter() > until:
                    break
        except (StopIteration, KeyboardInterrupt):  # at its end, or interrupted: both are an end
            self._end()
        except Diverged as error:
            self._end()
            raise ValueError(str(error)) from None
        except Exception:
            self._end()
            raise
        finally:
            self._assign({"shown": len(self.record) - 1})

    def _put(self, found: Any) -> bool:
        """Put what the run yielded on the record; whether a step is done with it."""
        if found is None:
            return False
        if self._underway:
            self.record.pop()
        self._underway = isinstance(found, Underway)
        self.record.append(found.snapshot if self._underway else found)
        return not self._underway

    def _end(self) -> None:
        self.ended, self.running = True, False

    # What the reader does -----------------------------------------------------------------------

    def _described(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        play = _("Pause") if self.running else _("Play again") if self.ended else _("Play")
        over = _("The run has come to its end. Start again to go on.") if self.ended else ""
        own: dict[str, dict[str, Any]] = {
            "play": {"label": play},
            "one": {"disabled": over},
            "shown": {"maximum": max(0, len(self.record) - 1)},
        }
        for name, changes in super()._described(values).items():
            own[name] = own.get(name, {}) | changes
        return own

    def _follow(self, name: str) -> dict[str, Any]:
        follows = super()._follow(name)
        if name in self.restarts:
            self._going = None
        elif name == "shown":  # to look back is to stop
            self.running = False
        return follows

    def _press(self, name: str) -> None:
        if name != "one":
            self._single = False
        if name == "play":
            self.running = not self.running
            if self.ended:
                self._going = None
        elif name == "again":
            self._going, self.running = None, False
        elif name == "one":
            self._ready()
            self._single = self.running = not self.ended
            self._work(1, SLICE)
        super()._press(name)
        self._adapt()


# An interrupted kernel ------------------------------------------------------------------------


def pause_all(*_signal: Any) -> None:
    """Pause everything that runs by itself: what an interrupt of an idle kernel means."""
    for live in list(every_live):
        live.pause()


def watch_interrupts(wait: float = 0.5) -> None:
    """Have an idle kernel pause what runs, where it would otherwise ignore the interrupt.

    While a cell runs, the kernel has a handler of its own; this waits until it is idle again.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no kernel
        return
    loop.call_later(wait, listen, wait)


def listen(wait: float) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.SIG_IGN:
        signal.signal(signal.SIGINT, pause_all)
    elif handler is not pause_all:
        watch_interrupts(wait)
