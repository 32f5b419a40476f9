"""A state may come from anywhere: what cannot be shown is refused, and named, beforehand."""

import pytest

from dlnotes.widgets.backprop_stepper import BackpropStepper
from dlnotes.widgets.controls import picks, text
from dlnotes.widgets.descent_race import DescentRace
from dlnotes.widgets.explorer import Explorer
from dlnotes.widgets.occlusion_view import OcclusionView


class Corner(Explorer):
    """Two picks of which nothing is known beforehand, and a text that may be half typed."""

    first = picks("First", value=None)
    second = picks("Second", value=None)
    name = text("Name", value="calm")

    def describe(self, **values):
        return {"name": {"disabled": "No." if values["first"] and values["first"][0] else ""}}

    def compute(self, **values):
        if values["name"] == "half":
            raise ValueError("This name is half typed.")
        return [values[key] and values[key]["a" if key == "second" else 0] for key in values][:2]


NEITHER = "“First”, “Second” holds what Corner cannot show."


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"first": 5}, "“First” holds what Corner cannot show."),
        ({"first": [1], "second": [1]}, "“Second” holds what Corner cannot show."),
        ({"first": {"a": 1}, "second": [2]}, NEITHER),
        ({"first": 5, "second": "b", "name": "fine"}, NEITHER),
    ],
)
def test_picks_that_cannot_be_shown_are_named(state, sentence):
    for make in (Corner.from_state, lambda state: Corner(**state)):
        with pytest.raises(ValueError, match=".") as caught:
            make(state)
        assert str(caught.value) == sentence


def test_a_half_typed_text_is_said_and_blames_no_picks():
    corner = Corner.from_state({"first": [1], "second": {"a": 2}, "name": "half"})
    assert corner._frame["error"]["sentence"] == "This name is half typed."
    assert corner.first == [1]


def test_an_update_that_cannot_be_described_changes_nothing():
    corner = Corner(first=[1])
    with pytest.raises(ValueError, match="“First” holds what Corner cannot show"):
        corner.update(first=5, name="other")
    assert (corner.first, corner.name) == ([1], "calm")


@pytest.mark.parametrize(
    ("kind", "state", "label"),
    [
        (BackpropStepper, {"chosen": "x"}, "The number chosen"),
        (BackpropStepper, {"weights": [1, 2]}, "The parameters"),
        (DescentRace, {"start": ["a"]}, "Where all start"),
        (OcclusionView, {"at": "x"}, "Where the patch lies"),
    ],
)
def test_every_explorer_names_what_does_not_fit(kind, state, label):
    with pytest.raises(ValueError, match=f"^“{label}” "):
        kind.from_state(state) if kind is not OcclusionView else kind.declarations()["at"].check(
            "x"
        )
