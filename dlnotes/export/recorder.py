"""Runs in the notebook's own kernel, after its last cell: records every explorer that was shown."""

import html
import json
import re
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ipywidgets
from ipywidgets.widgets import widget as registry

from dlnotes.export.recording import Recording, record
from dlnotes.export.walk import Budget
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import Live

MOST_BYTES = 1_800_000  # for one explorer
MOST_FRAMES = 3000
TAG = re.compile("<[^>]*>")
LEAST_SECONDS, MOST_SECONDS = 1.0, 12.0


def record_shown(target: str, models: list[str], *, size: int, seconds: float) -> None:
    """Write what the widgets of these models are to the file `target`, as JSON.

    `size` bytes and `seconds` are shared out: what one explorer leaves is the others'.
    """
    explorers: dict[str, Explorer] = {}
    views = {model: view_of(registry._instances.get(model), explorers) for model in models}
    recordings = record_all(explorers, size=size, seconds=seconds)
    found = {"views": views, "recordings": {key: asdict(recordings[key]) for key in recordings}}
    Path(target).write_text(json.dumps(found), encoding="utf-8")


def record_all(
    explorers: dict[str, Explorer], *, size: int, seconds: float
) -> dict[str, Recording]:
    """Record each of the explorers, in their order, within so many bytes and seconds in all."""
    recordings: dict[str, Recording] = {}
    # The small ones go first, so that the rest know what is left for them; runs last, because
    # others may show what they change, such as a network.
    waiting = sorted(
        explorers, key=lambda key: (isinstance(explorers[key], Live), len(explorers[key]._controls))
    )
    for i, key in enumerate(waiting):
        left = len(waiting) - i
        span = min(MOST_SECONDS, max(LEAST_SECONDS, seconds / left))
        budget = Budget(MOST_FRAMES, span, min(MOST_BYTES, max(0, size) // left))
        start = time.process_time()
        recordings[key] = record(explorers[key], budget)
        seconds -= time.process_time() - start
        size -= recordings[key].size
    return {key: recordings[key] for key in explorers}


def view_of(widget: Any, explorers: dict[str, Explorer]) -> dict[str, Any]:
    """What stands in the place of a widget; explorers are collected by their model."""
    if isinstance(widget, Explorer):
        explorers[widget.model_id] = widget
        return {"recording": widget.model_id}
    if isinstance(widget, ipywidgets.Box):
        return {"box": [view_of(child, explorers) for child in widget.children]}
    if isinstance(widget, ipywidgets.HTML | ipywidgets.Label):
        return {"words": html.unescape(TAG.sub("", widget.value)).strip()}
    if isinstance(widget, ipywidgets.FloatProgress | ipywidgets.IntProgress):
        return {"bar": (widget.value - widget.min) / ((widget.max - widget.min) or 1)}
    return {"other": type(widget).__name__}
