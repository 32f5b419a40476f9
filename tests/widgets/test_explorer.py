"""What every explorer promises to the one who writes code: traits, state, and numbers in words."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
import traitlets
from driver import Page
from widgets.waves import Slow, Waves

from dlnotes.widgets.explorer import Explorer

SVG, VIEW = "image/svg+xml", "application/vnd.jupyter.widget-view+json"


# Values are traits


def test_controls_become_traits_with_their_first_values():
    waves = Waves()
    first = {
        "count": 3, "chosen": 0, "height": 1, "form": "sine", "loud": False, "name": "calm",
        "marks": [],
    }  # fmt: skip
    assert waves.values == first
    assert all(waves.has_trait(name) for name in first)
    assert list(waves.controls) == [*list(first)[:-1], "double", "marks"]
    assert waves._frame["picture"] == waves.svg()


def test_a_value_is_set_observed_and_shown():
    waves, seen = Waves(), []
    waves.observe(lambda change: seen.append((change["old"], change["new"])), "count")
    waves.count = 7.0
    waves.count = 7
    assert seen == [(3, 7)]
    assert waves._frame["says"] == "7 waves, number 0, 0 marks"
    assert waves._frame["values"]["count"] == 7


def test_what_does_not_fit_changes_nothing():
    waves = Waves()
    before = waves._frame
    with pytest.raises(traitlets.TraitError, match="“How many” takes a number from 1 to 10"):
        waves.count = 11
    with pytest.raises(traitlets.TraitError, match="“Which” takes a number from 0 to 2"):
        waves.chosen = 3
    assert waves._frame is before


def test_values_are_linked():
    one, other = Waves(), Waves(count=9)
    link = traitlets.link((one, "count"), (other, "count"))
    assert other.count == 3
    other.count = 5
    assert one._frame["says"] == other._frame["says"] == "5 waves, number 0, 0 marks"
    assert one._frame["picture"] == one.svg()
    link.unlink()
    other.count = 6
    assert one.count == 5


def test_consequences_follow_what_was_moved():
    waves = Waves()
    waves.form = "square"
    assert waves.loud
    assert waves._frame["values"]["loud"]


# Several at once


def test_update_is_one_new_picture():
    waves = Waves()
    version = waves._version
    waves.update(chosen=8, count=9, name="high")
    assert waves._version == version + 1
    assert (waves.chosen, waves.count, waves.name) == (8, 9, "high")


def test_update_lets_what_is_given_win():
    waves = Waves()
    waves.update(form="square", loud=False)
    assert (waves.form, waves.loud) == ("square", False)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"count": 5, "loud": 1}, "“Loud” takes on or off"),
        ({"count": 5, "chosen": 5}, "“Which” takes a number from 0 to 4, not 5"),
        ({"count": 5, "double": True}, "“Double” is a button and has no value"),
        ({"count": 5, "depth": 1}, "Waves has no control “depth”; it has count, chosen, height"),
        ({"count": 5, "name": "stiff", "form": "square"}, "A stiff wave has one form"),
    ],
)
def test_update_is_all_or_nothing(values, sentence):
    waves = Waves(marks=[1])
    state, says = waves.state, waves._frame["says"]
    with pytest.raises(ValueError, match=sentence):
        waves.update(**values)
    assert waves.state == state
    assert waves._frame["says"] == says
    waves.count = 4
    assert waves._frame["says"] == "4 waves, number 0, 1 marks"


# State


def test_a_state_is_json_and_comes_back():
    waves = Waves(show=["count"], count=9, chosen=8)
    waves.pick("a", "drag", x=1.0)
    waves.update(height=2.5, form="square")
    for state in (waves.state, json.dumps(waves.state)):
        again = Waves.from_state(state)
        assert again.state == waves.state
        assert again.svg() == waves.svg()
    assert Waves.from_state(dict(reversed(waves.state.items()))).state == waves.state
    assert Waves.from_state(waves.state, show=["form"])._controls.keys() == {"form"}


def test_a_state_is_a_copy():
    waves = Waves(marks=[1])
    waves.state["marks"].append(2)
    assert waves.marks == [1]
    waves.marks.append(3)
    assert Waves().marks == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("{", "This state is not JSON: "),
        ("[1]", "A state is a mapping of controls to values, not list"),
        (3, "A state is a mapping of controls to values, not int"),
        ({"depth": 3}, "Waves has no control “depth”; it has count"),
        ({"show": []}, "Waves has no control “show”"),
        ({1: 3}, "Waves has no control “1”"),
        ('{"double": 1}', "“Double” is a button"),
        ('{"count": 99}', "“How many” takes a number from 1 to 10, not 99"),
        ('{"height": NaN}', "“Height” takes a number"),
    ],
)
def test_a_state_that_is_none_is_refused(state, sentence):
    with pytest.raises(ValueError, match=sentence):
        Waves.from_state(state)


# Making one


def test_show_hides_the_others():
    waves = Waves(show=["form", "count"], name="deep")
    assert list(waves._controls) == ["count", "form"]
    assert waves.name == "deep"
    waves.loud = True  # describe shows the name, show did not name it
    assert list(waves._controls) == ["count", "form"]
    assert Waves(show=())._controls == {}


def test_a_control_is_hidden_and_disabled_as_described():
    waves = Waves(count=6)
    assert "name" not in waves._controls
    assert "marks" not in waves._controls
    assert waves._controls["double"]["disabled"] == "Enough."
    waves.update(loud=True, count=5)
    assert "name" in waves._controls
    assert waves._controls["double"]["disabled"] == ""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"depth": 3}, "Waves has no control “depth”; it has count, chosen, height, form"),
        ({"show": ["depth"]}, "Waves has no control “depth”"),
        ({"count": 0}, "“How many” takes a number from 1 to 10, not 0"),
        ({"double": True}, "“Double” is a button and has no value"),
        ({"name": "bad"}, "No wave has this name"),
    ],
)
def test_what_cannot_be_made_is_refused(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        Waves(**given)


def test_a_button_is_pressed_by_name_only():
    waves = Waves()
    waves.press("double")
    assert waves.count == 6
    for name in ("count", "nothing"):
        with pytest.raises(ValueError, match=f"There is no button “{name}”"):
            waves.press(name)


def test_a_pick_by_code_is_a_pick_by_hand():
    waves, touched = Waves(), Waves()
    waves.pick("wave:1")
    Page(touched).pick("wave:1", "click")
    assert waves.state == touched.state
    assert waves._frame["picture"] == touched._frame["picture"]


# In words and pictures


def test_a_repr_has_four_digits():
    assert repr(Waves(height=1.23456789)) == "Waves(height=1.235, both=[1, 2], name=calm)"
    assert repr(Slow()) == "Slow()"


def test_an_explorer_shows_itself_and_its_picture():
    waves = Waves()
    bundle, _metadata = waves._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == waves.model_id
    assert bundle[SVG] == waves.svg()
    assert bundle["text/plain"].startswith("Waves(height=1,")
    assert SVG not in Slow()._repr_mimebundle_()[0]


def test_an_explorer_that_failed_still_shows_itself():
    waves = Waves()
    waves.name = "bad"
    assert repr(waves) == "Waves(No wave has this name.)"
    bundle, _metadata = waves._repr_mimebundle_()
    assert VIEW in bundle
    assert SVG not in bundle  # the picture is of values before


def test_text_of_a_reader_stays_text():
    waves = Waves(name="<script>&\x00")
    assert "<script" not in waves.svg()
    root = ElementTree.fromstring(waves.svg())
    assert "<script>&\ufffd" in "".join(root.itertext())
    assert "Waves & <more>" in "".join(root.itertext())


def test_what_is_not_said_is_nothing():
    slow = Slow(pace=3)
    assert slow.svg() == slow.say(3) == ""
    assert slow.numbers(3) == slow.pressed("any") == slow.picked({}) == {}
    with pytest.raises(NotImplementedError, match="Explorer does not say what it computes"):
        Explorer()
