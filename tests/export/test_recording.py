"""What is recorded is what the explorer shows, and what was not recorded is said to be so."""

import itertools
import json

import numpy as np
import pytest
from export.explorers import (
    Adder,
    Cells,
    Counting,
    Many,
    Noise,
    Plane,
    Shades,
    Shown,
    Space,
    Trained,
)
from export.reading import Follower, content

from dlnotes.export.moves import Moves
from dlnotes.export.recorder import record_all
from dlnotes.export.recording import record
from dlnotes.export.walk import Budget, Walk
from dlnotes.lessons.judges import Expression, Number
from dlnotes.lessons.questions import Check, Predict


def test_every_combination_of_a_few_is_recorded_and_reached_from_everywhere():
    adder = Adder()
    recording = record(adder, Budget())
    assert recording.whole
    assert recording.states == 60
    assert recording.disabled == {}
    reader, rng = Follower(recording), np.random.default_rng(0)
    for _step in range(200):
        name = str(rng.choice(reader.panel))
        value = reader.stops(name)[rng.integers(len(reader.stops(name)))]
        reader.move(name, value)
        expected = adder.compute(**reader.values)
        assert reader.values[name] == value
        assert reader.says == adder.say(expected)
    assert content(recording)["note"] == content(recording)["back"] == ""


def test_at_a_few_places_of_a_slider_the_others_move_too():
    space = Space()
    recording = record(space, Budget(frames=600))
    reader = Follower(recording)
    fine, start = reader.stops("a"), reader.at
    lit = reader.touches("click", "lamp")
    reader.at = lit
    assert reader.says == "[15, 15, 15, 15, 1]"
    assert len(fine) == 26
    for name in "abcd":
        for value in (0, 30):
            reader.at = start
            reader.move(name, value)
            for other in set("abcd") - {name}:
                assert len(reader.stops(other)) >= 7
                here = reader.at
                said = reader.move(other, 30)
                assert said == f"{list((space.values | {name: value, other: 30}).values())}"
                reader.at = here


def test_of_many_the_nearest_are_recorded_and_none_is_wrong():
    many = Many()
    recording = record(many, Budget(frames=300))
    assert recording.states <= 300
    assert not recording.whole
    assert recording.disabled == {
        "Words": "What is typed here must be computed: open the notebook in Jupyter."
    }
    reader = Follower(recording)
    for name in ("a", "b", "c", "form", "grow"):
        assert reader.stops(name), name
    assert {0, 7, 200} <= set(reader.stops("a"))
    assert reader.stops("c") == sorted(set(reader.stops("c")))
    assert all(isinstance(value, int) for value in reader.stops("c"))
    start = reader.at
    for name in ("a", "b", "c"):
        for value in reader.stops(name):
            reader.at = start
            said = json.loads(reader.move(name, value))
            assert said == many.values | {name: value, "visits": 1}
    reader.at = start
    reader.move("form", "y")
    assert reader.stops("a")
    assert json.loads(reader.move("a", 200))["form"] == "y"
    assert reader.stops("b") == []
    assert reader.stops("a")
    assert json.loads(reader.move("form", "x"))["a"] == 200
    store = content(recording)
    assert "pictures, no Python" in store["note"]
    assert store["reasons"]["b"].startswith("From here this was not recorded")
    assert store["back"] == "Back to the start"


def test_no_time_and_no_room_leave_the_first_picture():
    for budget in (Budget(seconds=0.0), Budget(size=0)):
        recording = record(Many(), budget)
        assert 1 <= recording.states < 100
        assert not recording.whole
        assert recording.says == json.dumps(Many().values)


def test_all_places_of_a_single_slider_are_recorded():
    recording = record(Shades(), Budget(frames=200))
    assert recording.whole
    assert recording.states == 121


def test_two_long_sliders_are_recorded_together_in_coarser_steps():
    recording = record(Plane(), Budget(frames=200))
    reader = Follower(recording)
    for x, y in itertools.product(reader.stops("x"), reader.stops("y")):
        reader.move("x", x)
        assert reader.move("y", y) == f"({x}, {y})"
    assert len(reader.stops("x")) >= 7
    assert {0, 0.5, 1} <= set(reader.stops("x"))
    assert {0, 1e-4} <= set(reader.stops("y"))


def test_a_slow_one_is_recorded_in_few_places():
    slow = Plane()
    slow.pause = 0.02
    recording = record(slow, Budget(seconds=0.5))
    assert 1 < recording.states < 40
    assert not recording.whole


def test_what_is_asked_for_is_recorded_and_nothing_else():
    many = Many().export(a=[1, 2, np.int64(200)], words=["some", "<b>"])
    recording = record(many, Budget(frames=2))
    reader = Follower(recording)
    assert reader.stops("a") == [1, 2, 200]
    assert reader.stops("b") == reader.stops("form") == []
    assert reader.description("words")["kind"] == "choice"
    assert reader.description("words")["options"] == [["some", "some"], ["<b>", "<b>"]]
    for a, words in itertools.product([1, 2, 200], ["some", "<b>"]):
        reader.move("a", a)
        said = json.loads(reader.move("words", words))
        assert (said["a"], said["words"]) == (a, words)
    assert "C" in recording.disabled


def test_a_slider_is_left_where_the_room_ends():
    def walk(size, *values):
        return Walk(Moves(Noise()), Budget(size=size), {"seed": list(values)})

    room = walk(0, 0).store.size  # what the first frame alone takes
    cut = walk(room, 1, 2, 3)
    assert [node.state.values["seed"] for node in cut.nodes] == [0, 1]
    assert cut.cut
    whole = walk(5 * room, 1, 2, 3)
    assert [node.state.values["seed"] for node in whole.nodes] == [0, 1, 2, 3]
    assert not whole.cut


def test_the_cells_of_an_image_lead_where_they_are():
    cells = Cells()
    recording = record(cells, Budget(frames=150))
    assert recording.disabled["File"].startswith("A file of yours must be read by Python")
    reader = Follower(recording)
    for how in ("click", "hover"):
        places = reader.touches(how, "image")
        assert len(places) == 12
        for x, y, to in places:
            reader.at = to
            assert reader.says == f"[{int(x)}, {int(y)}] 0 1.0"
            assert len(reader.touches(how, "image")) == 12
        reader.at = 0
    assert reader.touches("click", "pad") is reader.touches("click", "broken") is None
    assert reader.touches("click", "seen") == 0
    reader.at = reader.touches("click", "dial:2")
    assert reader.says.startswith("[0, 0] 2")
    assert reader.touches("hover", "dial:1") is not None
    reader.at = 0
    reader.at = reader.touches("key", "image")["ArrowRight"]
    assert reader.says == "[1, 0] 0 1.0"
    reader.at = reader.touches("key", "image")["ArrowRight"]
    assert reader.says == "[2, 0] 0 1.0"


def test_a_handle_is_dragged_along_its_axes_and_many_are_not():
    reader = Follower(record(Cells(), Budget(frames=150)))
    places = reader.touches("drag", "handle:0")
    assert len({to for _x, _y, to in places}) > 5
    x, y, to = places[-1]
    reader.at = to
    assert reader.says == f"[0, 0] 0 {round(y)}"
    reader.at = 0
    reader.move("many", True)
    assert reader.touches("drag", "handle:0") is None


def test_a_run_is_recorded_to_its_end_with_its_scrubber():
    counting = Counting()
    recording = record(counting, Budget())
    reader = Follower(recording)
    assert reader.panel == ["shown", "begin", "rate", "shade"]
    assert reader.stops("shown") == list(range(31))
    assert reader.description("shown")["play"]
    assert reader.says == "At 0"
    for shown in (30, 7):
        assert reader.move("shown", shown) == f"At {shown}"
    assert reader.stops("shade") == [False, True]
    assert reader.stops("begin") == reader.stops("rate") == []
    assert set(recording.disabled) == {"Begin at", "Rate"}
    assert all("recording" in reason for reason in recording.disabled.values())
    assert "a recording" in content(recording)["note"]
    assert counting.shown == 0
    assert not counting.running


def predict(**more):
    return Predict("Which?", ["a", "b"], "b", because="So it is.", **more)


def test_a_run_changes_nothing_for_others_and_nothing_changes_it():
    run = Trained()
    run.go(0)
    run.weight = 99  # as when a later cell goes on
    recordings = record_all({"run": run, "shown": Shown(run)}, size=100_000, seconds=4)
    assert run.record == list(range(30))
    assert recordings["shown"].says == "It weighs 99"


def test_a_run_that_the_notebook_carried_on_goes_on_from_there():
    run = Trained()
    run.go(5)
    run.weight = 20
    record(run, Budget())
    assert run.record == [0, 1, 2, 3, 4, 5, *range(21, 30)]


def test_a_prediction_is_revealed_after_it_is_made():
    reader = Follower(record(predict(), Budget()))
    assert reader.says == ""
    assert reader.stops("commit") == []
    reader.move("guess", "a")
    assert reader.says == ""
    reader.move("commit")
    assert reader.says == "✗ Not as you predicted. So it is."
    assert reader.stops("guess") == []


def test_what_python_must_judge_says_so():
    formula = record(Check("A formula?", Expression("x")), Budget())
    assert set(formula.disabled) == {"A formula?", "Check"}
    assert "must be computed" in content(formula)["note"]
    from dlnotes.lessons.code_judges import Array

    array = record(Check("An array?", Array([1.0])), Budget())
    assert "judged where the notebook runs" in content(array)["note"]


def test_a_number_is_judged_in_the_page():
    judge = Number(12, unit="feet", tolerance=0.5, mistakes=[(7, "Add.")], because="Yes.")
    recording = record(Check("How many?", judge), Budget())
    store = content(recording)
    assert store["judge"]["solution"] == 12
    assert store["judge"]["mistakes"] == [[7, "Add."]]
    assert store["judge"]["sentences"]["right"] == "Right. Yes."
    assert store["controls"]["answer"]["label"] == "How many?"
    assert "12" not in recording.picture + recording.says


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"gone": [1]}, "has no control “gone”"),
        ({"a": [1, 999]}, "“A” takes a number from 0 to 200, not 999"),
        ({"a": []}, "Give at least one value of “A”"),
        ({"grow": [1]}, "is a button"),
    ],
)
def test_values_to_export_must_fit(wanted, why):
    many = Many()
    with pytest.raises(ValueError, match=why):
        many.export(**wanted)
    assert many.wanted is None


def test_export_hands_the_explorer_on():
    many = Many()
    assert many.export() is many
    assert many.wanted is None
    assert many.export(a=range(3)).wanted == {"a": [0, 1, 2]}
