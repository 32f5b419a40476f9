"""Which states of an explorer are recorded: all of them if they are few, else the likeliest.

The walk begins at the state that the notebook shows. Where every combination of the controls is
within the budget, all are visited. Else, if that leaves each slider enough places, every
combination of fewer places; else the lists, switches and buttons in turn (these are *hubs*), with
each slider moved alone around each of them, the nearest hubs first; then, as far as there is room,
what else can be done where a slider was moved, at a few of its places first.
"""

import heapq
import itertools
import math
import time
from dataclasses import dataclass, field
from typing import Any

from dlnotes.export.link import link
from dlnotes.export.moves import Message, Moves, State
from dlnotes.export.reach import (
    CELLS,
    FEWER_CELLS,
    FEWER_PLACES,
    PLACES,
    Group,
    control_groups,
    few,
    key_groups,
    places,
    pointer_groups,
    stops,
)
from dlnotes.export.store import Store
from dlnotes.widgets.controls import Button, Slider

ENOUGH = 8  # places that a slider must keep for combinations to be worth more than fine steps
FINE = 61  # places of a slider that is moved alone
COARSE = 7  # places of a slider that is moved where another was, and of that one at first
MOST_EXPLICIT = 20_000  # states, where the notebook says which values it wants
LOOKED_AT = 9  # states, up to which the first look tells better how large they are
SHARE = 0.6  # of the time goes into visiting, the rest into how the states hang together
NOWHERE = -1


@dataclass
class Budget:
    """What recording one explorer may cost: pictures, bytes in the page, and seconds of computing
    (not of waiting: a busy machine makes no poorer page)."""

    frames: int = 1500
    seconds: float = 10.0
    size: int = 1_000_000


@dataclass
class Node:
    """A visited state: the number of its frame, and whence and how it was first reached."""

    state: State
    frame: int
    origin: int
    by: str  # the key of the group
    via: str  # the message, as text
    hub: bool
    between: bool = False  # whether it is not one of the few places of a slider that go first
    targets: dict[str, list[tuple[Message, int]]] = field(default_factory=dict)


class Walk:
    """Visits the states of an explorer and keeps their frames in `store`."""

    def __init__(
        self, moves: Moves, budget: Budget, explicit: dict[str, list[Any]] | None = None
    ) -> None:
        self.moves, self.budget, self.explicit = moves, budget, explicit
        self.store = Store()
        self.nodes: list[Node] = []
        self.index: dict[bytes, int] = {}
        self.lines: dict[tuple[int, str], list[tuple[Message, int]]] = {}
        self.cut = False  # whether something was left out
        self.bytes_each = 1.0  # of a state, by a first look
        self.planned = budget.frames  # that there will be room and time for, by that look
        self.moves.frame(self.moves.first)  # what is loaded and compiled once is not counted
        start = time.process_time()
        self.until = start + SHARE * budget.seconds
        self.whole, self.most = self._plan()
        self._explore()
        link(self, start + budget.seconds)

    # What to visit --------------------------------------------------------------------------------

    def _plan(self) -> tuple[bool, int]:
        """Whether combinations are visited, and at how many places of a slider."""
        if self.explicit is not None:
            self.budget.frames = max(self.budget.frames, MOST_EXPLICIT)
            return True, FINE
        self._measure()
        counts, ways = [], 1
        for name, control in self.moves.shown(self.moves.first).items():
            if control.disabled or name in self.moves.still or isinstance(control, Button):
                continue
            if isinstance(control, Slider):
                counts.append(len(places(control)))
            else:
                ways *= max(1, len(stops(control, self.moves.first.values[name], FINE)))
        room = 0.7 * self.planned
        most = max(counts, default=1)
        if ways * math.prod(counts) <= room:
            return True, most
        while most > 1 and ways * math.prod(min(n, most) for n in counts) > room:
            most -= 1
        if most >= ENOUGH:
            return True, most
        return False, max(11, min(FINE, int(room / 4 / max(1, len(counts)))))

    def _measure(self) -> None:
        """Look at a few frames, to learn how many there is room and time for."""
        states = [self.moves.first]
        for group in control_groups(self.moves, self.moves.first, 5, None):
            states += filter(None, (self._try(self.moves.first, m) for m in group.messages))
        scratch, start = Store(), time.process_time()
        for state in states:
            scratch.add(self.moves.frame(state), 0 if scratch.frames else None)
        seconds = max(1e-6, time.process_time() - start) / len(states)
        own = scratch.finished() - len(scratch.picture_of(0)) // 4
        self.bytes_each = max(1, own) / len(states)
        room = min(self.budget.size / self.bytes_each, SHARE * self.budget.seconds / 2 / seconds)
        self.planned = max(20, min(self.budget.frames, int(room)))

    def _cost(self, node: Node, group: Group) -> float | None:
        """How far away what a group leads to counts as being; None for never."""
        if node.by == group.key and group.kind == "set":
            return None  # one control moved on: its origin leads to the same places
        if self.whole:
            return {"pick": 1.5, "set": 0.001, "press": 1.0}[group.kind]
        late = 2.0 if node.between else 0.0
        if group.kind == "pick":
            return 0.7 if node.hub else 3.0 + late
        if self._slides(group):
            return 0.5 if node.hub else 4.0 + late
        if node.origin < 0:
            return 0.4  # whatever the start itself has goes before what follows from it
        return 1.0 if node.hub else 2.5 + late

    def _slides(self, group: Group) -> bool:
        return group.kind == "set" and isinstance(self.moves.declared[group.name], Slider)

    def groups(self, i: int) -> list[Group]:
        """What can be done in a state. Elsewhere than in hubs, the picture is touched as there."""
        node = self.nodes[i]
        most = self.most if node.hub or self.whole else min(self.most, COARSE)
        groups = [*control_groups(self.moves, node.state, most, self.explicit)]
        picture = self.store.picture_of(node.frame)
        groups += key_groups(picture)
        if node.hub:
            room = (FEWER_CELLS, FEWER_PLACES) if i else (CELLS, PLACES)
            groups += pointer_groups(self.moves, node.state, picture, *room)
        else:
            for key, line in self.nodes[node.origin].targets.items():
                if key.startswith("pick") and not key.startswith("pick key"):
                    groups.append(Group("pick", key[5:], [message for message, _to in line]))
        return groups

    def _explore(self) -> None:
        first = self._visit(self.moves.first, NOWHERE, "", {}, hub=True)
        waiting: list[tuple[float, int, int, Group]] = []
        turn = itertools.count()

        def consider(i: int, cost: float) -> None:
            for group in self.groups(i):
                more = self._cost(self.nodes[i], group)
                if more is not None and (self.explicit is None or group.kind == "set"):
                    heapq.heappush(waiting, (cost + more, next(turn), i, group))

        consider(first, 0.0)
        while waiting:
            cost, _turn, i, group = heapq.heappop(waiting)
            if self._spent():
                self.cut = True
                return
            known = len(self.nodes)
            self._expand(i, group)
            for new in range(known, len(self.nodes)):
                consider(new, cost)

    def _spent(self) -> bool:
        return (
            len(self.nodes) >= self.budget.frames
            or time.process_time() > self.until
            or self.store.size > self.budget.size
        )

    def _room(self) -> int:
        """How many more states there is room for, by the bytes that the present ones take."""
        few_yet = len(self.nodes) <= LOOKED_AT
        each = self.bytes_each if few_yet else max(1.0, self.store.size / len(self.nodes))
        by_size = max(0, self.budget.size - self.store.size) / each
        return int(min(self.budget.frames - len(self.nodes), by_size))

    def _expand(self, i: int, group: Group) -> None:
        """Visit all that the group leads to, or as many, evenly spread, as there is room for."""
        node, room = self.nodes[i], self._room()
        if self.shares(i, group.key):
            return
        found = []
        for message in group.messages:
            state = self._try(node.state, message)
            if state is not None:
                found.append((message, state))
        new = len({state.key for _message, state in found} - set(self.index))
        if new > room and self.explicit is None:
            self.cut = True
            found = few(found, max(2, int(max(1, room) / 2 * len(found) / new)))
        known = len(self.nodes)
        hub = node.hub and group.kind != "pick" and (self.whole or not self._slides(group))
        line: list[tuple[Message, int]] = []
        for message, state in found:
            if state.key not in self.index and line and self._spent():
                self.cut = True
                continue
            line.append((message, self._visit(state, i, group.key, message, hub=hub)))
        node.targets[group.key] = line
        self._set_apart(line, known)
        if group.kind != "press":
            for _message, to in line:
                self.lines.setdefault((to, group.key), line)

    def _set_apart(self, line: list[tuple[Message, int]], known: int) -> None:
        """Mark the new states of a line that are not among its few first places."""
        first = {to for _message, to in few(line, COARSE)}
        for _message, to in line:
            if to >= known and to not in first:
                self.nodes[to].between = True

    def shares(self, i: int, key: str) -> bool:
        """Whether the group leads where it led from another place of the same line."""
        line = self.lines.get((i, key), [])
        node = self.nodes[i]
        if line and all(self.where(node, message) == to for message, to in (line[0], line[-1])):
            node.targets[key] = line
            return True
        return False

    def _try(self, state: State, message: Message) -> State | None:
        try:
            return self.moves.afresh(state, message)
        except Exception:  # live it would be said; a recording does without
            return None

    def _visit(self, state: State, origin: int, by: str, via: Message, *, hub: bool) -> int:
        key = state.key
        if key in self.index:
            return self.index[key]
        near = self.nodes[origin] if origin >= 0 else None
        frame = self.store.add(self.moves.frame(state), near.frame if near else None)
        if near and frame == near.frame and self.moves.looks_alike(state, near.state):
            self.index[key] = origin  # a touch that changes nothing that is seen
        else:
            self.index[key] = len(self.nodes)
            self.nodes.append(Node(state, frame, origin, by, repr(via), hub))
        return self.index[key]

    def where(self, node: Node, message: Message) -> int:
        """The recorded state that a message leads to, NOWHERE if that was not recorded."""
        try:
            for state in self.moves.ways(node.state, message):
                if state.key in self.index:
                    return self.index[state.key]
        except Exception:  # live it would be said; a recording does without
            pass
        return NOWHERE
