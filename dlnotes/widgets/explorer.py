"""The one kind of widget there is: controls, a picture computed from their values, and a sentence.

A subclass declares its controls as class attributes and says three things: what is computed from
their values (`compute`), how that is drawn (`draw`), and what it says in numbers (`numbers`). All
three are pure, so that they are tested without a browser and an export can compute its pictures
ahead. `values.py` keeps the controls' values fitting one another; `page.py` is the conversation
with the page, whose side is `explorer.js`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import traitlets

from dlnotes.widgets import page
from dlnotes.widgets.controls import LOCK, Button, Picks
from dlnotes.widgets.sentences import WORDS, explained, rounded
from dlnotes.widgets.turns import Turns
from dlnotes.widgets.values import Values
from dlnotes.words import _

HERE = Path(__file__).parent


class Explorer(Values):
    """Base of every widget: native controls around one live SVG picture.

    Parameters
    ----------
    show : names of the controls to show, all if None. The others keep their values.
    **values : a starting value for any control; ValueError names the one that does not fit.

    Every control's value is a trait: `explorer.observe(f, "depth")`, `explorer.depth = 3`,
    `traitlets.link((a, "depth"), (b, "depth"))`.
    """

    _esm = HERE / "explorer.js"
    _css = HERE / "explorer.css"
    _words = traitlets.Dict(WORDS).tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _kind = traitlets.Unicode().tag(sync=True)
    _controls = traitlets.Dict().tag(sync=True)
    _frame = traitlets.Dict().tag(sync=True)
    title: str = ""
    wanted: dict[str, list[Any]] | None = None  # what an export should record (see `export`)
    pure = True  # whether the same values always give the same picture
    running = False  # whether the page should ask for the next picture by itself (see `live.py`)

    # What a subclass says, with `describe` of `Values` ------------------------------------------

    def compute(self, **values: Any) -> Any:
        """What the picture shows, as plain arrays and numbers. Pure: reads nothing but `values`."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it computes.")

    def draw(self, result: Any) -> str:
        """The picture of `compute`'s result as SVG text, "" for none. Pure: it only draws."""
        return ""

    def numbers(self, result: Any) -> dict[str, Any]:
        """What `repr` says of `compute`'s result: a few names with their numbers or words."""
        return {}

    def say(self, result: Any) -> str:
        """What is said under the picture, in one or two plain sentences."""
        return ""

    def moved(self, name: str, /, **values: Any) -> dict[str, Any]:
        """What else changes when the control `name` has been moved: {control: new value}."""
        return {}

    def pressed(self, name: str, /, **values: Any) -> dict[str, Any]:
        """What changes when the button `name` is pressed: {control: new value}."""
        return {}

    def picked(self, pick: dict[str, Any], /, **values: Any) -> dict[str, Any]:
        """What changes when the picture is touched: {control: new value}.

        `pick` has "pick" (the element's `data-pick`), "how" ("click", "drag", "drop", "hover",
        "leave", "draw" or "key"), for the pointer "x" and "y" in the units of the axes named
        "axes", for a pen "points" and whether they "begin" a stroke, for a key "key".
        """
        return {}

    # What every explorer can do -----------------------------------------------------------------

    def __init__(self, *, show: Iterable[str] | None = None, **values: Any) -> None:
        self.require(values)
        self._version = 0
        self._turns = Turns()
        super().__init__(show, _title=self.title, _kind=type(self).__name__.lower())
        with LOCK, self.hold_sync():
            self._begin(values)
            self._ready()
            self._show(self.compute(**self.values))
        self.observe(self._on_value, names=list(self.values))
        self.on_msg(self._receive)

    @property
    def state(self) -> dict[str, Any]:
        """All there is to know, as JSON: `from_state` makes the same explorer again."""
        return json.loads(json.dumps(self.values))

    @classmethod
    def from_state(cls, state: Mapping[str, Any] | str, **construction: Any) -> Self:
        """The explorer whose `state` this was (a mapping or its JSON text)."""
        if isinstance(state, str):
            try:
                state = json.loads(state)
            except ValueError as error:
                raise ValueError(_("This state is not JSON: {why}.").format(why=error)) from None
        if not isinstance(state, Mapping):
            sentence = _("A state is a mapping of controls to values, not {kind}.")
            raise ValueError(sentence.format(kind=type(state).__name__))
        cls.require(state)
        explorer = cls(**construction)
        with LOCK, explorer.hold_sync():
            explorer._begin(state)
            explorer._refresh()  # a state may hold a half-typed text, which is said, not raised
        return explorer

    def update(self, **values: Any) -> None:
        """Set several controls at once, with one new picture; if one does not fit, none changes.

        What follows from one (see `moved`) does not change another that was given here.
        """
        self.require(values)
        with LOCK, self.hold_sync():
            before, controls = self.values, dict(self.controls)
            try:
                self._assign(values)
                for name in values:
                    follows = self._follow(name)
                    self._assign({key: follows[key] for key in follows if key not in values})
            except Exception as error:
                self._put_back(before, controls)
                if isinstance(error, traitlets.TraitError):
                    raise ValueError(str(error)) from None
                picks = [name for name in values if self._is_picks(name)]
                if picks and not isinstance(error, ValueError):
                    raise ValueError(self._misfit(picks)) from error
                raise
            self._refresh()

    def press(self, name: str) -> None:
        """Press the button `name`, as a reader would."""
        if not isinstance(self.controls.get(name), Button):
            raise ValueError(_("There is no button “{name}”.").format(name=name))
        with LOCK, self.hold_sync():
            self._press(name)
            self._refresh()

    def pick(self, pick: str, how: str = "click", **details: Any) -> None:
        """Touch the element `pick` of the picture, as a reader would."""
        with LOCK, self.hold_sync():
            self._assign(self.picked({"pick": pick, "how": how} | details, **self.values))
            self._refresh()

    def export(self, **wanted: Iterable[Any]) -> Self:
        """Say which values an exported page should have; the explorer itself, so that it is shown.

        `explorer.export(depth=[1, 2, 5], form=["sine"])`: all combinations of these values are
        recorded, and the other controls stay as they are. Without this an export chooses itself.
        ValueError names the control or the value that does not fit.
        """
        self.require(wanted)
        lists = {}
        for name, values in wanted.items():
            control = self.controls[name]
            lists[name] = [control.check(value) for value in values]
            if not lists[name]:
                sentence = _("Give at least one value of “{label}” to export.")
                raise ValueError(sentence.format(label=control.label))
        self.wanted = lists or None
        return self

    def svg(self) -> str:
        """The present picture as SVG text."""
        return self.draw(self.compute(**self.values))

    def __repr__(self) -> str:
        try:
            numbers = self.numbers(self.compute(**self.values))
            inner = ", ".join(f"{name}={rounded(value)}" for name, value in numbers.items())
        except Exception as error:  # the widget says it; a repr must not keep it from being shown
            inner = str(error)
        return f"{type(self).__name__}({inner})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        if self._frame["picture"] and not self._frame["error"]:
            bundle["image/svg+xml"] = self._frame["picture"]
        return bundle, metadata

    # Where an explorer that goes on by itself differs (see `live.py` and `prepared.py`) ---------

    def pause(self) -> None:
        """Stop what goes on by itself, after the slice that is being worked on."""
        self.running = False

    def _follow(self, name: str) -> dict[str, Any]:
        return self.moved(name, **self.values)

    def _press(self, name: str) -> None:
        self._assign(self.pressed(name, **self.values))

    def _ready(self) -> None:
        """Called when the values stand and before anything is computed from them."""

    def _tick(self) -> None:
        """The page asks for the next picture of what goes on by itself: here nothing does."""

    def _answer(self, *moved: str) -> None:
        """`_refresh`, for the page, which must not wait for it."""
        self._refresh(*moved)

    def _press_in_page(self, name: str) -> None:
        """`_press`, for the page, which must not wait for it."""
        self._press(name)

    def _is_ready(self, values: Mapping[str, Any]) -> bool:
        """Whether `compute` is quick for these values."""
        return True

    # Between the reader and the pure functions --------------------------------------------------

    def _start(self, values: Mapping[str, Any]) -> None:
        """Set the values that an explorer begins with; ValueError says which does not fit."""
        try:
            self._assign(values)
        except traitlets.TraitError as error:
            raise ValueError(str(error)) from None

    def _begin(self, values: Mapping[str, Any]) -> None:
        """As `_start`, but where picks were given that cannot be shown, ValueError names them."""
        before, controls = self.values, dict(self.controls)
        picks = [name for name in values if self._is_picks(name)]
        for name in picks:
            self.declared[name].check(values[name])
        if any(values[name] != before[name] for name in picks) and not self._works(values):
            for doubtful in [*([name] for name in picks), picks]:
                self._put_back(before, controls)
                if self._works({name: values[name] for name in values if name not in doubtful}):
                    raise ValueError(self._misfit(doubtful))
            self._put_back(before, controls)
        self._start(values)

    def _is_picks(self, name: str) -> bool:
        return isinstance(self.declared[name], Picks)

    def _misfit(self, names: Iterable[str]) -> str:
        labels = "”, “".join(self.declared[name].label for name in names)
        sentence = _("“{labels}” holds what {explorer} cannot show.")
        return sentence.format(labels=labels, explorer=type(self).__name__)

    def _works(self, values: Mapping[str, Any]) -> bool:
        """Whether these values can be computed and drawn."""
        try:
            self._start(values)
            self._ready()
            self._show(self.compute(**self.values))
        except Exception:
            return False
        return True

    def _on_value(self, change: Any) -> None:
        if not self._quiet:
            with LOCK, self.hold_sync():
                self._refresh(change["name"])

    def _refresh(self, *moved: str) -> None:
        """Follow what was moved, compute and show; what goes wrong is said, not lost in a log."""
        try:
            for name in moved:
                self._assign(self._follow(name))
            self._ready()
            self._show(self.compute(**self.values))
        except Exception as error:
            page.publish(self, error=explained(error))

    def _show(self, result: Any) -> None:
        page.publish(self, picture=self.draw(result), says=self.say(result), error=None)

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        page.receive(self, message)
