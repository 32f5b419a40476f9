"""What follows when a reader moves something, as pure functions of the values: no page, no traits.

The same rules as in `dlnotes.widgets.explorer`, where they act on one living explorer; here they
are asked for thousands of states that nobody has been in yet.
"""

import marshal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlnotes.widgets.controls import Button, Choice, Control, Picks, Slider
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.live import Live
from dlnotes.widgets.sentences import explained

RUNNING = ("play", "one", "again", "speed")  # what drives a run; a recording has only its scrubber
Values = dict[str, Any]
Message = dict[str, Any]


@dataclass
class State:
    """Values that stand, each within the range that the others leave it, and the controls so."""

    values: Values
    controls: dict[str, Control]

    @property
    def key(self) -> bytes:
        return marshal.dumps(self.values, 2)  # by far the fastest


class Moves:
    """How `explorer` goes from state to state. `first` is the state that it shows now."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.declared = explorer.declared
        self.order = [name for name in self.declared if name in explorer.values]
        self.picks = frozenset(n for n in self.order if isinstance(self.declared[n], Picks))
        self.ranged = [n for n in self.order if isinstance(self.declared[n], Slider | Choice)]
        self.turn = {name: i for i, name in enumerate(self.declared)}
        self._sure: set[str] = set()  # buttons that were pressed twice
        self._once: dict[str, Values] = {}
        self._known: dict[tuple[str, str], Control] = {}  # thousands of states share their controls
        self.first = self.adapted(explorer.values)
        self.still = self._without_effect() if isinstance(explorer, Live) else frozenset()

    def _without_effect(self) -> frozenset[str]:
        """The controls of a run that is over which would start another, or change nothing now."""
        assert isinstance(self.explorer, Live)
        still = set(self.explorer.restarts)
        seen = self.frame(self.first)
        for name, control in self.shown(self.first).items():
            if name == "shown" or isinstance(control, Button):
                continue
            others = control.samples(np.random.default_rng(0))
            states = [self.assigned(self.first, {name: value}) for value in others]
            if all(self.frame(state) == seen for state in states):
                still.add(name)
        return frozenset(still)

    def adapted(self, values: Mapping[str, Any]) -> State:
        """The state nearest to `values`: what lies outside a range moves to its end."""
        controls, fitting = dict(self.declared), dict(values)
        for name, changes in self._described(values).items():
            control = self.declared[name]
            if changes:
                hidden = {"hidden": True} if control.hidden else {}
                controls[name] = self._changed(control, name, changes | hidden)
        for name in self.ranged:
            control, value = controls[name], values[name]
            if isinstance(control, Slider):
                if not control.minimum <= value <= control.maximum:
                    fitting[name] = control.check(control.clamp(value))
            elif isinstance(control, Choice) and value not in control.options:
                fitting[name] = control.value
        return State(fitting, controls)

    def _described(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        changed = self.explorer.describe(**values)
        if not isinstance(self.explorer, Live):
            return changed
        last = {"maximum": max(0, len(self.explorer.record) - 1)}
        hidden = {name: {"hidden": True} for name in RUNNING}
        return changed | {"shown": last | changed.get("shown", {})} | hidden

    def _changed(self, control: Control, name: str, changes: dict[str, Any]) -> Control:
        key = name, repr(changes)
        if key not in self._known:
            self._known[key] = replace(control, **changes)
        return self._known[key]

    def assigned(self, state: State, changes: Mapping[str, Any]) -> State:
        """The state with some values changed, picks first; ValueError where one does not fit."""
        picks = {
            name: state.controls[name].check(changes[name])
            for name in changes
            if name in self.picks
        }
        if any(state.values[name] != value for name, value in picks.items()):
            state = self.adapted(state.values | picks)
        for name in sorted(changes.keys() - picks.keys(), key=self.turn.__getitem__):
            value = state.controls[name].check(changes[name])
            if value != state.values[name]:
                state = self.adapted(state.values | {name: value})
        return state

    def after(self, state: State, message: Message) -> State:
        """The state after a message of the page, as `Explorer` would answer it."""
        explorer = self.explorer
        if message["do"] == "set":
            name = message["name"]
            state = self.assigned(state, {name: message["value"]})
            return self.assigned(state, explorer.moved(name, **state.values))
        if message["do"] == "press":
            return self.assigned(state, self._pressed(message["name"], state.values))
        return self.assigned(state, explorer.picked(dict(message["pick"]), **state.values))

    def _pressed(self, name: str, values: Values) -> Values:
        """What a button changes; where it measures or draws lots, always what it changed first."""
        if name in self._once:
            return self._once[name]
        changes = self.explorer.pressed(name, **values)
        if name not in self._sure:
            self._sure.add(name)
            if self.explorer.pressed(name, **values) != changes:
                self._once[name] = changes
        return changes

    def ways(self, state: State, message: Message) -> Iterator[State]:
        """Where a message leads, first with what is remembered of the way here, then without."""
        target = self.after(state, message)
        yield target
        if stale := self._stale(state, target, message):
            yield self.after(State(state.values | stale, state.controls), message)

    def afresh(self, state: State, message: Message) -> State:
        """`after`, but what merely remembers the way here (a pick that a control's move changes)
        starts anew as it was in the first state, so that every way to a place is one way."""
        *_first, last = self.ways(state, message)
        return last

    def _stale(self, state: State, target: State, message: Message) -> Values:
        if message["do"] != "set":
            return {}
        return {
            name: self.first.values[name]
            for name in self.picks
            if target.values[name] != state.values[name]
        }

    def looks_alike(self, one: State, other: State) -> bool:
        """Whether a reader sees the same controls in two states, with the same values."""
        shown = self.shown(one)
        return shown == self.shown(other) and all(
            one.values.get(name) == other.values.get(name) for name in shown
        )

    def frame(self, state: State) -> dict[str, Any]:
        """What is shown in a state: its picture, its sentence, or what went wrong."""
        try:
            result = self.explorer.compute(**state.values)
            picture, says = self.explorer.draw(result), self.explorer.say(result)
            return {"picture": picture, "says": says, "error": None}
        except Exception as error:  # shown in its place, as it would be live
            return {"picture": None, "says": None, "error": explained(error)}

    def shown(self, state: State) -> dict[str, Control]:
        """The controls that a reader sees in a state."""
        return {
            name: control
            for name, control in state.controls.items()
            if not control.hidden and not isinstance(control, Picks)
        }


def movable(control: Control) -> bool:
    return not control.disabled and not control.hidden
