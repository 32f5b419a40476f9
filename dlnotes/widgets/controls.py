"""What a reader can move, described once and neutrally: by label and range, by no toolkit's widget.

An explorer declares its controls as class attributes, `a1 = slider(_("a₁"), -3, 3)`; each becomes a
trait of the explorer whose value is checked by the control's description. The page draws the
descriptions as native HTML; an export enumerates them.
"""

import base64
import binascii
import json
import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

import numpy as np
import traitlets

from dlnotes.words import _

# JupyterLab runs widget callbacks beside the cells, on another thread. One lock for all explorers,
# rather than one each, so that two that are linked can never wait for each other.
LOCK = threading.RLock()


@dataclass(frozen=True, kw_only=True)
class Control:
    """What every control has: a label, a first value, a group it stands in, why it is off."""

    kind: ClassVar[str] = ""
    label: str
    value: Any = None
    group: str = ""
    help: str = ""
    disabled: str = ""
    hidden: bool = False

    def check(self, value: Any) -> Any:
        """Return `value` in its plain form, or raise ValueError that says what is wrong with it."""
        raise NotImplementedError  # each kind below says what it takes

    def refuse(self, value: Any, wanted: str) -> ValueError:
        sentence = _("“{label}” takes {wanted}, not {value}.")
        return ValueError(
            sentence.format(label=self.label, wanted=wanted, value=shorten(repr(value)))
        )

    def describe(self) -> dict[str, Any]:
        """The description as JSON, for the page."""
        return {"kind": self.kind} | asdict(self)

    def samples(self, rng: np.random.Generator) -> list[Any]:
        """Values that show the control's reach: its ends, its middle and a few at random."""
        return [self.value]


def shorten(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A number from `minimum` to `maximum`; on a logarithmic scale if `log`.

    Where `step` is an int and `minimum` is whole, only whole steps from it are taken; where it is a
    float, a step is just what one key press moves. With `log`, `step` is a ratio: 1.1 makes each
    step ten per cent, and `integer` keeps to whole numbers all the same. With `play`, a button
    beside it walks it to its end.
    """

    kind: ClassVar[str] = "slider"
    minimum: float
    maximum: float
    step: float = 1
    unit: str = ""
    log: bool = False
    integer: bool = False
    play: bool = False

    def __post_init__(self) -> None:
        if not self.minimum <= self.maximum or (self.log and self.minimum <= 0):
            sentence = _("The range of “{label}” is empty: {minimum} to {maximum}.")
            raise ValueError(
                sentence.format(label=self.label, minimum=self.minimum, maximum=self.maximum)
            )

    @property
    def whole(self) -> bool:
        whole = isinstance(self.step, int) and float(self.minimum).is_integer()
        return self.integer if self.log else whole

    def check(self, value: Any) -> int | float:
        wanted = _("a number from {minimum:g} to {maximum:g}").format(
            minimum=self.minimum, maximum=self.maximum
        )
        if isinstance(value, (bool, np.bool_)) or not isinstance(
            value, (int, float, np.integer, np.floating)
        ):
            raise self.refuse(value, wanted)
        slack = 1e-9 * max(abs(self.minimum), abs(self.maximum))
        if not self.minimum - slack <= value <= self.maximum + slack:
            raise self.refuse(value, wanted)
        number = self.clamp(float(value))
        if not self.whole:
            return number
        if not number.is_integer():
            raise self.refuse(value, _("a whole number"))
        if not self.log and (number - self.minimum) % self.step:
            raise self.refuse(
                value, _("{wanted} in steps of {step}").format(wanted=wanted, step=self.step)
            )
        return int(number)

    def clamp(self, value: float) -> float:
        return min(max(value, self.minimum), self.maximum)

    def samples(self, rng: np.random.Generator) -> list[Any]:
        shares = np.concatenate([[0.0, 1.0, 0.5], rng.random(3)])
        if self.log:
            values = self.minimum * (self.maximum / self.minimum) ** shares
        else:
            values = self.minimum + shares * (self.maximum - self.minimum)
        if self.integer:
            values = values.round()
        elif self.whole:
            values = self.minimum + (values - self.minimum) // self.step * self.step
        return [self.check(value.item()) for value in values]


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of `options` (value → label). `style` is "list" or, for a few long labels, "radio"."""

    kind: ClassVar[str] = "choice"
    options: dict[str, str]
    style: str = "list"

    def check(self, value: Any) -> str | None:
        if value is None and self.value is None:
            return None
        if not isinstance(value, str) or value not in self.options:
            raise self.refuse(value, _("one of {options}").format(options=", ".join(self.options)))
        return value

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"options": list(self.options.items())}

    def samples(self, rng: np.random.Generator) -> list[Any]:
        return list(self.options)


@dataclass(frozen=True, kw_only=True)
class Switch(Control):
    """On or off."""

    kind: ClassVar[str] = "switch"

    def check(self, value: Any) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise self.refuse(value, _("on or off (True or False)"))
        return bool(value)

    def samples(self, rng: np.random.Generator) -> list[Any]:
        return [True, False]


@dataclass(frozen=True, kw_only=True)
class Text(Control):
    """What a reader types, at most `limit` characters, or reads from a file that ends so."""

    kind: ClassVar[str] = "text"
    rows: int = 1
    limit: int = 200
    files: str = ""
    examples: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(value, _("text"))
        if len(value) > self.limit:
            raise self.refuse(value, _("at most {limit:,} characters").format(limit=self.limit))
        return value

    def samples(self, rng: np.random.Generator) -> list[Any]:
        return ["", *self.examples, "? <b>", self.value]


@dataclass(frozen=True, kw_only=True)
class Upload(Control):
    """A file of the reader's, of at most `limit` bytes, that ends as `files` say; "" for none.

    The value is the file's bytes as base64 text; `content` gives them back.
    """

    kind: ClassVar[str] = "upload"
    files: str
    limit: int

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(value, _("a file's bytes as base64 text"))
        if len(value) > 4 * (self.limit // 3 + 1):
            sentence = _("“{label}” takes a file of at most {limit:,} bytes.")
            raise ValueError(sentence.format(label=self.label, limit=self.limit))
        try:
            content(value)
        except ValueError:
            raise self.refuse(value, _("a file's bytes as base64 text")) from None
        return value

    def samples(self, rng: np.random.Generator) -> list[Any]:
        return ["", base64.b64encode(rng.bytes(99)).decode(), self.value]


def content(value: str) -> bytes:
    """The bytes of an uploaded file; ValueError where `value` is not base64 text."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(_("This is not a file's bytes as base64 text.")) from None


@dataclass(frozen=True, kw_only=True)
class Picks(Control):
    """A value that is changed on the picture itself, by click, drag or keyboard.

    JSON that is made as the first value is (see `alike`); where that is None, any JSON.
    """

    kind: ClassVar[str] = "picks"
    hidden: bool = True

    def check(self, value: Any) -> Any:
        try:
            plain = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise self.refuse(value, _("plain numbers, text and lists")) from error
        if not alike(plain, self.value):
            example = shorten(json.dumps(self.value))
            raise self.refuse(value, _("something like {example}").format(example=example))
        return plain


def alike(value: Any, example: Any) -> bool:
    """Whether JSON is made as an example is: lists of as many numbers, the same names, text…

    Anything is like None, any list like one that is empty or holds more than numbers, and a number
    is whole where the example's is.
    """
    if isinstance(example, dict):
        return isinstance(value, dict) and all(
            name in value and alike(value[name], example[name]) for name in example
        )
    if isinstance(example, list):
        same = not example or any(isinstance(item, (list, dict, str)) for item in example)
        return isinstance(value, list) and (
            same or (len(value) == len(example) and all(map(alike, value, example)))
        )
    if isinstance(example, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return example is None or type(value) is type(example)


@dataclass(frozen=True, kw_only=True)
class Button(Control):
    """Something to press. It has no value: pressing changes the values of others."""

    kind: ClassVar[str] = "button"

    def check(self, value: Any) -> Any:
        raise ValueError(_("“{label}” is a button and has no value.").format(label=self.label))


class Value(traitlets.TraitType):
    """A control's value as a trait of its explorer, checked by the control as described now."""

    def __init__(self, control: Control) -> None:
        super().__init__(default_value=control.value, allow_none=control.value is None)
        self.control = control
        if not isinstance(control, (Picks, Upload)):
            self.tag(sync=True)

    def set(self, obj: Any, value: Any) -> None:
        with LOCK:
            super().set(obj, value)

    def validate(self, obj: Any, value: Any) -> Any:
        try:
            return obj.controls[self.name].check(value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None


def slider(
    label: str, minimum: float, maximum: float, *, step: float = 1, value: float, **options: Any
) -> Value:
    """A trait moved by a slider. `options`: `unit`, `log`, `integer`, `play`, `group`, `help`."""
    control = Slider(
        label=label, minimum=minimum, maximum=maximum, step=step, value=value, **options
    )
    return Value(replace(control, value=control.check(value)))


def choice(label: str, options: dict[str, str], *, value: str | None, **more: Any) -> Value:
    """A trait that is one of `options` (value → label). `more`: `style`, `group`, `help`."""
    control = Choice(label=label, options=options, value=value, **more)
    control.check(value)
    return Value(control)


def switch(label: str, *, value: bool = False, **options: Any) -> Value:
    """A trait that is on or off."""
    return Value(Switch(label=label, value=value, **options))


def text(label: str, *, value: str = "", **options: Any) -> Value:
    """A trait that the reader types. `options`: `rows`, `limit`, `files`, `examples`, `group`…"""
    return Value(Text(label=label, value=value, **options))


def upload(label: str, *, files: str, limit: int = 5_000_000, **options: Any) -> Value:
    """A trait that is a file of the reader's, as base64 text: `files=".png,.jpg"`, in bytes."""
    return Value(Upload(label=label, value="", files=files, limit=limit, **options))


def picks(label: str, *, value: Any) -> Value:
    """A trait that the reader changes on the picture."""
    return Value(Picks(label=label, value=value))


def button(label: str, **options: Any) -> Button:
    """Something to press; the explorer's `pressed` says what it does."""
    return Button(label=label, **options)


def declared_in(explorer: type) -> dict[str, Control]:
    """The controls that a class declares, in their order, base classes first."""
    found: dict[str, Control] = {}
    for base in reversed(explorer.__mro__):
        for name, attribute in vars(base).items():
            if isinstance(attribute, Value):
                found[name] = attribute.control
            elif isinstance(attribute, Button):
                found[name] = attribute
    return found
