"""Runs a notebook in this process and moves everything in it, as a curious reader would."""

import ast
import itertools
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from dlnotes.widgets.controls import Button
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.page import peeked

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
TICKS = 4
VIEWS = itertools.count(1)


def run(path: Path) -> list[Explorer]:
    """Run the code cells from top to bottom; the explorers that their last lines show."""
    cells = run_cells(nbformat.read(path, as_version=4), path.name)
    return [shown for _cell, shown in cells if shown is not None]


def run_cells(notebook: Any, name: str) -> Iterator[tuple[Any, Explorer | None]]:
    """Run the code cells from top to bottom: each with the explorer that its last line shows."""
    space: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), space)
        thing = last and eval(compile(ast.Expression(last.value), name, "eval"), space)
        yield cell, thing if isinstance(thing, Explorer) else None


class Page:
    """Stands in for the page: sends what explorer.js sends, and reads the frame that answers."""

    def __init__(self, explorer: Explorer):
        self.explorer, self.number, self.view = explorer, 0, f"page {next(VIEWS)}"

    def send(self, **message: Any) -> dict[str, Any]:
        """Send one message; what it waits for is asked on until it is there."""
        frame = self.once(**message)
        while frame["waits"] and frame["running"]:
            frame = self.once(do="tick")
        return frame

    def once(self, **message: Any) -> dict[str, Any]:
        self.number += 1
        message |= {"view": self.view, "number": self.number}
        self.explorer._receive(self.explorer, message, [])
        frame = self.explorer._frame
        assert frame["answers"] == [self.view, self.number]
        return frame

    def set(self, name: str, value: Any) -> dict[str, Any]:
        return self.send(do="set", name=name, value=value)

    def press(self, name: str) -> dict[str, Any]:
        return self.send(do="press", name=name)

    def pick(self, pick: str, how: str, **details: Any) -> dict[str, Any]:
        return self.send(do="pick", pick={"pick": pick, "how": how, **details})


def check_frame(explorer: Explorer, frame: dict[str, Any]) -> None:
    """No traceback; the picture is XML without a stray nan, and is that of the present values."""
    error = frame["error"]
    assert not (error and error["details"]), error
    if frame["picture"]:
        ElementTree.fromstring(frame["picture"])
        assert "nan" not in re.sub(r"base64,[^\"']*", "", frame["picture"])
    if not error:
        assert frame["picture"] == explorer.svg()
        again = type(explorer).compute(explorer, **explorer.values)
        assert explorer.say(again) == frame["says"]


def check_ahead(explorer: Explorer, ahead: dict[str, Any], frame: dict[str, Any]) -> None:
    """A frame that was sent ahead is the one that came."""
    parts = ("picture", "says", "values", "unseen")
    assert {key: frame[key] for key in parts} == {key: ahead[key] for key in parts}
    assert ahead["controls"] == explorer._controls
    asked = {key: ahead["asked"][key] for key in ("values", "unseen")}
    here = {key: frame[key] for key in ("values", "unseen")}
    assert frame["alone"] in ("", ahead["alone"])
    if frame["alone"] and explorer.pure:
        assert asked == here


def move_everything(explorer: Explorer, rng: np.random.Generator) -> int:
    """Every control to its ends, middle and random values, every button, every pick: the moves."""
    page, moves = Page(explorer), 0
    for name in list(explorer.controls):
        control = explorer.controls[name]
        if control.hidden or control.disabled:
            continue
        if isinstance(control, Button):
            check_frame(explorer, page.press(name))
            moves += 1
            continue
        before = getattr(explorer, name)
        for value in [*control.samples(rng), before]:
            if not explorer.controls[name].disabled:
                ahead = peeked(explorer, name, value)
                frame = page.set(name, value)
                check_frame(explorer, frame)
                if ahead:
                    check_ahead(explorer, ahead, frame)
                moves += 1
    for element in picks(explorer):
        for how in ("click", "hover", "drag", "drop"):
            place = {"x": float(rng.normal(0, 50)), "y": float(rng.normal(0, 50))}
            check_frame(explorer, page.pick(element, how, **place))
        for key in ("ArrowUp", "ArrowLeft", "Delete"):
            check_frame(explorer, page.pick(element, "key", key=key, big=key == "ArrowUp"))
        check_frame(explorer, page.pick(element, "draw", points=[[0.2, 0.3], [2, "x"]], begin=True))
        moves += 8
    check_frame(explorer, page.pick("", "leave"))
    return moves + run_on(explorer, page)


def run_on(explorer: Explorer, page: Page) -> int:
    """What goes on by itself goes on for a few pictures."""
    if "play" not in explorer.controls:
        return 0
    page.press("again")
    page.press("play")
    for _tick in range(TICKS):
        check_frame(explorer, page.send(do="tick"))
    page.press("again")
    return TICKS


def picks(explorer: Explorer) -> list[str]:
    """The picture's pickable elements: all of a few, else the first, the last and one between."""
    if not explorer.svg():
        return []
    root = ElementTree.fromstring(explorer.svg())
    names = [element.get("data-pick") for element in root.iter() if element.get("data-pick")]
    return names if len(names) < 5 else [names[0], names[len(names) // 2], *names[-2:]]
