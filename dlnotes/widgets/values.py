"""The values of a widget's controls, one trait each, which always fit one another.

A control's range may depend on another's value: each time one is set, the controls are described
anew, and a value that has come to lie outside moves to the end of its range.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import anywidget

from dlnotes.widgets.controls import LOCK, Button, Choice, Control, Picks, Slider, declared_in
from dlnotes.words import _


class Values(anywidget.AnyWidget):
    """A widget with controls: `declared` as its class has them, `controls` as they are now.

    `shown` names those that the page shows, all if None; ValueError names one that there is not.
    """

    def __init__(self, shown: Iterable[str] | None, **options: Any) -> None:
        self.declared = self.declarations()
        names = list(self.declared if shown is None else shown)
        self.require(names)
        for name, control in self.declared.items():
            if name not in names:
                self.declared[name] = replace(control, hidden=True)
        self.controls = dict(self.declared)
        self._quiet = 0  # above 0, nothing is shown of a value that changes
        super().__init__(**options)

    @classmethod
    def declarations(cls) -> dict[str, Control]:
        """The controls as declared, in their order, base classes first."""
        return declared_in(cls)

    @classmethod
    def require(cls, names: Iterable[Any]) -> None:
        """Raise ValueError at a name that none of the controls has."""
        declared = cls.declarations()
        for name in names:
            if name not in declared:
                sentence = _("{explorer} has no control “{name}”; it has {names}.")
                raise ValueError(
                    sentence.format(explorer=cls.__name__, name=name, names=", ".join(declared))
                )

    @property
    def values(self) -> dict[str, Any]:
        """The controls' present values by name."""
        with LOCK:  # another thread may be half through a change
            return {
                name: getattr(self, name)
                for name, control in self.controls.items()
                if not isinstance(control, Button)
            }

    def describe(self, **values: Any) -> dict[str, dict[str, Any]]:
        """How the controls differ for these values: {control: {"maximum": 9, "disabled": why}}."""
        return {}

    def _described(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return self.describe(**values)

    def _put_back(self, values: Mapping[str, Any], controls: Mapping[str, Control]) -> None:
        """Set what stood before, even if what stands now cannot be described."""
        self._quiet += 1
        try:
            self.controls.update(controls)
            for name, value in values.items():
                setattr(self, name, value)
        finally:
            self._quiet -= 1

    def _assign(self, values: Mapping[str, Any]) -> None:
        """Set values, picks first, then in order: one may change the range of a later one."""
        self._quiet += 1
        try:
            self._adapt()
            for name in self._in_order(values):
                if isinstance(self.controls[name], Button):
                    self.controls[name].check(None)
                setattr(self, name, values[name])
                self._adapt()
        finally:
            self._quiet -= 1

    def _in_order(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are controls, picks first."""
        given = [name for name in self.controls if name in names]
        return sorted(given, key=lambda name: not isinstance(self.controls[name], Picks))

    def _adapt(self) -> None:
        """Describe the controls anew; a value outside its range moves to the range's end."""
        values = self.values
        self.controls.update(self._controls_at(values))
        for name, value in ill_fitting(self.controls, values).items():
            setattr(self, name, value)

    def _assigned(self, values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
        """What `_assign(changes)` would make of `values`. Nothing is set."""
        values = dict(values)
        controls = self._controls_at(values)
        values |= ill_fitting(controls, values)
        for name in self._in_order(changes):
            values[name] = controls[name].check(changes[name])
            controls = self._controls_at(values)
            values |= ill_fitting(controls, values)
        return values

    def _controls_at(self, values: Mapping[str, Any]) -> dict[str, Control]:
        """The controls as they are described for these values."""
        changed, found = self._described(values), {}
        for name, control in self.declared.items():
            changes = changed.get(name, {})
            if control.hidden:
                changes = changes | {"hidden": True}
            found[name] = replace(control, **changes) if changes else control
        return found


def ill_fitting(controls: Mapping[str, Control], values: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the place of those values that the controls as described do not take."""
    found = {}
    for name, value in values.items():
        control = controls[name]
        if isinstance(control, Slider) and control.clamp(value) != value:
            found[name] = control.check(control.clamp(value))
        elif isinstance(control, Choice) and value not in control.options:
            found[name] = control.value
    return found
