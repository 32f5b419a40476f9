"""What every explorer promises to its page: each message has one answer, whatever happens."""

import json
import threading

import pytest
import traitlets
from driver import Page, check_ahead, check_frame
from widgets.waves import Slow, Waves

from dlnotes.widgets.page import known, peeked
from dlnotes.widgets.quadratic_fitter import QuadraticFitter


@pytest.fixture
def sent(monkeypatch):
    """Every frame that leaves for the page, in turn."""
    frames = []

    def record(self, msg_type, data=None, **more):
        if data and "_frame" in data.get("state", {}):
            frames.append(data["state"])

    monkeypatch.setattr("comm.DummyComm.publish_msg", record)
    return frames


def test_a_message_has_one_answer_with_all_that_belongs_to_it(sent):
    waves = Waves()
    page = Page(waves)
    sent.clear()
    page.set("count", 8)
    page.press("double")
    page.pick("a", "click")
    assert [state["_frame"]["answers"][1] for state in sent] == [1, 2, 3]
    first = sent[0]
    assert first["_frame"]["says"] == "8 waves, number 0, 0 marks"
    assert first["_frame"]["values"]["count"] == first["count"] == 8
    assert first["_controls"]["chosen"]["maximum"] == 7
    versions = [state["_frame"]["version"] for state in sent]
    assert versions == sorted(set(versions))


def test_a_change_in_code_is_one_frame(sent):
    waves = Waves()
    sent.clear()
    waves.update(count=5, form="square", loud=True)
    assert len(sent) == 1
    json.dumps(sent)


BAD = [
    {},
    {"do": "set"},
    {"do": "set", "name": "count"},
    {"do": "set", "name": "count", "value": "many"},
    {"do": "set", "name": "count", "value": float("nan")},
    {"do": "set", "name": "count", "value": 10**400},
    {"do": "set", "name": "count", "value": None},
    {"do": "set", "name": "name", "value": "x" * 10**6},
    {"do": "set", "name": "form", "value": {"a": []}},
    {"do": "set", "name": "depth", "value": 1},
    {"do": "set", "name": ["count"], "value": 1},
    {"do": "set", "name": "double", "value": 1},
    {"do": "set", "name": "marks", "value": [1]},
    {"do": "set", "name": "_frame", "value": {}},
    {"do": "press"},
    {"do": "press", "name": "count"},
    {"do": "press", "name": {"a": 1}},
    {"do": "pick"},
    {"do": "pick", "pick": None},
    {"do": "pick", "pick": "wave"},
    {"do": "pick", "pick": [1, 2]},
    {"do": "pick", "pick": {"how": "click"}},
    {"do": "pick", "pick": {"pick": float("nan")}},
    {"do": ["set"], "name": "count", "value": 2},
    {"do": "explode", "name": "count", "value": 2},
]


@pytest.mark.parametrize("message", BAD, ids=lambda message: str(message)[:60])
def test_a_bad_message_has_one_answer_and_changes_nothing(message, sent):
    waves = Waves(loud=True)
    state, page = waves.state, Page(waves)
    sent.clear()
    page.send(**message)
    assert len(sent) == 1
    assert waves.state == state
    frame = page.set("count", 4)
    assert frame["error"] is None
    check_frame(waves, frame)


@pytest.mark.parametrize("message", [None, [], "set", 3])
def test_what_is_no_message_changes_nothing(message, sent):
    waves = Waves()
    state = waves.state
    sent.clear()
    waves._receive(waves, message, [])
    assert len(sent) == 1
    assert waves._frame["answers"] == [None, None]
    assert waves.state == state


def test_what_does_not_fit_is_said():
    frame = Page(Waves()).set("count", 99)
    sentence = "“How many” takes a number from 1 to 10, not 99."
    assert frame["error"] == {"sentence": sentence, "details": ""}
    assert frame["values"]["count"] == 3


def test_picks_are_not_sent_with_the_frame():
    frame = Page(Waves()).pick("wave", "click")
    assert frame["says"].endswith("1 marks")
    assert "marks" not in frame["values"]


@pytest.mark.parametrize("by_page", [True, False])
def test_a_failure_is_said_and_passes(by_page):
    waves = Waves(loud=True)
    page, picture = Page(waves), waves.svg()

    def give(name):
        if by_page:
            return page.set("name", name)
        waves.name = name
        return waves._frame

    frame = give("broken")
    assert frame["error"]["sentence"] == "Something went wrong inside this widget: 'wave'."
    assert "KeyError" in frame["error"]["details"]
    assert frame["picture"] == picture
    assert frame["values"]["name"] == waves.name == "broken"
    assert give("bad")["error"] == {"sentence": "No wave has this name.", "details": ""}
    check_frame(waves, give("well"))
    assert waves._frame["error"] is None


@pytest.mark.parametrize("by_page", [True, False])
def test_a_consequence_that_fails_is_said_and_the_value_stays(by_page):
    waves = Waves(name="stiff", loud=True)
    if by_page:
        Page(waves).set("form", "square")
    else:
        waves.form = "square"
    assert waves._frame["error"]["sentence"] == "A stiff wave has one form."
    assert waves._frame["values"]["form"] == waves.form == "square"
    waves.name = "soft"
    assert waves._frame["error"] is None


def test_a_control_that_can_mend_a_failure_is_shown_with_it():
    fitter = QuadraticFitter()
    page = Page(fitter)
    for name, value in (("data", "own"), ("own", "1 1\n2 2\n3 x"), ("data", "made")):
        page.set(name, value)
    frame = page.set("data", "own")
    assert frame["error"]["sentence"] == "Line 3, “3 x”, is not two numbers."
    assert "own" in fitter._controls
    check_frame(fitter, page.set("own", "1 1\n2 2\n3 3"))
    assert fitter._frame["error"] is None


# Threads


def together(*jobs):
    """Run each in a thread of its own; what one raises is raised here, and none may hang."""
    failures, gate = [], threading.Barrier(len(jobs))

    def run(job):
        gate.wait()
        try:
            job()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert failures == []


def test_cell_and_page_at_once_end_at_one_truth(sent):
    waves = Waves(loud=True)
    waves.pressed = lambda name, /, **values: {"chosen": values["count"] - 1}
    sent.clear()

    def cell():
        for i in range(100):
            waves.update(count=7 * i % 10 + 1, height=1 + i / 100)
            waves.name = f"cell {i}"
            waves.count = i % 5 + 1

    def page():
        for i in range(100):
            waves._receive(waves, {"do": "set", "name": "count", "value": i % 10 + 1}, [])
            waves._receive(waves, {"do": "press", "name": "double"}, [])
            waves._receive(waves, {"do": "pick", "pick": {"pick": f"wave:{i}"}}, [])
            state = waves.state  # never caught half-way
            assert state["chosen"] < state["count"]

    together(cell, page)
    assert waves._frame["error"] is None
    assert len(waves.marks) == 100
    assert waves._frame["picture"] == waves.svg()
    assert waves._frame["says"] == waves.say(waves.values)
    assert sent[-1]["_frame"] == waves._frame
    versions = [state["_frame"]["version"] for state in sent]
    assert versions == sorted(versions)


def test_linked_explorers_do_not_wait_for_each_other():
    one, other = Slow(), Slow()
    traitlets.link((one, "pace"), (other, "pace"))

    def walk(explorer, offset):
        for i in range(150):
            explorer.pace = 2 * i + offset
            explorer._receive(explorer, {"do": "set", "name": "pace", "value": i}, [])

    together(lambda: walk(one, 0), lambda: walk(other, 1))
    assert one.pace == other.pace == 149
    assert one._frame["values"] == other._frame["values"] == {"pace": 149}


# Ahead of the reader's hand


def test_a_frame_sent_ahead_is_the_one_that_comes():
    waves = Waves(loud=True)
    ahead = peeked(waves, "height", 2.5)
    frame = Page(waves).set("height", 2.5)
    check_ahead(waves, ahead, frame)
    assert ahead["alone"] == frame["alone"] == "height"
    assert ahead["asked"] == known(waves, waves.values)


def test_looking_ahead_changes_nothing(monkeypatch, sent):
    waves, told = Waves(), []
    monkeypatch.setattr(Waves, "send", lambda self, content: told.append(content["ahead"]))
    before, state = waves._frame, waves.state
    sent.clear()
    message = {"do": "peek", "name": "count", "values": [4, 99, 2, 5]}
    waves._receive(waves, message, [])
    assert [frame["values"]["count"] for frame in told] == [4]  # 99 does not fit; two are looked at
    assert waves.state == state
    assert waves._frame is before
    assert sent == []


@pytest.mark.parametrize(
    "message",
    [{}, {"name": "count"}, {"name": "count", "values": 3}, {"name": "?", "values": [1]},
     {"name": ["count"], "values": [1]}, {"name": "double", "values": [1]},
     {"name": "count", "values": [None, "x"]}],
)  # fmt: skip
def test_a_bad_look_ahead_is_not_answered(message, monkeypatch, sent):
    waves = Waves()
    monkeypatch.setattr(Waves, "send", None)
    sent.clear()
    waves._receive(waves, {"do": "peek"} | message, [])
    assert sent == []


@pytest.mark.parametrize(
    ("name", "value", "follows"),
    [("count", 4, {"chosen": 3}), ("form", "square", {"loud": True}), ("count", 10, {})],
)
def test_what_follows_is_sent_ahead_with_it(name, value, follows):
    waves = Waves(count=9, chosen=8)
    before = waves.values
    ahead = peeked(waves, name, value)
    assert ahead["asked"]["values"] == known(waves, before | {name: value})["values"]
    assert ahead["values"] == known(waves, before | {name: value} | follows)["values"]
    frame = Page(waves).set(name, value)
    assert frame["alone"] == ("" if follows else name)
    check_ahead(waves, ahead, frame)


def test_what_would_go_wrong_is_not_sent_ahead():
    assert peeked(Waves(), "name", "bad") is None  # would be an error
    assert peeked(Slow(), "pace", 1) is not None
    Slow.pure, pure = False, Slow.pure
    try:
        assert peeked(Slow(), "pace", 1) is None
    finally:
        Slow.pure = pure


def test_only_what_changed_alone_may_be_remembered():
    waves = Waves(count=9, chosen=8)
    page = Page(waves)
    assert page.set("height", 2)["alone"] == "height"
    assert page.set("count", 4)["alone"] == ""
    assert page.set("count", 5)["alone"] == "count"
    assert page.set("form", "square")["alone"] == ""
    assert page.press("double")["alone"] == ""
    assert page.set("name", "bad")["alone"] == ""
    waves.height = 3
    assert waves._frame["alone"] == ""


def test_what_the_page_does_not_see_has_a_digest():
    waves = Waves()
    first = waves._frame["unseen"]
    changed = Page(waves).pick("wave", "click")["unseen"]
    assert changed != first
    assert Slow()._frame["unseen"] == 0
