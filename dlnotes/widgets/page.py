"""What an explorer and its page tell one another: numbered messages one way, *frames* the other.

A frame is the picture with everything that belongs to it, sent as one update: what is said, the
values, which message it answers, and whether the picture still waits for what the values need.
`compute` and `draw` are pure, so the page may keep frames and show them again for the same values,
and may ask ahead for those that a slider's neighbouring values would give, with what follows from
such a move.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any

from dlnotes.widgets.controls import LOCK, Button, Control, Picks, Upload
from dlnotes.widgets.garbage import settle
from dlnotes.widgets.sentences import explained
from dlnotes.widgets.touch import touched

if TYPE_CHECKING:
    from dlnotes.widgets.explorer import Explorer

MOST_PEEKS = 2  # frames that a page may ask for ahead at once


def publish(explorer: "Explorer", **parts: Any) -> None:
    """Send a frame: what stood in the last one, the present values, and these parts anew."""
    settle()
    explorer._version += 1
    explorer._controls = on_page(explorer.controls)
    now = {"version": explorer._version, "running": explorer.running, "alone": "", "waits": False}
    explorer._frame = {**explorer._frame, **now, **known(explorer, explorer.values), **parts}


def known(explorer: "Explorer", values: Mapping[str, Any]) -> dict[str, Any]:
    """What the page knows of the values: all but picks and files, of which a digest."""
    # A file is long; its hash is made once.
    kept = {
        name: hash(value) if isinstance(explorer.declared[name], Upload) else value
        for name, value in values.items()
        if isinstance(explorer.declared[name], (Picks, Upload))
    }
    digest = zlib.crc32(json.dumps(kept).encode()) if kept else 0
    shown = {name: value for name, value in values.items() if name not in kept}
    return {"values": shown, "unseen": digest}


def on_page(controls: Mapping[str, Control]) -> dict[str, dict[str, Any]]:
    """The descriptions of the controls that the page shows."""
    return {name: control.describe() for name, control in controls.items() if not control.hidden}


def receive(explorer: "Explorer", message: Any) -> None:
    """Take one message of the page: what the reader did. Each is answered by one frame."""
    if not isinstance(message, Mapping):
        message = {}
    if message.get("do") == "peek":
        look_ahead(explorer, message)
        return
    with explorer._turns.turn(message) as counts, LOCK, explorer.hold_sync():
        before = explorer.values
        try:
            explorer._answer(*(act(explorer, message) if counts else []))
        except Exception as error:
            publish(explorer, error=explained(error))
        answers = [message.get("view"), message.get("number")]
        moved = alone(explorer, message, before)
        explorer._frame = {**explorer._frame, "answers": answers, "alone": moved}


def act(explorer: "Explorer", message: Mapping[str, Any]) -> Iterable[str]:
    """Do what the message says; which control was moved by it."""
    name = str(message.get("name"))
    control = explorer.controls.get(name)
    settable = "value" in message and not isinstance(control, (Button, Picks, NoneType))
    if message.get("do") == "set" and settable:
        explorer._assign({name: message["value"]})
        return [name]
    if message.get("do") == "press" and isinstance(control, Button):
        explorer._press_in_page(name)
    elif message.get("do") == "tick":
        explorer._tick()
    elif message.get("do") == "pick":
        pick = touched(message.get("pick"))
        explorer._assign(explorer.picked(pick, **explorer.values) if pick else {})
    return []


def alone(explorer: "Explorer", message: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """The control that the message moved, if nothing else has changed with it; else ""."""
    name, now = message.get("name"), explorer.values
    moved = message.get("do") == "set" and isinstance(name, str) and name in now
    frame = explorer._frame
    if not explorer.pure or not moved or frame["error"] or frame["waits"]:
        return ""
    return "" if any(now[key] != before[key] for key in now if key != name) else str(name)


def look_ahead(explorer: "Explorer", message: Mapping[str, Any]) -> None:
    """Send the frames of a few values that the reader may choose next, each if it is sure."""
    values = message.get("values")
    for value in values[:MOST_PEEKS] if isinstance(values, list) else []:
        frame = peeked(explorer, str(message.get("name")), value)
        if frame:
            explorer.send({"ahead": frame})


def peeked(explorer: "Explorer", name: str, value: Any) -> dict[str, Any] | None:
    """The frame that the page would get if the slider `name` were moved there; None if unsure.

    Nothing changes. Other values may follow: `asked` says from which, with that one changed, the
    frame comes.
    """
    if not explorer.pure:
        return None
    with LOCK:
        try:
            asked = explorer.values | {name: explorer.controls[name].check(value)}
            values = explorer._assigned(explorer.values, {name: asked[name]})
            values = explorer._assigned(values, explorer.moved(name, **values))
            if not explorer._is_ready(values):
                return None
            result = explorer.compute(**values)
            frame = {"picture": explorer.draw(result), "says": explorer.say(result), "alone": name}
            controls = on_page(explorer._controls_at(values))
            more = {"asked": known(explorer, asked), "controls": controls}
            return {**frame, **known(explorer, values), **more}
        except Exception:  # the move itself will say it
            return None
