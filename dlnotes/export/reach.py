"""What a reader can do in a state: for each control and each touchable element, its messages.

A *group* is what one hand does without letting go: every place of one slider, every option of one
list, every cell of one image. A group is recorded as a whole, in few places where it has many.
"""

import json
import math
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dlnotes.export.moves import Message, Moves, State, movable
from dlnotes.widgets.controls import Button, Choice, Control, Slider, Switch

CELLS, PLACES = 60, 15  # along each side of what has cells, and of what is touched anywhere
FEWER_CELLS, FEWER_PLACES = 15, 6  # elsewhere than at the start
MOST_DRAGGED = 2  # of the elements that are dragged anywhere: more would have too many places
MOST_KEYED = 4  # elements whose keys are tried, where none is marked as current
TAG = re.compile(r'<[^>]*data-pick="[^>]*>')
PREFIX = re.compile(r'data-pick="([^":]*)')
ARROWS = ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight")


@dataclass
class Group:
    """The messages that belong together, under the name by which the page looks them up."""

    kind: str  # "set", "press" or "pick"
    name: str
    messages: list[Message] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"


def few(values: list[Any], most: int) -> list[Any]:
    """At most so many of the values, evenly spread, both ends among them."""
    if len(values) <= most:
        return values
    step = (len(values) - 1) / (most - 1)
    return [values[round(i * step)] for i in range(most)]


def digits_of(step: float) -> int:
    text = repr(float(step))
    if "e" in text:
        return max(0, -int(text.split("e")[1]))
    return len(text.split(".")[1].rstrip("0"))


@lru_cache(maxsize=1024)
def places(control: Slider) -> list[int | float]:
    """Every value that the slider has in the page."""
    low, high = float(control.minimum), float(control.maximum)
    if control.log:
        steps = max(1, round(math.log(high / low) / math.log(control.step)))
        found = [low * (high / low) ** (i / steps) for i in range(steps + 1)]
        if control.integer:
            return sorted({round(value) for value in found})
        return [control.check(value) for value in found]
    digits = max(digits_of(control.step), digits_of(low))
    steps = int((high - low) / control.step + 1e-9)
    return [control.check(round(low + i * control.step, digits)) for i in range(steps + 1)]


def stops(control: Control, value: Any, most: int) -> list[Any]:
    """The values of a control to record, its present one among them; none where it is typed in."""
    if isinstance(control, Slider):
        chosen = few(places(control), most)
        if value in chosen or len(chosen) < 3:
            return sorted({*chosen, value})
        inner = chosen[1:-1]
        inner[min(range(len(inner)), key=lambda i: abs(inner[i] - value))] = value
        return [chosen[0], *sorted(inner), chosen[-1]]
    if isinstance(control, Choice):
        return list(control.options)
    return [False, True] if isinstance(control, Switch) else []


def control_groups(
    moves: Moves, state: State, most: int, explicit: dict[str, list[Any]] | None
) -> Iterator[Group]:
    for name, control in moves.shown(state).items():
        if not movable(control) or name in moves.still:
            continue
        if isinstance(control, Button):
            yield Group("press", name, [{"do": "press", "name": name}])
        elif explicit is None or name in explicit:
            found = stops(control, state.values[name], most) if explicit is None else explicit[name]
            if len(found) > 1:
                yield Group("set", name, [{"do": "set", "name": name, "value": v} for v in found])


# ---- what can be touched on the picture ----------------------------------------------------------


@dataclass
class Spot:
    """An element of the picture that can be touched, and the axes that it lies in."""

    pick: str
    attributes: dict[str, str]
    axes: dict[str, Any] | None

    @property
    def prefix(self) -> str:
        return self.pick.partition(":")[0]

    def message(self, how: str, place: tuple[float, float] | None = None, **more: Any) -> Message:
        pick = {"pick": self.pick, "how": how} | more
        if place and self.axes:
            pick |= {"axes": self.axes["name"], "x": place[0], "y": place[1]}
        return {"do": "pick", "pick": pick}

    def along(self, axis: str, count: int) -> list[float]:
        """Places along one axis: cell by cell where the element is made of cells, else evenly."""
        assert self.axes
        (first, last), log = self.axes[axis], self.axes.get(f"{axis}_log")
        low, high = min(first, last), max(first, last)
        if self.attributes.get("data-hover") == "cells":
            return few([i + 0.5 for i in range(math.floor(low), math.ceil(high))], count)
        shares = [(i + 0.5) / count for i in range(count)]
        if log:
            return [low * (high / low) ** share for share in shares]
        return [low + share * (high - low) for share in shares]

    def all_over(self, cells: int, places: int) -> list[tuple[float, float]]:
        count = cells if self.attributes.get("data-hover") == "cells" else places
        return [(x, y) for y in self.along("y", count) for x in self.along("x", count)]


def spots(picture: str) -> list[Spot]:
    """What can be touched on a picture, in the order of its text."""
    found: list[Spot] = []

    def look(element: ElementTree.Element, axes: dict[str, Any] | None) -> None:
        if text := element.get("data-axes"):
            axes = json.loads(text)
        if pick := element.get("data-pick"):
            found.append(Spot(pick, dict(element.attrib), axes))
        for child in element:
            look(child, axes)

    look(ElementTree.fromstring(picture), None)
    return found


def by_prefix(picture: str | None) -> dict[str, list[Spot]]:
    """What can be touched, by kind ("point" of "point:3"), without what has too many places: what
    is drawn upon, and many elements that are each dragged anywhere."""
    picture = picture or ""
    tags = [tag for tag in TAG.findall(picture) if "data-draw" not in tag]
    dragged = Counter(PREFIX.findall(tag)[0] for tag in tags if "data-drag" in tag)
    wanted = {PREFIX.findall(tag)[0] for tag in tags}
    wanted -= {prefix for prefix, count in dragged.items() if count > MOST_DRAGGED}
    kinds: dict[str, list[Spot]] = {}
    for spot in spots(picture) if wanted else ():
        if spot.prefix in wanted:
            kinds.setdefault(spot.prefix, []).append(spot)
    return kinds


def pointer_groups(
    moves: Moves, state: State, picture: str | None, cells: int, places: int
) -> Iterator[Group]:
    """Clicks and hovers, or drags, on each kind of element."""
    for prefix, members in by_prefix(picture).items():
        first = members[0].attributes
        hows = ["drag"] if "data-drag" in first else ["click"]
        if "data-hover" in first and "data-drag" not in first:
            hows.append("hover")
        for how in hows:
            group = Group("pick", f"{how} {prefix}")
            anywhere = members[0].axes and depends_on_place(moves, state, members[0], how)
            for spot in members:
                for place in spot.all_over(cells, places) if anywhere else [None]:
                    group.messages.append(spot.message(how, place))
            yield group


def key_groups(picture: str | None) -> Iterator[Group]:
    """The arrow keys, Enter and the space bar, on the element that has the keyboard."""
    for prefix, members in by_prefix(picture).items():
        group = Group("pick", f"key {prefix}")
        current = [spot for spot in members if "data-current" in spot.attributes]
        for spot in current or members[:MOST_KEYED]:
            group.messages += [spot.message("key", key=key, big=False) for key in ARROWS]
            if "data-drag" not in spot.attributes:
                group.messages.append(spot.message("click"))  # Enter and the space bar
        yield group


def depends_on_place(moves: Moves, state: State, spot: Spot, how: str) -> bool:
    """Whether it matters where the element is touched."""
    found = set()
    for place in [(x, y) for x in spot.along("x", 5)[1::2] for y in spot.along("y", 5)[1::2]]:
        try:
            found.add(moves.after(state, spot.message(how, place)).key)
        except Exception:  # that place leads nowhere
            found.add(b"")
    return len(found) > 1
